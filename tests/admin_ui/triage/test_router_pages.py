"""The router on the pages: at intake, on a case that waits, at the incoming desk, its versions and its score."""

from __future__ import annotations

import re
from typing import Any

import pytest

from backend.core.localtime import today
from backend.core.session import system
from backend.triage import serving, training
from backend.triage.jobs import score_at_night
from backend.triage.models import RouterScore, RouterVersion
from tests.admin_ui.configuration.test_settings_page import PAGE as SETTINGS
from tests.admin_ui.configuration.test_settings_page import typed as form_of_settings
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.backend.triage.cases import LAMP, close, texts
from tests.backend.triage.test_scoring import proposals
from tests.cast import Cast, signed_in
from tests.factories import make_complaint

INTAKE, VERSIONS, SCORES = "/admin/intake/", "/admin/triage/routerversion/", "/admin/triage/routerscore/"


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    serving.forget()
    yield
    serving.forget()


@pytest.fixture
def house(cast: Cast) -> Cast:
    close(cast, texts(130))
    assert training.learn()
    return cast


def test_what_was_learned_is_marked_where_people_decide(house: Cast) -> None:
    office, clerk = signed_in(house.secretary), signed_in(house.park_clerk)
    typed = {"subject": LAMP, "body": "", "place": ""}
    found = office.post(f"{INTAKE}suggest/", typed).content.decode()
    assert 'data-category="sokak-aydinlatmasi" data-to="fen-isleri"' in found
    assert "data-accept" in found
    assert "F8" in found
    assert re.search(r"<a class=\"ok-link\"[^>]*>1900/\d+</a>", found)
    assert "data-router" not in clerk.post(f"{INTAKE}suggest/", typed).content.decode()
    assert "data-router" not in office.post(f"{INTAKE}suggest/", {**typed, "subject": "x"}).content.decode()
    chosen = office.post(f"{INTAKE}suggest/", {**typed, "category": "cop-toplama"}).content.decode()
    assert "data-router" not in chosen  # a person has decided
    waits, routed = make_complaint(LAMP, body=""), make_complaint(LAMP, body="", to=house.park)
    page = office.get(f"/admin/complaints/complaint/{waits.key}/change/").content.decode()
    assert "data-router" in page
    assert "?do=route#do" in page
    assert (
        "data-router" not in office.get(f"/admin/complaints/complaint/{routed.key}/change/").content.decode()
    )
    form = office.get(f"/admin/complaints/complaint/{waits.key}/change/?do=route").content.decode()
    assert "fen-isleri" in form
    signed_in(house.administrator).post(SETTINGS, form_of_settings(ROUTER_SILENT_UNITS="fen-isleri"))
    silent = office.post(f"{INTAKE}suggest/", typed).content.decode()
    assert 'data-category="sokak-aydinlatmasi" data-to=""' in silent, (
        "off for this unit, not for its category"
    )


def test_that_it_is_right_less_often_is_told_to_who_runs_the_house(cast: Cast) -> None:
    with system():
        row = RouterVersion.objects.create(
            number=4, cases=400, categories=3, units=3, threshold=70, measured_on=80, right_percent=90,
            status="IN_FORCE", weights=b"x",
        )  # fmt: skip
    proposals(cast, right=36, wrong=24, router=row)
    score_at_night()
    told = signed_in(cast.administrator).get("/admin/notifications/").content.decode()
    assert "Önerilerin isabeti azaldı" in told
    assert VERSIONS in told, "and leads to the versions"
    assert (
        "Önerilerin isabeti azaldı"
        not in signed_in(cast.fen_clerk).get("/admin/notifications/").content.decode()
    )


def test_a_mail_at_the_desk_shows_it(house: Cast) -> None:
    mail = make_mail(make_mailbox(house.office), subject=LAMP, text="")
    page = (
        signed_in(house.secretary).get(f"/admin/mailboxes/inboundmessage/{mail.key}/change/").content.decode()
    )
    assert "data-router" in page


def test_versions_are_seen_by_who_runs_it_and_one_goes_back(house: Cast) -> None:
    assert training.learn()
    head, secretary = signed_in(house.office_head), signed_in(house.secretary)
    with system():
        older, newest = RouterVersion.objects.order_by("number")
    listed = secretary.get(VERSIONS).content.decode()
    assert f"{VERSIONS}{newest.key}/change/" in listed
    assert signed_in(house.fen_clerk).get(VERSIONS).status_code in (403, 404)
    page = f"{VERSIONS}{older.key}/change/"
    assert "put_in_force" not in secretary.get(page).content.decode()
    assert "put_in_force" in head.get(page).content.decode()
    assert head.post(f"{VERSIONS}{older.key}/put_in_force/", {"version": older.version}).status_code == 302
    with system():
        assert RouterVersion.objects.in_force().get() == older


def test_the_score_is_read_by_everybody_who_works_here(cast: Cast) -> None:
    with system():
        RouterScore.objects.create(
            month=today().replace(day=1), cases=50, spoke_percent=70, right_percent=91, changed_percent=9
        )
    page = signed_in(cast.park_clerk).get(SCORES).content.decode()
    assert "%91" in page or "91 %" in page
