"""Everything is one graph: each edge is typed and leads both ways, and ends in nothing where its far end is hidden."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model
from graphql import get_named_type

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest
from backend.core.session import system
from backend.engagements.models import Engagement
from backend.events import actions as events
from backend.events.models import EventPart
from backend.invitations.models import Invitation
from backend.partners.models import Organisation
from backend.programme import actions as programme
from backend.seating import actions as seating
from schema.app import schema
from tests.cast import Cast
from tests.days import DAY, day
from tests.factories import (
    at,
    make_agreement,
    make_body,
    make_complaint,
    make_engagement,
    make_entry,
    make_event,
    make_hall,
    make_instruction,
    make_invitation,
    make_letter,
    make_organisation,
    make_request,
    refetch,
)
from tests.schema.client import Asking

EDGES = [
    # (type, field, type at the far end, field back)
    ("Complaint", "instructions", "Instruction", "complaint"),
    ("Complaint", "letters", "Letter", "complaint"),
    ("Complaint", "appointmentRequests", "AppointmentRequest", "complaint"),
    ("Complaint", "duplicates", "Complaint", "duplicateOf"),
    ("Complaint", "linked", "Complaint", "linkedTo"),
    ("Complaint", "parts", "Complaint", "splitFrom"),
    ("AppointmentRequest", "instructions", "Instruction", "request"),
    ("AppointmentRequest", "letters", "Letter", "request"),
    ("AppointmentRequest", "promises", "Promise", "request"),
    ("AppointmentRequest", "partner", "Organisation", "appointmentRequests"),
    ("Invitation", "partner", "Organisation", "invitations"),
    ("AppointmentRequest", "entry", "ProgrammeEntry", "request"),
    ("ProgrammeEntry", "instructions", "Instruction", "entry"),
    ("ProgrammeEntry", "letters", "Letter", "entry"),
    ("ProgrammeEntry", "promises", "Promise", "entry"),
    ("ProgrammeEntry", "engagement", "Engagement", "entry"),
    ("ProgrammeEntry", "invitation", "Invitation", "entry"),
    ("ProgrammeEntry", "eventPart", "EventPart", "entry"),
    ("ProgrammeEntry", "publicDay", "PublicDay", "entry"),
    ("Invitation", "instructions", "Instruction", "invitation"),
    ("Invitation", "letters", "Letter", "invitation"),
    ("Promise", "instructions", "Instruction", "promise"),
    ("Letter", "instructions", "Instruction", "letter"),
    ("Letter", "replies", "Letter", "answers"),
    ("Instruction", "letters", "Letter", "instruction"),
    ("Instruction", "decision", "EngagementDecision", "instruction"),
    ("Engagement", "decisions", "EngagementDecision", "engagement"),
    ("Engagement", "organisation", "Organisation", "engagements"),
    ("Agreement", "parties", "AgreementParty", "agreement"),
    ("Organisation", "agreements", "AgreementParty", "organisation"),
    ("Organisation", "roles", "OrganisationRole", "organisation"),
    ("Organisation", "body", "OutsideBody", "organisation"),
    ("Organisation", "merged", "Organisation", "mergedInto"),
    ("OrganisationRole", "person", "Citizen", "roles"),
    ("Event", "parts", "EventPart", "event"),
    ("Event", "tasks", "EventTask", "event"),
    ("Event", "seating", "SeatingPlan", "event"),
    ("Event", "letters", "Letter", "event"),
    ("Event", "instructions", "Instruction", "event"),
    ("Event", "partners", "EventPartner", "event"),
    ("Organisation", "events", "EventPartner", "organisation"),
]
TYPES: Any = schema._schema.type_map


def _far(type_name: str, field: str) -> str:
    return str(get_named_type(TYPES[type_name].fields[field].type).name).removesuffix("Connection")


@pytest.mark.parametrize(("near", "field", "far", "back"), EDGES)
def test_an_edge_is_typed_and_leads_back(near: str, field: str, far: str, back: str) -> None:
    assert _far(near, field) == far
    assert _far(far, back) == near


def test_no_edge_between_these_rows_leads_one_way_only() -> None:
    """But to a person: what somebody is in is read by `timeline(person:)` and `citizen`, each through its own rule."""
    types = {name for edge in EDGES for name in (edge[0], edge[2])} - {"Citizen"}
    known = {(near, field) for near, field, _far_end, _back in EDGES}
    known |= {(far, back) for _near, _field, far, back in EDGES}
    found = {(name, field) for name in types for field in TYPES[name].fields if _far(name, field) in types}
    assert found - known == {
        ("Letter", "bodyOfSender")
    }  # its letters are in the timeline of the organisation


def _id(row: Model, name: str) -> str:
    from schema.core.nodes import encode

    return encode(name, row.key)  # type: ignore[attr-defined]


def _told(asking: Asking, row: Model, name: str, field: str) -> list[str] | None:
    """The ids at the far end, or None where the near end is hidden too."""
    lists = {"nodes"} & set(getattr(get_named_type(TYPES[name].fields[field].type), "fields", {}))
    inner = "nodes { id }" if lists else "id"
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on {name} {{ {field} {{ {inner} }} }} }} }}"
    found = asking.data(query, id=_id(row, name))["node"]
    if found is None:
        return None
    value = found[field]
    value = value["nodes"] if isinstance(value, dict) and "nodes" in value else value
    rows = value if isinstance(value, list) else [value]
    return [one["id"] for one in rows if one]


@pytest.fixture
def rows(cast: Cast) -> dict[str, Any]:
    """Each near a department that does not see the other end."""
    complaint = make_complaint(to=cast.fen)
    request = make_request(cast.mayors)
    with system():
        appointments.redirect(request, department=cast.park, by=cast.secretary, means="PHONE")
        AppointmentRequest.objects.filter(pk=request.pk).update(complaint=complaint)
    entry = make_entry(cast.mayors, "Görüşme", at(DAY, "10:00"), by=cast.secretary)
    attended = make_entry(cast.mayors, "Açılış", at(DAY, "14:00"), by=cast.secretary)
    opened = make_entry(cast.mayors, "Tören", at(DAY, "17:00"), by=cast.secretary)
    body = make_body()
    organisation = make_organisation("Yeşil Vadi Derneği", departments=(cast.park,))
    strange = make_organisation("Yol Yapı A.Ş.", "COMPANY", departments=(cast.fen,))
    engagement = make_engagement(cast.mayors, organisation=organisation, department=cast.fen)
    invitation = make_invitation(cast.mayors)
    hall = make_hall()
    event = make_event(cast.mayors, starts_at=at(day(31), "14:00"))
    with system():
        for one in (entry, attended, opened):
            programme.invite(refetch(one), by=cast.secretary, user=cast.park_clerk)
        Organisation.objects.filter(pk=organisation.pk).update(body=body)
        Engagement.objects.filter(pk=engagement.pk).update(entry=entry)
        Invitation.objects.filter(pk=invitation.pk).update(entry=attended)
        part = EventPart.objects.filter(event=event).first()
        assert part is not None
        EventPart.objects.filter(pk=part.pk).update(entry=opened)
        plan = seating.begin(event, by=None, hall=hall, hosts=True)
        AppointmentRequest.objects.filter(pk=request.pk).update(partner=strange)
        Invitation.objects.filter(pk=invitation.pk).update(partner=strange)
        events.add_task(refetch(event), by=None, title="Çiçek", department=cast.fen)
        hosted = events.add_partner(refetch(event), by=None, organisation=refetch(strange), role="HOST")
    of = {"event": event, "complaint": complaint, "request": request}
    return {
        "Complaint": complaint,
        "AppointmentRequest": refetch(request),
        "Instruction": make_instruction(
            cast.mayors, cast.park, by=cast.secretary, complaint=complaint, event=event
        ),
        "Letter": make_letter(cast.park, cast.mayor, by=cast.park_clerk, to=cast.cleaning, **of),
        "ProgrammeEntry": entry,
        "attended": attended,
        "opened": opened,
        "Engagement": refetch(engagement),
        "Invitation": refetch(invitation),
        "EventPart": part,
        "Event": event,
        "EventPartner": hosted,
        "SeatingPlan": plan,
        "Organisation": refetch(organisation),
        "strange": refetch(strange),
        "OutsideBody": body,
        "Agreement": make_agreement(cast.fen, organisation),
    }


READ = [
    # (near, field, far, who sees the near end alone; a key of the rows where it is not the type's own)
    ("Complaint", "instructions", "Instruction", "fen_clerk", None),
    ("Instruction", "complaint", "Complaint", "park_clerk", None),
    ("Complaint", "letters", "Letter", "fen_clerk", None),
    ("Letter", "complaint", "Complaint", "park_clerk", None),
    ("Letter", "request", "AppointmentRequest", None, None),
    ("AppointmentRequest", "letters", "Letter", None, None),
    ("Complaint", "appointmentRequests", "AppointmentRequest", "fen_clerk", None),
    ("AppointmentRequest", "complaint", "Complaint", "park_clerk", None),
    ("ProgrammeEntry", "engagement", "Engagement", "park_clerk", None),
    ("Engagement", "entry", "ProgrammeEntry", "fen_clerk", None),
    ("ProgrammeEntry", "invitation", "Invitation", "park_clerk", "attended"),
    ("ProgrammeEntry", "eventPart", "EventPart", "park_clerk", "opened"),
    ("Event", "parts", "EventPart", None, None),
    ("EventPart", "event", "Event", None, None),
    ("Event", "seating", "SeatingPlan", None, None),
    ("SeatingPlan", "event", "Event", None, None),
    ("Engagement", "organisation", "Organisation", "fen_clerk", None),
    ("Organisation", "engagements", "Engagement", "park_clerk", None),
    ("Organisation", "body", "OutsideBody", None, None),
    ("OutsideBody", "organisation", "Organisation", "fen_clerk", None),
    ("AppointmentRequest", "partner", "strange", "park_clerk", None),
    ("Organisation", "appointmentRequests", "AppointmentRequest", "fen_clerk", "strange"),
    ("Event", "letters", "Letter", "fen_clerk", None),
    ("Letter", "event", "Event", "park_clerk", None),
    ("Event", "instructions", "Instruction", "fen_clerk", None),
    ("Instruction", "event", "Event", "park_clerk", None),
    ("Event", "partners", "EventPartner", None, None),
    ("EventPartner", "event", "Event", None, None),
    ("EventPartner", "organisation", "strange", None, None),
    ("Organisation", "events", "EventPartner", None, "strange"),
    ("Invitation", "partner", "strange", None, None),
    ("Organisation", "invitations", "Invitation", "fen_clerk", "strange"),
]
"""The far end may be a key of the rows too."""


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
def test_each_edge_shows_its_far_end_to_who_sees_it_and_nothing_to_others(
    compiled: bool, rows: dict[str, Any], cast: Cast, settings: Any
) -> None:
    settings.GRAPHQL_COMPILED_READS = compiled
    knows = Asking(cast.mayor)
    for near, field, far, who, other in READ:
        row = rows[other or near]
        said = f"{near}.{field}"
        assert _told(knows, row, near, field) == [_id(rows[far], _far(near, field))], said
        if who:
            assert _told(Asking(getattr(cast, who)), row, near, field) == [], (said, who)
