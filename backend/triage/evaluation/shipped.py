"""The catalogue of the house, or the one that the product ships where there is no database to read."""

from __future__ import annotations

import csv
from functools import cache

from django.db import Error

from backend.complaints import catalogue as of_house
from backend.complaints.suggestion import BodyRow, Catalogue, CategoryRow, MatterRow
from backend.core.session import system
from backend.organization.reference import DEFAULT_DIRECTORY
from backend.triage import catalogue as naming
from backend.triage.catalogue import Names


def whichever() -> tuple[Catalogue, Names, str]:
    """The catalogue, the names of what it has, and whose it is: of the house, or shipped."""
    try:
        with system():
            current = of_house.current()
            if current.categories:
                return current, naming.names(), "house"
    except Error:
        pass  # no database, or none that was migrated: the files are enough
    return catalogue(), _names(), "shipped"


def _rows(name: str) -> list[dict[str, str]]:
    with (DEFAULT_DIRECTORY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


@cache
def catalogue() -> Catalogue:
    """Return what the product ships, from its files alone."""
    return Catalogue(
        categories=tuple(
            CategoryRow(
                row["code"],
                row["name"],
                _parts(row["candidates"]),
                row["is_ambiguous"] == "yes",
                row["body"] or None,
                _parts(row["keywords"]),
            )
            for row in _rows("categories")
        ),
        bodies=tuple(
            BodyRow(
                row["code"], row["is_public"] == "yes", row["serves_here"] == "yes", row["liaison"] or None
            )
            for row in _rows("bodies")
        ),
        matters=tuple(
            MatterRow(
                row["code"],
                row["body"],
                _parts(row["keywords"]),
                row["only_on_main_arteries"] == "yes",
                row["say_at_once"],
            )
            for row in _rows("body_matters")
        ),
        arteries=tuple(row["name"] for row in _rows("main_arteries")),
    )


def _names() -> Names:
    return naming.named(
        [(row["code"], row["name"], row["parent"] or None) for row in _rows("categories")],
        [(row["code"], row["name"], row["short_name"]) for row in _rows("departments")],
    )
