"""The pages of the workspace and the frame around them: side, middle, and the thread beside it."""

import asyncio
from typing import Final
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from nicegui import Client, background_tasks, ui

from adapters.web.adapter import Web
from adapters.web.people import current_person, web_place
from adapters.web.workspace.access import may_enter
from adapters.web.workspace.desk import Desk
from adapters.web.workspace.inbox import Inbox
from adapters.web.workspace.parts import Words, box, press_button
from adapters.web.workspace.posts import PostList
from adapters.web.workspace.saying import CommandBar
from adapters.web.workspace.side import Side, people_list
from adapters.web.workspace.sitting import Refresh, Rendered, SignedOut, Sitting
from adapters.web.workspace.thread import ThreadPane, place_of_thread
from bot.model import Person, Place, Post, read_number, spoken_number

_ZONE_OF_BROWSER: Final = "Intl.DateTimeFormat().resolvedOptions().timeZone"
_ZONE_SECONDS: Final = 3.0


def add_pages(web: Web, stylesheet: str) -> None:
    """Registers the workspace with the library that serves it."""
    rendered = Rendered(web)

    async def workspace(request: Request, client: Client) -> None:
        ui.add_head_html(f'<link rel="stylesheet" href="{stylesheet}">')
        person = await current_person(request)
        if person is None or not may_enter(person):
            await way_in(web, person)
            return
        frame = Frame(Sitting(web=web, request=request, rendered=rendered, signed_out=leave))
        await frame.open(client)

    for path in ("/", "/desk", "/you", "/inbox", "/c/{name}"):
        ui.page(path, title=f"{web.settings.company} workspace", reconnect_timeout=60)(workspace)


async def leave() -> None:
    ui.navigate.reload()


async def way_in(web: Web, person: Person | None) -> None:
    """For who is not signed in: how to get in; in local mode, simply as whom."""
    with box("main", "g-way-in"):
        Words("h1", f"{web.settings.company} workspace")
        if web.settings.local:
            Words("p", "Guildhall runs in local mode: on this machine you can be anybody. Who do you want to be?")
            people_list(await web.views.people())
        elif person is not None:
            Words("p", "The workspace is for experts and staff. Ask staff to make you an expert.")
        else:
            Words("p", "You are not signed in. Ask staff for a link; it lets you in once, within 15 minutes.")


class Frame:
    """One open page: the side stays, the middle changes with the address, and a thread opens beside it."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._path = "/"

    async def open(self, client: Client) -> None:
        """Raises SignedOut."""
        sitting = self._sitting
        person = await sitting.person()
        sitting.timezone = person.timezone
        await sitting.load_seen()
        with box(look="g-app"):
            self._side = Side(sitting)
            with box("main", "g-main"):
                self._pages()
            self._thread = ThreadPane(sitting, self._close_thread)
        sitting.refreshes["side"] = self._side.refresh
        sitting.refreshes["thread"] = self._thread.refresh
        await self._side.refresh()
        client.sub_pages_router.on_path_changed(self._moved)
        self._moved(client.sub_pages_router.current_path)
        background_tasks.create(self._live(client), name="workspace page")

    async def _live(self, client: Client) -> None:
        await client.connected()
        listening = asyncio.current_task()
        assert listening is not None
        client.on_delete(lambda: listening.cancel())
        with client:
            background_tasks.create(self._ask_zone(client), name="time zone", context=client)
            await self._sitting.listen()

    async def _ask_zone(self, client: Client) -> None:
        """The browser knows best where its reader is; until it answers, the person's own setting counts."""
        try:
            zone = await client.run_javascript(_ZONE_OF_BROWSER, timeout=_ZONE_SECONDS)
        except TimeoutError:
            return
        if isinstance(zone, str) and zone:
            self._sitting.timezone = zone
            self._sitting.wake()

    def _pages(self) -> None:
        ui.sub_pages(
            {
                "/": self._home,
                "/desk": self._desk,
                "/you": self._for_you,
                "/inbox": self._inbox,
                "/c/{name}": self._channel,
            },
            show_404=False,
        )

    # --- the middle

    async def _home(self) -> None:
        channels = await self._sitting.channels()
        if channels:
            self._side.here(f"/c/{channels[0].name}")
            await self._channel(channels[0].name)
        else:
            await self._desk()

    async def _channel(self, name: str) -> None:
        channel = next((each for each in await self._sitting.channels() if each.name == name), None)
        if channel is None:
            self._nothing_here("There is no such channel, or it is not open to you.")
            return
        self._head(channel.title)
        bar = await self._list(channel.place, "No question yet. The first one appears here by itself.")
        await bar.load()

    async def _for_you(self) -> None:
        person = await self._sitting.person()
        self._head("For you")
        bar = await self._list(web_place(person.id), "What is meant for you alone appears here.", threads=False)
        await bar.load()

    async def _list(self, place: Place, none_yet: str, *, threads: bool = True) -> CommandBar:
        with box(look="g-scroll"), box(look="g-scrolled"):
            posts = PostList(self._sitting, place, none_yet=none_yet, on_thread=self._open_thread if threads else None)
        bar = CommandBar(self._sitting)
        await self._now_showing(posts.refresh)
        return bar

    async def _desk(self) -> None:
        self._head("My desk")
        with box(look="g-scroll g-from-top"):
            desk = Desk(self._sitting)
        await self._now_showing(desk.refresh)

    async def _inbox(self) -> None:
        if (await self._sitting.person()).staff is None:
            self._nothing_here("The inbox is for staff.")
            return
        self._head("Inbox")
        with box(look="g-scroll g-from-top"):
            inbox = Inbox(self._sitting)
        await self._now_showing(inbox.refresh)

    async def _now_showing(self, refresh: Refresh) -> None:
        self._sitting.refreshes["middle"] = refresh
        try:
            await refresh()
        except SignedOut:
            await self._sitting.signed_out()

    def _nothing_here(self, why: str) -> None:
        self._sitting.refreshes.pop("middle", None)
        self._head("Nothing here")
        Words("p", why, "g-none")

    def _head(self, title: str) -> None:
        with box("header", "g-head"):
            press_button("☰", self._side.toggle, look="g-quiet g-phone", aria_label="Menu")
            Words("h1", title)

    # --- the thread

    def _open_thread(self, post: Post) -> None:
        if post.notice.question is not None:
            ui.navigate.to(f"{self._path}?thread={spoken_number(post.notice.question)}")

    def _close_thread(self) -> None:
        ui.navigate.to(self._path)

    def _moved(self, path: str) -> None:
        """The address changed: the side marks where one is, and the thread it names opens."""
        parts = urlsplit(path)
        self._path = parts.path
        if parts.path != "/":
            self._side.here(parts.path)
        named = parse_qs(parts.query).get("thread", [""])[0]
        background_tasks.create(self._show_thread(named, self._path), name="open thread")

    async def _show_thread(self, named: str, path: str) -> None:
        question = read_number(named) if named else None
        try:
            place = None
            if question is not None and path.startswith("/c/"):
                place = Place(f"web:{path.removeprefix('/c/')}")
            elif question is not None:
                place = await place_of_thread(self._sitting, question)
            if question is None or place is None:
                self._thread.hide()
            else:
                await self._thread.show(place, question)
        except SignedOut:
            await self._sitting.signed_out()
