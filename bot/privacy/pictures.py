"""Pictures made new from their pixels alone: no place, no device, nothing behind the end; and unreadable copies."""

import io
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageOps, ImageSequence

from bot.privacy.files import PICTURES, Unfit

_CELLS: Final = 16  # along the longer side, so that a line of text is less than one of them, whatever its size
_SHADES: Final = 3  # bits of each colour: what a cell's exact mean would tell about the text under it is rounded away
_BLURRED_PIXELS: Final = 640
_QUALITY: Final = 90
# Telephones put several pictures into one JPEG; the first is the one that is meant.
_OPENS: Final = {"png": ("PNG",), "jpeg": ("JPEG", "MPO"), "gif": ("GIF",), "webp": ("WEBP",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """`content` is the picture in the format it had, `blurred` a PNG on which nothing can be read."""

    media_type: str
    content: bytes
    blurred: bytes


def cleaned(content: bytes, kind: str, *, pixels_max: int) -> Cleaned | Unfit:
    """The picture drawn anew, upright; all its frames together may have `pixels_max`. Takes seconds for large ones."""
    try:
        with Image.open(io.BytesIO(content), formats=_OPENS[kind]) as picture:
            width, height = picture.size
            if width * height > pixels_max:
                return Unfit.TOO_MANY_PIXELS
            frames = getattr(picture, "n_frames", 1) if kind in ("gif", "webp") else 1
            if width * height * frames > pixels_max:
                return Unfit.TOO_MANY_PIXELS
            drawn = _drawn_anew(picture, kind, frames)
            picture.seek(0)
            return Cleaned(media_type=PICTURES[kind], content=drawn, blurred=_blurred(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Unfit.TOO_MANY_PIXELS
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, KeyError, OverflowError, MemoryError):
        # Whatever the decoder stumbled over: it is a picture by its first bytes and none by the rest.
        return Unfit.BROKEN


def _drawn_anew(picture: Image.Image, kind: str, frames: int) -> bytes:
    out = io.BytesIO()
    if frames > 1:
        drawn = [_bare(each) for each in ImageSequence.Iterator(picture)]
        pauses = [int(each.info.get("duration", 100)) for each in ImageSequence.Iterator(picture)]
        more: dict[str, Any] = {"save_all": True, "append_images": drawn[1:], "duration": pauses, "loop": 0}
        drawn[0].save(out, kind.upper(), **more)
        return out.getvalue()
    still = _bare(picture)
    if kind == "jpeg":
        still = still if still.mode in ("L", "RGB") else still.convert("RGB")
        still.save(out, "JPEG", quality=_QUALITY)
    elif kind == "webp":
        still.save(out, "WEBP", quality=_QUALITY)
    else:
        still.save(out, kind.upper())
    return out.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels and their colours alone: what else came with the picture is in `info`, which is left behind."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode == "P" or "transparency" in upright.info:
        upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    return bare


def _blurred(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    width, height = flat.size
    longer = max(width, height)
    cells = (max(1, width * _CELLS // longer), max(1, height * _CELLS // longer))
    few = ImageOps.posterize(flat.resize(cells, Image.Resampling.BOX), _SHADES)
    scale = max(1, min(longer, _BLURRED_PIXELS) // _CELLS)
    out = io.BytesIO()
    few.resize((cells[0] * scale, cells[1] * scale), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()
