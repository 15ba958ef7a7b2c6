"""Whoever runs the product can see which path answered, and why not the compiled one."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from prometheus_client import REGISTRY

from backend.core.session import system
from backend.journal.models import AccessLog
from schema.http import compiled
from tests.cast import Cast
from tests.factories import make_complaint
from tests.schema.client import Asking

QUERY = "{ complaints(first: 2) { nodes { reference subject applicant { fullName } } } }"
ON = override_settings(GRAPHQL_COMPILED_READS=True)


def counted(path: str, reason: str = "") -> float:
    return REGISTRY.get_sample_value("graphql_operations_total", {"path": path, "reason": reason}) or 0


@ON
def test_each_operation_is_counted_with_its_path_and_reason(cast: Cast) -> None:
    asking = Asking(cast.secretary)
    before = counted("compiled"), counted("interpreted", "reads"), counted("interpreted", "no_query")
    asking.data(QUERY)
    asking.data("{ me { username } }")
    asking.does("complaintComment", id="x", body="y")
    after = counted("compiled"), counted("interpreted", "reads"), counted("interpreted", "no_query")
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]


@ON
def test_the_time_of_each_part_is_told_outside_production_only(cast: Cast, settings: Any) -> None:
    asking = Asking(cast.secretary)
    told = asking.post(QUERY).headers["Server-Timing"]
    assert told.startswith('path;desc="compiled", session;dur=')
    assert "database;dur=" in told
    settings.ENVIRONMENT = "production"
    assert "Server-Timing" not in asking.post(QUERY).headers


@ON
def test_the_text_goes_out_as_an_answer_like_any_other(cast: Cast) -> None:
    make_complaint('Işık "yanmıyor"\n\\', to=cast.fen)
    compiled_answer = Asking(cast.fen_clerk).post(QUERY)
    with override_settings(GRAPHQL_COMPILED_READS=False):
        interpreted = Asking(cast.fen_clerk).post(QUERY)
    assert compiled_answer.json() == interpreted.json()
    assert compiled_answer["Content-Type"] == interpreted["Content-Type"]
    assert compiled_answer["Cache-Control"] == interpreted["Cache-Control"] == "no-store"


@ON
def test_persons_shown_are_noted_and_their_numbers_do_not_leave(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen)
    text = Asking(cast.fen_clerk).post(QUERY).content.decode()
    assert '"#"' not in text
    with system():
        (reading,) = AccessLog.objects.all()
        assert (reading.reader, reading.subject_ids) == (cast.fen_clerk, [complaint.applicant_id])
        assert reading.purpose == "GraphQL"


@ON
def test_a_statement_that_the_database_refuses_is_asked_again_interpreted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_complaint("Çukur", to=cast.fen)
    compiled.plans.clear()
    real = compiled.fetched
    monkeypatch.setattr(compiled, "fetched", lambda statement, _parameters: real(statement, []))
    before = counted("interpreted", "database")
    assert Asking(cast.fen_clerk).data(QUERY)["complaints"]["nodes"][0]["subject"] == "Çukur"
    assert counted("interpreted", "database") == before + 1


@ON
def test_a_fault_of_the_compiler_is_counted_and_no_fault_of_the_answer(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_complaint("Çukur", to=cast.fen)
    monkeypatch.setattr(compiled.plans, "plan", lambda _question: 1 / 0)
    before = counted("interpreted", "fault")
    assert Asking(cast.fen_clerk).data(QUERY)["complaints"]["nodes"][0]["subject"] == "Çukur"
    assert counted("interpreted", "fault") == before + 1


def explained(query: str, tmp_path: Path, user: str) -> str:
    file, out = tmp_path / "query.graphql", StringIO()
    file.write_text(query, encoding="utf-8")
    call_command("explain_query", str(file), "--as", user, stdout=out)
    return out.getvalue()


def test_a_query_is_explained_without_showing_anybodys_data(cast: Cast, tmp_path: Path) -> None:
    make_complaint("Çukur var", to=cast.fen)
    text = explained(QUERY, tmp_path, cast.fen_clerk.username)
    for part in ("compiled:", "SELECT row_to_json", "$1::bigint", "Execution Time", "the interpreted path"):
        assert part in text
    assert "Çukur" not in text
    assert "interpreted, because: reads" in explained(
        "{ me { username } }", tmp_path, cast.fen_clerk.username
    )


def test_nobody_is_no_asker(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        explained(QUERY, tmp_path, "yok")
