"""The office's list of what awaits verification, and the page on which it is decided."""

from __future__ import annotations

from typing import Any

from django.test import Client

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.submissions.models import Submission
from tests.cast import Cast, signed_in
from tests.factories import make_submission, refetch

LIST = "/admin/submissions/submission/"


def post(cast: Cast, row: Submission, verb: str, **said: str) -> Any:
    return signed_in(cast.secretary).post(f"{LIST}{row.key}/{verb}/", {"version": row.version, **said})


def test_the_office_reads_and_accepts_what_waits(cast: Cast) -> None:
    row = make_submission("Kaldırım çökmüş")
    listed = signed_in(cast.secretary).get(LIST).content.decode()
    assert "Doğrulama bekleyenler" in listed
    assert "Kaldırım çökmüş" in listed
    page = signed_in(cast.secretary).get(f"{LIST}{row.key}/change/").content.decode()
    assert "Çukur var." in page
    assert post(cast, row, "accept").status_code == 302
    with system():
        case = Complaint.objects.get(subject="Kaldırım çökmüş")
    assert (case.registered_at, case.registered_by) == (row.received_at, cast.secretary)
    page = signed_in(cast.secretary).get(f"{LIST}{row.key}/change/").content.decode()
    assert case.reference in page


def test_a_number_stands_as_people_write_it_and_is_dialled(cast: Cast) -> None:
    row = make_submission(email="", phone="+90 555 123 45 67")
    assert "0555 123 45 67" in signed_in(cast.secretary).get(LIST).content.decode()
    page = signed_in(cast.secretary).get(f"{LIST}{row.key}/change/").content.decode()
    assert 'href="tel:+905551234567">0555 123 45 67<' in page


def test_what_is_rejected_needs_a_reason(cast: Cast) -> None:
    row = make_submission("Ucuz pano")
    page = post(cast, row, "reject", reason="").content.decode()
    assert "Bu alan" in page
    assert refetch(row).status == "WAITING"
    assert post(cast, row, "reject", reason="Reklam.").status_code == 302
    assert (refetch(row).status, refetch(row).reason) == ("REJECTED", "Reklam.")


def test_a_department_is_not_offered_the_list(cast: Cast) -> None:
    row = make_submission()
    for address in (LIST, f"{LIST}{row.key}/change/"):
        assert signed_in(cast.fen_clerk).get(address).status_code in {403, 404}


def test_a_wrong_code_is_refused_on_the_page_and_keeps_what_was_typed(cast: Cast) -> None:
    page = Client().post("/onay/", {"code": "7G2K-0QXM-4TBN"}).content.decode()
    assert "Bu kodla gönderilmiş bir başvuru yok" in page
    assert "7G2K-0QXM-4TBN" in page
