"""Who may change a category. Its state is whether experts see it, None before it exists."""

from typing import Final

from bot.commands import CloseCategory, CreateCategory, EditCategory, OpenCategory
from bot.lifecycle.moves import Move, Who

EXISTS: Final[frozenset[bool | None]] = frozenset({True, False})

# fmt: off
CATEGORY_MOVES: Final[tuple[Move[bool | None], ...]] = (
    Move(CreateCategory, Who.LEAD,  frozenset({None}),  EXISTS),
    Move(EditCategory,   Who.LEAD,  EXISTS,             frozenset()),
    Move(OpenCategory,   Who.STAFF, frozenset({False}), frozenset({True})),
    Move(CloseCategory,  Who.STAFF, frozenset({True}),  frozenset({False})),
)
# fmt: on
