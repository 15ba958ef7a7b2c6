"""Going back to an earlier version of the router, and following the newest again."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import Trait
from backend.journal.actions import record
from backend.journal.state_machine import change, changed_meanwhile
from backend.organization.models import User
from backend.triage.choices import Standing
from backend.triage.models import RouterVersion
from backend.triage.moves import Verb, router_action
from backend.triage.training import alone


@router_action(
    Verb.PUT_IN_FORCE,
    event="router_put_in_force",
    source=(Standing.KEPT, Standing.WEAK),
    target=Standing.IN_FORCE,
    traits=Trait.PRIMARY,
    hint=_(
        "From now on this version proposes, everywhere at once. It stays until you follow the newest again: what is"
        " learned at night is kept, but does not take its place."
    ),
)
def put_in_force(router: RouterVersion, *, by: User | None) -> RouterVersion:
    """Let this version propose, and hold it.

    What is learned at night does not take its place until FOLLOW_NEWEST.
    """
    router_action.require(Verb.PUT_IN_FORCE, router.status)
    alone()
    _step_back()
    change(
        router,
        Standing.IN_FORCE,
        is_held=True,
        put_in_force_at=timezone.now(),
        put_in_force_by=by,
        drift_told_on=None,
    )
    record(verb="router_put_in_force", about=router, by=by)
    return router


@router_action(
    Verb.FOLLOW_NEWEST,
    event="router_follows_newest",
    source=Standing.IN_FORCE,
    applies=Q(is_held=True),
    traits=Trait.PRIMARY,
)
def follow_newest(router: RouterVersion, *, by: User | None) -> RouterVersion:
    """Let the newest version propose that is not weaker than the words, and each night's after it."""
    router_action.require(Verb.FOLLOW_NEWEST, router.status)
    if not router.is_held:
        raise changed_meanwhile()
    alone()
    good = RouterVersion.objects.filter(status=Standing.KEPT, number__gt=router.number)
    newest = good.order_by("-number").first()
    if newest is None:
        change(router, Standing.IN_FORCE, is_held=False)
    else:
        change(router, Standing.KEPT, is_held=False)
        change(newest, Standing.IN_FORCE, put_in_force_at=timezone.now(), put_in_force_by=by)
    record(verb="router_follows_newest", about=newest or router, by=by)
    return router


def _step_back() -> None:
    RouterVersion.objects.in_force().update(status=Standing.KEPT, is_held=False, version=F("version") + 1)
