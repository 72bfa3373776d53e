"""Files on Discord, both ways."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.discord.files import fetched
from bot.card import Attached, Card, Quote
from bot.model import FileId
from bot.ports import Blocked
from tests.adapters.discord.stage import CARD, Stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Stage.open() as stage:
        yield stage


async def test_a_file_is_handed_over_and_taken_away(stage: Stage) -> None:
    stage.house.files[FileId(1)] = b"\x89PNG\r\n\x1a\n"
    file = Attached(id=FileId(1), name="Bild à.png", media_type="image/png", size_bytes=8)
    said = Card(title="A picture", files=(file,))
    for post in (stage.line(stage.bo), stage.line(stage.billing), stage.card(stage.help, about="file")):
        shown = await stage.shows(post, said)
        assert stage.said("A picture") == 1
        assert await stage.posting.find(post) == shown.ref
        edits = stage.there.calls["PATCH /channels/{channel_id}/messages/{message_id}"]
        assert await stage.posting.put(shown, replace(said, title="Another")) == shown.ref
        assert stage.there.calls["PATCH /channels/{channel_id}/messages/{message_id}"] == edits
        await stage.posting.remove(shown)
        assert stage.said("A picture") == 0
    stage.house.files.clear()
    with pytest.raises(Blocked) as trouble:
        await stage.posting.put(stage.line(stage.bo), said)
    assert trouble.value.why == "file-gone"


@pytest.mark.parametrize("where", ["billing", "help"])
async def test_a_text_that_is_too_long_comes_with_a_file_which_goes_with_its_words(stage: Stage, where: str) -> None:
    long = replace(CARD, quotes=(Quote(author="A customer", text="So long a story. " * 500),))
    card = await stage.shows(stage.card(getattr(stage, where)), long)
    message = stage.bo.message(str(card.ref))
    assert len(message.attachments) == 1
    await stage.posting.put(card, CARD)
    assert stage.bo.message(str(card.ref)).attachments == []


# Coming in


async def test_files_are_copied_at_once(stage: Stage) -> None:
    said = await stage.ann.says(stage.billing, "look", files=(("a.txt", b"hello"), ("big.bin", b"x" * 2_000)))
    small, large = await fetched(stage.calls, said.attachments, bytes_max=1_000)
    assert (small.name, small.content, small.size_bytes) == ("a.txt", b"hello", 5)
    assert (large.name, large.content, large.size_bytes) == ("big.bin", b"", 2_000)
    assert await fetched(stage.calls, (), bytes_max=1_000) == ()


async def test_a_file_keeps_the_name_that_its_owner_gave_it(stage: Stage) -> None:
    said = await stage.ann.says(stage.billing, "look", files=(("My bill (2).txt", b"hello"),))
    (file,) = await fetched(stage.calls, said.attachments, bytes_max=1_000)
    assert file.name == "My bill (2).txt"


async def test_what_lies_about_its_size_or_is_not_there_comes_with_its_size_alone(stage: Stage) -> None:
    said = await stage.ann.says(stage.billing, "look", files=(("a.txt", b"hello"), ("b.txt", b"x" * 2_000)))
    stage.there.files.pop(said.attachments[0]["id"])
    lying = said.attachments[1] | {"size": 3}
    gone, large = await fetched(stage.calls, [said.attachments[0], lying], bytes_max=1_000)
    assert (gone.content, gone.size_bytes) == (b"", 5)
    assert (large.content, large.size_bytes) == (b"", 3)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x", "ftp://cdn.example/x", "file:///etc/passwd", "//x", "http://[", ""]
)
async def test_files_come_from_discord_alone(stage: Stage, address: str) -> None:
    (file,) = await fetched(stage.calls, [{"filename": "x", "size": 7, "url": address}], bytes_max=100)
    assert (file.content, file.size_bytes) == (b"", 7)
