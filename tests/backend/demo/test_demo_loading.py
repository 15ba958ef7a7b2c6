"""Loading demo data: repeatable, by two at once, and never in production (interrupted: `test_demo_data.py`)."""

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
from freezegun import freeze_time
from pytest_django.fixtures import Settings

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization import reference
from backend.organization.models import User
from permissions.demo import loading
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
