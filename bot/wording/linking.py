"""What people read when they join their identities: the code, what came of it, and the word to where they were."""

from collections.abc import Iterator

from bot.card import Card, Tone
from bot.change import Receipt
from bot.model import Notice, PersonId, Unit, money_text
from bot.ports import Facts
from bot.wording.catalogue import tongue
from bot.wording.writer import Eyes, Writer, plain_name


def link_code_card(facts: Facts, person: PersonId, code: str) -> Card:
    """The code, for that person alone."""
    known = facts.people.get(person)
    w = Writer(facts, Eyes.CUSTOMER, tongue(known.languages if known else []))
    return w.card(w.say("link.code", code=code), body=w.say("link.code-body", code=code), tone=Tone.BUSY)


def linked(w: Writer, receipt: Receipt) -> Card:
    """What was joined, and what came along."""
    subject = w.facts.people.get(receipt.person) if receipt.person else None
    member = subject is not None and (subject.expert is not None or subject.staff is not None)
    name = w.say("done.link.name", name=plain_name(subject.name)) if subject is not None and member else ""
    moved = ", ".join(_moved(w, receipt))
    came = w.say("done.link.moved", moved=moved) if moved else w.say("done.link.nothing-moved")
    title = w.say("done.link", where=_where(w, str(receipt.args.get("there", ""))))
    return w.card(title, body=f"{came} {name}".rstrip() + f"\n{w.say('link.warning')}", tone=Tone.GOOD)


def told_of_link(w: Writer, notice: Notice) -> Card:
    where = _where(w, str(notice.args.get("platform", "")))
    return w.card(w.say("me.linked", where=where), body=w.say("link.warning"), tone=Tone.ALERT)


def _where(w: Writer, platform: str) -> str:
    return w.first(f"link.where.{platform}", "link.where")


def _moved(w: Writer, receipt: Receipt) -> Iterator[str]:
    """`$1.40 pending`, `20 points`, `2 questions`: pockets are named "pending USD" among the numbers."""
    for name, amount in sorted(receipt.args.items()):
        pocket, _, unit = name.partition(" ")
        if not unit or not isinstance(amount, int):
            continue
        kind = w.say(f"look.pocket.{pocket}").lower()
        yield f"{amount if pocket == 'points' else money_text(amount, Unit(unit))} {kind}"
    for name in ("asked", "held"):
        count = receipt.args.get(name)
        if isinstance(count, int) and count:
            yield w.tongue.count(f"link.{name}", count)
