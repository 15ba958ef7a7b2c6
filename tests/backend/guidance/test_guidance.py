"""Pins keep lists and rows, never what was searched for; they stand in their owner's order."""

from __future__ import annotations

import pytest

from backend.core.errors import DomainError
from backend.core.session import elevated
from backend.guidance import actions
from backend.guidance.models import FirstStep, Pin
from permissions.core import scope
from tests.cast import Cast

LIST = "/admin/complaints/complaint/"
ROW = "/admin/letters/letter/0c5a8c4e-7f0f-4a34-9d0e-3f2f6f1f0a11/change/"


def pages(cast: Cast) -> list[str]:
    with scope.session(cast.secretary):
        rows = Pin.objects.filter(user=cast.secretary).order_by("position", "pk")
        return list(rows.values_list("page", flat=True))


def test_pins_stand_in_their_order_and_once(cast: Cast) -> None:
    with scope.session(cast.secretary), elevated():
        first, second, third = (
            actions.pin(by=cast.secretary, page=page) for page in (LIST, f"{LIST}?tab=late", ROW)
        )
        assert actions.pin(by=cast.secretary, page=LIST) == first
        actions.move(third, by=cast.secretary, place=1)
    assert pages(cast) == [ROW, LIST, f"{LIST}?tab=late"]
    with scope.session(cast.secretary), elevated():
        actions.move(third, by=cast.secretary, place=99)
        actions.unpin(second)
    assert pages(cast) == [LIST, ROW]


@pytest.mark.parametrize(
    "page",
    [
        f"{LIST}?q=Ay%C5%9Fe",
        f"{LIST}?tab=all&q=0532",
        f"{LIST}?page=2",
        "/admin/",
        "/admin/intake/",
        "https://example.org/admin/complaints/complaint/",
        "//example.org/",
        f"{LIST}javascript:1",
        "/takip/",
        "",
    ],
)
def test_what_is_no_list_and_no_row_is_not_pinned(page: str, cast: Cast) -> None:
    with scope.session(cast.secretary), elevated(), pytest.raises(DomainError) as caught:
        actions.pin(by=cast.secretary, page=page)
    assert (caught.value.code, caught.value.field) == ("INVALID", "page")


def test_there_are_as_many_as_a_side_bar_holds(cast: Cast) -> None:
    with scope.session(cast.secretary), elevated():
        for number in range(actions.MOST):
            actions.pin(by=cast.secretary, page=f"{LIST}?tab=t{number}")
        with pytest.raises(DomainError) as caught:
            actions.pin(by=cast.secretary, page=LIST)
    assert caught.value.code == "OVER_LIMIT"


def test_a_first_step_is_ticked_once_and_put_away_and_taken_out_again(cast: Cast) -> None:
    with scope.session(cast.secretary), elevated():
        for name in ("call", "call", actions.PUT_AWAY):
            actions.tick(by=cast.secretary, name=name)
        assert FirstStep.objects.count() == 2
        actions.begin_again(by=cast.secretary)
        assert list(FirstStep.objects.values_list("name", flat=True)) == ["call"]
