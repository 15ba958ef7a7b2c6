"""What may happen to a list, and who is on it today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required, short
from backend.journal import actions as journal
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import change, changed_meanwhile
from backend.organization.models import Department, User
from backend.partners.actions.recording import checked_tags
from backend.partners.choices import Kind, ListStatus, RoleKind
from backend.partners.models import ContactList, ListMember, Organisation, Role
from backend.partners.moves import ListVerb, contact_list_action

CHANGED = "list_changed"


OneOrganisation = Annotated[Organisation | None, Field(api="An organisation.")]
OneRole = Annotated[Role | None, Field(api="A person in their role.")]
OnePerson = Annotated[Citizen | None, Field(api="A person.")]


class TitleField(TypedDict, total=False):
    title: Annotated[str | None, Field(api="Its title.")]


class Facts(TypedDict, total=False):
    note: Annotated[str | None, Field(api="What it is for.")]
    department: Annotated[Department | None, Field(api="The department that uses it.")]
    kinds: Annotated[list[str] | None, Field(api="By rule: organisations of these kinds."), Kind]
    tags: Annotated[list[str] | None, Field(api="By rule: with one of these tags.")]
    role_kinds: Annotated[list[str] | None, Field(api="By rule: the people who are that there."), RoleKind]


class CorrectFields(TitleField, Facts, total=False): ...


@dataclass(frozen=True)
class Recipient:
    """Member of a list today: an organisation, a person, or a person in a role at an organisation."""

    organisation: Organisation | None = None
    role: Role | None = None
    person: Citizen | None = None

    @property
    def title(self) -> str:
        """What they are there, as a letter writes it below the name."""
        return self.role.title if self.role else ""

    @property
    def name(self) -> str:
        return self.person.titled_name if self.person else str(self.organisation)

    @property
    def identity(self) -> tuple[str, int | None]:
        """What says that it is the same one: each person and each organisation is on a list once."""
        kind, row = ("person", self.person) if self.person else ("organisation", self.organisation)
        return kind, row.pk if row else None

    @property
    def email(self) -> str:
        """Where they are written to: in the role, else at the organisation or their own."""
        known = [one.email for one in (self.role, self.person, self.organisation) if one is not None]
        return next(filter(None, known), "")


@transaction.atomic
def make(*, by: User | None, title: str, **facts: Unpack[Facts]) -> ContactList:
    """A new list. REQUIRED, INVALID."""
    values = {name: value for name, value in facts.items() if value is not None}
    return ContactList.objects.create(created_by=by, **_checked({"title": title, **values}))


@contact_list_action(ListVerb.CORRECT, event=CHANGED, source=ListStatus.IN_USE, traits=Trait.PRIMARY)
def correct(row: ContactList, *, by: User | None, **facts: Unpack[CorrectFields]) -> ContactList:
    """Set a list right.

    Its title, purpose, department or rule.
    """
    _say(row, ListVerb.CORRECT, by, **_checked(dict(facts)))
    return row


@contact_list_action(ListVerb.ADD, event=CHANGED, source=ListStatus.IN_USE, traits=Trait.PRIMARY)
def add(
    row: ContactList,
    *,
    by: User | None,
    organisation: OneOrganisation = None,
    role: OneRole = None,
    person: OnePerson = None,
) -> ListMember:
    """Put one on the list.

    DUPLICATE where it is on it; one that was left out is on it again.
    """
    return _put(row, ListVerb.ADD, by, False, organisation, role, person)


@contact_list_action(
    ListVerb.LEAVE_OUT,
    event=CHANGED,
    source=ListStatus.IN_USE,
    hint=_("Whatever the rule finds, this one is not on the list."),
)
def leave_out(
    row: ContactList,
    *,
    by: User | None,
    organisation: OneOrganisation = None,
    role: OneRole = None,
    person: OnePerson = None,
) -> ListMember:
    """Not on the list, whatever its rule finds."""
    return _put(row, ListVerb.LEAVE_OUT, by, True, organisation, role, person)


@contact_list_action(
    ListVerb.REMOVE,
    event=CHANGED,
    source=ListStatus.IN_USE,
    applies=Q(Exists(ListMember.objects.filter(contact_list=OuterRef("pk")))),
)
def remove(
    row: ContactList,
    *,
    by: User | None,
    member: Annotated[ListMember, Field(_("Which one?"), api="Which one.")],
) -> ContactList:
    """Take a member off.

    Or what was left out: only the rule decides of it.
    """
    if member.contact_list_id != row.pk:
        raise DomainError(ErrorCode.NOT_FOUND, _("There is no such record, or you may not see it."), "member")
    _say(row, ListVerb.REMOVE, by)
    member.delete()
    return row


@contact_list_action(
    ListVerb.ARCHIVE,
    event=CHANGED,
    source=ListStatus.IN_USE,
    target=ListStatus.ARCHIVED,
    traits=Trait.DESTRUCTIVE,
)
def archive(row: ContactList, *, by: User | None) -> ContactList:
    """It is not offered any more."""
    _say(row, ListVerb.ARCHIVE, by)
    return row


@contact_list_action(
    ListVerb.RESTORE,
    event=CHANGED,
    source=ListStatus.ARCHIVED,
    target=ListStatus.IN_USE,
    traits=Trait.PRIMARY,
)
def restore(row: ContactList, *, by: User | None) -> ContactList:
    """It is offered again."""
    _say(row, ListVerb.RESTORE, by)
    return row


def on_list(
    row: ContactList,
    *,
    organisations: QuerySet[Organisation],
    roles: QuerySet[Role],
    people: QuerySet[Citizen],
    at_most: int = 5_000,
    whole: bool = False,
) -> list[Recipient]:
    """Who is on it today, of those that these querysets have: the members first, then what the rule finds, each person
    and each organisation once. The first `at_most`; `whole`: TOO_LARGE for more."""
    members = list(row.members.all())
    left_out = {_what(member) for member in members if member.is_left_out}
    put = [member for member in members if not member.is_left_out]
    outcome = _members(put, organisations, roles, people)
    if row.has_rule:
        by_rule = _by_rule(row, organisations, roles, at_most + 1)
        if whole and len(by_rule) > at_most:
            raise _too_many(row, at_most)
        outcome += by_rule
    seen: set[Any] = set()
    result = []
    for one in outcome:
        who = one.identity
        if who in seen or who in left_out or (one.role and ("role", one.role.pk) in left_out):
            continue
        seen.add(who)
        result.append(one)
    if whole and len(result) > at_most:
        raise _too_many(row, at_most)
    return result[:at_most]


def _too_many(row: ContactList, at_most: int) -> DomainError:
    """Refuse lists that are too large: a truncated one would count as complete."""
    message = _("The list “%(title)s” has more than %(count)s entries. Divide it, or narrow its rule.")
    return DomainError(ErrorCode.TOO_LARGE, message % {"title": row.title, "count": at_most}, "lists")


def people_on(
    row: ContactList,
    *,
    organisations: QuerySet[Organisation],
    roles: QuerySet[Role],
    people: QuerySet[Citizen],
    at_most: int = 5_000,
) -> list[Recipient]:
    """People of a list, as guests or recipients: its members, and for an organisation on the list those with a
    role there today. Each record once, without the deceased and the excluded. TOO_LARGE for more than `at_most`."""
    sources = {"organisations": organisations, "roles": roles, "people": people}
    outcome = on_list(row, **sources, at_most=at_most, whole=True)  # type: ignore[arg-type]
    there = _holders([one.organisation for one in outcome if one.organisation and not one.person], roles)
    left_out = {_what(member) for member in row.members.all() if member.is_left_out}
    result: dict[int, Recipient] = {}
    for one in outcome:
        for named in [one] if one.person else there.get(one.organisation.pk if one.organisation else 0, []):
            person = named.person
            if person is None or person.deceased_on is not None:
                continue
            if not {("person", person.pk), ("role", named.role and named.role.pk)} & left_out:
                result.setdefault(person.pk, named)
    if len(result) > at_most:
        raise _too_many(row, at_most)
    return list(result.values())


def _holders(at: list[Organisation], roles: QuerySet[Role]) -> dict[int, list[Recipient]]:
    """Role holders of these organisations today, leaders first."""
    rows: Any = roles.filter(organisation__in=[one.pk for one in at])
    order = list(RoleKind.values)
    mapping: dict[int, list[Recipient]] = {}
    current = rows.current().select_related("person", "organisation").order_by("pk")
    for one in sorted(current, key=lambda role: order.index(role.kind)):
        mapping.setdefault(one.organisation_id, []).append(Recipient(one.organisation, one, one.person))
    return mapping


def _what(member: ListMember) -> tuple[str, int | None]:
    if member.role_id:
        return "role", member.role_id
    return ("person", member.person_id) if member.person_id else ("organisation", member.organisation_id)


def _members(
    put: list[ListMember],
    organisations: QuerySet[Organisation],
    roles: QuerySet[Role],
    people: QuerySet[Citizen],
) -> list[Recipient]:
    lasting: Any = roles.filter(pk__in=[one.role_id for one in put if one.role_id])
    as_roles = lasting.current()
    by_role = {one.pk: one for one in as_roles.select_related("person", "organisation")}
    by_person = {one.pk: one for one in people.filter(pk__in=[m.person_id for m in put if m.person_id])}
    wanted = [one.organisation_id for one in put if one.organisation_id]
    by_organisation = {one.pk: one for one in organisations.filter(pk__in=wanted)}
    items = []
    for one in put:
        role = by_role.get(one.role_id or 0)
        person = role.person if role else by_person.get(one.person_id or 0)
        organisation = role.organisation if role else by_organisation.get(one.organisation_id or 0)
        if person or organisation:
            items.append(Recipient(organisation, role, person))
    return items


def _by_rule(
    row: ContactList, organisations: QuerySet[Organisation], roles: QuerySet[Role], at_most: int
) -> list[Recipient]:
    rows: Any = organisations.filter(status="ACTIVE")
    if row.kinds:
        rows = rows.filter(kind__in=row.kinds)
    if row.tags:
        rows = rows.filter(tags__overlap=row.tags)
    if not row.role_kinds:
        return [Recipient(organisation=one) for one in rows.order_by("name_sort", "pk")[:at_most]]
    lasting: Any = roles.filter(organisation__in=rows.values("pk"), kind__in=row.role_kinds)
    lasting = lasting.current().filter(person__deceased_on__isnull=True)
    matches = lasting.select_related("person", "organisation").order_by("organisation__name_sort", "pk")
    return [Recipient(one.organisation, one, one.person) for one in matches[:at_most]]


def _put(
    row: ContactList,
    verb: ListVerb,
    by: User | None,
    is_left_out: bool,
    organisation: Organisation | None,
    role: Role | None,
    person: Citizen | None,
) -> ListMember:
    named = {"organisation": organisation, "role": role, "person": person}
    values = {name: one for name, one in named.items() if one is not None}
    if len(values) != 1:
        message = _("Name an organisation, a role or a person.")
        raise DomainError(ErrorCode.REQUIRED, message, "organisation")
    _say(row, verb, by)
    before = ListMember.objects.filter(contact_list=row, **values).first()
    if before is not None and before.is_left_out == is_left_out:
        raise DomainError(ErrorCode.DUPLICATE, _("That stands on the list already."), next(iter(values)))
    if before is not None:
        before.is_left_out = is_left_out
        before.save(update_fields=["is_left_out"])
        return before
    try:
        with transaction.atomic():
            return ListMember.objects.create(contact_list=row, is_left_out=is_left_out, added_by=by, **values)
    except IntegrityError:
        raise changed_meanwhile() from None


def _say(row: ContactList, verb: ListVerb, by: User | None, **changes: Any) -> None:
    """Perform the verb and record it in the journal."""
    contact_list_action.require(verb, row.status)
    change(row, contact_list_action.after(verb, row.status), **changes)
    journal.record(verb=contact_list_action[verb].event, about=row, by=by, note=str(verb.label))


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - set(CorrectFields.__annotations__):
        raise TypeError(f"not facts of a list: {', '.join(sorted(unknown))}")
    checked = dict(facts)
    if "title" in checked:
        checked["title"] = required(checked["title"], "title", _("Write the title."), 120)
    if "note" in checked:
        checked["note"] = short(checked["note"], "note", 300)
    department: Department | None = checked.get("department")
    if department is not None and not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    for field, of in (("kinds", Kind), ("role_kinds", RoleKind)):
        if field in checked:
            checked[field] = _each(of, checked[field], field)
    if "tags" in checked:
        checked["tags"] = checked_tags(checked["tags"])
    return checked


def _each(of: Any, values: Iterable[Any] | None, field: str) -> list[str]:
    return list(dict.fromkeys(str(choice(of, one, field)) for one in values or []))
