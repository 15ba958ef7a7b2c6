"""The panels of other services, where the template of a page wants them."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from admin_ui.core.panels import panels_of

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: template.Context, place: str, row: object) -> SafeString:
    made, engine = [], template.Engine.get_default()
    for name, values in panels_of(row, place):
        with context.push(**values):
            made.append((engine.get_template(name).render(context),))
    return format_html_join("", "{}", made)
