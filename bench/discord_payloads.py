"""What Discord tells of people, places, messages and presses, as far as bots read it."""

import time
from itertools import count
from typing import Any, Final

from bench.pressing import Press

Json = dict[str, Any]

GUILD: Final = "1181000000000000001"
CHANNEL: Final = "1181000000000000002"
BOT: Final = "1181000000000000003"
ROLE: Final = "1181000000000000004"
DIRECT: Final = "1181000000000000005"
COMPONENTS_V2: Final = 1 << 15
HAS_THREAD: Final = 1 << 5
WORDS: Final = "Why was I billed twice for my order? It says so on my statement, and the second line is larger."

_EPOCH_MS: Final = 1_420_070_400_000  # https://docs.discord.com/developers/reference#snowflakes
_numbers = count(1)


def snowflake() -> str:
    """An id that is new, and of now."""
    return str((int(time.time() * 1_000) - _EPOCH_MS << 22) + next(_numbers) % (1 << 22))


def person(user: str) -> Json:
    return {
        "id": user,
        "username": f"user{user[-4:]}",
        "global_name": f"User {user[-4:]}",
        "avatar": None,
        "discriminator": "0",
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def bot() -> Json:
    return person(BOT) | {"username": "guildhall", "global_name": None, "bot": True}


def member(user: str) -> Json:
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": "2026-01-05T09:00:00.000000+00:00",
        "nick": None,
        "pending": False,
        "premium_since": None,
        "roles": [ROLE],
        "mute": False,
        "deaf": False,
        "user": bot() if user == BOT else person(user),
    }


APPLICATION: Final[Json] = {
    "id": BOT,
    "name": "guildhall",
    "icon": None,
    "description": "",
    "type": None,
    "bot": bot(),
    "bot_public": False,
    "bot_require_code_grant": False,
    "verify_key": "0" * 64,
    "flags": 0,
    "owner": person("1181000000000000007"),
    "team": None,
}

CHANNEL_OBJECT: Final[Json] = {
    "id": CHANNEL,
    "type": 0,
    "flags": 0,
    "last_message_id": None,
    "guild_id": GUILD,
    "name": "billing",
    "parent_id": None,
    "rate_limit_per_user": 0,
    "position": 0,
    "topic": None,
    "nsfw": False,
    "permission_overwrites": [],
}


def thread(ref: str, channel: str) -> Json:
    return {
        **CHANNEL_OBJECT,
        "id": ref,
        "type": 11,
        "parent_id": channel,
        "owner_id": BOT,
        "message_count": 1,
        "member_count": 1,
        "total_message_sent": 1,
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": "2026-01-05T09:00:00.000000+00:00",
            "auto_archive_duration": 10080,
            "locked": False,
        },
    }


def _role(role: str, name: str, position: int) -> Json:
    return {
        "id": role,
        "name": name,
        "permissions": "2252128379063360",
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


GUILD_OBJECT: Final[Json] = {
    "id": GUILD,
    "name": "Bench",
    "icon": None,
    "splash": None,
    "banner": None,
    "description": None,
    "features": [],
    "owner_id": "1181000000000000007",
    "afk_channel_id": None,
    "afk_timeout": 300,
    "system_channel_id": None,
    "system_channel_flags": 0,
    "verification_level": 0,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "premium_tier": 0,
    "nsfw_level": 0,
    "preferred_locale": "en-US",
    "roles": [_role(GUILD, "@everyone", 0), _role(ROLE, "Experts", 1)],
    "emojis": [],
    "stickers": [],
    "joined_at": "2026-01-05T09:00:00.000000+00:00",
    "large": False,
    "unavailable": False,
    "member_count": 50,
    "members": [member(BOT)],
    "channels": [CHANNEL_OBJECT],
    "threads": [],
    "voice_states": [],
    "presences": [],
    "stage_instances": [],
    "guild_scheduled_events": [],
    "soundboard_sounds": [],
}


def message(ref: str, channel: str = CHANNEL, *, says: str = "help", threaded: bool = False) -> Json:
    """A card as Guildhall shows it, with a button that says so; `threaded` once it has a thread."""
    buttons = [_button(f"{place}|{each}", place) for place, each in enumerate((says, "pass", "answer"))]
    shown = [
        {"type": 10, "id": 2, "content": "### Billing, $2.00 to you"},
        {"type": 10, "id": 3, "content": f"> {WORDS}"},
        {"type": 10, "id": 4, "content": "-# Waiting since 14:09"},
        {"type": 1, "id": 5, "components": buttons},
    ]
    return {
        "id": ref,
        "type": 0,
        "channel_id": channel,
        "author": bot(),
        "content": "",
        "embeds": [],
        "attachments": [],
        "components": [{"type": 17, "id": 1_000_000_001, "accent_color": 5793266, "components": shown}],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "timestamp": "2026-11-22T14:09:00.000000+00:00",
        "edited_timestamp": None,
        "flags": COMPONENTS_V2 | (HAS_THREAD if threaded else 0),
        "pinned": False,
        "tts": False,
    }


def _button(custom_id: str, place: int) -> Json:
    label = custom_id.partition("|")[2].partition(" ")[0].capitalize()
    return {"type": 2, "id": 6 + place, "style": 1, "disabled": False, "label": label, "custom_id": custom_id}


# --- what Discord sends along when somebody presses a button on a card


def payload_of(press: Press, token: str) -> Json:
    return {
        "application_id": BOT,
        "version": 1,
        "id": token[16:],
        "type": 3,
        "token": token,
        "channel_id": CHANNEL,
        "channel": CHANNEL_OBJECT | {"permissions": "311385508928"},
        "locale": "en-GB",
        "app_permissions": "2252128379063360",
        "attachment_size_limit": 10_485_760,
        "entitlements": [],
        "context": 0,
        "authorizing_integration_owners": {"0": GUILD},
        "member": member(press.user) | {"permissions": "311385508928"},
        "guild_id": GUILD,
        "guild_locale": "en-US",
        "guild": {"id": GUILD, "locale": "en-US", "features": []},
        "data": {"component_type": 2, "custom_id": f"0|{press.says}", "id": 6},
        "message": message(snowflake(), says=press.says, threaded=True),
    }
