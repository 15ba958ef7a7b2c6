"""The pages of the principals: who keeps whose programme, the week, who stands in, and handing an entry over."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backend.appointments import actions as appointments
from backend.core.localtime import today
from backend.core.session import system
from backend.programme import actions
from backend.programme.models import Principal, StandIn
from permissions.core import grants
from permissions.core.viewer import KEEP
from permissions.models import PrincipalGrant
from tests.cast import Cast, signed_in
from tests.days import DAY, day, dotted
from tests.factories import at, make_entry, make_principal, make_public_day, make_request, refetch

LIST = "/admin/programme/principal/"


def page_of(principal: Principal) -> str:
    return reverse("admin:programme_principal_change", args=[principal.key])


def do(client: Client, principal: Principal, deed: str, **data: object):
    return client.post(reverse("admin:programme_principal_act", args=[principal.key, deed]), data)


def end(client: Client, principal: Principal, **data: object):
    return client.post(reverse("admin:programme_principal_end", args=[principal.key]), data)


def test_everybody_reads_the_hours_and_only_the_managers_change_them(cast: Cast) -> None:
    for user, changes in ((cast.outsider, False), (cast.secretary, False), (cast.office_head, True)):
        body = signed_in(user).get(page_of(cast.mayors)).content.decode()
        assert "08.30-17.00" in body
        assert ("do=hours" in body) is changes, user.username
    for deed in ("facts", "hours", "stand-in", "public-day", "give"):
        assert do(signed_in(cast.secretary), cast.mayors, deed, name="Ele geçti").status_code in (403, 404)
        assert (
            f'action="/admin/programme/principal/{cast.mayors.key}/do/{deed}/"'
            not in signed_in(cast.secretary).get(page_of(cast.mayors), {"do": deed}).content.decode()
        )
    assert refetch(cast.mayors).name == "Belediye Başkanı"


def test_the_facts_and_the_week_are_changed_and_the_page_tells_by_whom(cast: Cast) -> None:
    client = signed_in(cast.office_head)
    facts = {
        "name": "Belediye Başkanı",
        "person": "baskan",
        "position": "0",
        "slot_minutes": "20",
        "preparation_minutes": "5",
        "follow_up_minutes": "10",
        "daily_maximum": "6",
        "is_active": "on",
    }
    assert do(client, cast.mayors, "facts", **facts).status_code == 302
    hours = {"day_0": "08:30-12:00, 13.00–17.00", "day_5": "10:00-12:00"}
    assert do(client, cast.mayors, "hours", **hours).status_code == 302
    body = client.get(page_of(cast.mayors)).content.decode()
    assert "08.30-12.00, 13.00-17.00" in body
    assert "Kemal Yıldız" in body
    found = refetch(cast.mayors)
    assert (found.slot_minutes, found.daily_maximum, found.person) == (20, 6, cast.mayor)
    with system():
        assert found.working_hours.count() == 3


def test_hours_that_are_none_are_told_at_their_day_and_stay_typed(cast: Cast) -> None:
    client = signed_in(cast.office_head)
    for typed in ("sabah", "25:00-26:00", "08:30"):
        answer = do(client, cast.mayors, "hours", day_2=typed)
        assert answer.status_code == 200
        assert "08.30-12.00, 13.00-17.00 biçiminde" in answer.content.decode()
        assert f'value="{typed}"' in answer.content.decode()


def test_a_programme_is_given_with_dates_and_taken_and_stays_to_be_read(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    given = {"user": "park.memur", "permission": KEEP, "valid_until": day(48), "reason": "Yerine bakar"}
    assert do(client, cast.deputys, "give", **given).status_code == 302
    with system():
        grant = PrincipalGrant.dated.get(user=cast.park_clerk)
        PrincipalGrant.dated.filter(pk=grant.pk).update(valid_from=today() - dt.timedelta(days=365))
    body = client.get(page_of(cast.deputys)).content.decode()
    assert dotted(48) in body
    assert end(client, cast.deputys, grant=str(grant.pk)).status_code == 302
    body = client.get(page_of(cast.deputys)).content.decode()
    assert "Emine Çelik" in body, "what has ended is still read"
    assert f'name="grant" value="{grant.pk}"' not in body


def test_a_grant_of_another_programme_is_not_taken_here(cast: Cast) -> None:
    with system():
        grant = PrincipalGrant.dated.get(user=cast.secretary)
    end(signed_in(cast.office_head), cast.deputys, grant=str(grant.pk))
    with system():
        assert PrincipalGrant.dated.live().filter(pk=grant.pk).exists()


def test_a_stand_in_is_appointed_shown_in_the_list_and_ended(cast: Cast) -> None:
    client = signed_in(cast.office_head)
    given = {
        "deputy": cast.deputys.key,
        "valid_from": today().isoformat(),
        "valid_until": today().isoformat(),
    }
    assert do(client, cast.mayors, "stand-in", **given).status_code == 302
    assert "Başkan Yardımcısı İlker Ünal (" in client.get(LIST).content.decode()
    again = do(client, cast.mayors, "stand-in", **given)
    assert "zaten" in again.content.decode()
    with system():
        row = StandIn.objects.get()
    assert end(signed_in(cast.secretary), cast.mayors, stand_in=row.key).status_code in (403, 404)
    assert end(client, cast.mayors, stand_in=row.key).status_code == 302
    with system():
        assert not StandIn.objects.exists()


def test_a_member_of_the_council_is_recorded_as_acting_mayor(cast: Cast) -> None:
    """5393 m.40."""
    client = signed_in(cast.office_head)
    given = {"office": "COUNCIL_MEMBER", "name": "Meclis Üyesi Zeliha Irmak", "position": "3"}
    assert client.post(f"{LIST}new/", given).status_code == 302
    with system():
        member = Principal.objects.get(office="COUNCIL_MEMBER")
    days = {"valid_from": today().isoformat(), "valid_until": today().isoformat()}
    assert do(client, cast.mayors, "stand-in", deputy=member.key, **days).status_code == 302
    assert "Meclis Üyesi Zeliha Irmak (" in client.get(LIST).content.decode()


def test_a_new_programme_asks_next_who_keeps_it(cast: Cast) -> None:
    answer = signed_in(cast.office_head).post(
        f"{LIST}new/", {"office": "DEPUTY_MAYOR", "name": "Başkan Yardımcısı Nihan Sezer", "position": "3"}
    )
    assert answer.status_code == 302
    assert answer["Location"].endswith("?do=give#do")
    assert signed_in(cast.secretary).get(f"{LIST}new/").status_code == 403


def test_the_list_costs_the_same_for_more_principals(cast: Cast) -> None:
    client = signed_in(cast.office_head)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(4):
        make_principal(f"Başkan Yardımcısı {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


# -- handing over --------------------------------------------------------------------------------------------
def test_an_entry_is_handed_over_on_its_page_by_who_keeps_both(cast: Cast) -> None:
    entry = make_entry(cast.mayors, "Muhtarlar", at(DAY), 60)
    client = signed_in(cast.secretary)
    change = reverse("admin:programme_entry_change", args=[entry.key])
    assert "hand_over" not in client.get(change).content.decode(), "there is nobody to whom"
    with system():
        grants.give_programme(cast.secretary, KEEP, cast.deputys, by=None)
    assert "hand_over" in client.get(change).content.decode()
    url = reverse("admin:programme_entry_act", args=[entry.key, "hand_over"])
    given = {"version": entry.version, "to": cast.deputys.key, "note": "Ankara'da"}
    other = make_entry(cast.deputys, "Meclis grubu", at(DAY))
    refused = client.post(url, given).content.decode()
    assert "Meclis grubu" in refused
    assert 'name="take"' not in refused, "a free time of the other is no time of this entry"
    with system():
        actions.cancel(other, by=None, reason="Boşaldı")
    assert client.post(url, given).status_code == 302
    body = client.get(change).content.decode()
    assert "Belediye Başkanı → Başkan Yardımcısı İlker Ünal" in body


def test_a_public_day_offers_no_handing_over(cast: Cast) -> None:
    session = make_public_day(cast.mayors)
    with system():
        grants.give_programme(cast.secretary, KEEP, cast.deputys, by=None)
    change = reverse("admin:programme_entry_change", args=[session.entry.key])
    assert "hand_over" not in signed_in(cast.secretary).get(change).content.decode()


def test_the_applicant_reads_beforehand_who_will_receive_them(cast: Cast) -> None:
    request = make_request(cast.mayors)
    with system():
        grants.give_programme(cast.secretary, KEEP, cast.deputys, by=None)
        appointments.approve(request, by=None, starts_at=at(DAY), means="PHONE")
    client = signed_in(cast.secretary)
    url = reverse("admin:appointments_appointmentrequest_act", args=[request.key, "hand_over"])
    given = {"version": refetch(request).version, "to": cast.deputys.key, "means": "EMAIL"}
    preview = client.post(url, given | {"preview": "1"}).content.decode()
    assert "Belediye Başkanı yerine" in preview
    assert refetch(request).principal == cast.mayors
    assert client.post(url, given).status_code == 302
    assert refetch(request).principal == cast.deputys
