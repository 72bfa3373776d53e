"""Deciding on a category: create, open, close, and one setting at a time."""

from dataclasses import replace

from bot.change import Change, Reason, Refusal
from bot.commands import CategoryCommand, CloseCategory, CreateCategory, EditCategory, OpenCategory
from bot.decide.context import Context, staff_roles
from bot.decide.settings import BadSetting, set_field
from bot.lifecycle import CATEGORY_MOVES
from bot.model import Category


def decide_category(
    command: CategoryCommand, category: Category | None, context: Context
) -> Change[Category] | Refusal:
    """The category's next version, or why it stays as it is."""
    person = context.actor.person
    mine = [move for move in CATEGORY_MOVES if move.verb is type(command) and person and move.who & staff_roles(person)]
    if not mine:
        return Refusal(command=command, reason=Reason.NOT_STAFF)
    if isinstance(command, CreateCategory):
        if category is not None:
            return Refusal(command=command, reason=Reason.CATEGORY_EXISTS, names=(command.category,))
        return _change(command, None, replace(command.as_, version=1), context)
    if category is None:
        return Refusal(command=command, reason=Reason.CATEGORY_UNKNOWN, names=(command.category,))
    if not any(category.open_to_experts in move.when for move in mine):
        return Refusal(command=command, reason=Reason.WRONG_STATE, names=(category.title,))
    try:
        after = _apply(command, category)
    except BadSetting as trouble:
        return Refusal(command=command, reason=Reason.BAD_SETTING, names=(trouble.setting, trouble.wanted))
    return _change(command, category, replace(after, version=category.version + 1), context)


def _apply(command: CategoryCommand, category: Category) -> Category:
    match command:
        case OpenCategory():
            return replace(category, open_to_experts=True)
        case CloseCategory():
            return replace(category, open_to_experts=False)
        case EditCategory(setting=setting, to=to):
            return set_field(category, setting, to)
        case _:
            raise AssertionError(f"no case for {type(command).__name__}")


def _change(command: CategoryCommand, before: Category | None, after: Category, context: Context) -> Change[Category]:
    return Change(command=command, actor=context.actor, at=context.now, before=before, after=after)
