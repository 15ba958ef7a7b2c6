"""The fourth door without a viewer: whether a paper is genuine, by the code that is printed on it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from backend.core.session import prepared

CODE = re.compile(r"[2-9A-HJ-NP-TV-Z]{16}")


@dataclass(frozen=True)
class Verified:
    """What anybody may know of a registered letter. `subject` is empty where it is not for everybody."""

    document_number: str
    registered_on: dt.date
    subject: str
    paper_sha256: str
    sealed_by: str = ""
    seal_is_trusted: bool = False


def verified(code: str) -> Verified | None:
    """The letter with this code, with or without blanks and hyphens; None tells nothing more."""
    typed = re.sub(r"[\s-]", "", code).upper()
    if not CODE.fullmatch(typed):
        return None
    with prepared("SELECT * FROM app.verified_letter($1)", [typed]) as cursor:
        row = cursor.fetchone()
    return Verified(*row) if row else None
