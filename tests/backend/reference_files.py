"""The organisation's data files, read as plain rows and as the catalogue of the suggestion."""

import csv
from functools import cache
from pathlib import Path

from backend.complaints.suggestion import BodyRow, Catalogue, CategoryRow, MatterRow

FOLDER = Path(__file__).parents[2] / "backend/organization/data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of `<name>.csv`."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(cell: str) -> tuple[str, ...]:
    """The values of a cell that holds several, separated by semicolons."""
    return tuple(part for part in cell.split(";") if part)


@cache
def catalogue() -> Catalogue:
    """The shipped data as the suggestion wants it."""
    return Catalogue(
        categories=tuple(
            CategoryRow(
                code=row["code"],
                name=row["name"],
                candidates=words(row["candidates"]),
                is_ambiguous=row["is_ambiguous"] == "yes",
                body=row["body"] or None,
                keywords=words(row["keywords"]),
            )
            for row in rows("categories")
        ),
        bodies=tuple(
            BodyRow(
                row["code"], row["is_public"] == "yes", row["serves_here"] == "yes", row["liaison"] or None
            )
            for row in rows("bodies")
        ),
        matters=tuple(
            MatterRow(
                row["code"],
                row["body"],
                words(row["keywords"]),
                row["only_on_main_arteries"] == "yes",
                row["say_at_once"],
            )
            for row in rows("body_matters")
        ),
        arteries=tuple(row["name"] for row in rows("main_arteries")),
    )
