"""The migration that gives an extension one holder settles those that several have, also while the product serves."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from backend.core.operation.live_migration import live
from tests.databases import CommittedDatabase

APP, BEFORE, IT = "organization", "0006_extension", "0007_one_holder"
LAST_HOUR, LAST_YEAR = dt.timedelta(hours=1), dt.timedelta(days=365)


@pytest.mark.parametrize("serves", [False, pytest.param(True, marks=pytest.mark.full)])
def test_an_extension_of_several_stays_with_who_signed_in_last(
    committed_db: CommittedDatabase, serves: bool
) -> None:
    owner, now = connections["owner"], timezone.now()
    executor = MigrationExecutor(owner)
    state = executor.loader.project_state((APP, BEFORE))
    executor.unapply_migration(state, executor.loader.get_migration(APP, IT))
    users = state.apps.get_model(APP, "User").objects.using("owner")
    for name, extension, signed_in, is_active in (
        ("dun", "1001", LAST_YEAR, True),
        ("bugun", "1001", LAST_HOUR, True),
        ("hic", "1001", None, True),
        ("ayrilan", "1001", dt.timedelta(), False),
        ("eski", "1002", None, True),
        ("yeni", "1002", None, True),
        ("tek", "1003", None, True),
        ("birinci", "", LAST_HOUR, True),
        ("ikinci", "", LAST_HOUR, True),
    ):
        at = None if signed_in is None else now - signed_in
        users.create(username=name, extension=extension, last_login=at, is_active=is_active)
    with live(owner) if serves else nullcontext():
        again = MigrationExecutor(owner)
        again.migrate([(APP, IT)])
    kept = dict(users.exclude(extension="").values_list("username", "extension"))
    assert kept == {"bugun": "1001", "ayrilan": "1001", "eski": "1002", "tek": "1003"}
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'an_extension_has_one_holder'::regclass"
        )
        assert cursor.fetchone() == (True,)
