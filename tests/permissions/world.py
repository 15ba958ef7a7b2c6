"""Rows in every table that holds rows of a person or a department, some of Fen İşleri, some of others."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest, RequestAttachment
from backend.complaints import actions
from backend.complaints.choices import Means, NoticeKind, NoticeStatus
from backend.complaints.models import Attachment, Comment, Complaint, Extension, FeeNotice, Forwarding, Notice
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.journal.actions import record, record_reading
from backend.organization.actions import save_filter
from backend.organization.models import SavedFilter, User
from backend.outbox.models import Message
from backend.programme import actions as programme_actions
from backend.programme import moves as programme
from backend.programme.models import Entry
from permissions import grants, scope
from permissions.viewer import PRESS, WORK
from tests.cast import Cast
from tests.factories import (
    make_body,
    make_citizen,
    make_complaint,
    make_entry,
    make_public_day,
    make_request,
)


def populate(cast: Cast) -> dict[str, Complaint]:
    """Cases of every kind of belonging, each with one row of everything that hangs on a case."""
    somebody = make_citizen()
    cases = {
        "unrouted": make_complaint(),
        "fen": make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=somebody),
        "fen+park": make_complaint(to=cast.fen, collaborators=(cast.park,)),
        "park": make_complaint(to=cast.park, accepted_by=cast.park_clerk),
        "park+fen": make_complaint(to=cast.park, collaborators=(cast.fen,)),
        "fen_hidden": make_complaint(to=cast.fen, identity_hidden=True),
        "park_on_behalf": make_complaint(to=cast.park, on_behalf_of=make_citizen("Fatma", "Kurt")),
        "fen_anonymous": make_complaint(to=cast.fen, applicant=None),
        "cleaning": make_complaint(to=cast.cleaning),
        "relations": make_complaint(to=cast.relations),
    }
    cases["cleaning_same_person"] = make_complaint(to=cast.cleaning, applicant=somebody)
    cases["left_park"] = make_complaint(to=cast.park)
    cases["released"] = make_complaint(to=cast.cleaning, collaborators=(cast.park,))
    cases["shared"] = make_complaint(to=cast.cleaning)
    with system():
        actions.route(cases["left_park"], to=cast.fen, by=cast.secretary)
        actions.release_collaborator(
            cases["released"], department=cast.park, reason="Gerek kalmadı.", by=cast.secretary
        )
        for reader in (cast.outsider, cast.park_clerk):
            grants.share(cases["shared"], user=reader, by=cast.secretary)
        for complaint in cases.values():
            hang_everything_on(complaint, by=cast.secretary)
        grants.take(grants.give(cast.outsider, WORK, cast.park, by=cast.administrator), by=cast.administrator)
        for citizen in Citizen.objects.all():
            Citizen.objects.filter(pk=citizen.pk).update(note="Arandı.")
        grants.take(
            grants.give_programme(cast.outsider, PRESS, cast.deputys, by=cast.administrator),
            by=cast.administrator,
        )
        populate_programmes(cast)
        populate_requests(cast)
        for member in (cast.fen_clerk, cast.park_clerk, cast.secretary):
            keep_filter(member, "Gecikenler")
        record(verb="imported", about=cast.fen, by=cast.administrator)
        record_reading(reader=cast.fen_clerk, kind="contacts.citizen", ids=[1, 2], purpose="test")
    return _reread(cases)


def keep_filter(person: User, title: str) -> SavedFilter:
    """A saved filter of the list of cases; nobody's role but its owner's can write it."""
    with scope.session(person), elevated():
        return save_filter(by=person, list_name="complaints_complaint", title=title, parameters="tab=late")


def populate_programmes(cast: Cast) -> dict[str, Entry]:
    """Entries of every kind of belonging, with one row of everything that hangs on an entry."""
    people = {"participants": [cast.park_clerk]}
    entries = {
        "mayors": make_entry(cast.mayors, by=cast.secretary),
        "deputys": make_entry(cast.deputys, by=cast.fen_clerk),
        "mayors+park_clerk": make_entry(cast.mayors, by=cast.secretary, **people),
        "deputys+park_clerk": make_entry(cast.deputys, by=cast.fen_clerk, **people),
        # Confidential: keeper, office and participant are nothing to it unless they are named.
        "mayors_own": make_entry(cast.mayors, by=cast.mayor, readers=(cast.mayor,), **people),
        "mayors_secret": make_entry(cast.mayors, by=cast.secretary, readers=(cast.fen_clerk,)),
        "deputys_secret": make_entry(cast.deputys, by=cast.deputy_mayor, readers=(cast.outsider,), **people),
    }
    for name, entry in entries.items():
        keeper = {"mayors": cast.secretary, "deputys": cast.fen_clerk}[re.split("[_+]", name)[0]]
        keeper = cast.mayor if name == "mayors_own" else keeper
        keeper = cast.deputy_mayor if name == "deputys_secret" else keeper
        with scope.session(keeper), scope.acting(programme.Verb.INVITE, Entry, entry.key) as row:
            programme_actions.invite(row, by=keeper, name="Konuk Kişi")
            if not row.is_confidential:
                programme_actions.show_press(row, by=keeper, title="Basına açık")
    return entries


def populate_requests(cast: Cast) -> dict[str, AppointmentRequest]:
    """Requests of every kind of belonging, with one row of everything that hangs on a request."""
    requests = {
        name: make_request(cast.deputys if name in ("deputys", "sent_to_fen", "deputys_day") else cast.mayors)
        for name in ("mayors", "deputys", "sent_to_park", "sent_to_fen", "public_day", "deputys_day")
    }
    told = {"by": cast.secretary, "means": Means.PHONE}
    with system():
        appointments.redirect(requests["sent_to_park"], department=cast.park, **told)
        appointments.redirect(requests["sent_to_fen"], department=cast.fen, **told)
        for name, principal in (("public_day", cast.mayors), ("deputys_day", cast.deputys)):
            session = make_public_day(principal, "2027-01-21")
            appointments.put_on_public_day(requests[name], session=session, **told)
        for request in requests.values():
            appointments.message(request, body="Bilginize.", **told)
            RequestAttachment.objects.create(
                request=request,
                file=ContentFile(b"%PDF-1.4", name="a.pdf"),
                name="proje.pdf",
                content_type="application/pdf",
                size=8,
                sha256="0" * 64,
                uploaded_by=cast.secretary,
            )
    return requests


def _reread(cases: dict[str, Complaint]) -> dict[str, Complaint]:
    with system():
        return {name: Complaint.objects.get(pk=case.pk) for name, case in cases.items()}


def hang_everything_on(complaint: Complaint, by: Any) -> None:
    """One row of every table that belongs to a complaint, written without the actions' rules of order."""
    notices = [
        Notice.objects.create(
            complaint=complaint,
            kind=kind,
            status=NoticeStatus.SENT,
            body="Bildirildi.",
            means=Means.PHONE,
            told_at=timezone.now(),
            told_by=by,
        )
        for kind in (NoticeKind.EXTENSION, NoticeKind.FEE, NoticeKind.FORWARDING)
    ]
    Comment.objects.create(complaint=complaint, author=by, body="İç not.")
    Extension.objects.create(complaint=complaint, granted_on=today(), reason="Arşiv.", notice=notices[0])
    FeeNotice.objects.create(
        complaint=complaint,
        notified_on=today(),
        amount=12,
        due_on=today() + dt.timedelta(days=20),
        notice=notices[1],
    )
    Forwarding.objects.create(
        complaint=complaint, body=make_body(), forwarded_on=today(), number="1", notice=notices[2]
    )
    Attachment.objects.create(
        complaint=complaint,
        file=ContentFile(b"%PDF-1.4", name="a.pdf"),
        name="dilekçe.pdf",
        content_type="application/pdf",
        size=8,
        sha256="0" * 64,
        uploaded_by=by,
    )
    Message.objects.create(channel=Message.Channel.EMAIL, address="a@example.org", body="…", purpose="test")
    Complaint.objects.filter(pk=complaint.pk).update(subject=f"{complaint.subject}.")
