"""The one calendar of the municipality: the law's holidays and every announced administrative leave."""

from backend.core.calendar import LeaveKind, WorkingCalendar
from backend.organization.models import AdministrativeLeave


def working_calendar() -> WorkingCalendar:
    """The municipality's working days, with every announced administrative leave."""
    rows = AdministrativeLeave.objects.values_list("day", "half_day")
    return WorkingCalendar({day: LeaveKind.AFTERNOON if half else LeaveKind.FULL_DAY for day, half in rows})
