"""An open modal in front of a person: they fill it in, submit or close it (docs/components/reference#modals)."""

from typing import TYPE_CHECKING, Any

from . import interactions
from .calls import Upload
from .components import (
    CHECKBOX,
    CHECKBOXES,
    FILE_UPLOAD,
    LABEL,
    RADIO,
    ROW,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    USER_SELECT,
)
from .interactions import Came, Interaction
from .rules import store
from .state import Json

if TYPE_CHECKING:
    from .server import FakeDiscord
    from .state import User

WRONG = "Something went wrong. Try again."


class Forms:
    """The part of Someone that fills in modals."""

    discord: "FakeDiscord"
    user: "User"
    errors: list[str]
    open_form: Interaction | None
    filled: dict[str, Any]

    @property
    def modal(self) -> Json | None:
        """The modal that is open, as the app sent it."""
        return self.open_form.modal if self.open_form else None

    def _opens(self, made: Interaction) -> None:
        self.open_form, self.filled = made, {}

    def fields(self) -> list[tuple[str, Json]]:
        """Label and component of everything that can be filled in."""
        assert self.modal is not None, f"no modal is open: {self.errors[-1:]}"
        found = []
        for part in self.modal["components"]:
            if part["type"] == LABEL:
                found.append((part["label"], part["component"]))
            elif part["type"] == ROW:
                found.append((part["components"][0]["label"], part["components"][0]))
        return found

    async def fills_in(self, values: dict[str, Any]) -> None:
        """Values by label or custom_id: text, a label or labels of options, True, or files as (name, bytes)."""
        for wanted, value in values.items():
            found = [part for label, part in self.fields() if wanted in (label, part["custom_id"])]
            assert found, f"there is no field {wanted!r}: {[label for label, _ in self.fields()]}"
            part = found[0]
            if part["type"] == TEXT_INPUT:
                most = part.get("max_length", 4000)
                assert len(value) <= most, f"{wanted} takes {most} characters"
            self.filled[part["custom_id"]] = value

    async def submits(self) -> Came:
        """Send the form; without required fields the client does not (ok=False). It stays open if nobody answered."""
        opened = self.open_form
        assert opened is not None, "no modal is open"
        assert opened.modal is not None
        for label, part in self.fields():
            if why := self._wrong(label, part):
                return Came(ok=False, why=why)
        resolved: Json = {}
        parts = [self._sent(part, resolved) for part in opened.modal["components"]]
        told: Json = {"custom_id": opened.modal["custom_id"], "components": parts} | (
            {"resolved": resolved} if resolved else {}
        )
        made = interactions.new(
            self.discord,
            self.user,
            opened.channel,
            interactions.MODAL_SUBMIT,
            told,
            message=opened.message,
            triggered_by=opened.metadata(),
        )
        came = await interactions.send(self.discord, made)
        if came.ok:
            self.open_form = None
        else:
            self.errors.append(WRONG)
        return came

    async def closes(self) -> None:
        """Close the modal; the app hears nothing of it."""
        self.open_form = None

    def _wrong(self, label: str, part: Json) -> str:
        value = self._value(part)
        if part.get("required", True) and part["type"] != CHECKBOX and not value:
            return f"{label} is required"
        if part["type"] == TEXT_INPUT and value and len(value) < (part.get("min_length") or 0):
            return f"{label} takes at least {part['min_length']} characters"
        return ""

    def _value(self, part: Json) -> Any:
        if part["custom_id"] in self.filled:
            return self.filled[part["custom_id"]]
        if part["type"] == TEXT_INPUT:
            return part.get("value") or ""
        return [each["label"] for each in part.get("options", []) if each.get("default")]

    def _sent(self, part: Json, resolved: Json) -> Json:
        """A top-level component as it comes back."""
        shown: Json = {"type": part["type"], "id": part["id"]}
        if part["type"] == LABEL:
            return shown | {"component": self._answer(part["component"], resolved)}
        if part["type"] == ROW:
            return shown | {"components": [self._answer(part["components"][0], resolved)]}
        assert part["type"] == TEXT
        return shown

    def _answer(self, part: Json, resolved: Json) -> Json:
        shown: Json = {"type": part["type"], "id": part["id"], "custom_id": part["custom_id"]}
        value = self._value(part)
        match part["type"]:
            case kind if kind == TEXT_INPUT:
                return shown | {"value": value}
            case kind if kind == FILE_UPLOAD:
                return shown | {"values": self._uploaded(value, resolved)}
            case kind if kind in (STRING_SELECT, CHECKBOXES):
                return shown | {"values": picked(part, value)}
            case kind if kind == RADIO:
                return shown | {"value": next(iter(picked(part, value)), None)}
            case kind if kind == CHECKBOX:
                return shown | {"value": bool(value)}
            case kind if kind == USER_SELECT:
                ids = [self.discord.people[name].id for name in ([value] if isinstance(value, str) else value)]
                assert self.open_form is not None
                resolved |= interactions.resolved_users(self.discord, self.open_form.channel, ids)
                return shown | {"values": ids}
        raise AssertionError(f"components of type {part['type']} are not known in modals here")

    def _uploaded(self, files: Any, resolved: Json) -> list[str]:
        kept = [
            store(self.discord, Upload(name=name, content=content, type=""), ephemeral=True)
            for name, content in files or ()
        ]
        resolved.setdefault("attachments", {}).update({each["id"]: each for each in kept})
        return [each["id"] for each in kept]


def picked(part: Json, labels: Any) -> list[str]:
    """Values of options by their labels."""
    wanted = [labels] if isinstance(labels, str) else list(labels or [])
    known = {each["label"]: each["value"] for each in part["options"]}
    for label in wanted:
        assert label in known, f"{label!r} is none of {sorted(known)}"
    return [known[label] for label in wanted]
