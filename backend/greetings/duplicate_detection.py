"""Who of a list may be greeted already: under another record of theirs, or by a letter of their own."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from backend.contacts.models import Citizen
from backend.core.words.text import tr_fold
from backend.greetings.choices import Outcome
from backend.greetings.models import Batch, Recipient
from backend.letters.choices import ISSUED
from backend.letters.models import Addressee

AROUND = dt.timedelta(days=15)
"""A letter of the occasion's kind that went out so near to its day may have been for it."""


class Greeted:
    """Those who are greeted on an occasion so far, by their names."""

    def __init__(self, people: Iterable[Citizen] = ()) -> None:
        self._named: dict[str, list[Citizen]] = defaultdict(list)
        for person in people:
            self.note(person)

    def note(self, person: Citizen) -> None:
        self._named[person.name_fold].append(person)

    def like(self, person: Citizen) -> Citizen | None:
        """Another record among them that may be this person's."""
        return next((one for one in self._named[person.name_fold] if may_be_one(one, person)), None)


def before(batch: Batch, recipients: Sequence[Recipient], people: Iterable[Citizen]) -> Greeted:
    """Who of these names was greeted on the occasion by whatever batch, or stands before these on this list."""
    if not recipients:
        return Greeted()
    ahead = Q(batch=batch, outcome=Outcome.PENDING, pk__lt=min(row.pk or 0 for row in recipients))
    rows = Recipient.objects.filter(
        Q(outcome=Outcome.SENT) | ahead,
        occasion=batch.occasion_id,
        citizen__name_fold__in={person.name_fold for person in people},
    )
    return Greeted(row.citizen for row in rows.select_related("citizen").order_by("pk") if row.citizen)


def may_be_one(one: Citizen, other: Citizen) -> bool:
    """Whether two records with one name may be one person: they share a telephone, an e-mail address or a street, or
    nothing that is known of both is different."""
    if one.pk == other.pk:
        return False
    if one.national_id_index and other.national_id_index:
        return one.national_id_index == other.national_id_index
    known = [(str(one.phone or ""), str(other.phone or "")), (one.email, other.email)]
    known.append((tr_fold(one.address), tr_fold(other.address)))
    both = [(a, b) for a, b in known if a and b]
    return any(a == b for a, b in both) or not both


def written_to(batch: Batch, people: Iterable[int]) -> set[int]:
    """Those of these to whom a letter of the occasion's kind went out around its day, for no other occasion."""
    day, kind = batch.occasion.on, batch.occasion.letter_kind
    rows = Addressee.objects.filter(
        citizen__in=list(people),
        letter__kind=kind,
        letter__status__in=ISSUED,
        letter__registered_on__range=(day - AROUND, day + AROUND),
        letter__occasion__isnull=True,
    )
    return {pk for pk in rows.values_list("citizen", flat=True) if pk is not None}
