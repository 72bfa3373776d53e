"""Guilds, members and roles over HTTP (docs/resources/guild)."""

from . import events
from .calls import Answer, Call, route
from .channels import MOST_TAGS, new_tags, overwrites
from .refusals import Refused
from .state import CATEGORY, FORUM, REQUIRE_TAG, TEXT, Channel, Guild, Member

GUILD = "/guilds/{guild_id}"


@route("GET", GUILD)
def get_guild(call: Call) -> Answer:
    guild = call.guild()
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return guild.payload() | (counts if call.flag("with_counts") else {})


@route("GET", GUILD + "/channels")
def list_channels(call: Call) -> Answer:
    return [each.payload() for each in call.guild().channels.values() if not each.is_thread]


@route("POST", GUILD + "/channels", status=201)
def create_channel(call: Call) -> Answer:
    """Text channels, forums and categories."""
    guild = call.guild("manage_channels")
    body = call.form("CreateGuildChannelRequest")
    kind = body.get("type") or TEXT
    if kind not in (TEXT, FORUM, CATEGORY):
        call.discord.complain(f"channels of type {kind} are not known here")
    if len(body.get("available_tags") or []) > MOST_TAGS:
        raise Refused(30048)
    channel = Channel(id=call.discord.snowflake(), type=kind, name=body["name"], guild=guild)
    channel.topic, channel.position = body.get("topic"), len(guild.channels)
    channel.tags = new_tags(call, body.get("available_tags") or [], [])
    channel.flags = (body.get("flags") or 0) & REQUIRE_TAG
    channel.overwrites = overwrites(body.get("permission_overwrites") or [])
    if body.get("parent_id"):
        channel.parent = guild.channels.get(str(body["parent_id"]))
    call.discord.add_channel(channel)
    return channel.payload()


@route("GET", GUILD + "/roles")
def list_roles(call: Call) -> Answer:
    return [each.payload() for each in call.guild().roles.values()]


@route("GET", GUILD + "/roles/{role_id}")
def get_role(call: Call) -> Answer:
    role = call.guild().roles.get(call.ids["role_id"])
    if role is None:
        raise Refused(10011)
    return role.payload()


@route("GET", GUILD + "/members")
def list_members(call: Call) -> Answer:
    """Needs the privileged intent for members in the portal."""
    guild = call.guild()
    if "members" not in call.discord.privileged:
        raise Refused(50001)
    limit, after = call.number("limit", 1, 1, 1000), int(call.query.get("after", 0))
    found = sorted((each for each in guild.members.values() if int(each.user.id) > after), key=lambda m: int(m.user.id))
    return [each.payload() for each in found[:limit]]


@route("GET", GUILD + "/members/search")
def search_members(call: Call) -> Answer:
    guild, query = call.guild(), call.query.get("query", "").lower()
    found = [each for each in guild.members.values() if each.shown.lower().startswith(query)]
    return [each.payload() for each in found[: call.number("limit", 1, 1, 1000)]]


@route("GET", GUILD + "/members/{user_id}")
def get_member(call: Call) -> Answer:
    return member_of(call, call.guild()).payload()


@route("PUT", GUILD + "/members/{user_id}/roles/{role_id}")
def add_role(call: Call) -> Answer:
    guild = call.guild("manage_roles")
    member = member_of(call, guild)
    if call.ids["role_id"] not in guild.roles:
        raise Refused(10011)
    if call.ids["role_id"] not in member.role_ids:
        member.role_ids.append(call.ids["role_id"])
        events.member_event(call.discord, "GUILD_MEMBER_UPDATE", guild, member)
    return None


@route("DELETE", GUILD + "/members/{user_id}/roles/{role_id}")
def remove_role(call: Call) -> Answer:
    guild = call.guild("manage_roles")
    member = member_of(call, guild)
    if call.ids["role_id"] in member.role_ids:
        member.role_ids.remove(call.ids["role_id"])
        events.member_event(call.discord, "GUILD_MEMBER_UPDATE", guild, member)
    return None


def member_of(call: Call, guild: Guild) -> Member:
    if call.ids["user_id"] not in call.discord.users:
        raise Refused(10013)
    if call.ids["user_id"] not in guild.members:
        raise Refused(10007)
    return guild.members[call.ids["user_id"]]
