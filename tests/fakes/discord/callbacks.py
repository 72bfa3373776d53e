"""Answers to interactions: the callback within 3 s, once; then edits and follow-ups by its token for 15 minutes.

docs/interactions/receiving-and-responding
"""

from typing import Final

from . import components, posting, sleeping
from .calls import Answer, Call, ids_as_text, route
from .interactions import ANSWER_S, AUTOCOMPLETE, COMPONENT, MODAL_SUBMIT, TOKEN_S, Interaction
from .messages import edited
from .openapi import schema_problems
from .refusals import Problem, Refused, bad, bad_form
from .rules import attach, check_message, stored_embeds
from .state import EPHEMERAL, LOADING, Channel, Json, Message

CALLBACK: Final = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK: Final = "/webhooks/{webhook_id}/{webhook_token}"
SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
SCHEMAS: Final = {
    SAY: "CreateMessageInteractionCallbackRequest",
    DEFER: "CreateMessageInteractionCallbackRequest",
    DEFER_UPDATE: "UpdateMessageInteractionCallbackRequest",
    UPDATE: "UpdateMessageInteractionCallbackRequest",
    CHOICES: "ApplicationCommandAutocompleteCallbackRequest",
    MODAL: "ModalInteractionCallbackRequest",
}


@route("POST", CALLBACK, open=True)
def respond(call: Call) -> Answer:
    discord, now = call.discord, call.discord.clock.now()
    made = discord.interactions.get(call.ids["interaction_token"])
    if made is None or made.id != call.ids["interaction_id"]:
        raise Refused(10062)
    if made.response:
        raise Refused(40060)
    if now - made.born > ANSWER_S:
        raise Refused(10062)
    body = ids_as_text(call.body) if isinstance(call.body, dict) else {}
    kind = body.get("type")
    fits(made, kind)
    if problems := schema_problems(SCHEMAS[kind], body):
        raise bad_form(problems)
    told = body.get("data") or {}
    apply(call, made, kind, told)
    made.response = kind
    if not made.answered.done():
        made.answered.set_result(kind)
    discord.log({"what": "callback", "id": made.id, "type": kind, "by": made.user.username})
    return outcome(call, made, kind) if call.flag("with_response") else None


def fits(made: Interaction, kind: object) -> None:
    """Which callback may answer which interaction."""
    wrong = kind not in SCHEMAS
    wrong = wrong or (made.type == AUTOCOMPLETE) != (kind == CHOICES)
    wrong = wrong or (kind == MODAL and made.type == MODAL_SUBMIT)
    wrong = wrong or (kind in (DEFER_UPDATE, UPDATE) and made.message is None)
    if wrong:
        raise bad("type", "INTERACTION_CALLBACK_TYPE_INVALID", f"Type {kind} does not answer this interaction.")


def apply(call: Call, made: Interaction, kind: int, told: Json) -> None:
    match kind:
        case 4:
            check_message(told, has_files=bool(call.uploads))
            made.original = speak(call, made, told)
        case 5:
            if (told.get("flags") or 0) & ~EPHEMERAL:
                raise bad("data.flags", "MESSAGE_FLAGS_INVALID", "Only EPHEMERAL can be set while deferring.")
            made.deferred = True
            made.original = speak(call, made, {"flags": (told.get("flags") or 0) | LOADING})
        case 6:
            made.original, made.deferred = made.message, True
        case 7:
            assert made.message is not None
            made.original = made.message
            refresh(call, made.message, told)
        case 8:
            made.choices = [each for each in told.get("choices") or [] if each]
            check_choices(made)
        case 9:
            if found := list(components.modal_problems(told)):
                raise bad_form([(("data", *path), name, text) for path, name, text in found])
            made.modal = told | {"components": components.stored(told["components"])}


def check_choices(made: Interaction) -> None:
    """25 at most, names 1 to 100 characters, texts up to 100."""
    found: list[Problem] = []
    if len(made.choices) > 25:
        found.append((("data", "choices"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."))
    for place, each in enumerate(made.choices):
        if not 1 <= len(each["name"]) <= 100 or len(str(each["value"])) > 100:
            found.append(
                (("data", "choices", place, "name"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
            )
    if found:
        raise bad_form(found)


def speak(call: Call, made: Interaction, told: Json) -> Message:
    """A message in answer to an interaction, to all or to one."""
    discord, flags = call.discord, told.get("flags") or 0
    if not flags & EPHEMERAL:
        sleeping.speakable(made.channel, moderates=call.may(made.channel, "manage_threads"))
    message = Message(
        id=discord.snowflake(),
        channel=made.channel,
        author=discord.bot,
        type=20 if made.type == 2 else 19 if made.type == COMPONENT else 0,
        content=told.get("content") or "",
        flags=flags,
        embeds=stored_embeds(told.get("embeds")),
        components=components.stored(told.get("components") or []),
        attachments=attach(call, told),
        webhook_id=discord.application_id,
        ephemeral_for=made.user.id if flags & EPHEMERAL else "",
        interaction=made.metadata(made.original.id if made.original else ""),
    )
    if message.type == 19:
        assert made.message is not None
        message.reference = {"type": 0, "channel_id": made.channel.id, "message_id": made.message.id}
        message.replied = made.message
    if made.type == 2 and made.payload["data"].get("type") != 1:
        message.type = 23  # CONTEXT_MENU_COMMAND
    made.messages[message.id] = message
    return posting.say(discord, message, told.get("allowed_mentions"))


def refresh(call: Call, message: Message, told: Json) -> Message:
    return posting.change(call.discord, message, edited(call, message, told), told.get("allowed_mentions"))


def outcome(call: Call, made: Interaction, kind: int) -> Json:
    """docs: interaction-callback-response-object."""
    shown: Json = {"id": made.id, "type": made.type}
    if made.channel.guild:
        shown |= {"guild_id": made.channel.guild.id}
    shown["channel_id"] = made.channel.id
    message = made.original
    if message is None:
        return {"interaction": shown}
    shown |= {"response_message_id": message.id, "response_message_ephemeral": bool(message.ephemeral_for)}
    shown["response_message_loading"] = bool(message.flags & LOADING)
    if kind not in (SAY, DEFER, UPDATE):
        return {"interaction": shown}
    resource = {"type": SAY if kind == DEFER else kind, "message": message.payload(reader=call.discord.bot.id)}
    return {"interaction": shown, "resource": resource | {"type": resource["type"]}}


# By the token, afterwards.


def by_token(call: Call) -> Interaction:
    made = call.discord.interactions.get(call.ids["webhook_token"])
    if made is None or call.ids["webhook_id"] != call.discord.application_id:
        raise Refused(10015)
    if call.discord.clock.now() - made.born > TOKEN_S:
        raise Refused(50027)
    if not made.response:
        raise Refused(10015)  # the webhook is there once the interaction was answered
    return made


def found(call: Call, made: Interaction) -> Message:
    key = call.ids.get("message_id", "@original")
    message = made.original if key == "@original" else made.messages.get(key)
    if message is None or (not message.ephemeral_for and message.id not in message.channel.messages):
        raise Refused(10008)
    return message


@route("POST", WEBHOOK, open=True)
def follow_up(call: Call) -> Answer:
    """The first one after a deferral fills the placeholder, and its own ephemeral flag is ignored."""
    made = by_token(call)
    told = call.form("IncomingWebhookRequestPartial")
    check_message(told, has_files=bool(call.uploads))
    awake(made.channel)
    if made.response == DEFER and made.deferred and made.original is not None:
        made.deferred = False
        message = refresh(call, made.original, {name: value for name, value in told.items() if name != "flags"})
    else:
        message = speak(call, made, told)
    # Follow-ups answer as if wait=true.
    return shown(call, message)


def awake(channel: Channel) -> None:
    """A follow-up into a thread archived meanwhile fails (discord-api-docs#5517)."""
    if channel.is_thread and channel.archived:
        raise Refused(50083)


def shown(call: Call, message: Message) -> Json:
    return message.payload(reader=call.discord.bot.id)


@route("GET", WEBHOOK + "/messages/@original", open=True)
@route("GET", WEBHOOK + "/messages/{message_id}", open=True)
def read_answer(call: Call) -> Answer:
    return shown(call, found(call, by_token(call)))


@route("PATCH", WEBHOOK + "/messages/@original", open=True)
@route("PATCH", WEBHOOK + "/messages/{message_id}", open=True)
def edit_answer(call: Call) -> Answer:
    made = by_token(call)
    message = found(call, made)
    told = call.form("IncomingWebhookUpdateRequestPartial", "tts")
    if not message.ephemeral_for:
        awake(made.channel)
    if message is made.original:
        made.deferred = False
    return shown(call, refresh(call, message, told))


@route("DELETE", WEBHOOK + "/messages/@original", open=True)
@route("DELETE", WEBHOOK + "/messages/{message_id}", open=True)
def delete_answer(call: Call) -> Answer:
    made = by_token(call)
    message = found(call, made)
    posting.delete(call.discord, message, "bot")
    made.messages.pop(message.id, None)
    if made.original is message:
        made.original, made.deferred = None, False
    return None
