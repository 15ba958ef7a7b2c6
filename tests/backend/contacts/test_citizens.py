"""Citizens: names, phones of any spelling, the sealed T.C. kimlik no, merging and its undoing."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from backend.contacts import actions, sealing
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.words.phones import normal_phone
from backend.journal.models import AccessLog, AuditLog
from tests.backend.stories import code, refusal
from tests.cast import Cast
from tests.factories import make_citizen, make_neighbourhood, refetch

NUMBER = "10000000146"


def record(**fields: Any) -> Citizen:
    with system():
        return actions.record(**({"first_name": "Ayşe", "last_name": "Işık", "by": None} | fields))


@pytest.mark.parametrize(
    "spelling",
    [
        "0216 311 11 11",
        "(0216) 311-11-11",
        "+90 216 311 11 11",
        "0090 216 3111111",
        "216 311 11 11",
        "902163111111",
    ],
)
def test_a_person_is_found_by_any_spelling_of_their_number(spelling: str, cast: Cast) -> None:
    citizen = record(phone="0216 3111111")
    assert str(citizen.phone.as_e164) == "+902163111111"
    with system():
        assert list(actions.find_by_phone(spelling)) == [citizen]


@pytest.mark.parametrize("text", ["153", "1 8 5", "112", "444"])
def test_a_short_code_is_no_telephone_number_and_the_refusal_says_so(text: str, cast: Cast) -> None:
    found = refusal(lambda: list(actions.find_by_phone(text)))
    assert (found.code, found.field) == (ErrorCode.INVALID, "phone")
    assert "".join(text.split()) in str(found)


@pytest.mark.parametrize("text", ["0216 311 11", "telefon yok", "0216 311 11 11 22", "++90"])
def test_what_is_no_number_is_refused(text: str, cast: Cast) -> None:
    assert code(lambda: actions.record(first_name="Ayşe", phone=text, by=None)) is ErrorCode.INVALID


def test_numbers_of_444_and_0850_are_numbers(cast: Cast) -> None:
    assert normal_phone("444 0 153") == "+904440153"
    assert normal_phone("0850 222 0 153") == "+908502220153"
    with system():
        assert list(actions.find_by_phone("")) == []


def test_only_a_name_is_required(cast: Cast) -> None:
    citizen = record(last_name="", national_id="")
    assert (citizen.full_name, citizen.national_id_masked) == ("Ayşe", "")
    assert refusal(lambda: actions.record(first_name=" ", by=None)).field == "first_name"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "ayse@"}, "email"),
        ({"last_name": "k" * 81}, "last_name"),
        ({"national_id": "123"}, "national_id"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(fields: dict[str, str], field: str, cast: Cast) -> None:
    found = refusal(lambda: actions.record(first_name="Ayşe", by=None, **fields))
    assert (found.code, found.field) == (ErrorCode.INVALID, field)


def test_a_correction_names_the_fields_in_the_journal_and_no_value(cast: Cast) -> None:
    citizen = record(phone="0216 311 11 11")
    place = make_neighbourhood()
    with system():
        actions.correct(
            citizen, by=cast.secretary, last_name="Yılmaz", neighbourhood=place, phone="216 3111111"
        )
    after = refetch(citizen)
    assert (after.full_name, after.neighbourhood_id) == ("Ayşe YILMAZ", place.pk)
    with system():
        line = AuditLog.objects.get(verb="citizen_corrected")
    assert (line.note, line.subject_label, line.actor_id) == (
        "last_name, neighbourhood",
        "",
        cast.secretary.pk,
    )
    wrong: dict[str, Any] = {"national_id_sealed": b""}
    with pytest.raises(TypeError, match="national_id_sealed"):
        actions.correct(citizen, by=None, **wrong)


def test_the_number_is_sealed_found_by_its_index_and_shown_only_with_its_last_two_digits(cast: Cast) -> None:
    citizen = record(national_id="100 000 001 46")
    stored = refetch(citizen)
    sealed = bytes(stored.national_id_sealed)
    assert NUMBER.encode() not in sealed
    assert NUMBER not in stored.national_id_index
    assert stored.national_id_masked == "*********46"
    assert sealing.unseal(sealed) == NUMBER
    with system():
        assert list(actions.find_by_national_id(NUMBER)) == [citizen]


def test_the_same_number_is_sealed_differently_every_time_and_indexed_alike() -> None:
    assert sealing.seal(NUMBER) != sealing.seal(NUMBER)
    assert sealing.index(NUMBER) == sealing.index(NUMBER)


def test_another_key_neither_reads_nor_finds(settings: Settings) -> None:
    sealed, index = sealing.seal(NUMBER), sealing.index(NUMBER)
    settings.NATIONAL_ID_KEY = "bambaşka bir anahtar, otuz iki bayttan uzun"
    assert sealing.index(NUMBER) != index
    with pytest.raises(DomainError) as found:
        sealing.unseal(sealed)
    assert found.value.code is ErrorCode.INTERNAL
    assert NUMBER not in str(found.value)


def test_a_changed_byte_is_noticed() -> None:
    sealed = bytearray(sealing.seal(NUMBER))
    sealed[-1] ^= 1
    with pytest.raises(DomainError):
        sealing.unseal(bytes(sealed))


@pytest.mark.parametrize("text", ["10000000145", "00000000146", "1000000014", "١٠٠٠٠٠٠٠١٤٦", "abc", "1" * 11])
def test_a_wrong_number_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(DomainError) as found:
        sealing.checked(text)
    assert found.value.code is ErrorCode.INVALID
    assert text not in str(found.value)


def test_two_standing_records_do_not_have_the_same_number(cast: Cast) -> None:
    record(national_id=NUMBER)
    other = record()
    assert code(lambda: actions.record(first_name="Ali", national_id=NUMBER, by=None)) is ErrorCode.DUPLICATE
    assert (
        code(lambda: actions.set_national_id(refetch(other), by=None, number=NUMBER)) is ErrorCode.DUPLICATE
    )


def test_a_number_is_forgotten_on_request(cast: Cast) -> None:
    citizen = record(national_id=NUMBER)
    with system():
        actions.set_national_id(citizen, by=cast.secretary, number="")
        verbs = list(AuditLog.objects.values_list("verb", flat=True))
    after = refetch(citizen)
    assert (after.national_id_sealed, after.national_id_index, after.national_id_masked) == (None, "", "")
    assert "national_id_removed" in verbs


def test_revealing_the_number_needs_a_purpose_and_is_remembered(cast: Cast) -> None:
    citizen = record(national_id=NUMBER)
    assert (
        code(lambda: actions.reveal_national_id(citizen, by=cast.secretary, purpose=" "))
        is ErrorCode.REQUIRED
    )
    with system():
        assert not AccessLog.objects.exists()
        shown = actions.reveal_national_id(
            refetch(citizen), by=cast.secretary, purpose="Sosyal yardım sorgusu"
        )
        reading = AccessLog.objects.get()
    assert shown == NUMBER
    assert (reading.reader_id, reading.subject_ids) == (cast.secretary.pk, [citizen.pk])
    assert "Sosyal yardım sorgusu" in reading.purpose
    none = record()
    assert code(lambda: actions.reveal_national_id(none, by=None, purpose="x")) is ErrorCode.NOT_FOUND


def test_a_merged_record_stays_as_it_is_and_is_found_as_the_one_that_stands_for_it(cast: Cast) -> None:
    old = record(phone="0216 311 11 11", national_id=NUMBER)
    new = record(first_name="Ayşegül", phone="0532 111 22 33")
    with system():
        actions.merge(old, into=new, by=cast.secretary, reason="Aynı kişi")
        assert list(Citizen.objects.standing()) == [new]
        assert list(actions.find_by_phone("02163111111")) == [new]
        assert list(actions.find_by_national_id(NUMBER)) == [new]
        assert actions.family(refetch(old)) == actions.family(new) == {old.pk, new.pk}
    after = refetch(old)
    assert (after.merged_into_id, after.first_name, after.national_id_tail) == (new.pk, "Ayşe", "46")


def test_undoing_a_merge_is_one_write_and_all_is_as_before(cast: Cast) -> None:
    old, new = record(phone="0216 311 11 11"), record()
    with system():
        actions.merge(old, into=new, by=None)
        actions.undo_merge(refetch(old), by=cast.secretary)
        assert list(actions.find_by_phone("02163111111")) == [old]
        verbs = list(AuditLog.objects.order_by("pk").values_list("verb", flat=True))
    assert refetch(old).merged_at is None
    assert verbs[-2:] == ["citizens_merged", "merge_undone"]
    assert code(lambda: actions.undo_merge(refetch(old), by=None)) is ErrorCode.WRONG_STATE


def test_a_chain_of_merges_leads_to_its_end_and_each_can_be_undone(cast: Cast) -> None:
    first, second, third = (record(phone=f"0532 111 22 3{n}") for n in range(3))
    with system():
        actions.merge(first, into=second, by=None)
        actions.merge(second, into=third, by=None)
        assert list(actions.find_by_phone("0532 111 22 30")) == [third]
        assert actions.family(refetch(first)) == {first.pk, second.pk, third.pk}
        actions.undo_merge(refetch(second), by=None)
        assert list(actions.find_by_phone("0532 111 22 30")) == [second]


def test_a_record_is_not_merged_twice_into_itself_or_in_a_circle(cast: Cast) -> None:
    first, second = record(), record()
    assert code(lambda: actions.merge(first, into=first, by=None)) is ErrorCode.INVALID
    with system():
        actions.merge(first, into=second, by=None)
    assert code(lambda: actions.merge(refetch(second), into=refetch(first), by=None)) is ErrorCode.WRONG_STATE
    assert code(lambda: actions.merge(refetch(first), into=make_citizen(), by=None)) is ErrorCode.WRONG_STATE


def test_a_merge_whose_number_was_given_to_the_other_record_meanwhile_cannot_be_undone(cast: Cast) -> None:
    old, new = record(national_id=NUMBER), record()
    with system():
        actions.merge(old, into=new, by=None)
        actions.set_national_id(refetch(new), by=None, number=NUMBER)
    assert code(lambda: actions.undo_merge(refetch(old), by=None)) is ErrorCode.CONFLICT
