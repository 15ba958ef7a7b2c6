"""A member pins lists with their filters, and rows, to the side bar, named as they see them now."""

from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.core.session import system
from backend.guidance.models import Pin
from backend.organization.models import User
from permissions.core import grants
from permissions.models import DepartmentGrant
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_citizen, make_complaint

LIST = "/admin/complaints/complaint/"


def pinned(person: User) -> dict[str, str]:
    """Title -> address in the side bar of the home."""
    body = signed_in(person).get("/admin/").content.decode()
    found = re.findall(
        r'<a href="([^"]*)"[^>]*>(?:(?!</a>).)*?<span class="ok-pinned" title="([^"]*)"', body, re.S
    )
    return {title: url.replace("&amp;", "&") for url, title in found}


def pin(person: User, page: str):
    return signed_in(person).post("/admin/pins/add/", {"page": page}, follow=True)


def test_a_list_is_pinned_with_its_filters_and_without_what_was_searched_for(cast: Cast) -> None:
    make_complaint("Çukur", to=cast.fen)
    address = f"{LIST}?tab=all&channel=PHONE&q=Merve&sort=1&page=2&x=y"
    answer = pin(cast.secretary, address)
    assert answer.redirect_chain[-1][0].startswith(LIST)
    assert "q=Merve" in answer.redirect_chain[-1][0], "the list stays as it was"
    assert pinned(cast.secretary) == {
        "Başvurular: Tümü · Telefon (çağrı merkezi)": f"{LIST}?tab=all&channel=PHONE"
    }
    with as_viewer(cast.secretary):
        assert "Merve" not in str(Pin.objects.values_list("page", "title"))
    assert pinned(cast.office_head) == {}


def test_a_row_is_pinned_named_by_its_subject_and_gone_with_the_right_to_see_it(cast: Cast) -> None:
    case = make_complaint("<b>Yayla Sokak'ta çukur</b>", to=cast.fen)
    hidden = make_complaint("Komşum kaçak kat çıkıyor", to=cast.fen, identity_hidden=True)
    pages = [f"{LIST}{one.key}/change/" for one in (case, hidden)]
    for page in pages:
        pin(cast.fen_clerk, page)
    titles = pinned(cast.fen_clerk)
    assert titles["&lt;b&gt;Yayla Sokak&#x27;ta çukur&lt;/b&gt;"] == pages[0]
    assert titles[hidden.reference] == pages[1]
    body = signed_in(cast.fen_clerk).get(pages[0]).content.decode()
    assert 'aria-pressed="true"' in body
    with system():
        for grant in DepartmentGrant.objects.filter(user=cast.fen_clerk):
            grants.take(grant, by=cast.administrator)
    assert pinned(cast.fen_clerk) == {}


def test_what_one_does_not_see_and_who_is_a_person_is_not_pinned(cast: Cast) -> None:
    elsewhere = make_complaint("Başka müdürlükte", to=cast.park)
    with system():
        citizen = make_citizen("Merve", "Yıldız")
    assert pin(cast.fen_clerk, f"{LIST}{elsewhere.key}/change/").status_code == 404
    assert pin(cast.secretary, f"/admin/contacts/citizen/{citizen.key}/change/").status_code == 404
    assert pin(cast.secretary, "https://example.org/admin/complaints/complaint/").status_code == 404
    for person in (cast.fen_clerk, cast.secretary):
        with as_viewer(person):
            assert not Pin.objects.exists()


def test_pins_are_ordered_and_taken_away_from_their_page_and_from_the_list(cast: Cast) -> None:
    for tab in ("all", "late", "new"):
        pin(cast.secretary, f"{LIST}?tab={tab}")
    with as_viewer(cast.secretary):
        keys = {row.page.rpartition("=")[2]: row.key for row in Pin.objects.all()}
    client = signed_in(cast.secretary)
    client.post(f"/admin/pins/{keys['new']}/move/", {"up": "1"})
    assert [url.rpartition("=")[2] for url in pinned(cast.secretary).values()] == ["all", "new", "late"]
    client.post(f"/admin/pins/{keys['all']}/move/", {"down": "1"})
    assert [url.rpartition("=")[2] for url in pinned(cast.secretary).values()] == ["new", "all", "late"]
    assert (
        signed_in(cast.office_head).post(f"/admin/pins/{keys['new']}/move/", {"up": "1"}).status_code == 404
    )
    back = client.post(f"/admin/pins/{keys['new']}/remove/", {"back": f"{LIST}?tab=new"})
    assert back["Location"] == f"{LIST}?tab=new"
    assert (
        client.post(f"/admin/pins/{keys['all']}/remove/", {"back": "//example.org"})["Location"]
        == "/admin/pins/"
    )
    assert client.post(f"/admin/pins/{keys['all']}/remove/").status_code == 302, "a second press"
    assert list(pinned(cast.secretary)) == ["Başvurular: Geciken"]
    assert "Geciken" in client.get("/admin/pins/").content.decode()


def test_a_page_costs_one_statement_for_pins_and_one_for_each_table(cast: Cast) -> None:
    client = signed_in(cast.secretary)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/admin/reference/")
        return len(captured)

    bare = statements()
    for number in range(6):
        case = make_complaint(f"Çukur {number}", to=cast.fen)
        pin(cast.secretary, f"{LIST}{case.key}/change/")
    assert statements() <= bare + 1
