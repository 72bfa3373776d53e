"""Files as they arrive: what they are by their bytes, what is taken out of them, and what is not taken at all."""

import hashlib
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.app.files import examined
from bot.model import Enclosed
from bot.policy import Policy
from bot.ports import Upload
from bot.privacy.files import ENDINGS, RefusedFile, Unfit, clean_name, kind_of, said_name
from bot.privacy.pictures import Cleaned, cleaned
from tests.sample_files import GPS, MAKE, ORIENTATION, archive, bomb, drawn, telling

POLICY = Policy()
PIXELS = POLICY.picture_pixels_max


def taken(content: bytes, name: str = "a.png") -> Enclosed:
    file = examined(Upload(name=name, content=content), POLICY)
    assert isinstance(file, Enclosed), file
    return file


def refused(content: bytes, name: str = "a.png", policy: Policy = POLICY) -> RefusedFile:
    file = examined(Upload(name=name, content=content), policy)
    assert isinstance(file, RefusedFile), file
    return file


# --- pictures


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_says_no_longer_where_and_with_what_it_was_taken(kind: str) -> None:
    before = telling(kind)
    with Image.open(io.BytesIO(before)) as picture:
        assert picture.getexif().get_ifd(GPS), "the sample has something to take out"
        assert picture.getexif()[MAKE] == "CANARY PHONE"
    file = taken(before)
    for kept in (file.content, file.blurred):
        assert b"CANARY" not in kept
        with Image.open(io.BytesIO(kept)) as picture:
            assert dict(picture.getexif()) == {}
            assert not {"exif", "comment", "xmp", "icc_profile"} & picture.info.keys()
    assert file.media_type == f"image/{kind.lower()}"


def test_comments_and_profiles_go_too() -> None:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Comment", "CANARY", zip=False)
    words.add_itxt("XML:com.adobe.xmp", "<x>CANARY</x>")
    assert b"CANARY" not in taken(drawn(pnginfo=words, icc_profile=b"CANARY" * 30)).content
    assert b"CANARY" not in taken(drawn(kind="JPEG", comment=b"CANARY")).content
    assert b"CANARY" not in taken(drawn(kind="GIF", comment=b"CANARY")).content


def test_a_picture_taken_sideways_stands_upright_without_its_note_about_that() -> None:
    file = taken(telling("JPEG", orientation=6))
    with Image.open(io.BytesIO(file.content)) as picture:
        assert picture.size == (80, 240)
        assert ORIENTATION not in picture.getexif()


def test_the_pixels_stay_as_they_were() -> None:
    before = drawn("code 4711")
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(taken(before).content)) as other:
        assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_usual_kind_of_pixel_is_taken(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "PNG")
    assert taken(out.getvalue()).media_type == "image/png"


def test_what_is_transparent_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(taken(out.getvalue()).content)) as picture:
        assert picture.convert("RGBA").getpixel((1, 1)) == (0, 0, 0, 0)


def test_a_picture_that_moves_goes_on_moving() -> None:
    out = io.BytesIO()
    first, *others = [Image.new("RGB", (30, 20), colour) for colour in ("red", "green", "blue")]
    first.save(out, "GIF", save_all=True, append_images=others, duration=[100, 200, 300])
    with Image.open(io.BytesIO(taken(out.getvalue()).content)) as picture:
        assert getattr(picture, "n_frames", 1) == 3


def test_frames_count_together() -> None:
    out = io.BytesIO()
    first, *others = [Image.new("RGB", (100, 100), (shade, 0, 0)) for shade in range(20)]
    first.save(out, "GIF", save_all=True, append_images=others)
    assert refused(out.getvalue(), policy=Policy(picture_pixels_max=150_000)).why is Unfit.TOO_MANY_PIXELS
    assert isinstance(examined(Upload(name="a.gif", content=out.getvalue()), Policy()), Enclosed)


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (2_000_000, 2_000), (10_000, 9_500), (7_200, 7_000)])
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(width: int, height: int) -> None:
    found = refused(bomb(width, height))
    assert found.why is Unfit.TOO_MANY_PIXELS
    assert found.limit == PIXELS


def test_a_broken_picture_is_refused() -> None:
    whole = drawn(size=(400, 400))
    for broken in (whole[:60], whole[: len(whole) // 2], whole[:8] + b"\0" * 500, b"\xff\xd8\xff" + b"\0" * 50):
        assert refused(broken).why is Unfit.BROKEN


@given(place=st.integers(0, 2_000), byte=st.integers(0, 255), kind=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]))
def test_a_damaged_picture_never_breaks_anything(place: int, byte: int, kind: str) -> None:
    damaged = bytearray(drawn(kind=kind))
    damaged[place % len(damaged)] = byte
    assert isinstance(examined(Upload(name="a", content=bytes(damaged)), POLICY), Enclosed | RefusedFile)


@pytest.mark.parametrize("size", [(240, 80), (1920, 1080), (60, 600), (12, 9), (1, 1), (3000, 2)])
def test_nothing_can_be_read_on_the_blurred_copy(size: tuple[int, int]) -> None:
    """At most 16 cells along the longer side, in 8 shades of each colour, are left of any picture."""
    found = cleaned(drawn("4711 0815", size=size), "png", pixels_max=PIXELS)
    assert isinstance(found, Cleaned)
    with Image.open(io.BytesIO(found.blurred)) as picture:
        plain = picture.convert("RGB")
        step = max(1, plain.width // 16, plain.height // 16)
        cells = {plain.getpixel((x, y)) for x in range(0, plain.width, step) for y in range(0, plain.height, step)}
        small = plain.resize((max(1, plain.width // step), max(1, plain.height // step)), Image.Resampling.NEAREST)
        assert small.resize(plain.size, Image.Resampling.NEAREST).tobytes() == plain.tobytes() or step == 1
        assert max(small.size) <= 16
        assert all(shade % 32 == 0 for cell in cells for shade in cell)  # type: ignore[union-attr, operator]


def test_two_codes_look_alike_once_blurred() -> None:
    one, other = (cleaned(drawn(text, size=(1200, 200)), "png", pixels_max=PIXELS) for text in ("4711", "4177"))
    assert isinstance(one, Cleaned)
    assert isinstance(other, Cleaned)
    assert hashlib.sha256(one.content).digest() != hashlib.sha256(other.content).digest()
    assert one.blurred == other.blurred


# --- what files are


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        (b"%PDF-1.7\n1 0 obj\n%%EOF", "application/pdf", ".pdf"),
        (b"12:00 started\n", "text/plain", ".txt"),
        ("Gr\u00fc\u00dfe".encode("cp1252"), "text/plain", ".txt"),
        ("\ufeffGr\u00fc\u00dfe".encode("utf-16-le"), "text/plain", ".txt"),
        (b"\x1b[31mred\x1b[0m\n", "text/plain", ".txt"),
        (b"a,b\n1,2\n3,4\n", "text/csv", ".csv"),
        (b'{"error": 5}', "application/json", ".json"),
        (b"[1, 2", "text/plain", ".txt"),
        (b"[" * 100_000, "text/plain", ".txt"),
    ],
)
def test_documents_are_known_by_their_content(content: bytes, media_type: str, ending: str) -> None:
    file = taken(content, name="whatever.exe")
    assert (file.media_type, file.name) == (media_type, f"whatever.exe{ending}")
    assert file.blurred == b""


def test_texts_are_kept_in_one_encoding() -> None:
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        assert taken("Gr\u00fc\u00dfe".encode(encoding)).content.decode() == "Gr\u00fc\u00dfe"


@pytest.mark.parametrize(
    "content",
    [
        archive(),
        b"MZ\x90\x00" + b"\0" * 60,
        b"\x7fELF" + b"\0" * 60,
        b"#!/bin/sh\nrm -rf /\n",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?>\n<!-- x -->\n<svg/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
        b"BM" + b"\0" * 60,
        b"\0\x01\x02\x03",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_everything_else_is_refused_whatever_it_is_called(content: bytes) -> None:
    for name in ("a.png", "a.pdf", "a.txt"):
        assert refused(content, name).why is Unfit.NOT_ALLOWED


def test_a_refusal_names_what_it_is() -> None:
    assert "HEIF" in refused(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").what
    assert refused(b"\0\x01\x02\x03").what == ""


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_of_a_file_that_is_two_things_only_the_picture_is_left(kind: str) -> None:
    both = drawn(kind=kind) + archive() + b"<script>alert(1)</script>"
    kept = taken(both).content
    assert b"run.bat" not in kept
    assert b"<script>" not in kept


def test_a_script_inside_a_gif_comment_is_gone() -> None:
    assert b"alert" not in taken(drawn(kind="GIF", comment=b"*/=1;alert(1)//")).content


def test_empty_and_oversized_files_are_refused() -> None:
    assert refused(b"").why is Unfit.EMPTY
    assert refused(b"x" * 101, policy=Policy(file_bytes_max=100)).why is Unfit.TOO_LARGE
    unfetched = examined(Upload(name="film.png", size_bytes=POLICY.file_bytes_max + 1), POLICY)
    assert isinstance(unfetched, RefusedFile)
    assert (unfetched.why, unfetched.limit) == (Unfit.TOO_LARGE, POLICY.file_bytes_max)
    missing = examined(Upload(name="a.png", size_bytes=500), POLICY)
    assert isinstance(missing, RefusedFile)
    assert missing.why is Unfit.BROKEN


@given(st.binary(max_size=200))
def test_whatever_the_bytes_they_are_something_or_nothing(content: bytes) -> None:
    found = kind_of(content)
    assert bool(found.picture) + bool(found.document) <= 1


# --- names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("screenshot.png", "screenshot.png"),
        ("Photo.PNG", "Photo.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\ann\\shot.png", "shot.png"),
        ("gnp\u202egpj.exe", "gnpgpj.exe.png"),
        ("a\u200b\u2066b\x00\x1b[31m.png", "ab[31m.png"),
        ("two\nlines.png", "two lines.png"),
        ("", "file.png"),
        ("...", "file.png"),
        (".htaccess", "htaccess.png"),
        ("con.png", "_con.png"),
        ('a"b<c>.png', "a_b_c_.png"),
        ("\ue000\ud800.png", "_.png"),
        ("x" * 500 + ".png", "x" * 76 + ".png"),
    ],
)
def test_a_name_is_short_plain_and_ends_as_what_it_is(name: str, shown: str) -> None:
    assert clean_name(name, "image/png") == shown


@given(st.text(), st.sampled_from(sorted(ENDINGS)))
def test_any_name_becomes_a_safe_one(name: str, media_type: str) -> None:
    shown = clean_name(name, media_type)
    assert shown.endswith(ENDINGS[media_type])
    assert 1 < len(shown) <= 81
    assert not set(shown) & set('/\\<>:"|?*\n\r\0')
    assert not any(unicodedata.category(sign).startswith("C") for sign in shown + said_name(name))
    assert clean_name(shown, media_type) == shown
