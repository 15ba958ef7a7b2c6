"""What every screen over a table has in common: the scope decides the rows, keys name them, nothing is
deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from admin_ui.core import exporting, page_access, saved_filters
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Choice, Column, Dates, Listing, Rows, Tab, name_of
from admin_ui.core.panels import PAGES
from admin_ui.core.parts.frames import frame
from backend.core.models import containing
from backend.core.words.text import first_capital
from backend.documents import typesetting
from permissions.core import scope
from permissions.core.registry import RULES
from permissions.notifications import seeing

View = Callable[..., HttpResponse]
YEAR = 365 * 24 * 3600


class ScopedAdmin(ModelAdmin):
    """A list and a page of a table.

    Rows come from `permissions.core.scope`; a table without a rule is reference data that every member of
    staff reads.
    A page is addressed by the row's key. There is no adding, changing or deleting by Django's forms, no
    history of Django's and no line in its log: what happens goes through actions, which keep our journal.
    """

    gate: ClassVar[Callable[[], bool]] = page_access.anybody
    columns: Sequence[Column] = ()
    tabs: Sequence[Tab] = ()
    filters: Sequence[Choice | Dates] = ()
    order: tuple[str, ...] = ("pk",)
    search_hint: str | Promise = ""
    searches = False
    finds_in: tuple[str, ...] = ()
    """Columns in which a short list is searched, own ones and those of reference data: hidden rows find nothing."""
    empty: str | Promise
    """Where there is no row at all: what would stand here, and what to do."""
    intro: str | Promise = ""
    is_kept = False
    """Whether `get_queryset` and the tabs depend on the viewer alone and on nothing of the request: their statements
    are then kept for all who see alike (`Listing.kept_as`). A moment is asked of `symbolic.now`."""
    can_be_exported = True
    """Whether the list can be taken along as a file."""
    detail_template = ""
    key_field = "key"

    # -- permissions, by the table of rules and never by a permission on the model -----------------
    def has_module_permission(self, request: HttpRequest) -> bool:
        return type(self).gate()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not type(self).gate():
            return False
        if obj is None or type(obj) not in RULES:
            return True
        return scope.can(scope.Action.VIEW, obj)

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows the viewer sees."""
        rows = self.model._default_manager.all()
        return scope.visible(rows) if self.model in RULES else rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The visible row with this key. NOT_FOUND, which the site makes a 404, if it is hidden or
        missing.
        """
        if self.model in RULES:
            return scope.get(self.model, object_id)
        match = self.get_queryset(request).filter(**{self.key_field: object_id}).first()
        if match is None:
            raise scope.not_found()
        return match

    # -- no trace outside our own journal ----------------------------------------------------------
    def log_addition(self, *args: object, **kwargs: object) -> None: ...

    def log_change(self, *args: object, **kwargs: object) -> None: ...

    def log_deletions(self, *args: object, **kwargs: object) -> None: ...

    # -- addresses ---------------------------------------------------------------------------------
    @property
    def prefix(self) -> str:
        return f"{self.opts.app_label}/{self.opts.model_name}/"

    def name_of(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def url(self, page: str, *args: object) -> str:
        return reverse(f"{self.admin_site.name}:{self.name_of(page)}", args=args)

    def route(self, tail: str, view: View, page: str) -> URLPattern:
        return path(self.prefix + tail, self.guarded(view), name=self.name_of(page))

    def guarded(self, view: View) -> View:
        """Wrap a view with the site's check and the table's: 404 without the right to see the table."""

        def gated(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not type(self).gate():
                raise scope.not_found()
            return view(request, *args, **kwargs)

        return self.admin_site.admin_view(gated)

    def get_urls(self) -> list[URLPattern]:
        below = [self.route(*one) for one in PAGES.get(self.model, ())]
        urls = [self.route("", self.changelist_view, "changelist"), *below, *self.more_urls()]
        if self.detail_template:
            urls.append(self.route("<uuid:key>/change/", self.change_view, "change"))
        return urls

    def more_urls(self) -> list[URLPattern]:
        return []

    # -- the list ----------------------------------------------------------------------------------
    def search(self, rows: Any, text: str) -> Rows:
        """Return those of `rows` that a text names; lists with a column of words ask that instead."""
        return rows.filter(containing(rows, self.finds_in, text))

    def search_words(self) -> str | Promise:
        """Return what the field for searching says one can type."""
        fields = [self.model._meta.get_field(name.partition("__")[0]) for name in self.finds_in]
        return self.search_hint or ", ".join(first_capital(field.verbose_name) for field in fields)

    def listing(self, request: HttpRequest) -> Listing:
        return Listing(
            request=request,
            build=partial(self.get_queryset, request),
            columns=self.columns,
            url_of=self.url_of if self.detail_template else None,
            tabs=self.tabs,
            filters=self.filters,
            search=self.search if self.searches else None,
            search_hint=self.search_words(),
            order=self.order,
            empty=self.empty,
            kept_as=name_of(self) if self.is_kept else "",
        )

    def url_of(self, row: Any) -> str:
        return self.url("change", row.key)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        if "view" in request.POST:
            return self.keep_view(request)
        listing = self.listing(request)
        listing.hidden, listing.is_dense = self.view_of(request, listing.columns)
        context = {
            "title": first_capital(self.opts.verbose_name_plural),
            "list": listing,
            **saved_filters.list_context(self, listing),
            **exporting.list_context(self),
            "intro": self.intro,
            "buttons": self.buttons(request),
            "is_fullwidth": "1",
            **(extra_context or {}),
        }
        return page(self.admin_site, request, "admin_ui/list.html", context)

    @property
    def view_cookie(self) -> str:
        return f"list_{self.opts.app_label}_{self.opts.model_name}"

    def view_of(self, request: HttpRequest, columns: Sequence[Column]) -> tuple[frozenset[int], bool]:
        """Return the columns put away, by this browser or until it wishes them, and whether rows stand close."""
        if self.view_cookie not in request.COOKIES:
            return frozenset(place for place, column in enumerate(columns) if column.on_wish), False
        density, _sign, places = request.COOKIES.get(self.view_cookie, "").partition(":")
        hidden = frozenset(int(place) for place in places.split("-") if place.isascii() and place.isdecimal())
        return hidden, density == "dense"

    def keep_view(self, request: HttpRequest) -> HttpResponse:
        """Keep which columns are shown, and how close together rows stand, in this browser; nothing else changes."""
        shown = set(request.POST.getlist("column"))
        hidden = [str(i) for i, _column in enumerate(self.listing(request).columns) if str(i) not in shown]
        answer = HttpResponseRedirect(request.get_full_path())
        density = "dense" if request.POST.get("dense") else ""
        answer.set_cookie(
            self.view_cookie,
            f"{density}:{'-'.join(hidden)}",
            max_age=YEAR,
            path=request.path,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return answer

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        """Links above the list: (title, url, icon)."""
        return []

    # -- the page ----------------------------------------------------------------------------------
    def change_view(
        self,
        request: HttpRequest,
        key: UUID,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, str(key))
        seeing.opened(row)
        context = {"title": str(row), "row": row, "parents": [self.crumb()], **self.details(request, row)}
        return page(self.admin_site, request, self.detail_template, context | (extra_context or {}))

    def crumb(self) -> tuple[str, str]:
        return first_capital(self.opts.verbose_name_plural), self.url("changelist")

    def details(self, request: HttpRequest, row: Any) -> dict[str, object]:
        return {}


class RegisterAdmin(ScopedAdmin):
    """A list of rows of reference, and one form that adds or corrects one; who may not change them reads the list."""

    form_of: type[OfficeForm]
    """Its fields are the parameters of `keep`."""
    keep: Callable[..., object]
    """The action, a `staticmethod`: of the row or None, `by` and the fields; returns the row."""
    kept: str | Promise = _("“%(name)s” is kept.")
    new_title: str | Promise
    new_icon = ""
    form_template = "admin_ui/form.html"
    related: tuple[str, ...] = ()
    """The rows of other tables that its columns show."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = scope.visible(self.model)
        return rows.select_related(*self.related) if self.related else rows

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.url_of = self.url_of if page_access.holds(self.model, scope.Action.CHANGE) else None
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(self.model, scope.Action.CHANGE):
            return []
        return [{"title": self.new_title, "url": self.url("new"), "icon": self.new_icon}]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("new/", self.edit, "new"), self.route("<uuid:key>/change/", self.edit, "change")]

    def start(self, row: Any | None) -> dict[str, object] | None:
        """What the form begins with: the row's columns, a row of another table by its code."""
        values = {name: getattr(row, name) for name in self.form_of.base_fields} if row else None
        return values and {name: getattr(value, "code", value) for name, value in values.items()}

    def parents(self) -> list[tuple[str, str]]:
        return [self.crumb()]

    def below_fields(self, request: HttpRequest, row: Any | None) -> dict[str, object]:
        """What a template of its own shows besides the fields."""
        return {}

    def after(self, request: HttpRequest, row: Any) -> None:
        """Say what follows from a row that was kept."""

    def edit(self, request: HttpRequest, key: UUID | None = None) -> HttpResponse:
        """Add a row or correct one."""
        page_access.require(self.model, scope.Action.CHANGE)
        row = scope.get(self.model, key) if key else None
        form = self.form_of(request.POST or None, initial=self.start(row))
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(self.model, scope.Action.CHANGE) as viewer:
                    kept = type(self).keep(row, by=viewer.user, **form.cleaned_data)
                messages.success(request, self.kept % {"name": kept})
                self.after(request, kept)
                return HttpResponseRedirect(self.url("changelist"))
        context = {
            "title": str(row) if row else self.new_title,
            "parents": self.parents(),
            "form": form,
            "submit": _("Keep"),
            "intro": self.intro,
            **self.below_fields(request, row),
        }
        return page(self.admin_site, request, self.form_template, context)


FORMS_ALONE = frozenset(
    f"admin_ui/{name}.html"
    for name in ("form", "person_new", "engagement_new", "invitation_new", "organisation_new")
)


def page(
    site: AdminSite, request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """One of our pages, within the site's frame; or alone, where a part of the page is asked for.

    Where the page is a form and nothing else, the cursor stands in its first empty field, or in the first wrong
    one.
    """
    request.current_app = site.name
    if template in FORMS_ALONE and isinstance(form := context.get("form"), OfficeForm):
        form.focus(is_new=True)
    alone = frame(request)
    around = {**alone, "site_title": site.site_title} if alone else site.each_context(request)
    answer = TemplateResponse(request, template, {**around, **context}, status=status)
    if alone:
        answer["X-Part"] = "yes"
    return answer


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A paper, shown in the browser and saved under `name`: what it is, nothing of a person. Never cached."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, typesetting.file_name(name)) or "inline"
    answer["Cache-Control"] = "private, no-store"
    return answer
