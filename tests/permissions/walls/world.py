"""Rows in every table that holds rows of a person or a department, some of Fen İşleri, some of others."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from backend.agreements import actions as agreements
from backend.agreements.models import Agreement, AgreementAttachment
from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest, RequestAttachment
from backend.calendars import actions as calendars
from backend.calendars.models import Feed
from backend.complaints import actions
from backend.complaints.choices import DeliveryMethod, NoticeKind, NoticeStatus
from backend.complaints.file_import import FileImport
from backend.complaints.importing import bring
from backend.complaints.models import (
    Attachment,
    ChecklistItem,
    ChecklistTemplateItem,
    Comment,
    Complaint,
    Extension,
    FeeNotice,
    Forwarding,
    Notice,
    NoticeFile,
    SocialPost,
)
from backend.complaints.reporting import jobs as report_jobs
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.calendar import DayKind
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.drafts import actions as drafts
from backend.drafts.models import Draft
from backend.engagements import actions as engagements
from backend.engagements.models import Engagement, EngagementAttachment
from backend.events import actions as events
from backend.events.choices import Audience
from backend.events.models import (
    Arrival,
    ElectionPeriod,
    Event,
    EventAttachment,
    EventPartner,
    EventPicture,
    Guest,
    PicturePermission,
    PublishedEvent,
)
from backend.exports import actions as exports
from backend.exports.models import Export
from backend.greetings import actions as greetings
from backend.greetings.actions import Named
from backend.greetings.models import Batch, PrintRun
from backend.guidance import actions as guidance
from backend.instructions.models import Dictation, Instruction, InstructionAttachment
from backend.invitations import actions as invitations
from backend.invitations.models import Invitation, InvitationAttachment, InvitationNotice
from backend.journal.actions import record, record_access
from backend.journal.models import AccessLog
from backend.letters import actions as letters
from backend.letters.actions.writing import Enclosed, Initialling, Referred
from backend.letters.models import Annex, Letter, LetterAttachment, LetterReference, Step
from backend.news.models import PressOptOut, Release, ReleaseMailing, ReleasePhoto
from backend.news.writing import digest_of
from backend.notifications import actions as notifications
from backend.notifications import staff
from backend.organization.actions import save_filter
from backend.organization.models import Department, HolidayCorrection, SavedFilter, User
from backend.outbox.models import Message, SmsPart
from backend.partners import actions as partners
from backend.partners import lists
from backend.partners.models import Organisation
from backend.portals.clients import register_client
from backend.portals.models import (
    Client,
    ClientAttempt,
    ClientHour,
    ClientMinute,
    IdempotentResponse,
    TrustedDocument,
)
from backend.portals.webhooks import actions as webhooks
from backend.portals.webhooks.sending import Answer
from backend.presence.models import Presence
from backend.programme import actions as programme_actions
from backend.programme import moves as programme
from backend.programme.models import Entry, Principal
from backend.protocol import actions as protocol
from backend.reminders import actions as reminders
from backend.retention import actions as retention
from backend.retention.models import DestructionRun, ErasureJob, LegalHold, RetentionRule, SubjectRequest
from backend.retention.subject_requests import actions as subject_requests
from backend.routing.models import RoutingRule, RuleTrial
from backend.seating import actions as seating
from backend.seating.models import SeatingPlan
from backend.stickers import actions as stickers
from backend.telephone.models import Call
from backend.triage.models import RouterProposal, RouterVersion
from permissions.complaints import sharing
from permissions.core import grants, scope
from permissions.core.viewer import PRESS, WORK
from tests.backend.mailboxes.rows import make_conversation, make_line, make_mail, make_mailbox, make_text
from tests.backend.organization.sign_on.rows import make_person, make_reading, make_rule
from tests.backend.places.rows import make_boundary, make_landmark, make_street
from tests.cast import Cast
from tests.days import day
from tests.factories import (
    at,
    make_affected,
    make_agreement,
    make_batch,
    make_body,
    make_category,
    make_citizen,
    make_complaint,
    make_engagement,
    make_entry,
    make_event,
    make_instruction,
    make_invitation,
    make_letter,
    make_neighbourhood,
    make_office,
    make_organisation,
    make_plan,
    make_precedence,
    make_proof,
    make_public_day,
    make_release,
    make_request,
    make_role,
    make_subject_request,
    make_submission,
    make_submission_file,
    make_user,
    receive_letter,
    refetch,
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
    report_jobs.keep_figures()  # what comes later is a change since
    cases["shared"] = make_complaint(to=cast.cleaning)
    with system():
        Complaint.objects.update(latitude=41.00213, longitude=29.23166)
        at_lamp = stickers.save_sticker(by=cast.secretary, label="Direk 114", description="Okul önü")
        scanned = [cases[name].pk for name in ("fen", "park", "cleaning")]
        Complaint.objects.filter(pk__in=scanned).update(sticker=at_lamp)
    with system():
        actions.route(cases["left_park"], to=cast.fen, by=cast.secretary)
        actions.release_collaborator(
            cases["released"], department=cast.park, reason="Gerek kalmadı.", by=cast.secretary
        )
        for reader in (cast.outsider, cast.park_clerk):
            sharing.share(cases["shared"], user=reader, by=cast.secretary)
        for complaint in cases.values():
            hang_everything_on(complaint, by=cast.secretary)
        grants.take(grants.give(cast.outsider, WORK, cast.park, by=cast.administrator), by=cast.administrator)
        for citizen in Citizen.objects.all():
            Citizen.objects.filter(pk=citizen.pk).update(note="Arandı.")
        grants.take(
            grants.give_programme(cast.outsider, PRESS, cast.deputys, by=cast.administrator),
            by=cast.administrator,
        )
        HolidayCorrection.objects.create(
            version=1,
            day="2040-01-02",
            kind=DayKind.HOLIDAY,
            name="Bayram",
            source="R.G. 1",
            recomputed=[complaint.pk for complaint in cases.values()],
        )
        populate_programmes(cast)
        asked = populate_requests(cast)
        populate_invitations(cast)
        letters = populate_letters(cast)
        populate_instructions(cast)
        populate_protocol(cast)
        greet(cast, "Bayram tebriki", make_citizen("Gül", "Tekin"))
        populate_events(cast)
        destroy(cast, "Dava")
        apply_for_data("Dava")
        found = populate_partners(cast)
        populate_engagements(cast, found)
        populate_agreements(cast, found)
        name_partners(found)
        AppointmentRequest.objects.update(partner=found["fen_company"])
        Invitation.objects.update(partner=found["park_school"])
        populate_seating()
        make_client(cast, "e-Belediye", make_user("portal.belediye", "e-Belediye", "Portalı", is_staff=False))
        make_client(cast, "153 uygulaması", cast.portal)
        for member in (cast.fen_clerk, cast.park_clerk, cast.secretary):
            keep_filter(member, "Gecikenler")
            keep_answer(member, "bir")
        for member in (cast.fen_clerk, cast.park_clerk, cast.secretary, cast.mayor):
            make_feed(member, "Telefonum")
            choose_reminders(member, "MORNING")
            choose_notifications(member, "OFF")
            tell(member, *(case for case in cases.values()))
            keep_export(member, "Başvurular")
            keep_draft(member, "Yarım kalan")
            ring_at(member, "+905320000001")
            pin_for(member, *cases.values())
            remind_of(member, *cases.values())
        make_rule(cast.fen, "Fen memurları")
        make_person("1", "Fen memurları", user=cast.outsider)
        make_reading()
        place = make_neighbourhood("Merve")
        make_street(place, "Aydın Sokak")
        make_boundary(place, 29.25, 41.02)
        make_landmark(place, "Merkez Camii")
        make_submission_file(make_submission())
        make_proof(by=cast.secretary)
        make_affected(next(iter(cases.values())), by=cast.secretary)
        for department in (cast.fen, cast.park, cast.office):
            box = make_mailbox(department)
            make_mail(box)
            make_text(make_line(department))
            for case in cases.values():
                make_mail(box, status="JOINED", complaint=case)
        for matter in (*asked.values(), *letters.values(), *found.values()):
            make_conversation(cast, matter)
        bring_file(cast.secretary)
        RouterVersion.objects.create(number=1, cases=400, categories=2, units=2, threshold=70, measured_on=80)
        record(verb="imported", about=cast.fen, by=cast.administrator)
        record_access(reader=cast.fen_clerk, kind="contacts.citizen", ids=[1, 2], purpose="test")
    return _reread(cases)


def make_client(cast: Cast, name: str, account: User) -> Client:
    """A client with all that hangs on one. Whoever manages clients sees it, and its own program."""
    by = cast.administrator
    told = {"contact_name": f"{name} yetkilisi", "contact_email": "yetkili@portal.example"}
    with system():
        client, _secret = register_client(account=account, name=name, scopes=["READ"], by=by, **told)
        document = {"sha256": "0" * 64, "name": name, "text": "{ me { username } }"}
        TrustedDocument.objects.create(client=client, **document)
        now = timezone.now().replace(second=0, microsecond=0)
        ClientMinute.objects.create(client=client, minute=now, requests=3, cost=len(name))
        ClientHour.objects.create(client=client, hour=now.replace(minute=0), requests=3, cost=len(name))
        ClientAttempt.objects.create(client=client, outcome="ISSUED", address="192.0.2.7")
        url = f"https://{account.username}.example/webhook"
        endpoint, _whsec = webhooks.add_endpoint(client, url=url, events=["complaint.changed"], by=by)
        delivery = webhooks.send_test(endpoint, by=by)
        webhooks.settle(delivery, Answer(500, 12, text=name), now)
    return client


def keep_answer(person: User, key: str) -> IdempotentResponse:
    """What somebody was answered."""
    with scope.session(person), elevated():
        return IdempotentResponse.objects.create(
            user=person, idempotency_key=key, digest="0" * 64, status=200, body='{"data":null}'
        )


def keep_filter(person: User, title: str) -> SavedFilter:
    """A saved filter of the list of cases; nobody's role but its owner's can write it."""
    with scope.session(person), elevated():
        return save_filter(by=person, list_name="complaints_complaint", title=title, parameters="tab=late")


def keep_draft(person: User, text: str) -> Draft | None:
    """What a person was typing; no role but theirs can read it."""
    with scope.session(person), elevated():
        return drafts.keep(by=person, page=f"/admin/{len(text)}/", field="body", text=text)


def ring_at(person: User, number: str) -> Call:
    """A call at a person's telephone; no role but theirs can read it."""
    with scope.session(person), elevated():
        return Call.objects.create(user=person, dialog=uuid.uuid4().hex, number=number)


def pin_for(person: User, *about: Complaint) -> None:
    """What a person pinned, also cases that they do not see any more, and a first step; no role but theirs reads it."""
    with scope.session(person), elevated():
        for complaint in about[:10]:
            guidance.pin(by=person, page=f"/admin/complaints/complaint/{complaint.key}/change/")
        guidance.tick(by=person, name="pin")


def remind_of(person: User, *about: Complaint) -> None:
    """What somebody wants to be reminded of, also of cases that they do not see; no role but theirs can read it."""
    with scope.session(person), elevated():
        for complaint in about:
            reminders.remind(complaint, by=person, on=today(), note="Aranacak")


def keep_export(person: User, title: str) -> Export:
    """A list that somebody took along; nobody's role but its owner's, and the house's own, can write it."""
    about = {"list_name": "complaints_complaint", "title": title, "format": "CSV"}
    with scope.session(person), elevated():
        return exports.keep(by=person, file=io.BytesIO(b"Konu"), rows=1, **about)


def make_feed(
    person: User, name: str, view: str = "FULL", principal: Principal | None = None
) -> tuple[Feed, str]:
    """A calendar feed of somebody, with its secret; nobody's role but its owner's can write it."""
    with scope.session(person), elevated():
        return calendars.make_feed(by=person, name=name, view=view, principal=principal)


def choose_reminders(person: User, *moments: str) -> None:
    with scope.session(person), elevated():
        calendars.choose_reminders(by=person, moments=moments)


def choose_notifications(person: User, mode: str) -> None:
    with scope.session(person), elevated():
        notifications.choose(by=person, choices={"NOTE": {"EMAIL": mode}})


def tell(person: User, *cases: Complaint) -> None:
    """Somebody is told of these cases, whether they see them or not."""
    for case in cases:
        staff.post([person], "complaints/urgent", {"reference": case.reference}, case)


def bring_file(person: User, word: str = "Lamba") -> FileImport:
    """A file that waits for its import, with a report of an earlier run."""
    content = f"Başvuru No;Konu\nA-{word};{word}\n".encode()
    row = bring(io.BytesIO(content), name=f"{word}.csv", source="cagri-merkezi", by=person)
    row.remarks, row.report = [[2, "REFUSED", [f"{word}?"]]], f"2;{word}"
    row.save()
    return row


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
        with scope.session(keeper), scope.authorized(programme.Verb.INVITE, Entry, entry.key) as row:
            programme_actions.invite(row, by=keeper, name="Konuk Kişi")
            programme_actions.prepare(row, by=keeper, talking_points="Konuşma notu")
            if not row.is_confidential:
                programme_actions.ask_note(
                    row,
                    by=keeper,
                    department=cast.fen if name == "mayors" else cast.park,
                    question="Durum nedir?",
                    due_at=row.starts_at,
                )
                programme_actions.show_press(row, by=keeper, title="Basına açık")
    return entries


def populate_requests(cast: Cast) -> dict[str, AppointmentRequest]:
    """Requests of every kind of belonging, with one row of everything that hangs on a request."""
    requests = {
        name: make_request(cast.deputys if name in ("deputys", "sent_to_fen", "deputys_day") else cast.mayors)
        for name in ("mayors", "deputys", "sent_to_park", "sent_to_fen", "public_day", "deputys_day")
    }
    told = {"by": cast.secretary, "means": DeliveryMethod.PHONE}
    with system():
        appointments.redirect(requests["sent_to_park"], department=cast.park, **told)
        appointments.redirect(requests["sent_to_fen"], department=cast.fen, **told)
        for name, principal in (("public_day", cast.mayors), ("deputys_day", cast.deputys)):
            session = make_public_day(principal, day(9))
            appointments.assign_to_public_day(requests[name], session=session, **told)
        for name, department in (("sent_to_fen", cast.fen), ("public_day", cast.park), ("deputys_day", None)):
            due = today() + dt.timedelta(days=9)
            appointments.promise(
                requests[name], by=cast.secretary, text="Söz", due_on=due, department=department
            )
        for request in requests.values():
            appointments.message(request, body="Bilginize.", **told)
            RequestAttachment.objects.create(
                request=request,
                file=ContentFile(b"%PDF-1.4", name="a.pdf"),
                name="proje.pdf",
                content_type="application/pdf",
                size=8,
                sha256=hashlib.sha256(b"%PDF-1.4").hexdigest(),
                uploaded_by=cast.secretary,
            )
    return requests


def populate_invitations(cast: Cast) -> dict[str, Invitation]:
    """Invitations of every kind of belonging, with one row of everything that hangs on one."""
    told = {"by": cast.secretary, "means": "PHONE"}
    rows = {
        "mayors": make_invitation(cast.mayors),
        "deputys": make_invitation(cast.deputys),
        "attended": make_invitation(cast.mayors, starts_at=at(day(1), "19:00")),
        "represented": make_invitation(cast.mayors, starts_at=at(day(2), "19:00")),
        "secret": make_invitation(cast.mayors, starts_at=at(day(3), "19:00")),
    }
    with system():
        for row in rows.values():
            invitations.order(
                row, by=cast.secretary, gift="WREATH", address="Kültür Merkezi", due_at=row.starts_at
            )
            InvitationAttachment.objects.create(
                invitation=row,
                file=ContentFile(b"%PDF-1.4", name="a.pdf"),
                name="davetiye.pdf",
                content_type="application/pdf",
                size=8,
                sha256=hashlib.sha256(b"%PDF-1.4").hexdigest(),
                uploaded_by=cast.secretary,
            )
        invitations.represent(rows["represented"], deputy=cast.deputys, **told)
        for name in ("attended", "secret"):
            invitations.attend(rows[name], **told)
        for name in ("mayors", "deputys"):
            InvitationNotice.objects.create(invitation=rows[name], kind="ATTEND", body="…", means="PHONE")
        key = Entry.objects.get(pk=rows["secret"].entry_id).key
    # The mayor makes the entry confidential, for themselves alone.
    with scope.session(cast.mayor), scope.authorized(programme.Verb.MARK_CONFIDENTIAL, Entry, key) as entry:
        programme_actions.mark_confidential(entry, by=cast.mayor, readers=[])
    return rows


def populate_letters(cast: Cast) -> dict[str, Letter]:
    """Letters of every kind of belonging, with one row of everything that hangs on one."""
    hung: dict[str, Any] = {
        "references": [Referred(on=dt.date(2026, 11, 2), number="E-11111111-010-5")],
        "annexes": [Enclosed("Kroki", "1 sayfa")],
        "steps": [Initialling(cast.office_head)],
        "body": "İlgi yazı incelenmiştir.",
    }
    to_park = {"to": cast.park, "by": cast.park_clerk}
    rows = {
        "draft": make_letter(cast.office, cast.mayor, by=cast.secretary, to=cast.fen, **hung),
        "issued": make_letter(cast.office, cast.mayor, by=cast.secretary, to=cast.fen, **hung),
        "parks": make_letter(
            cast.park, cast.mayor, **to_park, **hung | {"steps": [Initialling(cast.park_head)]}
        ),
        "secret": make_letter(
            cast.office, cast.mayor, by=cast.secretary, to=cast.fen, confidentiality="SERVICE", **hung
        ),
        "came": receive_letter(cast.office, by=cast.secretary, to=[cast.park], asks_for="OPINION"),
    }
    with scope.session(cast.secretary), elevated():
        for name, row in rows.items():
            LetterAttachment.objects.create(
                letter=row,
                file=ContentFile(b"%PDF-1.4", name="a.pdf"),
                name="ek.pdf",
                content_type="application/pdf",
                size=8,
                sha256=hashlib.sha256(b"%PDF-1.4").hexdigest(),
                uploaded_by=cast.secretary,
            )
            if name == "came":
                LetterReference.objects.create(letter=row, number="E-11111111-010-5")
                Annex.objects.create(letter=row, title="Kroki")
                Step.objects.create(letter=row, person=cast.office_head)
        Letter.objects.filter(pk=rows["secret"].pk).update(
            readers=[*rows["secret"].readers, cast.fen_clerk.pk]
        )
    with scope.session(cast.secretary), elevated():
        Step.objects.filter(letter=rows["issued"]).update(person=cast.mayor)
        rows["issued"] = letters.submit(Letter.objects.get(pk=rows["issued"].pk), by=cast.secretary)
    with scope.session(cast.mayor), elevated():
        letters.initial(rows["issued"], by=cast.mayor)
        letters.sign(rows["issued"], by=cast.mayor)
    with scope.session(cast.secretary), elevated():
        letters.register(rows["issued"], by=cast.secretary)
        number = {"number": "E-24312041-752-9000", "on": today()}
        letters.record_number(rows["issued"], by=cast.secretary, **number)
    with scope.session(cast.park_clerk), elevated():
        rows["parks"] = letters.submit(Letter.objects.get(pk=rows["parks"].pk), by=cast.park_clerk)
    return rows


def populate_instructions(cast: Cast) -> dict[str, Instruction]:
    """Instructions of every kind of belonging, with one row of everything that hangs on one."""
    office: dict[str, Any] = {"by": cast.secretary}
    secret: dict[str, Any] = {"is_confidential": True}
    rows = {
        "mayors_fen": make_instruction(cast.mayors, cast.fen, **office),
        "mayors_park+fen": make_instruction(cast.mayors, cast.park, collaborators=[cast.fen], **office),
        "deputys_park": make_instruction(cast.deputys, cast.park, **office),
        "cleaning": make_instruction(cast.mayors, cast.cleaning, person=cast.outsider, **office),
        # Confidential: keeper, office and who is served are nothing to it unless they are named or addressed.
        "secret_park": make_instruction(
            cast.mayors, cast.park, collaborators=[cast.cleaning], **office, **secret
        ),
        "mayors_own": make_instruction(cast.mayors, cast.relations, by=cast.mayor, **secret),
        "deputys_secret": make_instruction(
            cast.deputys,
            cast.relations,
            by=cast.deputy_mayor,
            readers=[cast.fen_head, cast.fen_clerk],
            **secret,
        ),
    }
    recorders = {"mayors_own": cast.mayor, "deputys_secret": cast.deputy_mayor}
    for name, row in rows.items():
        recorder = recorders.get(name, cast.secretary)
        with scope.session(recorder), elevated():
            InstructionAttachment.objects.create(
                instruction=row,
                file=ContentFile(b"%PDF-1.4", name="a.pdf"),
                name="kroki.pdf",
                content_type="application/pdf",
                size=8,
                sha256=hashlib.sha256(b"%PDF-1.4").hexdigest(),
                uploaded_by=recorder,
            )
    with system():
        Dictation.objects.create(principal=cast.mayors, text="Parkın kapısı onarılsın", said_by=cast.mayor)
        Dictation.objects.create(principal=cast.deputys, text="Yol süpürülsün", said_by=cast.deputy_mayor)
    return rows


def populate_protocol(cast: Cast) -> dict[str, Any]:
    """An office with its holder, an order of two and the copy that an event took of it."""
    office = make_office("Kaymakam", institution="Sancaktepe Kaymakamlığı")
    order = make_precedence([[office], [make_office("Müftü")]])
    with system():
        held = protocol.appoint(office, by=cast.secretary, person=make_citizen("Zülfü", "Ekşi"))
        taken = protocol.take_snapshot(order, by=cast.secretary)
    return {"office": office, "order": order, "held": held, "taken": taken}


def greet(cast: Cast, title: str, citizen: Citizen) -> Batch:
    """A batch of greetings, with one row of everything that the office keeps in order to greet somebody."""
    batch = make_batch(None, citizen, title=title, by=cast.secretary)
    with system():
        greetings.add(
            batch, by=cast.secretary, recipients=[Named(department=cast.park)], source="DEPARTMENTS"
        )
        PrintRun.objects.create(
            batch=batch,
            letters=1,
            file=ContentFile(b"%PDF-1.4", name="a.pdf"),
            name="baskı.pdf",
            content_type="application/pdf",
            size=8,
            sha256=hashlib.sha256(b"%PDF-1.4").hexdigest(),
        )
        basis = {"basis": "CONSENT", "basis_note": "Form"}
        greetings.keep_day(citizen, by=cast.secretary, kind="BIRTHDAY", month=5, day=7, **basis)
        greetings.prefer(citizen, by=cast.secretary, wish="CONSENT", proof="Form")
        contacts.record_bereavement(citizen, by=cast.secretary, on=today(), who=title, without_record=True)
    return batch


def destroy(cast: Cast, word: str, years: int = 1) -> tuple[DestructionRun, LegalHold, RetentionRule]:
    """A rule, a hold, and a list of what is due, with one line and its story."""
    with system():
        rule, _new = RetentionRule.objects.get_or_create(
            kind="READ_LOG", defaults={"code": word, "years": years, "method": "DELETE", "source": word}
        )
        old = timezone.now() - dt.timedelta(days=400 * years)
        for _each in range(years):
            AccessLog.objects.create(
                reader=cast.fen_clerk,
                subject_kind="contacts.citizen",
                subject_ids=[1],
                purpose="test",
                at=old,
            )
        hold = retention.place_hold(by=cast.secretary, kind="GREETING", reason=word)
        run = retention.prepare(by=cast.secretary)
    return run, hold, rule


def apply_for_data(word: str) -> SubjectRequest:
    """A person's application about their data, with its story."""
    person = make_citizen(word, "Başvuran")
    row = make_subject_request(citizen=person, text=word)
    with system():
        subject_requests.identify(refetch(row), by=None, identity="DOCUMENT")
        ErasureJob.objects.create(citizen=person, request=row, reason=word)
    return row


def populate_events(cast: Cast) -> dict[str, Event]:
    """Events of every kind of belonging, with one row of everything that hangs on one."""
    rows = {
        "mayors_fen": make_event(cast.mayors, "Konser", starts_at=at(day(119), "14:00")),
        "mayors_told": make_event(cast.mayors, "Panel", starts_at=at(day(120), "14:00")),
        "mayors_door": make_event(cast.mayors, "Sergi", starts_at=at(day(121), "14:00")),
        "deputys": make_event(cast.deputys, "Açılış", starts_at=at(day(119), "14:00")),
    }
    tasks = {"mayors_fen": cast.fen, "deputys": cast.park}
    with system():
        for name, event in rows.items():
            hang_everything_on_event(event, cast, department=tasks.get(name, cast.relations))
        events.announce(rows["mayors_told"], by=None)
        events.publish(rows["mayors_told"], by=None)
        picture = EventPicture.objects.create(
            published=PublishedEvent.objects.get(event=rows["mayors_told"]),
            file=ContentFile(b"\xff\xd8\xff", name="a.jpg"),
            name="a.jpg",
            content_type="image/jpeg",
            size=3,
            sha256=hashlib.sha256(b"\xff\xd8\xff").hexdigest(),
            alternative_text="Konser",
        )
        PicturePermission.objects.create(event=rows["mayors_told"], picture=picture, text="Fotoğrafçı")
        events.name_member(rows["mayors_door"], by=None, user=cast.outsider, duty="DOOR")
        ElectionPeriod.objects.create(
            code="secim", name="Seçim", begins_on="2028-05-01", ends_on="2028-05-15", source="YSK"
        )
        populate_news(cast, rows["mayors_fen"])
    return {name: refetch(row) for name, row in rows.items()}


def populate_news(cast: Cast, event: Event, word: str = "Haber") -> Release:
    """A press release of an event, with one row of everything that hangs on one."""
    row = make_release(word, event=event)
    ReleasePhoto.objects.create(
        release=row,
        file=ContentFile(b"\xff\xd8\xff", name="a.jpg"),
        name=f"{word}.jpg",
        content_type="image/jpeg",
        size=3,
        sha256=hashlib.sha256(b"\xff\xd8\xff").hexdigest(),
        caption=word,
        alternative_text=word,
    )
    digest = digest_of(f"{word}@posta.example")
    ReleaseMailing.objects.create(release=row, digest=digest)
    PressOptOut.objects.get_or_create(digest=digest)
    return row


def hang_everything_on_event(event: Event, cast: Cast, *, department: Department, word: str = "Not") -> Guest:
    """One row of every table that belongs to an event."""
    part = event.parts.get()
    events.put_item(event, by=None, part=part, title=word)
    events.add_task(event, by=None, title=word, department=department)
    events.name_member(event, by=None, user=cast.administrator, duty="PRESS")
    for audience in Audience:
        events.write_note(event, by=None, audience=audience, text=word)
    group = events.put_group(event, by=None, title=word)
    guest = events.add_guest(event, by=None, person=make_citizen("Nuri", word), group=group, title=word)
    scan = uuid.uuid4()
    Arrival.objects.create(event=event, guest=guest, client_id=scan, at=event.starts_at, is_first=True)
    EventAttachment.objects.create(
        event=event,
        file=ContentFile(b"%PDF-1.4", name="a.pdf"),
        name=f"{word}.pdf",
        content_type="application/pdf",
        size=8,
        sha256=hashlib.sha256(b"%PDF-1.4").hexdigest(),
    )
    return guest


def populate_partners(cast: Cast) -> dict[str, Organisation]:
    """Organisations of every kind of belonging, each with one row of everything that hangs on one."""
    rows = {
        "nobodys": make_organisation("Uzak Vakfı", "FOUNDATION"),
        "nobodys_company": make_organisation("Ilıca Yapı A.Ş.", "COMPANY"),
        "fen_company": make_organisation("Asfalt Sanayi A.Ş.", "COMPANY", departments=(cast.fen,)),
        "fen_union": make_organisation("Yol İşçileri Sendikası", "UNION", departments=(cast.fen,)),
        "park_association": make_organisation(departments=(cast.park,)),
        "park_school": make_organisation("Emek İlkokulu", "SCHOOL", departments=(cast.park, cast.cleaning)),
    }
    for row in rows.values():
        role = make_role(row)
        with system():
            partners.correct_role(refetch(row), by=None, role=role, title="Yönetim Kurulu Başkanı")
    with system():
        for name, department in (("office", None), ("fen", cast.fen), ("park", cast.park)):
            found = lists.make(by=None, title=f"{name} listesi", department=department)
            for row in rows.values():
                lists.add(refetch(found), by=None, role=row.roles.get())
                lists.add(refetch(found), by=None, organisation=row)
            lists.add(refetch(found), by=None, person=make_citizen("Liste", "Üyesi"))
    return {name: refetch(row) for name, row in rows.items()}


def populate_engagements(cast: Cast, partners_of: dict[str, Organisation]) -> dict[str, Engagement]:
    """Meetings of every kind of belonging, each with one row of everything that hangs on one."""
    union, company = partners_of["fen_union"], partners_of["fen_company"]
    rows = {
        "mayors": make_engagement(cast.mayors, organisation=union, by=cast.secretary),
        "deputys": make_engagement(cast.deputys, organisation=company),
        "fens": make_engagement(cast.mayors, organisation=company, department=cast.fen),
        "parks": make_engagement(cast.mayors, department=cast.park),
        "attended": make_engagement(cast.mayors, starts_at=at(day(6), "19:00")),
        "secret": make_engagement(cast.mayors, starts_at=at(day(7), "19:00"), department=cast.fen),
    }
    with system():
        for row in rows.values():
            engagements.invite(refetch(row), by=None, role=union.roles.get())
            engagements.invite(refetch(row), by=None, role=company.roles.get())
            engagements.invite(refetch(row), by=None, name="Konuk Kişi")
            engagements.decide(refetch(row), by=None, text="Birlikte çalışılacak.")
            EngagementAttachment.objects.create(
                engagement=row,
                file=ContentFile(b"%PDF-1.4", name="a.pdf"),
                name="tutanak.pdf",
                content_type="application/pdf",
                size=8,
                sha256=hashlib.sha256(b"%PDF-1.4").hexdigest(),
                uploaded_by=cast.secretary,
            )
        engagements.invite(refetch(rows["attended"]), by=None, user=cast.park_clerk)
        engagements.schedule(refetch(rows["secret"]), by=None, accept_unusual=True)
        key = Entry.objects.get(pk=refetch(rows["secret"]).entry_id).key
    # The mayor makes the entry confidential, for themselves alone.
    with scope.session(cast.mayor), scope.authorized(programme.Verb.MARK_CONFIDENTIAL, Entry, key) as entry:
        programme_actions.mark_confidential(entry, by=cast.mayor, readers=[])
    return rows


def populate_agreements(cast: Cast, partners_of: dict[str, Organisation]) -> dict[str, Agreement]:
    """Agreements of every kind of belonging, each with one row of everything that hangs on one."""
    party = partners_of["fen_company"]
    rows = {
        "offices": make_agreement(cast.office, party),
        "fens": make_agreement(cast.fen, party),
        "parks+fen": make_agreement(cast.park, party),
        "cleaning": make_agreement(cast.cleaning, party),
    }
    with system():
        for name, row in rows.items():
            obliged = cast.fen if name == "parks+fen" else None
            agreements.add_obligation(
                refetch(row), by=None, side="OURS", text="Araç verilecek.", department=obliged
            )
            AgreementAttachment.objects.create(
                agreement=row,
                file=ContentFile(b"%PDF-1.4", name="a.pdf"),
                name="protokol.pdf",
                content_type="application/pdf",
                size=8,
                sha256=hashlib.sha256(b"%PDF-1.4").hexdigest(),
                uploaded_by=cast.secretary,
            )
    return rows


def name_partners(partners_of: dict[str, Organisation]) -> None:
    """Every organisation has a part in every event; a letter and an instruction belong to each."""
    for event in Event.objects.order_by("pk"):
        for row in partners_of.values():
            EventPartner.objects.create(event=event, organisation=row, role="CO_HOST")
    Letter.objects.update(event=Event.objects.order_by("pk").first())
    Instruction.objects.update(event=Event.objects.order_by("pk").last())


def populate_seating() -> list[SeatingPlan]:
    """A plan of every event, its guests seated and a seat kept free."""
    plans = [make_plan(event) for event in Event.objects.order_by("pk")]
    with system():
        for plan in plans:
            seating.seat_by_rule(refetch(plan), by=None)
            row = plan.rows.get(label="B")
            seating.keep_free(refetch(plan), by=None, row=row, number=10)
    return plans


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
            means=DeliveryMethod.PHONE,
            notified_at=timezone.now(),
            notified_by=by,
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
    file = Attachment.objects.create(
        complaint=complaint,
        file=ContentFile(b"%PDF-1.4", name="a.pdf"),
        name="dilekçe.pdf",
        content_type="application/pdf",
        size=8,
        sha256=hashlib.sha256(b"%PDF-1.4").hexdigest(),
        uploaded_by=by,
    )
    NoticeFile.objects.create(complaint=complaint, notice=notices[0], attachment=file)
    screenshot = Attachment.objects.create(
        complaint=complaint,
        file=ContentFile(b"%PDF-1.5", name="b.pdf"),
        name="gönderi.pdf",
        content_type="application/pdf",
        size=8,
        sha256=hashlib.sha256(b"%PDF-1.5").hexdigest(),
        uploaded_by=by,
        is_of_post=True,
    )
    SocialPost.objects.create(
        complaint=complaint,
        network="X",
        link=f"https://x.com/gizli/status/{complaint.pk}",
        author="@gizli",
        text="Gönderi.",
        picture=screenshot,
        recorded_by=by,
    )
    Presence.objects.create(complaint=complaint, user=by)
    seen, _made = ChecklistTemplateItem.objects.get_or_create(
        category=make_category(), text="Yerinde görüldü"
    )
    ChecklistItem.objects.create(complaint=complaint, template=seen, text=seen.text)
    rule, _made = RoutingRule.objects.get_or_create(
        name="Çukurlar", defaults={"department": Department.objects.get(code="fen-isleri")}
    )
    RuleTrial.objects.create(
        rule=rule,
        user=by,
        from_on=complaint.registered_on,
        until_on=complaint.registered_on,
        status=RuleTrial.Status.DONE,
        ended_at=timezone.now(),
        result={"cases": 1, "concerned": 1, "same": 0, "changed": 1, "left_to_law": 0, "checklists": 0},
        sample=[[complaint.pk, None, rule.department_id, rule.pk]],
    )
    RouterProposal.objects.create(complaint=complaint, category=seen.category)
    Message.objects.create(channel=Message.Channel.EMAIL, address="a@example.org", body="…", purpose="test")
    text = Message.objects.create(
        channel=Message.Channel.SMS, address="+905550000001", body="…", purpose="test"
    )
    SmsPart.objects.create(message=text, number=1, total=2, reference=7, provider_id="M1")
    Complaint.objects.filter(pk=complaint.pk).update(subject=f"{complaint.subject}.")
