"""The pages of routing rules: the list in order, moving by buttons, the form, dry runs, and proposals at intake."""

from __future__ import annotations

import re

from backend.core.localtime import today
from backend.core.session import system
from backend.routing import jobs
from backend.routing.models import RoutingRule, RuleTrial
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.cast import Cast, signed_in
from tests.factories import make_category, make_complaint, make_neighbourhood

LIST = "/admin/routing/routingrule/"
TRIALS = "/admin/routing/ruletrial/"


def names() -> list[str]:
    with system():
        return list(RoutingRule.objects.in_order().values_list("name", flat=True))


def test_rules_are_added_moved_and_corrected_by_an_administrator(cast: Cast) -> None:
    make_category("park", "Park")
    make_neighbourhood("yayla", "Yayla")
    client = signed_in(cast.administrator)
    assert "Kullanımda havale kuralı yok" in client.get(LIST).content.decode()
    sent = {
        "name": "Yayla parkları",
        "categories": ["park"],
        "neighbourhoods": ["yayla"],
        "words": "salıncak\nkaydırak 🙂",
        "channels": ["WEB"],
        "weekdays": ["6", "7"],
        "hours": "OUTSIDE",
        "on_main_artery": "no",
        "department": "park-ve-bahceler",
        "is_active": "on",
    }
    refused = client.post(f"{LIST}new/", sent | {"street": "Meydan"}).content.decode()
    assert "Sokağı türüyle birlikte" in refused
    assert "kaydırak 🙂" in refused, "what was typed is kept"
    assert client.post(f"{LIST}new/", sent).status_code == 302
    wide = {"name": "Parklar", "categories": ["park"], "department": "fen-isleri", "is_active": "on"}
    client.post(f"{LIST}new/", wide)
    page = client.get(LIST).content.decode()
    for text in ("Kategori: Park", "Mahalle: Yayla", "Mesai saatleri dışında", "ana arter dışında", "önerir"):
        assert text in page, text
    assert "çelişki" not in page, "the exception stands before the general rule"
    with system():
        first, second = RoutingRule.objects.in_order()
    assert f'value="{second.key}:{first.key}"' in page
    answer = client.post(f"{LIST}move/", {"up": f"{second.key}:{first.key}"})
    assert answer["location"] == f"{LIST}#up-{second.key}", "the cursor stays on the button"
    assert names() == ["Parklar", "Yayla parkları"]
    assert "hiçbir zaman uygulanmaz" in client.get(LIST).content.decode()
    for wrong in ({"up": "x"}, {"down": f"{second.key}:"}, {}):
        assert client.post(f"{LIST}move/", wrong).status_code == 302
    assert names() == ["Parklar", "Yayla parkları"]
    form = client.get(f"{LIST}{first.key}/change/").content.decode()
    assert "Sürümler" in form
    assert "hiçbir zaman uygulanmaz" in form
    client.post(f"{LIST}{first.key}/change/", sent | {"name": "Yayla'nın parkları", "categories": []})
    assert names() == ["Parklar", "Yayla'nın parkları"]
    versions = client.get(f"{LIST}{first.key}/change/").content.decode().partition("Sürümler")[2]
    assert "Yayla&#x27;nın parkları" in versions
    assert "Yayla parkları" in versions


def test_the_office_reads_and_departments_do_not_find_the_pages(cast: Cast) -> None:
    with system():
        rule = RoutingRule.objects.create(name="Çukurlar", words=["çukur"], department=cast.park)
    office = signed_in(cast.secretary)
    page = office.get(LIST).content.decode()
    assert "Çukurlar" in page
    assert 'form="order"' not in page
    assert office.get(f"{LIST}{rule.key}/change/").status_code == 403
    assert office.post(f"{LIST}move/", {"up": f"{rule.key}:{rule.key}"}).status_code in (302, 403)
    for person in (cast.fen_head, cast.outsider):
        client = signed_in(person)
        assert [client.get(url).status_code for url in (LIST, TRIALS, f"{TRIALS}new/")] == [404, 404, 404]


def test_a_dry_run_shows_what_would_change_as_far_as_the_reader_sees_it(cast: Cast) -> None:
    with system():
        rule = RoutingRule.objects.create(
            name="Çukurlar", words=["çukur"], department=cast.park, priority="HIGH", is_active=False
        )
    case = make_complaint("Çukur var", to=cast.fen, by=cast.secretary)
    client = signed_in(cast.administrator)
    assert "Çukurlar" in client.get(f"{TRIALS}new/?rule={rule.key}").content.decode()
    ahead = client.post(f"{TRIALS}new/", {"from_on": "31.12.2999", "until_on": "31.12.2999"})
    assert "Başlamış bir dönem" in ahead.content.decode()
    day = f"{today():%d.%m.%Y}"
    answer = client.post(f"{TRIALS}new/", {"rule": str(rule.key), "from_on": day, "until_on": day})
    with system():
        trial = RuleTrial.objects.get()
    assert answer["location"] == f"{TRIALS}{trial.key}/change/"
    assert 'data-follow="2"' in client.get(answer["location"]).content.decode()
    jobs.try_rules(str(trial.key))
    page = client.get(answer["location"]).content.decode()
    assert case.reference not in page
    assert "görme yetkiniz olmadığı" in page
    assert "Park ve Bahçeler" in page
    seen = signed_in(cast.secretary).get(answer["location"]).content.decode()
    assert case.reference in seen
    assert "Öncelikler" in seen
    assert "1 başvurudan 1 tanesi" in client.get(TRIALS).content.decode()
    again = client.post(f"{TRIALS}{trial.key}/stop/", follow=True).content.decode()
    assert "sona ermiş" in again


def test_intake_routing_and_the_desk_show_the_proposal_with_the_rules_name(cast: Cast) -> None:
    with system():
        RoutingRule.objects.create(
            name="Salıncaklar", words=["salıncak"], department=cast.park, priority="HIGH"
        )
        mail = make_mail(make_mailbox(cast.office), "Kırık salıncak")
    case = make_complaint("Salıncak kırık", by=cast.secretary)
    client = signed_in(cast.secretary)
    asked = {"subject": "salincaklar kirik", "channel": "PHONE"}
    proposal = client.post("/admin/intake/suggest/", asked).content.decode()
    assert "“Salıncaklar” havale kuralına göre sorumlu" in proposal
    assert 'data-priority="HIGH"' in proposal
    route = client.get(f"/admin/complaints/complaint/{case.key}/change/?do=route").content.decode()
    assert "“Salıncaklar” havale kuralının önerisi" in route
    assert re.findall(r'<button[^>]*name="to" value="([^"]+)"', route) == [cast.park.code], "one press away"
    desk = client.get(f"/admin/mailboxes/inboundmessage/{mail.key}/change/").content.decode()
    assert "kural: “Salıncaklar”" in desk
