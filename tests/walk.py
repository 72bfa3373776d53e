"""Everything that everybody can do, done at random in one world, for stories that nobody would think of."""

import random
from dataclasses import dataclass, field
from pathlib import Path

from bot.model import PersonId, Place, Question, QuestionId, Rank, StaffRole
from bot.ports import Blocked, Busy, Gone, Unknown
from tests.world import Said, Someone, World

EMAIL = "canary.ann@example.org"
PHONE = "+49 171 2345678"

BY_EXPERTS = (
    *("claim",) * 8,
    *("answer {text}",) * 5,
    "answer", "answer ok {word}", "clarify {text}", "clarify {text}", "undo {m}", "undo {m}", "send now {m}",
    "correct {m} {text}", "correct {m} {text}", "extend", "release", "pass {text}", "veto", "escalate", "escalate",
    "note {text}", "approve {m}", "approve {m}", "approve {m} {text}", "revise {m} {text}", "appeal {text}",
    "flag {m} {text}", "try now {m}", "show", "answer {text} write to me at me@example.com", "queue", "desk",
    "revise {m}", "correct {m}", "helped {m}", "take", "pause 30", "resume", "quiet 20 7", "{noise}", "money",
)  # fmt: skip
BY_STAFF = (
    "admit", "admit", "take", "take", "assign @{expert}", "assign @{expert}", "hand back", "hand back",
    "answer {text}", "answer {text}", "answer", "clarify {text}", "confirm", "deny", "override", "override",
    "undo {m}", "undo {m}", "send now {m}", "approve {m}", "approve {m} {text}", "revise {m} {text}", "note {text}",
    "staff note {text}", "redact {any}", "close spam", "close abuse", "close duplicate", "reopen", "reopen", "raise 5",
    "correct {m} {text}", "try now {m}", "claim", "release", "inbox", "show", "{noise}", "who", "block @ben",
    "unblock @ben", "override {text}", "extend", "escalate", "veto",
)  # fmt: skip
BY_LEAD = (
    "category-close {category}", "category-open {category}", "category-open {category}",
    "category-set {category} channels web:{category}, web:extra", "category-set {category} channels web:{category}",
    "category-set games unit USD", "category-set games unit gems", "category-set {category} bounty 3",
    "suspend @{expert} too slow", "reinstate @{expert}", "reinstate @{expert}", "enrol @{expert} journeyman",
    "enrol @al apprentice", "enrol @mo master", "category-set billing private {yes}",
)  # fmt: skip
BY_CUSTOMERS = (
    *("helped {m}",) * 4, *("not-yet {m} {complaint}",) * 5, "not-yet {m} {complaint} {text}", "helped {m} {text}",
    "staff please", "withdraw", "appeal {text}", "flag {m} {text}", "{noise}", "answer {text}", "claim", "show",
    "clarify", "override", "revise {m}", "approve {m}", "note {text}",
)  # fmt: skip
NOISE = ("", "  ", "\x00", "answer", "helped 99 x", "Q0O1 claim", "!!", "undo", "@everyone", "assign", "\ud800 claim",
         "not-yet", "claim QZZZZ", "raise -1", "redact", "x" * 5_000, "answer\u202e now", "12", "close", "+10",
         "clain", "statement @ann", "pause x", "quiet 99", "category-set", "escalate safety")  # fmt: skip
SPANS = (1, 5, 10, 19, 20, 21, 21, 60, 125, 200, 600, 901, 901, 1_900, 4_000, 15_000, 90_000, 200_000, 270_000, 700_000)
COMPLAINTS = ("did-not-work", "not-understood", "other-topic", "someone-else")
CUSTOMERS, EXPERTS, STAFF = ("ann", "ben"), ("bo", "cy", "al", "mo"), ("stu", "lea")
CATEGORIES = ("billing", "account", "help", "games")


@dataclass(slots=True)
class Text:
    """Something somebody wrote, found again by its word."""

    word: str
    by: str
    verb: str
    question: QuestionId
    personal: bool  # names a value by which the customer is known


@dataclass(slots=True)
class Step:
    """What was done last, for the checks and for whoever reads a failure."""

    what: str
    by: str = ""
    verb: str = ""
    question: QuestionId | None = None
    word: str = ""
    said: Said | None = None


@dataclass(slots=True)
class Walk:
    """`texts` is everything that was written; `before` the questions as they were before the step."""

    world: World
    path: Path
    chance: random.Random
    texts: dict[str, Text] = field(default_factory=dict)
    questions: list[QuestionId] = field(default_factory=list)
    before: dict[QuestionId, Question] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)

    @classmethod
    async def begins(cls, path: Path, seed: int) -> "Walk":
        world = await World.begins(path)
        await world.category("account", private=True, review_percent=30)
        await world.category("help", bounty=0)
        await world.category("games", unit="gems", bounty=50)
        await world.customer("ann", known=(("email", EMAIL), ("phone", PHONE)))
        await world.customer("ben")
        await world.customer("eve")
        await world.expert("bo")
        await world.expert("cy")
        await world.expert("al", Rank.APPRENTICE)
        await world.expert("mo", Rank.MASTER)
        await world.staff("stu", StaffRole.AGENT)
        await world.staff("lea")
        return cls(world, path, random.Random(seed))

    async def steps_on(self) -> Step:
        """One more thing happens."""
        self.before = {number: await self.world.question(number) for number in self.questions}
        kinds = {
            self._asks: 5 if len(self.questions) < 4 else 1,
            self._expert: 30,
            self._staff: 15,
            self._customer: 14,
            self._writes: 4,
            self._lead: 2,
            self._time: 9,
            self._trouble: 3,
            self._restart: 1,
            self._erase: 0.15,
        }
        act = self.chance.choices(list(kinds), list(kinds.values()))[0]
        step = Step(what="")
        self.steps.append(step)
        await act(step)
        return step

    def story(self) -> str:
        return "\n".join(f"{number}: {step.what}" for number, step in enumerate(self.steps))

    # --- what can happen

    async def _asks(self, step: Step) -> None:
        name, category = self.chance.choice(CUSTOMERS), self.chance.choice(CATEGORIES)
        text, word = self._text(name, "ask", QuestionId(0))
        if self.chance.random() < 0.1:
            text += " My card is 4111 1111 1111 1111."
        wanted = self.chance.random() < 0.1
        step.what, step.by, step.verb, step.word = f"{name} asks in {category}: {text!r}", name, "ask", word
        someone = self.world.people[name]
        step.said = await someone.tries_to_ask(text, category=category, staff_wanted=wanted)
        number = step.said.receipt.question
        if not step.said.refused and number is not None:
            self.questions.append(number)
            self.texts[word].question = number
            step.question = number
            if name in self.erased:
                self.erased.discard(name)
                someone.id = (await self.world.question(number)).customer

    async def _expert(self, step: Step) -> None:
        number = await self._number()
        question = await self.world.question(number) if number else None
        name = self.chance.choice(EXPERTS)
        holder = next((each.name for each in self.world.people.values() if question and each.id == question.holder), "")
        sentences = BY_EXPERTS
        if holder in EXPERTS and self.chance.random() < 0.8:
            name, sentences = holder, (*BY_EXPERTS, *("answer {text}",) * 10)
        await self._says(step, name, sentences, number)

    async def _staff(self, step: Step) -> None:
        await self._says(step, self.chance.choice(STAFF), BY_STAFF, await self._number())

    async def _lead(self, step: Step) -> None:
        await self._says(step, "lea", BY_LEAD, None)

    async def _customer(self, step: Step) -> None:
        number = await self._number()
        name = self.chance.choice((*CUSTOMERS, "eve"))
        if number is not None and self.chance.random() < 0.85:
            question = await self.world.question(number)
            name = next((each.name for each in self.world.people.values() if each.id == question.customer), name)
        await self._says(step, name, BY_CUSTOMERS, number)

    async def _writes(self, step: Step) -> None:
        number = await self._number()
        if number is None:
            return
        question = await self.world.question(number)
        name = next((each.name for each in self.world.people.values() if each.id == question.customer), "ben")
        text, word = self._text(name, "reply", number)
        if self.chance.random() < 0.2:
            text, word = "Thank you!", ""
        step.what, step.by, step.verb, step.word, step.question = f"{name} writes {text!r}", name, "reply", word, number
        step.said = await self.world.people[name].writes(text, number)

    async def _says(self, step: Step, name: str, sentences: tuple[str, ...], number: QuestionId | None) -> None:
        sentence = self.chance.choice(sentences)
        question = await self.world.question(number) if number else None
        verb = sentence.split(" {")[0]
        text, word = self._text(name, verb, number or QuestionId(0))
        answers = [each.message for each in question.answers] if question else []
        meant = self.chance.choice([*answers, *answers[-1:] * 5]) if answers else 1
        said = sentence.format(
            text=text,
            word=word,
            m=meant,
            any=self.chance.randint(1, max(1, question.messages if question else 1)),
            expert=self.chance.choice(EXPERTS),
            category=self.chance.choice(CATEGORIES),
            complaint=self.chance.choice(COMPLAINTS),
            noise=self.chance.choice(NOISE),
            yes=self.chance.choice(("yes", "no")),
        )
        values = {}
        if sentence == "escalate":
            reason = self.chance.choice(("needs-account", "bug", "abuse", "safety", "other"))
            values = {"reason": reason, "tried": text, "check": "The books, please."}
        if sentence == "override":
            why, _ = self._text(name, "override-reason", number or QuestionId(0))
            values = {"words": text, "reason": why, "pay_percent": self.chance.choice(("0", "50", "100"))}
        step.what, step.by, step.verb, step.question = f"{name} about {number}: {said!r} {values}", name, verb, number
        step.word = word if word in said or sentence in ("override", "escalate") else ""
        if not step.word:
            del self.texts[word]
        step.said = await self.world.people[name].says(said, number, values=values)

    async def _time(self, step: Step) -> None:
        seconds = self.chance.choice(SPANS)
        step.what = f"{seconds} s pass"
        await self.world.passes(seconds=seconds)

    async def _trouble(self, step: Step) -> None:
        screen = self.world.screen
        if screen.closed and self.chance.random() < 0.6:
            place = self.chance.choice(sorted(screen.closed))
            del screen.closed[place]
            step.what = f"{place} is well again"
            return
        place = self.chance.choice([Place(f"web:@{name}") for name in (*CUSTOMERS, *EXPERTS)] + [Place("web:billing")])
        kind = self.chance.choice(("once", "closed", "closed"))
        trouble = self.chance.choice((Unknown(), Busy(7), Blocked("mailbox-full"), Gone("thread")))
        step.what = f"trouble {kind}: {place} {trouble!r}"
        if kind == "once":
            screen.trouble.append(trouble)
        elif not isinstance(trouble, Gone):
            # A platform that is busy for days asks for patience, not for a try every few seconds.
            screen.closed[place] = Busy(900) if isinstance(trouble, Busy) else trouble

    async def _restart(self, step: Step) -> None:
        after_ms = self.chance.choice((0, 5_000, 3_600_000))
        step.what = f"a stop for {after_ms} ms"
        self.world = await self.world.begins_again(self.path, after_ms=after_ms)

    async def _erase(self, step: Step) -> None:
        person = self.world.people["ann"].id
        step.what, step.verb, step.by = "ann is erased", "erase", "ann"
        self.erased.add("ann")
        await self.world.app.erase(person)
        await self.world.settles()

    # --- words and numbers

    async def _number(self) -> QuestionId | None:
        """Mostly the one that something was just done about: what interferes, interferes soon."""
        last = next((step.question for step in reversed(self.steps[-4:]) if step.question), None)
        if last in self.questions and self.chance.random() < 0.6:
            return last
        return self.chance.choice([*self.questions, *self.questions[-3:] * 3]) if self.questions else None

    def _text(self, by: str, verb: str, question: QuestionId) -> tuple[str, str]:
        word = f"wordy{len(self.texts)}x{self.chance.randrange(10**6)}"
        personal = self.chance.random() < 0.15
        text = f"I say {word} about this matter, which takes some forty characters or more."
        if personal:
            text += f" Ask {EMAIL} or {PHONE}."
        self.texts[word] = Text(word, by, verb, question, personal)
        return text, word

    def someone(self, person: PersonId | None) -> Someone | None:
        return next((each for each in self.world.people.values() if each.id == person), None)
