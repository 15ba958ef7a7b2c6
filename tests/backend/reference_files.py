"""The organisation's data files, read as plain rows."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "backend/organization/data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of `<name>.csv`."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(cell: str) -> tuple[str, ...]:
    """The values of a cell that holds several, separated by semicolons."""
    return tuple(part for part in cell.split(";") if part)
