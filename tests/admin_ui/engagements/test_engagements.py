"""The pages of meetings and visits: the file, its steps, and the decision that becomes an instruction in one press."""

from __future__ import annotations

import datetime as dt
import re
import uuid

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backend.core.session import system
from backend.engagements.models import Decision, Engagement
from backend.engagements.moves import Verb
from backend.instructions.models import Instruction
from tests.cast import Cast, signed_in
from tests.days import day
from tests.factories import PDF, make_citizen, make_engagement, make_organisation, make_role, refetch

LIST = "/admin/engagements/engagement/"


def page_of(row: Engagement) -> str:
    return reverse("admin:engagements_engagement_change", args=[row.key])


def do(client: Client, row: Engagement, verb: Verb, **data: object):
    url = reverse("admin:engagements_engagement_act", args=[row.key, verb.value.lower()])
    return client.post(url, {"version": refetch(row).version, **data})


def test_every_verb_has_its_form() -> None:
    page = admin.site._registry[Engagement]
    assert {step.verb for step in page.steps} == set(Verb)  # type: ignore[attr-defined]


def test_a_file_is_opened_once_with_its_partner_by_name(cast: Cast) -> None:
    make_organisation("Çekmeköy Belediye Başkanlığı", "MUNICIPALITY", short_name="Çekmeköy")
    client = signed_in(cast.secretary)
    given = {
        "once": str(uuid.uuid4()),
        "kind": "VISIT_OUT",
        "title": "Dere ıslahı",
        "principal": str(cast.mayors.key),
        "organisation": "Çekmeköy",
        "starts_at": f"{day(1)}T14:00",
        "ends_at": f"{day(1)}T15:00",
        "agenda": "Proje\nTakvim",
    }
    for _press in range(2):
        assert client.post(f"{LIST}new/", given).status_code == 302
    with system():
        row = Engagement.objects.select_related("organisation").get()
    assert row.organisation is not None
    assert row.organisation.short_name == "Çekmeköy"
    wrong = given | {"once": str(uuid.uuid4()), "organisation": "Bilinmeyen"}
    assert "bu ad veya numara yok" in client.post(f"{LIST}new/", wrong).content.decode()
    page = client.get(page_of(row)).content.decode()
    assert "Takvim" in page
    assert "Çekmeköy Belediye Başkanlığı" in page
    assert signed_in(cast.fen_clerk).get(page_of(row)).status_code == 404


def test_a_decision_becomes_an_instruction_and_its_page_names_the_meeting(cast: Cast) -> None:
    row = make_engagement(cast.mayors, starts_at=timezone.now() - dt.timedelta(days=1))
    client = signed_in(cast.secretary)
    assert do(client, row, Verb.DECIDE, text="Fidan dikilecek.").status_code == 302
    with system():
        decision = Decision.objects.get()
    page = client.get(page_of(row)).content.decode()
    (link,) = re.findall(r'href="([^"]*do=instruct&amp;decision[^"]*)#do"', page)
    form = client.get(link.replace("&amp;", "&")).content.decode()
    assert "Fidan dikilecek." in form
    said = {"decision": str(decision.key), "department": "park-ve-bahceler", "priority": "NORMAL"}
    assert do(client, row, Verb.INSTRUCT, **said).status_code == 302
    with system():
        made = Instruction.objects.get()
    assert made.reference in client.get(page_of(row)).content.decode()
    told = client.get(reverse("admin:instructions_instruction_change", args=[made.key])).content.decode()
    assert refetch(row).reference in told
    department = signed_in(cast.park_clerk).get(
        reverse("admin:instructions_instruction_change", args=[made.key])
    )
    assert refetch(row).reference not in department.content.decode()


def test_participants_files_and_minutes_stand_in_the_file(cast: Cast) -> None:
    where = make_organisation("Sağlık", "INSTITUTION")
    role = make_role(where, make_citizen("Berrin", "Aydoğan"), title="Müdür")
    row = make_engagement(cast.mayors, starts_at=timezone.now() - dt.timedelta(days=1), organisation=where)
    client = signed_in(cast.secretary)
    assert do(client, row, Verb.INVITE, role=str(role.key)).status_code == 302
    assert do(client, row, Verb.RECORD_MINUTES, minutes="Görüşüldü.").status_code == 302
    file = SimpleUploadedFile("tutanak.pdf", PDF, "application/pdf")
    assert do(client, row, Verb.ATTACH, file=file).status_code == 302
    assert do(client, row, Verb.SET_LOGISTICS, vehicle="Makam aracı", gift_given="Kitap").status_code == 302
    page = client.get(page_of(row)).content.decode()
    for text in ("Berrin AYDOĞAN", "Görüşüldü.", "tutanak.pdf", "Makam aracı", "Kitap"):
        assert text in page
    person = client.get(reverse("admin:contacts_citizen_change", args=[role.person.key])).content.decode()
    assert "Ortak proje görüşmesi" in person, "it is in their timeline"


def test_who_does_not_see_the_partner_is_refused_like_anybody(cast: Cast) -> None:
    row = make_engagement(cast.mayors, department=cast.park, organisation=make_organisation("Sağlık"))
    said = {"title": "Başka", "starts_at": f"{day(1)}T14:00", "ends_at": f"{day(1)}T15:00"}
    assert do(signed_in(cast.park_clerk), row, Verb.CORRECT, **said).status_code == 403


def test_the_list_has_its_tabs(cast: Cast) -> None:
    make_engagement(cast.mayors, "Yaklaşan")
    make_engagement(cast.mayors, "Geçmiş", timezone.now() - dt.timedelta(days=2))
    client = signed_in(cast.secretary)
    coming, minute = (client.get(f"{LIST}?tab={tab}").content.decode() for tab in ("coming", "minute"))
    assert "Yaklaşan" in coming
    assert "Geçmiş" not in coming
    assert "Geçmiş" in minute
    assert "Yaklaşan" not in minute
