"""Cards as plain text, for the console, for fallbacks of other platforms and for tests."""

from bot.card import Card, Quote, moment_sign
from bot.wording.moments import moment_text, undated_text


def plain_card(card: Card, timezone: str = "UTC", now: int | None = None, language: str = "en") -> str:
    """The card as a person would read it aloud, moments resolved for a reader in that time zone.

    Without `now` (milliseconds UTC) times that depend on it are given in full. People's words stay as they are,
    each line behind `> `: moment signs count in our own texts only.
    """
    times = _times(card, timezone, now, language)
    parts = [card.title.translate(times)]
    if card.body:
        parts.append(card.body.translate(times))
    parts.extend(_quote(quote) for quote in card.quotes)
    parts.extend(f"{field.label}: {field.value}".translate(times) for field in card.fields)
    parts.extend(f"[{file.name}, {max(1, file.size_bytes // 1000)} kB]" for file in card.files)
    if card.footnote:
        parts.append(card.footnote.translate(times))
    if card.buttons:
        parts.append(" ".join(f"[{button.label}]" for button in card.buttons))
    return "\n".join(parts)


def _times(card: Card, timezone: str, now: int | None, language: str) -> dict[int, str]:
    return {
        ord(moment_sign(position)): (
            undated_text(moment, timezone, language) if now is None else moment_text(moment, now, timezone, language)
        )
        for position, moment in enumerate(card.moments)
    }


def _quote(quote: Quote) -> str:
    lines = [f"> {line}".rstrip() for line in quote.text.split("\n")]
    return "\n".join([f"{quote.author}:", *lines] if quote.author else lines)
