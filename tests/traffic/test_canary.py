"""An address that a customer let slip is in no byte that reaches an expert, by whatever door either of them came."""

import asyncio
import re
import secrets
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, Response, WebSocket
from playwright.async_api import Error as PlaywrightError

from adapters.rehearsal.people import Expert as Chatting
from adapters.rehearsal.people import button
from adapters.rehearsal.remote import Remote, running
from bot.model import Rank, StaffRole
from tests.traffic.house import Program, build
from tests.traffic.house import Running as Product

SETTINGS = """
[rehearsal]
url = "{url}"

[log]
level = "debug"

[policy]
undo_seconds = 1

[[category]]
name = "login"
title = "Login"
channels = ["web:login", "rehearsal:login"]
staff_channel = "rehearsal:staff"
"""
PEOPLE = {
    "Ana": Rank.JOURNEYMAN,
    "Bo": Rank.JOURNEYMAN,
    "Gus": Rank.APPRENTICE,
    "Mia": Rank.MASTER,
    "Sam": StaffRole.LEAD,
}
EXPERTS = ("Ana", "Bo", "Gus", "Mia")
CANARY = "kanari"  # begins every address below; nothing else in the product is called so
SONG = re.compile(rf"{CANARY}[^@%\s\"]*")
PATIENCE_MS = 30_000
ANSWER = "Open the old phone once more, choose Move my account, and scan the code with the new one."
STAFF_ANSWER = "We have sent a new code to kanari-answer@mail.example; it is good for a day and for one phone."
ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))

WAYS = {
    "plain": "My address is kanari-plain@mail.example and the code never comes to it.",
    "tagged": "The code never comes, I am <Kanari.Tagged+shop@mail.example> if that matters.",
    "linked": "Look at https://shop.example/login?user=kanari-linked@mail.example&step=2, it says no.",
    "mailto": "I wrote to you as mailto:kanari-mailto@mail.example and nobody answered me at all.",
    "encoded": "The page was https://shop.example/login?user=kanari-encoded%40mail.example and it was empty.",
    "entity": "The page says that kanari-entity&#64;mail.example is not known to you. Why is that so?",
    "wide": "My address is kanari-wide\uff20mail.example and the code never comes to it, why?",
    "spelled": "My address is kanari-spelled (at) mail (dot) com and the code never comes.",
    "broken": "My address is kanari-\u200bbroken@mail.example and the code never comes to it, why?",
    "file": "The picture of it is called kanari-file@mail.example.png, but I cannot send it to you.",
    "markup": "Write to <a href='mailto:kanari-markup@mail.example'>me</a>, since the code <i>never</i> comes.",
}


SURE = ("plain", "tagged", "linked", "mailto", "file")
Keys = dict[str, Program]


class Ear:
    """Everything that came to an expert's side, as text, by where it came from."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self._bytes = 0

    def __str__(self) -> str:
        return f"{len(self.heard)} pieces heard, {self._bytes:,} bytes"

    def hears(self, where: str, what: str | bytes) -> None:
        what = what if isinstance(what, bytes) else what.encode()
        self._bytes += len(what)
        self.heard.append((where, plain(what)))

    def has_heard(self, words: str, where: str) -> bool:
        return any(words in text for source, text in self.heard if source.startswith(where))

    def slips(self) -> dict[str, str]:
        """Every song of the canary, with the last place where it was heard, and the words around it."""
        return {
            song[0]: f"{source}: {text[max(0, song.start() - 60) : song.end() + 30]}"
            for source, text in self.heard
            for song in SONG.finditer(text)
        }


def plain(what: bytes) -> str:
    """As a person reads it: wide letters as narrow ones, without signs of no width, in small letters."""
    return unicodedata.normalize("NFKC", what.decode("utf-8", "replace")).translate(ZERO_WIDTH).casefold()


async def test_a_planted_address_reaches_no_expert(tmp_path: Path, chromium: Browser) -> None:
    remote, ear = Remote(), Ear()
    async with running(remote) as url:
        house = await build(tmp_path, SETTINGS.format(url=url), PEOPLE)
        async with house.runs() as product, product.http() as http, at_screen(chromium, product, "Ana", ear) as ana:
            keys = {name: Program(http, house.keys[name]) for name in (*PEOPLE, "shop")}
            asked = [await ask(keys["shop"], way, text) for way, text in WAYS.items()]
            on_page = await ask_on_page(chromium, product)
            shown = [row["number"] for row in await keys["Sam"].every_question("open")]
            held = [row["number"] for row in await keys["Sam"].every_question("held")]
            assert set(shown) >= {on_page, *(asked[list(WAYS).index(way)] for way in SURE)}, "these need not wait"
            for turn, number in enumerate(asked):
                if number in shown:
                    await STORIES[turn % len(STORIES)](keys, number)
            await chats(url, on_page, ear)
            await look_everywhere(keys, [*asked, on_page], ana)
            await check_others_see_it(keys, asked)
    for name in EXPERTS:
        for answer in keys[name].heard:
            ear.hears(f"api {name}", answer)
    ear.hears("log", house.log.read_bytes() + product.said)
    for line in remote.lines:
        if line.get("channel") in ("login", *(f"@{name.lower()}" for name in EXPERTS)):
            ear.hears("chat server", repr(line))
    print(f"\n{len(shown)} questions shown to experts, {len(held)} held for staff; {ear}")
    assert ear.slips() == {}
    for number in map(str.casefold, shown):  # the ear was at the right doors
        assert all(ear.has_heard(number, where) for where in ("api", "workspace", "chat", "log")), number
    assert all(ear.has_heard("move my account", where) for where in ("api", "workspace", "chat"))


# What people do about a question; each plants more of it


async def judged(keys: Keys, number: str) -> None:
    """Answered, not good enough, answered again, and thanked for."""
    await does(keys["Ana"], number, "claim")
    await does(keys["Sam"], number, "note", text="I know them: kanari-note@mail.example, they are in a hurry.")
    await does(keys["Sam"], number, "staff-note", text="Their old address is kanari-staff-note@mail.example.")
    await does(keys["Ana"], number, "clarify", text="Which phone is it, and how old is the app on it?")
    await delivered(keys, number, "Ana")
    await does(keys["shop"], number, "reply", text="An old one. Write to kanari-reply@mail.example, please.")
    answer = await answers(keys, number, "Ana")
    words = "No. I am still kanari-complaint@mail.example, and still locked out."
    await does(keys["shop"], number, "verdict", answer=answer, verdict="not-yet", complaint="did-not-work", text=words)
    answer = await answers(keys, number, "Ana")
    words = "Thank you! You can praise me at kanari-thanks@mail.example."
    await does(keys["shop"], number, "verdict", answer=answer, verdict="helped", text=words)


async def handed_up(keys: Keys, number: str) -> None:
    """Handed to staff, who answer with what they know."""
    await does(keys["Bo"], number, "claim")
    await does(keys["Bo"], number, "escalate", reason="needs-account", text="I cannot see the account from here.")
    await does(keys["Sam"], number, "answer", text=STAFF_ANSWER)
    await delivered(keys, number, "Sam")


async def overridden(keys: Keys, number: str) -> None:
    """Answered, and then staff say something else, and why."""
    await does(keys["Ana"], number, "claim")
    await answers(keys, number, "Ana")
    reason = "kanari-reason@mail.example is a guest, and guests have no old phone."
    await does(keys["Sam"], number, "override", text=STAFF_ANSWER, reason=reason)
    await delivered(keys, number, "Sam")


async def reviewed(keys: Keys, number: str) -> None:
    """An apprentice's text goes back once, and then out with a change."""
    await does(keys["Gus"], number, "claim")
    for verb, text in (("revise", "Name kanari-revise@mail.example in it."), ("approve", STAFF_ANSWER)):
        message = (await does(keys["Gus"], number, "answer", text=ANSWER))["message"]
        await does(keys["Sam"], number, verb, message=message, text=text)
    await delivered(keys, number, "Sam")


STORIES = (judged, handed_up, overridden, reviewed)


async def does(program: Program, number: str, verb: str, **body: object) -> dict[str, Any]:
    """Also the key of the request and its query give it away, which only logs could tell."""
    key = f"kanari-key-{number}-{secrets.token_hex(4)}@mail.example"
    answer = await program.post(f"/questions/{number}/{verb}", body or None, key=key)
    assert answer.status_code == 200, (verb, answer.text)
    done: dict[str, Any] = answer.json()
    return done


async def answers(keys: Keys, number: str, name: str) -> int:
    message = (await does(keys[name], number, "answer", text=ANSWER))["message"]
    await delivered(keys, number, name)
    return int(message)


async def delivered(keys: Keys, number: str, name: str) -> None:
    """The newest text goes off now, and is waited for."""
    path = f"/questions/{number}"
    newest = (await keys["Sam"].get(path)).json()["answers"][-1]["number"]
    await keys[name].post(f"{path}/send-now", {"message": newest})
    async with asyncio.timeout(PATIENCE_MS / 1_000):
        while (await keys["Sam"].get(path)).json()["answers"][-1]["state"] != "delivered":  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def ask(shop: Program, way: str, text: str) -> str:
    customer = {
        "id": f"kanari-id-{way}@mail.example",
        "name": f"kanari-name-{way}@brief.test",
        "email": f"kanari-known-{way}@mail.example",
        "known": [{"kind": "username", "value": f"Kanari {way} of Fernwood"}],
    }
    text = f"{text} Kanari {way} of Fernwood is how I am called in the forum."
    answer = await shop.post("/questions", {"text": text, "customer": customer}, key=f"kanari-{way}@mail.example")
    assert (await shop.get("/questions", customer=customer["id"])).status_code == 200
    return str(answer.raise_for_status().json()["number"])


async def ask_on_page(chromium: Browser, product: Product) -> str:
    """The form with everything in it, and one more line on the question's own page."""
    page = await chromium.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(f"{product.address}/ask")
    await page.locator("#text").fill("The code for kanari-form@mail.example never comes. What can I do about it?")
    await page.locator("details summary").first.click()
    await page.locator("#name").fill("kanari-form-name@mail.example")
    await page.locator("#email").fill("kanari-form-known@mail.example")
    await page.locator("#send").click()
    await page.get_by_role("button", name="Ask now").click()
    await page.wait_for_url("**/q/**")
    await page.locator("#reply-text").fill("And kanari-form-reply@mail.example is my other address.")
    await page.locator("#reply form button").click()
    await page.get_by_text("kanari-form-reply@mail.example").first.wait_for()
    assert "kanari-form@mail.example" in await page.locator("#conversation").inner_text()
    number = page.url.split("/q/")[1].split("/")[0]
    await page.close()
    return number


# Where experts look


@asynccontextmanager
async def at_screen(chromium: Browser, product: Product, name: str, ear: Ear) -> AsyncIterator[Page]:
    """An expert at the workspace, in whose browser everything that arrives is listened to."""
    context = await chromium.new_context()
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    arriving: list[asyncio.Task[None]] = []
    same_for_everybody: set[str] = set()  # scripts and styles, listened to once

    async def arrived(response: Response) -> None:
        if response.url in same_for_everybody:
            return
        if response.request.resource_type in ("script", "stylesheet", "font", "image"):
            same_for_everybody.add(response.url)
        with suppress(PlaywrightError):  # a redirection has no body, and a page that was left takes its own along
            ear.hears(f"workspace {response.url}", await response.body())

    def connected(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: ear.hears(f"workspace {socket.url}", frame))

    page.on("response", lambda response: arriving.append(asyncio.create_task(arrived(response))))
    page.on("websocket", connected)
    await page.goto(f"{product.address}/workspace/")
    await page.get_by_role("button", name=f"{name}, journeyman").click()
    await page.get_by_role("navigation", name="Workspace").wait_for(state="attached")
    await page.goto(f"{product.address}/workspace/c/login")
    await page.get_by_label("Command", exact=True).wait_for()
    yield page
    await asyncio.gather(*arriving)
    await context.close()


async def look_everywhere(keys: Keys, numbers: list[str], page: Page) -> None:
    for name in EXPERTS:
        for path in ("/questions", "/me", "/categories"):
            (await keys[name].get(path)).raise_for_status()
        for sentence in ("queue", "desk", "statement", "help", "money"):
            (await keys[name].post("/say", {"sentence": sentence})).raise_for_status()
        for number in numbers:
            for path in (f"/questions/{number}", f"/questions/{number}/messages"):
                assert (await keys[name].get(path)).status_code in (200, 404)
            await keys[name].post("/say", {"sentence": f"show {number}"})
    here = page.url.partition("/workspace")[0] + "/workspace"
    for number in (*numbers[: len(STORIES)], numbers[-1]):
        await page.goto(f"{here}/c/login?thread={number}")
        await page.get_by_role("complementary", name="Thread").wait_for(state="attached")
        await page.get_by_label(f"Write about {number}").or_(page.get_by_label("Command", exact=True)).first.wait_for()
    for path in ("/desk", "/you", "/c/login"):
        await page.goto(here + path)
        await page.get_by_role("navigation", name="Workspace").wait_for(state="attached")


async def chats(url: str, number: str, ear: Ear) -> None:
    """Bo takes the last question in a chat, opens the form, asks for what there is, and lets go."""

    async def heard(response: httpx.Response) -> None:
        ear.hears("chat", await response.aread())

    async with httpx.AsyncClient(base_url=url, trust_env=False, event_hooks={"response": [heard]}) as http:
        bo = Chatting(http, "bo", 1, channel="login")
        async with asyncio.timeout(PATIENCE_MS / 1_000):
            cards = []
            while not cards:
                news = await bo.news("login")
                cards = [each for each in news if number in each.bubble.heading and each.thread is None]
        claim = button(cards[0].bubble, "claim")
        assert claim, cards[0].bubble
        told = await bo.presses(cards[0].id, claim)
        assert number in repr(told)
        form = await bo.says("type", "!answer", under=cards[0].id)
        assert "form=WireForm" in repr(form)
        for sentence in ("show", "queue", "desk", "who", "statement", "release"):
            assert await bo.says("type", f"!{sentence}", under=cards[0].id) is not None
        for channel in ("login", *(f"@{name.lower()}" for name in EXPERTS)):
            await http.get("/screen", params={"channel": channel})


async def check_others_see_it(keys: Keys, numbers: list[str]) -> None:
    """Whoever should read it does: what is masked is not lost."""
    for name in ("Sam", "shop"):
        for number, way in zip(numbers, ("plain", "kanari.tagged+shop", *list(WAYS)[2:]), strict=True):
            found = (await keys[name].get(f"/questions/{number}/messages")).raise_for_status().json()["messages"]
            assert way in found[0]["text"].casefold(), (name, number, found[0])
    texts = str((await keys["Sam"].get(f"/questions/{numbers[0]}/messages")).json())
    assert all(f"kanari-{each}@" in texts for each in ("note", "staff-note", "reply", "complaint", "thanks"))
