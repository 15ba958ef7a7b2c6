"""The same question asked in two ways has one answer: list and object, page and list, the two walls."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import connection
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.complaints.choices import AwaitingParty
from backend.complaints.models import (
    Attachment,
    Comment,
    Complaint,
    ComplaintLine,
    FileImport,
    Notice,
    Routing,
)
from backend.complaints.moves import Verb
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.session import elevated
from backend.events.models import PicturePermission
from backend.journal.models import AccessLog, AuditLog, ChangeEvent
from backend.organization.models import DirectoryPerson, DirectoryReading, DirectoryRule
from backend.outbox.models import Message, SmsPart
from backend.portals.models import ApiToken
from backend.protocol.models import Holding, Snapshot, SnapshotLine
from backend.submissions.models import AffectedPerson, ContactProof, ShareUse, Submission, SubmissionFile
from backend.triage.models import RouterProposal, RouterVersion
from permissions.complaints import access as complaint_access
from permissions.core import scope
from permissions.core.filters import Action, SeenAsOwner
from permissions.core.registry import RULES
from permissions.core.viewer import Viewer
from permissions.greetings import rules as greetings
from permissions.models import ComplaintGrant
from permissions.news import rules as news
from permissions.policies import SECURED
from permissions.portals.rules import CLIENTS
from permissions.retention import rules as retention
from permissions.routing import rules as routing
from tests.cast import Cast, Populated, as_viewer

OFFICE_ROLE_READS_ALL = (
    "The second wall knows departments. Whoever works in the private office, or is served by it, reads through"
    " the office's role; what its people may see of one another's affairs is the first wall's."
)

DIRECTORY: tuple[type[Model], ...] = (DirectoryPerson, DirectoryReading, DirectoryRule)
WALLS_DIFFER = {
    ("Message", "mayor"): OFFICE_ROLE_READS_ALL,
    ("SmsPart", "mayor"): OFFICE_ROLE_READS_ALL,
    ("FileImport", "mayor"): OFFICE_ROLE_READS_ALL,
    **{(model.__name__, "mayor"): OFFICE_ROLE_READS_ALL for model in routing.RULES},
    ("AuditLog", "mayor"): OFFICE_ROLE_READS_ALL,
    ("AccessLog", "mayor"): OFFICE_ROLE_READS_ALL,
    ("AccessLog", "secretary"): OFFICE_ROLE_READS_ALL,
    ("ChangeEvent", "mayor"): OFFICE_ROLE_READS_ALL,
    ("ChangeEvent", "office_head"): OFFICE_ROLE_READS_ALL,
    ("ChangeEvent", "secretary"): OFFICE_ROLE_READS_ALL,
    ("ApiToken", "mayor"): OFFICE_ROLE_READS_ALL,
    ("ApiToken", "secretary"): OFFICE_ROLE_READS_ALL,
    ("DepartmentGrant", "mayor"): OFFICE_ROLE_READS_ALL,
    ("DepartmentGrant", "secretary"): OFFICE_ROLE_READS_ALL,
    ("PrincipalGrant", "mayor"): OFFICE_ROLE_READS_ALL,
    ("PrincipalGrant", "secretary"): OFFICE_ROLE_READS_ALL,
    ("ComplaintGrant", "mayor"): OFFICE_ROLE_READS_ALL,
    **{
        (model.__name__, member): OFFICE_ROLE_READS_ALL
        for model in (*CLIENTS, *DIRECTORY)
        for member in ("mayor", "secretary")
    },
}
"""(table, member) -> why the second wall alone shows more than the first. It never shows less."""

SECURED_MODELS = [model for model in RULES if model._meta.db_table in SECURED]


def _through_the_second_wall(model: type[Model]) -> set[object]:
    return set(model._base_manager.values_list("pk", flat=True))


def _through_the_first_wall(model: type[Model], viewer: Viewer) -> set[object]:
    with elevated():
        return set(scope.visible(model, viewer).values_list("pk", flat=True))


def test_the_two_walls_show_the_same_rows_of_every_table_to_every_member(
    cast: Cast, populated: Populated
) -> None:
    differing = set()
    for member, user in cast.people().items():
        with as_viewer(user) as viewer:
            for model in SECURED_MODELS:
                second, first = _through_the_second_wall(model), _through_the_first_wall(model, viewer)
                assert first <= second, (
                    f"{member} is promised rows of {model.__name__} that the database hides"
                )
                if first != second:
                    differing.add((model.__name__, member))
    assert differing == set(WALLS_DIFFER)


def test_the_comparison_of_the_walls_compares_something(cast: Cast, populated: Populated) -> None:
    """Every secured table has rows; a department sees some of them and some not, where it may see any."""
    rows: dict[type[Model], set[object]] = {model: set() for model in SECURED_MODELS}
    for user in cast.people().values():  # nobody sees all: confidential entries are their readers'
        with as_viewer(user):
            for model in SECURED_MODELS:
                rows[model] |= _through_the_second_wall(model)
    total = {model: len(found) for model, found in rows.items()}
    assert all(total.values()), total
    with as_viewer(cast.fen_clerk):
        seen = {model: len(_through_the_second_wall(model)) for model in SECURED_MODELS}
    never = {
        FileImport,
        ChangeEvent,
        Message,
        SmsPart,
        AuditLog,
        AccessLog,
        ApiToken,
        ComplaintGrant,
        *CLIENTS,
        *routing.RULES,
    }
    never |= set(DIRECTORY)
    never |= {
        *news.RULES,
        AffectedPerson,
        ContactProof,
        PicturePermission,
        ShareUse,
        Submission,
        SubmissionFile,
        Holding,
        Snapshot,
        SnapshotLine,
        *greetings.RULES,
        *retention.RULES,
        RouterProposal,
        RouterVersion,
    }
    for model, count in total.items():
        assert seen[model] == 0 if model in never else 0 < seen[model] < count, model


def test_one_object_is_there_exactly_when_the_list_has_it(cast: Cast, populated: Populated) -> None:
    cases = populated.values()
    for member, user in cast.people().items():
        with as_viewer(user):
            listed = set(scope.visible(Complaint).values_list("key", flat=True))
            for complaint in cases:
                assert scope.can(Action.VIEW, complaint) == (complaint.key in listed), member
                assert _loads(complaint) == (complaint.key in listed), member


def _loads(complaint: Complaint) -> bool:
    try:
        return bool(scope.get(Complaint, complaint.key))
    except DomainError:
        return False


def test_what_a_page_says_of_its_rows_is_what_each_row_says_of_itself(
    cast: Cast, populated: Populated
) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for annotated in scope.with_relations(scope.visible(Complaint)):
                alone = Complaint.objects.get(pk=annotated.pk)
                assert scope.allowed_actions(annotated) == scope.allowed_actions(alone), member
                for verb in scope.allowed_actions(annotated):
                    assert scope.can(verb, alone), f"{member} {verb}"


def test_the_abilities_of_a_page_cost_no_query_a_row(
    cast: Cast, populated: Populated, django_assert_num_queries: object
) -> None:
    with as_viewer(cast.fen_clerk), django_assert_num_queries(1):  # type: ignore[operator]
        assert [scope.allowed_actions(row) for row in scope.with_relations(scope.visible(Complaint))]


ORDERS = [
    ("target_on", "id"),
    ("-registered_at", "-id"),
    ("status", "target_on", "id"),
    ("-target_on", "-id"),
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_quick_first_page_is_the_visible_rows_ordered_and_cut(data: st.DataObject, world: Cast) -> None:
    member = data.draw(st.sampled_from(sorted(world.people())))
    order = data.draw(st.sampled_from(ORDERS))
    count = data.draw(st.integers(1, 20))
    narrowed = data.draw(st.sampled_from(["all", "open", "accepted", "office", "office's new", "search"]))
    with as_viewer(world.people()[member]):
        rows = {
            "all": Complaint.objects.all(),
            "open": Complaint.objects.open(),
            "accepted": Complaint.objects.filter(status="ACCEPTED"),
            "office": Complaint.objects.awaiting(AwaitingParty.OFFICE),
            "office's new": Complaint.objects.awaiting(AwaitingParty.OFFICE).filter(status="NEW"),
            "search": Complaint.objects.search("ışık"),
        }[narrowed]
        quick = list(complaint_access.first_page(rows, order, count))
        slow = list(scope.visible(rows).order_by(*order)[:count])
    assert quick == slow


@pytest.fixture
def world(cast: Cast, populated: Populated) -> Cast:
    return cast


def test_the_quick_first_page_of_nobody_is_empty(world: Cast) -> None:
    with as_viewer(None):
        assert list(complaint_access.first_page(Complaint.objects.all(), ["id"], 5)) == []


def test_permissions_asked_of_the_user_are_the_same_table(world: Cast) -> None:
    with as_viewer(world.secretary):
        cases = list(Complaint.objects.all())
    for member, user in world.people().items():
        with as_viewer(user):
            for complaint in _some(cases):
                for verb in Verb:
                    asked = user.has_perm(f"complaints.{verb.value.lower()}", complaint)
                    assert asked == scope.can(verb, complaint), f"{member} {verb}"


def _some(cases: list[Complaint]) -> Iterable[Complaint]:
    return cases[:4]


def test_a_row_of_the_database_function_is_read_once_a_statement_and_not_once_a_row(world: Cast) -> None:
    """The policies compare with an InitPlan: a function per row cost seconds at three million rows."""
    with as_viewer(world.fen_clerk), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (VERBOSE) SELECT id FROM complaints_complaint")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "InitPlan" in plan
    assert "app.departments()" not in "".join(line for line in plan.splitlines() if "Filter" in line)


def test_what_is_seen_as_its_owner_is_seen_where_the_owner_is(cast: Cast, populated: Populated) -> None:
    """A statement leaves the rule of such rows out where it reaches them from their owner: it would say the same."""
    children = {
        model: rule
        for model, rules in RULES.items()
        if isinstance(rule := rules.get(Action.VIEW), SeenAsOwner)
    }
    assert {ComplaintLine, Comment, Notice, Routing} <= children.keys()
    for model, rule in children.items():
        assert model._meta.get_field(rule.key).related_model is rule.owner
        assert rule.owner is not Citizen, (
            "a person may be known from a row (`GuardedPerson`), and not by rule"
        )
    shown = 0
    for member, user in cast.people().items():
        with as_viewer(user):
            for model, rule in children.items():
                reached = model._default_manager.filter(**{f"{rule.key}__in": scope.visible(rule.owner)})
                asked = scope.visible(model).values("pk")
                assert not reached.exclude(pk__in=asked).exists(), (member, model)
                if rule.also is None:
                    others = scope.visible(model).exclude(pk__in=reached.values("pk"))
                    assert not others.exists(), (member, model)
            shown += Comment.objects.count()
    assert shown


def test_only_what_is_seen_as_its_owner_is_asked_no_rule_of_its_own(cast: Cast) -> None:
    with as_viewer(cast.fen_clerk):
        lines = ComplaintLine.objects.filter(complaint=1)
        assert scope.visible(lines).query.where != lines.query.where
        marked = scope.of_visible_owner(ComplaintLine.objects.filter(complaint=1), "complaint")
        assert str(scope.visible(marked).query) == str(lines.query)
        attachments = Attachment.objects.filter(complaint=1)
        other = scope.of_visible_owner(Attachment.objects.filter(complaint=1), "complaint")
        assert str(scope.visible(other).query) != str(attachments.query)
        of_actor = scope.of_visible_owner(ComplaintLine.objects.filter(complaint=1), "actor")
        assert str(scope.visible(of_actor).query) != str(lines.query)
    with as_viewer(cast.outsider):
        assert not scope.visible(Comment).exists()
