"""The demo has what citizens brought in through its portal: rated, taken up again, withdrawn, asked about."""

from __future__ import annotations

import pytest

from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.complaints.story import EventType
from backend.core.session import system
from backend.organization import reference
from backend.organization.models import User
from permissions.appointments import portal as portal_appointments
from permissions.demo import people
from permissions.demo.complaints import portals
from tests.factories import make_principal


@pytest.mark.django_db
def test_a_dozen_cases_of_the_portal_are_loaded_once() -> None:
    with system():
        reference.load()
        people.make_staff(7)
    make_principal()
    portals.load_once()
    portals.load_once()
    with system():
        brought = Complaint.objects.filter(registered_by__username="portal")
        assert brought.count() == len(portals.SCENES) == 12
        assert (
            brought.filter(rating__isnull=False).count() == 4
        )  # the fifth was for the answer before it was reopened
        assert brought.filter(lines__verb=EventType.CITIZEN_RATED).count() == 5
        assert brought.filter(reopened=1).count() == 1
        assert brought.filter(status=Status.WITHDRAWN).count() == 1
        assert brought.filter(waiting_for="CITIZEN").count() == 1
        part = Complaint.objects.get(split_from__in=brought)
        assert part.responsible_department
        assert part.responsible_department.code == "temizlik-isleri"
        asked = portal_appointments.brought_by(User.objects.get(username="portal"))
        assert sorted(asked.values_list("status", flat=True)) == ["DECLINED", "NEW", "REDIRECTED"]
