"""Help: everything that somebody in these roles can say, and more about one verb."""

from collections.abc import Iterable

from bot.card import Card, Field
from bot.grammar import Kind, Subject, Verb, verb_said, verbs_for
from bot.lifecycle import Who
from bot.policy import Policy
from bot.ports import Facts
from bot.wording.verb_words import verb_tongue
from bot.wording.writer import Eyes, Writer

_DEFAULTS = Policy()


def help_card(roles: Who, verb: str = "", *, policy: Policy = _DEFAULTS, languages: Iterable[str] = ()) -> Card:
    """The verbs that someone with any of `roles` can use, with an example and one line each, in groups.

    With `verb`, a word or an alias as in `Look(HELP).argument`, all about that one instead.
    """
    writer = Writer(Facts(now=0, company="", policy=policy), Eyes.EXPERT, verb_tongue(languages))
    known = verb_said(verb)
    return _one(known, writer) if known else _all(roles, writer)


def _all(roles: Who, writer: Writer) -> Card:
    groups: dict[str, list[str]] = {}
    for verb in verbs_for(roles):
        example = _short(writer.say(f"example.{verb.word}"))
        line = writer.say("help.line", example=example, line=writer.say(f"verb.{verb.word}"))
        groups.setdefault(_group(verb, roles), []).append(line)
    return Card(
        title=writer.say("help.title"),
        body=writer.say("help.body"),
        fields=tuple(
            Field(label=writer.say(f"help.group.{group}"), value="\n".join(groups[group]))
            for group in _GROUPS
            if group in groups
        ),
    )


def _one(verb: Verb, writer: Writer) -> Card:
    line = writer.say(f"verb.{verb.word}")
    more = f"more.{verb.word}"
    fields = [Field(label=writer.say("help.example"), value=writer.say(f"example.{verb.word}"))]
    choices = [str(option.value) for slot in verb.slots if slot.kind is Kind.CHOICE for option in slot.options]
    if choices:
        fields.append(Field(label=writer.say("help.choices"), value=", ".join(choices)))
    if verb.aliases:
        fields.append(Field(label=writer.say("help.also"), value=", ".join(verb.aliases)))
    return Card(
        title=f"{verb.word}: {line}",
        body=writer.say(more) if writer.tongue.knows(more) else "",
        fields=tuple(fields),
        footnote=writer.say("help.with-number") if verb.subject is Subject.QUESTION else "",
    )


_GROUPS = ("answering", "reviewing", "staff", "leads", "asking", "yourself", "looking")
_ANSWERING = Who.EXPERT | Who.CLAIMER | Who.AUTHOR
_EXAMPLE_CHARS_MAX = 34


def _group(verb: Verb, roles: Who) -> str:
    """Where somebody in these roles looks for the verb: by what makes it theirs."""
    mine = verb.who & roles
    if verb.subject is Subject.LOOK:
        return "looking"
    if verb.subject is Subject.PERSON and verb.who & Who.SELF:
        return "yourself"
    for group, who in (
        ("answering", _ANSWERING),
        ("reviewing", Who.MASTER),
        ("asking", Who.CUSTOMER),
        ("staff", Who.STAFF),
    ):
        if mine & who:
            return group
    return "leads"


def _short(example: str) -> str:
    """An example of a long text, cut behind a word."""
    if len(example) <= _EXAMPLE_CHARS_MAX:
        return example
    return example[:_EXAMPLE_CHARS_MAX].rsplit(" ", 1)[0].rstrip(",.;") + " …"
