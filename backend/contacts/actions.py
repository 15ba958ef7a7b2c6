"""What may happen to a citizen's record."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.contacts import sealing
from backend.contacts.models import Bereavement, Citizen, CitizenQuerySet
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, email_address, noting, refuse, short
from backend.core.words.languages import Language
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean, line, search_form
from backend.journal import actions as journal
from backend.organization.models import Neighbourhood, User

READING = "contacts.citizen"
LENGTHS = {"first_name": 80, "last_name": 80, "title": 40, "salutation": 120, "address": 300, "note": 300}


class Facts(TypedDict, total=False):
    """What is known of a person besides the first name."""

    last_name: str
    title: str
    salutation: str
    languages: Iterable[str]
    phone: str
    email: str
    neighbourhood: Neighbourhood | None
    address: str
    note: str


class CorrectFields(Facts, total=False):
    first_name: str
    deceased_on: dt.date | None


def checked_facts(fields: dict[str, Any]) -> dict[str, Any]:
    """The facts of a person as they are kept: cleaned, the number in E.164. INVALID, REQUIRED."""
    for name, length in LENGTHS.items():
        if name in fields:
            fields[name] = line(fields[name] or "")
            if len(fields[name]) > length:
                message = _("At most %(length)s letters.") % {"length": length}
                refuse(ErrorCode.INVALID, message, name)
    if "first_name" in fields and not fields["first_name"]:
        refuse(ErrorCode.REQUIRED, _("Write the name."), "first_name")
    if "{{" in fields.get("salutation", ""):
        refuse(ErrorCode.INVALID, _("A form of address has no places to fill in."), "salutation")
    if "languages" in fields:
        spoken = [choice(Language, one, "languages").value for one in fields["languages"] or []]
        fields["languages"] = list(dict.fromkeys(spoken))
    if "phone" in fields:
        with noting():
            fields["phone"] = normal_phone(str(fields["phone"] or ""))
    if "email" in fields:
        with noting():
            fields["email"] = email_address(fields["email"])
    return fields


@transaction.atomic
def record(
    *,
    first_name: str,
    by: User | None,
    national_id: str = "",
    tell_of_others: bool = True,
    **facts: Unpack[Facts],
) -> Citizen:
    """Record a person. Only a name is required; the T.C. kimlik no never is (3071 m.4).

    Where another record has the number: DUPLICATE, or, with `tell_of_others=False`, the record is made as if there
    were none, and the journal tells the office, which merges the two.
    """
    if unknown := set(facts) - set(Facts.__annotations__):
        raise TypeError(f"not facts of a citizen: {', '.join(sorted(unknown))}")
    citizen = Citizen(**checked_facts({"first_name": first_name, **facts}), created_by=by)
    if national_id.strip():
        _put_national_id(citizen, sealing.checked(national_id))
    try:
        _save(citizen)
    except DomainError:
        if tell_of_others:
            raise
        citizen.national_id_repeats = True
        _save(citizen)
        journal.record(verb="national_id_repeated", about=citizen, by=by, label="")
    return citizen


def twins_of(*, first_name: str, national_id: str = "", **facts: Unpack[Facts]) -> CitizenQuerySet:
    """Find the records that say exactly this of a person and nothing else, the oldest first. None without a telephone
    number, or with neither surname nor T.C. kimlik no: in a household that is not yet one person."""
    checked = checked_facts({"first_name": first_name, **facts})
    last_name = checked.pop("last_name", "")
    name = search_form(f"{checked.pop('first_name')} {last_name}")
    sealed = sealing.index(sealing.checked(national_id)) if clean(national_id) else ""
    if not checked.get("phone") or not (last_name or sealed):
        return Citizen.objects.none()
    blank = {field: getattr(Citizen(), field) for field in Facts.__annotations__ if field != "last_name"}
    wanted = {"name_fold": name, "national_id_index": sealed} | blank | checked
    return Citizen.objects.standing().filter(merged=None, deceased_on=None, **wanted).order_by("pk")


def note_taken(citizen: Citizen, *, by: User | None) -> None:
    """Journal that a record out of the recorder's sight was taken for a case or a request: the office sees by whom."""
    journal.record(verb="record_taken", about=citizen, by=by, label="")


@transaction.atomic
def correct(citizen: Citizen, *, by: User | None, **fields: Unpack[CorrectFields]) -> Citizen:
    """Set facts right (TypeError for what is none). The journal names the fields, not the values."""
    if unknown := set(fields) - set(CorrectFields.__annotations__):
        raise TypeError(f"not facts of a citizen: {', '.join(sorted(unknown))}")
    checked = checked_facts(dict(fields))
    changed = {name: value for name, value in checked.items() if value != getattr(citizen, name)}
    if not changed:
        return citizen
    for name, value in changed.items():
        setattr(citizen, name, value)
    citizen.save(update_fields=list(changed))
    journal.record(verb="citizen_corrected", about=citizen, by=by, label="", note=", ".join(sorted(changed)))
    return citizen


@transaction.atomic
def record_bereavement(
    citizen: Citizen,
    *,
    by: User | None,
    on: dt.date,
    who: str = "",
    deceased: Citizen | None = None,
    without_record: bool = False,
) -> Bereavement:
    """Record a bereavement of this person, and the day of death at the record of who died: the dead are not greeted.

    REQUIRED unless that record is named or there is none (`without_record`). Recorded twice it is one.
    INVALID for a future day, and for a record that cannot be meant.
    """
    if on > today():
        raise DomainError(ErrorCode.INVALID, _("The date lies in the future."), "on")
    if deceased is not None:
        _record_death(deceased, of=citizen, by=by, on=on)
    elif not without_record:
        message = _("Name the record of who died, or say that there is none.")
        raise DomainError(ErrorCode.REQUIRED, message, "deceased")
    row, is_new = Bereavement.objects.get_or_create(
        citizen=citizen, on=on, who=short(who, "who", 120), defaults={"recorded_by": by}
    )
    if is_new:
        journal.record(verb="bereavement_recorded", about=citizen, by=by, label="")
    return row


def _record_death(deceased: Citizen, *, of: Citizen, by: User | None, on: dt.date) -> None:
    if deceased.pk in family(of):
        message = _("This is the record of who was bereaved. Name that of who died.")
        raise DomainError(ErrorCode.INVALID, message, "deceased")
    person = standing({deceased.pk}).select_for_update(of=("self",)).first() or deceased
    if person.deceased_on not in (None, on):
        message = _("At the record of who died stands another day of death: %(day)s.")
        raise DomainError(ErrorCode.INVALID, message % {"day": f"{person.deceased_on:%d.%m.%Y}"}, "on")
    correct(person, by=by, deceased_on=on)


def people_of(rows: Iterable[dict[str, str]], *, by: User | None) -> list[Citizen]:
    """New records of many people at once, in order; each of `rows` is checked as `record` checks it."""
    made = [Citizen(**checked_facts(dict(row)), created_by=by) for row in rows]
    return Citizen.objects.bulk_create(made, batch_size=500)


@transaction.atomic
def set_national_id(citizen: Citizen, *, by: User | None, number: str) -> Citizen:
    """Keep the T.C. kimlik no sealed, or forget it (""). INVALID; DUPLICATE if another record has it."""
    if number.strip():
        _put_national_id(citizen, sealing.checked(number))
        verb = "national_id_set"
    else:
        citizen.national_id_sealed, citizen.national_id_index, citizen.national_id_tail = None, "", ""
        citizen.national_id_repeats = False
        verb = "national_id_removed"
    _save(citizen)
    journal.record(verb=verb, about=citizen, by=by, label="")
    return citizen


@transaction.atomic
def reveal_national_id(citizen: Citizen, *, by: User | None, purpose: str) -> str:
    """The whole number; the read log remembers who saw it and for what. NOT_FOUND if none is kept."""
    purpose = clean(purpose)
    if not purpose:
        raise DomainError(ErrorCode.REQUIRED, _("Say what the number is needed for."), "purpose")
    if not citizen.national_id_sealed:
        raise DomainError(ErrorCode.NOT_FOUND, _("No T.C. kimlik no is kept for this person."))
    number = sealing.unseal(citizen.national_id_sealed)
    journal.record_access(reader=by, kind=READING, ids=[citizen.pk], purpose=f"national_id: {purpose}")
    return number


def _put_national_id(citizen: Citizen, number: str) -> None:
    citizen.national_id_sealed = sealing.seal(number)
    citizen.national_id_index = sealing.index(number)
    citizen.national_id_tail = number[-2:]
    citizen.national_id_repeats = False


def _save(citizen: Citizen) -> None:
    try:
        with transaction.atomic():
            citizen.save()
    except IntegrityError as error:
        if "a_national_id_once" not in str(error):
            raise
        message = _(
            "Another record already has this T.C. kimlik no. Find it by the number and merge the two."
        )
        raise DomainError(ErrorCode.DUPLICATE, message, "national_id") from None


def _locked(*citizens: Citizen) -> dict[int, Citizen]:
    keys = [citizen.pk for citizen in citizens]
    rows = Citizen.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


@transaction.atomic
def merge(duplicate: Citizen, *, into: Citizen, by: User | None, reason: str = "") -> Citizen:
    """Merge two records of a person:

    `duplicate` stays unchanged and points to `into`, which represents it. Cases keep the record they came with.
    WRONG_STATE if either is merged already. Returns `into`.
    """
    if duplicate.pk == into.pk:
        raise DomainError(ErrorCode.INVALID, _("A record cannot be merged into itself."), "into")
    rows = _locked(duplicate, into)
    if any(row.merged_into_id for row in rows.values()) or len(rows) != 2:
        raise DomainError(ErrorCode.WRONG_STATE, _("One of the records has already been merged."))
    duplicate.merged_into, duplicate.merged_at = into, timezone.now()
    duplicate.save(update_fields=["merged_into", "merged_at"])
    if into.national_id_repeats and into.national_id_index == duplicate.national_id_index:
        into.national_id_repeats = duplicate.national_id_repeats
        into.save(update_fields=["national_id_repeats"])
    journal.record(
        verb="citizens_merged", about=duplicate, by=by, label="", note=clean(reason) or f"→ {into.pk}"
    )
    return into


@transaction.atomic
def undo_merge(citizen: Citizen, *, by: User | None) -> Citizen:
    """The merged record stands for itself again. CONFLICT if both have the same T.C. kimlik no."""
    row = _locked(citizen).get(citizen.pk)
    if row is None or row.merged_into_id is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("This record is not merged."))
    into = row.merged_into_id
    citizen.merged_into, citizen.merged_at = None, None
    try:
        with transaction.atomic():
            citizen.save(update_fields=["merged_into", "merged_at"])
    except IntegrityError:
        message = _("The two records have the same T.C. kimlik no. Remove it from one of them first.")
        raise DomainError(ErrorCode.CONFLICT, message) from None
    journal.record(verb="merge_undone", about=citizen, by=by, label="", note=f"← {into}")
    return citizen


def standing(keys: set[int]) -> CitizenQuerySet:
    """The records that stand for these ones today: themselves, or what they were merged into."""
    result = set(keys)
    for _step in range(10):
        above = set(
            Citizen.objects.filter(pk__in=result, merged_into__isnull=False).values_list(
                "merged_into_id", flat=True
            )
        )
        if above <= result:
            break
        result |= above
    return Citizen.objects.filter(pk__in=result).standing()


def family(citizen: Citizen) -> set[int]:
    """The keys of all records of this person: whatever was merged into the one that stands for it."""
    result = set(standing({citizen.pk}).values_list("pk", flat=True)) or {citizen.pk}
    for _step in range(10):
        below = set(Citizen.objects.filter(merged_into__in=result).values_list("pk", flat=True))
        if below <= result:
            break
        result |= below
    return result


def families(citizens: set[int]) -> dict[int, set[int]]:
    """`family` of each of these, in as many questions as for one."""
    result, parents = set(citizens), dict.fromkeys(citizens)
    for _step in range(10):
        rows = Citizen.objects.filter(Q(pk__in=result) | Q(merged_into__in=result))
        parents |= dict(rows.values_list("pk", "merged_into_id"))
        more = set(parents) | {parent for parent in parents.values() if parent is not None}
        if more <= result:
            break
        result |= more

    def standing_for(pk: int) -> int:
        while (parent := parents.get(pk)) is not None:
            pk = parent
        return pk

    members: dict[int, set[int]] = defaultdict(set)
    for pk in result:
        members[standing_for(pk)].add(pk)
    return {pk: members[standing_for(pk)] for pk in citizens}


def find_by_phone(text: str) -> CitizenQuerySet:
    """Find persons by telephone number, in any spelling, also by the number of a merged record.

    INVALID for a short code or an invalid number; empty for "".
    """
    number = normal_phone(text)
    if not number:
        return Citizen.objects.none()
    return standing(set(Citizen.objects.filter(phone=number).values_list("pk", flat=True)))


def is_number_of(text: str, citizen: Citizen) -> bool:
    """Whether this person is known with this number, in any spelling, by their record or one merged with it.

    Without a number: whether they are known without one. INVALID as `find_by_phone`.
    """
    number = normal_phone(text)
    known = Citizen.objects.filter(pk__in=family(citizen))
    return known.filter(phone=number).exists() if number else not known.exclude(phone="").exists()


def is_national_id(text: str) -> bool:
    """Whether it is a valid T.C. kimlik no."""
    try:
        return bool(sealing.checked(text)) if text.strip() else False
    except DomainError:
        return False


def find_by_national_id(text: str) -> CitizenQuerySet:
    """The person with this T.C. kimlik no. INVALID for a wrong number."""
    key = sealing.index(sealing.checked(text))
    return standing(set(Citizen.objects.filter(national_id_index=key).values_list("pk", flat=True)))
