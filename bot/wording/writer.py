"""What every card and line is written with: sentences that know the question, its people and its times."""

import unicodedata
from collections.abc import Callable
from enum import StrEnum

from bot.card import Button, Card, Moment, Quote, Tone, Weight, moment_sign
from bot.lifecycle.hours import staffed_from
from bot.market.pay import share_cents
from bot.model import (
    Answer,
    Audience,
    Category,
    Escalation,
    Kind,
    Message,
    PersonId,
    Question,
    QuestionId,
    money_text,
    platform_of,
    spoken_number,
)
from bot.policy import DAY_MS, HOUR_MS, SECOND_MS
from bot.ports import Facts
from bot.wording.catalogue import Tongue, placeholders, tongue

_NAME_CHARS = 60


class Eyes(StrEnum):
    """Whose eyes a text is written for. Experts are outsiders and see masked words only."""

    EXPERT = "expert"
    STAFF = "staff"
    CUSTOMER = "customer"


class Writer:
    """Writes one card: fills the placeholders of sentences from `facts` and gathers the moments they mention."""

    def __init__(
        self, facts: Facts, eyes: Eyes, speech: Tongue | None = None, number: QuestionId | None = None
    ) -> None:
        self.facts = facts
        self.eyes = eyes
        self.tongue = speech or tongue()
        self.number = facts.question.id if facts.question else number
        self.moments: list[Moment] = []

    # --- sentences

    def say(self, key: str, **values: str | int) -> str:
        """The sentence, with what `values` does not give looked up: {number}, {holder}, {until}, any policy number."""
        missing = placeholders(self.tongue.sentences[key]) - values.keys()
        return self.tongue.say(key, **{name: self._word(name) for name in missing}, **values)

    def first(self, *keys: str, **values: str | int) -> str:
        """The first of these sentences that the language has."""
        return self.say(next(key for key in keys if self.tongue.knows(key)), **values)

    def time(self, at: int) -> str:
        return self._moment(Moment(at=at))

    def day(self, at: int) -> str:
        return self._moment(Moment(at=at, style="day"))

    def ago(self, at: int) -> str:
        return self._moment(Moment(at=at, style="ago"))

    def name(self, person: PersonId | None) -> str:
        """`Ana`, or `Ben (Acme staff)`: a person in a sentence. Experts are not told what the customer is called."""
        if person and self.facts.question and person == self.facts.question.customer and self.eyes is Eyes.EXPERT:
            return self.say("the-customer")
        known = self.facts.people.get(person) if person else None
        if known is None:
            return self.say("somebody")
        plain = plain_name(known.name)
        return self.say("staff-person", name=plain) if known.staff else plain

    def first_name(self, person: PersonId | None) -> str:
        """The name alone, where the sentence says what the person is."""
        known = self.facts.people.get(person) if person else None
        return plain_name(known.name) if known else self.say("somebody")

    def money(self, amount: int) -> str:
        return money_text(amount, self.question.unit)

    def card(
        self,
        title: str,
        *,
        body: str = "",
        tone: Tone = Tone.CALM,
        quotes: tuple[Quote, ...] = (),
        buttons: tuple[Button, ...] = (),
        footnote: str = "",
        compact: bool = False,
    ) -> Card:
        """A sentence of several lines is a title with a body."""
        title, _, below = title.partition("\n")
        return Card(
            title=title,
            body="\n".join(part for part in (below, body) if part),
            tone=tone,
            quotes=quotes,
            buttons=buttons,
            footnote=footnote,
            compact=compact,
            moments=tuple(self.moments),
        )

    def button(
        self,
        verb: str,
        *,
        message: int | None = None,
        main: bool = False,
        danger: bool = False,
        carries: bool = False,
    ) -> Button:
        """`verb` names the label; pressing it says the verb, the question's number and the message's, if given."""
        assert self.number is not None, "a button's sentence names its question"
        sentence = [
            _VERBS.get(verb, verb),
            spoken_number(self.number),
            *([str(message)] if message is not None else []),
        ]
        weight = Weight.MAIN if main else Weight.DANGER if danger else Weight.PLAIN
        return Button(label=self.say(f"button.{verb}"), sentence=" ".join(sentence), weight=weight, carries=carries)

    def quote(self, message: Message, author: str = "", chars_max: int = 0) -> Quote:
        """A message as these eyes may read it; 0 characters mean all of it."""
        text = self.words(message)
        if 0 < chars_max < len(text):
            text = text[: chars_max - 1].rstrip() + "…"
        return Quote(author=author, text=text)

    def words(self, message: Message) -> str:
        if message.redacted:
            return self.say("removed")
        if not message.text:
            return self.say("files.only")
        return _without_moment_signs(message.shown_text if self.eyes is Eyes.EXPERT else message.text)

    # --- facts

    @property
    def question(self) -> Question:
        assert self.facts.question is not None, "this sentence is about a question"
        return self.facts.question

    @property
    def category(self) -> Category:
        assert self.facts.category is not None, "a question has a category"
        return self.facts.category

    @property
    def promised_at(self) -> int:
        """When staff owe an answer: so many staffed minutes after it came to them."""
        handed_over = self.handed_over
        since = handed_over.went_at if handed_over and handed_over.went_at is not None else self.question.since
        return staffed_from(self.category.staff_hours, since, self.facts.policy.staff_answer_staffed_minutes)

    @property
    def handed_over(self) -> Escalation | None:
        """The expert's escalation, while it is why staff have the question: nobody has answered since."""
        escalation = self.question.escalation
        if escalation is None or escalation.went_at is None:
            return None
        went_at = escalation.went_at
        return None if any(each.at > went_at for each in self.question.answers) else escalation

    def message(self, number: int | None) -> Message | None:
        return self.facts.messages.get(number) if number is not None else None

    def newest(self, *kinds: Kind) -> Message | None:
        found = [each for each in self.facts.messages.values() if each.kind in kinds]
        return max(found, key=lambda each: each.number, default=None)

    # --- words that sentences may use without being given them

    def _word(self, name: str) -> str | int:
        words: dict[str, Callable[[], str | int]] = {
            "company": lambda: plain_name(self.facts.company),
            "a_company": lambda: self.tongue.with_article(plain_name(self.facts.company)),
            "number": self._number,
            "category": lambda: plain_name(self.category.title),
            "language": self._language,
            "reward": self._reward,
            "holder": lambda: self.name(self.question.holder),
            "author": lambda: self.name(self._answer.author),
            "until": lambda: self.time(self.question.held_until or self.facts.now),
            "waiting": lambda: self.ago(self.question.asked_at),
            "promised": lambda: self.day(self.promised_at),
            "way": lambda: self._by_platform("way"),
            "here": lambda: self._by_platform("here"),
            "seconds": self._seconds,
            "verdict_until": lambda: self.day(self._verdict_until),
            "reply_until": lambda: self.day(
                self.question.since + self.question.grace_ms + self.facts.policy.reply_expires_hours * HOUR_MS
            ),
            "reopen_until": lambda: self.day(
                (self.question.solved_at or self.question.since) + self.facts.policy.not_yet_days * DAY_MS
            ),
        }
        found = words.get(name)
        if found is not None:
            return found()
        value = getattr(self.facts.policy, name)
        assert isinstance(value, int)
        return value

    def _number(self) -> str:
        return spoken_number(self.number) if self.number is not None else self.say("unnumbered")

    def _language(self) -> str:
        key = f"language.{self.question.language.partition('-')[0]}"
        return self.say(key) if self.tongue.knows(key) else plain_name(self.question.language)

    def _reward(self) -> str:
        share = share_cents(self.question, self.facts.policy)
        return self.money(share) if share else self.say("volunteer")

    def _by_platform(self, key: str) -> str:
        """How texts reach the customer."""
        return self.first(f"{key}.{platform_of(self.question.origin)}", key)

    def _seconds(self) -> int:
        """Whole seconds until the text on its way is released."""
        release_at = next((each.release_at for each in reversed(self.question.answers) if each.release_at), None)
        left = max(0, (release_at or self.facts.now) - self.facts.now)
        return -(-left // SECOND_MS)

    @property
    def _answer(self) -> Answer:
        answer = self.question.answer
        assert answer is not None, "this sentence is about an answer"
        return answer

    @property
    def _verdict_until(self) -> int:
        delivered_at = self._answer.delivered_at or self.facts.now
        return delivered_at + self.question.grace_ms + self.facts.policy.silence_hours * HOUR_MS

    def _moment(self, moment: Moment) -> str:
        if moment not in self.moments:
            self.moments.append(moment)
        return moment_sign(self.moments.index(moment))


def plain_name(name: str) -> str:
    """A name as one short run of plain characters: nothing that breaks a line, hides, or stands for a moment."""
    seen = "".join(" " if sign.isspace() else sign for sign in name)
    kept = "".join(sign for sign in seen if sign == " " or not unicodedata.category(sign).startswith(("C", "Z")))
    return " ".join(kept.split())[:_NAME_CHARS].rstrip() or "?"


def readable(message: Message, eyes: Eyes, reader: PersonId | None) -> bool:
    """Whether these eyes may see the message at all: nothing internal goes further than it was meant to."""
    match message.audience:
        case Audience.EVERYONE:
            return True
        case Audience.INTERNAL:
            return eyes is not Eyes.CUSTOMER
        case Audience.STAFF:
            return eyes is Eyes.STAFF
        case Audience.PERSON:
            return eyes is Eyes.STAFF or (message.to is not None and message.to == reader)


# Buttons that say another verb than their label's id.
_VERBS = {"answer-again": "answer", "wrong": "appeal", "send-words": "answer", "keep-note": "note"}


def _without_moment_signs(text: str) -> str:
    return "".join(sign for sign in text if not "\ue000" <= sign <= "\ue0ff")
