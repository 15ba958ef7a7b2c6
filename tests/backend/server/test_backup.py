"""Backup and restore, carried out on a database with rows in every table."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone
from model_bakery import baker, generators, random_gen
from psycopg import sql

from backend.appointments import actions as appointments
from backend.appointments.models import RequestAttachment
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.operation.backup import last_backup, last_proven_restore
from backend.core.session import system
from backend.instructions.models import InstructionAttachment
from backend.organization.models import Department, User
from backend.outbox.models import Message
from backend.programme import actions as programme
from backend.retention import actions as retention
from permissions.complaints import sharing
from permissions.core import grants, scope
from permissions.core.viewer import KEEP
from permissions.models import DepartmentGrant
from permissions.portals import idempotency as repeated
from tests.databases import CommittedDatabase
from tests.days import DAY
from tests.factories import (
    at,
    make_department,
    make_entry,
    make_instruction,
    make_principal,
    make_public_day,
    make_request,
)
from tests.kept_files import content_of
from tests.own_server import WALLS

NOT_OURS_TO_FILL = {
    "guardian_groupobjectpermission",
    "guardian_userobjectpermission",  # guardian's generic tables: this product has its own, with foreign keys
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",  # written by the queue's own functions
}


generators.add("backend.core.at_rest.columns.PasswordField", random_gen.gen_string)
generators.add("backend.core.at_rest.columns.WriteOnlyField", random_gen.gen_string)
NEEDED: dict[str, dict[str, object]] = {
    "portals_apitoken": {"expires_at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)},
    "complaints_feenotice": {"amount": 12},
    "map_publishedcell": {
        "received": 10,
        "begins_on": dt.date(2026, 1, 1),
        "ends_on": dt.date(2026, 12, 31),
    },
    "programme_publicdayrule": {
        "weekday": 3,
        "starts": dt.time(10, 30),
        "ends": dt.time(12),
        "capacity": 30,
        "valid_from": dt.date(2026, 1, 1),
        "valid_until": None,
    },
    "mailboxes_writtenmessage": {
        "is_note": True,
        "means": "",
        "message": None,
        "organisation__kind": "PRESS",
    },
    "mailboxes_writtenfile": {"written__is_note": True, "written__organisation__kind": "PRESS"},
}
"""What the constraints ask of an invented row."""


PETITION = "attachment/ab/abcdef"


def tables() -> dict[str, int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        counts = {}
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            counts[name] = cursor.fetchone()[0]
    return counts


def second_wall() -> list[tuple[object, ...]]:
    """Every policy, which tables force theirs, and every right of the application's roles."""
    found: list[tuple[object, ...]] = []
    with connections["owner"].cursor() as cursor:
        for question in WALLS:
            cursor.execute(question)
            found += cursor.fetchall()
    return found


def fill_every_table() -> None:
    """The demo's rows, and one invented row wherever the demo has none."""
    call_command("load_demo", complaints=60, verbosity=0)
    with system():
        sharing.share(Complaint.objects.earliest("pk"), user=User.objects.earliest("pk"), by=None)
        DepartmentGrant.objects.update(reason="yenilendi")  # the history's triggers write the former rows
        Department.objects.update(email="birim@belediye.example")
        Citizen.objects.update(note="kapı zili çalışmıyor")
        Complaint.objects.update(place="Enderun Caddesi")
    _fill_a_programme()
    secretary = User.objects.get(username="sekreter")
    with system():
        Message.objects.update(created_at=timezone.now() - dt.timedelta(days=5 * 366), status="SENT")
        retention.prepare(by=secretary)
    with scope.session(secretary):  # nobody else writes what they were answered
        repeated.remember("bir", "0" * 64, repeated.StoredResponse(200, b"{}"))
    empty = {name for name, count in tables().items() if not count} - NOT_OURS_TO_FILL
    with system():
        for model in apps.get_models(include_auto_created=True):
            if model._meta.db_table in empty and not model._base_manager.exists():
                baker.make(model, **NEEDED.get(model._meta.db_table, {}))  # type: ignore[call-overload]


def _fill_a_programme() -> None:
    """An entry with all that hangs on it, and a confidential one, which the house itself could not even write."""
    user, other = User.objects.order_by("pk")[:2]
    principal = make_principal(person=user)
    entry = make_entry(principal, starts_at=at(DAY, "10:00"), by=user, participants=[other])
    make_entry(principal, "Gizli", at(DAY, "14:00"), by=user, readers=(other,))
    with system():
        programme.show_press(entry, by=user)
        programme.prepare(entry, by=user, talking_points="Konuşma notu")
        asked = make_department("bilgi-notu")
        programme.ask_note(entry, by=user, department=asked, question="?", due_at=entry.starts_at)
        grant = grants.give_programme(other, KEEP, principal, by=user)
        type(grant).dated.update(reason="yenilendi")
        request, session = make_request(principal), make_public_day(principal)
        appointments.assign_to_public_day(request, session=session, by=user, means="PHONE")
        appointments.promise(request, by=user, text="Bank konulacak", due_on=today())
        baker.make(RequestAttachment, request=request)
    helping = make_department("ilgili")
    told = make_instruction(principal, asked, by=user, collaborators=[helping])
    make_instruction(principal, asked, "Gizli", by=user, readers=[other], is_confidential=True)
    with system():
        baker.make(InstructionAttachment, instruction=told)


@pytest.fixture
def full(
    committed_db: CommittedDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    request.getfixturevalue("settings").MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path / "var")
    default_storage.save(PETITION, ContentFile("dilekçe".encode()))
    fill_every_table()


@pytest.mark.usefixtures("full")
def test_what_was_backed_up_comes_back_with_its_policies_and_serves(tmp_path: Path) -> None:
    before, walls = tables(), second_wall()
    assert {name for name, count in before.items() if not count} <= NOT_OURS_TO_FILL
    file = tmp_path / "yedek.tar"
    call_command("backup", file, verbosity=0)
    assert file.stat().st_mode & 0o077 == 0
    assert (last_backup() is None, last_proven_restore()) == (False, None)
    default_storage.delete(PETITION)

    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", file)
    assert tables() == before
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM complaints_comment")
    call_command("restore", file, "--replace")

    assert tables() == before
    assert second_wall() == walls
    assert content_of(PETITION) == "dilekçe".encode()
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []
    assert last_proven_restore() is not None
    connections["default"].close()
    call_command("check", databases=["default"], fail_level="WARNING")
    with system():
        assert Complaint.objects.exists()
    assert not Complaint.objects.exists(), "nobody is named, and the second wall shows nobody anything"


@pytest.mark.full
@pytest.mark.parametrize("content", [b"", b"this is no backup"])
def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(
    committed_db: CommittedDatabase, tmp_path: Path, content: bytes
) -> None:
    before = tables()
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(CommandError, match="not a backup"):
        call_command("restore", tmp_path / "x.tar", "--replace")
    assert tables() == before


@pytest.mark.full
def test_a_backup_that_fails_leaves_the_former_one(
    committed_db: CommittedDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "yedek.tar").write_bytes(b"the former one")
    monkeypatch.setitem(connections["owner"].settings_dict, "PASSWORD", "wrong")
    with pytest.raises(CommandError):
        call_command("backup", tmp_path / "yedek.tar")
    assert (tmp_path / "yedek.tar").read_bytes() == b"the former one"
    assert os.listdir(tmp_path) == ["yedek.tar"]
