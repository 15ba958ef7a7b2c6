"""Loading demo data: repeatable, and never in production (interrupted: `test_demo_data.py`; two: `test_demo.py`)."""

from __future__ import annotations

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
from permissions.demo.complaints import cases
from permissions.demo.world import moments
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
