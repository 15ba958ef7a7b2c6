"""Pictures, drawn anew: upright, without EXIF, XMP, comments, previews, or anything behind the picture."""

from __future__ import annotations

import io
import warnings
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode

MAX_POINTS = (
    60_000_000  # a 50-megapixel telephone passes; what unfolds to more is refused before it is unfolded
)
FORMATS = ("JPEG", "PNG", "WEBP")


def drawn_anew(content: bytes) -> bytes:
    """The picture of `content` and nothing else, in its own format. TOO_LARGE, UNSUPPORTED."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # here: no command starts slower for it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                kind = "JPEG" if picture.format == "MPO" else str(picture.format)
                if picture.width * picture.height > MAX_POINTS:
                    raise _too_many_points()
                picture.load()
                upright = ImageOps.exif_transpose(picture)
                profile = picture.info.get("icc_profile")
                plain = _plain(upright, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_points() from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        message = _("The picture is damaged.")
        raise DomainError(ErrorCode.UNSUPPORTED, message, "file") from None
    options = {"icc_profile": profile} if profile and plain.mode in ("RGB", "RGBA", "L") else {}
    out = io.BytesIO()
    plain.save(out, format=kind, **({"quality": 90} if kind != "PNG" else {}), **options)
    return out.getvalue()


def _plain(picture: Any, kind: str) -> Any:
    """Keep the pixels alone; the file's metadata (`info`) is dropped."""
    if kind == "JPEG" and picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    elif picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif kind == "WEBP" and picture.mode not in ("RGB", "RGBA"):
        picture = picture.convert("RGB")
    plain = picture.copy()
    plain.info = {}
    return plain


def _too_many_points() -> DomainError:
    return DomainError(ErrorCode.TOO_LARGE, _("The picture has too many points."), "file")
