"""Whatever people do, in whatever order: nothing is forgotten, said twice, shown to the wrong eyes, or lost."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.lifecycle.question import SENDING
from bot.model import Answer, Category, Place, PostKind, PostState, Question, State
from bot.wording.plain import plain_card
from tests.walk import CUSTOMERS, EMAIL, EXPERTS, PHONE, STAFF, Step, Walk
from tests.world import World

WALKS, STEPS = 8, 60
LONG_WALKS, LONG_STEPS = 400, 150

CHANNELS = ("web:billing", "web:account", "web:help", "web:games", "web:extra")
OUTWARD = {"answer", "clarify", "correct", "override", "approve"}
OWN_WORDS = {"ask", "reply", "not-yet", "helped", "appeal", "flag", "note"}
STAFF_ONLY = {"staff note", "appeal", "flag"}
WORD = re.compile(r"wordy\d+x\d+")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        walks = LONG_WALKS if metafunc.config.getoption("--proofs") else WALKS
        metafunc.parametrize("seed", range(walks))


async def test_anything_in_any_order(tmp_path: Path, seed: int, proofs: bool) -> None:
    walk = await Walk.begins(tmp_path / "world.db", seed)
    checks = Checks(walk)
    try:
        for _ in range(LONG_STEPS if proofs else STEPS):
            await checks.after(await walk.steps_on())
        await checks.at_the_end()
    except BaseException as failure:
        failure.add_note(f"seed {seed}\n{walk.story()}")
        raise
    finally:
        await walk.world.app.store.close()


class Checks:
    """What must be true after every step. `sent` are the texts that were let out to a customer at some time, by word;
    `kept` are the words that must be among their author's drafts, by question and author."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.sent: set[str] = set()
        self.kept: dict[tuple[int, str], set[str]] = {}
        self.looked = 0
        self.word_of: dict[tuple[int, int], str] = {}

    @property
    def world(self) -> World:
        return self.walk.world

    async def after(self, step: Step) -> None:
        upcoming = await self.world.app.views.next_due()
        assert upcoming is None or upcoming > self.world.now, "a timer that is due stays due"
        categories = {each.name: each for each in await self.world.app.views.categories()}
        for number in self.walk.questions:
            question = await self.world.question(number)
            facts = await self.world.app.views.facts(number, now=self.world.now)
            words = {each.number: WORD.findall(each.text) for each in facts.messages.values()}
            for text in question.answers:
                if text.release_at is not None and text.release_at <= self.world.now:
                    self.sent.update(words.get(text.message, ()))
            self.somebody_cares(question, categories[question.category])
            await self.drafts_are_kept(step, question)
        self.right_eyes_only(categories)
        self.replies_tell_nothing(step, categories)
        self.said_once()
        await self.cards_are_true()
        assert await self.world.findings() == ()

    async def at_the_end(self) -> None:
        """When every place is well again and time has passed, every answer that was let out has arrived."""
        self.world.screen.closed.clear()
        self.world.screen.trouble.clear()
        await self.world.passes(hours=2)
        for number in self.walk.questions:
            question = await self.world.question(number)
            for text in question.answers:
                if text.release_at is not None:
                    assert text.delivered_at is not None, (number, text)
        await self.cards_are_true(settled=True)
        await self.world.passes(days=40)
        for number in self.walk.questions:
            question = await self.world.question(number)
            assert question.state is not State.ANSWERED, "silence ends it"
            assert question.state is not State.WAITING, "no reply ends it"

    # --- nothing is forgotten

    def somebody_cares(self, question: Question, category: Category) -> None:
        where = (question.id, question.state)
        for text in question.answers:
            if text.release_at is None:
                assert question.state in (State.REVIEW, State.ANSWERED, State.SOLVED), (where, "nobody can approve it")
            elif text.release_at > self.world.now:
                assert question.state in SENDING, (where, "its author cannot undo it")
        match question.state:
            case State.OPEN:
                assert question.offered, where
                assert category.open_to_experts or question.staffed, (where, "no expert may claim it")
            case State.CLAIMED:
                assert question.holder is not None, where
                assert question.held_until is not None, where
                assert question.held_until > self.world.now, where
            case State.WAITING:
                assert question.holder is not None, where
            case State.REVIEW:
                assert any(each.release_at is None for each in question.answers), where
            case State.ANSWERED:
                assert question.answer is not None, where
            case State.HELD | State.ESCALATED:
                assert question.staffed, where
        if question.state in (State.SOLVED, State.CLOSED):
            assert question.escrow == 0, where

    # --- nothing is lost

    async def drafts_are_kept(self, step: Step, question: Question) -> None:
        before = self.walk.before.get(question.id)
        numbers = {each.message for each in question.answers}
        gone = [each for each in before.answers if each.message not in numbers] if before else []
        words = {text.word: text for text in self.walk.texts.values() if text.question == question.id}
        mine = step.question == question.id and step.said is not None
        if mine and step.word and step.verb in ("answer", "clarify", "correct", "override"):
            receipt = getattr(step.said.reply, "receipt", None)
            refused = receipt is not None and receipt.refused and receipt.reason != "not-found"
            key = (question.id, step.by)
            if refused:
                self.kept.setdefault(key, set()).add(step.word)
            elif receipt is not None and step.verb in ("answer", "override"):
                self.kept.pop(key, None)
        if mine and step.verb == "redact":
            gone = []
        for text in gone:
            author = self.walk.someone(text.author)
            word = self.word_of.get((question.id, text.message))
            if author is not None and word in words and step.verb != "erase":
                self.kept.setdefault((question.id, author.name), set()).add(word)
        facts = await self.world.app.views.facts(question.id, now=self.world.now)
        for message in facts.messages.values():
            found = WORD.findall(message.text)
            if found:
                self.word_of[(question.id, message.number)] = found[0]
        for (number, name), expected in self.kept.items():
            if number == question.id and name not in CUSTOMERS:
                draft = await self.world.people[name].draft(number)
                for word in expected:
                    assert word in draft, (f"{name}'s text is lost", word)

    # --- only the right eyes

    def right_eyes_only(self, categories: dict[str, Category]) -> None:
        ever = self.world.screen.ever
        for place, shown in ever[self.looked :]:
            self._look_at(place, shown)
        self.looked = len(ever)

    def _look_at(self, place: Place, shown: str) -> None:
        name = place.removeprefix("web:@")
        for word in WORD.findall(shown):
            text = self.walk.texts.get(word)
            if text is None:
                continue  # a text of a step that said something else in the end
            verb = text.verb.split(" ")[0] if text.verb != "staff note" else text.verb
            if name in CUSTOMERS or name == "eve":
                own = text.by == name and verb in OWN_WORDS | {"answer", "clarify"}
                assert own or verb in OUTWARD, (f"{place} saw {text}", shown)
                assert own or word in self.sent, (f"{place} saw what was never sent", text, shown)
            if place in CHANNELS or name in EXPERTS:
                assert text.verb not in STAFF_ONLY, (f"{place} saw {text}", shown)
            if place in CHANNELS:
                assert text.verb != "override-reason", (f"{place} saw {text}", shown)
                assert verb != "revise", (f"{place} saw {text}", shown)
            if place == "web:account":
                assert verb not in OWN_WORDS - {"note"}, (f"{place} saw {text}", shown)
                assert verb not in OUTWARD, (f"{place} saw {text}", shown)
        if place in CHANNELS or name in EXPERTS:
            assert EMAIL not in shown.casefold(), (place, shown)
            assert PHONE not in shown, (place, shown)

    def replies_tell_nothing(self, step: Step, categories: dict[str, Category]) -> None:
        """What somebody is told at once: nothing of other people's questions."""
        if step.said is None or step.by in STAFF or step.question is None:
            return
        form = not hasattr(step.said.reply, "card")
        shown = " ".join(quote.text for quote in step.said.reply.quotes) if form else step.said.text
        shown += " ".join(entry.value for entry in step.said.reply.entries) if form else ""
        before = self.walk.before.get(step.question)
        customer = self.walk.someone(before.customer) if before else None
        if customer is not None and customer.name == step.by:
            return
        for word in WORD.findall(shown):
            text = self.walk.texts.get(word)
            if text is None or text.by == step.by:
                continue
            assert text.verb not in STAFF_ONLY | {"override-reason"}, (step.what, shown)
            assert step.by in EXPERTS, (step.what, shown)
        if step.by in EXPERTS:
            shown = " ".join(quote.text for quote in step.said.reply.quotes) if form else step.said.text
            assert EMAIL not in shown or EMAIL in step.what, (step.what, shown)

    # --- posts

    def said_once(self) -> None:
        for (place, slot), times in Counter(self.world.screen.first_posts).items():
            if "/m/" in slot and place.startswith("web:@"):
                assert times == 1, f"{place} got {slot} {times} times"

    async def cards_are_true(self, settled: bool = False) -> None:
        """Every card shows what it would show if it were written now."""
        world = self.world
        for place in (*CHANNELS, "web:staff"):
            if not settled and (world.screen.closed or world.screen.trouble):
                return
            if not settled and await world.courier.serve(Place(place)) is not None:
                continue  # the platform asked to come back later
            for post in await world.app.views.posts(Place(place), limit=500):
                if post.notice.kind is not PostKind.CARD or post.notice.question is None:
                    continue
                question = await world.question(post.notice.question)
                if _moving(question, world.now):
                    continue
                if not settled and post.state is not PostState.READY:
                    continue
                card = await world.app.render(post)
                shown = next((each for each in world.shown(place) if each.key == post.key), None)
                if shown is None:
                    assert card is None or post.notice.absent, (place, post)
                else:
                    assert card is not None, (place, post, shown.text)
                    assert shown.text == plain_card(card), (place, post.notice.slot)


def _moving(question: Question, now: int) -> bool:
    """Whether a text counts down on its card."""
    return any(_unreleased(each, now) for each in question.answers)


def _unreleased(text: Answer, now: int) -> bool:
    return text.delivered_at is None and text.release_at is not None
