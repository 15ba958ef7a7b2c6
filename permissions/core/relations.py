"""What a viewer is to an installation or to a row with a `user`; rules are made of these."""

from __future__ import annotations

from django.db.models import Q

from permissions.core.filters import EVERYTHING, NOTHING, all_if, either
from permissions.core.viewer import Viewer


def everybody(_viewer: Viewer) -> Q:
    return EVERYTHING


def no_one(_viewer: Viewer) -> Q:
    return NOTHING


def office(viewer: Viewer) -> Q:
    return all_if(viewer.is_office)


def served(viewer: Viewer) -> Q:
    """Whom the private office serves: the mayor."""
    return all_if(viewer.sees_all and not viewer.is_office)


def office_head(viewer: Viewer) -> Q:
    """The head in a browser. A token never gives itself more: no grant, no token, no read log."""
    return all_if(viewer.heads_office and viewer.scopes is None)


def administrator(viewer: Viewer) -> Q:
    """Bilgi işlem: accounts, grants and tokens of the installation, but no complaint."""
    return all_if(bool(viewer.user and viewer.user.is_superuser and viewer.scopes is None))


def office_or_administrator(viewer: Viewer) -> Q:
    return either([office(viewer), administrator(viewer)])


def office_head_or_administrator(viewer: Viewer) -> Q:
    return either([office_head(viewer), administrator(viewer)])


def own(viewer: Viewer) -> Q:
    return Q(user=viewer.user_id) if viewer.user_id is not None else NOTHING


def own_or_administered(viewer: Viewer) -> Q:
    return either([administrator(viewer), office_head(viewer), own(viewer)])


def in_a_browser(viewer: Viewer) -> Q:
    """A person, for themselves. A token never gives itself more: what it made would outlive it."""
    return all_if(viewer.user is not None and viewer.scopes is None)


def own_in_a_browser(viewer: Viewer) -> Q:
    """A person's own. A token with fewer scopes than its owner would read there what it may not."""
    return own(viewer) if viewer.scopes is None else NOTHING
