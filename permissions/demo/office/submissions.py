"""Invented submissions of people without an account: two that wait, and one that was no application."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from backend.complaints.choices import Kind
from backend.contacts import privacy
from backend.contacts.models import Purpose
from backend.core.session import system
from backend.organization.models import User
from backend.submissions import actions, affected
from backend.submissions.models import Submission
from backend.submissions.proofs import Holder

# (days ago, kind, subject, text, first name, surname, e-mail, telephone)
SENT = [
    (3, Kind.COMPLAINT, "Kaldırım taşları çökmüş", "Yağmurdan sonra kaldırım çöktü; bebek arabasıyla geçilmiyor.",
     "Nermin", "Aksoy", "", "02163110001"),
    (1, Kind.REQUEST, "Parka oturma bankı", "Parkın göl tarafında oturacak yer yok.",
     "Hakan", "Yurt", "hakan.yurt@vatandas.example", ""),
    (2, Kind.REQUEST, "Ucuz reklam panosu", "Belediyenize özel indirim!",
     "Pano", "Satış", "pano@reklam.example", ""),
]  # fmt: skip
REJECTED = "Ucuz reklam panosu"
AFFECTED = [("Melek", "Toprak", "melek.toprak@vatandas.example"), ("Orhan", "Kaya", "orhan.kaya@vatandas.example"),
            ("Sevgi", "Ulu", "sevgi.ulu@vatandas.example")]  # fmt: skip
"""Who says of some open cases that these affect them too: all of the first, fewer of the next."""


def load_once() -> None:
    """Also into a database with the older demo."""
    with system():
        by = User.objects.filter(username="sekreter").first()
        if by is None or Submission.objects.exists():
            return
        for days, kind, subject, body, first_name, last_name, email, phone in SENT:
            row = actions.receive(
                address="192.0.2.7",
                kind=kind,
                subject=subject,
                body=body,
                first_name=first_name,
                last_name=last_name,
                email=email,
                phone=phone,
            )
            Submission.objects.filter(pk=row.pk).update(received_at=timezone.now() - dt.timedelta(days=days))
            if subject == REJECTED:
                actions.reject(row, by=by, reason="Reklam; başvuru değil.")
        _join_some(by)


def _join_some(by: User) -> None:
    """Whom open cases in the street affect too."""
    notice = privacy.in_force(Purpose.CASE)
    if notice is None:
        return
    cases = affected.joinable().exclude(place="").order_by("-registered_at", "-pk")[: len(AFFECTED)]
    for number, case in enumerate(cases):
        for first_name, last_name, email in AFFECTED[number:]:
            holder = Holder(first_name, last_name, email, "")
            affected.join(affected.ticket_of(case), holder, by=by, privacy_notice=notice)
