"""The body of a verb's request, made from what the verb wants to hear."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, create_model

from adapters.web.api.shapes import Files, Said
from bot.grammar import Kind, Slot, Verb
from bot.wording import reaches_customer

Values = Mapping[str, str]
_NAMES: Final = {"words": "text"}  # programs say "text" everywhere
_TYPES: Final[dict[Kind, Any]] = {
    Kind.TEXT: Annotated[str, Field(description="The words.")],
    Kind.EDITS: Annotated[str, Field(description="The text as it should be instead.")],
    Kind.REASON: Annotated[str, Field(description="Why, in words.")],
    Kind.WHY: Annotated[str, Field(description="Why, in words.", max_length=1_000)],
    Kind.LINE: Annotated[str, Field(description="In one line.", max_length=1_000)],
    Kind.MESSAGE: Annotated[
        int, Field(strict=True, description="The number of the text.", ge=1, le=999_999, examples=[2])
    ],
    Kind.PERCENT: Annotated[int, Field(strict=True, description="Percent.", ge=0, le=100)],
    Kind.HOUR: Annotated[int, Field(strict=True, description="Hour of the day.", ge=0, le=23)],
    Kind.AMOUNT: Annotated[str, Field(description="In the category's unit.", max_length=20, examples=["2.50"])],
    Kind.DURATION: Annotated[str, Field(description="How long.", max_length=40, examples=["45 min"])],
    Kind.PERSON: Annotated[str, Field(description="A name, or `p:` and an id.", max_length=100, examples=["Ana"])],
    Kind.QUESTION: Annotated[str, Field(description="Another question.", max_length=20, examples=["Q8M2"])],
    Kind.CATEGORIES: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=100, examples=[["login"]])],
    Kind.VALUE: Annotated[str, Field(description="What it becomes.", max_length=1_000)],
    Kind.SETTING: Annotated[str, Field(description="Which setting.", max_length=40, examples=["bounty"])],
}


def body_of(verb: Verb, without: tuple[str, ...] = ()) -> tuple[type[Said] | None, bool]:
    """The shape of what must be sent along with the verb, and whether it has to be; None when there is nothing."""
    slots = [slot for slot in verb.slots if slot.name not in without]
    if not slots:
        return None, False
    fields: dict[str, Any] = {_name(slot): _field(slot) for slot in slots}
    if reaches_customer(verb.word):  # and so takes files along
        fields["files"] = (Files, [])
    title = "".join(part.capitalize() for part in verb.word.split("-"))
    model = create_model(f"{title}Body", __base__=Said, __doc__=f"What goes with `{verb.word}`.", **fields)
    return model, any(slot.required for slot in slots)


def values_of(verb: Verb, body: Said | None) -> dict[str, str]:
    """The form's entries as the grammar takes them, by slot."""
    if body is None:
        return {}
    sent = body.model_dump()
    values = {slot.name: _written(sent.get(_name(slot))) for slot in verb.slots}
    return {name: value for name, value in values.items() if value}


def _name(slot: Slot) -> str:
    return _NAMES.get(slot.name, slot.name)


def _field(slot: Slot) -> tuple[Any, Any]:
    kind: Any = (
        Literal[tuple(str(option.value) for option in slot.options)] if slot.options else _TYPES.get(slot.kind, str)
    )
    return (kind, ...) if slot.required else (kind | None, None)


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value)
