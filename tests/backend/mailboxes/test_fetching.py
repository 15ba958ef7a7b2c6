"""Fetching from a real Dovecot: each mail once, none lost, wherever the process ends."""

from __future__ import annotations

import imaplib
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from backend.core.session import system
from backend.mailboxes import actions, fetching, intake
from backend.mailboxes.choices import Fault, Note, Security
from backend.mailboxes.imap import line
from backend.mailboxes.models import InboundFile, InboundMessage, Mailbox
from tests.backend.mailboxes import dovecot
from tests.backend.mailboxes.corpus import PICTURE, RECIPES, TEXT, TURKISH, multipart, plain
from tests.backend.mailboxes.dovecot import LOGIN, PASSWORD, Server
from tests.backend.mailboxes.rows import make_mailbox
from tests.backend.mailboxes.test_desk import FACTS
from tests.databases import ROOT, CommittedDatabase
from tests.factories import make_department

pytestmark = pytest.mark.full
STEPS = ("fetched", "stored", "committed", "marked")


@pytest.fixture
def server() -> Iterator[Server]:
    with dovecot.running() as running:
        yield running


@pytest.fixture
def mailbox(committed_db: CommittedDatabase, server: Server, tmp_path: Path, settings: object) -> Mailbox:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    row = make_mailbox(make_department("ozel-kalem"), host="localhost", port=server.ssl, login=LOGIN)
    row.seal_secret(PASSWORD)
    with system():
        row.save()
    return row


def fetch(mailbox: Mailbox, server: Server) -> int:
    return fetching.fetch(mailbox.pk, ssl.create_default_context(cafile=str(server.ca)))


def mails() -> list[InboundMessage]:
    with system():
        return list(InboundMessage.objects.order_by("uid_validity", "uid"))


def state(mailbox: Mailbox) -> Mailbox:
    with system():
        return Mailbox.objects.get(pk=mailbox.pk)


def numbered(count: int) -> list[bytes]:
    return [
        plain(f"{TURKISH} {n}", subject=f"Konu {n}", Message_ID=f"<{n}@posta.example>") for n in range(count)
    ]


def test_each_mail_is_stored_once_and_marked_after_it(mailbox: Mailbox, server: Server) -> None:
    server.deliver(
        *numbered(3), multipart("multipart/mixed", TEXT, PICTURE, Message_ID="<foto@posta.example>")
    )
    assert fetch(mailbox, server) == 4
    assert [row.subject for row in mails()[:3]] == ["Konu 0", "Konu 1", "Konu 2"]
    assert server.seen() == 4
    with system():
        assert InboundFile.objects.get().name == "foto.png"
        originals = [row.file.open().read() for row in InboundMessage.objects.order_by("uid")]
    assert originals[0] == numbered(3)[0]
    assert state(mailbox).fault == ""
    assert state(mailbox).checked_at is not None
    assert fetch(mailbox, server) == 0
    server.deliver(plain("yeni", Message_ID="<yeni@posta.example>"))
    assert fetch(mailbox, server) == 1


def test_the_moment_of_receipt_is_the_servers_and_not_the_senders(mailbox: Mailbox, server: Server) -> None:
    before = time.time()
    server.deliver(plain("eski", Date="Mon, 23 Nov 2020 10:15:00 +0300"))
    fetch(mailbox, server)
    row = mails()[0]
    assert row.sent_at is not None
    assert row.sent_at.year == 2020
    assert before - 2 <= row.received_at.timestamp() <= time.time() + 1


def test_a_mailbox_that_was_numbered_anew_doubles_nothing(mailbox: Mailbox, server: Server) -> None:
    server.deliver(*numbered(3))
    fetch(mailbox, server)
    first = state(mailbox).uid_validity
    time.sleep(1.1)  # the number is a time in seconds
    server.begin_anew()
    server.deliver(plain("sonra", Message_ID="<sonra@posta.example>"))
    assert fetch(mailbox, server) == 1
    assert state(mailbox).uid_validity != first
    assert len(mails()) == 4


def test_every_mail_of_the_corpus_is_kept(mailbox: Mailbox, server: Server) -> None:
    raw = {one.name: one.raw for one in RECIPES if one.raw.strip() and len(one.raw) < 1_000_000}
    server.deliver(*raw.values())
    count = fetch(mailbox, server) + fetch(mailbox, server)
    assert state(mailbox).fault == ""
    stored = {row.sha256 for row in mails()}
    assert count == len(stored) >= 80
    assert server.seen() == len(raw)


def test_starttls_and_a_folder_of_another_name(mailbox: Mailbox, server: Server) -> None:
    with system():
        Mailbox.objects.filter(pk=mailbox.pk).update(
            security=Security.STARTTLS, port=server.starttls, folder="Başvurular"
        )
    server.deliver(plain("kutuda"), folder="Ba&AV8-vurular")
    assert fetch(mailbox, server) == 1
    assert state(mailbox).fault == ""


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"login": "baska", "port": 1}, Fault.LINE),
        ({"folder": "Yok"}, Fault.FOLDER),
        ({"secret": b"0" * 40}, Fault.KEY),
        ({"host": "127.0.0.2"}, Fault.LINE),  # the certificate is not its
    ],
)
def test_why_a_mailbox_cannot_be_read_is_noted(
    change: dict[str, object], fault: Fault, mailbox: Mailbox, server: Server
) -> None:
    with system():
        Mailbox.objects.filter(pk=mailbox.pk).update(**change)
    assert fetch(mailbox, server) == 0
    row = state(mailbox)
    assert row.fault == fault
    assert row.failing_since is not None


def test_a_wrong_password_is_noted_and_forgotten_once_it_is_right(mailbox: Mailbox, server: Server) -> None:
    mailbox.seal_secret("yanlis")
    with system():
        mailbox.save()
    fetch(mailbox, server)
    assert state(mailbox).fault == Fault.SIGN_IN
    mailbox.seal_secret(PASSWORD)
    with system():
        mailbox.save()
    fetch(mailbox, server)
    assert (state(mailbox).fault, state(mailbox).failing_since) == ("", None)


def test_a_mail_larger_than_is_fetched_stays_at_the_server(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 10_000)
    monkeypatch.setattr(fetching, "BEGINNING", 1_000)
    server.deliver(plain("uzun " * 10_000), plain("kısa", Message_ID="<2@posta.example>"))
    assert fetch(mailbox, server) == 2
    long, short = mails()
    assert Note.TOO_LARGE in long.notes
    assert long.size <= 1_000
    assert Note.TOO_LARGE not in short.notes


def test_a_fault_in_storing_one_loses_none_of_the_next(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read is kept as it came."""

    def broken(raw: bytes) -> object:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr("backend.mailboxes.intake.parsed", broken)
        server.deliver(*numbered(2))
        assert fetch(mailbox, server) == 2
    assert all(row.notes == [Note.BROKEN] for row in mails())


def test_a_run_has_an_end_and_the_next_goes_on(mailbox: Mailbox, server: Server) -> None:
    """How many a second that is, `python -m benchmarks.mails` says."""
    server.deliver(*numbered(2 * fetching.MOST_A_RUN))
    assert [fetch(mailbox, server) for _run in range(3)] == [fetching.MOST_A_RUN, fetching.MOST_A_RUN, 0]


# -- what is not handed over, or cannot be stored --------------------------------------------------------------
class Deaf:
    """A server's connection that hands over no mail whose text has a word, and refuses several with one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, word: str, *, answer: str) -> None:
        self.word, self.answer, self.plain = word.encode(), answer, imaplib.IMAP4.uid
        monkeypatch.setattr(imaplib.IMAP4, "uid", lambda *args: self.uid(*args))

    def uid(self, client: imaplib.IMAP4, command: str, *args: str) -> tuple[str, list[object]]:
        code, answers = self.plain(client, command, *args)
        if command != "FETCH" or not any(self.is_hit(one) for one in answers):
            return code, answers
        if self.answer == "OK":  # as if it had none of it
            return code, [one for one in answers if not self.is_hit(one)]
        if self.answer == "BYE":
            client.shutdown()
            raise imaplib.IMAP4.abort("BYE")
        if self.answer == "BAD":
            raise imaplib.IMAP4.error("BAD")
        return "NO", []

    def is_hit(self, answer: object) -> bool:
        return isinstance(answer, tuple) and self.word in answer[1]


@pytest.mark.parametrize("answer", ["NO", "BAD", "OK"])
def test_a_mail_that_the_server_does_not_hand_over_stops_none_and_is_asked_for_again(
    answer: str, mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(*numbered(5))
    with monkeypatch.context() as patch:
        Deaf(patch, "Subject: Konu 2", answer=answer)
        assert (fetch(mailbox, server), fetch(mailbox, server)) == (4, 0)
        assert (state(mailbox).fault, state(mailbox).not_taken) == ("", [3])
        assert server.seen() == 4, "it is not marked either"
        server.deliver(plain("sonra", Message_ID="<sonra@posta.example>"))
        assert fetch(mailbox, server) == 1
    assert fetch(mailbox, server) == 1
    assert sorted(row.subject for row in mails() if row.subject.startswith("Konu")) == [
        f"Konu {n}" for n in range(5)
    ]
    assert (server.seen(), state(mailbox).not_taken) == (6, [])


def test_a_mail_over_which_the_server_breaks_the_line_stops_none(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(*numbered(5))
    with monkeypatch.context() as patch:
        Deaf(patch, "Subject: Konu 2", answer="BYE")
        runs = [(fetch(mailbox, server), state(mailbox).fault, state(mailbox).not_taken) for _run in range(4)]
    assert runs == [(0, Fault.LINE, []), (2, Fault.LINE, [3]), (2, "", [3]), (0, "", [3])]
    assert fetch(mailbox, server) == 1
    assert (len(mails()), server.seen(), state(mailbox).not_taken) == (5, 5, [])


def test_what_was_not_handed_over_and_is_removed_is_forgotten(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(*numbered(2))
    with monkeypatch.context() as patch:
        Deaf(patch, "Subject: Konu 0", answer="NO")
        assert fetch(mailbox, server) == 1
    assert state(mailbox).not_taken == [1]
    monkeypatch.setattr(fetching, "_still", lambda server, uids: [])
    assert (fetch(mailbox, server), state(mailbox).not_taken) == (0, [])


@pytest.mark.parametrize("way", ["read", "bare"])
def test_a_mail_that_cannot_be_stored_stops_none(
    way: str, mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first way: not as it was read, and so as it came. The other: not at all."""
    keep = intake.keep

    def broken(box: Mailbox, raw: bytes, *, is_bare: bool, **facts: Any) -> object:
        if b"Subject: Konu 1" in raw and (way == "bare" or not is_bare):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return keep(box, raw, is_bare=is_bare, **facts)

    server.deliver(*numbered(3))
    with monkeypatch.context() as patch:
        patch.setattr(intake, "keep", broken)
        assert fetch(mailbox, server) == (3 if way == "read" else 2)
    rows = {row.uid: row for row in mails()}
    assert (rows[1].subject, rows[3].subject) == ("Konu 0", "Konu 2")
    if way == "read":
        assert (rows[2].subject, rows[2].notes, rows[2].file.open().read()) == (
            "", [Note.BROKEN], numbered(3)[1]
        )  # fmt: skip
    else:
        assert state(mailbox).not_taken == [2]
        assert server.seen() == 2
        assert fetch(mailbox, server) == 1
    assert server.seen() == 3


def test_a_disk_that_refuses_is_no_fault_of_the_line(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_facts: object) -> None:
        raise PermissionError("a file")

    server.deliver(*numbered(2))
    monkeypatch.setattr(intake, "keep", full)
    assert (fetch(mailbox, server), state(mailbox).fault, server.seen()) == (0, Fault.KEEPING, 0)


def test_a_moment_of_receipt_that_is_none_stops_nothing() -> None:
    assert fetching._moment(" 3-Nov-2026 10:15:00 +0300").day == 3
    for broken in ("", "0-Xxx-0000", "32-Nov-2026 25:61:00 +0300", "31-Dec-0001 00:00:00 +1400"):
        assert fetching._moment(broken) <= timezone.now()


def test_a_server_that_does_not_let_mark_is_read_all_the_same(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(*numbered(2))
    plainly = imaplib.IMAP4.uid

    def refusing(client: imaplib.IMAP4, command: str, *args: str) -> tuple[str, list[object]]:
        return ("NO", []) if command == "STORE" else plainly(client, command, *args)

    with monkeypatch.context() as patch:
        patch.setattr(imaplib.IMAP4, "uid", refusing)
        assert (fetch(mailbox, server), state(mailbox).fault, server.seen()) == (2, "", 0)
    assert (fetch(mailbox, server), server.seen()) == (0, 2)


# -- other settings, many mails, slow servers ------------------------------------------------------------------
def test_another_folder_with_the_same_numbers_loses_nothing(mailbox: Mailbox, server: Server) -> None:
    server.deliver(*numbered(3))
    server.deliver(
        *(plain(f"öbür {n}", Message_ID=f"<b{n}@posta.example>") for n in range(2)), numbered(1)[0],
        folder="Gelen",
    )  # fmt: skip
    assert fetch(mailbox, server) == 3
    validity = state(mailbox).uid_validity
    row = state(mailbox)
    facts = {name: getattr(row, name) for name in FACTS}
    with system():
        actions.save_mailbox(row, by=None, department=row.department, folder="Gelen", **facts)
        InboundMessage.objects.update(uid_validity=validity)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetching, "_uid_validity", lambda server: validity)  # as two servers may have
        assert fetch(mailbox, server) == 2, "the third is here already"
    assert len(mails()) == 5


def test_a_run_under_former_settings_ends_and_writes_nothing_into_the_new_ones(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(*numbered(3))
    monkeypatch.setattr(fetching, "AT_ONCE", 1)
    contents, asked = fetching._contents, list[int]()

    def changed(*args: Any) -> dict[int, bytes]:
        asked.append(1)
        if len(asked) == 2:
            with system():
                Mailbox.objects.filter(pk=mailbox.pk).update(generation=2, uid_validity=None, last_uid=0)
        return contents(*args)

    monkeypatch.setattr(fetching, "_contents", changed)
    assert fetch(mailbox, server) == 1
    row = state(mailbox)
    assert (row.generation, row.uid_validity, row.last_uid, row.fault) == (2, None, 0, "")
    assert [one.subject for one in mails()] == ["Konu 0"]


def test_numbers_are_searched_by_stretches(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "WINDOW", 2)
    monkeypatch.setattr(fetching, "AT_ONCE", 2)
    monkeypatch.setattr(fetching, "MOST_A_RUN", 3)
    monkeypatch.setattr(fetching, "MARKED_AT_ONCE", 1)
    server.deliver(*numbered(7))
    assert [fetch(mailbox, server) for _run in range(4)] == [3, 3, 1, 0]
    assert (len(mails()), server.seen(), state(mailbox).last_uid) == (7, 7, 7)


def test_a_server_that_does_not_say_where_numbers_end(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_uid_end", lambda server: None)
    server.deliver(*numbered(3))
    assert [fetch(mailbox, server), fetch(mailbox, server)] == [3, 0]


def test_a_run_has_an_end(mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.deliver(*numbered(2))
    with monkeypatch.context() as patch:
        patch.setattr(fetching, "SECONDS_A_RUN", -1)
        assert (fetch(mailbox, server), state(mailbox).fault) == (0, "")
    with monkeypatch.context() as patch:
        patch.setattr(line, "MOST_SECONDS", 0.5)
        patch.setattr(fetching, "_listed", lambda server, uids: server.client.readline())  # it says nothing
        began = time.monotonic()
        fetch(mailbox, server)
        assert time.monotonic() - began < 10
    assert fetch(mailbox, server) == 2


KILLED = """
import os, signal, ssl, sys
import django
django.setup()
from django.db import transaction
from backend.mailboxes import fetching, intake
step, left = sys.argv[3], 3

def die(at):
    global left
    if at == step:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

keep, store, mark = intake.keep, fetching._keep, fetching._mark

def fetched(*args, **facts):
    die("fetched")
    row = keep(*args, **facts)
    die("stored")
    return row

def stored(*args):
    count = store(*args)
    die("committed")
    return count

def marked(server, uids):
    if uids and step == "marked":
        mark(server, uids[:2])
        os.kill(os.getpid(), signal.SIGKILL)
    mark(server, uids)

intake.keep, fetching._keep, fetching._mark = fetched, stored, marked
fetching.fetch(int(sys.argv[1]), ssl.create_default_context(cafile=sys.argv[2]))
"""


@pytest.mark.parametrize("step", STEPS)
def test_kill_9_in_each_step_loses_nothing_and_doubles_nothing(
    step: str, mailbox: Mailbox, server: Server, committed_db: CommittedDatabase
) -> None:
    server.deliver(*numbered(7))
    environment = committed_db.environment | {
        "OZELKALEM_ENVIRONMENT": "test",
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "tests.settings"),
    }
    command = [sys.executable, "-c", KILLED, str(mailbox.pk), str(server.ca), step]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == -9, done.stderr
    before = len(mails())
    assert before == {"fetched": 2, "stored": 2, "committed": 3, "marked": 7}[step]
    assert fetch(mailbox, server) == 7 - before
    assert sorted(row.subject for row in mails()) == [f"Konu {n}" for n in range(7)]
    assert server.seen() == 7
    assert fetch(mailbox, server) == 0
