"""Retention in the demo: a hold on a case before the court, and a list of what is due that waits for approval."""

from __future__ import annotations

from backend.complaints.models import Complaint
from backend.core.errors import DomainError
from backend.core.session import system
from backend.organization.models import User
from backend.retention import actions
from backend.retention.choices import Kind
from backend.retention.models import LegalHold, RetentionRule

LAWSUIT = "İstanbul 4. İdare Mahkemesi 2026/412 E. sayılı dava"
INSPECTION = "Sayıştay denetimi, 2026 yılı: okuma kayıtları denetim bitene kadar saklanır"


def load_once() -> None:
    """Once, and only where the rules are loaded."""
    with system():
        if LegalHold.objects.exists() or not RetentionRule.objects.exists():
            return
        people = {user.username: user for user in User.objects.filter(username__in=("sekreter", "ozelkalem"))}
        case = (
            Complaint.objects.filter(closed_at__isnull=False, applicant__isnull=False).order_by("pk").first()
        )
        if case is not None:
            actions.place_hold(by=people.get("ozelkalem"), kind=Kind.CASE, on=case, reason=LAWSUIT)
        actions.place_hold(by=people.get("ozelkalem"), kind=Kind.READ_LOG, reason=INSPECTION)
        try:
            actions.prepare(by=people.get("sekreter"))
        except DomainError:
            return  # a small demo has nothing that old
