"""The pages of the protocol: offices with their holders, the order set by numbers, an order brought from a file."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.contacts.models import Citizen
from backend.core.session import system
from backend.protocol import actions
from backend.protocol.models import Holding, Office, PrecedenceList
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_office, make_precedence, refetch

OFFICES = "/admin/protocol/office/"
ORDERS = "/admin/protocol/precedencelist/"
FILE = "Sıra;Makam;Kurum\n1;Kaymakam;Kaymakamlık\n2;Müftü;Müftülük\n2;Tapu Müdürü;Tapu Müdürlüğü\n"


def _text(response: Any) -> str:
    return response.content.decode()


def _titles(row: PrecedenceList) -> list[tuple[int, str]]:
    with system():
        return list(row.entries.order_by("position").values_list("place", "office__title"))


def test_a_holder_is_a_person_on_record_and_a_namesake_is_asked_for(cast: Cast) -> None:
    office, known = make_office(), make_citizen("Ilgaz", "Şimşek")
    other = make_citizen("Ilgaz", "Şimşek")
    client, address = signed_in(cast.secretary), f"{OFFICES}{office.key}/appoint/"
    typed = {
        "person": "ILGAZ simsek",
        "capacity": "SUBSTANTIVE",
        "valid_from": "2026-03-01",
    }
    asked = client.post(address, typed)
    assert asked.status_code == 200
    assert "Ilgaz ŞİMŞEK" in _text(asked)
    chosen = {"person_of": "ILGAZ simsek", "person_key": str(known.key)}
    assert client.post(address, typed | chosen).status_code == 302
    with system():
        assert Holding.objects.get().person == known
    later = typed | chosen | {"person_key": str(other.key), "valid_from": "2026-09-01"}
    assert client.post(address, later).status_code == 302
    with system():
        assert Citizen.objects.count() == 2
        assert Holding.objects.filter(valid_until="2026-08-31").count() == 1
    page = _text(client.get(f"{OFFICES}{office.key}/change/"))
    assert "31.08.2026" in page
    clash = _text(client.post(address, later))
    assert "Bu günlerde makamın başka bir sahibi var" in clash


def test_an_end_is_recorded_and_the_office_is_vacant(cast: Cast) -> None:
    office = make_office()
    with system():
        held = actions.appoint(office, by=None, person=make_citizen())
    client = signed_in(cast.secretary)
    day = {"last_day": "2020-01-01"}
    assert client.post(f"{OFFICES}{office.key}/end/{held.key}/", day).status_code == 302
    assert "ok-orange" in _text(client.get(f"{OFFICES}{office.key}/change/"))


def test_departments_read_offices_and_orders_but_no_holder_and_change_nothing(cast: Cast) -> None:
    office = make_office("Kaymakam")
    row = make_precedence([[office]])
    with system():
        held = actions.appoint(office, by=None, person=make_citizen("Gizem", "Saklı"))
    client = signed_in(cast.park_clerk)
    for address in (OFFICES, f"{OFFICES}{office.key}/change/", ORDERS, f"{ORDERS}{row.key}/change/"):
        page = _text(client.get(address))
        assert "Kaymakam" in page or "liste" in page
        assert "SAKLI" not in page
    forms = (
        f"{OFFICES}new/",
        f"{OFFICES}{office.key}/end/{held.key}/",
        f"{ORDERS}{row.key}/order/",
        f"{ORDERS}import/",
    )
    for address in forms:
        assert client.post(address, {}).status_code in (403, 404), address


def test_the_order_is_set_by_numbers_equal_ones_are_equal_and_an_empty_one_leaves(cast: Cast) -> None:
    zeta, alfa, orta, yeni = (make_office(name) for name in ("Zeta", "Alfa", "Orta", "Yeni"))
    row = make_precedence([[zeta], [alfa], [orta]])
    client, address = signed_in(cast.secretary), f"{ORDERS}{row.key}/order/"
    typed = {
        "version": "1",
        "office": [str(one.key) for one in (zeta, alfa, orta)],
        f"place_{zeta.key}": "7",
        f"place_{alfa.key}": "",
        f"place_{orta.key}": "7",
        "add": str(yeni.key),
        "add_place": "1",
        "note": "Kaymakamlık yazısı",
    }
    assert client.post(address, typed).status_code == 302
    assert _titles(row) == [(1, "Zeta"), (1, "Orta"), (1, "Yeni")]
    slower = client.post(address, typed)
    assert slower.status_code == 200
    assert 'role="alert"' in _text(slower)
    wrong = client.post(address, typed | {"version": "2", f"place_{zeta.key}": "ilk"})
    assert "Sıra bir tam sayıdır" in _text(wrong)
    assert 'value="ilk"' in _text(wrong)


def test_a_file_is_looked_at_first_and_then_recorded(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    facts = {"kind": "DISTRICT", "name": "Liste", "source": "Yazı", "valid_from": "2027-01-01"}
    looked = client.post(f"{ORDERS}import/", facts | {"file": SimpleUploadedFile("l.csv", FILE.encode())})
    ticket = re.search(r'name="ticket" value="([^"]+)"', _text(looked))
    assert ticket is not None
    with system():
        assert not Office.objects.exists()
    assert client.post(f"{ORDERS}import/", {"ticket": ticket[1]}).status_code == 302
    with system():
        row = PrecedenceList.objects.get()
    assert _titles(row) == [(1, "Kaymakam"), (2, "Müftü"), (2, "Tapu Müdürü")]
    other = signed_in(cast.office_head).post(f"{ORDERS}import/", {"ticket": ticket[1]})
    assert other.status_code == 200
    bad = SimpleUploadedFile("l.csv", b"Ad;Soyad\n1;2\n")
    assert "Makam" in _text(client.post(f"{ORDERS}import/", facts | {"file": bad}))


def test_the_shipped_orders_are_loaded_by_a_press_and_taken_back(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    assert "Ek-1" in _text(client.get(f"{ORDERS}import/"))
    assert client.post(f"{ORDERS}import/", {"shipped": "1"}).status_code == 302
    with system():
        row = PrecedenceList.objects.get(kind="DISTRICT")
    assert client.post(f"{ORDERS}{row.key}/withdraw/").status_code == 302
    with system():
        assert PrecedenceList.objects.count() == 1
        actions.take_snapshot(PrecedenceList.objects.get(), by=None)
        last = PrecedenceList.objects.get()
    client.post(f"{ORDERS}{last.key}/withdraw/")
    assert refetch(last)


def test_the_number_of_queries_does_not_grow_with_the_offices(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    row = make_precedence([[_held("İlk")]])
    client.get(OFFICES)  # what is asked once
    counts = []
    for names in ([], [f"Makam {n}" for n in range(12)]):
        with system():
            order = [[entry.office] for entry in row.entries.select_related("office")]
            actions.rewrite(row, by=None, order=[*order, *([_held(name)] for name in names)])
        for address in (OFFICES, f"{ORDERS}{row.key}/change/"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(address)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def _held(title: str) -> Office:
    office = make_office(title)
    with system():
        actions.appoint(office, by=None, person=make_citizen())
    return office
