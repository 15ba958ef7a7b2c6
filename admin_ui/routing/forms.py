"""The form of a routing rule, and that of a dry run."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from admin_ui.core.fields import DayField, DepartmentField, ManyInput
from admin_ui.core.forms import OfficeForm, optional, text_area
from backend.complaints.choices import Channel, Priority
from backend.core.localtime import today
from backend.organization.models import Category, Neighbourhood
from backend.routing.models import Hours, RoutingRule
from permissions.core import scope

PERIOD = dt.timedelta(days=90)


class RuleForm(OfficeForm):
    """Its fields are the parameters of `save_rule`."""

    name = forms.CharField(
        label=_("Name of the rule"),
        max_length=120,
        help_text=_("Short and plain: it stands as the reason wherever the rule decides or proposes."),
    )
    categories = forms.ModelMultipleChoiceField(
        label=_("If the category is one of these, or below one of them"),
        queryset=Category.objects.filter(is_active=True).order_by("name_sort", "id"),
        to_field_name="code",
        required=False,
        widget=ManyInput,
    )
    neighbourhoods = forms.ModelMultipleChoiceField(
        label=_("If it is in one of these neighbourhoods"),
        queryset=Neighbourhood.objects.order_by("name_sort", "id"),
        to_field_name="code",
        required=False,
        widget=ManyInput,
    )
    street = forms.CharField(
        label=_("If it is in this street"),
        max_length=120,
        required=False,
        help_text=_("With its kind, such as “İğdeli Sokak”; any spelling of an application is understood."),
    )
    on_main_artery = forms.TypedChoiceField(
        label=_("If the place is a main artery"),
        choices=[("", _("wherever it is")), ("yes", _("only on a main artery")), ("no", _("only elsewhere"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
    words = forms.CharField(
        label=_("If the text says one of these words"),
        widget=text_area(4),
        required=False,
        help_text=_(
            "One word or phrase a line, such as “okul önü”. Endings and letters without marks are found by themselves."
        ),
    )
    channels = forms.MultipleChoiceField(
        label=_("If it came this way"),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    hours = forms.ChoiceField(
        label=_("If it came at this time"),
        choices=lambda: optional(Hours.choices, _("at any time")),
        required=False,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("If it came on one of these days"),
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    department = DepartmentField(
        label=_("Then: the department"), required=False, empty_label=_("the rule says none")
    )
    priority = forms.ChoiceField(
        label=_("Then: the priority"),
        choices=lambda: optional(Priority.choices, _("the rule says none")),
        required=False,
    )
    checklist = forms.ModelChoiceField(
        label=_("Then: also the checklist of this category"),
        queryset=Category.objects.filter(checklist__is_active=True).distinct().order_by("name_sort", "id"),
        to_field_name="code",
        required=False,
        empty_label=_("the rule says none"),
    )
    is_automatic = forms.BooleanField(
        label=_("Acts by itself"),
        required=False,
        help_text=_(
            "On what portals, programs and the incoming desk register: the rule routes and ranks without being asked,"
            " with its name as the reason. Otherwise it proposes, and a person decides."
        ),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)
    valid_from = DayField(label=_("Valid from"), required=False)
    valid_until = DayField(label=_("Last day"), required=False)

    def clean_words(self) -> list[str]:
        return str(self.cleaned_data["words"]).splitlines()


class TrialForm(OfficeForm):
    """A past period, and the rule that is tried."""

    rule = forms.ModelChoiceField(
        label=_("Rule"),
        queryset=RoutingRule.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("the list as it stands"),
        help_text=_("A rule that is not in use yet is tried in its place of the order."),
    )
    from_on = DayField(label=_("First day"), past=True)
    until_on = DayField(label=_("Last day"), past=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        start = {"from_on": today() - PERIOD, "until_on": today()}
        kwargs["initial"] = {**start, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["rule"]
        field.queryset = scope.visible(RoutingRule.objects.in_order())
