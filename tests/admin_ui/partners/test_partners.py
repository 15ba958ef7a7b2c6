"""The pages of partners: recording with a question about twins, people by name, roles, merging, who sees what."""

from __future__ import annotations

import re
import uuid

from django.test import Client
from django.urls import reverse

from backend.contacts.models import Citizen
from backend.core.session import system
from backend.journal.models import AccessLog, AuditLog
from backend.partners import lists as contact_lists
from backend.partners.models import Organisation, Role
from backend.partners.moves import Verb
from permissions.core.viewer import MEMBERSHIPS
from permissions.models import DepartmentGrant
from schema.core.nodes import encode
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_organisation, make_role, refetch
from tests.schema.client import Asking

LIST = "/admin/partners/organisation/"
NEW = f"{LIST}new/"


def page_of(row: Organisation) -> str:
    return reverse("admin:partners_organisation_change", args=[row.key])


def do(client: Client, row: Organisation, verb: Verb, **data: object):
    url = reverse("admin:partners_organisation_act", args=[row.key, verb.value.lower()])
    return client.post(url, {"version": refetch(row).version, **data})


def test_every_verb_has_its_form() -> None:
    from django.contrib import admin

    page = admin.site._registry[Organisation]
    assert {step.verb for step in page.steps} == set(Verb)  # type: ignore[attr-defined]


def test_an_organisation_is_recorded_once_and_a_twin_asks_first(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    given = {
        "once": str(uuid.uuid4()),
        "kind": "ASSOCIATION",
        "name": "Rumeli Kültür Derneği",
        "language": "TR",
        "liaisons": ["park-ve-bahceler"],
    }
    assert client.post(NEW, given).status_code == 302
    assert client.post(NEW, given | {"accept_alike": "on"}).status_code == 302
    with system():
        assert Organisation.objects.count() == 1
    again = given | {"once": str(uuid.uuid4()), "name": "RUMELİ KÜLTÜR DERNEĞİ"}
    asked = client.post(NEW, again).content.decode()
    assert "Benzer bir kayıt" in asked
    assert "accept_alike" in asked
    assert client.post(NEW, again | {"accept_alike": "on"}).status_code == 302
    with system():
        assert Organisation.objects.count() == 2


def test_a_person_gets_their_role_and_a_namesake_is_asked_for(cast: Cast) -> None:
    row = make_organisation()
    client = signed_in(cast.office_head)
    known, other = make_citizen("Suna", "Ak"), make_citizen("SUNA", "AK")
    given = {"person": "SUNA Ak", "person_of": "SUNA Ak", "kind": "HEAD", "title": "Dernek Başkanı"}
    asked = do(client, row, Verb.ADD_ROLE, **given).content.decode()
    assert "Hangisi?" in asked
    assert str(known.key) in asked
    assert do(client, row, Verb.ADD_ROLE, **given, person_key=str(known.key)).status_code == 302
    assert do(client, row, Verb.ADD_ROLE, **given, person_key=str(other.key)).status_code == 302
    with system():
        assert Citizen.objects.count() == 2
        assert Role.objects.filter(organisation=row).count() == 2
    page = client.get(page_of(row)).content.decode()
    assert "Suna AK" in page
    assert "SUNA AK" in page
    assert "Dernek Başkanı" in page


def test_who_is_not_on_record_gets_no_role_in_silence(cast: Cast) -> None:
    row = make_organisation("Okul", "SCHOOL")
    answer = do(signed_in(cast.secretary), row, Verb.ADD_ROLE, person="Ali", kind="HEAD")
    assert answer.status_code == 200
    assert "bu ad veya numara yok" in answer.content.decode()
    with system():
        assert not Citizen.objects.exists()
        assert not Role.objects.exists()


def test_a_role_is_corrected_and_ended_from_its_link(cast: Cast) -> None:
    row = make_organisation()
    role = make_role(row, make_citizen("Suna", "Ak"), title="Başkan")
    client = signed_in(cast.office_head)
    form = client.get(f"{page_of(row)}?do=correct_role&role={role.key}").content.decode()
    assert re.search(r'name="title" value="Başkan"', form)
    said = {"role": str(role.key), "kind": "HEAD", "title": "Dernek Başkanı"}
    assert do(client, row, Verb.CORRECT_ROLE, **said).status_code == 302
    assert do(client, row, Verb.END_ROLE, role=str(role.key)).status_code == 302
    assert refetch(role).title == "Dernek Başkanı"
    assert refetch(role).valid_to is not None


def test_each_sees_on_the_page_what_they_may(cast: Cast) -> None:
    union = make_organisation("Yol Sendikası", "UNION", departments=(cast.park,))
    role = make_role(union, make_citizen("Halit", "Ünlü"))
    pages = {
        member: signed_in(cast.people()[member]).get(page_of(union))
        for member in ("office_head", "secretary", "park_head", "park_clerk", "fen_clerk")
    }
    assert pages["fen_clerk"].status_code == 404
    shown = {name: "Halit" in answer.content.decode() for name, answer in pages.items()}
    assert shown == {
        "office_head": True,
        "secretary": False,
        "park_head": True,
        "park_clerk": False,
        "fen_clerk": False,
    }
    with system():
        readers = set(
            AccessLog.objects.filter(subject_kind="partners.role", subject_ids=[role.pk]).values_list(
                "reader", flat=True
            )
        )
    assert readers == {cast.office_head.pk, cast.park_head.pk}
    citizen = signed_in(cast.secretary).get(f"/admin/contacts/citizen/{role.person.key}/change/")
    assert "Yol Sendikası" not in citizen.content.decode()
    known = signed_in(cast.office_head).get(f"/admin/contacts/citizen/{role.person.key}/change/")
    assert "Yol Sendikası" in known.content.decode()


def test_two_records_are_merged_by_name_and_the_merge_is_undone(cast: Cast) -> None:
    one = make_organisation("Yesil Vadi Dernegi")
    other = make_organisation("Yeşil Vadi Kültür Derneği", short_name="Vadi Kültür")
    client = signed_in(cast.secretary)
    assert "bu ad veya numara yok" in do(client, one, Verb.MERGE, into="Bilinmeyen").content.decode()
    assert do(client, one, Verb.MERGE, into="Vadi Kültür").status_code == 302
    assert refetch(one).merged_into_id == other.pk
    assert "birleştirildi" in client.get(page_of(one)).content.decode()
    assert do(client, one, Verb.UNDO_MERGE).status_code == 302
    assert refetch(one).merged_into_id is None


def test_the_list_finds_and_filters(cast: Cast) -> None:
    make_organisation("Işık Okulu", "SCHOOL", city="Sancaktepe")
    make_organisation("Yol Sendikası", "UNION")
    client = signed_in(cast.secretary)
    found = client.get(f"{LIST}?q=isik").content.decode()
    assert "Işık Okulu" in found
    assert "Yol Sendikası" not in found
    civil = client.get(f"{LIST}?tab=civil").content.decode()
    assert "Yol Sendikası" in civil
    assert "Işık Okulu" not in civil
    assert client.get(f"{LIST}?kind=SCHOOL").content.decode().count("Işık Okulu") >= 1
    assert signed_in(cast.outsider).get(LIST).status_code == 404


def test_who_sees_memberships_is_granted_on_a_page_that_says_while_nobody_does(cast: Cast) -> None:
    """After an update nobody has the permission: the page of permissions says so, and gives it; so does GraphQL."""
    grants_page = "/admin/permissions/departmentgrant/"
    row = make_organisation("Yol Sendikası", "UNION")
    make_role(row, make_citizen("Nuray", "Tekin"))
    with system():
        DepartmentGrant.dated.filter(permission__codename=MEMBERSHIPS).delete()
    head, reader = signed_in(cast.office_head), signed_in(cast.secretary)
    words = "Dernek, sendika ve parti üyeliklerini görür” yetkisi kimsede yok"
    assert words in head.get(grants_page).content.decode()
    assert "TEKİN" not in reader.get(page_of(row)).content.decode()
    given = {"user": cast.secretary.username, "department": cast.office.code, "permission": MEMBERSHIPS}
    assert head.post(f"{grants_page}give/", given).status_code == 302
    assert words not in head.get(grants_page).content.decode()
    assert "TEKİN" in reader.get(page_of(row)).content.decode()
    ids = {
        "user": encode("StaffMember", cast.secretary.key),
        "department": encode("Department", cast.office.key),
    }
    managing = Asking(cast.office_head)
    assert managing.does("grantTake", **ids, permission="MEMBERSHIPS")["errors"] == []
    assert "TEKİN" not in reader.get(page_of(row)).content.decode()
    assert managing.does("grantGive", **ids, permission="MEMBERSHIPS")["errors"] == []
    assert "TEKİN" in reader.get(page_of(row)).content.decode()
    refused = Asking(cast.secretary).does("grantGive", **ids, permission="MEMBERSHIPS")
    assert [error["code"] for error in refused["errors"]] == ["FORBIDDEN"]


def test_who_is_on_a_list_is_taken_along_by_a_form_and_journal_and_read_log_say_so(cast: Cast) -> None:
    with system():
        person = make_citizen("Gül", "Tekin")
        row = contact_lists.make(by=None, title="Elle")
        contact_lists.add(row, by=None, person=person)
    client, address = signed_in(cast.secretary), "/admin/export/contact_list/"
    assert client.get(address).status_code == 405
    answer = client.post(address, {"format": "CSV", "of": str(row.key)})
    assert "Gül" in answer.content.decode("utf-8-sig")
    with system():
        line = AuditLog.objects.get(verb="list_exported")
        assert (line.actor_id, line.note) == (cast.secretary.pk, "1 satır")
        assert "Tekin" not in line.subject_label
        assert AccessLog.objects.filter(
            purpose="list of partners (exported)", subject_ids=[person.pk]
        ).exists()
    assert (
        f'action="{address}"' in client.get(f"/admin/partners/contactlist/{row.key}/change/").content.decode()
    )


def test_a_list_takes_its_entries_by_the_one_picker(cast: Cast) -> None:
    """By a number as well as by a name; a person in the role that they have, and which of several is asked."""
    school, club = make_organisation("İnönü İlkokulu", "SCHOOL"), make_organisation("Işık Spor Kulübü")
    head = make_citizen("Işıl", "Öztürk", phone="+905551234567")
    alone = make_citizen("Ömer", "Çağ")
    first = make_role(school, head, title="Müdür")
    with system():
        row = contact_lists.make(by=None, title="Okullar")
    client, page = signed_in(cast.office_head), f"/admin/partners/contactlist/{row.key}/"

    def add(**sent: str) -> str:
        answer = client.post(f"{page}add/", {"version": refetch(row).version, **sent}, follow=True)
        return answer.content.decode()

    assert "data-picker" in client.get(f"{page}change/?do=add").content.decode()
    add(name="0555 123 45 67")
    add(name="ömer", name_of="ömer", name_key=str(alone.key))
    add(name="IŞIK SPOR KULÜBÜ")
    with system():
        members = list(row.members.order_by("pk"))
        assert [(one.role, one.person, one.organisation) for one in members] == [
            (first, None, None),
            (None, alone, None),
            (None, None, club),
        ]
    second = make_role(club, head, title="Başkan")
    asked = add(name="0555 123 45 67")
    assert "Hangi görevde?" in asked
    assert "Başkan · Işık Spor Kulübü" in asked
    assert "Hangi görevde?" in add(name="0555 123 45 67", role=str(uuid.uuid4()))
    add(name="0555 123 45 67", role=str(second.key))
    with system():
        assert row.members.filter(role=second).exists()
    assert "bu ad veya numara yok" in add(name="Yok Böyle 👍")
