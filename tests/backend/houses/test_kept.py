"""What a process keeps from one request to the next: each place is known, and says why no house reads another's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.contrib.postgres.fields import HStoreField

from tests.databases import ROOT

LAYERS = ("backend", "permissions", "schema", "admin_ui", "website")
MEMORIES = {
    *(
        "dict",
        "list",
        "set",
        "defaultdict",
        "OrderedDict",
        "deque",
        "WeakKeyDictionary",
        "WeakValueDictionary",
    ),
    *("Recent", "Memory", "PerHouse", "Texts", "Documents", "Parts", "Plans", "local"),
}
BY_HOUSE = {
    "backend/configuration/memory.py:_memories",
    "backend/core/standby/positions.py:positions",
    "backend/core/standby/reading.py:_pauses",
    "permissions/plans/one_trip.py:tokens",
    "permissions/plans/querysets.py:compiled",
    "schema/http/compiled.py:plans",
    "schema/http/in_process.py:_tokens",
    "schema/http/persisted_documents.py:texts",
    "website/api.py:_kept",
}
"""Kept by house: `PerHouse`, `Recent`, or the house's name in the key."""
OF_THE_PROGRAM = {
    *(
        f"admin_ui/core/{name}"
        for name in (
            "exporting.py:_registered",
            "page_tables.py:TABLES",
            "panels.py:PAGES",
            "panels.py:PANELS",
            "stories.py:ADDED",
        )
    ),
    "backend/calendars/writing.py:_zone",
    "backend/complaints/importing/cells.py:_known",
    "backend/complaints/actions/registering.py:DECIDES",
    "backend/core/calendar.py:_calculated",
    "backend/core/models.py:labels_of",
    "backend/core/operation/job_worker.py:AT_THE_START",
    "backend/core/operation/job_worker.py:COMPANIONS",
    "backend/core/operation/release.py:release",
    "backend/documents/typesetting.py:_fonts",
    "backend/events/blueprints.py:templates",
    "backend/exports/lists.py:_provided",
    "backend/greetings/days.py:_rows",
    "backend/houses/own_settings.py:_code",
    "backend/organization/passwords.py:_words",
    "backend/outbox/carriers.py:CARRIERS",
    "backend/triage/evaluation/shipped.py:catalogue",
    "backend/outbox/delivery.py:REACHED_OTHERWISE",
    *(f"backend/outbox/smpp.py:{name}" for name in ("ARRIVED", "REPORTED")),
    "backend/outbox/sms.py:SENDING",
    *(f"backend/outbox/threads.py:{name}" for name in ("FARED", "HEARD", "RECEIVED")),
    "permissions/complaints/webhooks.py:SOURCES",
    "permissions/configuration/policies.py:SECURED",
    "permissions/core/backends.py:_reading",
    *(f"permissions/core/registry.py:{name}" for name in ("PUBLISHED", "RULES", "VERB_TABLES")),
    "permissions/demo/people.py:_hashed",
    "permissions/demo/triage/corpus.py:_matters",
    "permissions/guidance/policies.py:WITHHELD",
    "permissions/search/statement.py:statement",
    "schema/app.py:portal_schema",
    "schema/core/action_mutations.py:VERB_MUTATIONS",
    *(f"schema/core/nodes.py:{name}" for name in ("MODELS", "NODE_TYPES", "type_of")),
    "schema/developers/changes.py:since_release",
    *(f"schema/developers/reference.py:{name}" for name in ("_entries", "_pages")),
    *(f"schema/developers/views.py:{name}" for name in ("_body", "_contents")),
    "schema/http/view.py:_sdl",
}
"""It follows from the program and its files alone, or is filled while modules are loaded."""
OF_ITS_KEY = {
    "backend/complaints/importing/cells.py:_checked_phone",
    "backend/complaints/law/dates.py:lru_cache",  # of a calendar that is passed to the function that makes it
    "backend/complaints/suggestion.py:_stems",
    *(f"backend/configuration/crest.py:{name}" for name in ("of_file", "png")),
    "backend/core/postgresql/trips.py:_kept",  # of a connection, which is a house's
    "backend/core/sealing.py:_derived",
    "backend/core/tickets.py:_key",
    "backend/documents/share_picture.py:_drawn",
    "backend/letters/papers/seal.py:_signer",
    "backend/organization/sign_on/oidc.py:_registered",
    "backend/routing/deciding.py:street_form",
    "backend/triage/learning/features.py:parts_of",
    "backend/triage/serving.py:_loaded",
    "schema/core/documents.py:documents",
    "website/identity.py:_registered",
}
"""It follows from what it is asked with: a secret, an address, a text. Another house asks with its own."""
OF_THE_MACHINE = {
    *(f"backend/core/operation/{name}" for name in ("slow_statements.py:_names", "tracing.py:_tracer")),
    "backend/documents/scanning.py:_away_until",
    "backend/houses/current.py:_of_process",
    "backend/houses/registry.py:_read",
    "backend/organization/sign_on/ldap.py:_silent_until",
    "backend/postgres_process.py:children",
}
"""What is known of a server or of this process, whichever house asks."""
OF_A_PROCESS_OF_ONE_HOUSE = {
    f"backend/outbox/smpp.py:{name}" for name in ("_leaving", "_open", "_parts", "_unknown")
}
"""In a worker or a command alone, which belongs to one house for good."""


def test_every_place_that_keeps_something_is_known() -> None:
    known = [BY_HOUSE, OF_THE_PROGRAM, OF_ITS_KEY, OF_THE_MACHINE, OF_A_PROCESS_OF_ONE_HOUSE]
    declared = set().union(*known)
    assert len(declared) == sum(map(len, known))
    there = set(found())
    assert there - declared == set(), (
        "say why no house reads another's, or keep it by house (`backend.houses.PerHouse`)"
    )
    assert declared - there == set()


def test_a_new_memory_would_be_found() -> None:
    text = """
from functools import cache, lru_cache
_a: dict[str, int] = {}
_b = Recent[str, int](5)
_c = defaultdict(list)
LIST = [1]
@cache
def d(): ...
class E:
    @lru_cache(maxsize=2)
    def f(self): ...
def g():
    global h
    return lru_cache(5)(len)
"""
    assert set(_kept(ast.parse(text))) == {"_a", "_b", "_c", "d", "f", "h", "lru_cache"}


def test_nothing_that_is_signed_is_signed_with_the_secret_of_when_the_module_was_loaded() -> None:
    early = [
        f"{path.relative_to(ROOT)}:{statement.lineno}"
        for path in _modules()
        for statement in ast.parse(path.read_text("utf-8")).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and _called(node).endswith("Signer")
        and not isinstance(statement.value, ast.Lambda)
    ]
    assert early == []


def test_no_column_is_of_a_type_whose_number_django_keeps_by_alias() -> None:
    """`django.contrib.postgres` asks the numbers of hstore and citext once a process, whichever database it is."""
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert not [field for field in fields if isinstance(field, HStoreField)]
    assert len(fields) > 1000


def found() -> Iterator[str]:
    """Yield each place as `file:name`."""
    for path in _modules():
        yield from (f"{path.relative_to(ROOT)}:{name}" for name in _kept(ast.parse(path.read_text("utf-8"))))


def _modules() -> Iterator[Path]:
    for layer in LAYERS:
        yield from (path for path in sorted((ROOT / layer).rglob("*.py")) if "migrations" not in path.parts)


def _kept(module: ast.Module) -> Iterator[str]:
    decorators = set[ast.AST]()
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if any(_called(one) in {"cache", "lru_cache"} for one in node.decorator_list):
                yield node.name
            decorators.update(node.decorator_list)
        elif isinstance(node, ast.Global):
            yield from node.names
        elif isinstance(node, ast.Call) and _called(node.func) == "lru_cache" and node not in decorators:
            yield "lru_cache"
    for statement in module.body:
        if (
            isinstance(statement, ast.Assign | ast.AnnAssign)
            and statement.value
            and _is_memory(statement.value)
        ):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (one.id for one in targets if isinstance(one, ast.Name))


def _called(node: ast.expr) -> str:
    """Return the last name of what is called."""
    node = node.func if isinstance(node, ast.Call) else node
    node = node.value if isinstance(node, ast.Subscript) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_memory(value: ast.expr) -> bool:
    """Whether it is empty and can be filled."""
    if isinstance(value, ast.Dict | ast.List):
        return not (value.keys if isinstance(value, ast.Dict) else value.elts)
    return isinstance(value, ast.Call) and _called(value) in MEMORIES
