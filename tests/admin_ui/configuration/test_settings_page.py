"""The page of settings: changed in one form, looked at before it is kept, refused at the field, for those who may."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from admin_ui.configuration.form import in_force
from backend.configuration import memory
from backend.configuration.kinds import Flag, Picture, Several
from backend.configuration.models import SettingChange
from backend.configuration.office import DECLARED, configured
from tests.cast import Cast, signed_in
from tests.factories import make_complaint
from tests.tracking import tracked

PAGE = "/admin/settings/"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def typed(**changes: Any) -> dict[str, Any]:
    """The form as a browser sends it, with these fields changed."""
    data: dict[str, Any] = {"revision": memory.revision()}
    for name, value in in_force().items():
        kind = DECLARED[name]
        if isinstance(kind, Picture) or (isinstance(kind, Flag) and not value):
            continue
        data[name] = (
            list(cast(Iterable[str], value))
            if isinstance(kind, Several)
            else "on"
            if value is True
            else value
        )
    return data | changes


def test_it_is_kept_and_shown_with_its_history(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    answer = browser.post(
        PAGE, typed(MUNICIPALITY_NAME="Iğdır Belediyesi", HEAD_MAY_APPROVE="on"), follow=True
    )
    page = answer.content.decode()
    assert "2 ayar geçerli" in page
    assert "<del>Sancaktepe Belediyesi</del> → <ins>Iğdır Belediyesi</ins>" in page
    assert configured.HEAD_MAY_APPROVE is True
    assert "Iğdır Belediyesi" in tracked("yok")
    again = browser.post(PAGE, typed(), follow=True).content.decode()
    assert "Hiçbir ayar değişmedi." in again
    assert SettingChange.objects.count() == 2


def test_it_is_looked_at_before_it_is_kept(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    page = browser.post(PAGE, typed(MUNICIPALITY_NAME="Deneme Belediyesi", look="1")).content.decode()
    assert page.count('<img class="ok-paper" src="data:image/png;base64,') == 2
    assert ">Deneme Belediyesi</p>" in page, "the mail"
    assert "henüz kaydedilmedi" in page
    assert not SettingChange.objects.exists()


def test_a_fault_stands_at_its_field_and_nothing_is_lost(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    page = browser.post(PAGE, typed(REOPEN_DAYS="çok", OFFICE_NAME="Yeni Ad")).content.decode()
    assert 'id="id_REOPEN_DAYS_error"' in page
    assert 'value="Yeni Ad"' in page
    assert not SettingChange.objects.exists()


def test_of_two_at_once_the_second_is_told(cast: Cast) -> None:
    browser, late = signed_in(cast.administrator), typed(MUNICIPALITY_PHONE="444 0 556")
    browser.post(PAGE, typed(MUNICIPALITY_PHONE="444 0 555"))
    page = browser.post(PAGE, late).content.decode()
    assert 'id="id_MUNICIPALITY_PHONE_error"' in page
    assert configured.MUNICIPALITY_PHONE == "444 0 555"


def test_a_crest_is_put_up_shown_to_everybody_and_taken_away(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    assert Client().get("/kimlik/arma.svg").status_code == 404
    browser.post(PAGE, typed(MUNICIPALITY_CREST=SimpleUploadedFile("arma.svg", DRAWING, "image/svg+xml")))
    answer = Client().get("/kimlik/arma.svg")
    assert answer.content == DRAWING
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "image/svg+xml"
    assert "/kimlik/arma.svg?v=" in Client().get("/accounts/login/").content.decode()
    browser.post(PAGE, typed(remove_crest="on"))
    assert configured.MUNICIPALITY_CREST == ""


def test_what_is_no_picture_is_refused_at_the_crest(cast: Cast) -> None:
    wrong = SimpleUploadedFile("arma.svg", b"<svg><script>1</script></svg>", "image/svg+xml")
    page = signed_in(cast.administrator).post(PAGE, typed(MUNICIPALITY_CREST=wrong)).content.decode()
    assert 'id="id_MUNICIPALITY_CREST_error"' in page


@pytest.mark.parametrize("person", ["secretary", "fen_head", "mayor", "outsider"])
def test_others_find_no_such_page(cast: Cast, person: str) -> None:
    browser = signed_in(getattr(cast, person))
    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE, typed(REOPEN_DAYS="1")).status_code == 404


def test_the_head_of_the_office_changes_them_too(cast: Cast) -> None:
    assert signed_in(cast.office_head).get(PAGE).status_code == 200


def test_pages_for_everybody_dial_and_say_what_it_is_about(cast: Cast) -> None:
    case = make_complaint()
    page = tracked(case.tracking_code)
    assert '<a href="tel:+902163111111">0216 311 11 11</a>' in page
    assert "Cevap için son gün" in page
    colours = Client().get("/kimlik/renkler.css").content.decode()
    assert configured.MUNICIPALITY_COLOUR in colours
    assert "prefers-color-scheme:dark" in colours
