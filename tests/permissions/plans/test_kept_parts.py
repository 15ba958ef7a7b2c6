"""What stands on the desk and on the page of a case is read by kept statements: the rows are those of the querysets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse

from admin_ui.complaints.teamwork.checklists import checklist_of
from admin_ui.guidance import pins
from admin_ui.mailboxes.story import mails
from admin_ui.programme.day import desk_panel
from admin_ui.templatetags.letter_parts import letters_of
from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.session import elevated
from backend.guidance import actions as guidance
from backend.reminders import actions as reminders
from permissions.complaints import persons
from permissions.core import scope
from permissions.notifications import sending
from permissions.plans import querysets as plans
from permissions.plans.reasons import NotCompilableError
from permissions.reminders import access as reminder_access
from tests.cast import Cast, Populated, as_viewer
from tests.factories import make_letter


@pytest.fixture(autouse=True)
def _nothing_is_kept_yet() -> Iterator[None]:
    plans.compiled.clear()
    yield
    plans.compiled.clear()


def of_the_desk() -> dict[str, Any]:
    return {
        "bell": sending.unseen_count(),
        "pins": [(line.title, line.url) for line in pins.lines(RequestFactory().get("/"))],
        "day": desk_panel(),
    }


def of_a_case(case: Complaint) -> dict[str, Any]:
    letters = letters_of({}, "complaint", case)["letters"]
    return {
        "applicant": persons.applicant_of(case),
        "mails": mails(case),
        "reminder": reminder_access.of_case(case),
        "checklist": checklist_of(case),
        "letters": [(letter.pk, letter.get_deferred_fields()) for letter in letters],  # type: ignore[attr-defined]
    }


def test_everybodys_desk_and_cases_are_kept_and_equal(
    cast: Cast, populated: Populated, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [person for person in cast.people().values() if person.is_staff]
    with as_viewer(cast.fen_clerk), elevated():
        make_letter(cast.fen, cast.fen_head, by=cast.fen_clerk, complaint=populated["fen"])
    for person in people:
        with as_viewer(person), elevated():
            for case in list(populated.values())[:3]:
                guidance.pin(by=person, page=reverse("admin:complaints_complaint_change", args=[case.key]))
                reminders.remind(case, by=person, on=today() + dt.timedelta(days=3))

    def shown() -> list[Any]:
        found: list[Any] = []
        for person in people:
            with as_viewer(person):
                found.append(of_the_desk())
                found += [of_a_case(case) for case in scope.visible(Complaint).order_by("pk")]
        return found

    first, again = shown(), shown()
    assert not [made for made in plans.compiled._entries.items() if isinstance(made[1], NotCompilableError)]
    monkeypatch.setattr(plans, "_find", lambda *_each: (None, []))
    assert first == again == shown()
    parts = {name for part in first for name, rows in part.items() if rows}
    assert parts == {"bell", "pins", "day", "applicant", "mails", "reminder", "checklist", "letters"}
