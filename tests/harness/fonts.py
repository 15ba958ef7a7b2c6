"""Make the fonts with which papers print what their own fonts lack: `python -m tests.harness.fonts FOLDER`, where the
folder holds the fonts that backend/documents/fonts/README.md names. Each keeps only what none before it has.
"""

import sys
import unicodedata
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-not-found]
from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-not-found]

OWN = Path(__file__).parents[2] / "backend" / "documents" / "fonts"
ORDER = (
    "NotoSerif-",
    "NotoNaskhArabic-",
    "NotoEmoji_",
    "NotoSerif",
    "NotoSans-",
    "NotoSans",
    "NotoMusic",
    "Droid",
    "NotoSansKR_",
)
"""Serifs before others, as papers are set in them; emoji before symbols, since they join with one another."""
HEAVY = ("Tangut", "SignWriting", "Cuneiform", "Hieroglyphs", "Display", "Slanted", "Looped", "UI-")
"""Dead scripts of megabytes, and second cuts of what is there."""
SHARED = frozenset({0x20, 0xA0, 0x200C, 0x200D, 0x25CC, 0xFE0F})
"""What a font needs itself, for letters join only within one."""


def main(folder: Path) -> None:
    """Write fallback.ttc beside the fonts of the papers."""
    there = set().union(*(TTFont(file).getBestCmap() for file in OWN.glob("*.ttf")))
    collection = TTCollection()
    for file in _in_order(folder):
        font = TTFont(file)
        letters = {letter for letter in font.getBestCmap() if unicodedata.category(chr(letter)) != "Co"}
        if not (new := letters - there):
            continue
        marks = {letter for letter in letters if unicodedata.category(chr(letter))[0] == "M"}
        options = Options(hinting=False, glyph_names=False, layout_features=["*"], notdef_outline=True)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=new | marks | (letters & SHARED))
        subsetter.subset(font)
        collection.fonts.append(font)
        there |= new
        sys.stdout.write(f"{file.stem}: {len(new)}\n")
    collection.save(OWN / "fallback.ttc")


def _in_order(folder: Path) -> list[Path]:
    files = [
        file for file in folder.rglob("*.ttf") if "Regular" in file.name or file.name.startswith("Droid")
    ]
    chosen = [file for file in files if not any(word in file.name for word in HEAVY) and _place(file) >= 0]
    return sorted(chosen, key=lambda file: (_place(file), file.name))


def _place(file: Path) -> int:
    """By the longest beginning of the name; -1 for a font that is not wanted."""
    matches = [one for one in ORDER if file.name.startswith(one)]
    return ORDER.index(max(matches, key=len)) if matches else -1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
