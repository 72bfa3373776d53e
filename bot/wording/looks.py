"""Cards for things that are only looked at: the queue, one's desk, a statement, the inbox, people, categories."""

from collections.abc import Mapping, Sequence

from bot.card import Button, Card, Field, Moment, Weight, moment_sign
from bot.market.pay import share_cents
from bot.model import Category, CategoryName, Person, Question, Unit, money_text, spoken_number
from bot.policy import Policy
from bot.ports import StatementLine
from bot.wording.catalogue import Tongue, tongue
from bot.wording.writer import plain_name

Categories = Mapping[CategoryName, Category]


def queue(questions: Sequence[Question], categories: Categories, policy: Policy, *, more: bool) -> Card:
    """The oldest open questions, each with what it pays and how long it has waited."""
    speech = tongue()
    moments = tuple(Moment(at=each.asked_at, style="ago") for each in questions)
    fields = tuple(
        Field(
            label=spoken_number(each.id), value=_offer(each, categories, policy, speech) + " · " + moment_sign(number)
        )
        for number, each in enumerate(questions)
    )
    if not questions:
        return Card(title=speech.say("look.queue.none"))
    buttons = (_take(questions[0], speech),)
    footnote = speech.say("look.queue.more") if more else ""
    return Card(title=speech.say("look.queue"), fields=fields, buttons=buttons, footnote=footnote, moments=moments)


def with_next(card: Card, question: Question, categories: Categories, policy: Policy) -> Card:
    """The card with the next question to take beneath it."""
    speech = tongue()
    line = speech.say(
        "look.next", number=spoken_number(question.id), offer=_offer(question, categories, policy, speech)
    )
    body = f"{card.body}\n{line}" if card.body else line
    return Card(
        title=card.title,
        body=body,
        tone=card.tone,
        quotes=card.quotes,
        fields=card.fields,
        buttons=(*card.buttons, _take(question, speech)),
        footnote=card.footnote,
        moments=card.moments,
    )


def desk(
    person: Person,
    *,
    claims: Sequence[Question],
    drafts: Sequence[Question],
    categories: Categories,
    balances: Mapping[tuple[str, Unit], int],
    now: int,
) -> Card:
    """What one has in hand, has begun to write, and has earned."""
    speech = tongue()
    moments: list[Moment] = []
    fields: list[Field] = []
    for question in claims:
        state = speech.say(f"look.state.{question.state}")
        if question.held_until is not None:
            state += " · " + speech.say("look.until", until=moment_sign(len(moments)))
            moments.append(Moment(at=question.held_until))
        title = plain_name(categories[question.category].title) if question.category in categories else ""
        fields.append(Field(label=spoken_number(question.id), value=f"{title} · {state}"))
    if drafts:
        numbers = ", ".join(spoken_number(each.id) for each in drafts)
        fields.append(Field(label=speech.say("look.drafts"), value=numbers))
    fields += balance_fields(balances, speech)
    body = "" if claims else speech.say("look.desk.free")
    if person.expert is not None and person.expert.paused_until is not None and person.expert.paused_until > now:
        body += " " + speech.say("look.paused", until=moment_sign(len(moments)))
        moments.append(Moment(at=person.expert.paused_until, style="day"))
    title = speech.say("look.desk", name=plain_name(person.name))
    return Card(title=title, body=body.strip(), fields=tuple(fields), moments=tuple(moments))


def balance_fields(balances: Mapping[tuple[str, Unit], int], speech: Tongue) -> list[Field]:
    order = ("pending", "payable", "paid", "points")
    rows = sorted(balances.items(), key=lambda row: (order.index(row[0][0]) if row[0][0] in order else 9, row[0][1]))
    return [
        Field(
            label=speech.say(f"look.pocket.{pocket}"),
            value=str(amount) if pocket == "points" else money_text(amount, unit),
        )
        for (pocket, unit), amount in rows
        if amount or pocket != "paid"
    ]


def statement(
    person: Person, lines: Sequence[StatementLine], balances: Mapping[tuple[str, Unit], int], *, more: bool
) -> Card:
    """Every line of money and points, newest first; together they make the balances."""
    speech = tongue()
    moments = tuple(Moment(at=each.at, style="day") for each in lines)
    rows = tuple(
        Field(label=moment_sign(number), value=_statement_line(each, speech)) for number, each in enumerate(lines)
    )
    fields = (*balance_fields(balances, speech), *rows)
    title = speech.say("look.statement", name=plain_name(person.name))
    body = "" if lines else speech.say("look.statement.none")
    footnote = speech.say("look.statement.more") if more else ""
    return Card(title=title, body=body, fields=fields, footnote=footnote, moments=moments)


def why_text(why: str) -> str:
    """`it helped` for the ledger's word `helped`."""
    speech = tongue()
    return speech.say(f"why.{why}") if speech.knows(f"why.{why}") else why.replace("-", " ")


def _statement_line(line: StatementLine, speech: Tongue) -> str:
    pocket = line.account.partition(":")[0]
    amount = f"{line.amount:+d}" if pocket == "points" else money_text(line.amount, line.unit)
    why = why_text(line.why)
    number = f" · {spoken_number(line.question)}" if line.question is not None else ""
    kind = speech.say(f"look.pocket.{pocket}").lower() if speech.knows(f"look.pocket.{pocket}") else pocket
    return f"{amount} {kind} · {why}{number}"


def inbox(
    waiting: Sequence[Question], asking: Sequence[Question], categories: Categories, *, troubled: int, more: bool
) -> Card:
    """What waits for staff, the oldest first; then what was flagged or appealed."""
    speech = tongue()
    rows = [(each, speech.say(f"look.state.{each.state}")) for each in waiting]
    rows += [(each, speech.say("look.inbox.asking")) for each in asking]
    moments = tuple(Moment(at=each.since, style="ago") for each, _ in rows)
    fields = tuple(
        Field(
            label=spoken_number(each.id),
            value=" · ".join(
                (
                    plain_name(categories[each.category].title) if each.category in categories else each.category,
                    why,
                    moment_sign(number),
                )
            ),
        )
        for number, (each, why) in enumerate(rows)
    )
    body = "" if rows else speech.say("look.inbox.none")
    if troubled:
        body = (body + " " + speech.say("look.inbox.troubled", count=troubled)).strip()
    footnote = speech.say("look.inbox.more") if more else ""
    return Card(title=speech.say("look.inbox"), body=body, fields=fields, footnote=footnote, moments=moments)


def who(people: Sequence[Person], category: Category | None) -> Card:
    """The experts, of one category or all."""
    speech = tongue()
    fields = tuple(
        Field(
            label=plain_name(each.name),
            value=" · ".join(
                (
                    speech.say(f"rank.{each.expert.rank}"),
                    ", ".join(each.expert.categories) or speech.say("look.who.all"),
                )
            ),
        )
        for each in people
        if each.expert is not None
    )
    title = speech.say("look.who.category", category=plain_name(category.title)) if category else speech.say("look.who")
    return Card(title=title, fields=fields, body="" if fields else speech.say("look.who.none"))


def category_list(categories: Sequence[Category], policy: Policy) -> Card:
    speech = tongue()
    fields = tuple(
        Field(
            label=plain_name(each.title),
            value=" · ".join(
                (
                    each.name,
                    _share(each, policy, speech),
                    speech.say("look.category.open" if each.open_to_experts else "look.category.closed"),
                    *((speech.say("look.category.private"),) if each.private else ()),
                )
            ),
        )
        for each in categories
    )
    return Card(title=speech.say("look.categories"), fields=fields)


def not_yours(what: str) -> Card:
    """A look that is not for this person."""
    return Card(title=tongue().say(f"look.denied.{what}"))


def _offer(question: Question, categories: Categories, policy: Policy, speech: Tongue) -> str:
    title = categories[question.category].title if question.category in categories else question.category
    return f"{plain_name(title)} · {_share(question, policy, speech)}"


def _share(offer: Question | Category, policy: Policy, speech: Tongue) -> str:
    share = share_cents(offer, policy)
    return speech.say("look.share", amount=money_text(share, offer.unit)) if share else speech.say("volunteer")


def _take(question: Question, speech: Tongue) -> Button:
    label = speech.say("look.take", number=spoken_number(question.id))
    return Button(label=label, sentence=f"claim {spoken_number(question.id)}", weight=Weight.MAIN)
