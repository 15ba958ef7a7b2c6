"""What happened in the installation, who looked at whom, and what left the house: read only."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import or_dash, permission_name
from admin_ui.core.listing import Choice, Column, Dates, Listing
from admin_ui.core.screen import ScopedAdmin
from admin_ui.journal import held, outgoing  # noqa: F401 - register their panels and pages
from admin_ui.journal.searching import newest
from backend.contacts.models import Citizen
from backend.core.models import containing
from backend.core.words.text import first_capital
from backend.journal.models import AccessLog, AuditLog
from backend.portals.models import Scope as ApiScope
from permissions.core import scope
from permissions.core.access_log import EXPORTED

SCOPES: dict[str, object] = {scope.value: scope.label for scope in ApiScope}

VERBS: dict[str, str | Promise] = {
    "grant_given": gettext_lazy("Permission granted"),
    "grant_taken": gettext_lazy("Permission taken"),
    "token_issued": gettext_lazy("Token issued"),
    "token_revoked": gettext_lazy("Token revoked"),
    "client_registered": gettext_lazy("Client registered"),
    "client_changed": gettext_lazy("Client changed"),
    "client_closed": gettext_lazy("Client closed"),
    "client_reopened": gettext_lazy("Client reopened"),
    "secret_rotated": gettext_lazy("Client secret rotated"),
    "secret_revoked": gettext_lazy("Client secret revoked"),
    "webhook_added": gettext_lazy("Webhook added"),
    "webhook_changed": gettext_lazy("Webhook changed"),
    "webhook_secret_rotated": gettext_lazy("Webhook secret rotated"),
    "webhook_off": gettext_lazy("Webhook switched off"),
    "webhook_on": gettext_lazy("Webhook switched on"),
    "webhook_tested": gettext_lazy("Webhook tried out"),
    "webhook_replayed": gettext_lazy("Webhook deliveries sent again"),
    "documents_registered": gettext_lazy("Documents registered"),
    "document_retired": gettext_lazy("Document retired"),
    "retention_rule_changed": gettext_lazy("Retention rule changed"),
    "legal_hold_placed": gettext_lazy("Legal hold placed"),
    "legal_hold_lifted": gettext_lazy("Legal hold lifted"),
    "instruction_dictated": gettext_lazy("Instruction dictated"),
    "dictation_recorded": gettext_lazy("Dictated instruction recorded"),
    "dictation_discarded": gettext_lazy("Dictated instruction discarded"),
    "citizen_anonymised": gettext_lazy("Person anonymised"),
    "privacy_notice_written": gettext_lazy("Privacy notice written"),
    "settings_changed": gettext_lazy("Settings changed"),
    "danger_sign_saved": gettext_lazy("Sign of danger kept"),
    "router_put_in_force": gettext_lazy("Version of the router put in force"),
    "router_follows_newest": gettext_lazy("The newest version of the router is followed"),
    "sticker_saved": gettext_lazy("Place with a QR code kept"),
    "street_saved": gettext_lazy("Street kept"),
    "door_saved": gettext_lazy("Door kept"),
    "landmark_saved": gettext_lazy("Landmark kept"),
    "places_imported": gettext_lazy("File imported into the register of places"),
    "stickers_printed": gettext_lazy("Sheets of QR codes printed"),
    "routing_rule_saved": gettext_lazy("Routing rule kept"),
    "routing_rule_moved": gettext_lazy("Routing rule put elsewhere in the order"),
    "routing_rules_tried": gettext_lazy("Routing rules tried on the past"),
    "router_training_asked": gettext_lazy("Training of the router asked for"),
    "checklist_item_saved": gettext_lazy("item of a checklist kept"),
    "public_day_offered": gettext_lazy("Places of a public day on the web site"),
    "election_period_saved": gettext_lazy("Election period kept"),
    "election_period_loaded": gettext_lazy("Election period loaded from a file"),
    "citizen_corrected": gettext_lazy("Citizen's record corrected"),
    "bereavement_recorded": gettext_lazy("Bereavement of a citizen recorded"),
    "greeting_day_kept": gettext_lazy("Day of a citizen kept for greetings"),
    "greeting_day_forgotten": gettext_lazy("Day of a citizen kept no longer"),
    "greeting_wish_recorded": gettext_lazy("Wish about greetings recorded"),
    "greeting_wish_forgotten": gettext_lazy("Wish about greetings forgotten"),
    "citizens_merged": gettext_lazy("Records merged"),
    "merge_undone": gettext_lazy("Merge undone"),
    "role_added": gettext_lazy("Role at an organisation added"),
    "role_corrected": gettext_lazy("Role at an organisation corrected"),
    "role_ended": gettext_lazy("Role at an organisation ended"),
    "list_changed": gettext_lazy("List of partners changed"),
    "national_id_set": gettext_lazy("T.C. kimlik no recorded"),
    "national_id_removed": gettext_lazy("T.C. kimlik no removed"),
    "record_taken": gettext_lazy("A person out of their sight was taken for what they recorded"),
    "national_id_repeated": gettext_lazy("Recorded with the T.C. kimlik no of another record"),
    "department_renamed": gettext_lazy("Department renamed"),
    "department_closed": gettext_lazy("Department closed"),
    "department_detsis_recorded": gettext_lazy("DETSİS number recorded"),
    "head_appointed": gettext_lazy("Head appointed"),
    "acting_head_appointed": gettext_lazy("Acting head appointed"),
    "acting_head_ended": gettext_lazy("Acting ended"),
    "leave_added": gettext_lazy("Administrative leave added"),
    "leave_removed": gettext_lazy("Administrative leave removed"),
    "holiday_corrected": gettext_lazy("Public holiday corrected"),
    "reference_created": gettext_lazy("Reference data created"),
    "reference_changed": gettext_lazy("Reference data changed"),
    "account_opened": gettext_lazy("Account opened"),
    "account_closed": gettext_lazy("Account closed"),
    "account_reopened": gettext_lazy("Account reopened"),
    "account_changed": gettext_lazy("Account changed"),
    "password_reset": gettext_lazy("Password reset"),
    "directory_rule_saved": gettext_lazy("Group of the directory kept"),
    "directory_rule_removed": gettext_lazy("Group of the directory removed"),
    "directory_linked": gettext_lazy("Account linked with the directory"),
    "directory_unlinked": gettext_lazy("Account parted from the directory"),
    "import_brought": gettext_lazy("File brought for import"),
    "import_stopped": gettext_lazy("Import stopped"),
    "complaints_imported": gettext_lazy("Applications imported"),
    "principal_established": gettext_lazy("Principal established"),
    "principal_changed": gettext_lazy("Principal changed"),
    "public_day_set": gettext_lazy("Public day set"),
    "public_day_ended": gettext_lazy("Public day ended"),
    "working_hours_set": gettext_lazy("Working hours set"),
    "stand_in_appointed": gettext_lazy("Stand-in appointed"),
    "stand_in_ended": gettext_lazy("Stand-in ended"),
    "letter_substituted": gettext_lazy("Somebody signs letters in another's place"),
    "template_saved": gettext_lazy("Letter template kept"),
    "office_saved": gettext_lazy("Office of the protocol kept"),
    "office_filled": gettext_lazy("Holder of an office recorded"),
    "office_left": gettext_lazy("End of a holder recorded"),
    "precedence_established": gettext_lazy("Order of precedence recorded"),
    "precedence_rewritten": gettext_lazy("Order of precedence set anew"),
    "precedence_withdrawn": gettext_lazy("Order of precedence taken back"),
    "hall_saved": gettext_lazy("Hall kept"),
    "seating_begun": gettext_lazy("Seating plan begun"),
    "seating_changed": gettext_lazy("Seating plan changed"),
    "seating_rows_set": gettext_lazy("Rows of a seating plan set"),
    "seating_seated": gettext_lazy("Guests seated by precedence"),
    "seating_frozen": gettext_lazy("Seating plan frozen"),
    "seating_reopened": gettext_lazy("Seating plan opened again"),
    "precedence_overridden": gettext_lazy("Order of an event changed"),
    "feed_made": gettext_lazy("Calendar address made"),
    "feed_revoked": gettext_lazy("Calendar address revoked"),
    "list_exported": gettext_lazy("List exported"),
    "message_posted_again": gettext_lazy("Message sent again"),
    "mail_registered": gettext_lazy("Mail registered as an application"),
    "mail_made_request": gettext_lazy("Mail registered as an appointment request"),
    "mail_made_letter": gettext_lazy("Mail registered as an incoming letter"),
    "mail_joined": gettext_lazy("Mail joined to an application"),
    "mail_taken_out": gettext_lazy("Mail taken out of a conversation"),
    "mail_routed": gettext_lazy("Mail passed on to another unit"),
    "mail_set_aside": gettext_lazy("Mail set aside"),
    "mail_taken_up": gettext_lazy("Mail put back on the desk"),
    "refusal_voided": gettext_lazy("Refusal of messages taken back"),
    "mailbox_connected": gettext_lazy("Mailbox connected"),
    "mailbox_saved": gettext_lazy("Mailbox kept"),
    "message_line_saved": gettext_lazy("Number for SMS or WhatsApp kept"),
    "submission_accepted": gettext_lazy("Submission accepted"),
    "submission_rejected": gettext_lazy("Submissions rejected"),
}


def verb_text(verb: str) -> str | Promise:
    return VERBS.get(verb, verb.replace("_", " "))


def kind_text(kind: str) -> str:
    """The Turkish name of a table that a line speaks of."""
    try:
        return first_capital(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def note_text(row: AuditLog) -> str:
    """The note, with the names of permissions and of a token's scopes in words."""
    if row.verb.startswith(("token_", "client_")):
        return re.sub(r"\b[A-Z]{4,}\b", lambda word: str(SCOPES.get(word[0], word[0])), row.note)
    if not row.verb.startswith("grant_"):
        return row.note
    return " ".join(str(permission_name(word)) for word in row.note.split(" "))


@admin.register(AuditLog)
class RecordAdmin(ScopedAdmin):
    gate = staticmethod(page_access.maintainers)
    empty = gettext_lazy(
        "Nothing was done to the installation yet. Grants, accounts, names and imports are written here"
        " by themselves; there is nothing you need do."
    )
    columns = (
        Column(gettext_lazy("When"), lambda r: r.at, ("at",), "ok-nowrap"),
        Column(gettext_lazy("What"), lambda r: verb_text(r.verb)),
        Column(gettext_lazy("Of"), lambda r: kind_text(r.subject_kind)),
        Column(gettext_lazy("Which"), lambda r: or_dash(r.subject_label), css="ok-wide"),
        Column(gettext_lazy("Note"), lambda r: or_dash(note_text(r)), css="ok-wide"),
        Column(gettext_lazy("By"), lambda r: r.actor or _("automatic")),
    )
    filters = (
        Choice("what", gettext_lazy("What"), VERBS.items, lambda rows, verb: rows.filter(verb=verb)),
        Dates("at", gettext_lazy("When"), "at__date"),
    )
    order = ("-at", "-pk")
    searches = True
    search_hint = gettext_lazy("Words of the newest ten thousand")

    def search(self, rows: Any, text: str) -> Any:
        return newest(rows, "-at").filter(containing(rows, ("subject_label", "note"), text))

    intro = gettext_lazy("What was done to the installation itself. Nothing here can be changed or deleted.")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("actor")
        return listing


@admin.register(AccessLog)
class ReadingAdmin(ScopedAdmin):
    gate = staticmethod(page_access.managers)
    empty = gettext_lazy(
        "Nobody was shown a citizen's data yet. Who looks at whom, when and where is written here by"
        " itself (KVKK m.12); there is nothing you need do."
    )
    filters = (Dates("at", gettext_lazy("When"), "at__date"),)
    order = ("-at", "-pk")
    intro = gettext_lazy(
        "Who was shown whose personal data, and where (KVKK m.12). Only what you may see is named."
    )

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("reader")
        names: dict[int, str] = {}

        def learn(rows: list[Any]) -> None:
            ids = {
                pk for row in rows for pk in row.subject_ids[:20] if row.subject_kind == "contacts.citizen"
            }
            names.update({row.pk: row.full_name for row in scope.visible(Citizen).filter(pk__in=ids)})

        def whose(row: Any) -> str:
            shown = [names[pk] for pk in row.subject_ids[:3] if pk in names]
            rest = len(row.subject_ids) - len(shown)
            if not shown:
                return _("%(n)d persons") % {"n": rest} if rest != 1 else _("one person")
            return ", ".join(shown) + (_(" and %(n)d more") % {"n": rest} if rest else "")

        listing.on_page = learn
        listing.columns = (
            Column(gettext_lazy("When"), lambda r: r.at, ("at",), "ok-nowrap"),
            Column(gettext_lazy("Who looked"), lambda r: or_dash(r.reader)),
            Column(gettext_lazy("Whose"), whose, css="ok-wide"),
            Column(gettext_lazy("Where"), lambda r: purpose_text(r.purpose)),
        )
        return listing


PURPOSES: dict[str, str | Promise] = {
    "admin: case": gettext_lazy("page of an application"),
    "admin: inbound message": gettext_lazy("page of a mail that came in"),
    "recorded by the viewer": gettext_lazy("what they recorded themselves"),
    "portal": gettext_lazy("what a portal brought in"),
    "admin: phrases of a case": gettext_lazy("phrases of an application"),
    "GraphQL: phrases of a case": gettext_lazy("phrases of an application"),
    "admin: work in the field": gettext_lazy("list of a crew in the field"),
    "admin: citizen": gettext_lazy("page of the citizen"),
    "admin: list of citizens": gettext_lazy("list of citizens"),
    "admin: list of applications": gettext_lazy("list of applications"),
    "admin: search": gettext_lazy("search by person"),
    "GraphQL: search": gettext_lazy("search by person"),
    "admin: timeline": gettext_lazy("timeline"),
    "admin: perhaps twice on a list of guests": gettext_lazy("who may be twice on a list of guests"),
    "admin: guests": gettext_lazy("list of guests"),
    "admin: guest": gettext_lazy("page of a guest"),
    "admin: guest look-up": gettext_lazy("list of guests"),
    "guests of an event": gettext_lazy("list of guests"),
    "list of partners": gettext_lazy("list of partners"),
    "greetings: list of partners": gettext_lazy("recipients of a greeting"),
    "greetings: suggestions": gettext_lazy("suggested letters"),
    "admin: list of a greeting": gettext_lazy("recipients of a greeting"),
    "admin: recipients of a greeting": gettext_lazy("recipients of a greeting"),
    "admin: letters by hand": gettext_lazy("letters delivered by hand"),
    "admin: list of letters": gettext_lazy("list of letters"),
    "admin: letter": gettext_lazy("page of a letter"),
    "admin: organisation": gettext_lazy("page of an organisation"),
    "admin: promises": gettext_lazy("list of promises"),
    "admin: appointment requests": gettext_lazy("list of requests for an appointment"),
    "admin: appointment request": gettext_lazy("page of a request for an appointment"),
    "briefing sheet": gettext_lazy("briefing sheet"),
    "file": gettext_lazy("file"),
    "admin: seating plan": gettext_lazy("seating plan"),
    "admin: office of the protocol": gettext_lazy("office of the protocol"),
    "admin: picker": gettext_lazy("choice of a person"),
    "picker": gettext_lazy("choice of a person"),
    "admin: call": gettext_lazy("telephone call"),
    "admin: application under KVKK": gettext_lazy("application under KVKK art. 11"),
    "admin: applications under KVKK": gettext_lazy("list of applications under KVKK art. 11"),
    "admin: anonymise": gettext_lazy("page of anonymising"),
    "subject report": gettext_lazy("report about a person"),
}


def purpose_text(purpose: str) -> str | Promise:
    if purpose.endswith(EXPORTED):
        return _("%(where)s (exported)") % {"where": purpose_text(purpose.removesuffix(EXPORTED))}
    if purpose.startswith("national_id: "):
        return _("whole T.C. kimlik no: %(purpose)s") % {"purpose": purpose.removeprefix("national_id: ")}
    return PURPOSES.get(purpose, purpose)
