"""Retention, holds, destruction, anonymising and the report about a person, as the office's pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.journal.actions import record_access
from backend.journal.models import AccessLog
from backend.retention import erasure
from backend.retention.anonymising import forget
from backend.retention.choices import METHODS, Kind
from backend.retention.models import DestructionRun, ErasureJob, LegalHold, RetentionRule
from permissions.core import grants
from permissions.core.viewer import MEMBERSHIPS
from permissions.models import DepartmentGrant
from tests.cast import Cast, signed_in
from tests.factories import (
    make_citizen,
    make_complaint,
    make_event,
    make_organisation,
    make_request,
    make_role,
    refetch,
)

RULES, HOLDS = "/admin/retention/retentionrule/", "/admin/retention/legalhold/"
RUNS, LISTS = "/admin/retention/destructionrun/", "/admin/retention/destructionitem/"
PAGES = (RULES, HOLDS, RUNS, LISTS)


@pytest.fixture
def rule(cast: Cast) -> RetentionRule:
    with system():
        return RetentionRule.objects.create(
            code="basvuru", kind=Kind.CASE, years=5, method=METHODS[Kind.CASE][0], source="3071"
        )


@pytest.fixture
def old_case(cast: Cast) -> Complaint:
    citizen = make_citizen("Şükran", "Iğdır")
    case = make_complaint("Eski çukur", applicant=citizen)
    at = timezone.now() - dt.timedelta(days=6 * 366)
    with system():
        Complaint.objects.filter(pk=case.pk).update(status="CLOSED", closed_at=at)
    found = refetch(case)
    found.applicant = citizen
    return found


def test_the_pages_are_the_offices_alone(cast: Cast, rule: RetentionRule) -> None:
    for page in PAGES:
        assert signed_in(cast.secretary).get(page).status_code == 200, page
        for stranger in (cast.fen_clerk, cast.fen_head, cast.outsider, cast.administrator):
            assert signed_in(stranger).get(page).status_code == 404, page


def test_a_run_goes_from_the_list_to_the_record(cast: Cast, rule: RetentionRule, old_case: Complaint) -> None:
    secretary, head = signed_in(cast.secretary), signed_in(cast.office_head)
    assert "en geç altı ayda bir" in secretary.get(RUNS).content.decode()
    answer = secretary.post(f"{RUNS}new/")
    page = secretary.get(answer["Location"]).content.decode()
    assert old_case.reference in page
    assert "Şükran" not in page
    with system():
        run = DestructionRun.objects.get()
    assert "do=approve" not in page  # not whoever prepared it
    assert secretary.post(f"{RUNS}{run.key}/approve/", {"version": 1}).status_code == 403
    assert "do=approve" in head.get(f"{RUNS}{run.key}/change/").content.decode()
    head.post(f"{RUNS}{run.key}/approve/", {"version": 1})
    again = head.post(f"{RUNS}{run.key}/approve/", {"version": 1}).content.decode()
    assert "ok-alert" in again
    assert refetch(run).status == "APPROVED"
    secretary.post(f"{RUNS}{run.key}/start/", {"version": refetch(run).version})
    assert refetch(run).status == "RUNNING"
    listed = secretary.get(f"{LISTS}?run={run.key}").content.decode()
    assert old_case.reference in listed


def test_a_hold_is_placed_on_a_record_and_lifted(
    cast: Cast, rule: RetentionRule, old_case: Complaint
) -> None:
    client = signed_in(cast.secretary)
    place = f"{HOLDS}on/case/{old_case.key}/"
    assert client.get(place).status_code == 200
    assert client.post(place, {"reason": "Dava 2026/1"}).status_code == 302
    twice = client.post(place, {"reason": "Dava 2026/1"}).content.decode()
    assert "zaten bir hukuki bekletme var" in twice
    refused = client.post(f"{RUNS}new/").content.decode()
    assert "zamanı gelen kayıt yok" in refused
    with system():
        hold = LegalHold.objects.get()
    assert old_case.reference in client.get(HOLDS).content.decode()
    assert client.post(f"{HOLDS}{hold.key}/lift/", {"reason": "Karar kesinleşti"}).status_code == 302
    assert refetch(hold).lifted_by == cast.secretary
    assert signed_in(cast.fen_clerk).get(place).status_code == 404


def test_the_head_changes_a_rule_and_nobody_else(cast: Cast, rule: RetentionRule) -> None:
    sent = {"years": "7", "source": "Yeni plan", "is_active": "on"}
    assert signed_in(cast.secretary).post(f"{RULES}{rule.key}/change/", sent).status_code == 403
    assert signed_in(cast.office_head).post(f"{RULES}{rule.key}/change/", sent).status_code == 302
    assert (refetch(rule).years, refetch(rule).version) == (7, 2)
    wrong = signed_in(cast.office_head).post(f"{RULES}{rule.key}/change/", sent | {"years": "0"})
    assert wrong.status_code == 200


def test_the_head_anonymises_a_person_after_a_look(cast: Cast, old_case: Complaint) -> None:
    citizen = old_case.applicant
    assert citizen is not None
    page = f"/admin/contacts/citizen/{citizen.key}/anonymise/"
    for other in (cast.secretary, cast.mayor):
        assert signed_in(other).get(page).status_code == 403
    assert signed_in(cast.park_clerk).get(page).status_code == 404
    client = signed_in(cast.office_head)
    assert "Kalıcı olarak anonimleştir" in client.get(page).content.decode()
    unsure = client.post(page, {"reason": "Başvuru"})
    assert (unsure.status_code, refetch(citizen).anonymised_at) == (200, None)
    sent = {"reason": "Şükran Iğdır'ın 26.11.2026 tarihli başvurusu", "sure": "on"}
    asked = client.post(page, sent)
    assert asked.status_code == 302
    assert client.post(page, sent)["Location"] == asked["Location"], "a second click"
    assert "Sırasını bekliyor" in client.get(asked["Location"]).content.decode()
    assert refetch(citizen).anonymised_at is None
    with system():
        row = ErasureJob.objects.get()
    erasure.carry_out(str(row.key))
    assert refetch(citizen).anonymised_at is not None
    done = client.get(asked["Location"]).content.decode()
    assert "Kişi anonimleştirildi" in done
    with system():
        ErasureJob.objects.update(files=2)
    looked = client.get(asked["Location"]).content.decode()
    assert (
        "/admin/complaints/fileimport/" in looked.partition("2 içe aktarma dosyası")[2].partition("</p>")[0]
    )
    assert "Şükran" not in done
    assert row.key.hex in client.get("/admin/retention/erasurejob/").content.decode().replace("-", "")
    for stranger in (cast.fen_clerk, cast.administrator):
        assert signed_in(stranger).get(asked["Location"]).status_code == 404
    again = client.post(page, sent).content.decode()
    assert "zaten anonimleştirildi" in again
    # What is left can still be looked at, and tells nothing.
    for address in (
        f"/admin/complaints/complaint/{old_case.key}/change/",
        f"/admin/contacts/citizen/{citizen.key}/change/",
        "/admin/complaints/complaint/?tab=all",
    ):
        shown = client.get(address)
        assert shown.status_code == 200, address
        assert "Şükran" not in shown.content.decode(), address
    for word in ("Şükran Iğdır", "sukran", "Eski çukur"):
        assert (
            old_case.reference not in client.get("/admin/complaints/complaint/", {"q": word}).content.decode()
        )


def test_pages_of_what_was_anonymised_open(cast: Cast) -> None:
    request = make_request(cast.mayors, applicant=make_citizen("Şükran", "Iğdır"))
    with system():
        forget("REQUEST", [request.pk])
    page = signed_in(cast.secretary).get(f"/admin/appointments/appointmentrequest/{request.key}/change/")
    assert page.status_code == 200
    assert "Şükran" not in page.content.decode()


def test_what_stands_against_anonymising_is_named(cast: Cast) -> None:
    citizen = make_citizen()
    make_complaint(applicant=citizen)
    page = (
        signed_in(cast.office_head).get(f"/admin/contacts/citizen/{citizen.key}/anonymise/").content.decode()
    )
    assert "1 açık şikâyet veya dilekçe" in page
    assert "Kalıcı olarak anonimleştir" not in page


def test_the_report_tells_everything_and_who_looked_and_is_noted(cast: Cast, old_case: Complaint) -> None:
    citizen = old_case.applicant
    assert citizen is not None
    request = make_request(cast.mayors, "Görüşme isteği", applicant=citizen)
    with system():
        record_access(reader=cast.fen_clerk, kind="contacts.citizen", ids=[citizen.pk], purpose="admin: case")
    address = f"/admin/contacts/citizen/{citizen.key}/report/"
    for other in (cast.secretary, cast.mayor):
        assert signed_in(other).get(address).status_code == 403
    client = signed_in(cast.office_head)
    page = client.get(address).content.decode()
    for said in (old_case.reference, request.reference, "Görüşme isteği", "Murat Demir", "başvuru sayfası"):
        assert said in page, said
    with system():
        noted = AccessLog.objects.filter(purpose="subject report", reader=cast.office_head)
        assert noted.get().subject_ids == [citizen.pk]
    pdf = client.get(f"{address}pdf/")
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:4]) == (200, "application/pdf", b"%PDF")
    assert "filename*=utf-8''Ki%C5%9Fisel%20veri%20raporu.pdf" in pdf["Content-Disposition"]
    assert "kişisel veri raporu" in client.get(address).content.decode()  # the look itself


def test_counts_do_not_grow_with_the_list(
    cast: Cast, rule: RetentionRule, old_case: Complaint, django_assert_max_num_queries: Any
) -> None:
    at = timezone.now() - dt.timedelta(days=6 * 366)
    for _each in range(12):
        case = make_complaint()
        with system():
            Complaint.objects.filter(pk=case.pk).update(status="CLOSED", closed_at=at)
    client = signed_in(cast.secretary)
    address = client.post(f"{RUNS}new/")["Location"]
    client.get(address)
    with django_assert_max_num_queries(30):
        client.get(address)
    with django_assert_max_num_queries(20):
        client.get(LISTS)


def test_the_report_counts_what_its_reader_may_not_see(cast: Cast, old_case: Complaint) -> None:
    """A role at a union needs a permission of its own: the report names the kind and how many, nothing more."""
    citizen = old_case.applicant
    assert citizen is not None
    make_role(make_organisation("Yol İşçileri Sendikası", "UNION"), citizen, title="Genel Sekreter")
    address = f"/admin/contacts/citizen/{citizen.key}/report/"
    assert "görme yetkiniz yok" not in signed_in(cast.office_head).get(address).content.decode()
    with system():
        found = DepartmentGrant.objects.filter(user=cast.office_head, permission__codename=MEMBERSHIPS)
        for grant in found:
            grants.take(grant, by=None)
    page = signed_in(cast.office_head).get(address).content.decode()
    assert "1 tanesini görme yetkiniz yok" in page
    assert "Genel Sekreter" not in page
    assert signed_in(cast.office_head).get(f"{address}pdf/").content[:4] == b"%PDF"


def test_a_hold_is_a_button_on_the_page_of_a_record(
    cast: Cast, rule: RetentionRule, old_case: Complaint
) -> None:
    request, event = make_request(cast.mayors), make_event(cast.mayors, "Konser")
    pages = {
        f"/admin/complaints/complaint/{old_case.key}/change/": f"{HOLDS}on/case/{old_case.key}/",
        f"/admin/appointments/appointmentrequest/{request.key}/change/": f"{HOLDS}on/request/{request.key}/",
        f"/admin/events/event/{event.key}/change/": f"{HOLDS}on/event/{event.key}/",
    }
    client = signed_in(cast.secretary)
    for page, place in pages.items():
        assert place in client.get(page).content.decode(), page
        assert client.post(place, {"reason": "Dava 2026/1"}).status_code == 302
        held = client.get(page).content.decode()
        assert place not in held
        assert "Dava 2026/1" in held
        assert "/lift/" in held
    with system():
        own = make_complaint(to=cast.fen)
    shown = signed_in(cast.fen_clerk).get(f"/admin/complaints/complaint/{own.key}/change/").content.decode()
    assert "legalhold" not in shown
