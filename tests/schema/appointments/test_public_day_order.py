"""The order of a halk günü through GraphQL: the times stay, the people on them change, and who has moved is told."""

from __future__ import annotations

from typing import Any

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.core.session import system
from schema.core.nodes import encode
from tests.cast import Cast
from tests.factories import make_public_day, make_request, refetch
from tests.schema.client import Asking

ORDER = """
mutation ($input: PublicDayOrderInput!) {
  publicDayOrder(input: $input) {
    publicDay { visits { request { reference } } } moved errors { code field }
  }
}
"""


def _day(cast: Cast) -> tuple[PublicDaySession, list[AppointmentRequest]]:
    session, rows = make_public_day(cast.mayors), [make_request(cast.mayors) for _each in range(3)]
    with system():
        for row in rows:
            actions.assign_to_public_day(row, session=session, by=None, means="PHONE", at=None)
    return session, [refetch(row) for row in rows]


def _order(user: Any, session: PublicDaySession, seen: list[Any], order: list[Any]) -> dict[str, Any]:
    def ids(rows: list[Any]) -> list[str]:
        return [str(encode("AppointmentRequest", row.key)) for row in rows]

    given = {"id": str(encode("PublicDay", session.key)), "seen": ids(seen), "order": ids(order)}
    return Asking(user).data(ORDER, input=given)["publicDayOrder"]


def test_the_last_becomes_the_first_and_who_has_another_time_is_named(cast: Cast) -> None:
    session, (one, two, three) = _day(cast)
    answer = _order(cast.secretary, session, [one, two, three], [three, one, two])
    assert answer["errors"] == []
    shown = [visit["request"]["reference"] for visit in answer["publicDay"]["visits"]]
    assert shown == [three.reference, one.reference, two.reference]
    with system():
        times = {row.request_id: row.at for row in session.visits.all()}
    assert times[three.pk] <= times[one.pk] <= times[two.pk]


def test_an_order_that_somebody_changed_meanwhile_is_refused(cast: Cast) -> None:
    session, (one, two, three) = _day(cast)
    _order(cast.secretary, session, [one, two, three], [two, one, three])
    (error,) = _order(cast.secretary, session, [one, two, three], [three, one, two])["errors"]
    assert error["code"] == "WRONG_STATE"


def test_nobody_else_orders_it_and_a_stranger_among_them_is_missing(cast: Cast) -> None:
    session, rows = _day(cast)
    (error,) = _order(cast.park_clerk, session, rows, rows[::-1])["errors"]
    assert error == {"code": "NOT_FOUND", "field": "order"}
    other = make_request(cast.mayors)
    (error,) = _order(cast.secretary, session, rows, [*rows[:2], other])["errors"]
    assert error == {"code": "NOT_FOUND", "field": "order"}
    (error,) = _order(cast.secretary, session, rows, rows[:2])["errors"]
    assert error["code"] == "INVALID"
