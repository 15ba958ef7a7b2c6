"""Citizens, grants, tokens, leave, accounts, bulk, import, tracking, health: each through its page."""

import datetime as dt
import re

from django.test import Client
from django.urls import reverse

from backend.complaints import actions as complaints
from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AccessLog, AuditLog
from backend.organization.models import AdministrativeLeave, User
from backend.outbox.models import Message
from backend.portals.models import ApiToken
from permissions.core import grants
from permissions.core.viewer import WORK
from permissions.models import DepartmentGrant
from tests.backend.stories import replied
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, refetch
from tests.tracking import tracked

NUMBER = "10000000146"


def citizen_page(citizen: Citizen, deed: str = "change") -> str:
    return f"/admin/contacts/citizen/{citizen.key}/{deed}/"


def test_the_national_id_is_masked_and_revealing_it_is_logged(cast: Cast):
    citizen = make_citizen()
    client = signed_in(cast.secretary)
    assert client.post(citizen_page(citizen, "national-id"), {"national_id": NUMBER}).status_code == 302
    page = client.get(citizen_page(citizen)).content.decode()
    assert "*********46" in page
    assert NUMBER not in page
    refused = client.post(citizen_page(citizen, "reveal"), {"purpose": ""}).content.decode()
    assert NUMBER not in refused
    shown = client.post(citizen_page(citizen, "reveal"), {"purpose": "Tebligat"}).content.decode()
    assert NUMBER in shown
    with system():
        assert AccessLog.objects.filter(reader=cast.secretary, purpose__contains="Tebligat").count() == 1


def test_a_wrong_national_id_is_told_at_the_field(cast: Cast):
    body = (
        signed_in(cast.secretary)
        .post(citizen_page(make_citizen(), "national-id"), {"national_id": "123"})
        .content.decode()
    )
    assert 'id="id_national_id_error"' in body
    assert 'value="123"' in body


def test_records_are_merged_and_parted_again(cast: Cast):
    first, second = make_citizen(), make_citizen("Ayse", "Isik")
    client = signed_in(cast.secretary)
    address = f"http://testserver{citizen_page(second)}"
    typed = {"into": address, "reason": "aynı kişi"}
    shown = client.post(citizen_page(first, "merge"), typed).content.decode()
    compared = shown[shown.index("ok-compared") :]
    for text in ("Ayşe IŞIK", "Ayse ISİK", str(first.phone), str(second.phone)):
        assert text in compared
    assert refetch(first).merged_into_id is None
    confirmed = typed | {"confirmed": str(second.key)}
    assert client.post(citizen_page(first, "merge"), confirmed).status_code == 302
    assert refetch(first).merged_into_id == second.pk
    assert "undo-merge" in client.get(citizen_page(first, "change")).content.decode()
    assert client.post(citizen_page(first, "undo-merge")).status_code == 302
    assert refetch(first).merged_into_id is None


def test_merging_with_a_record_that_is_not_there_is_told(cast: Cast):
    body = (
        signed_in(cast.secretary)
        .post(citizen_page(make_citizen(), "merge"), {"into": "153"})
        .content.decode()
    )
    assert 'id="id_into_error"' in body


def test_citizens_are_found_by_number_and_name(cast: Cast):
    make_citizen("Şule", "Çınar", phone="+905551112233")
    make_citizen("Başka", "Biri")
    client = signed_in(cast.secretary)
    for text in ("0555 111 22 33", "sule", "CINAR", "Şule Çı"):
        body = client.get("/admin/contacts/citizen/", {"q": text}).content.decode()
        assert "Şule ÇINAR" in body, text
        assert "BİRİ" not in body, text


def test_a_department_sees_the_citizens_of_its_cases_only(cast: Cast):
    make_complaint(to=cast.fen, applicant=make_citizen("Şule", "Çınar"))
    make_complaint(to=cast.park, applicant=make_citizen("Başka", "Biri"))
    body = signed_in(cast.fen_clerk).get("/admin/contacts/citizen/").content.decode()
    assert "ÇINAR" in body
    assert "BİRİ" not in body


def test_a_grant_is_given_shown_and_taken(cast: Cast):
    client = signed_in(cast.office_head)
    given = {"user": cast.outsider.username, "department": cast.park.code, "permission": "work_department"}
    assert client.post("/admin/permissions/departmentgrant/give/", given).status_code == 302
    assert "Cem Irmak" in client.get("/admin/permissions/departmentgrant/").content.decode()
    case = make_complaint(to=cast.park)
    assert case.reference in signed_in(cast.outsider).get("/admin/complaints/complaint/").content.decode()
    with system():
        grant = DepartmentGrant.dated.get(user=cast.outsider)
    assert client.post("/admin/permissions/departmentgrant/take/", {"grant": grant.pk}).status_code == 302
    assert case.reference not in signed_in(cast.outsider).get("/admin/complaints/complaint/").content.decode()


def test_acting_for_the_head_needs_both_dates(cast: Cast):
    client = signed_in(cast.office_head)
    given = {"user": cast.outsider.username, "department": cast.park.code, "permission": "acting_head"}
    body = client.post("/admin/permissions/departmentgrant/give/", given).content.decode()
    assert 'id="id_valid_until_error"' in body
    dates = {"valid_from": today().isoformat(), "valid_until": (today() + dt.timedelta(days=7)).isoformat()}
    assert client.post("/admin/permissions/departmentgrant/give/", given | dates).status_code == 302
    assert refetch(cast.park).acting_head_id == cast.outsider.pk


def test_a_clerk_gives_nothing(cast: Cast):
    given = {"user": cast.fen_clerk.username, "department": cast.office.code, "permission": "head_department"}
    assert (
        signed_in(cast.fen_clerk).post("/admin/permissions/departmentgrant/give/", given).status_code == 404
    )


def test_a_tokens_secret_is_shown_once_and_revoking_stops_it(cast: Cast):
    client = signed_in(cast.administrator)
    given = {
        "user": cast.portal.username,
        "name": "Deneme",
        "scopes": ["READ"],
        "expires_at": "2030-01-01",
    }
    body = client.post("/admin/portals/apitoken/issue/", given).content.decode()
    secret = re.search(r'class="ok-secret">(okm_[\w-]+)<', body)
    assert secret
    with system():
        token = ApiToken.objects.get(name="Deneme")
    page = client.get(f"/admin/portals/apitoken/{token.key}/change/").content.decode()
    assert secret[1] not in page
    assert client.post(f"/admin/portals/apitoken/{token.key}/revoke/").status_code == 302
    with system():
        assert not ApiToken.objects.live().filter(pk=token.pk).exists()


def test_leave_tells_how_many_cases_move(cast: Cast):
    complaint = make_complaint()
    day = complaint.target_on
    client = signed_in(cast.secretary)
    given = {"day": day.isoformat(), "reason": "Kar tatili"}
    body = client.post("/admin/organization/administrativeleave/new/", given, follow=True).content.decode()
    assert re.search(r"\b1\b[^<]*", re.sub(r"<[^>]+>", " ", body))
    assert refetch(complaint).target_on > day
    assert (
        client.post("/admin/organization/administrativeleave/remove/", {"day": day.isoformat()}).status_code
        == 302
    )
    assert refetch(complaint).target_on == day
    assert not AdministrativeLeave.objects.exists()


def test_a_department_announces_no_leave(cast: Cast):
    given = {"day": "2027-03-08", "reason": "Kar"}
    assert (
        signed_in(cast.fen_clerk).post("/admin/organization/administrativeleave/new/", given).status_code
        == 403
    )


def test_an_account_is_opened_with_a_link_that_is_shown_once(cast: Cast):
    client = signed_in(cast.administrator)
    given = {"username": "yeni.memur", "first_name": "Yeni", "last_name": "Memur"}
    body = client.post("/admin/organization/user/new/", given).content.decode()
    assert re.search(r'class="ok-secret">https?://[^<]+/accounts/', body)
    user = User.objects.get(username="yeni.memur")
    assert not (user.is_superuser)
    assert not (user.has_usable_password())
    again = client.post("/admin/organization/user/new/", given).content.decode()
    assert 'id="id_username_error"' in again
    page = f"/admin/organization/user/{user.key}/"
    assert client.post(f"{page}close/").status_code == 302
    assert not User.objects.get(pk=user.pk).is_active
    with system():
        assert (
            AuditLog.objects.filter(
                verb__in=["account_opened", "account_closed"], actor=cast.administrator
            ).count()
            == 2
        )


def test_a_mobile_number_is_recorded_from_any_spelling_and_kept_in_one(cast: Cast) -> None:
    client, page = signed_in(cast.administrator), f"/admin/organization/user/{cast.fen_clerk.key}/"
    said = {"first_name": "Fen", "last_name": "Memur", "phone": "0532 123 45 67"}
    assert client.post(f"{page}correct/", said).status_code == 302
    assert User.objects.get(pk=cast.fen_clerk.pk).phone.as_e164 == "+905321234567"
    body = client.get(f"{page}change/").content.decode()
    assert "Cep telefonu" in body
    assert 'value="0532 123 45 67"' in body
    assert client.post(f"{page}correct/", said).status_code == 302
    with system():
        line = AuditLog.objects.get(verb="account_changed")
    assert "phone" in line.note
    assert "532" not in line.note
    wrong = client.post(f"{page}correct/", said | {"phone": "12345"}).content.decode()
    assert 'id="id_phone_error"' in wrong
    assert client.post(f"{page}correct/", said | {"phone": ""}).status_code == 302
    assert not User.objects.get(pk=cast.fen_clerk.pk).phone
    opened = client.post("/admin/organization/user/new/", said | {"username": "yeni.memur"})
    assert opened.status_code == 200
    assert User.objects.get(username="yeni.memur").phone.as_e164 == "+905321234567"


def test_nobody_rises_by_taking_over_an_account_of_bilgi_islem(cast: Cast):
    page = f"/admin/organization/user/{cast.administrator.key}/"
    assert signed_in(cast.office_head).post(f"{page}password/").status_code == 403
    assert signed_in(cast.office_head).post(f"{page}close/").status_code == 403


def test_bulk_shows_its_effect_first_and_then_does_it(cast: Cast):
    first, second, done = make_complaint("Bir"), make_complaint("İki"), make_complaint("Üç", to=cast.park)
    with system():
        Complaint.objects.filter(pk=done.pk).update(responsible_department=cast.fen)
    client, url = signed_in(cast.secretary), reverse("admin:complaints_complaint_bulk")
    chosen = {"verb": "ROUTE", "key": [str(row.key) for row in (first, second, done)], "to": cast.fen.code}
    looked = client.post(url, chosen | {"step": "look"}).content.decode()
    assert refetch(first).responsible_department_id is None
    assert done.reference in looked
    run = client.post(url, chosen | {"step": "run"}).content.decode()
    assert done.reference in run
    assert {refetch(row).status for row in (first, second)} == {Status.ASSIGNED}


def test_bulk_closing_and_tagging_show_their_effect_first_too(cast: Cast):
    ready, fresh = (
        replied(make_complaint("Bir", to=cast.fen, accepted_by=cast.fen_clerk), cast),
        make_complaint(),
    )
    client, url = signed_in(cast.secretary), reverse("admin:complaints_complaint_bulk")
    keys = [str(ready.key), str(fresh.key)]
    close = {"verb": "CLOSE", "key": keys, "outcome": "SOLVED"}
    looked = client.post(url, close | {"step": "look"}).content.decode()
    assert (refetch(ready).status, refetch(fresh).status) == (Status.REPLIED, Status.NEW)
    assert fresh.reference in looked
    assert fresh.reference in client.post(url, close | {"step": "run"}).content.decode()
    assert (refetch(ready).status, refetch(fresh).status) == (Status.CLOSED, Status.NEW)
    tag = {"verb": "TAG", "key": keys, "add": "kış, acil durum", "remove": ""}
    client.post(url, tag | {"step": "look"})
    assert [refetch(row).tags for row in (ready, fresh)] == [[], []]
    assert client.post(url, tag | {"step": "run"}).status_code == 302
    assert [sorted(refetch(row).tags) for row in (ready, fresh)] == [["acil durum", "kış"]] * 2


def test_what_was_done_to_many_is_taken_back_by_a_button_of_the_message(cast: Cast):
    rows = [make_complaint("Bir"), make_complaint("İki"), make_complaint("Üç")]
    client, url = signed_in(cast.secretary), reverse("admin:complaints_complaint_bulk")
    chosen = {"verb": "ROUTE", "key": [str(row.key) for row in rows], "to": cast.fen.code, "step": "run"}
    page = client.post(url, chosen, follow=True).content.decode()
    form = re.search(r'name="verb" value="UNDO">.*?name="key" value="([^"]*)">', page)
    assert form
    assert set(form[1].split(",")) == {str(row.key) for row in rows}
    with system():
        complaints.accept(refetch(rows[2]), by=cast.fen_clerk)
    undone = client.post(url, {"verb": "UNDO", "key": form[1], "step": "run"}).content.decode()
    assert "2 başvuru değiştirildi" in undone
    assert "1 başvuru olduğu gibi kalır" in undone
    assert rows[2].reference in undone
    assert [refetch(row).status for row in rows] == [Status.NEW, Status.NEW, Status.ACCEPTED]


def test_the_button_takes_back_only_what_can_be(cast: Cast):
    fresh, other = make_complaint("Bir"), make_complaint("İki", to=cast.park)
    client, url = signed_in(cast.secretary), reverse("admin:complaints_complaint_bulk")
    chosen = {"verb": "ROUTE", "step": "run", "key": [str(fresh.key), str(other.key)]}
    page = client.post(url, chosen | {"to": cast.fen.code}, follow=True).content.decode()
    form = re.search(r'name="verb" value="UNDO">.*?name="key" value="([^"]*)">', page)
    assert form
    assert form[1] == str(fresh.key)
    page = client.post(url, chosen | {"to": cast.park.code}, follow=True).content.decode()
    assert "2 başvuru değiştirildi" in page
    assert 'value="UNDO"' not in page


def test_a_single_step_has_the_button_too_and_it_is_gone_once_it_is_taken_back(cast: Cast):
    row = make_complaint(to=cast.fen)
    client, act = signed_in(cast.fen_clerk), f"/admin/complaints/complaint/{row.key}/"
    page = client.post(f"{act}accept/", {"version": row.version}, follow=True).content.decode()
    assert 'form="verb-undo"' in page
    page = client.post(f"{act}undo/", {"version": refetch(row).version}, follow=True).content.decode()
    assert refetch(row).status == Status.ASSIGNED
    assert "verb-undo" not in page
    assert "Adım geri alındı" in page


def test_bulk_is_the_offices_alone(cast: Cast):
    complaint = make_complaint(to=cast.fen)
    url = reverse("admin:complaints_complaint_bulk")
    data = {"verb": "ROUTE", "key": [str(complaint.key)], "to": cast.park.code, "step": "run"}
    assert signed_in(cast.fen_head).post(url, data).status_code == 404
    assert refetch(complaint).responsible_department_id == cast.fen.pk


def test_the_tracking_page_shows_little_and_only_by_post(cast: Cast):
    complaint = make_complaint("Gizli konu", to=cast.fen)
    code = complaint.tracking_code.replace("-", " ").lower()
    body = tracked(code)
    assert complaint.reference in body
    for secret in ("Gizli konu", "Fen İşleri", "IŞIK"):
        assert secret not in body
    assert complaint.reference not in Client().get(f"/takip/?code={complaint.tracking_code}").content.decode()
    assert 'id="id_code_error"' in tracked("0000-0000-0000")


def test_the_desk_shows_what_waits(cast: Cast):
    new, late = (
        make_complaint("Yeni gelen"),
        make_complaint("Geciken iş", to=cast.fen, accepted_by=cast.fen_clerk),
    )
    with system():
        Complaint.objects.filter(pk=late.pk).update(target_on=today() - dt.timedelta(days=3))
    for person, waiting in (  # with whom the next step is, and what is late for who oversees
        (cast.secretary, {new.reference, late.reference}),
        (cast.fen_clerk, {late.reference}),
        (cast.deputy_mayor, {late.reference}),
    ):
        home = signed_in(person).get("/admin/").content.decode()
        assert {row.reference for row in (new, late) if str(row.key) in home} == waiting, person
    listed = signed_in(cast.secretary).get("/admin/complaints/complaint/", {"tab": "late"}).content.decode()
    assert late.reference in listed, "the office finds in its list what is late elsewhere"
    assert new.reference not in listed


def test_tabs_and_turkish_search_and_numbers_find(cast: Cast):
    complaint = make_complaint("Şikâyet: IŞIKLAR yanmıyor", to=cast.fen)
    make_complaint("Çukur", body="", to=cast.fen, applicant=make_citizen("Can", "Demir"))
    client = signed_in(cast.fen_clerk)
    for text in ("isik", "IŞIK", "ışık", complaint.reference):
        body = client.get("/admin/complaints/complaint/", {"q": text, "tab": "all"}).content.decode()
        assert complaint.reference in body, text
        assert "Çukur" not in body, text
    for tab in ("late", "today", "closed"):
        assert (
            complaint.reference not in client.get(f"/admin/complaints/complaint/?tab={tab}").content.decode()
        )


def test_metrics_are_for_the_bearer_of_their_token_alone(db, settings):
    """Without the setting there is no such page; neither an empty token nor the address of this machine opens it."""

    def answer(**headers: str) -> int:
        return Client().get("/metrics", headers=headers, REMOTE_ADDR="127.0.0.1").status_code

    assert [answer(), answer(authorization="Bearer "), answer(authorization="Bearer None")] == [404] * 3
    settings.METRICS_TOKEN = "gizli-sayaç"
    assert [answer(), answer(authorization="Bearer gizli"), answer(authorization="gizli-sayaç")] == [404] * 3
    right = Client().get("/metrics", headers={"authorization": "Bearer gizli-sayaç"})
    assert right.status_code == 200
    assert b"django_http_requests" in right.content


def test_the_outbox_names_the_addresses_only_to_those_who_may_know_citizens(cast: Cast):
    case = make_complaint(to=cast.fen)
    with system():
        complaints.message(case, by=cast.secretary, body="Bilginize.", means="EMAIL")
        address = Message.objects.latest("created_at").address
        grants.give(cast.outsider, WORK, cast.office, by=None)
    page = signed_in(cast.outsider).get("/admin/outbox/message/").content.decode()
    assert case.reference in page
    assert address not in page
    assert address in signed_in(cast.secretary).get("/admin/outbox/message/").content.decode()
