"""Choosing a partner in a form, and saying which one a name seems to mean: always among those that the viewer sees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.partners import actions
from backend.partners.models import Organisation
from permissions.core import scope

MOST_ALIKE = 3


class OrganisationField(forms.CharField):
    """An organisation that the viewer sees, by its name or short name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Its full or short name, as it is recorded; or leave it empty."))
        kwargs.setdefault("required", False)
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        if not text:
            return None
        rows = scope.visible(Organisation.objects.standing())
        result = list(rows.filter(name=text)[:2]) or list(rows.filter(short_name=text)[:2])
        result = result or list(rows.search(text)[:2])
        if len(result) != 1:
            raise forms.ValidationError(_("This is the name of none or of several. Write its full name."))
        return result[0]


def seen(pk: int | None) -> Organisation | None:
    """The organisation at the far end, if the viewer sees it."""
    return scope.visible(Organisation).filter(pk=pk).first() if pk else None


def name_of(pk: int | None) -> str:
    """What the field begins with."""
    result = seen(pk)
    return result.name if result else ""


def keep_hidden(values: dict[str, object], name: str, pk: int | None) -> dict[str, object]:
    """Keep the choices hidden from the viewer when saving."""
    hides = values.get(name) is None and pk is not None and seen(pk) is None
    return {key: value for key, value in values.items() if not (hides and key == name)}


def seems_to_be(text: str, pk: int | None) -> list[Organisation]:
    """Suggest the record that an entered name seems to mean, where none is linked yet."""
    if pk is not None or not text.strip():
        return []
    rows = scope.visible(actions.alike(text).active())
    return list(rows.order_by("name_sort", "pk")[:MOST_ALIKE])


def shown(row: Any, text: str, offers: bool) -> dict[str, object]:
    """Of a row with a `partner`, for its page: the partner if the viewer sees it and, where they may set the row right,
    whom the `text` seems to mean; a press opens the form with that one in it."""
    return {
        "partner": seen(row.partner_id),
        "seems_to_be": seems_to_be(text, row.partner_id) if offers else [],
    }


def begin_with(form: forms.Form, request: HttpRequest) -> None:
    """`?partner=KEY` begins the form of a verb with that partner."""
    if "partner" in form.fields and (key := request.GET.get("partner")):
        form.initial["partner"] = scope.get(Organisation, key, field="partner").name
