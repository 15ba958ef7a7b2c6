"""Keeping the library of words: approved phrases and forms of address, each with its days and where it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Required, TypedDict, Unpack

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, required, short
from backend.core.words.text import tr_fold
from backend.journal.actions import record
from backend.letters import case_phrases, templating
from backend.letters.choices import ClosingWord, Kind, PhrasePart
from backend.letters.law import closing as closings
from backend.letters.law import occasions
from backend.letters.law.wording import SAYS
from backend.letters.models import FormOfAddress, Phrase
from backend.letters.wording import OF_CASES, Worded
from backend.organization.models import Category, Department, User

LONGEST_SENTENCE, LONGEST = 500, 2000
"""Letters of a sentence of a letter, and of a piece of text for applications."""


class Approval(TypedDict, total=False):
    """For which letters and days something is approved, and by whom."""

    kinds: Iterable[str]
    valid_from: dt.date | None
    valid_to: dt.date | None
    source: Required[str]


@transaction.atomic
def save_phrase(
    phrase: Phrase | None = None,
    *,
    by: User | None,
    part: str,
    text: str,
    closing: str = "",
    position: int = 100,
    category: Category | None = None,
    department: Department | None = None,
    **approval: Unpack[Approval],
) -> Phrase:
    """Approve a sentence, or change one: a closing must say what it is kept under, and no sentence may speak of an
    occasion that its letters are not for. `category` and `department`: for which applications alone it is. REQUIRED,
    INVALID."""
    row = phrase or Phrase()
    row.part = choice(PhrasePart, part, "part")
    is_of_cases = row.part in OF_CASES
    row.text = required(text, "text", _("Write the sentence."), LONGEST if is_of_cases else LONGEST_SENTENCE)
    row.closing, row.category, row.department = "", None, None
    if is_of_cases:
        case_phrases.check(row.text)
        row.category, row.department = category, department
        approval["kinds"] = ()
    if row.part == PhrasePart.CLOSING:
        row.closing = choice(ClosingWord, closing, "closing")
        if SAYS.get(closings.formula_of(row.text)) != row.closing:
            message = _("This sentence does not end with “%s”.") % ClosingWord(row.closing).label
            raise DomainError(ErrorCode.INVALID, message, "text")
    row.position = position
    for kind in approval.get("kinds", ()):
        for occasion, words in occasions.forbidden(choice(Kind, kind, "kinds"), row.text):
            mixed = _("Words of another occasion (%(name)s) stand in this letter: %(words)s.")
            result = mixed % {"name": occasion, "words": ", ".join(words)}
            raise DomainError(ErrorCode.INVALID, result, "text")
    return _save(row, row.text, by, "phrase_saved", **approval)


@transaction.atomic
def save_form_of_address(
    form: FormOfAddress | None = None,
    *,
    by: User | None,
    office: str,
    salutation: str,
    **approval: Unpack[Approval],
) -> FormOfAddress:
    """Create or change the form of address of an office. REQUIRED, INVALID."""
    row = form or FormOfAddress()
    row.office = required(office, "office", _("Write the office, such as Kaymakam."), 120)
    row.salutation = required(salutation, "salutation", _("Write how it is greeted."), 120)
    templating.check(row.salutation, "salutation")
    if templating.names(row.salutation):
        raise DomainError(ErrorCode.INVALID, _("A form of address has no places to fill in."), "salutation")
    return _save(row, row.office, by, "form_of_address_saved", **approval)


def _save[W: Worded](row: W, text: str, by: User | None, verb: str, **approval: Unpack[Approval]) -> W:
    if unknown := set(approval) - set(Approval.__annotations__):
        raise TypeError(f"not of an approval: {', '.join(sorted(unknown))}")
    row.kinds = [choice(Kind, kind, "kinds") for kind in approval.get("kinds", ())]
    row.valid_from = approval.get("valid_from") or row.valid_from or today()
    row.valid_to = approval.get("valid_to")
    if row.valid_to and row.valid_to < row.valid_from:
        raise DomainError(ErrorCode.INVALID, _("The last day is before the first."), "valid_to")
    row.source = required(approval["source"], "source", _("Say who approved it, or where it stands."), 300)
    row.code = row.code or _code(type(row), text)
    row.save()
    record(verb=verb, about=row, by=by, label=short(str(row)[:200], "text"))
    return row


def _code(model: type[Worded], text: str) -> str:
    """A name for files, from the first words; a number where it is taken."""
    stem = slugify(tr_fold(text))[:50].strip("-") or "ifade"
    taken = set(model._default_manager.filter(code__startswith=stem).values_list("code", flat=True))
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
