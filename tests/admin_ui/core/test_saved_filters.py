"""A person keeps filters of their own beside the tabs: titles and named filters, never what was searched for."""

from __future__ import annotations

import re
import uuid
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backend.core.session import elevated
from backend.organization import actions
from backend.organization.models import SavedFilter, User
from permissions.core import scope
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_complaint
from tests.permissions.walls.world import keep_filter

LIST = "/admin/complaints/complaint/"
SAVE = "/admin/saved-filters/complaints_complaint/save/"


def save(person: User, title: str, **given: str):
    return signed_in(person).post(f"{SAVE}?{urlencode(given)}", {"title": title}, follow=True)


def kept(person: User) -> dict[str, str]:
    with as_viewer(person):
        return dict(SavedFilter.objects.order_by("pk").values_list("title", "parameters"))


def links(person: User, address: str = LIST) -> dict[str, str]:
    body = signed_in(person).get(address).content.decode()
    found = re.findall(r'<span class="ok-saved-one"><a href="([^"]*)"[^>]*>([^<]*)</a>', body)
    return {title: url.replace("&amp;", "&") for url, title in found}


def test_a_saved_filter_is_a_link_that_shows_the_same_rows(cast: Cast):
    make_complaint("Telefonla gelen", to=cast.fen, channel="PHONE")
    make_complaint("Sayaçtan gelen", to=cast.fen, channel="COUNTER")
    page = save(cast.secretary, " Telefonla   gelenler ", tab="all", channel="PHONE")
    assert page.redirect_chain[-1][0] == f"{LIST}?tab=all&channel=PHONE"
    assert "Süzgeç kaydedildi: Telefonla gelenler" in page.content.decode()
    assert links(cast.secretary) == {"Telefonla gelenler": "?tab=all&channel=PHONE"}
    body = signed_in(cast.secretary).get(LIST + "?tab=all&channel=PHONE").content.decode()
    assert '<a href="?tab=all&amp;channel=PHONE" aria-current="page">Telefonla gelenler</a>' in body
    assert "Telefonla gelen</span>" in body
    assert "Sayaçtan gelen" not in body


def test_what_was_searched_for_or_typed_into_the_address_is_not_stored(cast: Cast):
    save(
        cast.secretary,
        "Yeni",
        tab="Ayşe Yılmaz",
        q="0555 123 45 67",
        sort="2",
        channel="PHONE",
        kind="Ayşe Yılmaz",
        target_from="2026-11-01",
        target_to="Ayşe Yılmaz",
        kimlik="10000000146",
    )
    assert kept(cast.secretary) == {"Yeni": "channel=PHONE&target_from=2026-11-01"}
    page = save(cast.secretary, "Boş", q="Ayşe Yılmaz", kind="Ayşe Yılmaz")
    assert "Önce bir sekme veya süzgeç seçiniz." in page.content.decode()
    assert set(kept(cast.secretary)) == {"Yeni"}


def test_the_form_is_offered_when_a_filter_is_set_and_asks_for_no_search(cast: Cast):
    ask = signed_in(cast.secretary)
    assert "Bu süzgeci kaydet" not in ask.get(LIST + "?q=hasan").content.decode()
    body = ask.get(LIST + "?q=hasan&channel=PHONE").content.decode()
    assert "Bu süzgeci kaydet" in body
    assert f'action="{SAVE}?channel=PHONE"' in body


def test_saving_again_under_the_same_title_replaces_it(cast: Cast):
    save(cast.secretary, "İşim", channel="PHONE")
    save(cast.secretary, "İşim", channel="PHONE")
    save(cast.secretary, "İşim", channel="COUNTER")
    save(cast.secretary, "Işim", channel="PHONE")
    assert kept(cast.secretary) == {"İşim": "channel=COUNTER", "Işim": "channel=PHONE"}


@pytest.mark.parametrize(
    ("title", "told"),
    [("  ", "Süzgece bir ad veriniz."), ("ş" * 61, "Ad en çok 60 karakter olabilir.")],
)
def test_a_title_is_needed_and_is_short(cast: Cast, title: str, told: str):
    assert told in save(cast.secretary, title, channel="PHONE").content.decode()
    assert kept(cast.secretary) == {}


def test_a_person_keeps_twenty_and_may_still_replace_one(cast: Cast):
    for number in range(actions.SAVED_FILTERS):
        keep_filter(cast.secretary, f"Süzgeç {number}")
    assert "Önce birini kaldırınız." in save(cast.secretary, "Bir fazla", channel="PHONE").content.decode()
    save(cast.secretary, "Süzgeç 3", channel="PHONE")
    found = kept(cast.secretary)
    assert len(found) == actions.SAVED_FILTERS
    assert found["Süzgeç 3"] == "channel=PHONE"


def test_one_press_removes_it_and_a_second_finds_nothing(cast: Cast):
    address = reverse("admin:saved_filter_remove", args=[keep_filter(cast.secretary, "Eski").key])
    ask = signed_in(cast.secretary)
    assert f'formaction="{address}"' in ask.get(LIST).content.decode()
    ask.get(address)
    assert set(kept(cast.secretary)) == {"Eski"}, "to look is not to remove"
    assert ask.post(address)["Location"] == LIST
    assert kept(cast.secretary) == {}
    assert ask.post(address).status_code == 404


@pytest.mark.parametrize("other", ["office_head", "mayor", "administrator", "fen_clerk"])
def test_anothers_filter_is_not_there_for_anybody_by_any_door(cast: Cast, other: str):
    saved = keep_filter(cast.secretary, "Yalnız benim")
    person = cast.people()[other]
    ask = signed_in(person)
    for method in (ask.get, ask.post):
        hidden = method(reverse("admin:saved_filter_remove", args=[saved.key]))
        missing = method(reverse("admin:saved_filter_remove", args=[uuid.uuid4()]))
        assert hidden.status_code == missing.status_code == 404
    assert "Yalnız benim" not in ask.get(LIST).content.decode()
    assert kept(person) == {}, "the second wall alone"
    with as_viewer(person), elevated():
        assert not SavedFilter.objects.exists(), "the office's role neither"
    assert set(kept(cast.secretary)) == {"Yalnız benim"}


def test_nobody_writes_a_filter_for_somebody_else(cast: Cast):
    with pytest.raises(DatabaseError), scope.session(cast.office_head), elevated():
        actions.save_filter(
            by=cast.secretary, list_name="complaints_complaint", title="X", parameters="tab=late"
        )


def test_the_same_title_of_two_people_and_of_two_lists_are_different_filters(cast: Cast):
    save(cast.secretary, "Telefon", channel="PHONE")
    save(cast.fen_clerk, "Telefon", channel="COUNTER")
    signed_in(cast.secretary).post(
        "/admin/saved-filters/appointments_appointmentrequest/save/?channel=PHONE", {"title": "Telefon"}
    )
    assert links(cast.secretary) == {"Telefon": "?channel=PHONE"}
    assert links(cast.fen_clerk) == {"Telefon": "?channel=COUNTER"}
    assert len(links(cast.secretary, "/admin/appointments/appointmentrequest/")) == 1


@pytest.mark.parametrize("name", ["journal_accesslog", "organization_user", "yok"])
def test_a_list_that_is_not_ones_own_keeps_nothing(cast: Cast, name: str):
    answer = signed_in(cast.fen_clerk).post(f"/admin/saved-filters/{name}/save/?tab=all", {"title": "X"})
    assert answer.status_code == 404
    assert kept(cast.fen_clerk) == {}


def test_the_list_asks_as_often_for_twenty_filters_as_for_none(cast: Cast):
    ask = signed_in(cast.secretary)
    ask.get(LIST)
    with CaptureQueriesContext(connection) as none:
        ask.get(LIST)
    for number in range(20):
        keep_filter(cast.secretary, f"Süzgeç {number}")
    with CaptureQueriesContext(connection) as twenty:
        assert "Süzgeç 19" in ask.get(LIST).content.decode()
    assert len(twenty) == len(none)
