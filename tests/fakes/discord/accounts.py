"""The bot itself, other users, direct channels and the gateway's address over HTTP (docs/resources/user)."""

from .calls import Answer, Call, route
from .permissions import in_guild
from .refusals import Refused
from .state import Json


@route("GET", "/users/@me")
def me(call: Call) -> Answer:
    return call.discord.bot.payload() | {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}


@route("GET", "/users/{user_id}")
def get_user(call: Call) -> Answer:
    user = call.discord.users.get(call.ids["user_id"])
    if user is None:
        raise Refused(10013)
    return user.payload()


@route("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> Answer:
    mine = [each for each in call.discord.guilds.values() if each.has_bot]
    return [
        {
            "id": each.id,
            "name": each.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(in_guild(each, each.members[call.discord.bot.id])),
            "features": [],
        }
        for each in mine
    ]


@route("DELETE", "/users/@me/guilds/{guild_id}")
def leave_guild(call: Call) -> Answer:
    call.discord.bot_leaves(call.guild())
    return None


@route("POST", "/users/@me/channels")
def open_dm(call: Call) -> Answer:
    """Idempotent; whether messages arrive shows only when one is sent."""
    body = call.form("CreatePrivateChannelRequest")
    user = call.discord.users.get(str(body.get("recipient_id")))
    if user is None or user.bot:
        raise Refused(50033)
    return call.discord.dm(user).payload()


def application(call: Call) -> Json:
    discord = call.discord
    return {
        "id": discord.application_id,
        "name": discord.bot.username,
        "icon": None,
        "description": "",
        "type": None,
        "bot": discord.bot.payload(),
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": discord.application_flags,
        "flags_new": str(discord.application_flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": discord.owner.payload(),
        "approximate_guild_count": sum(each.has_bot for each in discord.guilds.values()),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


@route("GET", "/oauth2/applications/@me")
def my_oauth_application(call: Call) -> Answer:
    return application(call)


@route("GET", "/applications/@me")
def my_application(call: Call) -> Answer:
    return application(call)


@route("GET", "/gateway")
def gateway(call: Call) -> Answer:
    return {"url": call.discord.gateway_url}


@route("GET", "/gateway/bot")
def gateway_bot(call: Call) -> Answer:
    limit = call.discord.gateway.start_limit()
    return {"url": call.discord.gateway_url, "shards": 1, "session_start_limit": limit}
