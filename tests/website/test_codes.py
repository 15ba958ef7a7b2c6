"""The code did not come, or went to a wrong address; the same is sent twice; the department does not learn the name."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.outbox.models import Message
from backend.submissions import actions
from backend.submissions.actions import MOST_CODES_OF_CONTACT
from backend.submissions.models import Submission
from tests.cast import Cast, as_viewer
from tests.website.test_apply import Citizen, installed, mailed_code, the_case

__all__ = ["installed"]
PAGE = "/basvuru/onay/"


def sent(**contact: str) -> Citizen:
    citizen = Citizen()
    citizen.answers(who="NAMED", **contact)
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == PAGE
    return citizen


def mails() -> list[str]:
    with system():
        rows = Message.objects.filter(purpose="submission_confirm").order_by("created_at")
        return [row.address for row in rows]


def test_the_mail_leads_to_the_site_and_its_code_is_behind_the_sign() -> None:
    sent()
    with system():
        body = Message.objects.get(purpose="submission_confirm").body
    assert f"/basvuru/onay/#{mailed_code()}" in body


def test_a_new_code_comes_and_the_former_one_ends() -> None:
    citizen = sent()
    former = mailed_code()
    citizen.sends(PAGE, deed="again")
    assert "Yeni bir kod gönderdik" in citizen.text
    assert mails() == ["ilkay@example.org"] * 2
    assert mailed_code() != former
    citizen.sends(PAGE, code=former)
    assert citizen.page.status_code == 422
    citizen.sends(PAGE, deed="again")
    citizen.sends(PAGE, deed="again")  # the fourth
    assert citizen.page.status_code == 422
    assert len(mails()) == 3
    citizen.sends(PAGE, code=mailed_code())
    assert the_case().reference in citizen.text


def test_another_address_takes_the_place_of_a_wrong_one() -> None:
    citizen = sent(email="ilkya@example.org")
    citizen.sends(PAGE, deed="elsewhere")
    assert citizen.page.status_code == 422
    citizen.sends(PAGE, deed="elsewhere", email="x")
    assert citizen.page.status_code == 422
    citizen.sends(PAGE, deed="elsewhere", email="ilkay@example.org")
    assert citizen.at == PAGE
    assert mails() == ["ilkya@example.org", "ilkay@example.org"]
    citizen.sends(PAGE, code=mailed_code())
    case = the_case()
    assert case.applicant is not None
    assert case.applicant.email == "ilkay@example.org"
    with system():
        assert Submission.objects.count() == 1


def test_after_an_hour_and_once_it_is_a_case_no_code_is_sent() -> None:
    citizen = sent()
    with system():
        Submission.objects.update(received_at=timezone.now() - dt.timedelta(minutes=5))
    citizen.sends(PAGE, code=mailed_code())
    late = sent(email="baska@example.org")
    kept = dict(late.browser.session.items())
    late.sends(PAGE, code=mailed_code())
    session = late.browser.session
    session.update(kept)
    session.save()
    late.sends(PAGE, deed="again")
    assert late.page.status_code == 422
    assert "artık kod beklemiyor" in late.text


def test_the_same_twice_within_an_hour_says_what_happened() -> None:
    sent()
    again = sent()
    assert "Bu başvurunuz bizde zaten var" in again.text
    assert "e-posta gönderdik" not in again.text
    assert len(mails()) == 1
    again.sends(PAGE, code=mailed_code())
    with system():
        assert Complaint.objects.count() == 1


def test_the_same_with_the_wish_to_stay_unknown_has_the_wish() -> None:
    sent()
    sent(identity_hidden="on")
    with system():
        assert Submission.objects.get().identity_hidden
    sent()  # and it is not taken back by the first form
    sent().sends(PAGE, code=mailed_code())
    assert the_case().identity_hidden


def test_what_is_a_case_without_the_wish_comes_anew_with_it() -> None:
    sent().sends(PAGE, code=mailed_code())
    assert "Bu başvurunuz bizde zaten var" in sent().text
    sent(identity_hidden="on").sends(PAGE, code=mailed_code())
    with system():
        assert list(Complaint.objects.order_by("pk").values_list("identity_hidden", flat=True)) == [
            False,
            True,
        ]


def test_a_code_is_counted_where_it_went_though_the_next_goes_elsewhere() -> None:
    for number in range(4):
        citizen = Citizen()
        citizen.answers(who="NAMED", first_name=f"Ad {number}", email="Kurban@example.org")
        citizen.sends("/basvuru/kontrol/")
        citizen.sends(PAGE, deed="elsewhere", email=f"kendi{number}@example.org")
    assert [mail.lower() for mail in mails()].count("kurban@example.org") == MOST_CODES_OF_CONTACT
    citizen.sends(PAGE, deed="elsewhere", email="KURBAN@example.org")
    assert citizen.page.status_code == 422
    assert [mail.lower() for mail in mails()].count("kurban@example.org") == MOST_CODES_OF_CONTACT


def test_each_code_is_one_of_everybodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_CODES", 2)
    citizen = sent()
    citizen.sends(PAGE, deed="again")
    citizen.sends(PAGE, deed="again")
    assert (citizen.page.status_code, len(mails())) == (422, 2)


def test_the_department_does_not_learn_the_name_where_the_sender_wishes_so(cast: Cast) -> None:
    citizen = sent(identity_hidden="on")
    citizen.sends(PAGE, code=mailed_code())
    case = the_case()
    assert case.identity_hidden
    with as_viewer(cast.fen_clerk):
        assert not Complaint.objects.filter(applicant__first_name="İlkay").exists()


def test_it_stands_among_the_answers() -> None:
    citizen = Citizen()
    citizen.answers(who="NAMED", identity_hidden="on")
    assert "İlgili müdürlük adımı öğrenmesin" in citizen.text
    citizen.sends("/basvuru/iletisim/", first_name="İlkay", last_name="Işık", email="a@example.org")
    assert "İlgili müdürlük adımı öğrenmesin" not in citizen.text
