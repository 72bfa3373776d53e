"""People's acts over HTTP, so that another process can drive the fake while the client under test comes and goes.

POST /people/{name}/{verb}      {"args": [...], "options": {...}} of a method of Someone; channels and messages by id or
                                name; gives {"result": ...}, a message or channel as its id
GET  /people/{name}/{screen}    modal, asides, errors, dm, or reads?channel=...
POST /houses                    {"name", "people": [...], "roles": {name: [person]}, "channels": [...],
                                "forums": [{"name", "tags"}]}; gives their ids; a known name adds to it
GET  /houses                    every house with its ids
POST /houses/{name}/{verb}      archives, locks, removes, kicks_bot, takes, gives, times_out of House
POST /switches                  {"faults": 0.15, "duplicates", "reorders", "missed", "resumes_fail", "silence": true,
                                "invalidate": true, "reconnect": true, "cut": true, "close": 4000, "token": "new"}
GET  /verdict                   what was collected
"""

from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from .state import Channel, Json, Message

if TYPE_CHECKING:
    from .house import House
    from .server import FakeDiscord
    from .someone import Someone

TALKS = "says edits deletes reacts posts starts_thread types suggestions suggested uses_menu"
PRESSES = "presses presses_ephemeral chooses fills_in submits closes closes_dms opens_dms"
ACTS: Final = frozenset([*TALKS.split(), *PRESSES.split()])
TELLS: Final = frozenset({"message_with", "thread_with", "shown_modal"})
MODERATIONS = "archives locks removes kicks_bot takes gives times_out renames kicks"
MODERATES: Final = frozenset(MODERATIONS.split())


def told(house: "House") -> Json:
    """What a client needs to be configured, and the ids of what is there."""
    guild = house.guild
    people = {each.user.username: each.user.id for each in guild.members.values() if not each.user.bot}
    return {
        "id": house.id,
        "name": house.name,
        "roles": {each.name: each.id for each in guild.roles.values()},
        "channels": {each.name: each.id for each in guild.channels.values() if not each.is_thread},
        "people": people,
    }


class Control:
    def __init__(self, discord: "FakeDiscord") -> None:
        self.discord = discord

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/people/{name}/{verb}", self.act)
        app.router.add_get("/people/{name}/{screen}", self.see)
        app.router.add_post("/houses", self.found)
        app.router.add_get("/houses", self.list)
        app.router.add_post("/houses/{name}/{verb}", self.moderate)
        app.router.add_post("/switches", self.switch)
        app.router.add_get("/verdict", self.verdict)

    async def act(self, request: web.Request) -> web.Response:
        someone, verb = self._someone(request), request.match_info["verb"]
        if verb not in ACTS | TELLS:
            return web.json_response({"error": f"people cannot {verb}"}, status=404)
        asked: Json = await request.json() if request.can_read_body else {}
        options = dict(asked.get("options", {}))
        if "files" in options:
            options["files"] = tuple((name, content.encode()) for name, content in options["files"])
        if "tags" in options:
            options["tags"] = tuple(options["tags"])
        try:
            result = getattr(someone, verb)(*asked.get("args", []), **options)
            result = await result if verb in ACTS else result
        except (AssertionError, KeyError, StopIteration) as trouble:
            return web.json_response({"error": str(trouble)}, status=409)
        return web.json_response({"result": plain(result)})

    async def see(self, request: web.Request) -> web.Response:
        someone = self._someone(request)
        match request.match_info["screen"]:
            case "modal":
                return web.json_response({"result": someone.modal})
            case "errors":
                return web.json_response({"result": someone.errors})
            case "asides" | "dm" as screen:
                return web.json_response({"result": getattr(someone, screen)()})
            case "reads":
                return web.json_response({"result": someone.reads(request.query["channel"])})
        return web.json_response({"error": "no such screen"}, status=404)

    async def found(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        name = asked.get("name", "Acme")
        house = self.discord.houses.get(name) or self.discord.guild(name)
        for person in asked.get("people", []):
            house.person(person)
        for role_name, people in asked.get("roles", {}).items():
            role = house.role(role_name)
            for person in people:
                house.gives_role(self.discord.people[person], role)
        for channel in asked.get("channels", []):
            house.channel(channel)
        for forum in asked.get("forums", []):
            house.forum(**forum)
        return web.json_response(told(house))

    async def list(self, _: web.Request) -> web.Response:
        return web.json_response([told(each) for each in self.discord.houses.values()])

    async def moderate(self, request: web.Request) -> web.Response:
        house, verb = self.discord.houses.get(request.match_info["name"]), request.match_info["verb"]
        if house is None or verb not in MODERATES:
            return web.json_response({"error": "no such guild or act"}, status=404)
        asked: Json = await request.json() if request.can_read_body else {}
        args = [self._thing(each) for each in asked.get("args", [])]
        getattr(house, verb)(*args, **asked.get("options", {}))
        return web.json_response({"result": None})

    def _thing(self, value: Any) -> Any:
        """A person by name, a channel by id, a message by "channel/message"; else the value itself."""
        if not isinstance(value, str):
            return value
        channel, _, message = value.partition("/")
        if channel in self.discord.channels:
            return self.discord.channels[channel].messages[message] if message else self.discord.channels[channel]
        return self.discord.people.get(value, value)

    async def switch(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        discord, gateway = self.discord, self.discord.gateway
        discord.faults.share = asked.get("faults", discord.faults.share)
        discord.rate_limits = asked.get("rate_limits", discord.rate_limits)
        for name in ("duplicates", "reorders", "missed", "resumes_fail"):
            setattr(gateway.faults, name, asked.get(name, getattr(gateway.faults, name)))
        for name in ("silence", "reconnect", "invalidate", "cut", "forget"):
            if asked.get(name):
                getattr(gateway, name)()
        if "close" in asked:
            gateway.close(asked["close"])
        if "token" in asked:
            discord.reset_token()
        discord.allow(*asked.get("allow", []))
        return web.json_response({"connections": len(gateway.connections), "token": discord.token})

    async def verdict(self, _: web.Request) -> web.Response:
        discord = self.discord
        return web.json_response(
            {
                "applied": discord.applied,
                "complaints": discord.complaints,
                "too_early": discord.too_early,
                "missing": discord.missing,
                "rang": [asdict(each) for each in discord.rang],
                "unfurled": discord.unfurled,
                "refused": discord.refused,
                "met": discord.faults.met,
                "gateway": discord.gateway.faults.met,
            }
        )

    def _someone(self, request: web.Request) -> "Someone":
        name = request.match_info["name"]
        if name not in self.discord.people:
            raise web.HTTPNotFound(text="no such person")
        return self.discord.people[name]


def plain(result: Any) -> Any:
    """A message or channel as its id, other records as JSON."""
    if isinstance(result, (Message, Channel)):
        return result.id
    return asdict(result) if is_dataclass(result) and not isinstance(result, type) else result
