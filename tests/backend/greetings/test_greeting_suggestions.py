"""What is suggested for the coming days, by what source or right, and what becomes of a press."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from freezegun import freeze_time

from backend.contacts import actions as contacts
from backend.core.calendar import WorkingCalendar
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import system
from backend.greetings import actions, days, suggestions
from backend.greetings.choices import OccasionKind
from backend.greetings.models import Batch, KeptDay
from backend.letters.choices import Kind
from backend.letters.models import Letter
from permissions.greetings import access
from tests.cast import Cast, as_viewer
from tests.days import FROZEN
from tests.factories import make_body, make_citizen, make_organisation, make_role

pytestmark = pytest.mark.django_db


def day(year: int, month: int, number: int) -> dt.date:
    return dt.date(year, month, number)


def codes(first: dt.date, count: int = 7) -> list[str]:
    with system():
        return [one.code for one in suggestions.coming(first, count)]


def test_a_holiday_of_several_days_is_suggested_once_on_its_first() -> None:
    bayram = [one for one in days.of_year(2027, WorkingCalendar()) if "Ramazan" in one.name]
    assert [(one.code, one.name, one.on) for one in bayram] == [
        ("day:ramazan-bayrami:2027", "Ramazan Bayramı 2027", day(2027, 3, 9))
    ]
    may = {one.name: one.on for one in days.between(day(2027, 5, 9), day(2027, 5, 19))}
    assert may["Anneler Günü 2027"] == day(2027, 5, 9)
    assert may["Kurban Bayramı 2027"] == day(2027, 5, 16)
    assert may["Atatürk’ü Anma, Gençlik ve Spor Bayramı 2027"] == day(2027, 5, 19)


def test_a_day_of_remembrance_is_no_congratulation_and_every_day_has_its_source() -> None:
    found = {one.name: one for one in days.of_year(2027, WorkingCalendar())}
    assert found["Demokrasi ve Millî Birlik Günü 2027"].letter_kind == Kind.OFFICE
    assert all(one.source for one in found.values())
    assert len({one.code for one in found.values()}) == len(found)


def test_two_bayrams_in_one_year_have_two_codes() -> None:
    names = [one.code for year in range(2026, 2046) for one in days.of_year(year, WorkingCalendar())]
    assert len(names) == len(set(names))


def test_days_of_persons_are_kept_only_with_a_basis_and_a_birthday_without_its_year() -> None:
    person = make_citizen()
    with system():
        with pytest.raises(DomainError) as refused:
            actions.keep_day(
                person, by=None, kind="BIRTHDAY", month=3, day=9, basis="CONSENT", basis_note=" "
            )
        assert refused.value.field == "basis_note"
        basis = {"basis": "CONSENT", "basis_note": "Form, 05.01.2027"}
        actions.keep_day(person, by=None, kind="BIRTHDAY", month=2, day=29, since=1970, **basis)
        actions.keep_day(
            person, by=None, kind="ANNIVERSARY", of_what="Göreve başlama", month=3, day=1, since=2019, **basis
        )
        assert KeptDay.objects.get(kind="BIRTHDAY").since is None
        found = {one.kind: one for one in suggestions.coming(day(2027, 2, 24))}
    assert found[OccasionKind.BIRTHDAY].on == day(2027, 2, 28), "there is no 29 February in 2027"
    assert "Göreve başlama, 8. yıl" in found[OccasionKind.ANNIVERSARY].name
    assert "Form, 05.01.2027" in found[OccasionKind.BIRTHDAY].why


def test_who_died_or_wants_no_greetings_is_not_suggested() -> None:
    dead, objects = make_citizen("Nur"), make_citizen("Can")
    birthday = {"kind": "BIRTHDAY", "month": 3, "day": 2, "basis": "CONSENT", "basis_note": "Form"}
    with system():
        for person in (dead, objects):
            actions.keep_day(person, by=None, **birthday)
        actions.prefer(objects, by=None, wish="OBJECTION", proof="Telefon")
        assert [code for code in codes(day(2027, 3, 1)) if code.startswith("kept")]
        contacts.correct(dead, by=None, deceased_on=today())
        with pytest.raises(DomainError) as refused:
            actions.keep_day(dead, by=None, **birthday)
        assert refused.value.field == "citizen"
    assert not [code for code in codes(day(2027, 3, 1)) if code.startswith("kept")]


def test_a_bereavement_is_suggested_until_a_condolence_is_begun(cast: Cast) -> None:
    person = make_citizen()
    with system():
        contacts.record_bereavement(
            person, by=None, on=today() - dt.timedelta(days=1), who="annesi", without_record=True
        )
    with as_viewer(cast.secretary):
        (one,) = [one for one in access.coming() if one.kind == OccasionKind.BEREAVEMENT]
        occasion, batch, letter = access.begin(one.code)
        assert batch is None
        assert letter is not None
        again = access.begin(one.code)
        assert (again[0], again[2]) == (occasion, letter), "pressed again it is the same draft"
        (shown,) = [one for one in access.coming() if one.kind == OccasionKind.BEREAVEMENT]
        assert shown.occasion == occasion
    with system():
        row = Letter.objects.get()
        assert (row.kind, row.to_names, row.signatory) == (Kind.CONDOLENCE, "Ayşe Işık", cast.mayor)


@freeze_time("2027-03-05 08:00:00")
def test_a_press_on_a_holiday_prepares_its_batch_once_with_the_standing_text(cast: Cast) -> None:
    from backend.letters.actions.templates import save_template

    with system():
        save_template(
            by=None, name="Bayram tebriki", kind="CONGRATULATION", body="Bayramınızı tebrik ederim."
        )
        save_template(by=None, name="Kadınlar Günü", kind="CONGRATULATION", body="Gününüzü kutlarım.")
    with as_viewer(cast.secretary):
        bayram = next(one for one in access.coming() if one.kind == OccasionKind.RELIGIOUS_DAY)
        women = next(one for one in access.coming() if "Kadınlar" in one.name)
        _occasion, batch, _letter = access.begin(bayram.code)
        assert batch is not None
        assert access.begin(bayram.code)[1] == batch
        other = access.begin(women.code)[1]
    with system():
        assert Batch.objects.get(pk=batch.pk).body == "Bayramınızı tebrik ederim."
        assert Batch.objects.get(pk=other.pk).body == "Gününüzü kutlarım."  # type: ignore[union-attr]


@freeze_time(FROZEN)  # in some winters 57 days have no day to congratulate on
def test_suggestions_are_the_offices(cast: Cast) -> None:
    for user in (cast.fen_clerk, cast.deputy_mayor, cast.outsider, cast.administrator):
        with as_viewer(user):
            assert access.coming(31) == []
            with pytest.raises(DomainError):
                access.begin("day:yilbasi:2027")
    with as_viewer(cast.mayor):
        assert access.coming(31)
        code: Any = access.coming(31)[0].code
        with pytest.raises(DomainError):
            access.begin(code)


def test_the_day_of_the_disabled_proposes_institutions_and_no_list_of_persons(cast: Cast) -> None:
    """KVKK m.6: who is disabled is health data; the associations and institutions are addressed."""
    with system():
        (one,) = [one for one in suggestions.coming(day(2027, 12, 1)) if "engelliler" in one.code]
    assert one.audience == "Engelli dernekleri, vakıfları ve kurumları"
    assert "6698 m. 6" in one.caution
    assert not any(other.caution for other in suggestions.coming(day(2027, 11, 20)))
    person = make_citizen()
    head = make_role(make_organisation(), make_citizen("Suna", "Ak"), kind="HEAD")
    member = make_role(make_organisation("Üyeler Derneği"), make_citizen("Can", "Ak"), kind="MEMBER")
    with system():
        _occasion, batch, _letter = actions.begin(one, department=cast.office, by=cast.secretary)
        assert batch is not None
        for named, source in (
            (actions.Named(person), "CITIZENS"),
            (actions.Named(person, organisation="Dernek"), "FILE"),
            (actions.Named(member.person, role=member), "PARTNERS"),
        ):
            with pytest.raises(DomainError) as refused:
                actions.add(batch, by=None, recipients=[named], source=source)
            assert refused.value.field == "recipients"
        allowed = [actions.Named(head.person, role=head), actions.Named(body=make_body())]
        assert actions.add(batch, by=None, recipients=allowed, source="PARTNERS").added == 2
