"""Every screen in a real browser: accessible, in Turkish, nothing cut off, no script refused. Keeps
pictures.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import FilePayload, Page

from backend.appointments import actions as appointments
from backend.appointments import links
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.core.localtime import today
from backend.core.session import system
from backend.events import actions as events
from backend.events.models import Event
from backend.greetings import actions as greetings
from backend.greetings import jobs as greeting_jobs
from backend.greetings.models import Batch
from backend.instructions import actions as instructions
from backend.instructions.models import Instruction
from backend.letters import actions as letters
from backend.letters.actions.templates import save_template
from backend.letters.actions.writing import Enclosed, Initialling
from backend.programme import actions as programme
from backend.programme.models import Entry
from backend.protocol import actions as protocol
from backend.protocol.models import Office, PrecedenceList
from backend.retention.models import ErasureJob
from backend.routing import actions as routing
from backend.routing import trials
from backend.routing.jobs import try_rules
from backend.seating import actions as seating
from backend.seating.models import SeatingPlan
from backend.seating.rows import RowSpec
from backend.triage import training
from backend.triage.models import RouterScore, RouterVersion
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.backend.organization.sign_on.rows import make_person, make_reading, make_rule
from tests.backend.places.rows import make_boundary, make_landmark, make_street
from tests.backend.triage.cases import LAMP, close, texts
from tests.browser.conftest import (
    DARK_NARROW,
    DARK_WIDE,
    LIGHT_NARROW,
    LIGHT_WIDE,
    OF_COLOURS,
    View,
    picture,
    violations,
)
from tests.cast import Cast
from tests.days import DAY, day
from tests.factories import (
    at as at_time,
)
from tests.factories import (
    issue_letter,
    make_agreement,
    make_batch,
    make_body,
    make_category,
    make_citizen,
    make_complaint,
    make_engagement,
    make_entry,
    make_event,
    make_guest,
    make_instruction,
    make_invitation,
    make_letter,
    make_neighbourhood,
    make_occasion,
    make_office,
    make_organisation,
    make_plan,
    make_precedence,
    make_public_day,
    make_request,
    make_role,
    make_subject_request,
    make_submission,
    receive_letter,
    refetch,
)
from tests.harness.tiers import FULL, is_everything, rounds, sample
from tests.permissions.walls.world import make_client
from tests.schema.portal_client import make_notices
from tests.tracking import open_site
from tests.website.maps.test_photo_place import in_merve
from website import api

Opener = Callable[..., Page]
LIST = "/admin/complaints/complaint/"
SAMPLE = 8  # of the quick tier: each eighth screen
SCREENS: dict[str, list[tuple[str, str]]] = {
    "secretary": [
        ("desk", "/admin/"),
        ("list", LIST),
        ("list-filtered", f"{LIST}?tab=all&q=lamba&status=ASSIGNED"),
        ("list-empty", f"{LIST}?tab=all&q=bulunmayacak"),
        ("case", "case"),
        ("case-route", "case?do=route"),
        ("case-alike", "alike"),
        ("case-alike-link", "alike?do=link"),
        ("router-versions", "/admin/triage/routerversion/"),
        ("router-version", "router-version"),
        ("router-scores", "/admin/triage/routerscore/"),
        ("case-triage", "case?do=triage"),
        ("case-correct", "case?do=correct"),
        ("case-message", "case?do=message"),
        ("case-draft", "case?do=draft"),
        ("case-forward", "case?do=forward"),
        ("case-not-examinable", "case?do=mark_not_examinable"),
        ("case-send", "answered?do=send"),
        ("reports", "/admin/reports/"),
        ("reports-map", "/admin/reports/map/"),
        ("list-map", f"{LIST}map/?tab=all"),
        ("reports-filtered", "/admin/reports/?from=2026-11-01&to=2026-11-30&channel=PHONE"),
        ("report-information", "/admin/reports/information/"),
        ("intake", "/admin/intake/"),
        ("intake-learned", "/admin/intake/"),
        ("case-learned", LIST),
        ("appointment-call", "/admin/appointments/call/"),
        ("appointment-board", "/admin/appointments/board/"),
        ("appointment-list", "/admin/appointments/appointmentrequest/?tab=all"),
        ("appointment", "request"),
        ("appointment-approve", "request?do=approve"),
        ("appointment-propose", "request?do=propose"),
        ("appointment-decline", "request?do=decline"),
        ("appointment-redirect", "request?do=redirect"),
        ("briefing", "briefing"),
        ("entry-ask-note", "entry?do=ask_note"),
        ("day-with-briefing", f"/admin/programme/print/?layout=notes&on={DAY}"),
        ("department-notes", "/admin/programme/departmentnote/"),
        ("promises", "/admin/appointments/promise/"),
        ("promise", "promise?do=correct"),
        ("entry-promise", "met?do=promise"),
        ("appointment-settle", "held?do=complete"),
        ("invitations", "/admin/invitations/invitation/"),
        ("invitation-new", "/admin/invitations/invitation/new/"),
        ("invitation", "invitation"),
        ("invitation-represent", "invitation?do=represent"),
        ("invitation-decline", "invitation?do=decline"),
        ("principals", "/admin/programme/principal/"),
        ("principal", "principal"),
        ("letters", "/admin/letters/letter/?tab=all"),
        ("letter", "letter"),
        ("letter-dispatch", "letter?do=dispatch"),
        ("letter-compose", "letter-write"),
        ("letter-new", "/admin/letters/letter/new/"),
        ("letter-condolence", "/admin/letters/letter/new/?kind=CONDOLENCE"),
        ("letter-draft", "letter-draft?do=submit"),
        ("letter-receive", "/admin/letters/letter/receive/"),
        ("letter-substitutes", "/admin/letters/letter/substitutes/"),
        ("letter-incoming", "letter-incoming?do=refer"),
        ("letter-templates", "/admin/letters/lettertemplate/"),
        ("letter-template", "letter-template"),
        ("letter-template-new", "/admin/letters/lettertemplate/new/"),
        ("letter-phrases", "/admin/letters/phrase/"),
        ("letter-phrase-new", "/admin/letters/phrase/new/"),
        ("letter-forms-of-address", "/admin/letters/formofaddress/"),
        ("letter-form-of-address-new", "/admin/letters/formofaddress/new/"),
        ("letters-handed", "/admin/letters/letter/handed/"),
        ("instructions", "/admin/instructions/instruction/"),
        ("instructions-open", "/admin/instructions/instruction/open/"),
        ("instruction-new", "/admin/instructions/instruction/new/"),
        ("instruction", "instruction"),
        ("instruction-correct", "instruction?do=correct"),
        ("instruction-grant-time", "instruction?do=grant_extension"),
        ("instruction-of-a-case", "instruction-of-a-case"),
        ("event-invite", "invite"),
        ("elections", "/admin/events/electionperiod/"),
        ("election-new", "/admin/events/electionperiod/new/"),
        ("protocol-offices", "/admin/protocol/office/"),
        ("protocol-office", "protocol-office"),
        ("protocol-office-new", "/admin/protocol/office/new/"),
        ("protocol-appoint", "protocol-appoint"),
        ("precedence-lists", "/admin/protocol/precedencelist/"),
        ("precedence", "precedence"),
        ("precedence-import", "/admin/protocol/precedencelist/import/"),
        ("seating-plans", "/admin/seating/seatingplan/"),
        ("seating-plan", "seating-plan"),
        ("seating-edit", "seating-edit"),
        ("seating-begin", "seating-begin"),
        ("seating-halls", "/admin/seating/hall/"),
        ("seating-hall-new", "/admin/seating/hall/new/"),
        ("public-days", "/admin/appointments/publicdaysession/"),
        ("public-days-make", "/admin/appointments/publicdaysession/generate/"),
        ("public-day", "public-day"),
        ("public-day-hall", "hall"),
        ("citizens", "/admin/contacts/citizen/"),
        ("citizen", "citizen"),
        ("citizen-timeline", "person-timeline"),
        ("partners", "/admin/partners/organisation/"),
        ("partner", "partner"),
        ("partner-new", "/admin/partners/organisation/new/"),
        ("partner-timeline", "partner-timeline"),
        ("partner-import", "/admin/partners/organisation/import/"),
        ("partner-lists", "/admin/partners/contactlist/"),
        ("partner-list-new", "/admin/partners/contactlist/new/"),
        ("engagements", "/admin/engagements/engagement/"),
        ("engagement", "engagement"),
        ("engagement-new", "/admin/engagements/engagement/new/"),
        ("agreements", "/admin/agreements/agreement/"),
        ("agreement", "agreement"),
        ("agreement-new", "/admin/agreements/agreement/new/"),
        ("submissions", "/admin/submissions/submission/"),
        ("submission", "submission"),
        ("inbound-messages", "/admin/mailboxes/inboundmessage/"),
        ("inbound-message", "inbound-message"),
        ("inbound-message-case", "inbound-message?do=make_case"),
        ("mailboxes", "/admin/mailboxes/mailbox/"),
        ("message-lines", "/admin/mailboxes/messageline/"),
        ("exports", "/admin/exports/export/"),
        ("outbox", "/admin/outbox/message/"),
        ("departments", "/admin/organization/department/"),
        ("categories", "/admin/organization/category/"),
        ("neighbourhoods", "/admin/organization/neighbourhood/"),
        ("bodies", "/admin/organization/outsidebody/"),
        ("leave", "/admin/organization/administrativeleave/"),
        ("leave-new", "/admin/organization/administrativeleave/new/"),
        ("holidays", "/admin/organization/holidaycorrection/"),
        ("holidays-year", "/admin/organization/holidaycorrection/year/?year=2033"),
        ("import", "/admin/import/"),
        ("cimer", "/admin/cimer/"),
        ("greetings", "/admin/greetings/batch/"),
        ("greeting-new", "/admin/greetings/batch/new/"),
        ("greeting-suggestions", "/admin/greetings/batch/suggestions/"),
        ("greeting", "greeting"),
        ("greeting-write", "greeting?do=write"),
        ("greeting-done", "greeted"),
        ("greeting-flagged", "greeted?outcome=FLAGGED"),
        ("greeting-decide", "greeted?do=decide"),
        ("greeting-recipients", "greeting_list?q=ayşe"),
        ("occasions", "/admin/greetings/occasion/"),
        ("days-of-persons", "/admin/greetings/keptday/"),
        ("wishes", "/admin/greetings/preference/"),
        ("calendar-import", "/admin/programme/import/"),
        ("calendar-feeds", "/admin/calendars/feed/"),
        ("calendar-feed-make", "/admin/calendars/feed/make/"),
        ("reminders", "/admin/calendars/feed/reminders/"),
        ("notifications", "/admin/notifications/"),
        ("notification-preferences", "/admin/notifications/preferences/"),
        ("pins", "/admin/pins/"),
        ("first-steps", "/admin/first-steps/"),
        ("reference", "/admin/reference/"),
        ("journal", "/admin/journal/auditlog/"),
        ("tokens", "/admin/portals/apitoken/"),
        ("missing", f"{LIST}00000000-0000-4000-8000-000000000000/change/"),
    ],
    "fen_clerk": [
        ("inbox", "/admin/"),
        ("field", "/admin/field/"),
        ("reports-department", "/admin/reports/"),
        ("note-write", "note?do=write"),
        ("department-list", LIST),
        ("department-case", "case?do=draft"),
        ("instructions-department", "/admin/instructions/instruction/open/"),
        ("instruction-report", "instruction?do=report"),
    ],
    "mayor": [
        ("mayor-desk", "/admin/"),
        ("letter-folder", "/admin/folder/"),
        ("letter-to-sign", "letter-to-sign?do=sign"),
        ("instruction-new-mayor", "/admin/instructions/instruction/new/"),
        ("greeting-mayor", "greeted"),
        ("instructions-mayor", "/admin/instructions/instruction/open/"),
        ("instruction-mayor", "instruction"),
    ],
    "outsider": [("outsider", "/admin/")],
    "office_head": [
        ("public-day-rules", "/admin/appointments/publicdaysession/rules/"),
        ("principal-head", "principal"),
        ("department-close", "closing"),
        ("privacy-notices", "/admin/contacts/privacynotice/"),
        ("privacy-notice-new", "/admin/contacts/privacynotice/new/"),
        ("retention-rules", "/admin/retention/retentionrule/"),
        ("legal-holds", "/admin/retention/legalhold/"),
        ("legal-hold-new", "/admin/retention/legalhold/new/"),
        ("destruction-runs", "/admin/retention/destructionrun/"),
        ("destruction-prepare", "/admin/retention/destructionrun/new/"),
        ("subject-requests", "/admin/retention/subjectrequest/"),
        ("subject-request-new", "/admin/retention/subjectrequest/new/"),
        ("subject-request", "subject-request"),
        ("subject-request-answer", "subject-request?do=answer"),
        ("anonymise", "person-anonymise"),
        ("forgettings", "/admin/retention/erasurejob/"),
        ("forgetting", "forgetting"),
        ("subject-report", "person-report"),
    ],
    "administrator": [
        ("manager-desk", "/admin/"),
        ("reminders", "/admin/reminders/reminder/"),
        ("checklists", "/admin/complaints/checklisttemplateitem/"),
        ("checklist-new", "/admin/complaints/checklisttemplateitem/new/"),
        ("news", "/admin/news/release/"),
        ("news-new", "/admin/news/release/new/"),
        ("stickers", "/admin/stickers/sticker/"),
        ("sticker-new", "/admin/stickers/sticker/new/"),
        ("sticker-sheets", "/admin/stickers/sticker/sheets/"),
        ("streets", "/admin/places/street/"),
        ("street-new", "/admin/places/street/new/"),
        ("doors", "/admin/places/door/"),
        ("door-new", "/admin/places/door/new/"),
        ("boundaries", "/admin/places/boundary/"),
        ("landmarks", "/admin/places/landmark/"),
        ("landmark-new", "/admin/places/landmark/new/"),
        ("landmark", "landmark"),
        ("register-imports", "/admin/places/registerimport/"),
        ("places-import", "/admin/places/import/"),
        ("danger-signs", "/admin/organization/dangersign/"),
        ("danger-sign-new", "/admin/organization/dangersign/new/"),
        ("router-train", "/admin/triage/routerversion/train/"),
        ("router-training", "router-training"),
        ("routing-rules", "/admin/routing/routingrule/"),
        ("routing-rule-new", "/admin/routing/routingrule/new/"),
        ("rule-trials", "/admin/routing/ruletrial/"),
        ("rule-trial-new", "/admin/routing/ruletrial/new/"),
        ("routing-rule", "routing-rule"),
        ("rule-trial", "rule-trial"),
        ("people", "/admin/organization/user/"),
        ("person-new", "/admin/organization/user/new/"),
        ("grants", "/admin/permissions/departmentgrant/"),
        ("grant-give", "/admin/permissions/departmentgrant/give/"),
        ("directory-rules", "/admin/organization/directoryrule/"),
        ("directory-rule-new", "/admin/organization/directoryrule/new/"),
        ("directory-preview", "/admin/organization/directoryrule/preview/"),
        ("token-issue", "/admin/portals/apitoken/issue/"),
        ("webhooks", "/admin/portals/webhookendpoint/"),
        ("webhook-add", "/admin/portals/webhookendpoint/add/"),
        ("clients", "/admin/portals/client/"),
        ("client-new", "/admin/portals/client/new/"),
        ("client", "client"),
        ("client-rotate", "client-rotate"),
        ("client-documents", "client-documents"),
        ("readings", "/admin/journal/accesslog/"),
        ("system-status", "/admin/status/"),
        ("settings", "/admin/settings/"),
        ("account-password", "/accounts/password/change/"),
        ("account-mfa", "/accounts/2fa/"),
        ("account-sessions", "/accounts/sessions/"),
    ],
    "": [
        ("sign-in", "/accounts/login/"),
        ("tracking", "/takip/"),
        ("verification", "/belge/"),
        ("privacy", "/aydinlatma/"),
        ("verified", "verified"),
        ("appointment-link", "link"),
        ("appointment-link-wrong", "/randevu/x/"),
        ("website-photo", "/basvuru/ne/"),
    ],
}
WORDS = (
    "the and with search filter save cancel delete change history log sign password department complaint"
    " page application show add view select loading result results none yes home welcome open closed late"
    " route send"
)
ENGLISH = re.compile(rf"\b({WORDS.replace(' ', '|')})\b", re.IGNORECASE)


@pytest.fixture
def addresses(people: Cast) -> dict[str, str]:
    """What the screens show, and where the pages of single rows are."""
    open_site()  # where an application is followed
    make_body()
    make_reading()
    group = make_rule(people.fen, "CN=Fen İşleri Memurları,OU=Gruplar,DC=belediye,DC=local").group
    make_person("new", group, name="İlknur")
    make_person("waits", username=people.park_clerk.username)
    category, place = make_category(), make_neighbourhood()
    complaint = make_complaint(
        "Sokak lambası yanmıyor",
        to=people.fen,
        accepted_by=people.fen_clerk,
        category=category,
        neighbourhood=place,
        by=people.secretary,
    )
    make_complaint("Kaldırımda çukur var", by=people.secretary, category=category, neighbourhood=place)
    make_complaint("Lamba kırık", to=people.fen, by=people.secretary)
    answered = make_complaint("Lamba yanmıyor", to=people.fen, accepted_by=people.fen_clerk)
    with system():
        actions.comment(complaint, by=people.fen_clerk, body="Ekip yarın gidecek.")
        actions.message(complaint, by=people.secretary, body="Ekibimiz yarın gelecektir.", means="EMAIL")
        row = Complaint.objects.get(pk=answered.pk)
        actions.draft(row, by=people.fen_clerk, body="Lamba değiştirilmiştir.")
        actions.submit(row, by=people.fen_clerk)
        actions.approve(row, by=people.secretary)
        applicant = Complaint.objects.select_related("applicant").get(pk=complaint.pk).applicant
        assert applicant is not None
    request = make_request(people.mayors, "Okul bahçesi", wish="sabah saatlerinde", party_size=3)
    session = make_public_day(people.mayors)
    visitors = [make_request(people.mayors, f"Halk günü konusu {number}") for number in range(3)]
    with system():
        for one in visitors:
            appointments.assign_to_public_day(one, by=None, session=session, means="UNTOLD")
        PublicDaySession.objects.filter(pk=session.pk).update(day=today())
        appointments.call_in(AppointmentRequest.objects.get(pk=visitors[0].pk), by=None)
        proposed = appointments.propose(
            make_request(people.mayors, "Spor salonu"),
            by=None,
            starts_at=at_time(DAY, "14:00"),
            hold_until=at_time(f"{today() + dt.timedelta(days=2):%Y-%m-%d}", "17:00"),
            place="Makam",
        )
        link = links.token_for(proposed)
        assert proposed.entry is not None
        note = programme.ask_note(
            proposed.entry,
            by=people.secretary,
            department=people.fen,
            question="Salonun durumu nedir?",
            due_at=at_time(DAY, "12:00"),
        )
        programme.prepare(Entry.objects.get(pk=proposed.entry.pk), by=None, talking_points="Saatler")
        promise = appointments.promise(
            AppointmentRequest.objects.get(pk=visitors[0].pk),
            by=None,
            text="Bank konulacak",
            due_on=today() + dt.timedelta(days=2),
        )
        template = save_template(
            by=None,
            name="Taziye",
            kind="CONDOLENCE",
            salutation="Sayın {{ad}} {{SOYAD}},",
            body="Vefat haberini üzüntüyle aldığım {{vefat eden}} için sabır dilerim.",
            closing="Saygılarımla.",
        )
    hung: dict[str, Any] = {
        "annexes": [Enclosed("Kroki", "1 sayfa")],
        "steps": [Initialling(people.office_head)],
    }
    draft = make_letter(people.office, people.mayor, by=people.secretary, subject="Park talebi.", **hung)
    letter = issue_letter(
        make_letter(people.office, people.mayor, by=people.secretary, annexes=hung["annexes"]),
        by=people.secretary,
        signatory=people.mayor,
    )
    to_sign = make_letter(people.office, people.mayor, by=people.secretary, subject="İmar Durumu")
    with system():
        letters.submit(refetch(to_sign), by=people.secretary)
    incoming = receive_letter(people.office, by=people.secretary, asks_for="OPINION", to=[people.fen])
    told = _instructions(people)
    invitation = make_invitation(people.mayors, answer_by=today() + dt.timedelta(days=2))
    protocol_office, order = _protocol(people)
    plan, unseated = _seating(people)
    met = make_entry(
        people.mayors, "Muhtarlar toplantısı", at_time("2026-11-02", "10:00"), by=people.secretary
    )
    with system():
        held = appointments.approve(
            make_request(people.mayors, "Kreş"),
            by=None,
            starts_at=at_time("2026-11-02", "14:00"),
            means="UNTOLD",
            accept_unusual=True,
        )
        appointments.promise_at(refetch(met), by=None, text="Durak konulacak", due_on=today())
        seated = plan.event
    greeting, greeted = _greetings(people)
    partner = make_organisation(by=people.secretary, departments=(people.fen,), phone="+902161112233")
    make_role(partner, applicant)
    engagement = make_engagement(people.mayors, by=people.secretary, organisation=partner)
    agreement = make_agreement(people.fen, partner)
    asked = make_subject_request(identity="DOCUMENT")
    with system():
        forgotten = ErasureJob.objects.create(
            citizen=make_citizen(),
            request=asked,
            reason=asked.reference,
            status="RUNNING",
            searched=40,
            tables=90,
        )
    person = f"/admin/contacts/citizen/{applicant.key}/"
    client = f"/admin/portals/client/{make_client(people, 'e-Belediye', people.portal).key}/"
    return _place(people, complaint) | {
        "client": f"{client}change/",
        "client-rotate": f"{client}rotate/",
        "client-documents": f"{client}documents/",
        "partner": f"/admin/partners/organisation/{partner.key}/change/",
        "partner-timeline": f"/admin/partners/organisation/{partner.key}/timeline/",
        "engagement": f"/admin/engagements/engagement/{engagement.key}/change/",
        "agreement": f"/admin/agreements/agreement/{agreement.key}/change/",
        "inbound-message": f"/admin/mailboxes/inboundmessage/{make_mail(make_mailbox(people.office)).key}/change/",
        "submission": f"/admin/submissions/submission/{make_submission().key}/change/",
        "person-timeline": f"{person}timeline/",
        "subject-request": f"/admin/retention/subjectrequest/{asked.key}/change/",
        "person-anonymise": f"{person}anonymise/",
        "forgetting": f"/admin/retention/erasurejob/{forgotten.key}/change/",
        "person-report": f"{person}report/",
        "greeting": f"/admin/greetings/batch/{greeting.key}/change/",
        "greeting_list": f"/admin/greetings/batch/{greeting.key}/recipients/",
        "greeted": f"/admin/greetings/batch/{greeted.key}/change/",
        "letter": f"/admin/letters/letter/{letter.key}/change/",
        "letter-draft": f"/admin/letters/letter/{draft.key}/change/",
        "letter-to-sign": f"/admin/letters/letter/{to_sign.key}/change/",
        "letter-write": f"/admin/letters/letter/{draft.key}/write/",
        "letter-incoming": f"/admin/letters/letter/{incoming.key}/change/",
        "letter-template": f"/admin/letters/lettertemplate/{template.key}/change/",
        "verified": f"/belge/{letter.verification}/",
        "invitation": f"/admin/invitations/invitation/{invitation.key}/change/",
        "invite": f"/admin/events/event/{seated.key}/change/?do=invite",
        "seating-plan": f"/admin/seating/seatingplan/{plan.key}/change/",
        "seating-edit": f"/admin/seating/seatingplan/{plan.key}/edit/",
        "seating-begin": f"/admin/seating/seatingplan/begin/{unseated.key}/",
        "protocol-office": f"/admin/protocol/office/{protocol_office.key}/change/",
        "protocol-appoint": f"/admin/protocol/office/{protocol_office.key}/appoint/",
        "precedence": f"/admin/protocol/precedencelist/{order.key}/change/",
        "principal": f"/admin/programme/principal/{people.mayors.key}/change/",
        "met": f"/admin/programme/entry/{met.key}/change/",
        "held": f"/admin/appointments/appointmentrequest/{held.key}/change/",
        "closing": f"/admin/organization/department/{people.park.key}/close/",
        "public-day": f"/admin/appointments/publicdaysession/{session.key}/change/",
        "hall": f"/admin/appointments/publicdaysession/{session.key}/hall/",
        "link": f"/randevu/{link}/",
        "request": f"/admin/appointments/appointmentrequest/{request.key}/change/",
        "briefing": f"/admin/programme/briefing/{proposed.entry.key}/",
        "entry": f"/admin/programme/entry/{proposed.entry.key}/change/",
        "note": f"/admin/programme/departmentnote/{note.key}/change/",
        "promise": f"/admin/appointments/promise/{promise.key}/change/",
        "instruction": f"/admin/instructions/instruction/{told.key}/change/",
        "instruction-of-a-case": f"/admin/instructions/instruction/new/?complaint={complaint.key}",
        "case": f"{LIST}{complaint.key}/change/",
        "answered": f"{LIST}{answered.key}/change/",
        "citizen": f"/admin/contacts/citizen/{applicant.key}/change/",
    }


def _place(people: Cast, case: Complaint) -> dict[str, str]:
    """A hole that was reported three times, a landmark, rules of which one never gets its turn, what was learned."""
    category, place = refetch(case).category, refetch(case).neighbourhood
    assert category is not None
    assert place is not None
    where = {"category": category, "neighbourhood": place, "latitude": 41.003, "longitude": 29.231}
    first, linked, alike = (
        make_complaint(f"Merkez Camii önünde {what}", place=f"Yayla Sokak No: {number}", **where)
        for what, number in (("çukur var", "12"), ("yol çöktü", "14"), ("tehlikeli çukur", "12/A"))
    )
    landmark = make_landmark(place, "Merkez Camii")
    wide: dict[str, Any] = {"by": None, "categories": [category], "department": people.fen}
    with system():
        actions.link(linked, by=people.secretary, of=first)
        routing.save_rule(name="Yayla’daki yollar", **wide)
        rule = routing.save_rule(name="Yayla’daki yollar, okul önü", words=["okul önü"], **wide)
        trial = trials.start_trial(by=people.administrator, from_on=today(), until_on=today())
        facts = {"cases": 412, "categories": 31, "units": 9, "threshold": 80, "measured_on": 82}
        shares = {
            "spoke_percent": 88,
            "right_percent": 95,
            "first_right_percent": 90,
            "words_right_percent": 52,
        }
        RouterVersion.objects.create(number=1, status="WEAK", **facts)
        running = RouterVersion.objects.create(
            number=3, status="RUNNING", step="judge", step_done=2, step_total=5, seen_at=timezone.now(),
            asked_by=people.administrator, **facts,
        )  # fmt: skip
        version = RouterVersion.objects.create(number=2, weights=b"x", **facts, **shares)
        for of in (None, category):
            RouterScore.objects.create(
                month=today().replace(day=1),
                category=of,
                cases=120,
                spoke_percent=70,
                right_percent=91,
                changed_percent=9,
            )
    try_rules(key=str(trial.key))
    return {
        "alike": f"{LIST}{alike.key}/change/",
        "landmark": f"/admin/places/landmark/{landmark.key}/change/",
        "routing-rule": f"/admin/routing/routingrule/{rule.key}/change/",
        "rule-trial": f"/admin/routing/ruletrial/{trial.key}/change/",
        "router-training": f"/admin/triage/routerversion/{running.key}/change/",
        "router-version": f"/admin/triage/routerversion/{version.key}/change/",
    }


def _seating(people: Cast) -> tuple[SeatingPlan, Event]:
    """Thirty guests seated by rank, one moved against the rule, one without a seat; and an event without a plan."""
    evening = at_time(day(153), "19:00")
    event = make_event(people.mayors, "29 Ekim resepsiyonu", kind="RECEPTION", starts_at=evening)
    guests = []
    for n, name in enumerate(("Zülfü", "Ilgaz", "Ümmühan", "Çiğdem", "Şükrü") * 6):
        spouse = {"with_spouse": True, "companions": 1} if n % 5 == 0 else {}
        title = ("Kaymakam", "İlçe Emniyet Müdürü", "Şehit Aileleri Derneği Başkanı")[n % 3]
        guests.append(make_guest(event, name, f"Şimşek {n}", rank=n + 1, title=title, **spouse))
    rows = [RowSpec("A", 9, is_front=True), RowSpec("B", 12, gaps=[6, 7]), RowSpec("C", 14, aisles=[7])]
    plan = make_plan(event, [*rows, RowSpec("Masa 1", 6, kind="TABLE")])
    with system():
        row = plan.rows.get(label="C")
        seating.keep_free(refetch(plan), by=None, row=row, number=1)
        seating.seat_by_rule(refetch(plan), by=None)
        seating.move(refetch(plan), by=None, row=row, number=14, guest=guests[3])
        seating.unseat(refetch(plan), by=None, seat=plan.seats.get(guest=guests[7], companion=0))
    later = at_time(day(154), "19:00")
    with system():
        events.announce(refetch(event), by=None)
    return refetch(plan), make_event(people.mayors, "Panel", kind="MEETING", starts_at=later)


def _protocol(people: Cast) -> tuple[Office, PrecedenceList]:
    """An office with two holders, one of them acting, and an order with a tie."""
    names = ("Kaymakam", "Garnizon Komutanı", "İlçe Müftüsü", "İlçe Emniyet Müdürü")
    offices = [make_office(name, institution="Sancaktepe", sphere="CIVIL") for name in names]
    order = make_precedence([offices[:1], offices[1:2], offices[2:]])
    with system():
        for first, capacity in (("Zülfü", "SUBSTANTIVE"), ("Ilgaz", "ACTING")):
            person = make_citizen(first, "Şimşek")
            protocol.appoint(offices[0], by=None, person=person, capacity=capacity)
    return offices[0], order


def _greetings(people: Cast) -> tuple[Batch, Batch]:
    """One being prepared, and one that went out by e-mail and on paper, each with two to decide on."""
    reached, by_post = make_citizen("Ayşe", "Işık"), make_citizen("İlker", "Çınar", email="")
    bereaved = make_citizen("Gül", "Şen")
    with system():
        contacts.record_bereavement(bereaved, by=None, on=today(), who="annesi", without_record=True)
        basis = {"basis": "CONSENT", "basis_note": "Form"}
        greetings.keep_day(reached, by=None, kind="BIRTHDAY", month=today().month, day=today().day, **basis)
        greetings.prefer(by_post, by=None, wish="OBJECTION", proof="Telefon")
    twin = make_citizen("Ayşe", "Işık", phone="")
    everybody = (reached, make_citizen("Ömer", "Uğur", email=""), bereaved, by_post, twin)
    preparing = make_batch(make_occasion("Kurban Bayramı 2027"), *everybody, by=people.secretary)
    done = make_batch(make_occasion(), *everybody, by=people.secretary)
    with system():
        greetings.start(done, by=people.secretary)
    greeting_jobs.send_batch(key=str(done.key), run=done.run)
    return preparing, done


def _instructions(people: Cast) -> Instruction:
    """One of each kind of waiting; the first asks for time."""
    text = "Yenidoğan Mahallesi’ndeki salıncak onarılsın, çevresi düzenlensin."
    first = make_instruction(
        people.mayors, people.fen, text, by=people.secretary, collaborators=[people.park], priority="URGENT"
    )
    done = make_instruction(people.mayors, people.park, "Fidan dikilsin.", by=people.secretary)
    make_instruction(people.deputys, people.fen, "Pazar yeri boyansın.", by=people.secretary)
    with system():
        instructions.note(first, by=people.fen_clerk, note="Malzeme geldi.")
        later = first.due_on + dt.timedelta(days=4)
        instructions.request_extension(first, by=people.fen_head, until=later, reason="Yağmur")
        instructions.report(done, by=people.park_clerk, result="On iki fidan dikildi.")
        Instruction.objects.filter(pk=first.pk).update(due_on=today() - dt.timedelta(days=2))
    return first


def at(address: str, addresses: dict[str, str]) -> str:
    name, question, rest = address.partition("?")
    return addresses.get(name, name) + question + rest


def foreign(page: Page) -> list[str]:
    """English words that a person reads on the page, attributes included."""
    texts: list[str] = page.evaluate(
        """() => {
          const found = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode, parent = node.parentElement;
            if (parent.closest("script, style, code, noscript, .material-symbols-outlined, kbd")) continue;
            if (node.textContent.trim()) found.push(node.textContent.trim());
          }
          const names = ["placeholder", "aria-label", "title", "alt"];
          document.querySelectorAll("[placeholder], [aria-label], [title], [alt]").forEach((item) =>
            names.forEach((name) => item.getAttribute(name) && found.push(item.getAttribute(name))));
          found.push(document.title);
          return found;
        }"""
    )
    words = [text for text in texts if "Mozilla/" not in text]
    return [text[:120] for text in words if ENGLISH.search(text)]


def _views(number: int) -> list[View]:
    """Every way to look at a screen; in the quick tier one, the other width when its turn comes again."""
    narrow, wide = LIGHT_NARROW, LIGHT_WIDE
    if FULL:  # in the dark by turns on a telephone and on a desk
        is_a_telephone = (number + today().toordinal()) % 2
        return [DARK_NARROW, narrow, wide] if is_a_telephone else [narrow, wide, DARK_WIDE]
    if is_everything():
        return [narrow, wide]
    return [(wide, narrow)[(number // SAMPLE + rounds(SAMPLE, is_dear=True)) % 2]]


def _faults(page: Page, view: View) -> list[str]:
    """What is wrong with the page that stands there, in this view of it."""
    faults = violations(page, only=view.rules)
    faults += [f"not Turkish: {text}" for text in foreign(page)]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > view.size[0]:
        faults.append(f"{width} pixels wide in a window of {view.size[0]}")
    return faults


def _learned(people: Cast) -> None:
    """A router that learned from closed cases is in force, once."""
    with system():
        is_there = RouterVersion.objects.in_force().exists()
    if not is_there:
        close(people, texts(130))
        assert training.learn()


def _typed(page: Page, people: Cast) -> None:
    """At intake a matter is typed that resembles past ones."""
    _learned(people)
    page.locator("[name=subject]").fill(LAMP)
    page.locator("[data-router]").wait_for()


def _waits(page: Page, people: Cast) -> None:
    """A case that resembles past ones waits to be routed."""
    _learned(people)
    page.goto(f"{LIST}{make_complaint(LAMP, body='', by=people.secretary).key}/change/")
    page.locator("[data-router]").wait_for()


def _photographed(page: Page, _people: Cast) -> None:
    """A citizen has added a photograph that says where it was taken."""
    make_notices()
    merve = make_neighbourhood("merve", "Merve")
    make_street(merve, "Aydın Sokak", ((29.251, 41.02), (29.259, 41.02)), numbers=())
    make_boundary(merve, 29.25, 41.015)
    photo, on = in_merve(), page.locator("main form > .button")
    api.forget()
    call_command("website_client", stdout=StringIO())
    page.goto("/basvuru/ne/")
    page.locator("main input[type=radio]").first.check()
    on.click()
    page.fill("#id_text", "Kaldırımda derin bir çukur var.")
    on.click()
    for step in ("konu", "yer"):
        page.wait_for_url(f"**/basvuru/{step}/")
        on.click()
    page.wait_for_url("**/basvuru/foto/")
    page.set_input_files(
        "#id_file", FilePayload(name="çukur.jpg", mimeType="image/jpeg", buffer=photo.read())
    )
    page.get_by_role("button", name="Ekle ve göster").click()
    page.get_by_text("Fotoğrafın çekildiği yer").wait_for()


REACHED = {"intake-learned": _typed, "case-learned": _waits, "website-photo": _photographed}
"""What is to be seen there only after somebody has done something."""


@pytest.mark.parametrize("person", SCREENS)
def test_every_screen_is_accessible_turkish_and_whole(
    open_page: Opener, people: Cast, addresses: dict[str, str], person: str
) -> None:
    page, faults = open_page(person), []
    for number, (name, address) in sample([*enumerate(SCREENS[person])], SAMPLE, is_dear=True):
        views = _views(number)
        for view in views:
            view.take(page)
            if view is views[0]:
                page.goto(at(address, addresses))
                if name in REACHED:
                    REACHED[name](page, people)
                view.take(page)
            picture(page, f"{name}-{view.name}.jpg", full_page=True)
            faults += [f"{name}, {view.name}: {fault}" for fault in _faults(page, view)]
    faults += page.complaints  # type: ignore[attr-defined]
    assert not faults, "\n".join(faults)


def test_a_fault_is_told_with_what_has_it(open_page: Opener) -> None:
    page = open_page()
    page.goto("/accounts/login/")
    assert violations(page) == []
    page.evaluate(
        "document.querySelector('main, body').insertAdjacentHTML('beforeend', '<img src=x id=bad>')"
    )
    page.add_style_tag(content="label, p, h1 { color: #999 !important; background: #888 !important }")
    assert "image-alt" in " ".join(violations(page))
    assert 'id="bad"' in " ".join(violations(page, of="#bad"))
    assert [found.partition(" ")[0] for found in violations(page, only=OF_COLOURS)] == ["color-contrast"]


SPOILT = """
  .active span, [href="/admin/complaints/complaint/"] span, #always, #dialog { color: #777 !important }
  .dark #dark { color: #333 !important }
  @media (max-width: 400px) { #narrow { color: #777 !important } }
  .active span, [href="/admin/complaints/complaint/"] span, #always, #dialog, #narrow { background: #888 !important }
"""
ALWAYS, IN_THE_SHELL = {"always"}, {"Masam", "Başvurular"}  # the open entry, and another


def test_a_colour_is_found_wherever_it_is_spoilt(open_page: Opener) -> None:
    page = open_page("secretary")
    page.goto("/admin/")
    page.evaluate(
        """() => document.querySelector("#content").insertAdjacentHTML("beforeend", `
          <p id="always">Always</p><p id="dark">In the dark</p><p id="narrow" style="color: #000">Narrow</p>`)"""
    )
    page.add_style_tag(content=SPOILT)

    def found() -> set[str]:
        told = " ".join(violations(page, only=OF_COLOURS))
        marks = {mark for mark in ("always", "dark", "narrow", "dialog") if f'id="{mark}"' in told}
        return marks | {name for name in IN_THE_SHELL if f"<span>{name}</span>" in told}

    LIGHT_NARROW.take(page)
    assert found() == ALWAYS | {"narrow"}
    LIGHT_WIDE.take(page)
    assert found() == ALWAYS | IN_THE_SHELL
    DARK_WIDE.take(page)
    assert found() == ALWAYS | IN_THE_SHELL | {"dark"}
    page.locator("#keys").evaluate("(dialog) => dialog.showModal()")
    page.locator("#keys h2").evaluate("(title) => { title.id = 'dialog' }")
    assert found() == {"dialog"}
