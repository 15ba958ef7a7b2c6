"""What is written about letters, to partners and to applicants: to whom it goes, what it carries, whose it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from backend.appointments import actions as appointments
from backend.appointments.models import RequestNotice
from backend.complaints import actions as complaints
from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.documents.intake import ALONG
from backend.mailboxes.choices import MessageMethod
from backend.mailboxes.matters import hearing, undelivered, writing
from backend.mailboxes.matters.recipients import known_address
from backend.mailboxes.models import WrittenMessage
from backend.notifications import staff, words
from backend.notifications.models import Notification
from backend.outbox import actions as outbox
from backend.outbox import holding
from backend.outbox.models import Message
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from permissions.mailboxes.proposals import proposed
from permissions.models import DepartmentGrant
from tests.backend.core.test_outbox import Sink
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.backend.mailboxes.test_settling import (  # noqa: F401 - fixtures of each test
    AYSE,
    REPLIES,
    Post,
    box,
    heard,
    post,
    reply_to,
    sink,
)
from tests.backend.stories import refusal
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, make_organisation, make_request, refetch

TEXT = {"body": "Gelir misiniz?", "subject": "Toplantı"}


def test_who_wrote_to_a_partner_is_led_to_its_page_and_else_the_head(
    cast: Cast,
    sink: Sink,  # noqa: F811
    post: Post,  # noqa: F811
) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email=AYSE)
    with system():
        writing.write_to_organisation(refetch(partner), by=cast.secretary, **TEXT)
    post.send()
    post.arrives(reply_to(sink.mails[-1], "Geliriz."))
    with scope.session(cast.secretary):
        row = scope.visible(Notification).select_related("organisation").get(text="partners/wrote")
        assert words.title(row).endswith(": Ilıca Yapı A.Ş.")
        assert words.path(row) == f"partners/organisation/{partner.key}/change/"
    known = {"reference": "Ilıca Yapı A.Ş.", "page": words.path(row)}
    subject, body = staff.rendered("partners/wrote", [known], {})
    assert "Ilıca" not in subject
    assert "Ilıca Yapı A.Ş." in body
    assert words.path(row) in body
    with system():
        for grant in DepartmentGrant.dated.filter(user=cast.secretary, permission__codename=WORK):
            grants.take(grant, by=None)
        hearing.notify(refetch(partner), "undelivered", None)
    assert "partners/undelivered" in heard(cast.office_head)
    assert "partners/undelivered" not in heard(cast.secretary)


def test_only_an_email_carries_files(cast: Cast, settings: Settings) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", phone="+902161234567")
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    request = make_request(cast.mayors, applicant=make_citizen(email=AYSE, phone="+905321234567"))
    for act in (
        lambda: writing.write_to_organisation(
            refetch(partner), by=None, **TEXT, means="SMS", new_files=[ContentFile(b"x", "plan.txt")]
        ),
        lambda: appointments.message(
            refetch(request), by=None, body="Buyurun.", means="PHONE", new_files=[ContentFile(b"x", "a.txt")]
        ),
    ):
        fault = refusal(act)
        assert (fault.code, fault.field) == (ErrorCode.UNSUPPORTED, "new_files")


def test_where_a_message_went_is_kept(cast: Cast) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email=AYSE)
    with system():
        written = writing.write_to_organisation(refetch(partner), by=None, **TEXT, to="yanlis@example.org")
        assert refetch(written).address == "yanlis@example.org"


def test_one_takes_back_ones_own_and_a_colleagues_leaves(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "UNDO", dt.timedelta(seconds=30))
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email=AYSE)
    request = make_request(cast.mayors, applicant=make_citizen(email=AYSE))
    with system():
        for author in (cast.secretary, cast.office_head):
            writing.write_to_organisation(refetch(partner), by=author, **TEXT)
            appointments.message(refetch(request), by=author, body="Buyurun.", means="EMAIL")
        writing.take_back_of_organisation(refetch(partner), by=cast.secretary)
        appointments.take_back(refetch(request), by=cast.secretary)
        assert WrittenMessage.objects.get().author == cast.office_head
        assert RequestNotice.objects.get(kind="MESSAGE").notified_by == cast.office_head
        writing.take_back_of_organisation(refetch(partner), by=cast.secretary)
        assert not WrittenMessage.objects.exists(), "and stops a colleague's where there is no other"


def test_earlier_mails_of_a_sender_are_found_by_their_index(cast: Cast) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY")
    mails = make_mailbox(cast.office)
    make_mail(mails, from_address=AYSE, status="JOINED", organisation=partner)
    waiting = make_mail(mails, from_address=AYSE)
    with scope.session(cast.secretary), CaptureQueriesContext(connection) as asked:
        assert proposed(waiting, []) == [partner]
    assert not [one for one in asked.captured_queries if 'UPPER("mailboxes_inboundmessage"' in one["sql"]]


def test_a_message_that_was_sent_again_is_no_more_failed(cast: Cast) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email=AYSE)
    with system():
        written = writing.write_to_organisation(refetch(partner), by=cast.secretary, **TEXT)
        for status, reported, is_lost in (("FAILED", 1, True), ("SENT", 0, False), ("FAILED", 1, True)):
            Message.objects.update(status=status)
            assert undelivered.report_undelivered() == reported
            assert (refetch(written).failed_at is not None) == is_lost


def test_who_wrote_last_without_an_address_is_written_to_at_the_one_on_record(cast: Cast) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email=AYSE)
    make_mail(make_mailbox(cast.office), status="JOINED", organisation=partner, from_address="")
    with system():
        assert known_address(partner, MessageMethod.EMAIL) == AYSE


def test_an_sms_goes_to_a_telephone_number_alone(cast: Cast, settings: Settings) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY")
    for to in ("yok", "112", "ayse@example.org", "0216 3"):
        facts = {"by": None, "means": "SMS", "to": to, "body": "Merhaba"}
        fault = refusal(lambda facts=facts: writing.write_to_organisation(refetch(partner), **facts))
        assert (fault.code, fault.field) == (ErrorCode.INVALID, "to")


def test_an_open_place_is_refused_where_it_was_written(cast: Cast) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email=AYSE)
    for field in ("subject", "body"):
        facts = {"by": None, "subject": "Toplantı", "body": "Gelir misiniz?", field: "{{yer}} toplantısı"}
        fault = refusal(lambda facts=facts: writing.write_to_organisation(refetch(partner), **facts))
        assert (fault.code, fault.field) == (ErrorCode.INVALID, field)


def test_an_sms_has_an_end(cast: Cast, settings: Settings) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY")
    facts = {"by": None, "means": "SMS", "to": "05321234567"}
    longest = "ş" * outbox.LONGEST_SMS
    fault = refusal(lambda: writing.write_to_organisation(refetch(partner), body=longest + "ş", **facts))
    assert (fault.code, fault.field) == (ErrorCode.INVALID, "body")
    with system():
        assert writing.write_to_organisation(refetch(partner), body=longest, **facts).body == longest


def test_an_sms_about_a_case_or_a_request_has_the_same_end(cast: Cast, settings: Settings) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    person = make_citizen(phone="+905321234567")
    longest = "ş" * outbox.LONGEST_SMS
    with system():
        case, request = make_complaint(applicant=person), make_request(cast.mayors, applicant=person)
        for send, row in ((complaints.message, case), (appointments.message, request)):
            fault = refusal(lambda send=send, row=row: send(row, by=None, body=longest + "ş", means="SMS"))
            assert (fault.code, fault.field) == (ErrorCode.INVALID, "body")
            send(row, by=None, body=longest, means="SMS")


@pytest.mark.parametrize(
    ("most", "hint"), [(20, "En çok 10 dosya, toplamı"), (5, "her biri en çok 5 MB, toplamı")]
)
def test_what_may_go_along_is_said_with_the_limit_of_one_file(
    settings: Settings, most: int, hint: str
) -> None:
    settings.ATTACHMENT_MAX_BYTES = most * 1024**2
    assert f"{hint} en çok 15 MB." in str(ALONG)
