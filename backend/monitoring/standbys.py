"""How the standbys that answer reads stand, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from backend.core.standby import is_configured
from backend.core.standby.replay import Replay, replays
from backend.monitoring.judging import State
from backend.monitoring.lines import StatusLine, ago, status_line


def standby_lines() -> Iterator[StatusLine]:
    """A line for each host of DATABASE_READ_URL. None of them has failed: the primary answers in their place."""
    if not is_configured():
        sentence = _("None is set up: the primary answers all reads.")
        remedy = _("To read from standbys, set DATABASE_READ_URL (docs/operations/cluster.md).")
        yield status_line("standby", _("Standbys"), State.NOT_SET_UP, sentence, remedy)
    yield from map(_line, replays())


def _line(replay: Replay) -> StatusLine:
    title = _("Standby %(host)s") % {"host": replay.host}
    state, remedy = State.ATTENTION, ""
    if not replay.answers:
        sentence = _("Does not answer: the primary answers the reads too.")
        remedy = _("See whether its PostgreSQL runs and the role of the product may connect.")
    elif not replay.is_standby:
        sentence = _("It is no standby but writes itself: reads do not spare the primary.")
        remedy = _("Let DATABASE_READ_URL name standbys, or the pooler's address of them (docs/scaling.md).")
    elif replay.is_behind:
        sentence = (
            _("It has replayed nothing yet; the primary answers the reads.")
            if replay.age is None
            else _("Its last change is %(ago)s old; the primary answers the reads.")
        )
        remedy = _("See whether it receives the journal (pg_stat_wal_receiver) and what holds its replay up.")
    else:
        state, sentence = State.GOOD, _("Answers reads, up to date.")
    return status_line("standby", title, state, sentence, remedy, ago=ago(replay.age or 0))
