"""What staff can do to a category; every change makes a new version that says who and why."""

from dataclasses import dataclass

from bot.model import Category, CategoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryCommand:
    category: CategoryName
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCategory(CategoryCommand):
    as_: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCategory(CategoryCommand):
    """One setting, as a person writes it: `bounty 2.50`, `private yes`, `channels web:billing`."""

    setting: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCategory(CategoryCommand):
    """Experts may see its questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCategory(CategoryCommand):
    """Its new questions go straight to staff."""
