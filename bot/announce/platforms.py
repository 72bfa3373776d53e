"""Who learns that a platform is lost or back: staff, wherever else they can be reached."""

from collections.abc import Iterable, Iterator

from bot.model import Category, Notice, Place, PostKind


def platform_notices(
    about: str, where: Place, why: str, at: int, categories: Iterable[Category], leads: Iterable[Place]
) -> Iterator[Notice]:
    """`about` is "platform-lost" or "platform-back"; `where` begins every place that is concerned ("slack:acme")."""
    channels = [each.staff_channel for each in categories if each.staff_channel is not None]
    for place in dict.fromkeys((*channels, *leads)):
        if place != where and not place.startswith(f"{where}:"):
            yield Notice(
                recipient=place,
                slot=f"platform/{where}/{at}",
                kind=PostKind.LINE,
                about=about,
                args={"where": where, "why": why, "eyes": "staff"},
            )
