"""One's own page in a living house: it follows what happens, and each of its buttons does what it says."""

from pathlib import Path

import pytest

from bot.app import gathering
from bot.app.home import home
from bot.card import Card, Form
from bot.model import Person, PersonId, Place, Rank, StaffRole, State, spoken_number
from bot.ports import Blocked
from bot.wording import plain_card
from tests.world import Someone, World

LONG = "First try this, and if that does not help, come back and say what you saw. "
SECRET = "My card 4111 1111 1111 1111 was charged twice, why is that?"


async def page(person: Someone) -> tuple[Card, ...]:
    known = await person.world.app.views.person(person.id)
    assert known is not None
    return await home(person.world.app.reader, known)


async def text(person: Someone) -> str:
    return "\n\n".join(plain_card(each, now=person.world.now) for each in await page(person))


async def sentences(person: Someone) -> list[str]:
    return [button.sentence for card in await page(person) for button in card.buttons]


# --- what stands on it


async def test_an_experts_page_follows_the_question(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    assert "Nothing is open just now." in await text(bo)
    question = await ann.asks("Why was I billed twice for the same month?")
    number = spoken_number(question)
    await world.passes(minutes=7)
    assert f"{number} · Billing · English · $1.40 to you · waiting 7 min" in await text(bo)

    await bo.says("claim", question)
    seen = await text(bo)
    assert "Yours until 12:22." in seen
    assert "> Why was I billed twice for the same month?" in seen
    assert "Nothing is open just now." in seen

    await bo.says("clarify Which of the two months was it, the first or the second one?", question)
    await world.passes(seconds=21)
    assert "You asked the customer back." in await text(bo)
    await ann.writes("It was the second one.", question)
    assert "> It was the second one." in await text(bo)

    await bo.says("answer It is a hold by your bank, and it goes away within three days.", question)
    await world.passes(seconds=21)
    assert "You have no question in hand." in await text(bo)
    await ann.says("helped", question)
    seen = await text(bo)
    assert "Solved in 30 days: 1" in seen
    assert "Pending: $1.40" in seen
    assert "Points: 10" in seen
    await world.passes(days=31)
    assert "Solved in 30 days: 0" in await text(bo)


async def test_a_draft_stays_on_the_page_of_whoever_began_it(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await ann.asks("How do I cancel before the month ends?")
    await bo.says("claim", question)
    await bo.says("answer Too short.", question)
    assert "Your draft:\n> Too short." in await text(bo)
    assert (await text(bo)).count("Too short.") == 1, "in hand, and not once more below"
    assert f"answer {spoken_number(question)}" in await sentences(bo)
    await bo.says("release", question)
    assert "Open to you still." in await text(bo)
    await cy.says("claim", question)
    seen = await text(bo)
    assert "It is not yours to answer now. Your text is kept." in seen
    assert "> Too short." in seen
    assert "Too short." not in await text(cy)


async def test_private_words_are_for_whoever_holds_the_question(world: World) -> None:
    await world.category("account", title="Account", private=True)
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy", rank=Rank.MASTER)
    question = await ann.asks("My account says that I live in Prague.", category="account")
    for outsider in (bo, cy):
        assert spoken_number(question) in await text(outsider)
        assert "Prague" not in await text(outsider)
    await bo.says("claim", question)
    assert "Prague" in await text(bo)
    assert "Prague" not in await text(cy)
    await world.passes(minutes=16)
    assert "Prague" not in await text(bo), "the claim has lapsed"


async def test_a_master_finds_the_texts_to_read_and_only_those(world: World) -> None:
    await world.category("account", title="Account", private=True)
    await world.category("plans", title="Plans", review_percent=100)
    bo, mo = await world.expert("bo", rank=Rank.APPRENTICE), await world.expert("mo", rank=Rank.MASTER)
    asked = {}
    for category, author in (("billing", bo), ("account", bo), ("plans", mo)):
        ann = await world.customer(f"ann-{category}")
        asked[category] = await ann.asks("Where do I find all of my old papers?", category=category)
        await author.says("claim", asked[category])
        await author.says("answer They are under Settings, Papers, and then All of them.", asked[category])
        assert (await world.state(asked[category])) is State.REVIEW
    offered = [each for each in await sentences(mo) if each.startswith("show")]
    assert offered == [f"show {spoken_number(asked['billing'])}"], "neither a private text nor one's own"
    assert not [each for each in await sentences(bo) if each.startswith("show")]
    shown = await mo.says(offered[0])
    assert "They are under Settings" in shown.text
    assert f"approve {spoken_number(asked['billing'])} 2" in shown.buttons


async def test_what_somebody_else_solved_in_the_end_is_not_counted(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await ann.asks("Why was I billed twice for the same month?")
    for author in (bo, cy):
        await author.says("claim", question)
        await author.says("answer It is a hold by your bank, and it goes away within three days.", question)
        await world.passes(seconds=21)
        await ann.says("not-yet someone-else" if author is bo else "helped", question)
    assert "Solved in 30 days: 0" in await text(bo)
    assert "Solved in 30 days: 1" in await text(cy)


async def test_a_break_is_taken_and_ended_from_the_page(world: World) -> None:
    bo = await world.expert("bo")
    form = (await bo.says("pause")).form
    await bo.says(form.sentence, values={form.entries[0].name: "2 h"})
    assert "You have a break until 14:00 today." in await text(bo)
    assert "pause" not in await sentences(bo)
    await bo.says("resume")
    assert "break" not in (await text(bo)).splitlines()[1]
    assert "resume" not in await sentences(bo)


async def test_staff_find_what_waits_for_them_the_oldest_first(world: World) -> None:
    ann, bo, ada = await world.customer("ann"), await world.expert("bo"), await world.staff("ada")
    cy, di = await world.customer("cy"), await world.expert("di", rank=Rank.APPRENTICE)
    assert "Nothing waits for staff." in await text(ada)
    held = await ann.asks(SECRET)
    await world.passes(minutes=1)
    wanted = await cy.asks("Please let me talk to somebody at the company.", staff_wanted=True)
    await world.passes(minutes=1)
    reviewed = await ann.asks("Where do I find the invoice of last month?")
    await di.says("claim", reviewed)
    await di.says("answer It is under Settings, Billing, and then All invoices.", reviewed)
    await world.passes(minutes=1)
    flagged = await cy.asks("How do I change my plan in the app?")
    await bo.says("claim", flagged)
    await bo.says("answer Open Plans, choose another one, and press Change now.", flagged)
    await world.passes(seconds=21)
    await cy.says("flag That is a very wrong answer.", flagged)

    inbox = [card for card in await page(ada) if card.title.startswith("Q") and "show" in str(card.buttons)]
    assert [card.title.split()[0] for card in inbox] == [
        spoken_number(each) for each in (held, wanted, reviewed, flagged)
    ]
    seen = await text(ada)
    assert "4111" in seen, "staff read what was written"
    assert "Flagged by" in seen
    assert "> It is under Settings, Billing, and then All invoices." in seen
    assert "4111" not in await text(bo)
    await ada.says("admit", held)
    assert spoken_number(held) not in "".join(card.title for card in await page(ada) if "show" in str(card.buttons))


async def test_what_cannot_be_delivered_waits_for_staff_too(world: World) -> None:
    ann, bo, ada = await world.customer("ann"), await world.expert("bo"), await world.staff("ada")
    question = await ann.asks("Why was I billed twice for the same month?")
    await bo.says("claim", question)
    world.screen.closed[Place("web:@ann")] = Blocked(why="mailbox-full", cure="wait")
    await bo.says("answer It is a hold by your bank, and it goes away within three days.", question)
    await world.passes(minutes=2)
    seen = await text(ada)
    assert "could not be delivered. The customer's mailbox is full." in seen
    assert any(each.startswith(f"try-now {spoken_number(question)} ") for each in await sentences(ada))


async def test_customers_find_their_own_questions_and_nobody_elses(world: World) -> None:
    ann, cy, bo = await world.customer("ann"), await world.customer("cy"), await world.expert("bo")
    assert "You have no question here yet. To ask something" in await text(ann)
    question = await ann.asks("Why was I billed twice for the same month?")
    assert "Your question is with our experts" in await text(ann)
    assert "billed twice" not in await text(cy)
    await bo.says("claim", question)
    assert "bo is reading your question" in await text(ann)
    await bo.says("answer It is a hold by your bank, and it goes away within three days.", question)
    assert "hold by your bank" not in await text(ann), "it can still be taken back"
    await world.passes(seconds=21)
    assert "> It is a hold by your bank, and it goes away within three days." in await text(ann)
    await ann.says("helped", question)
    assert f"{spoken_number(question)} is solved" in await text(ann)
    bo_asks = await bo.asks("Where do experts find their own yearly total?")
    assert f"{spoken_number(bo_asks)} · Your question is with our experts" in await text(bo)
    assert f"claim {spoken_number(bo_asks)}" not in await sentences(bo)


async def test_somebody_nobody_knows_sees_how_to_ask_and_nothing_else(world: World) -> None:
    ann = await world.customer("ann")
    await ann.asks("Why was I billed twice for the same month?")
    cards = await home(world.app.reader, Person(id=PersonId(""), name=""))
    assert len(cards) == 1
    assert "To ask something" in plain_card(cards[0])


async def test_the_blocked_and_the_suspended_keep_only_what_is_theirs(world: World) -> None:
    ann, bo, ada = await world.customer("ann"), await world.expert("bo"), await world.staff("ada")
    question = await ann.asks("Why was I billed twice for the same month?")
    await bo.says("claim", question)
    await ada.says(f"suspend p:{bo.id} too many complaints")
    seen = await text(bo)
    assert "You are suspended as an expert" in seen
    assert "billed twice" not in seen
    await ada.says(f"block p:{bo.id}")
    assert "Acme takes no questions from you here." in await text(bo)
    assert spoken_number(question) not in await text(bo)


# --- its buttons, pressed


@pytest.mark.parametrize("role", ["expert", "master", "staff", "customer"])
async def test_every_button_does_what_it_says(tmp_path: Path, role: str) -> None:
    """Each is pressed in a house of its own, as the page shows it."""
    pressed, number = set(), 0
    while True:
        world = await World.begins(tmp_path / f"{number}.db")
        try:
            people = await _busy_house(world)
            offered = await sentences(people[role])
            if number == len(offered):
                break
            said = await people[role].says(offered[number])
            pressed.add(offered[number].split()[0])
            if not isinstance(said.reply, Form) and said.reply.receipt is not None:
                assert not said.refused, f"{offered[number]}: {said.text}"
            assert "cannot show you" not in said.text, offered[number]
        finally:
            await world.ends()
        number += 1
    assert WANTED[role] <= pressed


WANTED = {
    "expert": {"answer", "extend", "release", "claim", "undo", "pause", "quiet", "help"},
    "master": {"claim", "show", "statement", "help"},
    "staff": {"admit", "take", "answer", "show", "claim", "staff-note", "help"},
    "customer": {"helped", "not-yet", "staff-please", "help"},
}


async def _busy_house(world: World) -> dict[str, Someone]:
    """Something of everything, without anybody's hands being full."""
    ann, cy = await world.customer("ann"), await world.customer("cy")
    bo, mo = await world.expert("bo", rank=Rank.APPRENTICE), await world.expert("mo", rank=Rank.MASTER)
    ada = await world.staff("ada", StaffRole.AGENT)
    await cy.asks("Please let me talk to somebody at the company.", staff_wanted=True)
    for customer in (ann, cy):
        solved = await customer.asks("How do I find my invoice of last month?")
        await mo.says("claim", solved)
        await mo.says("answer It is under Settings, Billing, and then All invoices.", solved)
        await world.passes(seconds=21)
        await customer.says("helped", solved)
    await cy.says("flag That is a very wrong answer.", solved)
    for asker, words in ((ann, "Why is the app so slow today?"), (cy, "Why is the app asking for a code?")):
        reviewed = await asker.asks(words)
        await bo.says("claim", reviewed)
        await bo.says("answer Close the app, wait for a minute, and open it again.", reviewed)
    held = await ann.asks("How do I close the account of my late aunt?")
    await bo.says("claim", held)
    await bo.says("answer Too short.", held)
    judged = await ann.asks("Can I pay by invoice instead of by card?")
    await mo.says("claim", judged)
    await mo.says("answer Yes: choose Invoice under Settings, Billing, Payment.", judged)
    await world.passes(seconds=21)
    await cy.asks("Can two people share one account with us?")
    await (await world.customer("di")).asks(SECRET)
    return {"expert": bo, "master": mo, "staff": ada, "customer": ann}


# --- how much there can be


async def test_the_fullest_page_fits_where_a_hundred_parts_do(world: World) -> None:
    ada, bo = await world.staff("ada"), await world.expert("bo")
    await ada.says(f"enrol p:{ada.id} master")
    for number in range(30):
        someone = await world.customer(f"c{number}")
        asked = await someone.asks(f"{LONG * 20} Number {number}?", staff_wanted=number < 9)
        await someone.writes(LONG * 20, asked)
        if number >= 18:
            await ada.says("take", asked)
        if number >= 24:
            await ada.says("clarify " + LONG, asked)
        elif number >= 12:
            await world.store.run(lambda work, to=asked: work.keep_draft(to, ada.id, LONG * 20, world.now))
    for number in range(3):
        await ada.asks(f"A question of staff themselves, number {number}?")
    cards = await page(ada)
    assert len(cards) == 23
    parts = sum(
        1 + len(each.quotes) + bool(each.fields) + bool(each.footnote) + bool(each.buttons) + 1 for each in cards
    )
    assert 80 < parts <= 100, "with a line between every two cards"
    assert len(await page(bo)) <= 25


async def test_counting_goes_on_past_the_first_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_ANSWERED_LOOKED_AT", (2, 4, 8))
    bo = await world.expert("bo")
    for number in range(5):
        ann = await world.customer(f"ann{number}")
        question = await ann.asks("Why was I billed twice for the same month?")
        await bo.says("claim", question)
        await bo.says("answer It is a hold by your bank, and it goes away within three days.", question)
        await world.passes(seconds=21)
        await ann.says("helped", question)
    assert await gathering.solved_lately(world.app.views, bo.id, world.now) == 5
