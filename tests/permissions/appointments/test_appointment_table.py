"""Role x action x relation for requests, written out by hand: who may say what to which request."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db.models import Model
from django.utils import timezone

from backend.appointments import actions
from backend.appointments.choices import DeliveryMethod, Status, VisitStatus
from backend.appointments.models import (
    AppointmentRequest,
    PublicDaySession,
    RequestAttachment,
    RequestLine,
    RequestNotice,
    Visit,
)
from backend.appointments.moves import Verb, appointment_action
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.programme.models import Entry
from permissions.appointments.rules import REQUESTS, known_applicants, knows_applicant
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.days import day
from tests.factories import at
from tests.permissions.walls.world import populate_requests

# What somebody is to a request: "-" is nothing at all, and then it does not exist for them.
#   keeper  keeps the programme        own    it is asked of them     desk    works in the private office
#   served  the office serves them     clerk  of the department to which it was sent, its head too
#   deputy  oversees that department
WHO_IS_WHAT = """
                 mayors  deputys  sent_to_park  sent_to_fen  public_day    deputys_day
secretary        keeper  desk     keeper        desk         keeper        desk
office_head      desk    desk     desk          desk         desk          desk
mayor            own     served   own           served       own           served
fen_head         -       -        -             clerk        -             -
fen_clerk        -       keeper   -             keeper       -             keeper
park_head        -       -        clerk         -            -             -
park_clerk       -       -        clerk         -            -             -
deputy_mayor     -       own      -             own          -             own
portal           -       -        -             -            -             -
outsider         -       -        -             -            -             -
administrator    -       -        -             -            -             -
"""

WHAT_IT_MAY = """
                   keeper  own  desk  served  clerk
VIEW               +       +    +     +       +
CORRECT            +       +    +     .       .
LINK_PARTNER       +       +    +     .       .
APPROVE            +       +    .     .       .
PROPOSE            +       +    .     .       .
ACCEPT             +       +    +     .       .
REFUSE             +       +    +     .       .
CONFIRM_COMING     +       +    +     .       .
RESCHEDULE         +       +    .     .       .
HAND_OVER          +       +    .     .       .
CANCEL             +       +    .     .       .
DECLINE            +       +    .     .       .
REDIRECT           +       +    .     .       .
CONVERT_TO_COMPLAINT               +       +    +     .       +
ASSIGN_TO_PUBLIC_DAY  +       +    +     .       .
MOVE_VISIT         +       +    +     .       .
REMOVE_FROM_PUBLIC_DAY           +       +    +     .       .
ARRIVE             +       +    +     .       .
CALL_IN            +       +    +     .       .
COMPLETE_VISIT            +       +    +     .       .
MARK_NO_SHOW               +       +    +     .       .
COMPLETE             +       +    .     .       +
UNDO               +       +    +     .       +
PROMISE            +       +    +     .       .
WITHDRAW           +       +    +     .       .
REOPEN             +       +    .     .       .
MESSAGE            +       +    +     .       .
UNSEND             +       +    +     .       .
COMMENT            +       +    +     .       +
ATTACH             +       +    +     .       +
"""

WHO_KNOWS_THE_APPLICANT = {
    "mayors": {"secretary", "office_head", "mayor"},
    "deputys": {"secretary", "office_head", "mayor", "fen_clerk", "deputy_mayor"},
    "sent_to_park": {"secretary", "office_head", "mayor", "park_head"},
    "sent_to_fen": {"secretary", "office_head", "mayor", "fen_head", "fen_clerk", "deputy_mayor"},
    "public_day": {"secretary", "office_head", "mayor"},
    "deputys_day": {"secretary", "office_head", "mayor", "fen_clerk", "deputy_mayor"},
}


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS, MAY = _read(WHO_IS_WHAT), _read(WHAT_IT_MAY)
ON_THE_DAY = {Verb.MOVE_VISIT, Verb.REMOVE_FROM_PUBLIC_DAY, Verb.ARRIVE, Verb.CALL_IN, Verb.COMPLETE_VISIT}
"""What needs a place on a halk günü."""
CHILDREN: list[type[Model]] = [RequestLine, RequestNotice, RequestAttachment, Visit]


@pytest.fixture
def requests(cast: Cast) -> dict[str, AppointmentRequest]:
    return populate_requests(cast)


def _expected(member: str, name: str) -> set[str]:
    relation = IS[member][name]
    return set() if relation == "-" else {verb for verb, cells in MAY.items() if cells[relation] == "+"}


def test_the_tables_name_every_verb_and_every_member_of_the_cast(cast: Cast) -> None:
    assert set(MAY) == {Action.VIEW.value, *(verb.value for verb in Verb)}
    assert set(IS) == set(cast.people())
    assert set(appointment_action) == set(Verb)


def test_who_may_do_what_to_a_request(requests: dict[str, AppointmentRequest], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, request in requests.items():
                allowed = {verb for verb in MAY if scope.can(verb, request)}
                assert allowed == _expected(member, name), f"{member}, {name}"


def test_loading_for_a_verb_says_missing_or_forbidden(
    requests: dict[str, AppointmentRequest], cast: Cast
) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, request in requests.items():
                refusal = ErrorCode.NOT_FOUND if IS[member][name] == "-" else ErrorCode.FORBIDDEN
                for verb in MAY:
                    expected = "loaded" if verb in _expected(member, name) else refusal
                    assert _answer(verb, request) == expected, f"{member}, {name}, {verb}"


def _answer(verb: str, request: AppointmentRequest) -> str:
    try:
        scope.get(AppointmentRequest, request.key, action=verb)
    except DomainError as error:
        return error.code
    return "loaded"


def test_the_abilities_of_a_row_are_the_permission_and_the_state_together(
    requests: dict[str, AppointmentRequest], cast: Cast
) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            rows = {row.pk: row for row in scope.with_relations(scope.visible(AppointmentRequest))}
            for name, request in requests.items():
                has_place = name in ("public_day", "deputys_day")
                # the others have no time to come to
                idle = {"COMPLETE_VISIT"} if has_place else {*ON_THE_DAY, "CONFIRM_COMING"}
                idle = {
                    *idle,
                    "LINK_PARTNER",
                    "UNSEND",
                }  # and none names an organisation, nor does a message wait
                for status in Status:
                    if request.pk in rows:
                        rows[request.pk].status = status
                        sayable = {
                            verb for verb, action in appointment_action.items() if status in action.sources
                        }
                        found = set(scope.allowed_actions(rows[request.pk]))
                        expected = (_expected(member, name) - {"VIEW"} - idle) & sayable
                        assert found == expected, f"{member}, {name}"


@pytest.mark.parametrize(
    ("status", "verbs"),
    [
        (
            VisitStatus.EXPECTED,
            {Verb.ARRIVE, Verb.CALL_IN, Verb.MOVE_VISIT, Verb.REMOVE_FROM_PUBLIC_DAY, Verb.MARK_NO_SHOW},
        ),
        (VisitStatus.ARRIVED, {Verb.CALL_IN}),
        (VisitStatus.IN, {Verb.COMPLETE_VISIT}),
        (VisitStatus.OUT, set()),
        (VisitStatus.NO_SHOW, {Verb.REMOVE_FROM_PUBLIC_DAY}),
    ],
)
def test_what_is_said_in_the_hall_follows_where_the_visitor_is(
    status: VisitStatus, verbs: set[Verb], requests: dict[str, AppointmentRequest], cast: Cast
) -> None:
    with system():
        Visit.objects.filter(request=requests["public_day"]).update(status=status)
    assert _listed(cast, requests["public_day"]) & {*ON_THE_DAY, Verb.MARK_NO_SHOW} == verbs


def test_an_outcome_is_recorded_once_the_time_has_begun_and_a_complaint_is_made_once(
    requests: dict[str, AppointmentRequest], cast: Cast
) -> None:
    row, after = requests["mayors"], {Verb.COMPLETE, Verb.MARK_NO_SHOW}
    with system():
        actions.approve(row, by=cast.secretary, means=DeliveryMethod.PHONE, starts_at=at(day(2), "10:30"))
    assert _listed(cast, row) & {*after, Verb.CONVERT_TO_COMPLAINT} == {Verb.CONVERT_TO_COMPLAINT}
    with system():
        start = timezone.now() - dt.timedelta(minutes=5)
        Entry.objects.filter(pk=row.entry_id).update(starts_at=start, blocks_from=start)
    assert _listed(cast, row) & {*after, Verb.CONVERT_TO_COMPLAINT} == {*after, Verb.CONVERT_TO_COMPLAINT}
    with system():
        actions.convert_to_complaint(row, by=cast.secretary)
    assert _listed(cast, row) & {*after, Verb.CONVERT_TO_COMPLAINT} == after


def _listed(cast: Cast, request: AppointmentRequest) -> set[Verb]:
    """What the keeper may do, which the row says as the list in SQL does."""
    with as_viewer(cast.secretary):
        rows = scope.visible(AppointmentRequest).filter(pk=request.pk)
        found = set(scope.allowed_actions(scope.with_relations(rows).get()))
        assert (
            set(json.loads(rows.values_list(scope.allowed_actions_sql(REQUESTS), flat=True).get())) == found
        )
    return found


@pytest.mark.parametrize("model", [AppointmentRequest, *CHILDREN])
def test_both_walls_show_the_same_rows(
    model: type[Model], requests: dict[str, AppointmentRequest], cast: Cast
) -> None:
    names = {request.pk: name for name, request in requests.items()}
    column = "pk" if model is AppointmentRequest else "request"
    everything = {"public_day", "deputys_day"} if model is Visit else set(requests)
    for member, user in cast.people().items():
        expected = {name for name in everything if IS[member][name] != "-"}
        with as_viewer(user):
            second = {names[pk] for pk in model._default_manager.values_list(column, flat=True)}
            first = {names[pk] for pk in scope.visible(model).values_list(column, flat=True)}
        assert (first, second) == (expected, expected), member


def test_who_knows_the_applicant_of_which_request(
    requests: dict[str, AppointmentRequest], cast: Cast
) -> None:
    """As a filter, of a row at hand, and of the citizens' own table on both walls."""
    for member, user in cast.people().items():
        with as_viewer(user) as viewer:
            rows = scope.visible(AppointmentRequest)
            known = set(rows.filter(known_applicants(viewer)).values_list("pk", flat=True))
            citizens = set(scope.visible(Citizen).values_list("pk", flat=True))
            behind = set(Citizen.objects.values_list("pk", flat=True))
            for name, request in requests.items():
                expected = member in WHO_KNOWS_THE_APPLICANT[name]
                assert (request.pk in known) == expected, f"{member}, {name}"
                assert (request.applicant_id in citizens) == expected, f"{member}, {name}"
                assert (request.applicant_id in behind) == expected, f"{member}, {name}"
                if request.pk in set(rows.values_list("pk", flat=True)):
                    assert knows_applicant(viewer, request) == expected, f"{member}, {name}"


def test_a_token_without_contacts_knows_no_applicant(
    requests: dict[str, AppointmentRequest], cast: Cast
) -> None:
    with as_viewer(cast.fen_clerk, ["READ"]) as viewer:
        assert scope.visible(AppointmentRequest).count() == 3
        assert not scope.visible(AppointmentRequest).filter(known_applicants(viewer)).exists()
        assert not scope.visible(Citizen).exists()


def test_public_days_are_everybodys_to_see_and_the_keepers_to_plan(
    requests: dict[str, AppointmentRequest], cast: Cast
) -> None:
    session = PublicDaySession.objects.get(principal=cast.mayors)
    may = set()
    for member, user in cast.people().items():
        with as_viewer(user):
            assert scope.visible(PublicDaySession).count() == 2
            if scope.can(Action.PLAN, session):
                may.add(member)
    assert may == {"secretary", "mayor"}
