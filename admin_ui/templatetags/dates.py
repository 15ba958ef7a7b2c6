"""`date` of templates, with its pattern in the manner of the reader's language, and the date field of templates that
have no form. A builtin of all templates.
"""

import datetime as dt

from django import template
from django.template.defaultfilters import date as of_django
from django.utils.safestring import SafeString

from admin_ui.core.dates import date_text
from admin_ui.core.fields import DayInput

register = template.Library()


@register.filter("date", expects_localtime=True, is_safe=False)
def date(value: dt.date | str | None, pattern: str | None = None) -> str:
    """As Django's; what is no date is left to it."""
    if pattern and isinstance(value, dt.date):
        return date_text(value, pattern)
    return str(of_django(value, pattern))


@register.simple_tag
def day_input(name: str, value: dt.date | str | None, label: str = "", html_id: str = "") -> SafeString:
    """Draw a date field; `label` names it for a screen reader where no `<label for>` does."""
    attrs = {"aria-label": label, "id": html_id}
    return DayInput().render(name, value, {key: text for key, text in attrs.items() if text})
