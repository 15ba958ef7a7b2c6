"""Checker and closing formula for an unsaved letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

from backend.letters import drafts
from backend.letters.actions.writing import Enclosed, Facts, Recipient, Referred, checked, of_words
from backend.letters.choices import (
    AddresseeKind,
    Capacity,
    Confidentiality,
    Form,
    Office,
    PhrasePart,
    Urgency,
)
from backend.letters.law import closing, parts, wording
from backend.letters.models import Letter
from backend.organization.models import Department


def sheet(
    department: Department | None,
    *,
    addressees: Sequence[Recipient] = (),
    references: Sequence[Referred] = (),
    annexes: Sequence[Enclosed] = (),
    **facts: Unpack[Facts],
) -> drafts.Sheet:
    """What is typed as rows that are not saved: to be printed as a draft. INVALID where something cannot be."""
    letter = Letter(department=department, **checked(facts))
    return of_words(letter, addressees, references, annexes)


def draft(
    *,
    number: str = "",
    addressees: Sequence[Recipient] = (),
    references: Sequence[Referred] = (),
    annexes: Sequence[Enclosed] = (),
    **facts: Unpack[Facts],
) -> parts.Draft:
    """Convert the input for the checker; the degrees stay marks, so that wrong ones can be reported."""
    confidentiality, urgency = facts.pop("confidentiality", ""), facts.pop("urgency", "")
    typed = sheet(None, addressees=addressees, references=references, **facts)
    draft = drafts.as_draft(typed, confidentiality=confidentiality, urgency=urgency)
    marks = [parts.Annex(annexe.title, annexe.measure, _mark(annexe.confidentiality)) for annexe in annexes]
    return replace(
        draft, annexes=marks, number=number, confidentiality=_mark(confidentiality), urgency=_mark(urgency)
    )


def _mark(text: str) -> str:
    return "" if text in (Confidentiality.NONE, Urgency.NONE) else text


def proposal(draft: parts.Draft) -> closing.Closing:
    """The closing for what is typed, with what is approved for it; without a signatory the mayor is taken to sign, and
    a letter of the makam without an addressee to go to a person."""
    signatory = draft.signatory or parts.Signatory("", "", Office.MAYOR, Capacity.OWN)
    person = [parts.Addressee(AddresseeKind.PERSON, "")] if draft.form == Form.PERSONAL else []
    result = closing.propose(signatory, draft.addressees or person)
    usual = wording.fitting(draft.phrases, draft.kind, PhrasePart.CLOSING, result.text)
    return replace(result, usual=usual or (result.text,))


def offered(draft: parts.Draft) -> list[str]:
    """Approved sentences for the beginning and the text of what is typed."""
    places = (PhrasePart.OPENING, PhrasePart.BODY)
    return [one for part in places for one in wording.fitting(draft.phrases, draft.kind, part)]
