"""A person's modals and home tab: filled in, submitted, closed, and what comes back shown on the screen."""

from typing import TYPE_CHECKING, Any

from . import interactions
from .calls import Call, Refused
from .delivery import Came
from .forms import field_called, fields, not_filled_in, put, shown
from .reading import Reader
from .state import Json, User, View
from .views import accepted, renew, stacked, unique

if TYPE_CHECKING:
    from .workspace import Workspace

TYPED_KINDS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


class Modals:
    """The part of a person that deals with views; `stack` holds the open modals, the one on the screen last."""

    workspace: "Workspace"
    user: User
    id: str
    errors: list[str]
    stack: list[View]
    field_errors: dict[str, str]

    @property
    def modal(self) -> str:
        """What is on the screen; "" when no modal is open."""
        return shown(self.stack[-1], self.reader(), self.field_errors) if self.stack else ""

    async def fills_in(self, values: dict[str, Any], *, enter: bool = False) -> None:
        """Type or choose by label, block_id or action_id; `enter` presses it at the end of each text.

        Inputs with dispatch_action tell the app: selects at once, texts as they are typed or on enter, as configured.
        """
        for wanted, value in values.items():
            view = self._on_screen()
            field = field_called(view, wanted)
            put(view, field, value)
            self.field_errors.pop(field.block["block_id"], None)
            if self._dispatches(field.block, field.element, enter):
                await self._acts(view, field.block, field.element, self._told(view, field.key))

    def _dispatches(self, block: Json, element: Json, enter: bool) -> bool:
        if block["type"] != "input":
            return True
        if not block.get("dispatch_action"):
            return False
        if element["type"] not in TYPED_KINDS:
            return True
        on = element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
        return "on_character_entered" in on or (enter and "on_enter_pressed" in on)

    def _told(self, view: View, key: tuple[str, str]) -> Json:
        return {name: value for name, value in view.values[key].items() if name != "type"}

    async def presses_modal(self, wanted: str) -> Came:
        """A button inside the modal on the screen."""
        return await self._presses_in(self._on_screen(), wanted)

    async def presses_home(self, wanted: str) -> Came:
        assert self.id in self.workspace.homes, "the home is empty"
        return await self._presses_in(self.workspace.homes[self.id], wanted)

    async def chooses_home(self, wanted: str, label: str) -> Came:
        """An option of a select in the home tab, by placeholder or action_id."""
        view = self.workspace.homes[self.id]
        field = field_called(view, wanted)
        put(view, field, label)
        return await self._acts(view, field.block, field.element, self._told(view, field.key))

    async def _presses_in(self, view: View, wanted: str) -> Came:
        found = next(interactions.pressable(view.body["blocks"], wanted), None)
        assert found, f"there is no {wanted!r} in: {shown(view, self.reader(), {})}"
        return await self._acts(view, *found)

    async def _acts(self, view: View, block: Json, element: Json, chosen: Json) -> Came:
        action = interactions.action_of(self, block, element, chosen)  # type: ignore[arg-type]
        return await self._sends(interactions.pressed_in_view(self, view, action))  # type: ignore[arg-type]

    async def submits(self) -> Came:
        """Press the modal's submit button; what Slack's client itself would refuse lands in `errors`."""
        view = self._on_screen()
        assert view.body.get("submit"), "this modal has no submit button"
        if missing := not_filled_in(view):
            self.errors += missing
            return Came(ok=False, why="; ".join(missing))
        self.field_errors = {}
        came = await self._sends(interactions.submitted(self, view))  # type: ignore[arg-type]
        if came.ok:
            self._obeys(view, came.payload or {})
        return came

    def _obeys(self, view: View, payload: Json) -> None:
        """response_action: errors, update, push, clear; none closes this view (docs.slack.dev/surfaces/modals)."""
        call = Call(self.workspace.slack, self.workspace, "response_action", payload)
        try:
            match payload.get("response_action"):
                case "errors":
                    self._show_errors(view, payload.get("errors") or {})
                case "update":
                    body = accepted(call, payload.get("view"), "modal")
                    unique(call, body, but=view.id)
                    renew(call, view, body)
                case "push":
                    stacked(call, self, accepted(call, payload.get("view"), "modal"))  # type: ignore[arg-type]
                case "clear":
                    self.stack.clear()
                case None:
                    self._pops(view)
                case other:
                    raise Refused(f"unknown response_action {other}")
        except Refused as refused:
            self.errors.append("We had some trouble connecting. Try again?")
            self.workspace.slack.complain(f"view_submission answered with what Slack refuses: {refused.body}")

    def _show_errors(self, view: View, told: dict[str, str]) -> None:
        known = {field.block["block_id"] for field in fields(view) if field.block["type"] == "input"}
        if not told or set(told) - known:
            raise Refused(f"errors for blocks that are no inputs: {sorted(set(told) - known)}")
        self.field_errors = dict(told)

    def _pops(self, view: View) -> None:
        if view in self.stack:
            del self.stack[self.stack.index(view) :]

    async def closes(self, *, all_of_them: bool = False) -> None:
        """Press Cancel or the cross (all of the stack); the app is told where notify_on_close asks for it."""
        assert self.stack, "no modal is open"
        gone = (
            list(reversed(self.stack)) if all_of_them or self.stack[-1].body.get("clear_on_close") else [self.stack[-1]]
        )
        for view in gone:
            self.stack.remove(view)
        self.field_errors = {}
        for view in gone:
            if view.body.get("notify_on_close"):
                cleared = len(gone) > 1 or all_of_them
                await self._sends(interactions.closed(self, view, is_cleared=cleared))  # type: ignore[arg-type]

    def _on_screen(self) -> View:
        assert self.stack, f"no modal is open; told: {self.errors}"
        return self.stack[-1]

    def reader(self) -> Reader:
        raise NotImplementedError

    async def _sends(self, payload: Json) -> Came:
        raise NotImplementedError
