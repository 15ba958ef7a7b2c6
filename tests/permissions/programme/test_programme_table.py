"""Role x action x relation for the programme, written out by hand: who may say what to which entry."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db.models import Model
from django.utils import timezone

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.programme import places
from backend.programme.choices import Kind, Status
from backend.programme.models import Entry, EntryLine, NamedReader, Participant, PressItem, Principal
from backend.programme.moves import Verb, entry_action
from permissions.core import grants, scope
from permissions.core.filters import Action
from permissions.core.viewer import KEEP
from permissions.programme.rules import ENTRIES
from tests.cast import Cast, as_viewer
from tests.days import DAY
from tests.factories import at, make_entry, make_user
from tests.permissions.walls.world import populate_programmes

# What somebody is to an entry: "-" is nothing at all, and then the entry does not exist for them.
#   keeper   keeps the programme            own     it is their own programme
#   looks    sees it: works in the private office, is served by it, reads the programme, takes part, or is named
# In the last three columns the entry is confidential: only named readers see it. What a named reader may do is what
# they are besides.
WHO_IS_WHAT = """
                 mayors  mayors+park_clerk  deputys  deputys+park_clerk  mayors_own  mayors_secret  deputys_secret
secretary        keeper  keeper             looks    looks               -           keeper         -
office_head      looks   looks              looks    looks               -           -              -
mayor            own     own                looks    looks               own         -              -
fen_head         -       -                  looks    looks               -           -              -
fen_clerk        -       -                  keeper   keeper              -           looks          -
park_head        -       -                  -        -                   -           -              -
park_clerk       -       looks              -        looks               -           -              -
deputy_mayor     -       -                  own      own                 -           -              own
portal           -       -                  -        -                   -           -              -
outsider         -       -                  -        -                   -           -              looks
administrator    -       -                  -        -                   -           -              -
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS = _read(WHO_IS_WHAT)
SAYABLE = {verb.value for verb in Verb}
MAY = {"keeper": {"VIEW", *SAYABLE}, "own": {"VIEW", *SAYABLE}, "looks": {"VIEW"}, "-": set()}


@pytest.fixture
def entries(cast: Cast) -> dict[str, Entry]:
    return populate_programmes(cast)


def test_the_table_names_every_member_of_the_cast(cast: Cast) -> None:
    assert set(IS) == set(cast.people())
    assert set(entry_action) == set(Verb)


def test_who_may_do_what_to_an_entry(entries: dict[str, Entry], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, entry in entries.items():
                allowed = {verb for verb in ("VIEW", *SAYABLE) if scope.can(verb, entry)}
                assert allowed == MAY[IS[member][name]], f"{member}, {name}"


def test_an_entry_one_does_not_see_is_missing_and_one_that_one_may_not_change_is_forbidden(
    entries: dict[str, Entry], cast: Cast
) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, entry in entries.items():
                for verb in (
                    Verb.MOVE,
                    Verb.CANCEL,
                    Verb.MARK_CONFIDENTIAL,
                    Verb.REMOVE_CONFIDENTIALITY,
                    Verb.NAME_READER,
                ):
                    expected = {"looks": ErrorCode.FORBIDDEN, "-": ErrorCode.NOT_FOUND}
                    assert _answer(verb, entry) == expected.get(IS[member][name], "loaded"), (
                        f"{member} {name}"
                    )


def _answer(verb: str, entry: Entry) -> str:
    try:
        scope.get(Entry, entry.key, action=verb)
    except DomainError as error:
        return error.code
    return "loaded"


@pytest.mark.parametrize("model", [Entry, Participant, NamedReader, EntryLine])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], entries: dict[str, Entry], cast: Cast
) -> None:
    """The rows that hang on an entry are visible exactly when it is; the first wall is asked as the owner would."""
    keys = {entry.pk: name for name, entry in entries.items()}
    entry_of = "pk" if model is Entry else "entry"
    for member, user in cast.people().items():
        expected = {name for name in entries if IS[member][name] != "-"}
        if model is NamedReader:
            expected &= {"mayors_own", "mayors_secret", "deputys_secret"}
        with as_viewer(user) as viewer:
            second = {keys[pk] for pk in model._default_manager.values_list(entry_of, flat=True)}
            first = {keys[pk] for pk in scope.visible(model, viewer).values_list(entry_of, flat=True)}
            with elevated():
                office = {keys[pk] for pk in model._default_manager.values_list(entry_of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"
        hidden = {
            name for name in ("mayors_own", "mayors_secret", "deputys_secret") if IS[member][name] == "-"
        }
        assert not office & hidden, f"{member}: an action's role sees what its asker may not"


def test_the_first_wall_needs_no_second(entries: dict[str, Entry], cast: Cast) -> None:
    """The filters themselves, evaluated on every row as its planner sees it."""
    for member, user in cast.people().items():
        with as_viewer(user) as viewer:
            seen = {name for name, entry in entries.items() if _matches(entry, viewer)}
        assert seen == {name for name in entries if IS[member][name] != "-"}, member


def _matches(entry: Entry, viewer: scope.Viewer) -> bool:
    """The VIEW rule said in Python, from the row's own columns."""
    if entry.is_confidential:
        return viewer.user_id in entry.readers
    return viewer.sees_all or entry.principal_id in viewer.programmes or viewer.user_id in entry.staff


def test_the_abilities_of_a_row_are_the_permission_and_the_state_together(
    entries: dict[str, Entry], cast: Cast
) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            rows = {row.pk: row for row in scope.with_relations(scope.visible(Entry))}
            for name, entry in entries.items():
                if entry.pk not in rows:
                    continue
                for status in Status:
                    rows[entry.pk].status = status
                    sayable = {verb for verb, action in entry_action.items() if status in action.sources}
                    expected = MAY[IS[member][name]] & sayable - _idle(entry)
                    assert set(scope.allowed_actions(rows[entry.pk])) == expected, f"{member}, {name}"


def _idle(entry: Entry) -> set[Verb]:
    """The verbs that have nothing to act upon in one of these entries: all are to come, all have a guest, and the open
    ones are shown to the press."""
    if entry.is_confidential:
        secrecy = {Verb.MARK_CONFIDENTIAL, Verb.SHOW_PRESS, Verb.HIDE_PRESS, Verb.ASK_NOTE}
    else:
        secrecy = {Verb.REMOVE_CONFIDENTIALITY, Verb.NAME_READER, Verb.UNNAME_READER}
    return {Verb.FINISH, Verb.MISS, Verb.PROMISE, *secrecy}


def test_what_is_said_of_an_entry_follows_its_time_and_who_asked_for_it(cast: Cast) -> None:
    entry = make_entry(cast.mayors, by=cast.secretary)
    assert not _listed(cast, entry) & {Verb.UNINVITE, Verb.HIDE_PRESS}
    afterwards = {Verb.FINISH, Verb.MISS, Verb.PROMISE}
    of_the_request = {Verb.MOVE, Verb.HAND_OVER, Verb.CANCEL, Verb.MARK_CONFIDENTIAL, *afterwards}
    assert _listed(cast, entry) & {*of_the_request, Verb.ASK_NOTE} == {
        *of_the_request - afterwards,
        Verb.ASK_NOTE,
    }
    with system():
        start = timezone.now() - dt.timedelta(minutes=5)
        Entry.objects.filter(pk=entry.pk).update(starts_at=start)
    assert _listed(cast, entry) & {*of_the_request, Verb.ASK_NOTE} == of_the_request
    with system():
        Entry.objects.filter(pk=entry.pk).update(kind=Kind.PUBLIC_DAY)
    assert Verb.HAND_OVER not in _listed(cast, entry)
    with system():
        Entry.objects.filter(pk=entry.pk).update(is_requested=True)
    assert not _listed(cast, entry) & of_the_request


def _listed(cast: Cast, entry: Entry) -> set[Verb]:
    """What the keeper may do, which the row says as the list in SQL does."""
    with as_viewer(cast.secretary):
        rows = scope.visible(Entry).filter(pk=entry.pk)
        found = set(scope.allowed_actions(scope.with_relations(rows).get()))
        assert set(json.loads(rows.values_list(scope.allowed_actions_sql(ENTRIES), flat=True).get())) == found
    return found


def test_whoever_keeps_a_programme_plans_in_it_and_nobody_else(cast: Cast) -> None:
    answers = {}
    for member, user in cast.people().items():
        with as_viewer(user):
            for name in ("mayors", "deputys"):
                answers[member, name] = _plans(getattr(cast, name))
    keepers = [
        ("secretary", "mayors"),
        ("mayor", "mayors"),
        ("fen_clerk", "deputys"),
        ("deputy_mayor", "deputys"),
    ]
    assert answers == {pair: "planned" if pair in keepers else ErrorCode.FORBIDDEN for pair in answers}


def _plans(principal: Principal) -> str:
    try:
        with scope.authorized_to_create(Action.PLAN, Principal, principal.key, field="principal"):
            return "planned"
    except DomainError as error:
        return error.code


def test_a_token_that_may_only_read_plans_nothing(cast: Cast) -> None:
    with (
        as_viewer(cast.secretary, ["READ"]),
        pytest.raises(DomainError) as refusal,
        scope.authorized_to_create(Action.PLAN, Principal, cast.mayors.key, field="principal"),
    ):
        pass
    assert refusal.value.code == ErrorCode.FORBIDDEN


def test_the_press_sees_its_items_and_no_entry(entries: dict[str, Entry], cast: Cast) -> None:
    with as_viewer(cast.park_head):
        assert not Entry.objects.exists()
        assert not scope.visible(Entry).exists()
        items = list(scope.visible(PressItem))
        assert {item.entry_id for item in items} == {entries["mayors"].pk, entries["mayors+park_clerk"].pk}
        assert set(PressItem.objects.all()) == set(items)
        assert {item.title for item in items} == {"Basına açık"}


def test_somebody_stands_in_for_the_keeper_for_some_days(cast: Cast) -> None:
    entry = make_entry(cast.mayors, by=cast.secretary)
    day = dt.timedelta(days=1)
    with system():
        late = grants.give_programme(
            cast.park_clerk, KEEP, cast.mayors, by=cast.office_head, valid_from=today() + day
        )
    with as_viewer(cast.park_clerk):
        assert _answer(Verb.MOVE, entry) == ErrorCode.NOT_FOUND
    with system():
        type(late).dated.filter(pk=late.pk).update(valid_from=today(), valid_until=today())
    with as_viewer(cast.park_clerk):
        assert _answer(Verb.MOVE, entry) == "loaded"
    with system():
        grants.take(type(late).dated.get(pk=late.pk), by=cast.office_head)
    with as_viewer(cast.park_clerk):
        assert _answer(Verb.MOVE, entry) == ErrorCode.NOT_FOUND


def test_a_programme_is_given_neither_to_bilgi_islem_nor_to_oneself_nor_to_a_closed_account(
    cast: Cast,
) -> None:
    closed = make_user("ayrilan", is_active=False)
    for user, by in (
        (cast.administrator, cast.office_head),
        (cast.office_head, cast.office_head),
        (closed, cast.office_head),
    ):
        with system(), pytest.raises(DomainError) as refused:
            grants.give_programme(user, KEEP, cast.mayors, by=by)
        assert (refused.value.code, refused.value.field) == (ErrorCode.INVALID, "user")


def test_busy_times_are_told_to_every_signed_in_person_and_to_nobody_else(cast: Cast) -> None:
    start = at(DAY, "10:00")
    make_entry(cast.mayors, "Gizli görüşme", start, by=cast.mayor, readers=(cast.mayor,))
    for member, user in cast.people().items():
        with as_viewer(user):
            assert places.busy(cast.mayors.pk, start, at(DAY, "12:00")) == [(start, at(DAY, "10:30"))], member
    with as_viewer(None):
        assert places.busy(cast.mayors.pk, start, at(DAY, "12:00")) == []
