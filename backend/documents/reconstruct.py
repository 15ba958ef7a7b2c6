"""A program of its own that makes a file anew without what harms: `python -I reconstruct.py KIND`, from standard input
to standard output (content disarm and reconstruction).

`disarming.py` runs it, one at a time. Here the memory and the processor time are bounded by the kernel, so that no
file, whatever it unfolds to, and no fault of a decoder reaches the process that serves people. It knows nothing of
Django.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings
from typing import Any

MEGABYTE = 1024 * 1024
MEMORY = 512 * MEGABYTE
SECONDS = 10
TOO_LARGE, DAMAGED = 11, 12
"""How the program ends when it refuses; 0: what is on standard output is the file."""

MOST_POINTS = {"PNG": 40_000_000, "WEBP": 16_000_000, "JPEG": 250_000_000}
"""By what a point costs: a page of A4 scanned at 600 dpi is 35 million. WebP keeps two frames of four bytes a point;
JPEG is scaled while it is decoded."""
MOST_PROGRESSIVE = 60_000_000
"""Points of a progressive JPEG, which is held whole before it is scaled."""
KEPT_POINTS = 25_000_000
"""So many points of a JPEG are kept; a larger one is halved (quartered …) by its decoder."""
LONGEST_PROFILE = 100_000
STARTS = {"PNG": b"\x89PNG", "WEBP": b"RIFF", "JPEG": b"\xff\xd8"}


class RefusedError(Exception):
    """The program ends with this code."""


def picture(content: bytes) -> bytes:
    """The points of a picture in its own format, upright: without EXIF, XMP, comments, previews, further frames, or
    anything behind it."""
    from PIL import Image, ImageOps

    kind = next(kind for kind, start in STARTS.items() if content.startswith(start))
    Image.MAX_IMAGE_PIXELS = MOST_POINTS[kind] // 2  # Pillow warns from here on, and refuses twice as many
    warnings.simplefilter("ignore")
    try:
        opened = Image.open(io.BytesIO(content), formats=(kind,))
    except Image.DecompressionBombError:
        raise RefusedError(TOO_LARGE) from None
    with opened:
        if kind == "JPEG":
            _scale(opened)
        profile = opened.info.get("icc_profile") or b""
        ImageOps.exif_transpose(opened, in_place=True)
        plain = _in_plain_mode(opened, kind)
        plain.info = {}
        options: dict[str, Any] = {"PNG": {}, "JPEG": {"quality": 90}, "WEBP": {"quality": 90, "method": 2}}[
            kind
        ]
        if 0 < len(profile) <= LONGEST_PROFILE and plain.mode in ("RGB", "RGBA", "L"):
            options["icc_profile"] = profile
        out = io.BytesIO()
        plain.save(out, format=kind, **options)
    return out.getvalue()


def _scale(opened: Any) -> None:
    """Set a large JPEG to be decoded at a half, a quarter or an eighth of its size."""
    points = opened.width * opened.height
    if opened.info.get("progressive") and points > MOST_PROGRESSIVE:
        raise RefusedError(TOO_LARGE)
    if points > KEPT_POINTS:
        part = next(part for part in (2, 4, 8) if points / part**2 <= KEPT_POINTS)
        opened.draft(None, (opened.width // part, opened.height // part))


def _in_plain_mode(opened: Any, kind: str) -> Any:
    opened.load()
    if kind == "JPEG" and opened.mode not in ("RGB", "L"):
        return opened.convert("RGB")
    if kind == "PNG" and (opened.mode == "P" or "transparency" in opened.info):
        return opened.convert("RGBA")
    if kind == "WEBP" and opened.mode not in ("RGB", "RGBA"):
        return opened.convert("RGB")
    return opened


KINDS = {"picture": picture}


def main() -> None:
    """Bound this process, then reconstruct what comes in."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    try:
        outcome = KINDS[sys.argv[1]](sys.stdin.buffer.read())
    except RefusedError as refused:
        sys.exit(refused.args[0])
    except MemoryError:
        sys.exit(TOO_LARGE)
    except Exception as error:  # whatever a decoder stumbles over, the file is what is wrong
        sys.stderr.write(type(error).__name__)
        sys.exit(DAMAGED)
    sys.stdout.buffer.write(outcome)


if __name__ == "__main__":
    main()
