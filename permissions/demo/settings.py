"""What Bilgi İşlem has changed in the settings, so that the page shows a history."""

from __future__ import annotations

from backend.configuration import actions
from backend.configuration.models import SettingChange
from backend.core.session import system
from backend.organization.models import User

CHANGES = (
    {"SENDER_NAME": "Sancaktepe Belediyesi Özel Kalem", "MUNICIPALITY_ACCENT": "#c2410c"},
    {"NOTIFICATION_DAYS": "120", "CREW_DEPOT": "40.99850, 29.22400"},
)


def load_once() -> None:
    """Change some settings, one after the other, unless some were changed before."""
    with system():
        if SettingChange.objects.exists():
            return
        by = User.objects.filter(username="bilgiislem").first()
        for texts in CHANGES:
            actions.change(texts, by=by)
