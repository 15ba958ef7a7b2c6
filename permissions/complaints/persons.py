"""Who is behind a case. A citizen may be known from one case and hidden in another (acceptance case 13), so that the
row of the citizen being visible does not yet say that this case is theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Unpack
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from backend.complaints.actions import citizen_message_preview
from backend.complaints.letters import DryRun
from backend.complaints.models import Complaint, ComplaintLine
from backend.complaints.moves import Verb
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.session import dry_run, system
from backend.core.words.text import clean
from backend.organization.models import User
from permissions.complaints.rules import known_persons, knows_person
from permissions.core import scope
from permissions.core.filters import EVERYTHING, NOTHING
from permissions.plans import querysets as plans


def record(
    *, by: User | None, first_name: str, national_id: str = "", **facts: Unpack[contacts.Facts]
) -> Citizen:
    """Record a person, in the block of `complaints.access.authorized_to_register`.

    That another record has the T.C. kimlik no is disclosed only to viewers of that record: to all others a known
    number and a new one are answered alike.
    """
    sees_other = (
        bool(clean(national_id)) and scope.visible(contacts.find_by_national_id(national_id)).exists()
    )
    return contacts.record(
        by=by, first_name=first_name, national_id=national_id, tell_of_others=sees_other, **facts
    )


def applicant(
    *, by: User | None, first_name: str, national_id: str = "", **facts: Unpack[contacts.Facts]
) -> Citizen:
    """`record` an applicant, or take the record that says exactly the same of a person out of the viewer's sight: who
    calls twice is one person. A record that says more is not taken: with the case the viewer might come to see it. Nor
    any where the viewer sees one of them: shown it, they answered that this is another person. Nor one that
    is being changed just now: it may be about to be anonymised, which takes minutes."""
    with system():
        found = contacts.twins_of(first_name=first_name, national_id=national_id, **facts)
        twins = list(found.select_for_update(of=("self",), no_key=True, skip_locked=True))
    if not twins or scope.visible(Citizen).filter(pk__in=[twin.pk for twin in twins]).exists():
        return record(by=by, first_name=first_name, national_id=national_id, **facts)
    contacts.note_taken(twins[0], by=by)
    return twins[0]


def brought_by(cases: QuerySet[Complaint], citizens: Iterable[Citizen | int]) -> QuerySet[Complaint]:
    """The visible cases of these citizens, as far as the viewer may know whose they are."""
    rule = known_persons(scope.current_viewer())
    if rule == NOTHING:
        return cases.none()
    theirs = scope.visible(cases).filter(applicant__in=list(citizens))
    return theirs if rule == EVERYTHING else theirs.filter(rule)


def names_on(cases: Iterable[Complaint], purpose: str) -> dict[int, str]:
    """Case -> name of the applicant, of visible cases on which the viewer may know them; noted in the read log."""
    return {case: person.full_name for case, person in known_on(cases, purpose).items()}


def known_on(cases: Iterable[Complaint], purpose: str) -> dict[int, Citizen]:
    """Case -> applicant, of visible cases on which the viewer may know them; noted in the read log."""
    viewer = scope.current_viewer()
    by_case = {
        case.pk: case.applicant_id for case in cases if case.applicant_id and knows_person(viewer, case)
    }
    people = {row.pk: row for row in scope.visible(Citizen).filter(pk__in=set(by_case.values()))}
    scope.log_access(people, purpose)
    return {case: people[person] for case, person in by_case.items() if person in people}


def withheld_since(keys: Sequence[int], since: dt.datetime) -> bool:
    """Whether the applicant of one of these cases is withheld, and may have been known at that time: something was done
    to the case since then."""
    if (rule := known_persons(scope.current_viewer())) in (EVERYTHING, NOTHING):
        return False
    lines = ComplaintLine.objects.filter(complaint=OuterRef("pk"), at__gte=since)
    rows = scope.visible(Complaint).filter(Exists(lines), pk__in=keys, applicant__isnull=False)
    touched = set(rows.values_list("pk", flat=True))
    known = Complaint.objects.filter(rule, pk__in=touched).values_list("pk", flat=True)
    return bool(touched.difference(known))


def message_preview(
    complaint: Complaint, kind: str, body: str, *, means: str, is_refusal: bool = False
) -> tuple[str, str]:
    """(subject, text) as it would be sent, but for what is not the viewer's: the name, and the tracking code, which
    would outlive a department's sight of the case."""
    return citizen_message_preview(
        complaint,
        kind,
        body,
        means=means,
        named=applicant_of(complaint) is not None,
        coded=scope.current_viewer().sees_all,
        is_refusal=is_refusal,
    )


@contextmanager
def collect_messages(complaint: Complaint) -> Iterator[DryRun]:
    """Collect the letters of an action, as the viewer may read them, and roll the block back.

    Set the value as `dry_run` of the row that the action gets.
    """
    viewer = scope.current_viewer()
    with dry_run():
        yield DryRun(named=knows_person(viewer, complaint), coded=viewer.sees_all)


def rehearsed_letter(
    verb: Verb,
    key: UUID | str,
    run: Callable[[Complaint], object],
    *,
    version: int | None = None,
    named: Iterable[object] = (),
) -> tuple[str, str] | None:
    """(subject, text) of the message that `run` would send to the citizen, as the viewer may read it; a dry run."""
    with (
        collect_messages(scope.get(Complaint, key)) as collected,
        scope.authorized(verb, Complaint, key, version=version, named=named) as row,
    ):
        row.dry_run = collected
        run(row)
    return (collected.letters[-1].subject, collected.letters[-1].body) if collected.letters else None


def _with_address(citizen: int) -> QuerySet[Citizen]:
    return scope.visible(Citizen).select_related("neighbourhood").filter(pk=citizen)


def applicant_of(complaint: Complaint) -> Citizen | None:
    """The applicant of a visible case, if the viewer may know them from this case."""
    return _known(complaint, complaint.applicant_id)


def represented_on(complaint: Complaint) -> Citizen | None:
    """On whose behalf a visible case was brought, if the viewer may know them from this case."""
    return _known(complaint, complaint.on_behalf_of_id)


def _known(complaint: Complaint, citizen: int | None) -> Citizen | None:
    if citizen is None or not knows_person(scope.current_viewer(), complaint):
        return None
    return next(iter(plans.rows("applicant", _with_address, citizen)), None)
