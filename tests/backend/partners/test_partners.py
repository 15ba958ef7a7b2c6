"""Organisations and the people there: recording, roles with dates, one outside body once, merging with undo."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AuditLog
from backend.partners import actions, lists
from backend.partners.choices import Kind, Status
from backend.partners.models import ContactList, Organisation, OrganisationLine, Role
from backend.partners.story import EventType
from tests.cast import Cast
from tests.factories import make_body, make_citizen, make_organisation, make_role, refetch


def refused(act: Any) -> tuple[ErrorCode, str | None]:
    with pytest.raises(DomainError) as caught, system():
        act()
    return caught.value.code, caught.value.field


def test_an_organisation_is_kept_as_it_was_meant(cast: Cast) -> None:
    row = make_organisation(
        "  Yeşil   Vadi Derneği ",
        departments=(cast.park, cast.park),
        short_name="Yeşil Vadi",
        website="yesilvadi.example.org",
        phone="0216 311 11 11",
        tags=["Çevre", "ÇEVRE", " İklim "],
    )
    assert (row.name, row.website) == ("Yeşil Vadi Derneği", "https://yesilvadi.example.org")
    assert (row.phone.as_e164, row.tags) == ("+902163111111", ["çevre", "iklim"])
    assert (row.departments, row.is_membership) == ([cast.park.pk], True)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"kind": "CLUB"}, "kind"),
        ({"phone": "153"}, "phone"),
        ({"email": "a@"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"language": "XX"}, "language"),
        ({"tags": [str(n) for n in range(13)]}, "tags"),
        ({"sister_since": dt.date(2014, 6, 12)}, "sister_since"),
    ],
)
def test_what_cannot_be_right_is_named(cast: Cast, facts: dict[str, Any], field: str) -> None:
    given = {"by": None, "kind": "SCHOOL", "name": "Okul"} | facts
    assert refused(lambda: actions.record(**given))[1] == field
    with system():
        assert not Organisation.objects.exists()


def test_turkish_search_finds_by_the_beginnings_of_words(cast: Cast) -> None:
    row = make_organisation("Işıklar İlkokulu", "SCHOOL", city="Sancaktepe", tags=["okul"])
    with system():
        for text in ("ışık", "ISIK", "ilkokulu isik", "sancak", "okul"):
            assert list(Organisation.objects.search(text)) == [row], text
        assert not Organisation.objects.search("lar").exists()


def test_a_correction_keeps_what_was_there(cast: Cast) -> None:
    row = make_organisation(city="Kartal")
    with system():
        actions.correct(refetch(row), by=cast.secretary, city="Sancaktepe", tags=["çevre"])
        line = OrganisationLine.objects.get(organisation=row, verb=EventType.CORRECTED)
    assert line.details == {"before": {"city": "Kartal", "tags": ""}}
    assert refused(lambda: actions.correct(refetch(row), by=None, city="Sancaktepe"))[0] == ErrorCode.INVALID


def test_two_organisations_are_not_one_outside_body(cast: Cast) -> None:
    body = make_body()
    make_organisation("İSKİ", "INSTITUTION", body=body)
    again = {"by": None, "kind": "INSTITUTION", "name": "İstanbul Su", "body": body}
    assert refused(lambda: actions.record(**again)) == (ErrorCode.CONFLICT, "body")


def test_a_role_lasts_from_one_day_to_another(cast: Cast) -> None:
    row, person = make_organisation(), make_citizen()
    former = make_role(row, person, valid_from=dt.date(2017, 4, 1), valid_to=dt.date(2020, 3, 31))
    role = make_role(row, person, valid_from=dt.date(2023, 4, 1), title="")
    assert (role.title, role.is_current, former.is_current) == ("Başkan veya yönetici", True, False)
    twice = {"by": None, "person": person, "kind": "HEAD"}
    assert refused(lambda: actions.add_role(refetch(row), **twice)) == (ErrorCode.DUPLICATE, "person")
    with system():
        assert list(Role.objects.current()) == [role]
        assert list(Role.objects.current(dt.date(2019, 1, 1))) == [former]
        actions.end_role(refetch(row), by=None, role=role, on=today() - dt.timedelta(days=1))
        assert not Role.objects.current().exists()
    assert refused(lambda: actions.end_role(refetch(row), by=None, role=role))[0] == ErrorCode.WRONG_STATE


def test_a_role_of_another_organisation_is_not_there(cast: Cast) -> None:
    row, other = make_organisation(), make_organisation("Başka Derneği")
    role = make_role(other)
    for act in (
        lambda: actions.end_role(refetch(row), by=None, role=role),
        lambda: actions.correct_role(refetch(row), by=None, role=role, title="x"),
    ):
        assert refused(act) == (ErrorCode.NOT_FOUND, "role")


def test_what_happens_to_roles_is_told_by_the_journal_without_a_name(cast: Cast) -> None:
    row = make_organisation("Yol Sendikası", "UNION")
    before = refetch(row).version
    role = make_role(row, make_citizen("Gizem", "Uzun"))
    with system():
        actions.correct_role(refetch(row), by=None, role=role, title="Şube Başkanı")
        said = [f"{one.verb} {one.subject_label} {one.note}" for one in AuditLog.objects.all()]
        lines = OrganisationLine.objects.filter(organisation=row).count()
    assert any(text.startswith("role_corrected") for text in said)
    assert not any("Gizem" in text for text in said)
    assert (refetch(row).version, lines) == (before, 1), "whoever sees the organisation is told nothing"


def test_a_kind_decides_whether_roles_are_memberships(cast: Cast) -> None:
    row = make_organisation("Spor Kulübü", "COMPANY")
    with system():
        assert not row.is_membership
        assert actions.reclassify(refetch(row), by=None, kind="SPORTS_CLUB").is_membership
    sister = make_organisation("Lindenau", Kind.MUNICIPALITY, sister_since=dt.date(2009, 10, 8))
    assert refused(lambda: actions.reclassify(refetch(sister), by=None, kind="COMPANY"))[1] == "kind"


def test_a_merge_is_undone_in_one_step(cast: Cast) -> None:
    one = make_organisation("Yeşil Vadi Dernegi", departments=(cast.park, cast.fen))
    other = make_organisation("Yeşil Vadi Derneği", departments=(cast.park,))
    make_role(one)
    with system():
        actions.merge(refetch(one), by=cast.secretary, into=other, reason="Aynı dernek")
        assert (refetch(one).status, refetch(one).merged_into_id) == (Status.MERGED, other.pk)
        assert set(refetch(other).departments) == {cast.park.pk, cast.fen.pk}
        assert actions.family(refetch(one)) == actions.family(other) == {one.pk, other.pk}
    assert refused(lambda: actions.merge(refetch(one), by=None, into=other))[0] == ErrorCode.WRONG_STATE
    assert (
        refused(lambda: actions.merge(refetch(other), by=None, into=refetch(one)))[0] == ErrorCode.WRONG_STATE
    )
    with system():
        actions.undo_merge(refetch(one), by=cast.secretary)
        assert (refetch(one).status, refetch(one).merged_into_id) == (Status.ACTIVE, None)
        assert (refetch(other).departments, len(actions.family(other))) == ([cast.park.pk], 1)


def test_what_may_be_the_same_is_found_by_its_names(cast: Cast) -> None:
    row = make_organisation("Sarıgazi Esnaf Odası", "CHAMBER", short_name="SESOB")
    with system():
        for name, short in (
            ("SARIGAZİ ESNAF ODASI", ""),
            ("Sarıgazi Esnaf", ""),
            ("sesob", ""),
            ("Yeni Oda", "SESOB"),
        ):
            assert list(actions.alike(name, short)) == [row], name
        assert not actions.alike("Sarıgazi Spor Kulübü").exists()


def test_a_person_has_a_title_and_languages(cast: Cast) -> None:
    with system():
        facts = {"first_name": "Ayşe", "last_name": "Yılmaz", "title": "Prof. Dr."}
        person = contacts.record(by=None, languages=["DE", "TR", "DE"], **facts)
    assert (person.titled_name, person.languages) == ("Prof. Dr. Ayşe YILMAZ", ["DE", "TR"])


def on(row: ContactList) -> list[str]:
    with system():
        found = lists.on_list(
            row,
            organisations=Organisation.objects.all(),
            roles=Role.objects.all(),
            people=Citizen.objects.all(),
        )
    return [one.name for one in found]


def test_a_list_reads_its_rule_anew_each_time(cast: Cast) -> None:
    club, school = make_organisation("Ata Derneği", tags=["çevre"]), make_organisation("Okul", "SCHOOL")
    make_role(club, make_citizen("Suna", "Ak"))
    make_role(club, make_citizen("Nedim", "Er"), "SECRETARY")
    with system():
        heads = lists.make(by=None, title="Başkanlar", kinds=["ASSOCIATION", "SCHOOL"], role_kinds=["HEAD"])
        green = lists.make(by=None, title="Çevre", tags=["Çevre"])
        empty = lists.make(by=None, title="Elle")
    assert (on(heads), on(green), on(empty)) == (["Suna AK"], ["Ata Derneği"], [])
    role = make_role(school, make_citizen("Ali", "Kut"), title="Okul Müdürü")
    assert on(heads) == ["Suna AK", "Ali KUT"]
    with system():
        actions.end_role(refetch(school), by=None, role=role, on=today() - dt.timedelta(days=1))
    assert on(heads) == ["Suna AK"]


def test_members_are_put_left_out_and_taken_off(cast: Cast) -> None:
    club = make_organisation("Ata Derneği")
    role, person = make_role(club, make_citizen("Suna", "Ak")), make_citizen("Cem", "Su")
    with system():
        row = lists.make(by=None, title="Başkanlar", kinds=["ASSOCIATION"], role_kinds=["HEAD"])
        lists.add(row, by=None, person=person)
        lists.add(row, by=None, role=role)
    assert on(row) == ["Cem SU", "Suna AK"], "each once"
    with system():
        left_out = lists.leave_out(refetch(row), by=None, role=role)
    assert on(row) == ["Cem SU"]
    assert refused(lambda: lists.leave_out(refetch(row), by=None, role=role)) == (ErrorCode.DUPLICATE, "role")
    assert refused(lambda: lists.add(refetch(row), by=None))[0] == ErrorCode.REQUIRED
    with system():
        lists.remove(refetch(row), by=None, member=left_out)
        lists.archive(refetch(row), by=None)
    assert on(row) == ["Cem SU", "Suna AK"]
    assert refused(lambda: lists.add(refetch(row), by=None, organisation=club))[0] == ErrorCode.WRONG_STATE


def test_a_list_that_is_too_long_is_refused_and_never_read_in_part(cast: Cast) -> None:
    """Whoever was cut off would count as no longer on it."""
    for number in range(3):
        make_role(make_organisation(f"Okul {number}", "SCHOOL"), make_citizen("Ali", f"Kut {number}"))
    with system():
        row = lists.make(by=None, title="Okullar", kinds=["SCHOOL"])
        every: Any = {"organisations": Organisation.objects.all(), "roles": Role.objects.all()}
        every["people"] = Citizen.objects.all()
        assert len(lists.people_on(row, **every, at_most=3)) == 3
        with pytest.raises(DomainError) as refusal:
            lists.people_on(row, **every, at_most=2)
    assert refusal.value.code == ErrorCode.TOO_LARGE
    assert "Okullar" in str(refusal.value)
