"""Role x verb for applications under KVKK m.11, written out by hand, on each wall alone."""

from __future__ import annotations

import pytest

from backend.retention.models import SubjectRequest, SubjectRequestLine
from backend.retention.subject_requests.moves import Verb
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.permissions.walls.world import apply_for_data

WHO_MAY_WHAT = {
    "secretary": {"VIEW", "CORRECT", "IDENTIFY", "LINK", "SEND", "WITHDRAW"},
    "office_head": {"VIEW", "CORRECT", "IDENTIFY", "LINK", "SEND", "WITHDRAW", "ANSWER"},
    "mayor": {"VIEW"},
}
"""Whoever is not named sees nothing of the register."""


@pytest.fixture
def row(cast: Cast) -> SubjectRequest:
    return apply_for_data("Dava")


def test_who_may_do_what_to_an_application(row: SubjectRequest, cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            found = {verb for verb in (Action.VIEW, *Verb) if scope.can(verb, row)}
            assert {str(one) for one in found} == WHO_MAY_WHAT.get(member, set()), member
            for annotated in scope.with_relations(scope.visible(SubjectRequest)):
                assert scope.allowed_actions(annotated) == scope.allowed_actions(row), member


def test_either_wall_alone_hides_it_from_everybody_else(row: SubjectRequest, cast: Cast) -> None:
    for member, user in cast.people().items():
        is_seen = member in WHO_MAY_WHAT
        with as_viewer(user):
            for model in (SubjectRequest, SubjectRequestLine):
                assert scope.visible(model).exists() == is_seen, member
                if not is_seen:
                    assert not model._default_manager.exists(), f"{member}: row security"
