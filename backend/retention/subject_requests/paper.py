"""The answer to an application on paper, in Turkish: what was decided and why, and where to turn (KVKK m.14)."""

from __future__ import annotations

from django.utils import translation

from backend.complaints.law import remedies
from backend.complaints.law.deadlines import Matter, Regime
from backend.configuration.office import configured
from backend.core.localtime import today
from backend.core.words.text import tr_upper
from backend.documents import typesetting
from backend.retention.models import SubjectRequest
from backend.retention.subject_requests.choices import Outcome


def answer_pdf(request: SubjectRequest) -> bytes:
    """The sheet of an answered application, ready to be signed."""
    on = request.answered_on or today()
    remedy = remedies.against_refusal(Regime.KVKK_REQUEST, Matter.GENERAL, on)
    with translation.override("tr"):
        values = {
            "municipality": tr_upper(configured.MUNICIPALITY_LEGAL_NAME),
            "reference": request.reference,
            "on": f"{request.answered_on:%d.%m.%Y}",
            "received_on": f"{request.received_on:%d.%m.%Y}",
            "requester": request.requester,
            "contact": request.contact,
            "asked": request.asked,
            "outcome": str(request.get_outcome_display()),
            "ground": str(request.get_ground_display()) if request.ground else "",
            "answer": request.answer,
            "remedy": remedy.text if remedy and request.outcome != Outcome.GRANTED else "",
            "signed_by": str(request.answered_by or ""),
            "title": request.answered_by.title if request.answered_by else "",
        }
        return typesetting.pdf("retention/print/answer.typ", values)
