"""Navigation of the side bar. A page that is not allowed is not offered, and refuses access too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_ui.agreements import admin as agreements
from admin_ui.appointments import admin as appointments
from admin_ui.appointments import public_days
from admin_ui.briefing import papers as programme_paper
from admin_ui.complaints import reports
from admin_ui.complaints.field import page as field
from admin_ui.core import page_access
from admin_ui.engagements import admin as engagements
from admin_ui.greetings import admin as greetings
from admin_ui.greetings import people as greeting_people
from admin_ui.guidance import pins
from admin_ui.invitations import admin as invitations
from admin_ui.letters import admin as letters
from admin_ui.mailboxes import admin as inbound_messages
from admin_ui.news import admin as news
from admin_ui.partners import admin as partners
from admin_ui.partners import lists as partner_lists
from admin_ui.programme import principals
from admin_ui.programme import reading as programme_reading
from admin_ui.retention import admin as retention
from admin_ui.retention import subject_requests
from admin_ui.routing import admin as routing_rules
from admin_ui.seating import admin as seating_plans
from admin_ui.submissions import admin as submissions
from admin_ui.triage import admin as router
from backend.complaints.models import Complaint
from backend.events.models import Event
from backend.instructions.models import Instruction
from backend.letters.models import Letter
from permissions.complaints import cimer
from permissions.configuration.access import may_change as may_change_settings
from permissions.core import scope
from permissions.core.filters import Action
from permissions.monitoring.access import may_see_status


@dataclass(frozen=True)
class Entry:
    """One line of the side bar; `gate` says who sees it."""

    title: str | Promise
    icon: str
    url_name: str
    gate: page_access.AccessCheck = page_access.anybody

    @cached_property
    def link(self) -> str:
        """Its address: the same on every page, each of which has dozens."""
        return reverse(f"admin:{self.url_name}")

    def as_item(self, request: HttpRequest) -> dict[str, object]:
        """What the side bar shows to whom the gate lets through."""
        is_home = self.url_name == "index"
        active = request.path == self.link if is_home else request.path.startswith(self.link)
        return {
            "title": self.title,
            "icon": self.icon,
            "link": self.link,
            "active": active,
            "has_permission": True,
            **pins.NOTHING_MORE,
        }


def _sees(model: type[Model]) -> page_access.AccessCheck:
    """Offered to those whom the table leaves any row at all."""
    return lambda: page_access.sees_some(model)


def _principals_own() -> bool:
    return bool(scope.current_viewer().principal_of)


def _registrars_elsewhere() -> bool:
    """Who records cases and does not see all of them: the office has them in its list."""
    return page_access.registrars() and not page_access.office()


def _writes_letters() -> bool:
    return page_access.holds(Letter, Action.BEGIN)


MOST_DAILY = 9
DAILY: list[Entry] = [
    Entry(_("My desk"), "space_dashboard", "index"),
    Entry(_("My day"), "today", "programme_day", _principals_own),
    Entry(_("Applications"), "inbox", "complaints_complaint_changelist", _sees(Complaint)),
    Entry(_("My jobs in the field"), "engineering", "field", field.may_see),
    Entry(_("Calendar"), "calendar_month", "programme_calendar", programme_reading.reads_a_programme),
    Entry(_("Appointment requests"), "event_available", "appointment_board", appointments.may_see),
    Entry(_("Registers of letters"), "drafts", "letters_letter_changelist", letters.may_see),
    Entry(_("Instructions"), "assignment", "instructions_instruction_changelist", _sees(Instruction)),
    Entry(_("Invitations"), "mail", "invitations_invitation_changelist", invitations.may_see),
    Entry(_("Events"), "celebration", "events_event_changelist", _sees(Event)),
    Entry(_("Citizens"), "groups", "contacts_citizen_changelist", page_access.contacts),
    Entry(_("Members of staff"), "badge", "organization_user_changelist", page_access.managers),
    Entry(_("Who may what"), "lock_person", "permissions_departmentgrant_changelist", page_access.managers),
    Entry(_("System status"), "monitor_heart", "system_status", may_see_status),
    Entry(_("Settings"), "settings", "settings", may_change_settings),
    Entry(_("Journal"), "history", "journal_auditlog_changelist", page_access.maintainers),
]
"""What one uses every day, in this order: of those that the account may use the first nine stand open."""

GROUPS: list[tuple[str | Promise, list[Entry]]] = [
    (
        _("Applications"),
        [
            Entry(_("New call"), "call", "intake", page_access.registrars),
            Entry(_("What I recorded"), "receipt_long", "intake_recorded", _registrars_elsewhere),
            Entry(_("Applications"), "inbox", "complaints_complaint_changelist", _sees(Complaint)),
            Entry(
                _("Incoming messages"),
                "forward_to_inbox",
                "mailboxes_inboundmessage_changelist",
                inbound_messages.may_see,
            ),
            Entry(
                _("Submissions awaiting verification"),
                "mark_email_unread",
                "submissions_submission_changelist",
                submissions.may_see,
            ),
            Entry(_("CİMER desk"), "outbox", "cimer", cimer.may_work),
            Entry(_("My reminders"), "alarm", "reminders_reminder_changelist", page_access.members),
            Entry(_("Reports"), "monitoring", "report_board", reports.may_see),
            Entry(_("Citizens"), "groups", "contacts_citizen_changelist", page_access.contacts),
            Entry(_("Outgoing messages"), "outbox", "outbox_message_changelist", page_access.office),
        ],
    ),
    (
        _("Programme and appointments"),
        [
            Entry(_("Calendar"), "calendar_month", "programme_calendar", programme_reading.reads_a_programme),
            Entry(_("My day"), "today", "programme_day", programme_reading.reads_a_programme),
            Entry(
                _("Entries"), "event_note", "programme_entry_changelist", programme_reading.reads_a_programme
            ),
            Entry(_("Appointment requests"), "event_available", "appointment_board", appointments.may_see),
            Entry(
                _("Public days"),
                "diversity_3",
                "appointments_publicdaysession_changelist",
                public_days.may_see,
            ),
            Entry(
                _("Departments' notes"),
                "edit_note",
                "programme_departmentnote_changelist",
                appointments.may_see,
            ),
            Entry(_("Promises made"), "handshake", "appointments_promise_changelist", appointments.may_see),
            Entry(_("Invitations"), "mail", "invitations_invitation_changelist", invitations.may_see),
            Entry(_("Instructions"), "assignment", "instructions_instruction_changelist", _sees(Instruction)),
            Entry(_("Events"), "celebration", "events_event_changelist", _sees(Event)),
            Entry(_("Press view"), "newspaper", "programme_press", programme_paper.may_read_press),
        ],
    ),
    (
        _("Letters"),
        [
            Entry(_("Registers of letters"), "drafts", "letters_letter_changelist", letters.may_see),
            Entry(_("Greetings"), "celebration", "greetings_batch_changelist", greetings.may_see),
            Entry(_("Occasions"), "event", "greetings_occasion_changelist", greetings.may_see),
            Entry(
                _("Days kept of persons"),
                "cake",
                "greetings_keptday_changelist",
                greeting_people.knows_everybody,
            ),
        ],
    ),
    (
        _("Protocol and partners"),
        [
            Entry(_("Seating plans"), "event_seat", "seating_seatingplan_changelist", seating_plans.may_see),
            Entry(_("Offices and holders"), "account_balance", "protocol_office_changelist"),
            Entry(_("Organisations"), "corporate_fare", "partners_organisation_changelist", partners.may_see),
            Entry(
                _("Meetings and visits"), "groups_2", "engagements_engagement_changelist", engagements.may_see
            ),
            Entry(
                _("Protocols and projects"),
                "handshake",
                "agreements_agreement_changelist",
                agreements.may_see,
            ),
            Entry(_("Press releases"), "newspaper", "news_release_changelist", news.may_see),
            Entry(
                _("Lists of partners"), "list_alt", "partners_contactlist_changelist", partner_lists.may_see
            ),
        ],
    ),
    (
        _("Definitions"),
        [
            Entry(_("Templates"), "note_stack", "letters_lettertemplate_changelist", _writes_letters),
            Entry(_("Approved phrases"), "format_quote", "letters_phrase_changelist", _writes_letters),
            Entry(_("Forms of address"), "badge", "letters_formofaddress_changelist", _writes_letters),
            Entry(_("Halls"), "chair_alt", "seating_hall_changelist"),
            Entry(_("Orders of precedence"), "format_list_numbered", "protocol_precedencelist_changelist"),
            Entry(
                _("Election periods"), "how_to_vote", "events_electionperiod_changelist", page_access.members
            ),
            Entry(
                _("Principals"), "supervisor_account", "programme_principal_changelist", principals.may_look
            ),
            Entry(_("Departments"), "apartment", "organization_department_changelist"),
            Entry(_("Categories"), "category", "organization_category_changelist"),
            Entry(_("Routing rules"), "alt_route", "routing_routingrule_changelist", routing_rules.may_see),
            Entry(
                _("Checklists"),
                "checklist",
                "complaints_checklisttemplateitem_changelist",
                page_access.members,
            ),
            Entry(
                _("Signs of danger"),
                "emergency_home",
                "organization_dangersign_changelist",
                page_access.members,
            ),
            Entry(
                _("Places with a QR code"), "qr_code_2", "stickers_sticker_changelist", page_access.members
            ),
            Entry(
                _("Router that learns"),
                "alt_route",
                "triage_routerversion_changelist",
                router.may_see_versions,
            ),
            Entry(
                _("Score of the router"), "monitoring", "triage_routerscore_changelist", page_access.members
            ),
            Entry(_("Neighbourhoods"), "location_on", "organization_neighbourhood_changelist"),
            Entry(_("Streets"), "signpost", "places_street_changelist", page_access.members),
            Entry(_("Landmarks"), "mosque", "places_landmark_changelist", page_access.members),
            Entry(_("Doors"), "door_front", "places_door_changelist", page_access.members),
            Entry(
                _("Boundaries of neighbourhoods"),
                "polyline",
                "places_boundary_changelist",
                page_access.members,
            ),
            Entry(
                _("Imports of places"), "upload_file", "places_registerimport_changelist", page_access.members
            ),
            Entry(_("Outside bodies"), "domain", "organization_outsidebody_changelist"),
            Entry(_("Administrative leave"), "event_busy", "organization_administrativeleave_changelist"),
            Entry(_("Public holidays"), "celebration", "organization_holidaycorrection_changelist"),
            Entry(_("Reference data"), "dataset", "reference", page_access.maintainers),
        ],
    ),
    (
        _("KVKK"),
        [
            Entry(
                _("KVKK applications"),
                "person_search",
                "retention_subjectrequest_changelist",
                subject_requests.may_see,
            ),
            Entry(_("Privacy notices"), "policy", "contacts_privacynotice_changelist", page_access.members),
            Entry(
                _("Wishes about greetings"),
                "do_not_disturb_on",
                "greetings_preference_changelist",
                greeting_people.knows_everybody,
            ),
            Entry(
                _("Retention rules"), "auto_delete", "retention_retentionrule_changelist", retention.may_see
            ),
            Entry(_("Legal holds"), "lock", "retention_legalhold_changelist", retention.may_see),
            Entry(
                _("Destruction runs"),
                "delete_sweep",
                "retention_destructionrun_changelist",
                retention.may_see,
            ),
            Entry(
                _("Anonymised persons"),
                "person_off",
                "retention_erasurejob_changelist",
                subject_requests.may_see,
            ),
            Entry(_("Read log"), "visibility", "journal_accesslog_changelist", page_access.managers),
        ],
    ),
    (
        _("Management"),
        [
            Entry(_("Notifications"), "notifications", "notifications"),
            Entry(_("Members of staff"), "badge", "organization_user_changelist", page_access.managers),
            Entry(
                _("Who may what"),
                "lock_person",
                "permissions_departmentgrant_changelist",
                page_access.managers,
            ),
            Entry(
                _("Groups of the directory"),
                "account_tree",
                "organization_directoryrule_changelist",
                page_access.managers,
            ),
            Entry(_("API tokens"), "key", "portals_apitoken_changelist"),
            Entry(_("Clients"), "hub", "portals_client_changelist", page_access.clients),
            Entry(_("Webhooks"), "webhook", "portals_webhookendpoint_changelist", page_access.managers),
            Entry(
                _("My calendar feeds"),
                "rss_feed",
                "calendars_feed_changelist",
                programme_paper.may_read_press,
            ),
            Entry(_("Exports"), "download", "exports_export_changelist"),
            Entry(_("Import"), "upload_file", "import", page_access.office),
            Entry(
                _("Mailboxes"),
                "alternate_email",
                "mailboxes_mailbox_changelist",
                inbound_messages.may_see_mailboxes,
            ),
            Entry(
                _("SMS and WhatsApp numbers"),
                "sms",
                "mailboxes_messageline_changelist",
                inbound_messages.may_see_lines,
            ),
            Entry(_("Settings"), "settings", "settings", may_change_settings),
            Entry(_("System status"), "monitor_heart", "system_status", may_see_status),
            Entry(_("Journal"), "history", "journal_auditlog_changelist", page_access.maintainers),
        ],
    ),
]
"""All the rest, folded; what stands open above is not said twice."""


def daily() -> list[Entry]:
    """The entries that stand open for the viewer."""
    return [entry for entry in DAILY if entry.gate()][:MOST_DAILY]


def offered() -> list[Entry]:
    """Every entry that the viewer may use, once."""
    entries = [*DAILY, *(entry for _title, group in GROUPS for entry in group)]
    return list({entry.url_name: entry for entry in reversed(entries) if entry.gate()}.values())[::-1]


def sidebar(request: HttpRequest) -> list[dict[str, object]]:
    """What one uses every day, then the folded groups that have something for the viewer."""
    first = daily()
    shown = {entry.url_name for entry in first}
    groups: list[dict[str, object]] = [{"title": "", "items": [entry.as_item(request) for entry in first]}]
    if pinned := pins.group(request):
        groups.append(pinned)
    for title, entries in GROUPS:
        items = [entry.as_item(request) for entry in entries if entry.url_name not in shown and entry.gate()]
        if items:
            groups.append({"title": title, "items": items, "separator": False, "collapsible": True})
    return groups


def account_links() -> list[dict[str, object]]:
    """Links and addresses of the user's own account."""
    return [
        {"title": _("Change password"), "link": reverse("account_change_password")},
        {"title": _("Second factor and passkeys"), "link": reverse("mfa_index")},
        {"title": _("How I am notified"), "link": reverse("admin:notification_preferences")},
        {"title": _("My calendar feeds"), "link": reverse("admin:calendars_feed_changelist")},
        {"title": _("My exports"), "link": reverse("admin:exports_export_changelist")},
        {"title": _("First steps"), "link": reverse("admin:first_steps")},
        {"title": _("Pinned"), "link": reverse("admin:pins")},
        {"title": _("My sessions"), "link": reverse("usersessions_list")},
    ]
