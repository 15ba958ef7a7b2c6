"""Who of a list is greeted and how: looked at in one way for the preview, the numbers beforehand and the run itself."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from backend.configuration.office import configured
from backend.contacts import actions as contacts
from backend.contacts.models import Bereavement, Citizen
from backend.core.localtime import today
from backend.core.words.text import tr_fold, tr_upper
from backend.greetings import duplicate_detection, wording
from backend.greetings.choices import Channel, Decision, Outcome, Reason, Wish
from backend.greetings.models import Batch, Preference, Recipient
from backend.letters import library
from backend.letters.choices import ISSUED, Kind
from backend.letters.law.wording import Greeting
from backend.letters.models import Addressee
from backend.mailboxes.models import InboundMessage
from backend.organization.models import Department, OutsideBody
from backend.outbox.plan import SHOWN, Draft
from backend.partners.models import Organisation, Role

_MOBILE = "+905"
WHO = ("citizen", "department", "body", "role__organisation__neighbourhood")
"""Relations read together with a recipient whose letter is written."""
CHUNK = 500


@dataclass(frozen=True)
class Verdict:
    """What becomes of a recipient, and what they read. `like`: another record that may be theirs."""

    recipient: Recipient
    outcome: Outcome
    reason: str = ""
    channel: str = ""
    name: str = ""
    address: str = ""
    text: wording.Worded = wording.NO_WORDS
    like: Citizen | None = None


@dataclass
class _People:
    """What is known of the people of a list, by every record of each of them."""

    families: dict[int, set[int]]
    standing: dict[int, Citizen]
    deceased: set[int]
    bereaved: set[int]
    written_to: set[int]
    greeted: set[int]
    wishes: dict[int, str]
    forms: Sequence[Greeting]
    named: duplicate_detection.Greeted
    refusing: set[str]
    """The telephones of them by which messages were refused."""

    def of(self, pk: int) -> Citizen:
        return next(self.standing[member] for member in self.families[pk] if member in self.standing)

    def any_of(self, pk: int, known: Iterable[int]) -> bool:
        return not self.families[pk].isdisjoint(known)

    def wish(self, pk: int) -> str:
        names = {self.wishes[member] for member in self.families[pk] if member in self.wishes}
        return Wish.OBJECTION if Wish.OBJECTION in names else Wish.CONSENT if names else ""


def bereaved_since(day: dt.date | None = None) -> dt.date:
    """The first day from which on a loss still counts as recent."""
    return (day or today()) - dt.timedelta(days=configured.GREETING_BEREAVED_DAYS)


def bereaved(people: Iterable[int]) -> set[int]:
    """Those of these who were bereaved of late: it was recorded, or the office sent them a letter of condolence."""
    since, people = bereaved_since(), list(people)
    result = Bereavement.objects.filter(citizen__in=people, on__gte=since).values_list("citizen", flat=True)
    letters = Addressee.objects.filter(
        citizen__in=people,
        letter__kind=Kind.CONDOLENCE,
        letter__status__in=ISSUED,
        letter__registered_on__gte=since,
    )
    return {*result, *letters.values_list("citizen", flat=True)}


def greeted(batch: Batch, people: Iterable[int]) -> set[int]:
    """Those of these who were greeted on the occasion already, by whatever batch."""
    rows = Recipient.objects.filter(
        occasion=batch.occasion_id, outcome=Outcome.SENT, citizen__in=list(people)
    )
    return set(rows.values_list("citizen", flat=True))


def look(batch: Batch, recipients: Sequence[Recipient]) -> list[Verdict]:
    """The verdict on each of these, in their order; in as many questions for many as for one."""
    people = _people(batch, recipients)
    houses = _houses_greeted(batch, recipients)
    items = []
    for row in recipients:
        pk = row.citizen_id
        house = row.department or row.body
        verdict = _house(batch, row, house, houses, people.forms) if house else _person(batch, row, people)
        if verdict.outcome == Outcome.SENT and pk and row.citizen:
            people.greeted |= people.families[pk]
            people.named.note(row.citizen)
        items.append(verdict)
    return items


def in_chunks(rows: QuerySet[Recipient]) -> Iterator[list[Recipient]]:
    """These recipients in the order of their numbers, with whom they are."""
    last = 0
    of = rows.select_related(*WHO).order_by("pk")
    while chunk := list(of.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


class Foreseen(NamedTuple):
    """What would happen if a batch went out now: how many with which outcome, who would be flagged, how many would be
    sent by what, and the first of those."""

    outcomes: Counter[str]
    flagged: list[Verdict]
    channels: Counter[str]
    samples: list[Verdict]


def foreseen(batch: Batch) -> Foreseen:
    """What would become of those who are not settled yet, if it went out now."""
    result = Foreseen(Counter(), [], Counter(), [])
    for chunk in in_chunks(batch.recipients.filter(outcome=Outcome.PENDING)):
        verdicts = look(batch, chunk)
        result.outcomes.update(verdict.outcome.value for verdict in verdicts)
        result.flagged.extend(verdict for verdict in verdicts if verdict.outcome == Outcome.FLAGGED)
        sent = [verdict for verdict in verdicts if verdict.outcome == Outcome.SENT]
        result.channels.update(verdict.channel for verdict in sent)
        result.samples.extend(sent[: SHOWN - len(result.samples)])
    return result


def message_to(batch: Batch, verdict: Verdict) -> Draft:
    """The message to a recipient as it leaves by e-mail or SMS; of one on paper its text."""
    by_sms = verdict.channel == Channel.SMS
    signed = f"\n\n{batch.signatory_name}\n{batch.signatory_title}".rstrip()
    subject = "" if by_sms else verdict.text.subject
    body = verdict.text.sms_text if by_sms else f"{verdict.text.mail}{signed}\n"
    return Draft(verdict.name, verdict.channel, verdict.address, subject, body)


def _people(batch: Batch, recipients: Sequence[Recipient]) -> _People:
    keys = {row.citizen_id for row in recipients if row.citizen_id is not None}
    families = contacts.families(keys)
    everyone = set().union(*families.values()) if families else set()
    records = {row.pk: row for row in Citizen.objects.filter(pk__in=everyone).select_related("neighbourhood")}
    wishes = Preference.objects.filter(citizen__in=everyone).values_list("citizen", "wish")
    is_condolence = batch.occasion.letter_kind == Kind.CONDOLENCE
    return _People(
        families,
        {pk: row for pk, row in records.items() if row.merged_into_id is None},
        {pk for pk, row in records.items() if row.deceased_on is not None},
        set() if is_condolence else bereaved(everyone),
        duplicate_detection.written_to(batch, everyone),
        greeted(batch, everyone),
        dict(wishes),
        library.greetings(),
        duplicate_detection.before(batch, recipients, records.values()),
        InboundMessage.objects.refusing(
            row.phone.as_e164 for row in records.values() if row.phone and Channel.SMS in batch.channels
        ).addresses(),
    )


def _houses_greeted(batch: Batch, recipients: Sequence[Recipient]) -> set[tuple[str, int]]:
    """The departments and bodies among these that were greeted already."""
    value = set()
    sent = Recipient.objects.filter(occasion=batch.occasion_id, outcome=Outcome.SENT)
    for field in ("department", "body"):
        keys = [key for row in recipients if (key := getattr(row, f"{field}_id"))]
        if keys:
            rows = sent.filter(**{f"{field}__in": keys}).values_list(field, flat=True)
            value |= {(field, key) for key in rows}
    return value


def _person(batch: Batch, row: Recipient, people: _People) -> Verdict:
    """Check a person, in this order: the deceased are left out in any case, and the bereaved need a decision."""
    pk = row.citizen_id or 0
    row.citizen = person = people.of(pk)
    name, wish = person.titled_name, people.wish(pk)
    if people.any_of(pk, people.deceased):
        return Verdict(row, Outcome.DECEASED, name=name)
    if people.any_of(pk, people.greeted):
        return Verdict(row, Outcome.ALREADY_GREETED, name=name)
    if wish == Wish.OBJECTION:
        return Verdict(row, Outcome.REFUSED, Reason.OBJECTED, name=name)
    if row.decision != Decision.SEND and (why := _to_decide(pk, person, people)):
        like = people.named.like(person) if why == Reason.ALIKE else None
        return Verdict(row, Outcome.FLAGGED, why, name=name, like=like)
    lacks_consent = False
    for channel in batch.channels:
        address = _address(person, channel, row.role)
        lacks = channel in configured.GREETING_CONSENT_CHANNELS and wish != Wish.CONSENT
        if address and (lacks or address in people.refusing):
            lacks_consent, address = True, ""
        if address:
            return _sent(batch, row, people.forms, channel, name, address)
    if lacks_consent:
        return Verdict(row, Outcome.REFUSED, Reason.NO_CONSENT, name=name)
    return Verdict(row, Outcome.NO_ADDRESS, name=name)


def _to_decide(pk: int, person: Citizen, people: _People) -> str:
    """Reasons for which a recipient needs a decision of the office."""
    if people.any_of(pk, people.bereaved):
        return Reason.BEREAVED
    if people.any_of(pk, people.written_to):
        return Reason.WRITTEN_TO
    return Reason.ALIKE if people.named.like(person) else ""


def _house(
    batch: Batch,
    row: Recipient,
    house: Department | OutsideBody,
    greeted_houses: set[tuple[str, int]],
    forms: Sequence[Greeting],
) -> Verdict:
    """A department is reached by the internal post, whatever else is known of it."""
    name, field = house.name, "department" if row.department else "body"
    if (field, house.pk) in greeted_houses:
        return Verdict(row, Outcome.ALREADY_GREETED, name=name)
    for channel in batch.channels:
        if channel == Channel.EMAIL and house.email:
            return _sent(batch, row, forms, channel, name, house.email)
        if channel == Channel.PRINT and (
            address := row.body.address if row.body else configured.MUNICIPALITY_NAME
        ):
            return _sent(batch, row, forms, channel, name, address)
    return Verdict(row, Outcome.NO_ADDRESS, name=name)


def _sent(
    batch: Batch, row: Recipient, forms: Sequence[Greeting], channel: str, name: str, address: str
) -> Verdict:
    text = wording.worded(batch, row, forms)
    if not text.is_whole(channel):
        return Verdict(row, Outcome.REFUSED, Reason.MISSING_VALUE, name=name, text=text)
    return Verdict(row, Outcome.SENT, "", channel, name, address, text)


def _address(person: Citizen, channel: str, role: Role | None) -> str:
    """In a role they are reached there first, then where they are reached otherwise; a text message goes to their own
    telephone, for which they gave their consent."""
    house = role.organisation if role else None
    if channel == Channel.EMAIL:
        return (role.email if role else "") or person.email or (house.email if house else "")
    if channel == Channel.SMS:
        number = person.phone.as_e164 if person.phone else ""
        return number if number.startswith(_MOBILE) else ""
    return (postal_address(house, house.city) if house else "") or postal_address(person)


def postal_address(of: Citizen | Organisation, city: str = "") -> str:
    """As an envelope bears it: the street below the neighbourhood, then district and province in capitals. Empty where
    no street is known: a neighbourhood alone brings no letter."""
    if not of.address:
        return ""
    lines = [part.strip() for part in of.address.splitlines() if part.strip()]
    written = tr_fold(of.address)
    if of.neighbourhood is not None:
        place = of.neighbourhood.name
        if tr_fold(place) not in written:
            lines.insert(0, f"{place} Mahallesi")
        if tr_fold(configured.MUNICIPALITY_PLACE.partition("/")[0].strip()) not in written:
            lines.append(configured.MUNICIPALITY_PLACE)
    elif city and tr_fold(city) not in written:
        lines.append(tr_upper(city))
    return "\n".join(lines)
