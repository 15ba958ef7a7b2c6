"""What every part of the schema keeps to, read from the schema itself."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db.models import TextChoices
from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    build_schema,
    get_named_type,
)
from graphql.utilities import find_breaking_changes

from backend.appointments.moves import Verb as RequestVerb
from backend.appointments.promise_moves import PromiseVerb
from backend.complaints.moves import Verb
from backend.letters.moves import Verb as LetterVerb
from backend.programme.moves import Verb as EntryVerb
from backend.programme.note_moves import NoteVerb
from permissions.core.registry import RULES
from permissions.policies import SECURED
from schema.app import schema
from schema.core.nodes import MODELS, NODE_TYPES
from schema.core.results import camel
from schema.management.commands.graphql_sdl import FILE

GRAPH: Any = schema._schema
TYPES: dict[str, Any] = {name: kind for name, kind in GRAPH.type_map.items() if not name.startswith("__")}
BOUNDED = {
    *(
        "departments",
        "pastCases",
        "words",
    ),  # of what a router proposes: three, and three; words also of a rule: twenty
    *("neighbourhoods", "weekdays"),  # of a routing rule: as many as there are
    "hidingRules",  # of a conflict: the fewest that there are
    *(
        "routingConflicts",
        "ways",
        "sample",
    ),  # of rules: a hundred, two hundred ways from unit to unit, fifty cases
    "addressOf",  # five
    "similarComplaints",  # five
    "nearComplaints",  # twenty
    *("parties", "openPromises", "unlinked"),  # of a picker and its card: eight, and a few
    "complaintPhrases",  # fifty
    *("mapCells", "cells"),  # of the map: a thousand, and two thousand of the published one
    *("messages", "gone"),  # of an event of a conversation: fifty each
    "rows",  # of open numbers: a month, a category and a mahalle each, of a year
    *("cases", "appointments", "signUps", "joined"),  # of a citizen's matters: fifty each
    *("directoryEffects", "effects"),  # of the table of groups: five hundred
    "portalOpenCases",  # five
    "withoutAddress",  # of a mail to a list of the press: the first ones
    "portalBroughtFiles",  # ten
    "files",  # of a reply: ten
    *("complaintPresence", "presence"),  # twenty
    *("keywords", "exceptions"),  # of a sign of danger: sixty each
    *("items", "counts"),  # of the queue: a hundred rows, one number a source
    *("samples", "withoutMessage"),  # of invitations: three, and two hundred ids
    *("parties", "openPromises", "unlinked"),  # eight, five, and the newest that name an organisation
    "unlinkedPeople",  # fifty
    *("officeSettings", "settings"),  # as many as are declared
    "checks",
    "search",
    "kinds",
    "languages",
    "rights",
    "references",
    "newest",  # of who was sent a press release: a hundred
    *("toAddresses", "notes"),  # of a mail that came in: fifty, and as many as there are kinds
    "refusalGrounds",
    "byGround",
    "named",
    "roleKinds",
    "gaps",
    "aisles",
    "eventTemplates",
    "eventFaults",
    "eventGuestsAlike",
    "facts",
    "events",
    "happened",
    "scans",
    "moved",
    "channels",
    "greetingSuggestions",
    "alike",
    "tags",
    "scopes",
    "memberships",
    "errors",
    "edges",
    "nodes",
    "calls",
    "categories",
    "candidates",
    "emergencies",
    "forwardings",
    "steps",
    "replies",
    "questions",
    "publicPrincipals",
    "publicFreeBusy",
    "publicDayPlaces",
    "answers",
    "times",
    "refused",
    "viewerCan",
    "busyTimes",
    "freeTimes",
    "generatedOn",
    "leftOut",
    "moments",
    "reminderMoments",
    "faults",
    "reasons",
    "phrases",
    "addresseeLines",
    "referenceLines",
    "overTime",
    "byDepartment",
    "byCategory",
    "byNeighbourhood",
    "byChannel",
    "byRegime",
}
"""Lists that cannot grow: closed vocabularies, pages, or capped by what makes them."""


def objects() -> dict[str, GraphQLObjectType | GraphQLInterfaceType]:
    return {n: k for n, k in TYPES.items() if isinstance(k, GraphQLObjectType | GraphQLInterfaceType)}


def table_types() -> dict[str, tuple[Any, Any]]:
    """GraphQL name -> (class, model) of every type over a table."""
    found = {}
    for name, kind in objects().items():
        definition = kind.extensions.get("strawberry-definition")
        origin: Any = getattr(definition, "origin", None)
        if hasattr(origin, "__strawberry_django_definition__"):
            found[name] = (origin, origin.__strawberry_django_definition__.model)
    return found


def unwrapped(kind):
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def test_the_committed_sdl_is_the_schema():
    out = StringIO()
    call_command("graphql_sdl", "--check", stdout=out)
    assert "up to date" in out.getvalue()


def test_breaking_changes_are_found_when_a_field_disappears():
    committed = FILE.read_text(encoding="utf-8")
    without = re.sub(r'\n  """The number people use[^"]*"""\n  reference: String!', "", committed)
    assert without != committed
    changes = find_breaking_changes(build_schema(committed), build_schema(without))
    assert [change.description for change in changes] == ["Field Complaint.reference was removed."]


def test_enum_values_are_described_with_their_turkish_term():
    enums = [kind for kind in TYPES.values() if isinstance(kind, GraphQLEnumType)]
    assert len(enums) > 15
    missing = [
        f"{kind.name}.{name}"
        for kind in enums
        for name, value in kind.values.items()
        if "(tr: " not in (value.description or "")
    ]
    assert missing == []


def test_every_type_over_a_secured_table_is_scoped_and_every_edge_to_one_is_nullable():
    scoped = {name for name, (_kind, model) in table_types().items() if model._meta.db_table in SECURED}
    assert {"Complaint", "Citizen", "Notice", "ComplaintLine", "Attachment", "DepartmentGrant"} <= scoped
    for name in scoped:
        kind, model = table_types()[name]
        assert model in RULES
        assert "get_queryset" in {attribute for base in kind.__mro__ for attribute in vars(base)}
    forward = [
        f"{owner}.{name}"
        for owner, kind in objects().items()
        for name, field in kind.fields.items()
        if isinstance(field.type, GraphQLNonNull)
        and not isinstance(field.type.of_type, GraphQLList)
        and get_named_type(field.type).name in scoped
        and owner not in {"ComplaintEdge", "CitizenEdge"}
        and not owner.endswith("Edge")
    ]
    assert forward == []


def test_no_list_is_unbounded():
    unbounded = []
    for owner, kind in objects().items():
        for name, field in kind.fields.items():
            is_list = isinstance(unwrapped(field.type), GraphQLList)
            if is_list and "first" not in field.args and "ids" not in field.args and name not in BOUNDED:
                unbounded.append(f"{owner}.{name}")
    assert unbounded == []


def test_every_connection_has_a_total_and_a_page():
    connections = {name: kind for name, kind in objects().items() if name.endswith("Connection")}
    assert len(connections) >= 9
    for kind in connections.values():
        assert set(kind.fields) == {"edges", "nodes", "pageInfo", "totalCount"}


def test_every_mutation_takes_one_input_and_answers_with_a_payload():
    mutations = GRAPH.mutation_type.fields
    for name, field in mutations.items():
        assert list(field.args) == ["input"], name
        assert isinstance(field.type, GraphQLNonNull)
        payload = field.type.of_type
        assert payload.name.endswith("Payload")
        assert "errors" in payload.fields
        assert get_named_type(payload.fields["errors"].type).name == "UserError"


def test_every_verb_is_a_mutation_but_attaching_which_is_an_upload():
    nouns: dict[str, type[TextChoices]] = {
        "complaint": Verb,
        "programme_entry": EntryVerb,
        "appointment": RequestVerb,
        "promise": PromiseVerb,
        "department_note": NoteVerb,
        "letter": LetterVerb,
    }
    expected = {
        camel(f"{noun}_{verb.value.lower()}")
        for noun, verbs in nouns.items()
        for verb in verbs
        if verb.value != "ATTACH"
    }
    assert expected <= set(GRAPH.mutation_type.fields)
    names: dict[str, type[TextChoices]] = {
        "ComplaintVerb": Verb,
        "ProgrammeVerb": EntryVerb,
        "AppointmentVerb": RequestVerb,
        "PromiseVerb": PromiseVerb,
        "DepartmentNoteVerb": NoteVerb,
        "LetterVerb": LetterVerb,
    }
    for name, verbs in names.items():
        assert set(TYPES[name].values) == {verb.value for verb in verbs}


def test_an_id_names_the_type_and_an_unguessable_key_and_no_primary_key_is_shown():
    assert {"Complaint", "Citizen", "Department", "Category", "Notice", "Attachment"} <= set(NODE_TYPES)
    for model in MODELS:
        assert {"key"} <= {field.name for field in model._meta.fields}
    numbers = [
        f"{owner}.{name}"
        for owner, kind in objects().items()
        for name in kind.fields
        if name in {"pk", "key"}
    ]
    assert numbers == []


def test_field_names_are_camel_case_and_dates_say_what_they_are():
    wrong = []
    for owner, kind in objects().items():
        for name, field in kind.fields.items():
            named = get_named_type(field.type).name
            if "_" in name or (named == "DateTime" and name != "at" and not name.endswith("At")):
                wrong.append(f"{owner}.{name}")
            if named == "Date" and not name.endswith(("On", "day", "From", "To", "Until", "Since")):
                wrong.append(f"{owner}.{name}")
    assert wrong == []
