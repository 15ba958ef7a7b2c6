"""The composer: a letter side by side with its paper and its faults, drawn anew while one types; incoming letters."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui.contacts.picker_pages import found_for
from admin_ui.core import page_access
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.letters import compose_forms
from admin_ui.letters.forms import ReceiveForm
from backend.core.errors import DomainError, ErrorCode
from backend.letters import actions, checking, drafts
from backend.letters.choices import PERSONAL, Form, Kind
from backend.letters.law import check_text, checker
from backend.letters.law.parts import Draft
from backend.letters.models import Letter, LetterTemplate
from backend.letters.moves import Verb
from backend.letters.papers import rendering
from backend.organization.models import Department, User
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.filters import Action
from permissions.letters import access
from permissions.letters.sources import SOURCES, to_citizen, to_organisation


def new(request: HttpRequest) -> HttpResponse:
    """Begin a letter: first what it is (`beginnings`); `?kind=CONDOLENCE` begins with what that kind usually says."""
    page_access.require(Letter, Action.BEGIN)
    kind = request.GET.get("kind", "")
    if request.method != "POST" and kind not in Kind.values:
        return _choose(request)
    starting = {"kind": kind if kind in Kind.values else Kind.OFFICIAL, **who_signs(by_name=True)}
    form = compose_forms.ComposeForm(request.POST or None, initial=starting)
    sets = compose_forms.row_sets(request.POST if request.POST else None)
    if request.method == "POST" and _valid(form, sets) and "look" not in request.POST:
        with form.refusals():
            department = form.cleaned_data["department"]
            with access.drafting(department.key if department else None) as (viewer, own):
                values: dict[str, Any] = {**form.facts(), **compose_forms.said_rows(sets)}
                letter = actions.draft(own, by=viewer.user, **values)
            messages.success(request, _("The draft is saved."))
            return HttpResponseRedirect(_after(request, letter))
    return _compose(request, form, sets, None)


def _choose(request: HttpRequest) -> HttpResponse:
    """Every kind with its standing texts: one press chooses both."""
    context = {
        "title": _("Write a letter"),
        "parents": [(_("Letters"), reverse("admin:letters_letter_changelist"))],
        "groups": beginnings(),
    }
    return page(admin.site, request, "admin_ui/letter_new.html", context)


def beginnings() -> list[dict[str, object]]:
    """What can be written: letters of the makam first, of each kind the standing texts in use and a blank sheet."""
    texts: dict[str, list[dict[str, str]]] = {}
    for row in scope.visible(LetterTemplate).filter(is_active=True).order_by("name"):
        url = reverse("admin:letters_lettertemplate_change", args=[row.key])
        texts.setdefault(row.kind, []).append({"name": row.name, "url": url})
    blank = reverse("admin:letters_letter_new")
    kinds = [
        {"kind": kind, "blank": f"{blank}?kind={kind.value}", "texts": texts.get(kind, [])} for kind in Kind
    ]
    personal = [one for one in kinds if one["kind"] in PERSONAL]
    return [
        {"title": _("Letters of the makam"), "kinds": sorted(personal, key=lambda one: not one["texts"])},
        {"title": _("Official letters"), "kinds": [one for one in kinds if one not in personal]},
    ]


def who_signs(by_name: bool = False) -> dict[str, Any]:
    """The mayor, who signs most letters of the office; the writer chooses another where it is another."""
    mayor = Principal.objects.mayor()
    if mayor is None or mayor.person is None:
        return {}
    person = mayor.person
    return {"signatory": person.username if by_name else person, "signatory_title": mayor.name}


def write(request: StaffRequest, key: UUID) -> HttpResponse:
    """Write on."""
    letter = scope.get(Letter, key, action=Verb.WRITE)
    form = compose_forms.ComposeForm(request.POST or None, letter=letter)
    sets = compose_forms.row_sets(request.POST or None, letter)
    if request.method == "POST" and _valid(form, sets) and "look" not in request.POST:
        try:
            written: dict[str, Any] = {**form.facts(), **compose_forms.said_rows(sets, letter)}
            version = form.cleaned_data["version"]
            with scope.authorized(Verb.WRITE, Letter, letter.key, version=version) as locked:
                actions.write(locked, by=request.user, **written)
            messages.success(request, _("The draft is saved."))
            return HttpResponseRedirect(_after(request, letter))
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN or error.field == "id":
                raise
            form.refuse(error)
    return _compose(request, form, sets, letter)


def _after(request: HttpRequest, letter: Letter) -> str:
    """Back to the composer, or to the page to put it forward."""
    name = "change" if "done" in request.POST else "write"
    return reverse(f"admin:letters_letter_{name}", args=[letter.key])


def _valid(form: compose_forms.ComposeForm, sets: dict[str, Any]) -> bool:
    return all([form.is_valid(), *(rows.is_valid() for rows in sets.values())])


def _compose(
    request: HttpRequest, form: compose_forms.ComposeForm, sets: dict[str, Any], letter: Letter | None
) -> HttpResponse:
    context = {
        "title": _("Write a letter") if letter is None else letter.subject or _("Draft"),
        "parents": [(_("Letters"), reverse("admin:letters_letter_changelist"))],
        "form": form,
        "sets": sets,
        "letter": letter,
        "known": compose_forms.known_names(),
        "personal_kinds": " ".join(sorted(PERSONAL)),
        "is_personal": form["kind"].value() in PERSONAL,
        **_looked_at(form, sets, letter),
    }
    return page(admin.site, request, "admin_ui/letter_compose.html", context)


def _looked_at(
    form: compose_forms.ComposeForm, sets: dict[str, Any], letter: Letter | None
) -> dict[str, Any]:
    """Pictures of the paper, faults and the proposed closing of what is typed, or of what is stored."""
    if form.is_bound and _valid(form, sets):
        department = form.cleaned_data["department"] or access.own_departments().first()
        try:
            facts, rows = form.facts(), compose_forms.said_rows(sets, letter)
            rows.pop("steps")
            sheet = checking.sheet(letter.department if letter else department, **facts | rows)
        except DomainError as error:
            return {"refused": str(error)}
    elif letter is not None and not form.is_bound:
        sheet = drafts.sheet_of(letter)
    elif not form.is_bound:
        department = access.own_departments().first()
        sheet = checking.sheet(department, kind=form.initial.get("kind", Kind.OFFICIAL), **who_signs())
    else:
        return {"refused": _("Correct the marked fields; then the paper is drawn again.")}
    return seen(sheet) | {"is_blank": _is_blank(letter, sheet) and not _tries(form)}


def _is_blank(letter: Letter | None, sheet: drafts.Sheet) -> bool:
    return letter is None and not (sheet.letter.body or sheet.letter.subject or sheet.addressees)


def _tries(form: compose_forms.ComposeForm) -> bool:
    """Whether the writer asked for it to be checked or kept: before that no one learns what an empty sheet lacks."""
    return "look" in form.data or "done" in form.data


def seen(sheet: drafts.Sheet) -> dict[str, object]:
    """Side panel of the composer: faults, suggestions and the drawn paper."""
    sheet.letter.drafted_by = sheet.letter.drafted_by or scope.current_viewer().user
    scope.log_access(
        [addressee.citizen_id for addressee in sheet.addressees if addressee.citizen_id], "admin: letter"
    )
    draft = drafts.as_draft(sheet)
    return {
        "faults": checker.faults(draft),
        "proposed": checking.proposal(draft),
        "greeting": check_text.salutation(draft) if _greets(draft) else "",
        "offered": checking.offered(draft),
        "pages": sheets(sheet),
    }


def sheets(sheet: drafts.Sheet) -> list[str]:
    """The paper sheet by sheet, as pictures that stand in the page itself; a draft bears TASLAK."""
    return [base64.b64encode(one).decode() for one in rendering.pages(sheet)]


def _greets(draft: Draft) -> bool:
    """Whether it is a letter of the makam, and whom it greets is known."""
    return draft.form == Form.PERSONAL and bool(draft.addressees)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Drawn preview of the form's content."""
    page_access.require(Letter, Action.BEGIN)
    key, letter = request.GET.get("letter"), None
    if key:
        letter = scope.get(Letter, key, action=Verb.WRITE)
    form = compose_forms.ComposeForm(request.POST, letter=letter)
    context = _looked_at(form, compose_forms.row_sets(request.POST, letter), letter)
    return render(request, "admin_ui/includes/letter_preview.html", context)


@require_POST
def pick(request: HttpRequest) -> HttpResponse:
    """Whom a text may mean as addressee: departments, bodies and offices by name, then persons and organisations."""
    page_access.require(Letter, Action.BEGIN)
    return found_for(request, compose_forms.names_like(request.POST.get("q", "")))


def make(request: HttpRequest, what: str, key: UUID) -> HttpResponse:
    """A letter of a case, a meeting and the like, to a citizen or an organisation, by one press; its composer opens."""
    begins = {name: begin for name, (_model, begin) in SOURCES.items()}
    begins |= {"citizen": to_citizen, "organisation": to_organisation}
    if what not in begins or request.method != "POST":
        raise scope.not_found()
    begin = begins[what]
    try:
        letter = begin(key)
    except DomainError as error:
        if error.code in (ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND):
            raise
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:letters_letter_changelist"))
    return HttpResponseRedirect(reverse("admin:letters_letter_write", args=[letter.key]))


# -- incoming ----------------------------------------------------------------------------------------------
def receive(request: StaffRequest) -> HttpResponse:
    """Register a letter that came in, with its file."""
    page_access.require(Letter, Action.BEGIN)
    form = ReceiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            with access.drafting() as (_viewer, own):
                letter = _received(form, own, request.user)
            values = {"number": letter.reference}
            messages.success(request, _("Registered with the number %(number)s.") % values)
            return HttpResponseRedirect(reverse("admin:letters_letter_change", args=[letter.key]))
    context = {
        "title": _("Register an incoming letter"),
        "parents": [(_("Letters"), reverse("admin:letters_letter_changelist"))],
        "form": form,
    }
    return page(admin.site, request, "admin_ui/letter_receive.html", context)


def _received(form: ReceiveForm, own: Department, by: User) -> Letter:
    letter = actions.receive(own, by=by, **form.facts())
    if file := form.cleaned_data["file"]:
        actions.attach(letter, by=by, file=file, name=file.name)
    return letter
