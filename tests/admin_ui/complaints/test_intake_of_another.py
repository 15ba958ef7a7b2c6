"""A petition that reached the house earlier, and one that is brought for another person: recorded, shown, corrected."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from backend.complaints.models import Complaint
from backend.core.localtime import ISTANBUL, local_date, today
from backend.core.session import system
from backend.organization.calendar import working_calendar
from permissions.core.viewer import CONTACTS
from permissions.models import DepartmentGrant
from tests.admin_ui.complaints.test_intake import call, cases
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, refetch


def page_of(case: Complaint) -> str:
    return reverse("admin:complaints_complaint_change", args=[case.key])


def test_a_petition_of_another_day_is_due_from_that_day(cast: Cast) -> None:
    office, day = (
        signed_in(cast.secretary),
        working_calendar().working_day_on_or_before(today() - dt.timedelta(1)),
    )
    written = {"registered_at": f"{day:%d.%m.%Y} 14:30", "channel": "PETITION", "kind": "COMPLAINT"}
    assert call(office, subject="Dilekçe", **written).status_code == 302
    assert call(office, subject="Bugün").status_code == 302
    earlier, now = cases()
    assert earlier.registered_at == dt.datetime.combine(day, dt.time(14, 30), ISTANBUL)
    assert (earlier.registered_on, now.registered_on) == (day, today())
    late = call(office, subject="Yarın", registered_at=f"{today() + dt.timedelta(1):%d.%m.%Y} 09:00")
    assert "gelecekte olamaz" in late.content.decode()


def test_the_moment_of_receipt_is_corrected_and_else_left_to_the_second(cast: Cast) -> None:
    case, office = make_complaint(), signed_in(cast.secretary)
    act = reverse("admin:complaints_complaint_act", args=[case.key, "correct"])
    names = ("subject", "body", "kind", "channel", "regime", "matter", "priority", "place")
    shown = case.registered_at.astimezone(ISTANBUL)
    for moment, changed in ((shown, ["subject"]), (shown - dt.timedelta(minutes=5), ["registered_at"])):
        typed = {name: getattr(refetch(case), name) for name in names} | {"subject": "Başka"}
        typed |= {"registered_at": f"{moment:%d.%m.%Y %H:%M}", "version": refetch(case).version}
        assert office.post(act, typed).status_code == 302
        with system():
            fields = case.lines.filter(verb="corrected").latest("pk").details["fields"]
        assert set(changed) <= set(fields)
        assert ("registered_at" in fields) == ("registered_at" in changed)
    assert refetch(case).registered_at == (shown - dt.timedelta(minutes=5)).replace(second=0, microsecond=0)
    assert refetch(case).registered_on == local_date(refetch(case).registered_at)


def test_whom_it_is_brought_for_is_chosen_shown_and_corrected(cast: Cast) -> None:
    mother, aunt = make_citizen("Emine", "Çınar"), make_citizen("Nuriye", "Kaya")
    office = signed_in(cast.secretary)
    said = {
        "on_behalf_of": "Emine ÇINAR",
        "on_behalf_of_key": str(mother.key),
        "on_behalf_of_of": "Emine ÇINAR",
    }
    answer = call(office, first_name="Şule", last_name="Çınar", to=cast.fen.code, **said)
    assert answer.status_code == 302, answer.content.decode()
    case = refetch(cases()[0])
    assert case.on_behalf_of_id == mother.pk
    assert "Emine ÇINAR" in office.get(page_of(case)).content.decode()
    assert "Emine ÇINAR" in office.get(f"{page_of(case)}?do=correct").content.decode()
    assert "Emine ÇINAR" in signed_in(cast.fen_clerk).get(page_of(case)).content.decode()
    with system():
        DepartmentGrant.objects.filter(user=cast.fen_clerk, permission__codename=CONTACTS).delete()
    assert "Emine ÇINAR" not in signed_in(cast.fen_clerk).get(page_of(case)).content.decode()
    names = ("subject", "body", "kind", "channel", "regime", "matter", "priority", "place")
    typed = {name: getattr(case, name) for name in names} | {"version": refetch(case).version}
    typed |= {
        "on_behalf_of": "Nuriye KAYA",
        "on_behalf_of_key": str(aunt.key),
        "on_behalf_of_of": "Nuriye KAYA",
    }
    act = reverse("admin:complaints_complaint_act", args=[case.key, "correct"])
    assert office.post(act, typed).status_code == 302
    assert refetch(case).on_behalf_of_id == aunt.pk


def test_nobody_chooses_one_whom_they_do_not_see(cast: Cast) -> None:
    stranger = make_citizen("Emine", "Çınar")
    said = {
        "on_behalf_of": "Emine ÇINAR",
        "on_behalf_of_key": str(stranger.key),
        "on_behalf_of_of": "Emine ÇINAR",
    }
    answer = call(signed_in(cast.fen_clerk), **said)
    assert answer.status_code == 200
    assert "Görebildiğiniz kayıtlar arasında bu ad veya numara yok" in answer.content.decode()
    assert cases() == []
