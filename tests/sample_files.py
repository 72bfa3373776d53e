"""Small files for tests: pictures with and without secrets, and things that only pretend to be what they are called."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw

from bot.ports import Upload

GPS = 0x8825
MAKE = 0x010F
ORIENTATION = 0x0112


def shot(name: str = "screenshot.png", text: str = "code 4711") -> Upload:
    """A picture of some words."""
    return Upload(name=name, content=drawn(text))


def drawn(text: str = "code 4711", kind: str = "PNG", size: tuple[int, int] = (240, 80), **more: object) -> bytes:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).text((10, 10), text, fill="black", font_size=40)
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def telling(kind: str, *, orientation: int = 1) -> bytes:
    """A picture that says where and with what it was taken, and has a comment and more words behind its end."""
    exif = Image.Exif()
    exif[MAKE] = "CANARY PHONE"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
    exif.get_ifd(GPS)[29] = "2026:06:08 CANARY"
    return drawn(kind=kind, exif=exif.tobytes()) + b"CANARY BEHIND"


def log(name: str = "app.log", text: str = "12:00 started\n12:01 it broke\n") -> Upload:
    return Upload(name=name, content=text.encode())


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.bat", "format c:")
    return out.getvalue()


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A small PNG that says it is enormous (IHDR, RFC 2083 section 4.1.1)."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
