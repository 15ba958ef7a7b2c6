"""A program that does not know whether its request arrived sends it again, and nothing is done twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.session import elevated, system
from backend.portals.jobs import forget_answers
from backend.portals.models import IdempotentResponse
from permissions.core import grants, scope
from permissions.models import DepartmentGrant
from tests.cast import Cast
from tests.schema.client import Asking

MUTATION = """
mutation Report($input: ComplaintRegisterInput!) {
  complaintRegister(input: $input) { receipt { reference trackingCode } errors { code field } }
}
"""


def _report(asking: Asking, key: str, **input: Any) -> Any:
    given = {"kind": "COMPLAINT", "channel": "WEB", "subject": "Kaldırım çöktü"} | input
    return asking.post(MUTATION, {"input": given}, **{"idempotency-key": key})


def _cases() -> int:
    with system():
        return Complaint.objects.count()


@pytest.fixture
def portal(cast: Cast) -> Asking:
    return Asking(token=cast.portal_secret)


def test_the_same_request_is_done_once_and_answered_the_same(portal: Asking) -> None:
    first = _report(portal, "a-1")
    again = _report(portal, "a-1")
    assert first.json()["data"]["complaintRegister"]["errors"] == []
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert _cases() == 1
    assert _report(portal, "a-2").content != first.content
    assert _cases() == 2


def test_another_request_under_the_same_key_is_refused(portal: Asking) -> None:
    _report(portal, "a-1")
    other = _report(portal, "a-1", subject="Başka bir konu")
    assert other.status_code == 422
    assert other.json()["errors"][0]["extensions"]["code"] == "DUPLICATE"
    assert _cases() == 1


def test_a_key_is_ones_own_and_of_the_scopes_it_was_used_with(portal: Asking, cast: Cast) -> None:
    first = _report(portal, "a-1").content
    person = Asking(cast.secretary)
    assert _report(person, "a-1").content != first
    assert _cases() == 2
    with scope.session(cast.secretary):
        assert [given.user_id for given in IdempotentResponse.objects.all()] == [cast.secretary.pk]


@pytest.mark.django_db(databases=["default", "owner"])
def test_while_the_first_runs_the_second_is_told_to_wait(portal: Asking, cast: Cast) -> None:
    """Another connection holds the key, as the first request does until it has committed."""
    key = f"hashtextextended('idempotency {cast.portal.pk} a-1', 0)"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({key})")
        try:
            early = _report(portal, "a-1")
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock({key})")
    assert early.status_code == 409
    assert early["Retry-After"] == "1"
    assert early.json()["errors"][0]["extensions"]["code"] == "CONFLICT"
    assert _cases() == 0
    assert _report(portal, "a-1").status_code == 200
    assert _cases() == 1


def test_what_was_undone_may_be_tried_again_under_its_key(portal: Asking, monkeypatch: Any) -> None:
    """A fault of ours after the case was written, while the answer is made of it."""

    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("schema.complaints.mutations.ComplaintReceipt", broken)
        failed = _report(portal, "a-1")
    assert failed.status_code == 500
    assert failed.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert _cases() == 0
    assert _report(portal, "a-1").json()["data"]["complaintRegister"]["errors"] == []


def test_a_refusal_is_not_kept_under_its_key(portal: Asking) -> None:
    given = {"source": "portal", "sourceNumber": "7"}
    _report(portal, "first", **given)
    refused = _report(portal, "a-1", **given)
    assert refused.json()["data"]["complaintRegister"]["errors"][0]["code"] == "DUPLICATE"
    assert _report(portal, "a-1", sourceNumber="8").json()["data"]["complaintRegister"]["errors"] == []


def test_a_secret_is_not_kept(cast: Cast) -> None:
    asking = Asking(cast.secretary)
    document = (
        "mutation M($i: CalendarFeedMakeInput!) { calendarFeedMake(input: $i) { errors { code } url } }"
    )
    answer = asking.post(document, {"i": {"name": "Telefon", "view": "FULL"}}, **{"idempotency-key": "a-1"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNSUPPORTED"
    with scope.session(cast.secretary):
        assert not IdempotentResponse.objects.exists()


def test_who_may_less_than_before_is_not_answered_the_same(portal: Asking, cast: Cast) -> None:
    _report(portal, "a-1")
    with system():
        grants.take(DepartmentGrant.objects.get(user=cast.portal), by=cast.administrator)
    again = _report(portal, "a-1")
    assert again.status_code == 422


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(portal: Asking, key: str) -> None:
    refused = _report(portal, key)
    assert refused.status_code == 400
    assert "Idempotency-Key" in refused.json()["errors"][0]["message"]
    assert _cases() == 0


def test_a_query_needs_no_key_and_is_not_kept(portal: Asking) -> None:
    headers = {"idempotency-key": "a-1"}
    assert (
        portal.post("{ complaints { totalCount } }", **headers).json()["data"]["complaints"]["totalCount"]
        == 0
    )
    _report(portal, "a-1")
    assert portal.post("{ complaints { totalCount } }", **headers).status_code == 200


def test_an_answer_is_kept_for_a_day_and_read_by_nobody_else(cast: Cast) -> None:
    person = Asking(cast.secretary)
    first = _report(person, "a-1").content
    with system():
        assert not IdempotentResponse.objects.exists()
    assert forget_answers() == 0
    with scope.session(cast.secretary), elevated():
        IdempotentResponse.objects.update(at=timezone.now() - dt.timedelta(days=1, minutes=1))
    assert forget_answers() == 1
    assert _report(person, "a-1").content != first
    assert _cases() == 2
