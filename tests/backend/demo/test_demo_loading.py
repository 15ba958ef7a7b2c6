"""Loading demo data: interrupted and continued, repeatable, and never in production."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from freezegun import freeze_time
from pytest_django.fixtures import Settings

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization import reference
from backend.organization.models import Department, User
from backend.portals.models import ApiToken
from permissions.demo import loading, people
from permissions.demo.complaints import cases, showcase
from permissions.demo.world import moments
from tests.databases import ROOT, CommittedDatabase
from tests.harness.tiers import size

COUNT = size(60, 120)


@contextmanager
def nothing(title: str, total: int) -> Iterator[Callable[[int], object]]:
    """Nobody listens to the progress."""
    yield lambda count: None


@pytest.mark.full
@pytest.mark.django_db
def test_an_interrupted_run_is_continued_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "CHUNK", COUNT // 3)
    with system():
        reference.load()
    told: list[int] = []

    @contextmanager
    def interrupt(title: str, total: int) -> Iterator[Callable[[int], object]]:
        def hear(count: int) -> None:
            told.append(count)
            if len(told) == 2:
                raise KeyboardInterrupt

        yield hear if title == gettext("Applications") else lambda count: None

    with pytest.raises(KeyboardInterrupt):
        loading.load_cases(COUNT, 7, loading.prepare(7), interrupt)
    assert loading.already_there() == 2 * COUNT // 3
    assert loading.load_cases(COUNT, 7, loading.prepare(7), nothing) == COUNT // 3
    with system():
        numbers = Complaint.objects.filter(source=cases.SOURCE).values_list("source_number", flat=True)
        assert sorted(int(number[-8:]) for number in numbers) == list(range(COUNT))


@pytest.mark.full
@pytest.mark.django_db
def test_equal_seeds_give_equal_stories() -> None:
    now = timezone.now()  # a story has as many steps as there was time for

    def told() -> list[tuple[str, str, str]]:
        with transaction.atomic(), freeze_time(now, tick=True):
            with system():
                reference.load()
            loading.load_cases(COUNT, 7, loading.prepare(7), nothing)
            with system():
                rows = Complaint.objects.filter(source=cases.SOURCE).order_by("source_number")
                found = list(rows.values_list("subject", "tracking_code", "applicant__first_name"))
            transaction.set_rollback(True)
        return found

    assert told() == told()
    assert moments(Random(1), 50, now) != moments(Random(2), 50, now)


@pytest.mark.full
@pytest.mark.django_db
def test_the_command_loads_everything_and_again_it_leaves_what_was_changed_and_ends_the_old_token(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_demo", complaints=30, token=True, verbosity=1)
    out = capsys.readouterr().out
    assert "okm_" in out
    assert "sekreter" in out
    with system():
        Department.objects.filter(code="zabita").update(short_name="Zabıta Md.")
    call_command("load_demo", complaints=31, token=True, verbosity=1)
    assert Department.objects.get(code="zabita").short_name == "Zabıta Md."
    with system():
        assert Complaint.objects.filter(source=cases.SOURCE).count() == 31
        assert ApiToken.objects.filter(name=people.TOKEN_NAME).count() == 2
        assert ApiToken.objects.live().filter(name=people.TOKEN_NAME).count() == 1


@pytest.mark.django_db
def test_a_production_installation_takes_no_demo_data(settings: Settings) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(CommandError):
        call_command("load_demo", complaints=10, verbosity=0)
    with system():
        assert not User.objects.exists()


@pytest.mark.full
def test_two_loadings_at_once_make_one_demo(committed_db: CommittedDatabase) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "load_demo", "--complaints", "60", "--verbosity", "0"]
    both = [subprocess.Popen(command, env=committed_db.environment) for _each in range(2)]
    assert [process.wait(600) for process in both] == [0, 0]
    with system():
        assert Complaint.objects.filter(source=cases.SOURCE).count() == 60
        assert Complaint.objects.filter(source=showcase.SOURCE).count() == len(showcase.SCENES) + 1
        numbers = Complaint.objects.values_list("year", "number")
        assert len(set(numbers)) == len(numbers)
