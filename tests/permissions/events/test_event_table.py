"""Role x verb x relation for events, their tasks and guests, written out by hand, on each wall alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from backend.core.session import system
from backend.events.choices import Audience
from backend.events.models import (
    AgendaItem,
    Arrival,
    Event,
    EventAttachment,
    EventLine,
    EventNote,
    EventPart,
    EventPartner,
    EventTask,
    Guest,
    GuestGroup,
    GuestLine,
    GuestOrigin,
    TeamMember,
)
from backend.events.moves import GuestVerb, TaskVerb, Verb
from backend.partners.models import Organisation
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.permissions.walls.world import name_partners, populate_events, populate_partners

# "-" is nothing at all, and then it does not exist for them. `told` was announced: the press unit sees it.
WHO_IS_WHAT = """
               mayors_fen  mayors_told  mayors_door  deputys
secretary      keeper      keeper       keeper       office
office_head    office      office       office       office
mayor          keeper      keeper       keeper       served
fen_head       tasked      -            -            -
fen_clerk      tasked      -            -            keeper
park_head      -           press        -            tasked
park_clerk     -           -            -            tasked
deputy_mayor   tasked      -            -            keeper
portal         -           tasked       tasked       -
outsider       -           -            team         -
administrator  -           -            -            -
"""
KEEPERS = {Verb.PUT_PART, Verb.DROP_PART, Verb.CANCEL}
TEAMS = {Verb.CHECK_IN, Verb.ATTACH}
MAY: dict[str, set[Any]] = {
    "keeper": {Action.VIEW, *Verb},
    "office": {Action.VIEW, *Verb} - KEEPERS,
    "served": {Action.VIEW},
    "team": {Action.VIEW, *TEAMS},
    "tasked": {Action.VIEW},
    "press": {Action.VIEW},
    "-": set(),
}
TELEPHONE = {GuestVerb.ANSWER, GuestVerb.CALL, GuestVerb.UNDO_ARRIVAL}
GUEST_MAY: dict[str, set[Any]] = {
    "keeper": {Action.VIEW, *GuestVerb},
    "office": {Action.VIEW, *GuestVerb},
    "served": {Action.VIEW},
    "team": {Action.VIEW, *TELEPHONE},
}
DOES = {Action.VIEW, TaskVerb.FINISH, TaskVerb.RESUME}
INSIDE = {"keeper", "office", "served", "team"}


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS = _read(WHO_IS_WHAT)
WITH_THE_EVENT: list[type[Model]] = [Event, EventPart, AgendaItem, EventAttachment]
INSIDE_ONLY: list[type[Model]] = [TeamMember, EventLine, GuestGroup, Guest]
OF_GUESTS: list[type[Model]] = [GuestOrigin, GuestLine, Arrival]


@pytest.fixture
def events(cast: Cast) -> dict[str, Event]:
    return populate_events(cast)


def test_the_table_names_every_member_of_the_cast(cast: Cast) -> None:
    assert set(IS) == set(cast.people())


def test_who_may_do_what_to_an_event(events: dict[str, Event], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, row in events.items():
                expected = MAY[IS[member][name]]
                assert {v for v in (Action.VIEW, *Verb) if scope.can(v, row)} == expected, f"{member}, {name}"


def test_who_may_do_what_to_a_guest(events: dict[str, Event], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, event in events.items():
                expected = GUEST_MAY.get(IS[member][name], set())
                guest = Guest.objects.filter(event=event).first()
                found = {v for v in (Action.VIEW, *GuestVerb) if guest and scope.can(v, guest)}
                assert found == expected, f"{member}, {name}"


def test_a_department_does_its_tasks_and_the_desk_changes_them(events: dict[str, Event], cast: Cast) -> None:
    said: dict[str, set[Any]] = {}
    for member, user in cast.people().items():
        with as_viewer(user):
            task = EventTask.objects.filter(event=events["mayors_fen"]).first()
            said[member] = {v for v in (Action.VIEW, *TaskVerb) if task and scope.can(v, task)}
    everything = {Action.VIEW, *TaskVerb}
    assert {name for name, found in said.items() if found == everything} == {
        "secretary",
        "office_head",
        "mayor",
    }
    assert {name for name, found in said.items() if found == DOES} == {"fen_head", "fen_clerk"}
    assert said["deputy_mayor"] == {Action.VIEW}
    assert not any(said[name] for name in ("park_head", "park_clerk", "outsider", "portal", "administrator"))


@pytest.mark.parametrize("model", [*WITH_THE_EVENT, *INSIDE_ONLY, *OF_GUESTS])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], events: dict[str, Event], cast: Cast
) -> None:
    names = {row.pk: name for name, row in events.items()}
    of = "pk" if model is Event else "guest__event" if model in OF_GUESTS else "event"
    for member, user in cast.people().items():
        relations = IS[member]
        expected = {
            name
            for name, what in relations.items()
            if what in INSIDE or (what != "-" and model in WITH_THE_EVENT)
        }
        with as_viewer(user) as viewer:
            second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
            first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"


def test_each_audience_reads_its_note(events: dict[str, Event], cast: Cast) -> None:
    readers = {
        Audience.HOST: {"keeper", "office", "served"},
        Audience.ORGANISER: {*INSIDE, "tasked"},
        Audience.PRESS: {*INSIDE, "press"},
    }
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, event in events.items():
                what = IS[member][name]
                expected = {audience for audience, who in readers.items() if what in who}
                for rows in (EventNote.objects.all(), scope.visible(EventNote)):
                    found = set(rows.filter(event=event).values_list("audience", flat=True))
                    assert found == expected, f"{member}, {name}"


def test_a_token_without_contacts_sees_events_and_no_guest(events: dict[str, Event], cast: Cast) -> None:
    with as_viewer(cast.secretary, ["READ", "WRITE"]):
        assert scope.visible(Event).count() == len(events)
        assert not scope.visible(Guest).exists()
        assert not scope.visible(Arrival).exists()
    with as_viewer(cast.secretary, ["READ", "CONTACTS"]):
        assert scope.visible(Guest).count() == len(events)


def test_the_list_and_each_row_say_the_same_of_what_may_be_done(events: dict[str, Event], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for model in (Event, EventTask, Guest):
                for annotated in scope.with_relations(scope.visible(model)):
                    alone = model._default_manager.get(pk=annotated.pk)
                    assert scope.allowed_actions(annotated) == scope.allowed_actions(alone), member
                    assert all(scope.can(verb, alone) for verb in scope.allowed_actions(annotated)), member


def test_either_wall_alone_shows_a_partner_of_an_event_to_who_sees_both(
    events: dict[str, Event], cast: Cast
) -> None:
    rows = populate_partners(cast)
    with system():
        name_partners(rows)
    whole = {(event.pk, row.pk) for event in events.values() for row in rows.values()}
    for member, user in cast.people().items():
        with as_viewer(user) as viewer:
            seen = set(scope.visible(Event, viewer).values_list("pk", flat=True))
            known = set(scope.visible(Organisation, viewer).values_list("pk", flat=True))
            second = set(EventPartner.objects.values_list("event", "organisation"))
            first = set(scope.visible(EventPartner, viewer).values_list("event", "organisation"))
        expected = {(event, row) for event, row in whole if event in seen and row in known}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"
    with as_viewer(cast.fen_clerk):
        assert EventPartner.objects.exists()
        assert EventPartner.objects.count() < len(whole)
