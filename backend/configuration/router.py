"""The settings of what is learned from closed applications."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.configuration.kinds import Flag, Units, Whole


class RouterSettings:
    """A part of `office.Office`."""

    ROUTER_THRESHOLD: Annotated[
        int,
        Whole(
            section="router",
            label=_("How sure a proposal must be, in percent"),
            help=_("Below it the router is silent, and the words of the catalogue propose alone."),
            least=50,
            most=99,
        ),
    ]
    ROUTER_SILENT_UNITS: Annotated[
        list[str],
        Units(
            section="router",
            label=_("Units that are never proposed"),
            help=_("The router is silent where it would propose one of them."),
        ),
    ]
    ROUTER_FOR_UNITS: Annotated[
        bool,
        Flag(
            section="router",
            label=_("Units see what was learned from all applications"),
            help=_(
                "Only category and unit, never how sure it is. Off: who does not see every application is proposed what"
                " the words of the catalogue say."
            ),
        ),
    ]
    ROUTER_FOR_CITIZENS: Annotated[
        bool,
        Flag(
            section="router",
            label=_("Citizens are proposed the category that was learned"),
            help=_(
                "On the municipality's site and in portals: the one category that the router is sure of stands before"
                " those of the catalogue's words. Nothing else of what was learned is said. Off: the words alone."
            ),
        ),
    ]
