"""First steps of a member of staff by role: a short list on the home that ticks itself off, until it is put away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_ui.core import page_access
from admin_ui.core.once import was_carried_out
from admin_ui.core.screen import page
from backend.guidance import actions
from backend.guidance.models import FirstStep
from permissions.core import scope
from permissions.core.filters import Action
from permissions.core.viewer import Viewer

View = Callable[..., HttpResponseBase]
AddressVerb = tuple[str, str]
"""The name of an address, and which verb of it; "" for any."""


@dataclass(frozen=True)
class TourStep:
    """One of the first steps: done by a deed (a form that was carried out) or, without one, by opening its page."""

    name: str
    title: str | Promise
    why: str | Promise
    url_name: str
    deeds: frozenset[AddressVerb] = frozenset()
    fragment: str = ""

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.url_name}") + self.fragment

    def is_done_by(self, request: HttpRequest) -> bool:
        """Whether this request, which was carried out, does the step."""
        match = request.resolver_match
        if match is None:
            return False
        if request.method == "GET":
            return not self.deeds and match.url_name == self.url_name
        verb = str(match.kwargs.get("verb") or request.POST.get("do") or "")
        return any(match.url_name == name and wanted in ("", verb) for name, wanted in self.deeds)


def _deeds(*names: str) -> frozenset[AddressVerb]:
    """Deeds by name, each with its verb behind a colon where only that one counts."""
    return frozenset((name, verb) for name, _sign, verb in (one.partition(":") for one in names))


_CASE, _LETTER, _REQUEST = (
    "complaints_complaint_act",
    "letters_letter_act",
    "appointments_appointmentrequest_act",
)
CALL = TourStep(
    "call",
    _("Record your first call"),
    _("Category, unit and the day until which an answer is due are proposed while you write."),
    "intake",
    _deeds("intake"),
)
QUEUE = TourStep(
    "queue",
    _("Do what stands first in “Next up”"),
    _(
        "What is dangerous stands first, then your own work, then that of no one, each with the late ones on top."
        " The button of the row does it, “n” goes on to the next one."
    ),
    "index",
    _deeds(_CASE, _LETTER, _REQUEST, "instructions_instruction_act"),
    "#queue",
)
APPOINTMENT = TourStep(
    "appointment",
    _("Give your first appointment"),
    _("Type “Thursday 14:00”; what is taken is refused with three free times."),
    "appointment_board",
    _deeds(f"{_REQUEST}:approve", f"{_REQUEST}:propose", "appointment_call"),
)
LETTER = TourStep(
    "letter",
    _("Begin a letter"),
    _("Choose kind and template; the paper at the side is checked against the Regulation on correspondence."),
    "letters_letter_new",
    _deeds("letters_letter_new", "letters_letter_make"),
)
APPROVE = TourStep(
    "approve",
    _("Approve a reply"),
    _("You may correct it first: both versions are kept, and the unit is informed."),
    "index",
    _deeds(f"{_CASE}:approve", f"{_CASE}:approve_and_send", f"{_CASE}:correct_reply", f"{_CASE}:send_back"),
    "?show=approve#queue",
)
ACCEPT = TourStep(
    "accept",
    _("Accept an application of your unit"),
    _("What is not yours goes back with a reason, and the limit does not run against you."),
    "complaints_complaint_changelist",
    _deeds(f"{_CASE}:accept", f"{_CASE}:return", f"{_CASE}:start", "complaints_complaint_bulk"),
)
DRAFT = TourStep(
    "draft",
    _("Draft a reply"),
    _("What you type is kept while you type; approved phrases stand above the field."),
    "complaints_complaint_changelist",
    _deeds(f"{_CASE}:draft", f"{_CASE}:submit"),
)
ASSIGN = TourStep(
    "assign",
    _("Make a person responsible"),
    _("Their own rows stand first in their queue; the others of the unit see whose it is."),
    "complaints_complaint_changelist",
    _deeds(f"{_CASE}:assign", f"{_CASE}:take_over"),
)
FORWARD = TourStep(
    "forward",
    _("Put a reply forward for approval"),
    _("The private office is informed at once, and you when it is approved or comes back."),
    "index",
    _deeds(f"{_CASE}:submit"),
    "#queue",
)
DAY = TourStep(
    "day",
    _("Look at your day"),
    _("What is now, what is next, and the briefing of each meeting."),
    "programme_day",
)
FOLDER = TourStep(
    "folder",
    _("Sign a letter"),
    _("Letters lie in a folder: sign one, or send it back, and the next one follows."),
    "letter_folder",
    _deeds("letter_folder", f"{_LETTER}:sign", f"{_LETTER}:approve"),
)
DICTATE = TourStep(
    "dictate",
    _("Dictate an instruction"),
    _("Say it; the private office reads it back before it leaves."),
    "index",
    _deeds("dictate"),
)
ACCOUNT = TourStep(
    "account",
    _("Open an account for a member of staff"),
    _("The person gets a link and sets password and second factor themselves."),
    "organization_user_new",
    _deeds("organization_user_new"),
)
GRANT = TourStep(
    "grant",
    _("Give a permission on a department"),
    _("Without one no one sees a single application; you see none yourself."),
    "permissions_departmentgrant_changelist",
    _deeds("permissions_departmentgrant_give"),
)
SETTINGS = TourStep(
    "settings",
    _("Enter name, crest and telephone number of the municipality"),
    _("They stand on letters, mails and the pages for citizens."),
    "settings",
    _deeds("settings"),
)
STATUS = TourStep(
    "status",
    _("Look whether mail, worker and backup are alive"),
    _("What is red there is to be done today."),
    "system_status",
)
NOTIFY = TourStep(
    "notify",
    _("Choose how you are notified"),
    _("In the page, by e-mail or SMS, for each kind; in quiet hours only what is urgent."),
    "notification_preferences",
    _deeds("notification_preferences"),
)
PIN = TourStep(
    "pin",
    _("Pin a list to the side bar"),
    _("Narrow a list with its filters, then press the pin at the top."),
    "complaints_complaint_changelist",
    _deeds("pin_add"),
)

SECRETARY = (CALL, QUEUE, APPOINTMENT, LETTER, PIN, NOTIFY)
OFFICE_HEAD = (APPROVE, QUEUE, APPOINTMENT, LETTER, PIN, NOTIFY)
CLERK = (ACCEPT, DRAFT, QUEUE, PIN, NOTIFY)
HEAD = (ASSIGN, FORWARD, QUEUE, PIN, NOTIFY)
MAYOR = (DAY, FOLDER, DICTATE, NOTIFY)
ADMINISTRATOR = (ACCOUNT, GRANT, SETTINGS, STATUS, NOTIFY)
TOURS = (SECRETARY, OFFICE_HEAD, CLERK, HEAD, MAYOR, ADMINISTRATOR)
_TICKED_BY_GET = {step.url_name for tour in TOURS for step in tour if not step.deeds}
_TICKED_BY_POST = {name for tour in TOURS for step in tour for name, _verb in step.deeds}


def steps_for(viewer: Viewer) -> tuple[TourStep, ...]:
    """The first steps of what the viewer mostly is; none for a program, and for who has no permission yet."""
    if viewer.user is None or viewer.scopes is not None:
        return ()
    if viewer.principal_of:
        return MAYOR
    if viewer.is_office:
        return OFFICE_HEAD if viewer.heads_office else SECRETARY
    if page_access.managers():
        return ADMINISTRATOR
    if viewer.heads:
        return HEAD
    return CLERK if viewer.works_in else ()


@dataclass(frozen=True)
class Tour:
    """The first steps as a page draws them."""

    lines: list[tuple[TourStep, bool]]
    is_put_away: bool

    @property
    def done(self) -> int:
        return sum(is_done for _step, is_done in self.lines)

    @property
    def following(self) -> TourStep | None:
        """The first one that is not done yet."""
        return next((step for step, is_done in self.lines if not is_done), None)


def tour() -> Tour | None:
    """The viewer's first steps; one statement. None where there are none."""
    viewer = scope.current_viewer()
    steps = steps_for(viewer)
    if not steps:
        return None
    names = set(scope.visible(FirstStep).values_list("name", flat=True))
    return Tour([(step, step.name in names) for step in steps], actions.PUT_AWAY in names)


def on_the_home() -> Tour | None:
    """The same, until it is put away."""
    found = tour()
    return None if found is None or found.is_put_away else found


def show(request: HttpRequest) -> HttpResponse:
    """The first steps again; a POST puts them away, or back on the home."""
    if request.method == "POST":
        with scope.elevated_for(FirstStep, Action.REGISTER):
            if request.POST.get("again"):
                actions.begin_again(by=scope.require_user())
            else:
                actions.tick(by=scope.require_user(), name=actions.PUT_AWAY)
        return HttpResponseRedirect(reverse("admin:index"))
    context = {"title": _("First steps"), "tour": tour()}
    return page(admin.site, request, "admin_ui/first_steps.html", context)


def ticking(view: View) -> View:
    """Wrap a view: what it carried out ticks off the first step that it is."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        name = request.resolver_match.url_name if request.resolver_match else None
        by_visit = request.method == "GET" and name in _TICKED_BY_GET and answer.status_code == HTTPStatus.OK
        by_deed = request.method == "POST" and name in _TICKED_BY_POST and was_carried_out(request, answer)
        if by_visit or by_deed:
            _tick(request)
        return answer

    return answered


def _tick(request: HttpRequest) -> None:
    wanted = {step.name for step in steps_for(scope.current_viewer()) if step.is_done_by(request)}
    if not wanted:
        return
    wanted -= set(scope.visible(FirstStep).filter(name__in=wanted).values_list("name", flat=True))
    if wanted:
        with scope.elevated_for(FirstStep, Action.REGISTER):
            for name in sorted(wanted):
                actions.tick(by=scope.require_user(), name=name)
