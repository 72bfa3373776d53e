"""What an adapter tells one person by itself, where nothing was done and there is nothing to decide."""

from bot.card import Card
from bot.wording.catalogue import tongue_with


def aside(key: str, **values: str | int) -> Card:
    """The sentence `key` of the sheet of asides. Raises KeyError for one that is not there."""
    title, _, body = tongue_with("asides").say(f"aside.{key}", **values).partition("\n")
    return Card(title=title, body=body)
