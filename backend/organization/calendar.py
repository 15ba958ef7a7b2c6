"""The one calendar of the municipality: the law's holidays as corrected, and every announced administrative leave."""

from backend.core.calendar import Correction, DayKind, LeaveKind, WorkingCalendar
from backend.organization.models import AdministrativeLeave, HolidayCorrection


def working_calendar() -> WorkingCalendar:
    """The municipality's working days, with every correction of a holiday and every announced administrative leave."""
    leave = AdministrativeLeave.objects.values_list("day", "half_day")
    corrections = list(HolidayCorrection.objects.defer("recomputed").order_by("version"))
    return WorkingCalendar(
        {day: LeaveKind.AFTERNOON if half else LeaveKind.FULL_DAY for day, half in leave},
        [Correction(row.day, DayKind(row.kind), row.name, row.yearly, row.valid_to) for row in corrections],
        corrections[-1].version if corrections else 0,
    )
