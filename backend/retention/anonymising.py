"""Forgetting a person for good (KVKK m.7, m.11/1-e; Silme Yönetmeliği m.10): figures stay, the person does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from backend.contacts import actions as contacts
from backend.contacts import sealing
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.given import required
from backend.core.session import unhurried
from backend.core.text import tr_fold
from backend.journal.actions import record
from backend.organization.models import User
from backend.retention.choices import Against

LETTERS = {
    "i": "[iıİI]",
    "s": "[sşŞS]",
    "g": "[gğĞG]",
    "u": "[uüÜUûÛ]",
    "o": "[oöÖO]",
    "c": "[cçÇC]",
    "a": "[aâÂA]",
}
"""Each letter of the search form with all that it is a form of, so that no spelling of a name is left."""
SHORTEST = 5
"""A name with fewer letters is part of too many words to be struck out of texts."""


@dataclass(frozen=True)
class Weighed:
    """What would become of a person: `against` it stands what must end first; `mentions` are other rows in which the
    name stands; `is_alone`: nobody else bears it, so these are the person's and are struck out too."""

    against: dict[str, int]
    mentions: dict[str, int]
    is_alone: bool

    @property
    def sentence(self) -> str:
        parts = [f"{count} {Against(what).label}" for what, count in sorted(self.against.items())]
        return ", ".join(parts)


@dataclass
class Anonymised:
    """What was done: `struck` texts lost a name, number or address; `left` are rows in which a name stands that
    somebody else bears too: to be looked at by a person."""

    struck: int = 0
    left: dict[str, int] = field(default_factory=dict)


def weigh(citizen: Citizen) -> Weighed:
    """What stands against anonymising, and where else the name stands. Reads only; under the office's role."""
    family = _family(citizen)
    known = Known.of(family)
    alone = not known.is_borne_by_others(family)
    return Weighed(_against(family), _mentions(known.name_patterns()), alone)


@transaction.atomic
def anonymise(citizen: Citizen, *, by: User | None, reason: str) -> Anonymised:
    """Forget a person with all records that were merged with theirs. It cannot be undone.

    Names, numbers, addresses, T.C. kimlik no, texts, files, messages, stories and histories go; of cases and
    appointments category, neighbourhood, dates and outcome stay, without a person. Numbers and addresses are struck
    out of every other text, the name where nobody else bears it. Registered letters stay as the archive law says.
    WRONG_STATE, naming it, where something is open or held; said twice it is refused.
    """
    why = required(
        reason, "reason", _("Write why: the application with its date and number, or the run."), 300
    )
    family = _family(citizen, lock=True)
    if any(row.anonymised_at for row in family):
        raise DomainError(ErrorCode.WRONG_STATE, _("This person was anonymised already."))
    weighed = Weighed(_against(family), {}, is_alone=True)
    if weighed.against:
        message = _("Not possible yet; end or lift first: %(what)s.") % {"what": weighed.sentence}
        raise DomainError(ErrorCode.WRONG_STATE, message)
    unhurried()
    known = Known.of(family)
    names, marks = known.name_patterns(), known.mark_patterns()
    shared = known.is_borne_by_others(family)
    forget("CITIZEN", [row.pk for row in family])
    result = Anonymised()
    if struck := marks if shared else [*names, *marks]:
        result.struck = _ask("SELECT app.strike_out(%s)", ["|".join(struck)])[0][0]
    if shared:
        result.left = _mentions(names)
    record(verb="citizen_anonymised", about=citizen, by=by, label="", note=why)
    citizen.refresh_from_db()
    return result


def forget(kind: str, keys: Iterable[int]) -> None:
    """Let the database forget these rows (`places`), and the storage their files once that is committed."""
    for (name,) in _ask("SELECT * FROM app.forget(%s, %s)", [kind, list(keys)]):
        if name:
            transaction.on_commit(partial(default_storage.delete, name))


def _against(family: list[Citizen]) -> dict[str, int]:
    return dict(_ask("SELECT * FROM app.stands_against(%s)", [[row.pk for row in family]]))


def _mentions(patterns: list[str]) -> dict[str, int]:
    """table -> how many of its texts hold one of these."""
    found: dict[str, int] = {}
    for place, count in _ask("SELECT * FROM app.mentions(%s)", ["|".join(patterns)]) if patterns else []:
        found[place] = found.get(place, 0) + count
    return found


def _family(citizen: Citizen, *, lock: bool = False) -> list[Citizen]:
    rows = Citizen.objects.filter(pk__in=contacts.family(citizen)).order_by("pk")
    return list(rows.select_for_update(of=("self",)) if lock else rows)


@dataclass(frozen=True)
class Known:
    """How a person stands in texts: as they are recorded now and as they were before."""

    names: frozenset[tuple[str, str]]
    phones: frozenset[str]
    emails: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, family: list[Citizen]) -> Known:
        facts = "SELECT first_name, last_name, phone, email FROM"
        keys = [row.pk for row in family]
        rows = _ask(
            f"{facts} contacts_citizen WHERE id = ANY (%s) UNION {facts} contacts_citizenevent"
            " WHERE pgh_obj_id = ANY (%s)",
            [keys, keys],
        )
        sealed = [row.national_id_sealed for row in family if row.national_id_sealed]
        return cls(
            frozenset((first, last) for first, last, _phone, _email in rows if _tells(first, last)),
            frozenset(phone for _first, _last, phone, _email in rows if phone),
            frozenset(email for _first, _last, _phone, email in rows if email),
            frozenset(sealing.unseal(one) for one in sealed),
        )

    def name_patterns(self) -> list[str]:
        """Full names, both ways round."""
        orders = (way for first, last in sorted(self.names) for way in ((first, last), (last, first)))
        return [rf"\m{_spelt(one)},?\s+{_spelt(other)}\M" for one, other in orders]

    def mark_patterns(self) -> list[str]:
        """What names exactly one person wherever it stands: telephone in its spellings, e-mail, T.C. kimlik no."""
        between = r"[\s().-]*"
        found = [
            rf"(?:\+?90|0)?{between}" + between.join(phone.removeprefix("+90")) + r"(?!\d)"
            for phone in sorted(self.phones)
        ]
        found += [re.escape(email) for email in sorted(self.emails)]
        return found + [rf"\m{number}\M" for number in sorted(self.numbers)]

    def is_borne_by_others(self, family: list[Citizen]) -> bool:
        """Whether another person on record, or somebody of the house, bears one of these names."""
        folded = {tr_fold(f"{first} {last}") for first, last in self.names}
        others = Citizen.objects.filter(name_fold__in=folded).exclude(pk__in=[row.pk for row in family])
        staff = User.objects.exclude(last_name="").values_list("first_name", "last_name")
        return others.exists() or any(tr_fold(f"{first} {last}") in folded for first, last in staff)


def _tells(first: str, last: str) -> bool:
    """A name without a surname, or of a few letters, is part of too many texts to be struck out of them."""
    return bool(first.strip() and last.strip()) and len(first + last) >= SHORTEST


def _spelt(name: str) -> str:
    """A name in every spelling: Turkish or plain letters, capitals or not, whatever stands between the words."""
    return "".join(
        r"\s+" if letter.isspace() else LETTERS.get(letter, re.escape(letter)) for letter in tr_fold(name)
    )


def _ask(question: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()
