"""What a citizen wrote by e-mail stands in the story of the case and of the request, with what was written to them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.mailboxes import story
from backend.core.session import system
from backend.drafts.models import Draft
from backend.mailboxes import joining
from backend.mailboxes.models import WrittenMessage
from backend.organization.models import User
from backend.outbox import holding
from backend.outbox.models import Message
from backend.partners import actions as partners
from permissions.core import scope
from tests.backend.mailboxes.rows import make_mail, make_mailbox, make_written
from tests.backend.stories import say
from tests.cast import Cast, signed_in
from tests.factories import (
    make_citizen,
    make_complaint,
    make_organisation,
    make_request,
    receive_letter,
    refetch,
)

AYSE = "ayse@example.org"
SWITCH = 'name="story-of" value="messages"'
EVENT = "Vatandaş yazdı"


def page(person: User, url: str) -> str:
    return str(signed_in(person).get(url).content.decode())


def test_a_case_shows_one_conversation(cast: Cast) -> None:
    citizen = make_citizen(email=AYSE)
    case = make_complaint(to=cast.park, accepted_by=cast.park_clerk, applicant=citizen)
    url = f"/admin/complaints/complaint/{case.key}/change/"
    assert SWITCH not in page(cast.secretary, url), "there is none yet"
    say(case, "message", by=cast.park_head, body="Hangi bank?", means="EMAIL")
    mail = make_mail(make_mailbox(cast.office), "Re: bank", from_address=AYSE, text="Girişteki <b>bank</b>.")
    with system():
        joining.join(mail, case, by=cast.secretary)
    seen = page(cast.secretary, url)
    assert SWITCH in seen
    assert seen.index("Hangi bank?") > 0
    heard = seen[seen.index('<li class="ok-heard">') :]
    assert "Re: bank" in heard
    assert "Girişteki &lt;b&gt;bank&lt;/b&gt;." in heard
    assert "Re: bank.txt</a>" in heard, "with its files"
    assert EVENT not in seen, "the mail stands there itself"
    assert ">gönderilmeyi bekliyor</span>" in seen
    with system():
        Message.objects.update(status="SENT", sent_at=timezone.now())
    assert ">vatandaşa bildirildi</span>" in page(cast.secretary, url), "what the citizen has is marked"
    known = page(cast.park_head, url)
    assert "Girişteki" in known
    unknown = page(cast.park_clerk, url)
    assert "Girişteki" not in unknown, "a mail names its sender"
    assert EVENT in unknown, "but they learn that there is one"


def test_a_message_that_did_not_arrive_is_marked(cast: Cast) -> None:
    case = make_complaint(to=cast.park, accepted_by=cast.park_clerk, applicant=make_citizen(email=AYSE))
    say(case, "message", by=cast.park_head, body="Hangi bank?", means="EMAIL")
    with system():
        Message.objects.update(status=Message.Status.FAILED)
    seen = page(cast.secretary, f"/admin/complaints/complaint/{case.key}/change/")
    assert '<span class="ok-badge ok-red">teslim edilemedi</span>' in seen


def test_an_automatic_reply_is_marked(cast: Cast) -> None:
    case = make_complaint(applicant=make_citizen(email=AYSE))
    make_mail(make_mailbox(cast.office), "Otomatik yanıt", status="JOINED", complaint=case, kind="AUTO_REPLY")
    seen = page(cast.secretary, f"/admin/complaints/complaint/{case.key}/change/")
    assert '<span class="ok-badge ok-grey">Otomatik cevap</span>' in seen


def test_a_request_shows_what_its_applicant_wrote(cast: Cast) -> None:
    request = make_request(cast.mayors, applicant=make_citizen(email=AYSE))
    mail = make_mail(make_mailbox(cast.office), "Re: randevu", from_address=AYSE, text="Üç kişiyiz.")
    with system():
        joining.join(mail, request, by=cast.secretary)
    seen = page(cast.secretary, f"/admin/appointments/appointmentrequest/{request.key}/change/")
    assert "Üç kişiyiz." in seen
    assert "Talep sahibi yazdı" not in seen


def test_the_form_of_joining_begins_with_the_case_that_the_mail_may_belong_to(cast: Cast) -> None:
    case = make_complaint(applicant=make_citizen(email=AYSE))
    mail = make_mail(make_mailbox(cast.office), f"{case.reference} hakkında", from_address=AYSE)
    client, url = signed_in(cast.secretary), f"/admin/mailboxes/inboundmessage/{mail.key}/"
    form = client.get(f"{url}change/?do=join").content.decode()
    assert f'value="{case.key}"' in form
    assert f"Başvuru {case.reference} · {case.subject}" in form
    wrong = client.post(f"{url}join/", {"version": 1, "number": "1999/1"}).content.decode()
    assert "Böyle bir kayıt yok" in wrong
    client.post(f"{url}join/", {"version": 1, "matter": case.key})
    assert refetch(mail).complaint_id == case.pk


def test_a_mail_is_joined_to_a_request_a_letter_and_a_partner_and_taken_out_again(cast: Cast) -> None:
    box = make_mailbox(cast.office)
    request = make_request(cast.mayors, applicant=make_citizen(email=AYSE))
    letter = receive_letter(cast.office, by=cast.secretary)
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY")
    client = signed_in(cast.secretary)
    for matter, form in (
        (request, {"matter": request.key}),  # proposed: their open request
        (letter, {"number": letter.reference.lower()}),
        (partner, {"organisation": partner.name}),
    ):
        mail = make_mail(box, "Ek bilgi", from_address=AYSE, text="Saat ondan sonra.")
        url = f"/admin/mailboxes/inboundmessage/{mail.key}/"
        client.post(f"{url}join/", {"version": 1, **form})
        with system():
            assert refetch(mail).matter == matter, form
        shown = page(cast.secretary, url_of(matter))
        assert '<li class="ok-heard">' in shown
        assert "Saat ondan sonra." in shown
        client.post(f"{url}take_out/", {"version": refetch(mail).version})
        assert refetch(mail).status == "WAITING"
        assert "Saat ondan sonra." not in page(cast.secretary, url_of(matter))


def test_nothing_chosen_and_a_partner_whose_people_are_unknown_are_refused(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office), "Ek bilgi", from_address=AYSE)
    client, url = signed_in(cast.secretary), f"/admin/mailboxes/inboundmessage/{mail.key}/"
    assert "hangi kayda ait" in client.post(f"{url}join/", {"version": 1}).content.decode()
    union = make_organisation("Yol İşçileri Sendikası", "UNION")
    refused = client.post(f"{url}join/", {"version": 1, "organisation": union.name}).content.decode()
    assert "kişilerini görme yetkiniz yok" in refused
    assert refetch(mail).status == "WAITING"


def url_of(row: Any) -> str:
    meta = row._meta
    return f"/admin/{meta.app_label}/{meta.model_name}/{row.key}/change/"


def test_a_message_about_a_letter_is_written_from_its_page_and_taken_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "UNDO", dt.timedelta(seconds=30))
    letter = receive_letter(cast.office, by=cast.secretary)
    make_mail(make_mailbox(cast.office), "Ruhsat", status="MADE", letter=letter, from_address=AYSE)
    client, url = signed_in(cast.secretary), url_of(letter)
    before = client.get(url).content.decode()
    assert '<section class="ok-answer"' in before, "the form stands below the conversation"
    act = url.replace("change/", "message/")
    sent = client.post(act, {"version": refetch(letter).version, "body": "Adresiniz nedir?"}, follow=True)
    shown = sent.content.decode()
    assert "Geri al" in shown
    assert ">gönderilmeyi bekliyor</span>" in shown
    with system():
        message = WrittenMessage.objects.get().message
        assert message is not None
        assert (message.address, message.subject) == (AYSE, "Ynt: Ruhsat")
        assert message.thread
        assert message.not_before is not None
    client.post(url.replace("change/", "unsend/"), {"version": refetch(letter).version})
    with system():
        assert not WrittenMessage.objects.exists()
        assert refetch(message).status == "RECALLED"
        assert Draft.objects.get(user=cast.secretary).text == "Adresiniz nedir?", (
            "it stands in the form again"
        )
    assert "İleti gönderilmeden geri alındı" in page(cast.secretary, url)


def test_what_goes_with_a_message_to_a_partner(cast: Cast) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email="bilgi@ilica.example")
    client, url = signed_in(cast.secretary), url_of(partner)
    file = SimpleUploadedFile("davetiye.txt", "Gündem ektedir.".encode())
    facts = {
        "version": partner.version,
        "body": "Toplantıya bekliyoruz.",
        "subject": "Toplantı",
        "new_files": file,
    }
    shown = client.post(url.replace("change/", "message/"), facts, follow=True).content.decode()
    assert "davetiye.txt</a>" in shown
    assert "kime: bilgi@ilica.example" in shown
    with system():
        message = WrittenMessage.objects.get().message
        assert message is not None
        assert (message.address, [one["name"] for one in message.files]) == (
            "bilgi@ilica.example",
            ["davetiye.txt"],
        )
    client.post(
        url.replace("change/", "comment/"), {"version": refetch(partner).version, "body": "Başkan da gelir."}
    )
    assert "Başkan da gelir." in page(cast.secretary, url)


def test_what_goes_with_a_message_about_a_letter(cast: Cast) -> None:
    letter = receive_letter(cast.office, by=cast.secretary)
    client, url = signed_in(cast.secretary), url_of(letter)
    files = [SimpleUploadedFile(name, b"Ekin okunakli ornegi.") for name in ("ek-1.txt", "ek-2.txt")]
    facts = {"version": letter.version, "body": "Ekin ikinci sayfası okunmuyor.", "to": "evrak@kurum.example"}
    shown = client.post(url.replace("change/", "message/"), facts | {"new_files": files}, follow=True)
    page_of_letter = shown.content.decode()
    assert "ek-1.txt</a>" in page_of_letter
    with system():
        message = WrittenMessage.objects.get().message
        assert message is not None
        assert [one["name"] for one in message.files] == ["ek-1.txt", "ek-2.txt"]
    wrong = SimpleUploadedFile("oyun.exe", b"MZ\x90\x00")
    refused = client.post(url.replace("change/", "message/"), facts | {"new_files": wrong})
    assert "Ekin ikinci sayfası okunmuyor." in refused.content.decode(), "what was typed is kept"
    with system():
        assert WrittenMessage.objects.count() == 1


def test_the_page_of_a_partner_reads_its_newest_mails_without_their_html(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story, "SHOWN", 2)
    partner, box = make_organisation("Ilıca Yapı A.Ş.", "COMPANY"), make_mailbox(cast.office)
    for hours in (3, 2, 1):
        at = timezone.now() - dt.timedelta(hours=hours)
        make_mail(box, f"Mektup {hours}", status="JOINED", organisation=partner, received_at=at)
    with scope.session(cast.secretary), CaptureQueriesContext(connection) as asked:
        assert [one.title for one in story.mails(partner)] == ["Mektup 2", "Mektup 1"]
    assert not [one for one in asked.captured_queries if '"html"' in one["sql"]]


def test_the_conversation_of_a_merged_partner_goes_on_at_the_one_that_stands(cast: Cast) -> None:
    stands, merged = (
        make_organisation("Ilıca Yapı A.Ş.", "COMPANY"),
        make_organisation("Ilıca A.Ş.", "COMPANY"),
    )
    make_written(merged, "Salı görüşelim.", means="EMAIL", subject="Toplantı")
    mail = make_mail(make_mailbox(cast.office), "Re: Toplantı", text="Salı uygundur.")
    with system():
        partners.merge(merged, by=None, into=stands)
        joining.join(mail, refetch(merged), by=None)
        assert refetch(mail).organisation == stands
    shown = page(cast.secretary, url_of(stands))
    assert "Salı görüşelim." in shown
    assert "Salı uygundur." in shown
