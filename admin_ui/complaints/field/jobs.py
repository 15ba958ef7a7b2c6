"""A job as the page draws it and as the phone keeps it: the least that is needed to go there and to finish it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from admin_ui.complaints.page import where
from admin_ui.core.display import time_left
from admin_ui.core.links.maps import map_url
from backend.complaints.choices import Priority
from backend.complaints.moves import Verb
from permissions.complaints import field_work
from permissions.complaints.field_work import Job

SHOWN_PHOTOS = 6
"""The newest of a job."""


def shown(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the viewer's jobs: their own first, each part by what presses, by mahalle and by day."""
    rows = [_job(request, job) for job in field_work.jobs()]
    return sorted(rows, key=lambda row: (not row["mine"], not row["pressing"], row["mahalle"], row["due"]))


def _job(request: HttpRequest, job: Job) -> dict[str, object]:
    case = job.case
    place, point = where(case)
    days, tone = time_left(case, case.target_on)
    phone = job.applicant.phone if job.applicant else None
    mahalle = case.neighbourhood
    head = case.place or (mahalle.name if mahalle else "") or (case.category.name if case.category else "")
    middle = (mahalle.latitude, mahalle.longitude) if mahalle and mahalle.latitude is not None else None
    return {
        "key": str(case.key),
        "reference": case.reference,
        "head": head or case.subject,
        "title": case.subject,
        "text": case.body,
        "place": case.place,
        "mahalle": mahalle.name if mahalle else "",
        "point": point or middle,
        "is_near": point is None and middle is not None,
        "days": str(days),
        "tone": tone,
        "due": case.target_on.isoformat(),
        "mine": job.is_mine,
        "pressing": case.priority == Priority.URGENT or bool(case.danger),
        "who": job.applicant.full_name if job.applicant else "",
        "tel": phone.as_e164 if phone else "",
        "map": map_url(request, place or (mahalle.name if mahalle else ""), point),
        "photos": [
            {"key": str(one.key), "stage": one.stage, "small": reverse("thumbnail", args=[one.key])}
            for one in job.photos[-SHOWN_PHOTOS:]
        ],
        "draft": job.draft.body if job.draft else "",
        "seen": field_work.stamp(job.draft),
        "takes_photos": Verb.ATTACH in job.verbs,
        "can_finish": bool({Verb.ACCEPT, Verb.DRAFT} & set(job.verbs)),
        "url": reverse("admin:complaints_complaint_change", args=[case.key]),
    }
