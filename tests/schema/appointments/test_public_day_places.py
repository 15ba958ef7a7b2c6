"""Places of a halk günü through a portal: of the days that are shown alone."""

from __future__ import annotations

import pytest

from backend.appointments import actions
from backend.core.session import system
from backend.programme.models import Principal
from permissions.appointments import public_days
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.factories import make_public_day
from tests.schema.portal_client import make_notices, portal


@pytest.mark.parametrize("why", ["who has left", "too far ahead"])
def test_a_day_that_is_not_shown_is_not_booked(cast: Cast, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_notices()
    session, mine = make_public_day(cast.mayors), portal()
    monkeypatch.setattr(public_days, "DAYS_AHEAD", 1 if why == "too far ahead" else 365)
    with system():
        actions.offer_places(session, by=None, places=2)
        Principal.objects.filter(pk=cast.mayors.pk).update(is_active=why != "who has left")
    facts = {
        "publicDay": global_id(session),
        "startsAt": session.slots()[0].isoformat(),
        "kind": "REQUEST",
        "subject": "Okul bahçesi",
        "contact": {"firstName": "İlkay", "email": "ilkay@example.org"},
        "privacyNotice": "appointment-tr-1",
    }
    refused = mine.does("portalPublicDayBook", "appointment { reference }", **facts)["errors"]
    assert [(one["code"], one["field"]) for one in refused] == [("NOT_FOUND", "publicDay")]
