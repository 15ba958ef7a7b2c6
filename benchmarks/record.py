"""What has been measured so far, one line of JSON each: an interrupted run goes on where it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Record:
    lines: list[dict[str, Any]]

    def __init__(self, path: Path, parameters: dict[str, Any], *, fresh: bool) -> None:
        self.path = path
        self.lines = [] if fresh else _lines(path)
        if not self.lines or self.lines[0] != {"parameters": parameters} or self.has("finished"):
            self.lines = []
            path.unlink(missing_ok=True)
            self.add(parameters=parameters)

    @classmethod
    def read(cls, path: Path) -> Record:
        """The last run as it is, finished or not."""
        found = cls.__new__(cls)
        found.path, found.lines = path, _lines(path)
        return found

    def add(self, **line: Any) -> None:
        self.lines.append(line)
        with self.path.open("a") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def found(self, kind: str, **of: Any) -> Iterator[dict[str, Any]]:
        """The lines that say this, of these."""
        return (line for line in self.lines if kind in line and of.items() <= line.items())

    def found_last(self, kind: str) -> Iterator[dict[str, Any]]:
        """The lines that say this since each size was begun the last time: an interrupted run compares anew."""
        begun = {line["size"]: number for number, line in enumerate(self.lines) if "load" in line}
        lines = enumerate(self.lines)
        return (line for number, line in lines if kind in line and number > begun.get(line["size"], -1))

    def has(self, kind: str, **of: Any) -> bool:
        return any(True for _line in self.found(kind, **of))


def _lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.splitlines() if line.endswith("}")]
