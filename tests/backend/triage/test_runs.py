"""A training that a person asks for: one row from the asking to the score, killed and run again, asked twice."""

from __future__ import annotations

import datetime as dt
import subprocess
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from backend.core.errors import DomainError
from backend.core.operation.long_work import StopError
from backend.core.session import system
from backend.triage import jobs, runs, serving, training
from backend.triage.choices import Standing
from backend.triage.models import RouterVersion
from tests.backend.triage.cases import close, texts
from tests.cast import Cast, signed_in
from tests.factories import refetch
from tests.schema.client import Asking

FOLLOWED = 'id="run" class="ok-stack" data-follow="2"'
LIST = "/admin/triage/routerversion/"
TRAIN = "routerVersion { id number status stepDone stepTotal askedBy { __typename } fault cases }"


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    serving.forget()
    yield
    serving.forget()


def begin(cast: Cast, **facts: Any) -> RouterVersion:
    with system():
        return runs.start(by=cast.administrator, **facts)


def page(cast: Cast, row: RouterVersion) -> str:
    return signed_in(cast.administrator).get(f"{LIST}{row.key}/change/").content.decode()


def test_it_is_asked_for_once_followed_and_becomes_a_version(cast: Cast) -> None:
    close(cast, texts(130))
    desk = signed_in(cast.administrator)
    assert "Şimdi eğit" in desk.get(LIST).content.decode()
    assert "Şimdi eğit" not in signed_in(cast.secretary).get(LIST).content.decode()
    assert signed_in(cast.secretary).post(f"{LIST}train/").status_code in (403, 404)
    refused = desk.post(f"{LIST}train/", {"cases": "7"}).content.decode()
    assert 'value="7"' in refused, "what was typed is kept"
    asked = [desk.post(f"{LIST}train/", {"cases": "500"})["location"] for _click in range(2)]
    assert asked[0] == asked[1], "a second click"
    with system():
        row = RouterVersion.objects.get()
    assert (row.status, row.number, row.cases) == (Standing.WAITING, 1, 500)
    assert FOLLOWED in page(cast, row)
    seen: list[int] = []
    report = runs._report_progress

    def reported(*progress: Any) -> None:
        report(*progress)
        seen.append(refetch(row).share)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "_report_progress", reported)
        patch.setattr("backend.core.operation.long_work.TELL_SECONDS", 0.0)
        assert runs.train(str(row.key)) is not None
    assert seen == sorted(seen)
    assert seen[-1] > 50
    row = refetch(row)
    assert row.status in (Standing.IN_FORCE, Standing.WEAK)
    assert (row.cases, row.asked_by, bool(row.digest)) == (130, cast.administrator, True)
    shown = page(cast, row)
    assert FOLLOWED not in shown
    assert "Nasıl ölçüldü" in shown
    assert runs.train(str(row.key)) is None, "the job once more changes nothing"
    assert begin(cast).number == 2


def test_what_was_killed_runs_again_and_an_earlier_run_writes_nothing(cast: Cast) -> None:
    close(cast, texts(130))
    row = begin(cast)
    with system():
        first = runs._taken(str(row.key))
        assert first is not None
        runs._report_progress(first, "judge", 2, 5)
        assert "Çalışıyor" in page(cast, row)
        second = runs._taken(str(row.key))
        assert second is not None
        assert refetch(row).share == 0
        with pytest.raises(StopError):
            runs._report_progress(first, "fit", 1, 1)
        with pytest.raises(StopError):
            training.wanted(first)
        assert runs._taken(str(row.key)) is not None
        assert runs._taken(str(row.key)) is None, "three times, not more"
    assert refetch(row).status == Standing.FAILED
    assert "tamamlanamadı" in page(cast, row)


def test_a_silent_one_gives_way_and_too_few_cases_are_told(cast: Cast) -> None:
    row = begin(cast)
    with system():
        runs._taken(str(row.key))
        RouterVersion.objects.filter(pk=row.pk).update(seen_at=timezone.now() - dt.timedelta(hours=1))
    assert "Cevap yok" in page(cast, row)
    again = begin(cast)
    assert (again.number, refetch(row).status) == (2, Standing.FAILED)
    assert runs.train(str(again.key)) is None
    assert "en az 100" in refetch(again).fault
    for cases in (99, 10_001):
        with pytest.raises(DomainError):
            begin(cast, cases=cases)


def test_programs_ask_for_it_too(cast: Cast) -> None:
    answer = Asking(cast.administrator).does("routerTrain", TRAIN, cases=100)
    assert answer["errors"] == []
    assert (answer["routerVersion"]["status"], answer["routerVersion"]["cases"]) == ("WAITING", 100)
    refused = Asking(cast.secretary).does("routerTrain", TRAIN)
    assert [error["code"] for error in refused["errors"]] == ["FORBIDDEN"]
    wrong = Asking(cast.administrator).does("routerTrain", TRAIN, cases=1)
    assert [(error["code"], error["field"]) for error in wrong["errors"]] == [("INVALID", "cases")]


def test_a_process_that_ends_badly_has_failed(cast: Cast, monkeypatch: Any) -> None:
    row = begin(cast)
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(subprocess.SubprocessError):
        jobs.train_now(key=str(row.key))
    assert refetch(row).status == Standing.FAILED


def test_a_training_that_another_one_took_over_says_nothing_of_its_own(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    """What became of it stands in its row: the log of the worker must not say that nothing was learned."""
    call_command("train_router", "--into", str(uuid.uuid4()))
    assert capsys.readouterr().out == ""
