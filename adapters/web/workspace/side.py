"""The left side: where one can go, what is new there, and in local mode whose eyes one looks through."""

from collections.abc import Sequence
from itertools import groupby

from nicegui import ui

from adapters.web.people import web_place
from adapters.web.workspace.access import Channel, may_enter
from adapters.web.workspace.parts import Words, box, link, named, press_button
from adapters.web.workspace.sitting import Sitting
from bot.model import Person, Place

HOME = "/workspace"


class Side:
    """Navigation; `refresh` keeps the dots true."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._drawn: tuple[object, ...] = ()
        self._dots: dict[str, Words] = {}
        self._links: dict[str, Words] = {}
        with box("nav", "g-side", aria_label="Workspace") as self.element:
            self._inside = box(look="g-side-inside")

    def toggle(self) -> None:
        """On a phone: in and out."""
        self.element.classes(toggle="g-open")

    def close(self) -> None:
        self.element.classes(remove="g-open")

    def here(self, path: str) -> None:
        """Marks the entry of the page one is on."""
        self.close()
        for address, element in self._links.items():
            if address == f"{HOME}{path}".rstrip("/"):
                element.props["aria-current"] = "page"
            else:
                element.props.pop("aria-current", None)

    async def refresh(self) -> None:
        """Raises SignedOut."""
        person, channels = await self._sitting.person(), await self._sitting.channels()
        shape = (person.name, person.expert and person.expert.rank, person.staff, tuple(channels))
        if shape != self._drawn:
            self._drawn = shape
            self._draw(person, channels)
            self.here(self._path())
        places = [*(each.place for each in channels), web_place(person.id)]
        for place in places:
            unread = await self._sitting.is_unread(place)
            dot = self._dots.get(place)
            if dot is not None and not dot.is_deleted:
                dot.set_visibility(unread)

    def _path(self) -> str:
        return self.element.client.sub_pages_router.current_path.partition("?")[0]

    def _draw(self, person: Person, channels: Sequence[Channel]) -> None:
        self._inside.clear()
        self._dots, self._links = {}, {}
        web = self._sitting.web
        with self._inside:
            with box(look="g-brand"):
                Words("strong", web.settings.company)
                press_button("×", self.close, look="g-quiet g-close g-phone", aria_label="Close the menu")
            if web.settings.local:
                PeopleSwitch(self._sitting, person)
            with box("ul", "g-nav"):
                self._entry("My desk", f"{HOME}/desk")
                self._entry("For you", f"{HOME}/you", web_place(person.id))
                if person.staff is not None:
                    self._entry("Inbox", f"{HOME}/inbox")
            for staff_only, those in groupby(channels, key=lambda each: each.staff_only):
                Words("h2", "Staff" if staff_only else "Channels", "g-nav-head")
                with box("ul", "g-nav"):
                    for channel in those:
                        self._entry(f"# {channel.title}", f"{HOME}/c/{channel.name}", channel.place)
            if not web.settings.local:
                with box(look="g-me"):
                    Words("span", role_of(person))
                    link("Sign out", "/leave", "g-button g-quiet", target="_top")

    def _entry(self, label: str, address: str, place: Place | None = None) -> None:
        with box("li"):
            self._links[address] = link("", address, "g-nav-link")
            with self._links[address]:
                Words("span", label, "g-nav-label")
                if place is not None:
                    self._dots[place] = named(Words("span", "new", "g-dot"), title="Something new")
                    self._dots[place].set_visibility(False)


def role_of(person: Person) -> str:
    """`Ana, journeyman`; `Greta, staff (admin)`."""
    if person.staff is not None:
        return f"{person.name}, staff ({person.staff})"
    return f"{person.name}, {person.expert.rank}" if person.expert else person.name


class PeopleSwitch:
    """Local mode: one person may be everybody in turn, and ask as a customer beside it."""

    def __init__(self, sitting: Sitting, person: Person) -> None:
        self._sitting = sitting
        with box(look="g-switch"):
            Words("span", "You are", "g-switch-you")
            Words("strong", role_of(person))
            with box(look="g-buttons"):
                press_button("Switch", self._open, aria_label="Be somebody else")
                link("Ask as a customer", "/", "g-button g-plain", target="_blank", rel="noopener")

    async def _open(self) -> None:
        people = await self._sitting.web.views.people()
        with ui.dialog() as dialog, box(look="g-form", role="dialog", aria_label="Who do you want to be?"):
            with box(look="g-form-head"):
                Words("h2", "Who do you want to be?")
                press_button("×", dialog.close, look="g-quiet g-close", aria_label="Close")
            with box(look="g-form-body"):
                people_list(people)
        dialog.on("hide", dialog.delete, [])
        dialog.open()


def people_list(people: Sequence[Person]) -> None:
    """Everybody, by what they are; each name is a button that makes one that person."""
    groups = (
        ("Experts", [each for each in people if each.expert is not None and each.staff is None]),
        ("Staff", [each for each in people if each.staff is not None]),
        ("Customers (in a new tab)", [each for each in people if not may_enter(each)]),
    )
    for title, those in groups:
        if those:
            Words("h3", title, "g-nav-head")
            with box(look="g-people"):
                for each in those:
                    _step_into(each)


def _step_into(person: Person) -> None:
    form = box("form", method="post", action=f"{HOME}/be")
    if not may_enter(person):
        named(form, target="_blank")
    with form:
        box("input", type="hidden", name="person", value=person.id)
        named(Words("button", role_of(person), "g-button g-plain"), type="submit")
