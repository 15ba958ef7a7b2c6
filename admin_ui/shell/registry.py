"""Every screen over a table, in one place: importing this registers them."""

from admin_ui.agreements import admin as agreements  # noqa: F401
from admin_ui.appointments import admin as appointments  # noqa: F401
from admin_ui.appointments import (
    promises,  # noqa: F401
    public_days,  # noqa: F401
)
from admin_ui.briefing import department_notes  # noqa: F401
from admin_ui.calendars import admin as feeds  # noqa: F401
from admin_ui.complaints import admin as complaints  # noqa: F401
from admin_ui.complaints import importing  # noqa: F401
from admin_ui.complaints.teamwork import checklists  # noqa: F401
from admin_ui.contacts import admin as citizens  # noqa: F401
from admin_ui.engagements import admin as engagements  # noqa: F401
from admin_ui.events import admin as events  # noqa: F401
from admin_ui.events import elections  # noqa: F401
from admin_ui.events import guests as event_guests  # noqa: F401
from admin_ui.events import precedence as event_order  # noqa: F401
from admin_ui.exports import admin as exports  # noqa: F401
from admin_ui.greetings import admin as greetings  # noqa: F401
from admin_ui.greetings import people as greeting_people  # noqa: F401
from admin_ui.instructions import admin as instructions  # noqa: F401
from admin_ui.invitations import admin as invitations  # noqa: F401
from admin_ui.journal import admin as journals  # noqa: F401
from admin_ui.letters import admin as letters  # noqa: F401
from admin_ui.letters import phrases  # noqa: F401
from admin_ui.letters import templates as letter_templates  # noqa: F401
from admin_ui.mailboxes import admin as inbound_messages  # noqa: F401
from admin_ui.mailboxes import lines as message_lines  # noqa: F401
from admin_ui.mailboxes import mailboxes  # noqa: F401
from admin_ui.mailboxes import story as mailbox_story  # noqa: F401
from admin_ui.news import admin as news  # noqa: F401
from admin_ui.organization import admin as organization  # noqa: F401
from admin_ui.organization import (
    danger,  # noqa: F401
    directory,  # noqa: F401
    holidays,  # noqa: F401
    leave,  # noqa: F401
    people,  # noqa: F401
)
from admin_ui.organization import grants as grants_page  # noqa: F401
from admin_ui.partners import admin as partners  # noqa: F401
from admin_ui.partners import lists as partner_lists  # noqa: F401
from admin_ui.partners import written as partner_written  # noqa: F401
from admin_ui.places import admin as places  # noqa: F401
from admin_ui.places import importing as places_imports  # noqa: F401
from admin_ui.portals import (
    clients,  # noqa: F401
    tokens,  # noqa: F401
    webhooks,  # noqa: F401
)
from admin_ui.presence import page as presence  # noqa: F401
from admin_ui.programme import admin as programme_entry  # noqa: F401
from admin_ui.programme import principals  # noqa: F401
from admin_ui.protocol import admin as protocol_offices  # noqa: F401
from admin_ui.protocol import precedence  # noqa: F401
from admin_ui.reminders import admin as reminders  # noqa: F401
from admin_ui.retention import admin as retention  # noqa: F401
from admin_ui.retention import (
    destruction,  # noqa: F401
    erasure,  # noqa: F401
    privacy_notices,  # noqa: F401
    subject_report,  # noqa: F401
    subject_requests,  # noqa: F401
)
from admin_ui.routing import admin as routing_rules  # noqa: F401
from admin_ui.routing import trials as rule_trials  # noqa: F401
from admin_ui.seating import admin as seating_plans  # noqa: F401
from admin_ui.seating import venues as halls  # noqa: F401
from admin_ui.similarity import panel as similarity  # noqa: F401
from admin_ui.stickers import admin as stickers  # noqa: F401
from admin_ui.submissions import admin as submissions  # noqa: F401
from admin_ui.timeline import page as timeline  # noqa: F401
from admin_ui.triage import admin as routers  # noqa: F401
from admin_ui.triage import of_case  # noqa: F401
