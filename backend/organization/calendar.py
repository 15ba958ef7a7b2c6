"""The one calendar of the municipality: the law's holidays as corrected, and every announced administrative leave."""

from backend.core.calendar import Correction, DayKind, LeaveKind, WorkingCalendar
from backend.organization.models import AdministrativeLeave, HolidayCorrection


def working_calendar() -> WorkingCalendar:
    """The municipality's working days, with every correction of a holiday and every announced administrative leave."""
    leave = AdministrativeLeave.objects.values_list("day", "half_day")
    corrections = list(
        HolidayCorrection.objects.order_by("version").values_list(
            "day", "kind", "name", "yearly", "valid_to", "version"
        )
    )
    return WorkingCalendar(
        {day: LeaveKind.AFTERNOON if half else LeaveKind.FULL_DAY for day, half in leave},
        [Correction(day, DayKind(kind), *rest) for day, kind, *rest, _version in corrections],
        corrections[-1][-1] if corrections else 0,
    )
