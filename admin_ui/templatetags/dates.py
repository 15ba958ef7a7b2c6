"""`date` of templates, with its pattern in the manner of the reader's language. A builtin of all templates."""

import datetime as dt

from django import template
from django.template.defaultfilters import date as of_django

from admin_ui.core.dates import date_text

register = template.Library()


@register.filter("date", expects_localtime=True, is_safe=False)
def date(value: dt.date | str | None, pattern: str | None = None) -> str:
    """As Django's; what is no date is left to it."""
    if pattern and isinstance(value, dt.date):
        return date_text(value, pattern)
    return str(of_django(value, pattern))
