"""What goes over the wire of the rehearsal chat server, in its own words and with its own limits."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

HEADING_CHARS: Final = 150
TEXT_CHARS: Final = 3_000
LABEL_CHARS: Final = 75
VALUE_CHARS: Final = 100
BLOCKS: Final = 50
BUTTONS: Final = 25

Look = Literal["main", "plain", "danger"]
BlockKind = Literal["text", "quote", "pair", "foot"]
EventKind = Literal["press", "type", "submit", "ask", "reply"]


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WireButton(Wire):
    """`value` comes back when it is pressed."""

    label: str = Field(max_length=LABEL_CHARS)
    value: str = Field(max_length=VALUE_CHARS)
    look: Look = "plain"


class Block(Wire):
    kind: BlockKind
    text: str = Field(max_length=TEXT_CHARS)
    label: str = Field(default="", max_length=HEADING_CHARS)


class Bubble(Wire):
    """What a message looks like. With `markup` its texts may ping people (`<@ann>`) and disguise links."""

    heading: str = Field(max_length=HEADING_CHARS)
    blocks: tuple[Block, ...] = Field(default=(), max_length=BLOCKS)
    buttons: tuple[WireButton, ...] = Field(default=(), max_length=BUTTONS)
    colour: str = ""
    markup: bool = True


class Tag(Wire):
    """What a program may hang on its message and find it by; people do not see it."""

    key: str
    slot: str = ""
    about: str = ""
    revision: int = 1
    question: int | None = None
    number: int | None = None


class NewMessage(Wire):
    """`thread` is the id of the message that it is written under."""

    channel: str
    bubble: Bubble
    tag: Tag
    thread: str | None = None


class Edit(Wire):
    bubble: Bubble
    tag: Tag


class Shown(Wire):
    """A message that people see."""

    id: str
    channel: str
    bubble: Bubble
    tag: Tag
    thread: str | None = None


class WireEntry(Wire):
    name: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # label, value
    required: bool = True
    chars_max: int = 0


class WireForm(Wire):
    title: str
    value: str
    submit: str
    intro: str = ""
    entries: tuple[WireEntry, ...] = ()


class Aside(Wire):
    """What one person alone is shown for what they just did."""

    bubble: Bubble | None = None
    form: WireForm | None = None


class ShownAside(Wire):
    """`number` counts one person's asides from 1."""

    id: str
    number: int
    event: str
    aside: Aside


class Happening(Wire):
    """Something a person did. `tag` is that of the message it was done to, or under."""

    kind: EventKind
    person: str
    name: str = ""
    channel: str = ""
    text: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    category: str = ""
    tag: Tag | None = None


class Event(Wire):
    id: str
    what: Happening
