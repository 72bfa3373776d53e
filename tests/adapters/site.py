"""A world with its real web adapter, and programs and browsers that talk to it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from adapters.web import Web, WebSettings, create_app
from adapters.web.adapter import MailLinks
from adapters.web.tokens import Scope, new_token
from bot.courier import Courier
from bot.model import PersonId, QuestionId, read_number
from bot.policy import Policy
from tests.world import World

SECRET = b"a secret of at least thirty-two bytes"
TEXT = "I changed phones and now the app wants a code that never comes."
ANSWER = "Open the old phone once more, choose Move my account, and scan the code with the new one."


@dataclass(slots=True)
class Program:
    """A program with a token. Every call says a request and settles the world."""

    site: "Site"
    secret: str

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.site.api("GET", path, self.secret, **more)

    async def post(self, path: str, body: object = None, *, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key is not None else {}
        more = {} if body is None else {"json": body}
        return await self.site.api("POST", path, self.secret, headers=headers, **more)

    async def asks(self, text: str = TEXT, **more: object) -> dict[str, Any]:
        """A question of the customer c-1, as the API tells of it."""
        body = {"text": text, "customer": {"id": "c-1"}, **more}
        response = await self.post("/questions", body)
        assert response.status_code == 201, response.text
        told: dict[str, Any] = response.json()
        return told


@dataclass(slots=True)
class Browser:
    """A browser without scripts: it keeps cookies, follows redirects, and sends the forms it was shown."""

    site: "Site"
    client: httpx.AsyncClient
    page: httpx.Response | None = None

    @property
    def text(self) -> str:
        """The page's words, without markup."""
        assert self.page is not None, "no page was opened"
        return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.html.partition("<body>")[2])))

    @property
    def html(self) -> str:
        assert self.page is not None, "no page was opened"
        return self.page.text

    @property
    def path(self) -> str:
        assert self.page is not None, "no page was opened"
        return self.page.url.path

    async def opens(self, path: str) -> httpx.Response:
        self.page = await self.client.get(path)
        await self.site.world.settles()
        return self.page

    async def sends(self, action: str, button: dict[str, str] | None = None, **entries: str) -> httpx.Response:
        """Fills in the page's form with this action and presses one of its buttons."""
        fields = {**self.form(action), **entries, **(button or {})}
        self.page = await self.client.post(action, data=fields)
        await self.site.world.settles()
        return self.page

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form as the page has them."""
        found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', self.html, re.DOTALL)
        assert found, f"no form {action} on {self.path}"
        inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', found[1])
        areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', found[1], re.DOTALL)
        return {name: unescape(value) for name, value in (*inputs, *areas)}

    async def asks(self, text: str = TEXT, **entries: str) -> str:
        """Asks as a careful person does, by way of the preview, and returns the private page's path."""
        await self.opens("/ask")
        await self.sends("/ask", {"do": "preview"}, text=text, **entries)
        await self.sends("/ask", {"do": "ask"})
        assert self.page is not None
        assert self.page.status_code == 200, self.text
        return self.path


@dataclass(slots=True)
class Site:
    """`http://localhost:8080`, answered by the real application over a world with its own clock."""

    world: World
    web: Web
    transport: httpx.ASGITransport
    clients: list[httpx.AsyncClient] = field(default_factory=list)
    programs: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.programs = self._client()

    async def api(self, method: str, path: str, secret: str | None, **more: Any) -> httpx.Response:
        headers = {**more.pop("headers", {}), **({"Authorization": f"Bearer {secret}"} if secret else {})}
        response = await self.programs.request(method, f"/api/v1{path}", headers=headers, **more)
        await self.world.settles()
        return response

    async def program(
        self, *scopes: Scope, person: PersonId | None = None, client: str = "shop", expires_at: int | None = None
    ) -> Program:
        secret, token = new_token(client, scopes, at=self.world.now, person=person, expires_at=expires_at)
        await self.world.store.run(lambda work: work.save_token(token))
        return Program(self, secret)

    def browser(self) -> Browser:
        return Browser(self, self._client(follow_redirects=True))

    async def answered(self, question: QuestionId, expert: str, text: str = ANSWER) -> None:
        """The expert of that name claims and answers, and the answer goes out."""
        await self.world.people[expert].says("claim", question)
        await self.world.people[expert].says(f"answer {text}", question)
        await self.world.passes(seconds=21)

    def _client(self, **more: Any) -> httpx.AsyncClient:
        client = httpx.AsyncClient(transport=self.transport, base_url="http://localhost:8080", **more)
        self.clients.append(client)
        return client


def question_at(path: str) -> QuestionId:
    """The question whose private page has this path."""
    found = read_number(path.split("/")[2])
    assert found is not None, path
    return found


@asynccontextmanager
async def a_site(
    path: Path,
    *,
    policy: Policy | None = None,
    public_url: str = "",
    local: bool = True,
    mail_links: MailLinks | None = None,
) -> AsyncIterator[Site]:
    world = await World.begins(path / "world.db", policy=policy)
    app = world.app
    web = Web(
        hear=app.hear,
        desk=app.desk,
        handle=app.handle,
        store=world.store,
        views=world.store.views,
        render=app.render,
        policy=app.policy,
        settings=WebSettings(company="Acme", secret=SECRET, port=0, public_url=public_url, local=local),
        now=app.now,
        mail_links=mail_links,
    )
    app.effects.changed.append(web.question_changed)
    world.courier = Courier(
        store=world.store,
        views=world.store.views,
        adapters={"web": web},
        render=app.render,
        apply=app.apply,
        now=app.now,
        policy=app.policy,
    )
    site = Site(world, web, httpx.ASGITransport(create_app(web), raise_app_exceptions=False))
    try:
        yield site
    finally:
        for client in site.clients:
            await client.aclose()
        await world.ends()
