"""Forgetting a person for good (KVKK m.7, m.11/1-e; Silme Yönetmeliği m.10): figures stay, the person does not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from backend.complaints.file_import import FileImport
from backend.contacts import actions as contacts
from backend.contacts import sealing
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import without_timeout
from backend.core.validation import required
from backend.core.words.text import tr_fold
from backend.documents import removal
from backend.journal.actions import record
from backend.organization.models import Category, Department, Neighbourhood, OutsideBody, User
from backend.partners.models import Organisation, Role
from backend.retention.choices import Against
from backend.retention.due import are_holds_off
from backend.retention.places import MARK
from backend.seating.models import Hall

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
APPLICATION = re.compile(r"KVKK-\d{4}/\d+")
SHORTEST = 5
"""A name with fewer letters is part of too many words to be struck out of texts."""


@dataclass(frozen=True)
class Weighed:
    """Assessment of an erasure: `against` lists what must end first, `kept_until` the legal retention;
    `is_alone`: the name is unique, so it is redacted everywhere."""

    against: dict[str, int]
    kept_until: dt.date | None
    is_alone: bool

    @property
    def sentence(self) -> str:
        parts = [f"{count} {Against(what).label}" for what, count in sorted(self.against.items())]
        return ", ".join(parts)

    @property
    def kept(self) -> str:
        """Until when the law keeps what is closed, and what happens then; "" where it keeps nothing."""
        if self.kept_until is None:
            return ""
        text = _(
            "The retention rules keep closed cases and requests until %(day)s: a law that asks for it prevails over the"
            " wish of one person (KVKK art. 7). The periodic destruction anonymises them then."
        )
        return str(text) % {"day": f"{self.kept_until:%d.%m.%Y}"}


Progress = Callable[[int, int], object]
"""Hears how many of how many tables were searched."""


@dataclass
class Anonymised:
    """Result of an erasure: `struck` texts were redacted; `left` are rows with a value shared by another person,
    `files` stored import files that may contain the person: both need a manual check."""

    struck: int = 0
    left: dict[str, int] = field(default_factory=dict)
    files: int = 0
    reason: str = ""
    """The reason, with the person redacted."""


def weigh(citizen: Citizen) -> Weighed:
    """What stands against anonymising, and whether the name is theirs alone. Reads only, and quickly; under the
    office's role."""
    family = family_of(citizen)
    return _weighed(family, is_alone=not Known.of(family).is_borne_by_others(family))


def _weighed(family: list[Citizen], *, is_alone: bool) -> Weighed:
    keys = [row.pk for row in family]
    against = dict(_ask("SELECT * FROM app.stands_against(%s)", [keys]))
    ((count, until),) = _ask("SELECT * FROM app.kept_by_law(%s)", [keys])
    return Weighed(against | ({Against.KEPT.value: count} if count else {}), until, is_alone)


@transaction.atomic
def anonymise(
    citizen: Citizen, *, by: User | None, reason: str, progress: Progress = lambda done, of: None
) -> Anonymised:
    """Anonymise a person with all merged records.

    Irreversible. Names, numbers, addresses, T.C. kimlik no, texts, files, messages, stories and histories are
    removed; cases and appointments keep category, neighbourhood, dates and outcome. Numbers and addresses are
    redacted in every other text, the name where no other person bears it. Registered letters stay as the archive law
    requires. WRONG_STATE, with the reason, while something is open, on hold or under a retention period, and for a
    second call. CONFLICT with a hold that is being placed. One transaction, since a redaction cannot be undone in
    part. It takes minutes with many texts: the job in `retention.erasure` runs it.
    """
    why = reason_for(reason)
    family = family_of(citizen, lock=True)
    _require_standing(family)
    if not are_holds_off():
        raise DomainError(ErrorCode.CONFLICT, _("Somebody is placing a legal hold just now. Try again."))
    _require_nothing_against(family)
    without_timeout()
    known = Known.of(family)
    common = known.of_others(family)
    own = replace(known, phones=known.phones - common.phones, emails=known.emails - common.emails)
    names, marks, left = known.name_patterns(), own.mark_patterns(), common.mark_patterns()
    if known.is_borne_by_others(family):
        left += names
    else:
        marks += names
    why = _struck(why, [*names, *known.mark_patterns()])
    forget("CITIZEN", [row.pk for row in family])
    result = Anonymised(reason=why)
    if marks:
        result.struck = _redact("|".join(marks), progress)
    result.left = _mentions(left)
    result.files = FileImport.objects.exclude(file="").count()
    # The application may name the person, so nothing that names the record tells its number.
    record(verb="citizen_anonymised", about=citizen, by=by, label="", note=APPLICATION.sub(MARK, why))
    citizen.refresh_from_db()
    return result


def require_possible(citizen: Citizen) -> None:
    """Refuse as `anonymise` would, without doing it: WRONG_STATE, naming what stands against it."""
    family = family_of(citizen)
    _require_standing(family)
    _require_nothing_against(family)


def reason_for(text: str) -> str:
    """The reason of the erasure, or REQUIRED."""
    return required(
        text, "reason", _("Write why: the application with its date and number, or the run."), 300
    )


def _require_standing(family: list[Citizen]) -> None:
    if any(row.anonymised_at for row in family):
        raise DomainError(ErrorCode.WRONG_STATE, _("This person was anonymised already."))


def _require_nothing_against(family: list[Citizen]) -> None:
    weighed = _weighed(family, is_alone=True)
    if weighed.against:
        message: Any = _("Not possible yet; end or lift first: %(what)s.") % {"what": weighed.sentence}
        raise DomainError(ErrorCode.WRONG_STATE, f"{message} {weighed.kept}".strip())


def _redact(pattern: str, progress: Progress) -> int:
    """Strike out what the pattern finds, a table at a time; in how many texts."""
    struck = 0
    tables = [name for (name,) in _ask("SELECT app.text_tables()", [])]
    for done, table in enumerate(tables):
        progress(done, len(tables))
        struck += _ask("SELECT app.redact(%s, %s)", [pattern, table])[0][0]
    return struck


def forget(kind: str, keys: Iterable[int]) -> None:
    """Let the database forget these rows (`places`), and the storage their files once that is committed."""
    for (name,) in _ask("SELECT * FROM app.forget(%s, %s)", [kind, list(keys)]):
        if name:
            transaction.on_commit(partial(removal.remove, default_storage, name))


def _struck(text: str, patterns: list[str]) -> str:
    """Redact every match from the text."""
    if not patterns:
        return text
    return str(_ask("SELECT regexp_replace(%s, %s, %s, 'gi')", [text, "|".join(patterns), MARK])[0][0])


def _mentions(patterns: list[str]) -> dict[str, int]:
    """table -> how many of its texts hold one of these."""
    values: dict[str, int] = {}
    for place, count in _ask("SELECT * FROM app.mentions(%s)", ["|".join(patterns)]) if patterns else []:
        values[place] = values.get(place, 0) + count
    return values


def family_of(citizen: Citizen, *, lock: bool = False) -> list[Citizen]:
    """The record with all merged ones; locked against concurrent merging if asked."""
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
        items = [_dialled(phone) for phone in sorted(self.phones)]
        items += [rf"(?<![\w.+-]){re.escape(email)}(?!\.?[\w-])" for email in sorted(self.emails)]
        return items + [rf"\m{number}\M" for number in sorted(self.numbers)]

    def of_others(self, family: list[Citizen]) -> Known:
        """Telephone numbers and addresses shared with other records, as in a household or an office."""
        keys = [row.pk for row in family]
        people, roles = Citizen.objects.exclude(pk__in=keys), Role.objects.exclude(person__in=keys)
        houses = (people, roles, Organisation.objects.all(), User.objects.all(), OutsideBody.objects.all())
        phones = {
            phone.as_e164
            for rows in houses
            for phone in rows.filter(phone__in=self.phones).values_list("phone", flat=True)
        }
        mails = {
            email.lower()
            for rows in (*houses, Department.objects.all())
            for email in _with_email(rows, self.emails)
        }
        shared = frozenset(email for email in self.emails if email.lower() in mails)
        return Known(frozenset(), self.phones & phones, shared, frozenset())

    def is_borne_by_others(self, family: list[Citizen]) -> bool:
        """Whether another person on record, a member of staff, an organisation, neighbourhood, hall or category
        bears one of these names, alone or within a longer one: “Ali Kemal Yılmaz”, “Kemal Yılmaz Parkı”."""
        folded = {tr_fold(f"{first} {last}") for first, last in self.names}
        longer = Q(name_fold__in=folded)
        for name in folded:
            longer |= Q(name_fold__endswith=f" {name}") | Q(name_fold__startswith=f"{name} ")
        others = Citizen.objects.filter(longer).exclude(pk__in=[row.pk for row in family])
        if others.exists():
            return True
        named = {f"{first} {last}" for first, last in User.objects.values_list("first_name", "last_name")}
        for model in (Organisation, Neighbourhood, Hall, Category):
            named |= set(model._default_manager.values_list("name", flat=True))
        words = [f" {tr_fold(one)} " for one in named]
        return any(f" {name} " in word for name in folded for word in words)


def _tells(first: str, last: str) -> bool:
    """A name without a surname, or of a few letters, is part of too many texts to be struck out of them."""
    return bool(first.strip() and last.strip()) and len(first + last) >= SHORTEST


def _dialled(phone: str) -> str:
    """A telephone in every spelling: digits of it, apart or not, at home with 0 or with its country's number."""
    between = r"[\s().-]*"
    at_home = phone.startswith("+90")
    digits = re.sub(r"\D", "", phone.removeprefix("+90"))
    ahead = r"(?:(?:\+|00)?90|0)?" if at_home else r"(?:\+|00)?"
    return rf"(?<!\d){ahead}{between}{between.join(digits)}(?!\d)"


def _with_email(rows: Any, emails: Iterable[str]) -> list[str]:
    folded = [email.lower() for email in emails]
    matches = rows.exclude(email="").annotate(lowered=Lower("email")).filter(lowered__in=folded)
    return list(matches.values_list("email", flat=True))


def _spelt(name: str) -> str:
    """A name in every spelling: Turkish or plain letters, capitals or not, whatever stands between the words."""
    return "".join(
        r"\s+" if letter.isspace() else LETTERS.get(letter, re.escape(letter)) for letter in tr_fold(name)
    )


def _ask(question: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()
