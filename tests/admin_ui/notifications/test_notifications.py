"""The bell, the page of what somebody was told, and the page on which they choose how."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.complaints.choices import Priority
from backend.core.session import prepared, system
from backend.notifications import staff
from backend.notifications.kinds import Kind
from backend.notifications.models import Notification, Preference
from backend.organization.models import User
from permissions.core import scope
from permissions.notifications import sending
from tests.backend.stories import say
from tests.cast import Cast, heads_alone, signed_in
from tests.factories import make_complaint, make_instruction


@pytest.fixture(autouse=True)
def alone(cast: Cast) -> None:
    heads_alone(cast)


PAGE, SEE, CHOOSE = "/admin/notifications/", "/admin/notifications/see/", "/admin/notifications/preferences/"


def _urgent(cast: Cast, count: int = 1) -> list[Any]:
    return [make_complaint("Gizli konu", to=cast.fen, priority=Priority.URGENT) for _each in range(count)]


def _text(client: Any, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _bell(client: Any, path: str = "/admin/") -> str:
    found = re.search(r'class="ok-bell-count"[^>]*>([^<]+)<', _text(client, path))
    return found[1] if found else ""


def test_the_bell_is_on_every_page_and_counts_what_was_not_seen(cast: Cast) -> None:
    client = signed_in(cast.fen_head)
    assert _bell(client) == ""
    _urgent(cast, 2)
    for path in ("/admin/", "/admin/complaints/complaint/", "/admin/organization/department/", PAGE, CHOOSE):
        assert _bell(client, path) == "2", path
    assert _bell(signed_in(cast.fen_clerk)) == ""


def test_the_bell_costs_one_statement(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client, asked = signed_in(cast.fen_head), []

    def counted(statement: str, *values: Any) -> Any:  # Django sees nothing of what the server keeps
        asked.append(statement)
        return prepared(statement, *values)

    monkeypatch.setattr(sending, "prepared", counted)
    client.get("/admin/organization/neighbourhood/")  # what is read once
    counts = []
    for _many in range(2):
        _urgent(cast, 3)
        asked.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/organization/neighbourhood/")
        counts.append(len(queries))
        assert len(asked) == 1
        assert not [q for q in queries.captured_queries if "notifications_notification" in q["sql"]]
    assert counts[0] == counts[1]


def test_more_than_ninety_nine_are_said_shortly(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "MOST_COUNTED", 3)
    monkeypatch.setattr("admin_ui.templatetags.office.MOST_COUNTED", 3)
    _urgent(cast, 5)
    assert _bell(signed_in(cast.fen_head)) == "2+"


def test_the_page_shows_kind_and_number_and_marks_one_and_all(cast: Cast) -> None:
    cases = _urgent(cast, 3)
    client = signed_in(cast.fen_head)
    text = _text(client)
    assert all(f"Acil başvuru: {case.reference}" in text for case in cases)
    assert f"/admin/complaints/complaint/{cases[0].key}/change/" in text
    assert re.search(r"Gizli konu · (yarın|\d+ gün kaldı)", text)
    assert "görüldü say" not in text.partition("<ul>")[2], "to open a row is to see it: nothing to press"
    with scope.session(cast.fen_head):
        key = scope.visible(Notification).order_by("pk")[0].key
    answer = client.post(SEE, {"key": str(key)}, follow=True)
    assert "1 bildirim görüldü olarak işaretlendi." in answer.content.decode()
    assert _bell(client) == "2"
    assert "işaretlendi" not in client.post(SEE, {"key": str(key)}, follow=True).content.decode()
    client.post(SEE, {"all": "1"})
    assert _bell(client) == ""
    assert cases[0].reference in _text(client), "what was seen is still listed"
    assert client.post(SEE, {"key": "x"}, follow=True).status_code == 200


def test_nobody_marks_anothers(cast: Cast) -> None:
    _urgent(cast)
    with scope.session(cast.fen_head):
        key = scope.visible(Notification).get().key
    for other in (cast.secretary, cast.fen_clerk, cast.administrator):
        signed_in(other).post(SEE, {"key": str(key), "all": "1"})
        assert "Acil başvuru" not in _text(signed_in(other))
    assert _bell(signed_in(cast.fen_head)) == "1"


def test_of_a_case_that_was_routed_away_nothing_is_left(cast: Cast) -> None:
    (case,) = _urgent(cast)
    client = signed_in(cast.fen_head)
    assert _bell(client) == "1"
    say(case, "route", by=cast.secretary, to=cast.park)
    assert _bell(client) == ""
    assert case.reference not in _text(client)
    assert _bell(signed_in(cast.park_head)) == "1"


def test_of_what_is_confidential_the_page_says_nothing_but_where(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.park, "Gizli iş", by=cast.secretary, is_confidential=True)
    text = _text(signed_in(cast.park_head))
    assert "Bir kayıt sizi bekliyor" in text
    assert row.reference not in text
    assert "talimat" not in re.search(r'<section class="ok-card ok-told.*?</section>', text, re.S)[0].lower()  # type: ignore[index]
    assert f"/admin/instructions/instruction/{row.key}/change/" in text


def test_older_ones_are_behind_a_link(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin_ui.notifications.page.PAGE", 2)
    cases = _urgent(cast, 5)
    client = signed_in(cast.fen_head)
    client.post(SEE, {"all": "1"})
    seen, path = [], PAGE
    for _page in range(3):
        text = _text(client, path)
        seen += re.findall(r"Acil başvuru: ([\d/]+)", text)
        more = re.search(r'href="(\?before=[^"]+)"', text)
        path = PAGE + more[1] if more else ""
    assert seen == [case.reference for case in reversed(cases)]
    assert path == ""
    assert client.get(f"{PAGE}?before=x").status_code == 200


def _form(client: Any) -> dict[str, str]:
    text = _text(client, CHOOSE)
    selects = re.findall(r'<select name="([^"]+)".*?<option value="(\w+)" selected', text, re.S)
    return dict(selects) | {"quiet_from": "22:00", "quiet_until": "07:00", "digest_at": "08:30"}


def test_to_open_a_row_is_to_see_it_and_nothing_else(cast: Cast) -> None:
    case, other = _urgent(cast, 2)
    client = signed_in(cast.fen_head)
    assert _bell(client, f"/admin/complaints/complaint/{case.key}/change/") == "1", (
        "counted after it was opened"
    )
    assert case.reference not in _text(client).partition("ok-told-new")[2].partition("</section>")[0]
    signed_in(cast.office_head).get(f"/admin/complaints/complaint/{other.key}/change/")
    assert _bell(client) == "1", "another's eyes are not one's own"


def test_many_of_one_text_are_one_line_that_opens(cast: Cast) -> None:
    _urgent(cast, 3)
    client = signed_in(cast.fen_head)
    assert "ok-fold" not in _text(client)
    _urgent(cast, 1)
    text = _text(client)
    assert "Acil başvuru: 4 kayıt" in text
    assert len(re.findall(r"Gizli konu ·", text)) == 4


def test_what_one_is_notified_of_about_one_case_is_one_line_with_the_newest_sentence(cast: Cast) -> None:
    (case,) = _urgent(cast)
    other = make_complaint("Başka konu", to=cast.fen)
    with system():
        for text in ("complaints/sent_back", "complaints/approved"):
            staff.hand_over([cast.fen_head], text, case, None)
        staff.hand_over([cast.fen_head], "complaints/approved", other, None)
    client = signed_in(cast.fen_head)
    assert _bell(client) == "2"
    text = _text(client)
    assert text.count(f"Cevap onaylandı: {case.reference}") == 1
    assert f"Cevap geri gönderildi: {case.reference}" not in text
    assert "Bu konuda 2 önceki bildirim" in text
    assert re.search(r"<li>[\d. ]+ · Cevap geri gönderildi</li>", text)
    client.get(f"/admin/complaints/complaint/{case.key}/change/")
    assert _bell(client) == "1", "to open it is to see all of them"
    assert "Bu konuda 2 önceki bildirim" in _text(client), "seen, and still one line"


def test_what_duty_demands_stands_open_until_it_was_seen_and_the_rest_is_folded(cast: Cast) -> None:
    client = signed_in(cast.fen_head)
    for _each in range(4):
        make_complaint(to=cast.fen)
    assert '<details class="ok-fold"><summary>Biriminize havale edildi: 4 kayıt' in _text(client)
    _urgent(cast, 4)
    assert '<details class="ok-fold" open><summary>Acil başvuru: 4 kayıt' in _text(client)
    client.post(SEE, {"all": "1"})
    assert " open><summary>" not in _text(client)
    assert '<details class="ok-fold"><summary>Acil başvuru: 4 kayıt' in _text(client), (
        "seen, and still listed"
    )


def test_of_a_hidden_identity_the_number_alone_is_said(cast: Cast) -> None:
    case = make_complaint("Komşu hakkında", to=cast.fen, priority=Priority.URGENT, identity_hidden=True)
    text = _text(signed_in(cast.fen_head))
    assert case.reference in text
    assert "Komşu" not in text


def test_the_bell_alone_is_drawn_for_a_page_that_is_open(cast: Cast) -> None:
    client = signed_in(cast.fen_head)
    _urgent(cast, 2)
    answer = client.get("/admin/notifications/bell/")
    assert ">2<" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert signed_in(cast.fen_head).get("/admin/").content.decode().count("notificationsChanged") == 1


def test_choices_are_saved_with_one_button_and_duty_is_refused_with_its_name(cast: Cast) -> None:
    client = signed_in(cast.fen_head)
    with system():
        User.objects.filter(pk=cast.fen_head.pk).update(email="fen.mudur@example.org")
    form = _form(client)
    assert len(form) == 2 * len(Kind) + 3, "no SMS: there is no gateway"
    assert "SMS hizmeti tanımlı olmadığından" in _text(client, CHOOSE)
    saved = client.post(CHOOSE, form | {"NOTE-EMAIL": "DIGEST", "digest_at": "16:30"}, follow=True)
    assert "Tercihiniz kaydedildi." in saved.content.decode()
    with scope.session(cast.fen_head):
        row = scope.visible(Preference).get()
    assert (row.choices, f"{row.digest_at:%H:%M}") == ({"NOTE": {"EMAIL": "DIGEST"}}, "16:30")
    text = _text(client, CHOOSE)
    assert re.search(r'name="NOTE-EMAIL".*?<option value="DIGEST" selected>', text, re.S)
    refused = client.post(CHOOSE, form | {"DEADLINE-PAGE": "OFF", "DEADLINE-EMAIL": "OFF"}).content.decode()
    assert "“Başvuru süresi” bildirimi kapatılamaz" in refused
    wrong = client.post(CHOOSE, form | {"quiet_from": "25:00", "NOTE-PAGE": "DIGEST"})
    assert wrong.status_code == 200
    with scope.session(cast.fen_head):
        assert scope.visible(Preference).get().choices == {"NOTE": {"EMAIL": "DIGEST"}}


def test_whoever_has_a_mobile_number_is_offered_sms_where_a_gateway_is(cast: Cast, settings: Any) -> None:
    settings.SMS_GATEWAY_URL = "https://sms.example"
    client = signed_in(cast.fen_head)
    assert "cep telefonunuz yoktur" in _text(client, CHOOSE)
    with system():
        User.objects.filter(pk=cast.fen_head.pk).update(phone="+905321234567")
    assert 'name="DEADLINE-SMS"' in _text(client, CHOOSE)
