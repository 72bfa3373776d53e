"""What is suggested while somebody types: one line for a question, a person, a category, a setting or a verb."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from bot.card import Choice
from bot.decide import qualifies
from bot.grammar import SETTINGS, Verb, person_said, verbs_for
from bot.lifecycle import Who
from bot.model import Category, CategoryName, Kind, Person, spoken_number
from bot.policy import Policy
from bot.ports import Facts
from bot.wording.catalogue import tongue
from bot.wording.verb_words import verb_tongue
from bot.wording.writer import Eyes, Writer, plain_name

LABEL_CHARS_MAX: Final = 100
_BETWEEN: Final = " · "


def question_words(facts: Facts, person: Person) -> str:
    """What the customer asked, in one line, as this person may read it; nothing where they may not."""
    question, category = facts.question, facts.category
    if question is None:
        return ""
    if person.id == question.customer:
        eyes = Eyes.CUSTOMER
    elif person.staff is not None:
        eyes = Eyes.STAFF
    elif qualifies(person, category) and (person.id == question.holder or not (category and category.private)):
        eyes = Eyes.EXPERT
    else:
        return ""
    asked = [each for each in facts.messages.values() if each.kind is Kind.QUESTION]
    first = min(asked, key=lambda each: each.number, default=None)
    return _one_line(Writer(facts, eyes).words(first)) if first is not None else ""


def question_choice(facts: Facts, person: Person) -> Choice:
    """`Q7K3 · Billing · Why was I billed twice…`"""
    assert facts.question is not None, "a question is suggested"
    title = facts.category.title if facts.category else facts.question.category
    number = spoken_number(facts.question.id)
    return Choice(label=_line(number, plain_name(title), question_words(facts, person)), value=number)


def person_choice(person: Person, categories: Mapping[CategoryName, Category]) -> Choice:
    """`bo · journeyman · Billing` of an expert or of staff, who all have names of their own."""
    speech, expert, name = tongue(), person.expert, plain_name(person.name)
    parts = [name]
    if person.staff is not None:
        parts.append(speech.say(f"role.{person.staff}"))
    elif expert is not None:
        titles = [plain_name(categories[each].title) for each in expert.categories if each in categories]
        parts += [speech.say(f"rank.{expert.rank}"), ", ".join(titles) or speech.say("look.who.all")]
    sayable = name == person.name and name.replace("-", "").replace("_", "").isalnum()
    return Choice(label=_line(*parts), value=f"@{name}" if sayable else person_said(person.id))


def category_choice(category: Category) -> Choice:
    """`Billing and refunds · billing`"""
    return Choice(label=_line(plain_name(category.title), category.name), value=category.name)


def setting_choices(languages: Iterable[str] = ()) -> tuple[Choice, ...]:
    speech = verb_tongue(languages)
    return tuple(Choice(label=_line(speech.say(f"choice.setting.{each}")), value=each) for each in SETTINGS)


def verb_choices(roles: Who, policy: Policy, languages: Iterable[str] = ()) -> tuple[tuple[Verb, Choice], ...]:
    """`claim · take a question for 15 minutes`, of every verb for these roles."""
    writer = Writer(Facts(now=0, company="", policy=policy), Eyes.EXPERT, verb_tongue(languages))
    return tuple(
        (verb, Choice(label=_line(verb.word, writer.say(f"verb.{verb.word}")), value=verb.word))
        for verb in verbs_for(roles)
    )


def _line(*parts: str) -> str:
    whole = _BETWEEN.join(part for part in parts if part)
    return whole if len(whole) <= LABEL_CHARS_MAX else whole[: LABEL_CHARS_MAX - 1].rstrip() + "…"


def _one_line(text: str) -> str:
    """Without what breaks a line, hides, or turns the reading direction."""
    seen = "".join(" " if sign.isspace() else sign for sign in text)
    return " ".join("".join(sign for sign in seen if not unicodedata.category(sign).startswith("C")).split())
