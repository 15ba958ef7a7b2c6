"""The register of places with a QR code on the pages: kept by the office, read by all, printed on sheets."""

from __future__ import annotations

import io

from django.urls import reverse
from pypdf import PdfReader

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.stickers.models import Sticker
from tests.backend.stickers.test_stickers import make_sticker
from tests.cast import Cast, signed_in
from tests.factories import make_complaint, make_neighbourhood

LIST = "/admin/stickers/sticker/"
SHEETS, NEW = f"{LIST}sheets/", f"{LIST}new/"


def test_the_office_records_a_place_and_corrects_it(cast: Cast) -> None:
    office, mahalle = signed_in(cast.secretary), make_neighbourhood()
    typed = {"label": "İğdeli Park 🌳", "neighbourhood": mahalle.code, "is_active": "on"}
    assert office.post(NEW, typed).status_code == 302
    with system():
        row = Sticker.objects.get()
    assert (row.label, row.neighbourhood_id, row.is_active) == ("İğdeli Park 🌳", mahalle.pk, True)
    shown = office.get(LIST).content.decode()
    assert row.code in shown
    assert "İğdeli Park" in shown
    page = f"{LIST}{row.key}/change/"
    assert "İğdeli Park" in office.get(page).content.decode()
    wrong = office.post(page, {"label": "İğdeli Park", "street": "x", "latitude": "41"})
    assert wrong.status_code == 200
    assert "İğdeli Park" in wrong.content.decode()
    assert office.post(page, {"label": "İğdeli Park", "street": "x"}).status_code == 302
    with system():
        assert not Sticker.objects.get().is_active


def test_a_department_reads_the_register_and_changes_nothing(cast: Cast) -> None:
    row, clerk = make_sticker(), signed_in(cast.fen_clerk)
    shown = clerk.get(LIST).content.decode()
    assert row.label in shown
    assert NEW not in shown
    assert SHEETS not in shown
    assert clerk.get(NEW).status_code == 403
    assert clerk.post(f"{LIST}{row.key}/change/", {"label": "Benim", "street": "x"}).status_code == 403
    assert clerk.post(SHEETS, {"which": "all", "free": "0"}).status_code == 403


def test_sheets_are_printed_once_and_a_lost_one_again(cast: Cast) -> None:
    rows, office = [make_sticker(f"Direk {n}") for n in range(3)], signed_in(cast.secretary)
    answer = office.post(SHEETS, {"which": "new", "free": "7"})
    assert answer["Content-Type"] == "application/pdf"
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 2
    assert office.post(SHEETS, {"which": "new", "free": "0"}).status_code == 302  # nothing is left
    again = office.post(SHEETS, {"which": "new", "code": rows[1].code.lower(), "free": "0"})
    text = PdfReader(io.BytesIO(again.content)).pages[0].extract_text()
    assert rows[1].code in text
    assert rows[0].code not in text
    assert office.post(SHEETS, {"which": "new", "code": "7G2K-0QXM", "free": "9"}).status_code == 200


def test_applications_of_a_place_are_found_and_the_case_says_it(cast: Cast) -> None:
    row, office = make_sticker(), signed_in(cast.secretary)
    here, elsewhere = make_complaint(subject="Salıncak kırık"), make_complaint(subject="Başka yerde")
    with system():
        Complaint.objects.filter(pk=here.pk).update(sticker=row)
    cases = reverse("admin:complaints_complaint_changelist")
    for value in (row.code, "*"):
        shown = office.get(cases, {"tab": "all", "sticker": value}).content.decode()
        assert "Salıncak kırık" in shown, value
        assert "Başka yerde" not in shown, value
    nothing = office.get(cases, {"tab": "all", "sticker": "7G2K-0QXM"}).content.decode()
    assert "Salıncak kırık" not in nothing
    page = office.get(reverse("admin:complaints_complaint_change", args=[here.key])).content.decode()
    assert f"sticker={row.code}" in page
    other = office.get(reverse("admin:complaints_complaint_change", args=[elsewhere.key])).content.decode()
    assert "sticker=" not in other
    assert f"sticker={row.code}" in office.get(LIST).content.decode()


def test_the_unit_of_the_place_is_proposed_first(cast: Cast) -> None:
    row, office = make_sticker(department=cast.park), signed_in(cast.secretary)
    case = make_complaint()
    with system():
        Complaint.objects.filter(pk=case.pk).update(sticker=row)
    url = reverse("admin:complaints_complaint_change", args=[case.key])
    page = office.get(f"{url}?do=route").content.decode()
    field = page[page.index('name="to"') :]
    first = field[field.index('<option value="', field.index('<option value="') + 1) :][:80]
    assert cast.park.code in first
