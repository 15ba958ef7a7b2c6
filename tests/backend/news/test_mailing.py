"""A press release by e-mail to a list of the press: each address once, taken back while it waits, left by a link."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.news import actions, jobs, mailing, writing
from backend.news.models import PressOptOut, Release, ReleaseMailing
from backend.outbox.mail import composed
from backend.outbox.models import Message
from backend.partners import lists
from backend.partners.models import ContactList
from tests.backend.news.test_news import photographed, published, refused
from tests.cast import Cast
from tests.factories import make_organisation, make_release, refetch

pytestmark = pytest.mark.usefixtures("held_messages")
LINK = re.compile(r"/haberler/ayril/(\S+)/")


@pytest.fixture
def press(cast: Cast) -> ContactList:
    """Two papers with an address in two spellings, one more, and one without any."""
    for name, email in (
        ("Sancaktepe Postası", "haber@posta.example"),
        ("Posta Eki", "HABER@posta.example"),
        ("Işık Gazetesi", "isik@gazete.example"),
        ("Adressiz Radyo", ""),
    ):
        make_organisation(name, kind="PRESS", email=email)
    with system():
        return lists.make(by=cast.secretary, title="Yerel basın", kinds=["PRESS"])


def sent(row: Release, press: ContactList) -> Release:
    with system():
        return mailing.send(refetch(row), by=None, contact_list=press)


def mails() -> list[Message]:
    with system():
        return list(Message.objects.filter(purpose="press_release").order_by("address"))


def test_each_address_gets_it_once_with_photographs_contact_and_a_way_out(
    cast: Cast, press: ContactList
) -> None:
    row, photo = photographed()
    row = published(row)
    sent(row, press)
    assert len(mails()) == 2
    body = mails()[0].body
    for shown in (row.lead, row.text, f"/haberler/{row.slug}/", f"/files/news/{photo.key}/", "Bilgi için:"):
        assert shown in body
    assert all(mail.not_before is not None for mail in mails())
    refused(
        lambda: mailing.send(refetch(row), by=None, contact_list=press), ErrorCode.INVALID, "contact_list"
    )
    assert len(mails()) == 2
    with system():
        line = row.lines.get(verb="sent")
    assert line.details == {"sent": 2, "without": 1}


def left() -> None:
    """The minute is over: what waited is sent."""
    over = timezone.now() - dt.timedelta(minutes=1)
    with system():
        ReleaseMailing.objects.update(held_until=over)
        Message.objects.update(not_before=over, status=Message.Status.SENT)


def test_a_correction_goes_once_to_all_of_them(cast: Cast, press: ContactList) -> None:
    row = sent(published(), press)
    left()
    with system():
        actions.correct(refetch(row), by=None, correction="Tarih düzeltildi.", title="Açılış 5 Mayıs'ta")
        plan = mailing.plan_mailing(refetch(row), press)
    assert plan.by_mail == 2
    sent(row, press)
    assert sorted(mail.subject.partition(":")[0] for mail in mails()) == [
        *["Basın bülteni"] * 2,
        *["Basın bülteni (düzeltme)"] * 2,
    ]
    refused(
        lambda: mailing.send(refetch(row), by=None, contact_list=press), ErrorCode.INVALID, "contact_list"
    )
    with system():
        assert ReleaseMailing.objects.count() == 4
        assert mailing.of_edition(refetch(row)).count() == 2


def test_what_waits_when_it_is_corrected_leaves_corrected_and_what_has_left_stays(
    cast: Cast, press: ContactList
) -> None:
    row = sent(published(), press)
    gone, waiting = mails()
    with system():
        Message.objects.filter(pk=gone.pk).update(status=Message.Status.SENT)
        actions.correct(refetch(row), by=None, correction="Tarih düzeltildi.", title="Açılış 5 Mayıs'ta")
    of_gone, of_waiting = mails()
    assert (of_gone.subject, of_gone.body) == (gone.subject, gone.body)
    assert of_waiting.subject == "Basın bülteni (düzeltme): Açılış 5 Mayıs'ta"
    assert "Düzeltme: Tarih düzeltildi." in of_waiting.body
    assert f"/haberler/ayril/{writing.token_for(waiting.address)}/" in of_waiting.body
    assert (of_waiting.address, of_waiting.not_before) == (waiting.address, waiting.not_before)
    with system():  # who had it before gets the correction, who gets it corrected gets nothing more
        assert mailing.plan_mailing(refetch(row), press).by_mail == 1
        assert mailing.of_edition(refetch(row)).get().message_id == waiting.pk


def test_a_mail_says_how_the_list_is_left_in_one_press(cast: Cast, press: ContactList) -> None:
    sent(published(), press)
    message = mails()[0]
    headers = composed(message).extra_headers
    found = LINK.search(message.body)
    assert found
    assert headers["List-Unsubscribe"] == f"<{settings.PUBLIC_URL}{found[0]}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    message.purpose = "contact_code"
    assert "List-Unsubscribe" not in composed(message).extra_headers


def test_what_would_be_sent_is_what_is_sent(cast: Cast, press: ContactList) -> None:
    row = published()
    with system():
        plan = mailing.plan_mailing(refetch(row), press)
        assert not ReleaseMailing.objects.exists()
    assert (plan.by_mail, [one.name for one in plan.unreachable]) == (2, ["Adressiz Radyo"])
    sent(row, press)
    assert sorted(one.body.strip() for one in plan.samples) == sorted(one.body.strip() for one in mails())


def test_only_what_is_public_leaves(cast: Cast, press: ContactList) -> None:
    draft = make_release()
    refused(lambda: mailing.send(draft, by=None, contact_list=press), ErrorCode.WRONG_STATE, None)
    waiting = published(publish_at=timezone.now() + dt.timedelta(hours=1))
    refused(lambda: mailing.send(refetch(waiting), by=None, contact_list=press), ErrorCode.WRONG_STATE, None)
    assert mails() == []


@pytest.mark.parametrize("way", ["recall", "withdraw"])
def test_what_waits_is_taken_back(cast: Cast, press: ContactList, way: str) -> None:
    row = sent(published(), press)
    with system():
        if way == "recall":
            mailing.recall(refetch(row), by=None)
        else:
            actions.withdraw(refetch(row), by=None, reason="Yanlış")
        assert not ReleaseMailing.objects.exists()
    assert {(mail.status, mail.address) for mail in mails()} == {("RECALLED", "")}
    if way == "recall":
        sent(row, press)
        assert len([mail for mail in mails() if mail.status == "WAITING"]) == 2


def test_who_leaves_the_list_by_the_link_gets_nothing_more(cast: Cast, press: ContactList) -> None:
    sent(published(), press)
    mail = next(one for one in mails() if one.address.lower() == "haber@posta.example")
    found = LINK.search(mail.body)
    assert found
    with system():
        mailing.leave(found[1])
        mailing.leave(found[1])
        assert PressOptOut.objects.count() == 1
    refused(lambda: mailing.leave(f"{found[1]}x"), ErrorCode.NOT_FOUND, "token")
    sent(published(make_release("İkinci haber")), press)
    assert [one.address for one in mails()].count("isik@gazete.example") == 2
    assert sum(one.address.lower() == "haber@posta.example" for one in mails()) == 1


def test_neither_row_nor_link_tells_the_address_without_the_key(
    cast: Cast, press: ContactList, settings: Any
) -> None:
    with_key = writing.digest_of(" Isik@Gazete.example ")
    assert with_key == writing.digest_of("isik@gazete.example")
    settings.NATIONAL_ID_KEY = "bambaşka bir anahtar, otuz iki bayttan uzun"
    assert with_key != writing.digest_of("isik@gazete.example")


def test_where_it_went_is_forgotten_after_ninety_days_and_who_left_is_not(
    cast: Cast, press: ContactList
) -> None:
    sent(published(), press)
    with system():
        mailing.leave(writing.token_for("haber@posta.example"))
        ReleaseMailing.objects.filter(digest=writing.digest_of("isik@gazete.example")).update(
            sent_at=timezone.now() - mailing.KEPT - dt.timedelta(minutes=1)
        )
    assert jobs.forget_mailings() == 1
    assert jobs.forget_mailings() == 0
    with system():
        assert [one.digest for one in ReleaseMailing.objects.all()] == [
            writing.digest_of("haber@posta.example")
        ]
        assert PressOptOut.objects.count() == 1


def test_a_test_comes_to_oneself_and_counts_nothing(cast: Cast, press: ContactList) -> None:
    row = make_release()
    with system():
        mailing.send_test(row, by=_with_address(cast.secretary))
        test = Message.objects.get(purpose="press_release_test")
        assert not ReleaseMailing.objects.exists()
    assert (test.address, test.subject.startswith("[DENEME]")) == ("sekreter@belediye.example", True)


def _with_address(user: Any) -> Any:
    user.email = "sekreter@belediye.example"
    return user
