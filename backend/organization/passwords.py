"""Passwords that anybody would try: words of the house and of the country, and those of published breaches."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha1
from mmap import ACCESS_READ, mmap
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from backend.core.words.text import tr_fold

WORDS = Path(__file__).parent / "data" / "password_words.txt"


class GuessablePasswordValidator:
    """Refuses a shipped word whatever digits and marks stand around it, and what BREACHED_PASSWORDS_FILE holds.

    Django's own list of common passwords is asked besides.
    """

    def validate(self, password: str, user: object = None) -> None:
        if re.sub(r"[^a-z]", "", tr_fold(password)) in _words():
            raise ValidationError(_("Everybody here would try this password. Choose another one."))
        if (file := settings.BREACHED_PASSWORDS_FILE) and is_listed(Path(file), password):
            message = _("This password is in a published list of stolen passwords. Choose another one.")
            raise ValidationError(message)

    def get_help_text(self) -> str:
        return _("No word that everybody here would try, and no password that was stolen somewhere.")


@cache
def _words() -> frozenset[str]:
    return frozenset(WORDS.read_text(encoding="utf-8").split())


def is_listed(file: Path, password: str) -> bool:
    """Whether its SHA-1, or the beginning of it, is a line of the file: sorted, upper case, what follows ":" ignored.

    So Pwned Passwords are published. The file may be larger than the memory: some forty lines of it are read.
    """
    digest = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as lines:
        low, high = 0, len(lines)
        while low < high:
            start = lines.rfind(b"\n", low, (low + high) // 2)
            start = low if start < 0 else start + 1
            end = lines.find(b"\n", start)
            end = len(lines) if end < 0 else end
            entry = lines[start:end].partition(b":")[0].strip()
            if entry and digest.startswith(entry):
                return True
            low, high = (end + 1, high) if entry < digest else (low, start)
    return False
