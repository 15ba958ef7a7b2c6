"""The clock of a case in words: the three dates and what made each of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from admin_ui.core.display import date_text, is_running, time_left
from backend.complaints.law.deadlines import Unit
from backend.complaints.models import Complaint


@dataclass
class Day:
    """One of the dates, with what is left of it in words and a tone."""

    title: str
    on: dt.date | None
    left: str = ""
    tone: str = ""
    is_main: bool = False


@dataclass
class Clock:
    days: list[Day]
    reasons: list[str] = field(default_factory=list)
    stands_still: str = ""


def clock(complaint: Complaint) -> Clock:
    """Reads the row and its `deadline_inputs` only."""
    days = [_day(_("Target date"), complaint.target_on, complaint, is_main=True)]
    if complaint.legal_due_on:
        days.append(_day(_("Legal date"), complaint.legal_due_on, complaint))
    if complaint.raw_due_on and complaint.raw_due_on != complaint.legal_due_on:
        days.append(Day(_("Limit as counted"), complaint.raw_due_on))
    return Clock(days, _reasons(complaint.deadline_inputs), _standing(complaint))


def _standing(complaint: Complaint) -> str:
    """Why the clock stands still, or ""."""
    if day := complaint.deadline_inputs.get("payment_due"):
        text = _("The clock stands still until the fee is paid, at the latest on %(day)s.")
        return text % {"day": _iso(day)}
    if complaint.is_stopped:
        text = _("It has been waiting since %(day)s. These days are not counted into the target.")
        return text % {"day": date_text(complaint.waiting_since)}
    return ""


def _day(title: str, on: dt.date, complaint: Complaint, is_main: bool = False) -> Day:
    left, tone = time_left(complaint, on) if is_running(complaint) else ("", "")
    return Day(title, on, left, tone, is_main)


def _iso(text: str | None) -> str:
    return date_text(dt.date.fromisoformat(text)) if text else "–"


def _unit(inputs: dict[str, object]) -> str:
    unit = inputs.get("unit")
    return str(Unit(unit).label) if unit in {item.value for item in Unit} else ""


def _reasons(inputs: dict[str, Any]) -> list[str]:
    items = []
    if article := inputs.get("article"):
        items.append(f"{article}: {inputs.get('days')} {_unit(inputs)}")
    if days := inputs.get("sla_days"):
        items.append(
            _("The municipality's own target: %(days)s %(unit)s") % {"days": days, "unit": _unit(inputs)}
        )
    if day := inputs.get("cimer_due_on"):
        items.append(_("CİMER shows %(day)s") % {"day": _iso(day)})
    if day := inputs.get("starts_on"):
        items.append(_("Counted from %(day)s") % {"day": _iso(day)})
    if day := inputs.get("restarted_on"):
        items.append(_("Counted anew from the reopening on %(day)s") % {"day": _iso(day)})
    if extension := inputs.get("extension"):
        values = {"day": _iso(extension["granted_on"]), "days": extension["days"], "unit": _unit(inputs)}
        items.append(_("Extended on %(day)s to %(days)s %(unit)s") % values)
    if fee := inputs.get("fee_notice"):
        items.append(
            _("Fee asked for on %(day)s, paid on %(paid)s")
            % {"day": _iso(fee["notified_on"]), "paid": _iso(fee["paid_on"])}
        )
    return [*items, *_days_off(inputs)]


def _days_off(inputs: dict[str, Any]) -> list[str]:
    """The days that were not counted, and by which table of holidays."""
    items = []
    for first, last in inputs.get("waits", []):
        values = {"first": _iso(first), "last": _iso(last)}
        items.append(_("Not counted, because it waited: %(first)s to %(last)s") % values)
    for holiday in inputs.get("holidays", []):
        names = ", ".join(holiday["names"])
        items.append(_("%(day)s is a holiday: %(names)s") % {"day": _iso(holiday["on"]), "names": names})
    if version := inputs.get("calendar_version"):
        items.append(_("Computed by version %(version)s of the table of holidays") % {"version": version})
    for day in inputs.get("leave_days", []):
        counts = inputs.get("leave_counts")
        text = (
            _("%(day)s is administrative leave")
            if counts
            else _("%(day)s is administrative leave; the legal date stays")
        )
        items.append(text % {"day": _iso(day)})
    return items
