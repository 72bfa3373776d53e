"""People's acts over HTTP, so that another process can drive the fake while the client under test comes and goes.

POST /people/{team}/{name}/{verb}    {"args": [...], "options": {...}} of a method of Someone; gives {"result": ...}
GET  /people/{team}/{name}/{screen}  modal, home, dm, errors, asides, or reads?channel=...
POST /workspaces                     options of Workspace, "people": [name], "channels": [{"name", "members", ...}]
POST /switches                       {"faults": 0.15, "duplicates": 0.1, "silence": true, "refresh": true, "cut": true}
GET  /verdict                        what was collected: applied, complaints, too_early, rang, unfurled, lost
"""

from dataclasses import asdict, dataclass, is_dataclass
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from .state import Json

if TYPE_CHECKING:
    from .server import FakeSlack
    from .someone import Someone
    from .workspace import Workspace

ACTS: Final = frozenset(
    [
        "says",
        "edits",
        "deletes",
        "reacts",
        "joins",
        "leaves",
        "presses",
        "presses_ephemeral",
        "chooses",
        "types",
        "uses_shortcut",
        "uses_global_shortcut",
        "opens_home",
        "presses_home",
        "chooses_home",
        "presses_modal",
        "fills_in",
        "submits",
        "closes",
    ]
)
TELLS: Final = frozenset({"message_with", "payload", "dm_id"})


def told(workspace: "Workspace") -> Json:
    """What a client needs to be configured, and the ids of what is there."""
    names = ("name", "team_id", "app_id", "bot_id", "bot_user_id", "bot_token", "app_token", "signing_secret")
    return {name: getattr(workspace, name) for name in names} | {
        "channels": {each.name: each.id for each in workspace.channels.values() if each.name},
        "people": {name: each.id for name, each in workspace.people.items()},
        "groups": {each.handle: each.id for each in workspace.groups.values()},
    }


@dataclass(slots=True)
class Control:
    slack: "FakeSlack"

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/people/{team}/{name}/{verb}", self.act)
        app.router.add_get("/people/{team}/{name}/{screen}", self.see)
        app.router.add_post("/workspaces", self.found)
        app.router.add_get("/workspaces", self.list)
        app.router.add_post("/switches", self.switch)
        app.router.add_get("/verdict", self.verdict)

    async def act(self, request: web.Request) -> web.Response:
        someone, verb = self._someone(request), request.match_info["verb"]
        if verb not in ACTS | TELLS:
            return web.json_response({"error": f"people cannot {verb}"}, status=404)
        asked: Json = await request.json() if request.can_read_body else {}
        args = [self._channel(someone, verb, each) for each in asked.get("args", [])]
        options = dict(asked.get("options", {}))
        if "files" in options:
            options["files"] = tuple((name, content.encode()) for name, content in options["files"])
        try:
            result = getattr(someone, verb)(*args, **options)
            result = await result if verb in ACTS else result
        except (AssertionError, KeyError, StopIteration) as trouble:
            return web.json_response({"error": str(trouble)}, status=409)
        return web.json_response({"result": asdict(result) if is_dataclass(result) else result})  # type: ignore[call-overload]

    def _channel(self, someone: "Someone", verb: str, value: Any) -> Any:
        return someone.room(value) if verb in ("joins", "leaves") else value

    async def see(self, request: web.Request) -> web.Response:
        someone = self._someone(request)
        match request.match_info["screen"]:
            case "modal":
                return web.json_response({"result": someone.modal})
            case "errors":
                return web.json_response({"result": someone.errors})
            case "home" | "dm" | "asides" as screen:
                return web.json_response({"result": getattr(someone, screen)()})
            case "reads":
                return web.json_response({"result": someone.reads(request.query["channel"])})
        return web.json_response({"error": "no such screen"}, status=404)

    async def found(self, request: web.Request) -> web.Response:
        """Found a workspace with people and channels; members are people's names."""
        asked: Json = await request.json()
        people, channels = asked.pop("people", []), asked.pop("channels", [])
        workspace = self.slack.workspace(**asked)
        for person in people:
            workspace.person(**(person if isinstance(person, dict) else {"name": person}))
        for channel in channels:
            options = dict(channel)
            members = [workspace.people[name] for name in options.pop("members", people)]
            workspace.channel(members=members, **options)
        return web.json_response(told(workspace))

    async def list(self, _: web.Request) -> web.Response:
        return web.json_response([told(each) for each in self.slack.workspaces.values()])

    async def switch(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        slack = self.slack
        slack.faults.share = asked.get("faults", slack.faults.share)
        slack.event_faults.duplicates = asked.get("duplicates", slack.event_faults.duplicates)
        slack.event_faults.reorders = asked.get("reorders", slack.event_faults.reorders)
        slack.rate_limits = asked.get("rate_limits", slack.rate_limits)
        slack.small_history = asked.get("small_history", slack.small_history)
        if "silence" in asked:
            slack.sockets.silence() if asked["silence"] else slack.sockets.speak()
        if asked.get("refresh"):
            await slack.sockets.refresh()
        if asked.get("cut"):
            slack.sockets.cut()
        return web.json_response({"connections": len(slack.sockets.connections)})

    async def verdict(self, _: web.Request) -> web.Response:
        slack = self.slack
        return web.json_response(
            {
                "applied": slack.applied,
                "complaints": slack.complaints,
                "too_early": slack.too_early,
                "rang": [asdict(each) for each in slack.rang],
                "unfurled": slack.unfurled,
                "lost": slack.lost,
                "met": slack.faults.met,
            }
        )

    def _someone(self, request: web.Request) -> "Someone":
        workspace = self.slack.workspaces.get(request.match_info["team"])
        if workspace is None or request.match_info["name"] not in workspace.people:
            raise web.HTTPNotFound(text="no such person")
        return workspace.people[request.match_info["name"]]
