"""Role x verb x relation for press releases, written out by hand, on each wall alone."""

from __future__ import annotations

from backend.core.session import elevated
from backend.news.models import PressOptOut, Release, ReleaseLine, ReleaseMailing, ReleasePhoto
from backend.news.moves import Verb
from permissions.core import scope
from permissions.core.filters import EVERYTHING, Action
from permissions.core.registry import RULES
from tests.cast import Cast, as_viewer
from tests.factories import make_release

WRITES = {Verb.EDIT, Verb.ATTACH, Verb.SEND_TEST}
SENDS = {Verb.SEND, Verb.SEND_TEST}
PUBLISHES = {Verb.PUBLISH}
MAY = {"secretary": WRITES, "office_head": WRITES | PUBLISHES, "mayor": set()}
"""What each may do to a draft without photographs; for all others it does not exist."""


def test_who_may_do_what_to_a_draft(cast: Cast) -> None:
    row = make_release()
    for member, user in cast.people().items():
        with as_viewer(user):
            seen = scope.visible(Release).filter(pk=row.pk).first()
            assert (seen is not None) == (member in MAY), member
            if seen is not None:
                assert set(scope.allowed_actions(seen)) == MAY[member], member
            begins = RULES[Release][Action.REGISTER](scope.current_viewer()) == EVERYTHING
            assert begins == (member in {"secretary", "office_head"}), member


def test_only_the_head_corrects_and_withdraws_what_is_published(cast: Cast) -> None:
    row = make_release()
    with as_viewer(cast.office_head), scope.authorized(Verb.PUBLISH, Release, row.key) as found:
        from backend.news import actions

        actions.publish(found, by=cast.office_head)
    for user, may in ((cast.secretary, SENDS), (cast.office_head, SENDS | {Verb.CORRECT, Verb.WITHDRAW})):
        with as_viewer(user):
            assert set(scope.allowed_actions(scope.get(Release, row.key))) == may


def test_the_second_wall_alone_hides_them_from_departments(cast: Cast) -> None:
    make_release()
    for user in (cast.fen_head, cast.deputy_mayor, cast.administrator):
        with as_viewer(user):
            for model in (Release, ReleaseLine, ReleasePhoto, ReleaseMailing, PressOptOut):
                assert not model.objects.exists(), (user, model)
    with as_viewer(cast.secretary), elevated():
        assert Release.objects.exists()
