"""What `admin_ui.core.display` makes, for templates."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from admin_ui.core import display
from admin_ui.retention import holds
from admin_ui.shell import live
from admin_ui.telephone import bar
from backend.appointments.models import PublicDaySession
from backend.complaints.importing import columns
from backend.complaints.models import Complaint
from backend.configuration.office import configured
from backend.outbox import sms
from permissions.core import scope
from permissions.notifications.sending import MOST_COUNTED, unseen_count

register = template.Library()


@register.simple_tag
def target(complaint: Complaint) -> SafeString:
    return display.target(complaint)


@register.simple_tag(takes_context=True)
def live_inbox(context: template.Context) -> SafeString:
    return live.attributes(live.inbox(), str(context["csrf_token"]))


@register.simple_tag(takes_context=True)
def live_bell(context: template.Context) -> SafeString:
    return live.attributes(live.bell(), str(context["csrf_token"]))


@register.simple_tag(takes_context=True)
def live_waiting_room(context: template.Context, session: PublicDaySession) -> SafeString:
    return live.attributes(live.waiting_room(session.key), str(context["csrf_token"]))


@register.simple_tag
def status_badge(complaint: Complaint) -> SafeString:
    return display.status_badge(complaint)


@register.filter
def sms_parts(text: str) -> int:
    return sms.parts(text)


@register.simple_tag
def sms_sender() -> str:
    """As whom text messages leave: in the demo its double, which sends none."""
    return configured.SMS_SENDER


@register.inclusion_tag("admin_ui/includes/hold.html")
def hold(what: str, row: object) -> dict[str, object]:
    """What the viewer may do about the destruction of a row: a legal hold on it, or lifting the one that stands."""
    return holds.hold_beside(what, row)


@register.simple_tag
def unseen() -> dict[str, str]:
    """How many notifications the viewer has not seen, for the bell; nothing where there is none."""
    count = unseen_count() if scope.current_viewer().user else 0
    return {"text": f"{MOST_COUNTED - 1}+" if count == MOST_COUNTED else str(count)} if count else {}


@register.simple_tag
def calls() -> dict[str, object]:
    """The viewer's calls of this moment, for the bar; nothing where no exchange is listened to for them."""
    return bar.shown()


@register.simple_tag(takes_context=True)
def pin_here(context: template.Context) -> dict[str, object] | None:
    """The button that pins the page that is open, or takes its pin away."""
    from admin_ui.guidance import pins  # it knows the screens, which are made when templates are known

    return pins.here(context["request"])


@register.filter
def or_dash(value: object) -> object:
    return display.or_dash(value)


@register.filter
def plain_date(value: Any) -> str:
    return display.date_text(value)


@register.filter
def item(mapping: dict[str, object], name: str) -> object:
    """A value whose name is no identifier."""
    return mapping.get(name)


@register.filter
def permission_text(codename: str) -> str | Promise:
    return display.permission_name(codename)


@register.filter
def device(user_agent: str) -> str:
    return display.device(user_agent)


@register.filter
def column_text(name: str) -> str:
    return columns.column_text(name)
