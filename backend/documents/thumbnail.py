"""A program that makes a small JPEG of an accepted picture: `python -I thumbnail.py thumbnail`, as `reconstruct.py`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # -I leaves the installation out

from backend.documents import reconstruct

POINTS = 480  # along the longer side


def thumbnail(content: bytes) -> bytes:
    """Return a small JPEG of a picture that `reconstruct.picture` has made, on white where it is transparent."""
    from PIL import Image

    kind = next(kind for kind, start in reconstruct.STARTS.items() if content.startswith(start))
    Image.MAX_IMAGE_PIXELS = reconstruct.MOST_POINTS[kind] // 2
    with Image.open(io.BytesIO(content), formats=(kind,)) as opened:
        opened.draft("RGB", (POINTS, POINTS))
        small = opened.convert("RGB" if kind == "JPEG" else "RGBA")
        small.thumbnail((POINTS, POINTS))
        if small.mode == "RGBA":
            paper = Image.new("RGB", small.size, "white")
            paper.paste(small, mask=small.getchannel("A"))
            small = paper
        out = io.BytesIO()
        small.save(out, format="JPEG", quality=80)
    return out.getvalue()


if __name__ == "__main__":
    reconstruct.KINDS["thumbnail"] = thumbnail
    reconstruct.main()
