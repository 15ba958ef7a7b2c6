"""A batch on paper: the print run of its letters, and envelopes and labels for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.greetings import wording
from backend.greetings.models import Batch, PrintRun, Recipient
from backend.letters import library
from backend.letters.choices import Office
from backend.letters.law.numbers import short_date
from backend.letters.papers import rendering

MOST = 500
"""Letters of one print run: a ream of paper, set in some seconds. More are several, so that one sees how far it is."""

ENVELOPES, LABELS = ("DL", "C5"), ("L24", "L14")
FORMS = {
    "DL": _("Envelopes DL (220 × 110 mm)"),
    "C5": _("Envelopes C5 (229 × 162 mm)"),
    "L24": _("Labels 70 × 37 mm, 24 on a sheet"),
    "L14": _("Labels 105 × 42.3 mm, 14 on a sheet"),
}


def letters(batch: Batch, recipients: Sequence[Recipient]) -> bytes:
    """The letters to these as one PDF (PDF/A-2a, PDF/UA-1), each on a page of its own, in this order."""
    return rendering.run(
        batch.title,
        _letters(batch, recipients),
        office=Office.MAYOR,
        signed=[batch.signatory_name, batch.signatory_title],
        date=short_date(batch.occasion.on),
    )


def preview(batch: Batch, row: Recipient) -> list[bytes]:
    """The letter to one of them, page by page as pictures."""
    return rendering.run_pages(
        batch.title,
        _letters(batch, [row]),
        office=Office.MAYOR,
        signed=[batch.signatory_name, batch.signatory_title],
        date=short_date(batch.occasion.on),
    )


def _letters(batch: Batch, recipients: Sequence[Recipient]) -> list[dict[str, Any]]:
    forms = library.greetings()
    return [_letter(row, wording.worded(batch, row, forms)) for row in recipients]


def _letter(row: Recipient, text: wording.Worded) -> dict[str, Any]:
    return {
        "salutation": text.salutation,
        "body": text.body,
        "closing": text.closing,
        "addressee": address_lines(row),
    }


def address_lines(row: Recipient) -> list[str]:
    """An address as the post wants it: whose it is, office and organisation, street, and the place in capitals."""
    if row.citizen is None:
        return [row.name or str(row), *row.address.splitlines()]
    lines = [
        f"Sayın {row.name or row.citizen.titled_name}",
        row.title,
        row.organisation,
        *row.address.splitlines(),
    ]
    return [line for line in lines if line]


def addressed(run: PrintRun, form: str) -> bytes:
    """Envelopes or labels for the letters of a print run, in its order. INVALID for a form that is none."""
    if form not in FORMS:
        raise DomainError(ErrorCode.INVALID, _("Choose one of the listed values."), "form")
    rows = run.recipients.select_related("citizen", "department", "body").order_by("pk")
    addresses = [address_lines(row) for row in rows]
    make = rendering.envelopes if form in ENVELOPES else rendering.labels
    return make(run.batch.title, addresses, form)


def file_name(batch: Batch) -> str:
    """What the print run is called: nothing of a person."""
    return f"{batch.occasion.name[:80]} baskı.pdf"
