"""What is compiled and what is not, field by field: a new field is compiled or stands here with its reason."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type

from permissions.core import scope
from permissions.plans.reasons import NotCompilableError
from schema.app import schema
from schema.http import compiled
from tests.cast import Cast
from tests.permissions.walls.sweep_graph import Sweep, whole

GRAPH = schema._schema
QUERY: Any = GRAPH.query_type
INTERPRETED = {
    "me": "made of what is known of the viewer, not of rows",
    "complaintFigures": "two aggregates and a sentence in the viewer's language",
    "complaintReport": "two statements over all cases of a period, of no rows",
    "informationReport": "one aggregate, of no rows",
    "destructionStanding": "dates of the last and the next run, of no rows",
    "directoryEffects": "a plan that Python makes of three tables",
    "notificationCount": "a count that ends at a hundred, of no rows",
    "notificationPreferences": "the table of kinds with what somebody chose, or the default",
    "categorySuggestion": "a guess that Python computes from words",
    "routingProposal": "a guess by the rules of the house",
    "routingConflicts": "pairs of rules compared in Python",
    "ruleTrialResult": "counts that a job has kept, with the rows that they name",
    "complaintPresence": "who is there at this moment, in words; no row of it is kept",
    "complaintPhrases": "texts with the facts of a case put in by Python",
    "complaintMessagePreview": "a dry run of a verb",
    "complaintTracking": "for nobody signed in, under the role of the house",
    "publicEventPlaces": "a count of places, for nobody signed in, under the role of the house",
    "publicMap": "what was published, of no single case, for nobody signed in",
    "publicNumbers": "what was published, of no single case, for nobody signed in",
    "publicCategories": "for nobody signed in, under the role of the house",
    "publicNeighbourhoods": "the same",
    "publicPlace": "the same",
    "addressOf": "words of a text, compared with the register in Python, for nobody signed in",
    "placeAt": "distances to lines, computed in Python, for nobody signed in",
    "publicNews": "the same",
    "publicNewsItem": "the same",
    "publicPrivacyNotice": "the same",
    "publicPrivacyNoticeVersion": "the same",
    "pressReleaseMailings": "addresses of messages, which no viewer sees by a rule of rows, for who may send it",
    "publicPrincipals": "the same",
    "publicAdvice": "what the words of a citizen propose: no row of anybody",
    "publicMunicipality": "the settings in force, of no rows, for nobody signed in",
    "publicDayPlaces": "free places counted in Python, for nobody signed in, under the role of the house",
    "publicFreeBusy": "ranges that a function of the database joins, of no rows, for nobody signed in",
    "portalAppointment": "what an account brought in, in the applicant's words, under the role of the house",
    "portalInvitation": "what a signed link speaks of, under the role of the house",
    "portalComplaint": "what an account brought in, in the citizen's words, under the role of the house",
    "portalComplaints": "the same",
    "recordedComplaints": "what the viewer recorded, in the citizen's words, under the role of the house",
    "portalComplaintConversation": "the same",
    "portalAppointmentConversation": "the same",
    "portalAppointments": "the same",
    "portalOpenCases": "what is open at a place, compared in Python, under the role of the house",
    "portalBroughtFiles": "what an account brought in, with pictures made smaller, under the role of the house",
    "portalMatters": "what a proved contact has running, over several services, under the role of the house",
    "departmentEffects": "counts of many tables, for who may change a department",
    "search": "several kinds found by one statement, ranked and shown in Python, each by its own rule",
    "parties": "persons and organisations found each by its own rule, put together in Python",
    "partyCard": "promises, the last meeting and rows that are compared with a name, each by its own rule",
    "nextUp": "what waits over all services, joined by one statement, with words in the viewer's language",
    "busyTimes": "ranges that a function of the database joins, of no rows",
    "freeTimes": "working hours less busy times, computed in Python",
    "appointmentMessagePreview": "a text rendered from a template",
    "programmeBriefing": "collected from several tables in Python, each narrowed by its own rule",
    "complaintsBulkPreview": "the actions' own checks, in Python",
    "letterCheck": "rules over what is typed, of no rows",
    "letterClosing": "the same",
    "greetingSuggestions": "days of the calendar, days kept and losses, merged in Python",
    "eventTemplates": "files of the product, no rows",
    "pressReleaseMailPlan": "a dry run over a list, with texts rendered from a template",
    "eventInvitationsPlan": "a dry run over all guests, with texts rendered from templates",
    "eventFaults": "the programme compared with its template, in Python",
    "eventGuestsAlike": "names and numbers compared in Python, over all guests of an event",
    "contactListRecipients": "members and whom a rule finds, put together in Python",
    "systemStatus": "measured, of no rows, for whoever runs the installation",
    "reminderMoments": "one's own choice, or what is usual",
}
"""Root field -> why it is asked in Python."""
EVENT, BATCH = (
    '"RXZlbnQ6MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAx"',
    '"R3JlZXRpbmdCYXRjaDowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDE="',
)
CASE = '"Q29tcGxhaW50OjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMQ=="'
REQUEST, LETTER, ORGANISATION = (
    '"QXBwb2ludG1lbnRSZXF1ZXN0OjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMQ=="',
    '"TGV0dGVyOjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMQ=="',
    '"T3JnYW5pc2F0aW9uOjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMQ=="',
)
NOBODY = '"Q2l0aXplbjowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDE="'
OWNERS = {
    "destructionRuns": "DestructionRun",
    "subjectRequests": "SubjectRequest",
    "complaints": "Complaint",
    "webhookEndpoints": "WebhookEndpoint",
    "programme": "ProgrammeEntry",
    "principals": "Principal",
    "appointmentRequests": "AppointmentRequest",
    "invitations": "Invitation",
    "letters": "Letter",
    "instructions": "Instruction",
    "greetingBatches": "GreetingBatch",
    "organisations": "Organisation",
    "contactLists": "ContactList",
    "engagements": "Engagement",
    "agreements": "Agreement",
    "pressReleases": "PressRelease",
    "submissions": "Submission",
    "inboundMessages": "InboundMessage",
    "protocolOffices": "ProtocolOffice",
    "precedenceLists": "PrecedenceList",
    "events": "Event",
    "publishedEvents": "PublishedEvent",
    "halls": "Hall",
    "guests": "Guest",
    "clients": "Client",
}
"""List -> the type of its rows, to whose children there is no list of their own."""
ONE = {
    "Section": "{ departments { nodes { sections %s } } }",
    "CategoryCandidate": "{ categories { nodes { candidates %s } } }",
    "PrecedenceSnapshotLine": "{ events(first: 1) { nodes { precedence { lines %s } } } }",
    "WebhookAttempt": "{ webhookEndpoints(first: 1) { nodes { deliveries(first: 1) { tries(first: 1) %s } } } }",
    "EventStep": "{ events(first: 1) { nodes { parts { steps %s } } } }",
    "WrittenMessage": f"{{ letterConversation(letter: {LETTER}, first: 1) {{ nodes {{ written %s }} }} }}",
    "WrittenFile": f"{{ letterConversation(letter: {LETTER}, first: 1)"
    " { nodes { written { files(first: 1) %s } } } }",
    "NoticeFile": "{ complaints(first: 1) { nodes { notices(first: 1) { files %s } } } }",
    "SeatingPlan": f"{{ seatingPlan(event: {EVENT}) %s }}",
    "SeatingRow": f"{{ seatingPlan(event: {EVENT}) {{ rows(first: 1) %s }} }}",
    "SeatingSeat": f"{{ seatingPlan(event: {EVENT}) {{ rows(first: 1) {{ taken(first: 1) %s }} }} }}",
}
"""Type -> a way to it, where it lies deeper."""
GIVEN = {
    "seatingPlan": f"(event: {EVENT})",
    "seatingRows": f"(event: {EVENT}, first: 1)",
    "eventFaults": f"(id: {EVENT})",
    "eventGuestsAlike": f"(id: {EVENT})",
    "complaintConversation": f"(complaint: {CASE}, first: 1)",
    "appointmentRequestConversation": f"(request: {REQUEST}, first: 1)",
    "letterConversation": f"(letter: {LETTER}, first: 1)",
    "organisationConversation": f"(organisation: {ORGANISATION}, first: 1)",
    "greetingRecipients": f"(batch: {BATCH}, first: 1)",
    "citizens": '(name: "ay", first: 1)',
    "client": '(id: "Q2xpZW50OjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMQ==")',
    "timeline": f"(person: {NOBODY}, first: 1)",
    "partyCard": f"(person: {NOBODY})",
    "placeAt": "(latitude: 41.0, longitude: 29.2)",  # in the country: elsewhere nothing is looked for
}


def reason(query: str, cast: Cast) -> str | None:
    """None if the query is compiled for somebody who sees much and for somebody who sees little."""
    for user in (cast.secretary, cast.fen_clerk):
        with scope.session(user):
            try:
                compiled.plans.plan(compiled.asked({"query": query}, scope.current_viewer()))
            except NotCompilableError as error:
                if (
                    error.code != "computed"
                ):  # the statement is made, and what it is to be asked of is refused
                    return str(error)
    return None


@pytest.mark.parametrize("name", sorted(QUERY.fields))
def test_every_root_is_compiled_or_stands_in_the_list(cast: Cast, name: str) -> None:
    field = QUERY.fields[name]
    sweep = Sweep(
        {"any": "Q29tcGxhaW50OjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMQ=="}, ["kelime"], ["x"]
    )
    given = GIVEN.get(name) or next(sweep.required(field))
    below = get_named_type(field.type)
    found = reason(
        f"{{ {name}{given} {{ __typename }} }}" if hasattr(below, "fields") else f"{{ {name}{given} }}", cast
    )
    assert (found is None) == (name not in INTERPRETED), found


def _table_types() -> list[str]:
    return [
        name
        for name, kind in GRAPH.type_map.items()
        if isinstance(kind, GraphQLObjectType) and hasattr(_origin(kind), "__strawberry_django_definition__")
    ]


def _origin(kind: Any) -> Any:
    return getattr(kind.extensions.get("strawberry-definition"), "origin", None)


def _way_to(name: str) -> str | None:
    """A selection of the whole of a type at the end of a way from Query, `%s` standing for it."""
    for root, field in QUERY.fields.items():
        nodes = getattr(get_named_type(field.type), "fields", {}).get("nodes")
        if nodes is not None and get_named_type(nodes.type).name == name:
            return f"{{ {root}{GIVEN.get(root, '(first: 1)')} {{ nodes %s }} }}"
    for root, owner in OWNERS.items():
        for key, field in GRAPH.type_map[owner].fields.items():  # type: ignore[attr-defined]
            if get_named_type(field.type).name == name:
                return f"{{ {root}(first: 1) {{ nodes {{ {key} %s }} }} }}"
    return None


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("name", _table_types())
def test_every_field_of_every_table_is_compiled(cast: Cast, name: str) -> None:
    way = _way_to(name) or ONE.get(name)
    assert way is not None, f"no way to {name} is known"
    assert reason(way % whole(GRAPH.type_map[name], 2), cast) is None
