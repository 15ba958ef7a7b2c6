"""What a rule says, in words: its conditions, what follows, and what is wrong between two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, QuerySet
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from admin_ui.core.dates import day_text
from backend.complaints.choices import Channel, Priority
from backend.organization.models import Category, Neighbourhood
from backend.routing.conflicts import Conflict
from backend.routing.deciding import RuleRow
from backend.routing.models import Hours, RoutingRule

SHOWN = 4


class _IsNamed(Func):
    """Whether a code stands in the list of an outer row."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()
    conditional = True


def with_names[Rows: QuerySet[Any]](rows: Rows) -> Rows:
    """The rules, or versions of them, with the names of the categories and neighbourhoods that they name."""
    return rows.annotate(
        category_names=_names(Category, "categories"),
        neighbourhood_names=_names(Neighbourhood, "neighbourhoods"),
    )


def _names(model: Any, of: str) -> ArraySubquery:
    named = model.objects.filter(_IsNamed(F("code"), OuterRef(of)))
    return ArraySubquery(named.order_by("name_sort", "pk").values("name"))


def conditions(rule: Any) -> list[str]:
    """The conditions of a rule of `with_names`, each as a phrase; that it holds of every case where there is none."""
    parts = [
        (_("Category"), _few(rule.category_names)),
        (_("Neighbourhood"), _few(rule.neighbourhood_names)),
        (_("Street"), rule.street),
        (_("Words"), _few(rule.words)),
        (_("Channel"), _few([str(Channel(value).label) for value in rule.channels])),
        (_("Days"), _few([str(WEEKDAYS_ABBR[day - 1]) for day in rule.weekdays])),
    ]
    found = [f"{label}: {text}" for label, text in parts if text]
    if rule.hours:
        found.append(str(Hours(rule.hours).label))
    if rule.on_main_artery is not None:
        found.append(_("on a main artery") if rule.on_main_artery else _("on no main artery"))
    return found or [_("every application")]


def effects(rule: RoutingRule) -> list[str]:
    """What follows from a rule, each as a phrase."""
    found = []
    if rule.department is not None:
        found.append(_("Department: %(name)s") % {"name": rule.department.short_name})
    if rule.priority:
        found.append(_("Priority: %(value)s") % {"value": Priority(rule.priority).label})
    if rule.checklist is not None:
        found.append(_("Checklist: %(value)s") % {"value": rule.checklist.name})
    return found


def validity(rule: RoutingRule) -> str:
    """The days on which a rule holds; empty for one without."""
    first, last = (day_text(day) if day else "" for day in (rule.valid_from, rule.valid_until))
    return f"{first} – {last}".strip() if first or last else ""


def conflict_sentence(conflict: Conflict) -> str:
    """What is wrong between two rules, and what follows."""
    names = {"earlier": conflict.earlier.name, "later": conflict.later.name}
    if conflict.is_hidden:
        return _hidden_sentence(conflict) % {**names, "together": _quoted(conflict.together)}
    kinds = {
        "department": _("the department"),
        "priority": _("the priority"),
        "checklist": _("the checklist"),
    }
    sentence = _(
        "“%(earlier)s” and “%(later)s” can both apply and differ in this: %(what)s. “%(earlier)s” decides, as it stands"
        " first."
    )
    return sentence % {**names, "what": ", ".join(str(kinds[name]) for name in conflict.effects)}


def _hidden_sentence(conflict: Conflict) -> str:
    if len(conflict.together) > 1 and conflict.is_certain:
        return _(
            "“%(later)s” never decides anything: %(together)s stand before it, and together they apply whenever it"
            " does. Put it before them, or take it out of use."
        )
    if len(conflict.together) > 1:
        return _(
            "“%(later)s” may never decide anything: %(together)s stand before it, and by their words they mostly apply"
            " whenever it does. Put it before them, or try the rules in a dry run."
        )
    if conflict.is_certain:
        return _(
            "“%(later)s” never decides anything: “%(earlier)s” stands before it and applies whenever it does. Put it"
            " before that one, or take it out of use."
        )
    return _(
        "“%(later)s” may never decide anything: “%(earlier)s” stands before it, and by its words it mostly applies"
        " whenever it does. Put it before that one, or try the rules in a dry run."
    )


def _quoted(rules: Sequence[RuleRow]) -> str:
    """The names of rules in quotation marks, a few of them."""
    return _few([f"“{rule.name}”" for rule in rules])


def _few(texts: Sequence[str]) -> str:
    more = len(texts) - SHOWN
    shown = ", ".join(texts[:SHOWN])
    return _("%(shown)s and %(n)s more") % {"shown": shown, "n": more} if more > 0 else shown
