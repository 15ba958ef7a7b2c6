"""Faults of the degrees: gizlilik and ivedilik."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from backend.core.localtime import today
from backend.core.words.text import clean, tr_upper
from backend.letters.choices import Confidentiality, Medium, Urgency
from backend.letters.law import articles, numbers
from backend.letters.law.articles import DEGREES, MARKS
from backend.letters.law.parts import Draft, Fault

_NO_MARK = {"", "NORMAL", "TASNİF DIŞI", "TASNIF DISI"}
_CONFIDENTIALITY = {MARKS[degree]: degree for degree in DEGREES if degree in MARKS} | {
    degree.value: degree for degree in Confidentiality
}
_URGENCY = {MARKS[degree]: degree for degree in (Urgency.URGENT, Urgency.DATED)} | {
    degree.value: degree for degree in Urgency
}


def confidentiality_of_mark(mark: str) -> Confidentiality | None:
    """The degree of an entered mark; None for an unknown one."""
    typed = tr_upper(clean(mark)) if clean(mark) not in Confidentiality.values else clean(mark)
    return Confidentiality.NONE if typed in _NO_MARK else _CONFIDENTIALITY.get(typed)


def urgency_of(draft: Draft) -> Urgency | None:
    """The degree of urgency; None for a word that does not exist."""
    typed = clean(draft.urgency)
    typed = typed if typed in Urgency.values else tr_upper(typed)
    return Urgency.NONE if typed in _NO_MARK else _URGENCY.get(typed)


def confidentiality(draft: Draft) -> Iterator[Fault]:
    degree = confidentiality_of_mark(draft.confidentiality)
    if degree is None:
        yield _no_such_degree(draft.confidentiality, "confidentiality")
    elif degree in (Confidentiality.SECRET, Confidentiality.TOP_SECRET) and draft.medium == Medium.ELECTRONIC:
        message = _("What is GİZLİ or ÇOK GİZLİ is written on paper only.")
        remedy = _("Prepare it on paper (Z), outside of this system.")
        yield Fault("confidential_paper", "confidentiality", message, remedy, articles.CONFIDENTIALITY)
    highest = Confidentiality.NONE
    for annex in draft.annexes:
        its = confidentiality_of_mark(annex.confidentiality)
        if its is None:
            yield _no_such_degree(annex.confidentiality, "annexes")
        elif DEGREES.index(its) > DEGREES.index(highest):
            highest = its
    if degree is not None and DEGREES.index(highest) > DEGREES.index(degree):
        message = _("The letter is less confidential than its annex (%s).") % MARKS[highest]
        remedy = _("Mark the letter %s too.") % MARKS[highest]
        yield Fault("confidential_annex", "confidentiality", message, remedy, articles.CONFIDENTIALITY)


def _no_such_degree(mark: str, field: str) -> Fault:
    if tr_upper(clean(mark)) in ("ÖZEL", "KİŞİYE ÖZEL"):
        message = _("The degree ÖZEL was dropped in 2022.")
        remedy = _("Use HİZMETE ÖZEL, or none.")
        return Fault("confidential_ozel", field, message, remedy, articles.CONFIDENTIALITY)
    message = _("There is no degree of confidentiality “%s”.") % clean(mark)
    remedy = _("Use HİZMETE ÖZEL, GİZLİ or ÇOK GİZLİ, or none.")
    return Fault("confidential_unknown", field, message, remedy, articles.CONFIDENTIALITY)


def urgency(draft: Draft, on: dt.date | None = None) -> Iterator[Fault]:
    degree, on = urgency_of(draft), on or today()
    if degree is None:
        message = _("There is no degree of urgency “%s”.") % clean(draft.urgency)
        remedy = _("Use ACELE, or GÜNLÜDÜR with the date in the text.")
        yield Fault("urgency_unknown", "urgency", message, remedy, articles.URGENCY)
    elif degree == Urgency.DATED:
        yield from _dated(draft, on)
    elif degree == Urgency.URGENT and (deadline := numbers.deadline(f"{draft.body} {draft.closing}")):
        message = _("The letter is ACELE, and its text names a last day: %s.") % deadline
        remedy = _("Choose GÜNLÜDÜR, or leave the day out.")
        yield Fault("urgent_dated", "urgency", message, remedy, articles.URGENT, is_error=False)
    elif draft.due_on is not None:
        message = _("A day is set, and the letter is not GÜNLÜDÜR.")
        yield Fault(
            "urgency_date",
            "urgency",
            message,
            _("Choose GÜNLÜDÜR, or leave the day out."),
            articles.URGENCY,
            is_error=False,
        )


def _dated(draft: Draft, on: dt.date) -> Iterator[Fault]:
    if draft.due_on is None:
        message = _("GÜNLÜDÜR without a day.")
        yield Fault(
            "dated_without_day",
            "due_on",
            message,
            _("Give the day, and say it in the text."),
            articles.URGENCY,
        )
        return
    if not numbers.says_date(draft.body, draft.due_on):
        message = _("The text does not name the day by which an answer is wanted.")
        remedy = _("Write %s into the text.") % numbers.short_date(draft.due_on)
        yield Fault("dated_unsaid", "body", message, remedy, articles.URGENCY)
    if draft.due_on < on and not draft.is_registered:
        yield Fault("dated_past", "due_on", _("The day is over."), _("Give another day."), articles.URGENCY)
