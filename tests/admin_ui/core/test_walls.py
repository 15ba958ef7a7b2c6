"""What the admin shows to whom: hidden and missing are one answer, and Django's own back doors are shut."""

import html
import re
import uuid

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import NoReverseMatch, reverse

from admin_ui.core.screen import ScopedAdmin
from backend.complaints.models import Complaint
from tests.cast import Cast, signed_in
from tests.factories import make_category, make_citizen, make_complaint

LIST = "/admin/complaints/complaint/"


def page_of(complaint: Complaint) -> str:
    return reverse("admin:complaints_complaint_change", args=[complaint.key])


def test_nobody_gets_in_without_signing_in(db):
    answer = Client().get(LIST)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")
    assert Client().get(answer["Location"])["Location"].startswith("/accounts/login/")


def test_a_department_sees_its_own_cases_and_no_other(cast: Cast):
    make_complaint("Fen için", to=cast.fen)
    make_complaint("Park için", to=cast.park)
    body = signed_in(cast.fen_clerk).get(LIST).content.decode()
    assert "Fen için" in body
    assert "Park için" not in body


def test_hidden_and_missing_are_the_same_answer_to_the_byte(cast: Cast):
    hidden = make_complaint("Park için", to=cast.park)
    client = signed_in(cast.fen_clerk)
    missing = client.get(f"{LIST}{uuid.uuid4()}/change/")
    for tail in ("change/", "route/", "comment/"):
        answer = client.get(f"{LIST}{hidden.key}/{tail}")
        assert answer.status_code == missing.status_code == 404
        assert answer.content == missing.content
    told = client.post(f"{LIST}{hidden.key}/comment/", {"body": "merhaba"})
    assert told.status_code == 404
    assert told.content == missing.content


def test_a_returned_case_is_gone_at_once(cast: Cast):
    complaint = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    client = signed_in(cast.fen_clerk)
    answer = client.post(
        f"{LIST}{complaint.key}/return/", {"reason": "Bizim değil", "version": complaint.version}
    )
    assert answer["Location"] == "/admin/"
    # What was done is said once, to the clerk who did it.
    assert client.get("/admin/").content.decode().count(complaint.reference) == 1
    assert client.get(page_of(complaint)).status_code == 404
    assert complaint.reference not in client.get(f"{LIST}?tab=all").content.decode()
    assert complaint.reference not in client.get("/admin/").content.decode()
    assert complaint.reference not in client.get("/admin/search/?s=isiklar&extended=1").content.decode()


def test_the_palette_finds_own_cases_only(cast: Cast):
    mine, other = make_complaint(to=cast.fen), make_complaint(to=cast.park)
    body = signed_in(cast.fen_clerk).get("/admin/search/?s=IŞIK&extended=1").content.decode()
    assert mine.reference in body
    assert str(other.key) not in body


@pytest.mark.parametrize("tail", ["add/", "1/history/", "1/delete/", "1/", "1/change/"])
def test_djangos_own_pages_are_not_there(cast: Cast, tail):
    make_complaint(to=cast.fen)
    for path in ("complaints/complaint", "contacts/citizen", "organization/user", "axes/accesslog"):
        assert signed_in(cast.office_head).get(f"/admin/{path}/{tail}").status_code == 404


@pytest.mark.parametrize(
    "path", ["autocomplete/", "jsi18n/", "complaints/", "r/1/1/", "auth/group/", "password_change/"]
)
def test_djangos_side_doors_are_not_there(cast: Cast, path):
    assert signed_in(cast.administrator).get(f"/admin/{path}").status_code == 404


def test_only_scoped_screens_are_registered():
    assert admin.site._registry
    assert all(isinstance(item, ScopedAdmin) for item in admin.site._registry.values())
    for name in ("autocomplete", "jsi18n", "app_list", "view_on_site"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}")


def test_filters_outside_the_named_ones_change_nothing(cast: Cast):
    make_complaint("Fen için", to=cast.fen)
    client = signed_in(cast.fen_clerk)
    plain = client.get(f"{LIST}?tab=all").content
    for oracle in (
        "applicant__last_name__startswith=I",
        "tracking_code__gt=A",
        "_facets=True",
        "_to_field=id",
        "p=2",
    ):
        answer = client.get(f"{LIST}?tab=all&{oracle}")
        assert answer.status_code == 200
        # The form of the pin leads back to this address, whatever stands in it.
        assert _bare(answer.content).replace(html.escape(f"&{oracle}"), "") == _bare(plain)


def _bare(content: bytes) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"|data-csrf="[^"]+"', "", content.decode())


def test_an_unknown_filter_value_finds_nothing(cast: Cast):
    make_complaint("Fen için", to=cast.fen)
    body = signed_in(cast.fen_clerk).get(f"{LIST}?tab=all&status=NO_SUCH").content.decode()
    assert "Fen için" not in body


def test_no_number_of_a_table_stands_in_a_page(cast: Cast):
    complaint = make_complaint(to=cast.fen, category=make_category())
    Complaint.objects.filter(pk=complaint.pk)
    client = signed_in(cast.secretary)
    for path in ("/admin/", f"{LIST}?tab=all", page_of(complaint)):
        body = client.get(path).content.decode()
        assert not re.search(
            rf'(?:value|href)="[^"]*\b{complaint.pk}\b/?"', body.replace(complaint.reference, "")
        )


def test_a_hidden_identity_stays_hidden(cast: Cast):
    complaint = make_complaint(to=cast.fen, identity_hidden=True)
    body = signed_in(cast.fen_head).get(page_of(complaint)).content.decode()
    assert "IŞIK" not in body
    assert "example.org" not in body
    assert "IŞIK" in signed_in(cast.secretary).get(page_of(complaint)).content.decode()


def test_who_may_not_see_the_citizen_does_not(cast: Cast):
    complaint = make_complaint(to=cast.park)
    client = signed_in(cast.park_clerk)
    assert "IŞIK" not in client.get(page_of(complaint)).content.decode()
    assert client.get("/admin/contacts/citizen/").status_code == 404


def test_looking_is_remembered(cast: Cast):
    from backend.core.session import system
    from backend.journal.models import AccessLog

    complaint = make_complaint(to=cast.fen)
    signed_in(cast.fen_clerk).get(page_of(complaint))
    with system():
        assert (
            AccessLog.objects.filter(reader=cast.fen_clerk, subject_ids=[complaint.applicant_id]).count() == 1
        )


def test_bilgi_islem_sees_no_case(cast: Cast):
    complaint = make_complaint(to=cast.fen)
    client = signed_in(cast.administrator)
    assert client.get(page_of(complaint)).status_code == 404
    assert complaint.reference not in client.get(f"{LIST}?tab=all").content.decode()
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("person", "path", "status"),
    [
        ("fen_clerk", "outbox/message/", 404),
        ("fen_clerk", "journal/auditlog/", 404),
        ("fen_clerk", "journal/accesslog/", 404),
        ("fen_clerk", "organization/user/", 404),
        ("fen_clerk", "permissions/departmentgrant/", 404),
        ("fen_clerk", "import/", 404),
        ("fen_clerk", "reference/", 404),
        ("fen_clerk", "portals/apitoken/issue/", 403),
        ("secretary", "outbox/message/", 200),
        ("secretary", "journal/auditlog/", 200),
        ("secretary", "journal/accesslog/", 404),
        ("secretary", "organization/user/", 404),
        ("office_head", "journal/accesslog/", 200),
        ("office_head", "permissions/departmentgrant/", 200),
        ("administrator", "organization/user/", 200),
        ("administrator", "contacts/citizen/", 404),
        ("administrator", "outbox/message/", 404),
        ("outsider", "intake/", 404),
        ("outsider", "", 200),
        ("mayor", "complaints/complaint/", 200),
        ("deputy_mayor", "complaints/complaint/", 200),
    ],
)
def test_each_page_is_there_for_those_it_is_for(cast: Cast, person, path, status):
    if path.endswith("issue/"):
        assert signed_in(cast.people()[person]).post(f"/admin/{path}", _token(cast)).status_code == status
    else:
        assert signed_in(cast.people()[person]).get(f"/admin/{path}").status_code == status


def _token(cast: Cast) -> dict[str, object]:
    return {"user": cast.fen_clerk.username, "name": "deneme", "scopes": ["READ"], "expires_at": "2030-01-01"}


def test_who_is_no_member_of_staff_is_kept_out(cast: Cast):
    assert signed_in(cast.portal).get("/admin/").status_code == 302
    assert signed_in(cast.portal).get("/admin/login/").status_code == 403


def test_nothing_is_written_to_djangos_log(cast: Cast):
    complaint = make_complaint(to=cast.fen)
    signed_in(cast.fen_clerk).post(f"{LIST}{complaint.key}/accept/", {"version": complaint.version})
    assert not LogEntry.objects.exists()


def test_scripts_come_from_us_alone(cast: Cast):
    policy = signed_in(cast.fen_clerk).get("/admin/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "script-src 'self';" in Client().get("/takip/")["Content-Security-Policy"] + ";"


@pytest.mark.parametrize("path", ["/admin/", LIST, "page"])
def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    applicant = make_citizen()
    for person in (cast.secretary, cast.fen_clerk):
        first = make_complaint(
            "Bir", to=cast.fen, category=make_category(), accepted_by=cast.fen_clerk, applicant=applicant
        )
        make_complaint(
            "Başka", to=cast.fen, applicant=applicant, category=make_category()
        )  # one that is alike
        address = page_of(first) if path == "page" else path
        client = signed_in(person)
        signed_in(cast.fen_clerk).post(
            f"{LIST}{first.key}/comment/", {"body": "not"}
        )  # the bell asks for each kind
        client.get(address)
        before = queries(client, address)
        for number in range(6):
            other = make_complaint(
                f"Başka {number}", to=cast.fen, applicant=applicant, category=make_category()
            )
            signed_in(cast.fen_clerk).post(f"{LIST}{first.key}/comment/", {"body": f"not {number}"})
            assert other.pk
        client.get(address)  # marks as seen what the notes notified of, once
        assert queries(client, address) <= before


@pytest.mark.parametrize("path", ["portals/apitoken/issue/", "organization/administrativeleave/new/"])
def test_a_form_that_could_not_be_sent_is_not_shown(cast: Cast, path: str):
    assert signed_in(cast.fen_clerk).get(f"/admin/{path}").status_code == 403
    assert signed_in(cast.administrator).get(f"/admin/{path}").status_code == 200
