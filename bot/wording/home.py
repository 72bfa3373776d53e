"""One's own page, part by part: who one is and has earned, what one holds, has begun, could take and should look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.card import Button, Card, Field, Quote, Tone, Weight
from bot.decide import qualifies
from bot.lifecycle.question import ACTIVE
from bot.market.pay import share_cents
from bot.model import Expert, Person, Standing, State, Unit
from bot.policy import Policy
from bot.ports import Facts
from bot.wording.cards import customer_words, keeps_trying, standing, text_on_its_way, why_undelivered
from bot.wording.catalogue import Tongue, tongue_with
from bot.wording.home_inbox import WORDS_CHARS, Inbox, first_words, inbox_cards
from bot.wording.looks import balance_fields
from bot.wording.writer import Eyes, Writer, plain_name

_DRAFT_CHARS: Final = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What stands on the page of an expert or of staff; `facts` are those of no question.

    Each question comes with its own facts: those of `hand` and `begun` with this person's draft. `held` counts all
    that this person has claimed, `in_hand` all that is in hand, `more_begun` the drafts beyond `begun`. `solved` is
    how many questions they solved in the last `days`. `inbox` is None for whoever is not staff.
    """

    person: Person
    facts: Facts
    days: int
    solved: int
    balances: Mapping[tuple[str, Unit], int]
    hand: Sequence[Facts] = ()
    in_hand: int = 0
    held: int = 0
    begun: Sequence[Facts] = ()
    more_begun: int = 0
    open: Sequence[Facts] = ()
    more_open: bool = False
    reviews: Sequence[Facts] = ()
    inbox: Inbox | None = None

    @property
    def full(self) -> bool:
        """Whether this person can claim nothing more for now."""
        return self.person.staff is None and self.held >= self.facts.policy.claims_per_expert_max


def home_cards(home: Home) -> tuple[Card, ...]:
    """The page from its top to its end."""
    return (
        _head(home),
        *(_in_hand(home, each) for each in home.hand),
        *_drafts(home),
        *_open(home),
        *_reviews(home),
        *(inbox_cards(home.person, home.facts, home.inbox) if home.inbox is not None else ()),
    )


def way_up(expert: Expert, policy: Policy, speech: Tongue | None = None) -> str:
    """What is still to do for the next rank: `7 of 10 texts approved unchanged, then journeyman`."""
    speech = speech or tongue_with("home")
    values = {"approved": sum(expert.reviews), "rank_approvals_needed": policy.rank_approvals_needed}
    return speech.say(f"home.rank.{expert.rank}", **values)


# --- who one is


def _head(home: Home) -> Card:
    person, w = home.person, _writer(home.person, home.facts)
    name = plain_name(person.name)
    if person.staff is not None:
        title = w.say("home.staff", name=name, role=w.say(f"role.{person.staff}"))
    else:
        assert person.expert is not None, "the page of an expert or of staff"
        title = w.say("home.expert", name=name, rank=w.say(f"rank.{person.expert.rank}"))
    body = " ".join(_how_one_stands(home, w))
    fields = [Field(label=w.say("home.solved", days=home.days), value=str(home.solved))]
    fields += _rank_fields(home, w)
    fields += balance_fields(home.balances, w.tongue)
    card = w.card(title, body=body, buttons=tuple(_head_buttons(home, w)))
    return replace(card, fields=tuple(fields))


def _how_one_stands(home: Home, w: Writer) -> Iterator[str]:
    expert, now = home.person.expert, home.facts.now
    if expert is not None and expert.standing is Standing.SUSPENDED:
        yield w.say("no.suspended").replace("\n", " ")
    elif expert is not None and expert.standing is Standing.LEFT:
        yield w.say("home.left")
    elif _paused(expert, now):
        assert expert is not None
        yield w.say("home.paused", until=w.day(expert.paused_until or now))
    if home.in_hand > len(home.hand):
        yield w.say("home.more-in-hand", count=home.in_hand)
    elif not home.in_hand and (_active(expert) or home.person.staff is not None):
        yield w.say("home.nothing-in-hand")
    if _active(expert) and not home.balances:
        yield w.say("home.nothing-earned")


def _rank_fields(home: Home, w: Writer) -> list[Field]:
    expert = home.person.expert
    if expert is None or not _active(expert):
        return []
    hours = w.say("home.quiet.hours", start=expert.quiet_from_hour, end=expert.quiet_until_hour)
    if expert.quiet_from_hour == expert.quiet_until_hour:
        hours = w.say("home.quiet.none")
    ranks = (
        [] if home.person.staff else [Field(label=w.say("home.rank"), value=way_up(expert, w.facts.policy, w.tongue))]
    )
    return [*ranks, Field(label=w.say("home.quiet"), value=hours)]


def _head_buttons(home: Home, w: Writer) -> Iterator[Button]:
    expert = home.person.expert
    if _active(expert):
        if _paused(expert, home.facts.now):
            yield Button(label=w.say("button.back"), sentence="resume", weight=Weight.MAIN)
        else:
            yield Button(label=w.say("button.pause"), sentence="pause")
        yield Button(label=w.say("button.quiet"), sentence="quiet")
    if home.balances:
        yield Button(label=w.say("button.statement"), sentence="statement")
    yield Button(label=w.say("button.help"), sentence="help")


def _active(expert: Expert | None) -> bool:
    return expert is not None and expert.standing is Standing.ACTIVE


def _paused(expert: Expert | None, now: int) -> bool:
    return _active(expert) and expert is not None and (expert.paused_until or 0) > now


# --- what one holds


def _in_hand(home: Home, facts: Facts) -> Card:
    """A question in hand, with words only for whoever may still work on it."""
    person, w = home.person, _writer(home.person, facts)
    title = w.say("home.about" if person.staff else "home.hand")
    if not _may_work(person, facts):
        return w.card(title, body=w.say("home.stuck"))
    body, tone, buttons = _how_it_stands(w, person)
    words = customer_words(w)[0]
    quotes = [_cut(words[0])] if words else []
    if facts.draft:
        quotes.append(_draft_quote(w))
    elif words[1:]:
        quotes.append(_cut(words[-1]))
    return w.card(title, body=body, tone=tone, quotes=tuple(quotes), buttons=buttons)


def _how_it_stands(w: Writer, person: Person) -> tuple[str, Tone, tuple[Button, ...]]:
    """What its holder should know, how loudly, and what they can do."""
    question, text = w.question, text_on_its_way(w.question)
    match question.state:
        case State.CLAIMED:
            again = any(each.rejected and each.author == person.id for each in question.answers)
            body = w.say("home.claimed-again" if again else "home.claimed")
            return _escalating(w) or body, Tone.BUSY, _claim_buttons(w)
        case State.REVIEW:
            mine = text is not None and text.author == person.id
            undo = (w.button("undo", message=text.message),) if text is not None and mine else ()
            return w.say("home.review"), Tone.CALM, undo
        case _ if text is not None and text.undelivered_at is not None:
            safe = w.say("card.undelivered-safe" if keeps_trying(text.undelivered_why) else "card.undelivered-gone")
            body = f"{why_undelivered(w, text.undelivered_why)} {safe}"
            return body, Tone.ALERT, (w.button("try-now", message=text.message, main=True),)
        case _ if text is not None:
            return w.say("home.asking"), Tone.CALM, ()
        case _:
            escalating = _escalating(w)
            further = w.button("answer") if person.staff else w.button("escalate")
            return escalating or w.say("home.waiting"), Tone.CALM, () if escalating else (further,)


def _escalating(w: Writer) -> str:
    """That it is about to go to staff, while a master may still say no."""
    escalation = w.question.escalation
    if escalation is None or escalation.stands_until is None or not standing(w.question):
        return ""
    return w.say("home.standing", at=w.time(escalation.stands_until))


def _claim_buttons(w: Writer) -> tuple[Button, ...]:
    question = w.question
    longer = not question.with_staff and question.extensions < w.facts.policy.claim_extensions_max
    write = _go_on(w) if w.facts.draft else w.button("answer", main=True)
    return (write, *((w.button("extend"),) if longer else ()), w.button("release"))


def _may_work(person: Person, facts: Facts) -> bool:
    holds = facts.question is not None and facts.question.holder == person.id
    return holds and (person.staff is not None or qualifies(person, facts.category))


# --- what one has begun to write


def _drafts(home: Home) -> Iterator[Card]:
    for number, facts in enumerate(home.begun, start=1):
        w = _writer(home.person, facts)
        title = w.say("home.about")
        key, buttons = _what_becomes_of_it(home, w)
        last = number == len(home.begun) and home.more_begun
        more = w.say(w.tongue.plural_key("home.more-drafts", home.more_begun), count=home.more_begun) if last else ""
        yield w.card(title, body=w.say(key), quotes=(_draft_quote(w),), buttons=buttons, footnote=more)


def _what_becomes_of_it(home: Home, w: Writer) -> tuple[str, tuple[Button, ...]]:
    """Whether the draft can still be sent by this person, and the button for it."""
    person, question = home.person, w.question
    if person.staff is not None:
        return ("home.draft.staff", (_go_on(w),)) if question.state in ACTIVE else ("home.draft.over", ())
    if not qualifies(person, w.facts.category) or person.id in (question.customer, *question.passed):
        return "home.draft.over", ()
    if question.state is State.OPEN:
        return ("home.draft.full", ()) if home.full else ("home.draft.free", (_go_on(w),))
    if question.state is State.ANSWERED and question.holder == person.id:
        return "home.draft.yours", (_go_on(w),)
    return "home.draft.over", ()


def _draft_quote(w: Writer) -> Quote:
    return Quote(author=w.say("home.by.draft"), text=first_words(w.facts.draft, _DRAFT_CHARS))


def _go_on(w: Writer) -> Button:
    return replace(w.button("answer", main=True), label=w.say("button.go-on"))


# --- what one could take, and texts that a master should read


def _open(home: Home) -> Iterator[Card]:
    person, w = home.person, _writer(home.person, home.facts)
    if person.staff is None and not _active(person.expert):
        return
    if not home.open:
        yield w.card(w.say("look.queue.none"))
        return
    full = w.say(w.tongue.plural_key("home.open.full", home.held), count=home.held) if home.full else ""
    more = w.say("home.open.more") if home.more_open else ""
    queue = (Button(label=w.say("button.queue"), sentence="queue"),) if home.more_open else ()
    yield w.card(w.say("look.queue"), body=" ".join(filter(None, (full, more))), buttons=queue)
    for facts in home.open:
        yield _open_row(person, facts, () if home.full else ("claim",))


def _open_row(person: Person, facts: Facts, verbs: Sequence[str]) -> Card:
    """One line that says nothing of the customer's words, so that it is the same for private categories."""
    w = _writer(person, facts)
    paid = share_cents(w.question, facts.policy) > 0
    key = "card.title" if person.staff else "card.open" if paid else "card.open-volunteer"
    return w.card(w.say(key), tone=Tone.FRESH, compact=True, buttons=tuple(w.button(verb) for verb in verbs))


def _reviews(home: Home) -> Iterator[Card]:
    if home.reviews:
        w = _writer(home.person, home.facts)
        yield w.card(w.say("home.reviews"))
    for facts in home.reviews:
        w = _writer(home.person, facts)
        text = text_on_its_way(w.question)
        assert text is not None, "what is under review has a text"
        title = w.say("home.review-row", person=w.name(text.author), waited=w.ago(text.at))
        yield w.card(title, compact=True, buttons=(w.button("show"),))


# --- parts


def _writer(person: Person, facts: Facts) -> Writer:
    return Writer(facts, Eyes.STAFF if person.staff else Eyes.EXPERT, tongue_with("home", person.languages))


def _cut(quote: Quote) -> Quote:
    return replace(quote, text=first_words(quote.text, WORDS_CHARS))
