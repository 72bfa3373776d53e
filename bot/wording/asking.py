"""The form by which a customer asks where there is no page: who answers and what they see stands above it."""

from collections.abc import Sequence

from bot.card import Choice, Entry, Form, Input
from bot.model import Category
from bot.policy import Policy
from bot.wording.catalogue import tongue_with
from bot.wording.writer import plain_name


def ask_form(categories: Sequence[Category], company: str, policy: Policy) -> Form:
    """The form; it asks for a category when there is more than one. Sending it says "ask"."""
    speech = tongue_with("pages")
    company = plain_name(company)
    choices = tuple(Choice(label=plain_name(each.title), value=each.name) for each in categories)
    which = Entry(
        name="category", label=speech.say("ask.category"), input=Input.CHOICE, choices=choices, required=False
    )
    words = Entry(
        name="words",
        label=speech.say("ask.text"),
        hint=speech.say("ask.text-hint"),
        chars_min=policy.question_chars_min,
        chars_max=policy.question_chars_max,
    )
    intro = (
        speech.say("ask.intro", company=company, usually=""),
        speech.say("ask.disclosure", company=company),
        speech.say("ask.never"),
    )
    return Form(
        title=speech.say("ask.title", company=company),
        sentence="ask",
        entries=(words, which) if len(choices) > 1 else (words,),
        submit=speech.say("ask.submit"),
        intro=" ".join(intro),
    )
