"""How the installation stands, in sentences: what it is about, how it stands, and what to do."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Iterator
from typing import cast

import django
from django.conf import settings
from django.core.files.storage import storages
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.core.calendar import is_estimated
from backend.core.errors import FilesAwayError
from backend.core.localtime import local_date, today
from backend.core.operation.release import release
from backend.core.storage import OfficeStorage
from backend.documents.scanning import scanner_status
from backend.file_storage import BUCKET, DISK
from backend.monitoring.certificates import certificates
from backend.monitoring.directory import directory_lines
from backend.monitoring.judging import (
    State,
    backup_state,
    certificate_state,
    feed_state,
    judge,
    restore_state,
)
from backend.monitoring.lines import StatusLine as StatusLine
from backend.monitoring.lines import ago as _ago
from backend.monitoring.lines import status_line as _line
from backend.monitoring.measuring import Measured, Outbox, Webhooks, given_up
from backend.monitoring.standbys import standby_lines
from backend.organization.calendar import working_calendar
from backend.outbox.sms import sms_port

WORST = (State.FAILED, State.ATTENTION, State.GOOD)
CONFIRMED_FROM = 10
"""From this month on the holidays of the next year should be confirmed: the religious ones are announced in autumn."""


def status_lines(measured: Measured) -> list[StatusLine]:
    """Tell everything; hosts of certificates and the virus scanner are asked for it."""
    states = {each.check: each.state for each in judge(measured)}
    return [
        _worker(measured, states["worker"]),
        _jobs(measured, states["jobs"]),
        _schedule(measured, states["schedule"]),
        _stream(measured),
        _mail(measured.outbox.get("EMAIL", Outbox()), states["mail"]),
        _sms(measured.outbox.get("SMS", Outbox()), states["sms"]),
        *_webhooks(measured.webhooks),
        _imports(measured),
        _backup(measured),
        *_archive(measured),
        _restore(measured),
        *_certificates(),
        _disk(measured, states["disk"]),
        *_files(),
        _database(measured, states["database"]),
        *standby_lines(),
        _change_feed(measured),
        _scanner(),
        *directory_lines(),
        _holidays(),
        _version(measured),
    ]


def whole_state(lines: list[StatusLine]) -> State:
    """Return the worst state among them."""
    return next(state for state in WORST if state is State.GOOD or any(line.state is state for line in lines))


def _worker(measured: Measured, state: State) -> StatusLine:
    age = measured.heartbeat
    if age is None:
        sentence = _("It has never started here: no mail leaves, no reminder comes.")
    elif state is State.GOOD:
        sentence = _("Runs; gave its last sign %(ago)s ago.")
    else:
        sentence = _("Has sent no sign for %(ago)s: no mail leaves, no reminder comes.")
    remedy = _("Run systemctl restart ozelkalem-worker. Why it stopped: journalctl -u ozelkalem-worker.")
    return _line("worker", _("Job worker"), state, sentence, remedy, ago=_ago(age or 0))


def _jobs(measured: Measured, state: State) -> StatusLine:
    due = measured.oldest_job()
    waiting = sum(each.waiting for each in measured.queues)
    lost = given_up()
    if lost and state is State.GOOD:
        sentence = ngettext(
            "%(count)s job of the last day failed for good: %(tasks)s.",
            "%(count)s jobs of the last day failed for good: %(tasks)s.",
            sum(lost.values()),
        )
        remedy = _(
            "Its log says why: journalctl -u ozelkalem-worker. Correct that, and do what the job was to do again."
        )
        values = {"count": sum(lost.values()), "tasks": ", ".join(lost)}
        return _line("jobs", _("Queue of jobs"), State.ATTENTION, sentence, remedy, **values)
    if due is None:
        sentence = _("No job is due.")
    else:
        sentence = ngettext(
            "%(count)s job waits; the oldest has been due for %(ago)s.",
            "%(count)s jobs wait; the oldest has been due for %(ago)s.",
            waiting,
        )
    remedy = _(
        "See whether the worker runs. If it does, its log says what holds it up: journalctl -u ozelkalem-worker."
    )
    return _line("jobs", _("Queue of jobs"), state, sentence, remedy, count=waiting, ago=_ago(due or 0))


def _schedule(measured: Measured, state: State) -> StatusLine:
    if measured.late_tasks:
        sentence = _("Not carried out at their time: %(tasks)s.")
    elif measured.schedule is None:
        sentence = _("No scheduled job has come yet.")
    else:
        sentence = _("The last scheduled job came %(ago)s ago.")
    remedy = _("Restart the worker. What was missed is made up for at its next time.")
    values = {"tasks": ", ".join(measured.late_tasks), "ago": _ago(measured.schedule or 0)}
    return _line("schedule", _("Scheduled jobs"), state, sentence, remedy, **values)


def _stream(measured: Measured) -> StatusLine:
    state = State.GOOD if measured.stream_listens else State.ATTENTION
    sentence = (
        _("Runs; pages show news at once.")
        if measured.stream_listens
        else _("Does not run: pages show news only when they ask again.")
    )
    remedy = _("Run systemctl restart ozelkalem-stream. Why it stopped: journalctl -u ozelkalem-stream.")
    return _line("stream", _("Stream of events"), state, sentence, remedy)


def _outbox(outbox: Outbox) -> str:
    parts = []
    if outbox.waiting:
        parts.append(
            ngettext(
                "%(count)s message waits, the oldest for %(ago)s.",
                "%(count)s messages wait, the oldest for %(ago)s.",
                outbox.waiting,
            )
            % {"count": outbox.waiting, "ago": _ago(outbox.oldest or 0)}
        )
    if outbox.failed:
        parts.append(
            ngettext(
                "%(count)s message of the last day could not be delivered.",
                "%(count)s messages of the last day could not be delivered.",
                outbox.failed,
            )
            % {"count": outbox.failed}
        )
    return " ".join(parts) or _("No message waits.")


def _mail(outbox: Outbox, state: State) -> StatusLine:
    remedy = _(
        "See whether the mail server %(host)s answers. "
        "The fault of each message stands in its row of the outgoing messages."
    )
    host = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return _line("mail", _("E-mail"), state, "%(summary)s", remedy, summary=_outbox(outbox), host=host)


def _sms(outbox: Outbox, state: State) -> StatusLine:
    if not sms_port().is_configured:
        sentence = _("No gateway is set up: no text message leaves.")
        return _line(
            "sms", _("SMS"), State.NOT_SET_UP, sentence, _("To send SMS, set OZELKALEM_SMS_GATEWAY_URL.")
        )
    remedy = _("See whether the gateway answers and the contract has credit.")
    return _line("sms", _("SMS"), state, "%(summary)s", remedy, summary=_outbox(outbox))


def _webhooks(webhooks: list[Webhooks]) -> Iterator[StatusLine]:
    if not webhooks:
        yield _line("webhooks", _("Webhooks"), State.NOT_SET_UP, _("No client has a webhook."))
    for each in webhooks:
        title = _("Webhooks of %(client)s") % {"client": each.client}
        remedy = _(
            "Write to the client's contact. Each attempt and its answer stands on the page of webhooks."
        )
        if each.off:
            sentence = _("Switched off, because its server failed for days or is gone.")
            yield _line("webhooks", title, State.ATTENTION, sentence, remedy)
        elif each.failing:
            sentence = _("Its server has not taken deliveries for %(ago)s; they are tried again.")
            yield _line("webhooks", title, State.ATTENTION, sentence, remedy, ago=_ago(each.failing))
        elif each.due and each.due > 60:
            sentence = _("%(count)s deliveries are due, the oldest for %(ago)s.")
            yield _line(
                "webhooks", title, State.ATTENTION, sentence, _("See whether the worker runs."),
                count=each.waiting, ago=_ago(each.due),
            )  # fmt: skip
        else:
            yield _line("webhooks", title, State.GOOD, _("Everything was delivered."))


def _imports(measured: Measured) -> StatusLine:
    state = State.ATTENTION if measured.imports_failed else State.GOOD
    if measured.imports_failed:
        sentence = _("An import of the last day failed.")
    elif measured.imported_at is None:
        sentence = _("No file has been imported yet.")
    else:
        sentence = _("The last import was %(ago)s ago.")
    age = 0.0 if measured.imported_at is None else (timezone.now() - measured.imported_at).total_seconds()
    remedy = _("The page Import says why. Correct the file and bring it again; nothing comes twice.")
    return _line("imports", _("Imports"), state, sentence, remedy, ago=_ago(age))


def _backup(measured: Measured) -> StatusLine:
    at = measured.backup_at
    age = None if at is None else (timezone.now() - at).total_seconds()
    sentence = _("No backup is known.") if at is None else _("The last one is of %(at)s.")
    remedy = _(
        "Run manage.py backup and look why the timer did not. "
        "Another program touches the file last-backup, "
        "and last-backup-files for attachments on disk (docs/operation.md)."
    )
    return _line(
        "backup", _("Last backup"), backup_state(age), sentence, remedy, at=_moment(at) if at else ""
    )


def _moment(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def _archive(measured: Measured) -> Iterator[StatusLine]:
    """Where the database's journal is archived (pgBackRest)."""
    if measured.archive_fails is None:
        return
    state = State.FAILED if measured.archive_fails else State.GOOD
    sentence = (
        _("The database's journal cannot be handed over; it fills the disk, and a restore ends before it.")
        if measured.archive_fails
        else _("The database's journal is handed over; a restore may end at any second.")
    )
    remedy = _("pgbackrest --stanza=ozelkalem check says why (docs/operations/backup.md).")
    yield _line("archive", _("Continuous backup"), state, sentence, remedy)


def _restore(measured: Measured) -> StatusLine:
    at = measured.restore_at
    sentence = _("No backup was ever brought back.") if at is None else _("The last one was on %(at)s.")
    remedy = _("Restore a backup on another machine, then touch last-restore (docs/operation.md).")
    return _line(
        "restore",
        _("Last proven restore"),
        restore_state(at),
        sentence,
        remedy,
        at=_moment(at) if at else "",
    )


def _certificates() -> Iterator[StatusLine]:
    found = certificates(ask_hosts=True)
    if not found:
        sentence = _("No certificate is watched.")
        remedy = _("Name the files or hosts in OZELKALEM_CERTIFICATES.")
        yield _line("certificates", _("Certificates"), State.NOT_SET_UP, sentence, remedy)
    for each in found:
        state = certificate_state(each.ends_at)
        title = _("Certificate %(name)s") % {"name": each.name}
        if each.ends_at is None:
            sentence = _("It cannot be read.")
            remedy = _("See whether the file or host is right and the account of the web may read it.")
            yield _line("certificates", title, state, sentence, remedy)
            continue
        days = (each.ends_at - timezone.now()).days
        sentence = (
            _("It ended on %(day)s.")
            if days < 0
            else ngettext(
                "%(days)s day is left, until %(day)s.", "%(days)s days are left, until %(day)s.", days
            )
        )
        remedy = _("Renew it and reload the proxy: systemctl reload nginx.")
        day = date_format(local_date(each.ends_at), "SHORT_DATE_FORMAT")
        yield _line("certificates", title, state, sentence, remedy, days=days, day=day)


def _disk(measured: Measured, state: State) -> StatusLine:
    values = {"free": filesizeformat(measured.disk_free), "whole": filesizeformat(measured.disk_bytes)}
    remedy = _("Make room in OZELKALEM_VAR, or enlarge the disk. Below 512 MB files are no longer safe.")
    return _line("disk", _("Disk"), state, _("%(free)s of %(whole)s are free."), remedy, **values)


def _files() -> Iterator[StatusLine]:
    """Where files lie in a bucket, or are being moved; the bucket is asked."""
    if BUCKET not in settings.STORAGES:
        return
    title, chosen = _("Storage of files"), settings.STORAGES["default"]
    values = {"bucket": settings.STORAGES[BUCKET]["OPTIONS"]["bucket"]}
    if chosen == settings.STORAGES[DISK]:
        sentence = _("On disk; the bucket %(bucket)s is not used yet.")
        yield _line("files", title, State.GOOD, sentence, **values)
        return
    state, sentence, remedy = State.GOOD, _("In the bucket %(bucket)s, which strangers cannot read."), ""
    try:
        storages[BUCKET].delete("asked-by-the-monitor")  # in all versions, which not every key may ask for
        if cast(OfficeStorage, storages[BUCKET]).is_public():
            state = State.FAILED
            sentence = _("Anybody can list the bucket %(bucket)s without a key.")
            remedy = _("Take away its public access at once (docs/operation.md).")
        elif "former" in chosen["OPTIONS"]:
            state, sentence = (
                State.ATTENTION,
                _("Files are being moved to another place, and are read from both."),
            )
            remedy = _("Run manage.py move_files until nothing is left; then unset OZELKALEM_FILES_FORMER.")
    except FilesAwayError:
        state, sentence = (
            State.FAILED,
            _("The bucket %(bucket)s does not answer: no file is opened or taken."),
        )
        remedy = _("See whether its server runs and the key is valid; the log says why (logger files).")
    yield _line("files", title, state, sentence, remedy, **values)


def _database(measured: Measured, state: State) -> StatusLine:
    sentence = _("%(size)s; %(used)s of %(most)s connections are in use.")
    remedy = _(
        "See which programs keep connections (pg_stat_activity); "
        "raise max_connections or use a pooler (docs/operation.md)."
    )
    values: dict[str, object] = {
        "size": filesizeformat(measured.database_bytes),
        "used": measured.connections,
        "most": measured.connections_most,
    }
    return _line("database", _("Database"), state, sentence, remedy, **values)


def _change_feed(measured: Measured) -> StatusLine:
    ahead = measured.happenings_ahead
    state = feed_state(ahead)
    if state is State.GOOD:
        sentence = _("Its weeks are ready until %(day)s.")
    elif ahead > dt.timedelta(0):
        sentence = _(
            "Its weeks are ready until %(day)s only: nothing is lost, but old events are not deleted."
        )
    else:
        sentence = _(
            "No week is ready; the worker makes them as it begins and every hour. Nothing is lost until then."
        )
    remedy = _(
        "See whether the worker runs and why its job journal.delete_change_events fails: "
        "a transaction may have been open for hours (pg_stat_activity)."
    )
    day = date_format(today() + ahead, "SHORT_DATE_FORMAT")
    return _line("change_feed", _("Change feed"), state, sentence, remedy, day=day)


def _scanner() -> StatusLine:
    title, status = _("Virus scanner"), scanner_status()
    if not status.is_configured:
        sentence = _("Not installed: attachments are not scanned.")
        return _line(
            "scanner",
            title,
            State.NOT_SET_UP,
            sentence,
            _("To scan them, install clamav-daemon and set OZELKALEM_CLAMD."),
        )
    if not status.version:
        sentence = _("Does not answer; %(count)s files wait for it and cannot be opened.")
        remedy = _("Run systemctl restart clamav-daemon.")
        return _line("scanner", title, State.FAILED, sentence, remedy, count=status.waiting)
    sentence = _("Runs (%(version)s); %(count)s files wait.")
    return _line("scanner", title, State.GOOD, sentence, version=status.version, count=status.waiting)


def _holidays() -> StatusLine:
    day = today()
    year = day.year + 1
    holidays = working_calendar().holidays(year)
    names = [name for table in (holidays.full, holidays.half) for each in table.values() for name in each]
    if not any(map(is_estimated, names)):
        state, sentence = State.GOOD, _("Those of %(year)s are confirmed.")
    elif day.month < CONFIRMED_FROM:
        state, sentence = (
            State.GOOD,
            _("Religious holidays of %(year)s are estimated until they are announced."),
        )
    else:
        state = State.ATTENTION
        sentence = _("Religious holidays of %(year)s are still estimated; legal dates rest on them.")
    remedy = _("Confirm or correct them on the page of public holidays.")
    return _line("holidays", _("Public holidays"), state, sentence, remedy, year=year)


def _version(measured: Measured) -> StatusLine:
    sentence = "%(release)s; Django %(django)s, Python %(python)s, PostgreSQL %(postgresql)s"
    values = {
        "release": release() or _("unknown"),
        "django": django.get_version(),
        "python": platform.python_version(),
        "postgresql": measured.postgresql.partition(" ")[0],
    }
    return _line("version", _("Version"), State.GOOD, sentence, **values)
