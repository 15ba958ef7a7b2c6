"""Pages of the admin that belong to no one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponseBase
from django.urls import URLPattern, path

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite


def pages(site: AdminSite) -> list[URLPattern]:
    from admin_ui.appointments import admin as appointments
    from admin_ui.appointments import intake as appointment_intake
    from admin_ui.appointments import slot as programme_slot
    from admin_ui.briefing import page as briefing
    from admin_ui.briefing import papers as programme_paper
    from admin_ui.complaints import cimer, importing, intake, reports
    from admin_ui.complaints import intake_lookups as intake_help
    from admin_ui.complaints.field import page as field
    from admin_ui.configuration import page as configuration
    from admin_ui.contacts import cards, picker_pages
    from admin_ui.core import exporting, saved_filters
    from admin_ui.drafts import page as drafts
    from admin_ui.guidance import pins, tour
    from admin_ui.instructions import dictating
    from admin_ui.letters import folder
    from admin_ui.monitoring import page as monitoring
    from admin_ui.notifications import page as notifications
    from admin_ui.organization import reference
    from admin_ui.places import importing as places_importing
    from admin_ui.programme import calendar as programme_calendar
    from admin_ui.programme import calendar_import
    from admin_ui.programme import day as programme_day
    from admin_ui.queue import work_report
    from admin_ui.telephone import bar as telephone

    def at(address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        return path(address, site.admin_view(view), name=name)

    return [
        at("pick/", picker_pages.search, "pick"),
        at("pick/new/", picker_pages.new, "pick_new"),
        at("pick/card/", cards.show, "pick_card"),
        at("intake/", intake.call, "intake"),
        at("intake/who/", intake_help.who, "intake_who"),
        at("intake/suggest/", intake_help.propose, "intake_suggest"),
        at("intake/done/<uuid:key>/", intake.done, "intake_done"),
        at("recorded/", intake.mine, "intake_recorded"),
        at("telephone/", telephone.show, "telephone"),
        at("telephone/<uuid:key>/away/", telephone.put_away, "telephone_put_away"),
        at("field/", field.show, "field"),
        at("field/shell/", field.shell, "field_shell"),
        at("field/jobs/", field.jobs, "field_jobs"),
        at("field/send/", field.send, "field_send"),
        at("field/worker.js", field.worker, "field_worker"),
        at("cimer/", cimer.desk, "cimer"),
        at("appointments/board/", appointments.board, "appointment_board"),
        at("appointments/call/", appointment_intake.call, "appointment_call"),
        at("appointments/call/free/", appointment_intake.free, "appointment_free"),
        at("appointments/call/done/<uuid:key>/", appointment_intake.done, "appointment_done"),
        at("folder/", folder.show, "letter_folder"),
        at("dictate/", dictating.dictate, "dictate"),
        at("dictate/<uuid:key>/discard/", dictating.discard, "dictation_discard"),
        at("programme/calendar/", programme_calendar.calendar, "programme_calendar"),
        at("programme/events/", programme_calendar.events, "programme_events"),
        at("programme/slot/", programme_slot.slot, "programme_slot"),
        at("programme/day/", programme_day.day, "programme_day"),
        at("programme/import/", calendar_import.upload, "programme_import"),
        at("programme/print/", programme_paper.paper, "programme_print"),
        at("programme/briefing/<uuid:key>/", briefing.show, "programme_briefing"),
        at("programme/briefing/<uuid:key>/pdf/", briefing.as_pdf, "programme_briefing_pdf"),
        at("programme/press/", programme_paper.press, "programme_press"),
        at("import/", importing.upload, "import"),
        at("places/import/", places_importing.upload, "places_import"),
        at("reports/", reports.board, "report_board"),
        at("reports/map/", reports.by_place, "report_map"),
        at("reports/map/cells/", reports.place_cells, "report_map_cells"),
        at("reports/pdf/", reports.as_pdf, "report_pdf"),
        at("reports/xlsx/", reports.as_xlsx, "report_xlsx"),
        at("reports/work/xlsx/", work_report.as_xlsx, "report_work_xlsx"),
        at("reports/information/", reports.information, "report_information"),
        at("reports/information/pdf/", reports.information_as_pdf, "report_information_pdf"),
        at("reports/information/xlsx/", reports.information_as_xlsx, "report_information_xlsx"),
        at("drafts/", drafts.drafts, "drafts"),
        at("export/<slug:name>/", exporting.take, "export"),
        at("reference/", reference.reload, "reference"),
        at("settings/", configuration.settings, "settings"),
        at("status/", monitoring.status, "system_status"),
        at("first-steps/", tour.show, "first_steps"),
        at("pins/", pins.show, "pins"),
        at("pins/add/", pins.add, "pin_add"),
        at("pins/<uuid:key>/remove/", pins.remove, "pin_remove"),
        at("pins/<uuid:key>/move/", pins.move, "pin_move"),
        at("notifications/", notifications.notifications, "notifications"),
        at("notifications/bell/", notifications.bell, "notifications_bell"),
        at("notifications/see/", notifications.see, "notifications_see"),
        at("notifications/preferences/", notifications.preferences, "notification_preferences"),
        at("saved-filters/<slug:name>/save/", saved_filters.save, "saved_filter_save"),
        at("saved-filters/<uuid:key>/remove/", saved_filters.remove, "saved_filter_remove"),
    ]
