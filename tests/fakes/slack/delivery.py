"""Carries events and what people press to the app, over its socket or to its request URL, with Slack's retries.

Events: three retries, at once, after a minute, after five (docs.slack.dev/apis/events-api); then they are lost.
Presses, commands and forms are not retried: the person sees an error instead.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .http_events import Posted, post_event, post_interaction
from .state import Json

if TYPE_CHECKING:
    from .server import FakeSlack
    from .workspace import Workspace

RETRY_PAUSES_S: Final = (0.0, 0.0, 60.0, 300.0)
ACK_S: Final = 3.0


@dataclass(slots=True, kw_only=True)
class Came:
    """What came back for something that a person did; `why` says what went wrong when not `ok`."""

    ok: bool
    payload: Json | None = None
    why: str = ""


class Delivery:
    def __init__(self, slack: "FakeSlack") -> None:
        self.slack = slack
        self.taken: list[str] = []  # event_ids acknowledged, once per acknowledgement

    def event(self, workspace: "Workspace", body: Json) -> None:
        self.slack.spawn(self._event(workspace, body))

    async def _event(self, workspace: "Workspace", body: Json) -> None:
        late, again = self.slack.event_faults.next(body["event_id"])
        if late:
            with self.slack.busy():
                await self.slack.clock.sleep(late)
        if again is not None:
            self.slack.spawn(self._again(workspace, body, late + again))
        reason = ""
        for attempt, pause in enumerate(RETRY_PAUSES_S):
            if pause:
                await self.slack.clock.sleep(pause)
            with self.slack.busy():
                posted = await self._try(workspace, body, attempt, reason)
            if posted.ok:
                self.taken.append(body["event_id"])
                return
            reason = posted.why
            if posted.no_retry:
                break
        self.slack.lost.append(body)

    async def _again(self, workspace: "Workspace", body: Json, pause: float) -> None:
        """A duplicate of something that was acknowledged; nobody minds when it fails."""
        with self.slack.busy():
            await self.slack.clock.sleep(pause)
            await self._try(workspace, body, 1, "timeout")

    async def _try(self, workspace: "Workspace", body: Json, attempt: int, reason: str) -> Posted:
        if workspace.transport == "http":
            return await post_event(workspace, body, attempt, reason)
        retry = {"retry_attempt": attempt, "retry_reason": reason}
        return await self.slack.sockets.send(workspace, "events_api", body, retry=retry)

    async def interaction(self, workspace: "Workspace", kind: str, payload: Json, *, may_answer: bool) -> Came:
        """`kind` is "interactive" or "slash_commands"; `may_answer`: an acknowledgement may carry a payload."""
        with self.slack.busy():
            if workspace.transport == "http":
                posted = await post_interaction(workspace, kind, payload)
            else:
                posted = await self.slack.sockets.send(workspace, kind, payload, may_answer=may_answer)
        if posted.ok and posted.payload and not may_answer:
            self.slack.complain(
                f"an acknowledgement of {payload.get('type', kind)} carries a payload: {posted.payload}"
            )
        act = {"user": (payload.get("user") or {}).get("id", ""), "act": (payload.get("actions") or [{}])[0]}
        self.slack.log({"what": "interaction", "team": workspace.team_id, "kind": kind, "ok": posted.ok} | act)
        return Came(ok=posted.ok, payload=posted.payload, why=posted.why)
