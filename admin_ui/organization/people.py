"""Members of staff and their accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean
from backend.notifications.accounts import send_account_link
from backend.organization import accounts
from backend.organization.models import DirectoryPerson, User
from permissions.core import scope
from permissions.core.filters import Action
from permissions.models import DepartmentGrant


class AccountForm(OfficeForm):
    first_name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Surname"), max_length=150, required=False)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, required=False)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Mobile phone"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("The official number: with it, its owner may choose to be notified by SMS."),
    )
    extension = forms.CharField(
        label=gettext_lazy("Telephone extension"),
        max_length=20,
        required=False,
        help_text=gettext_lazy(
            "Of the telephone at the desk: who calls it is shown on the screen of its owner."
        ),
    )


class NewAccountForm(AccountForm):
    username = forms.CharField(label=gettext_lazy("User name"), max_length=150)
    is_program = forms.BooleanField(
        label=gettext_lazy("Account of a program"),
        required=False,
        help_text=gettext_lazy(
            "Nobody signs in with it: the program asks with a token that is issued for it."
        ),
    )
    field_order = ("username",)


def _state(user: User) -> str:
    if not user.is_active:
        return badge(_("closed"), "grey")
    if user.is_program:
        return badge(_("program"), "blue")
    return badge(_("Bilgi İşlem"), "blue") if user.is_superuser else badge(_("open"), "green")


@admin.register(User)
class UserAdmin(ScopedAdmin):
    gate = staticmethod(page_access.managers)
    empty = gettext_lazy(
        "No member of staff has an account yet. Accounts stand here with what each may do: open the"
        " first one."
    )
    columns = (
        Column(gettext_lazy("Name"), str, ("first_name", "last_name"), "ok-wide"),
        Column(gettext_lazy("User name"), lambda u: u.username, ("username",), "ok-nowrap"),
        Column(gettext_lazy("Title"), lambda u: or_dash(u.title)),
        Column(gettext_lazy("E-mail"), lambda u: or_dash(u.email)),
        Column(gettext_lazy("Account"), _state, css="ok-nowrap"),
    )
    tabs = (
        Tab("open", gettext_lazy("Open"), lambda rows: rows.filter(is_active=True)),
        Tab("closed", gettext_lazy("Closed ones"), lambda rows: rows.filter(is_active=False)),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    order = ("first_name", "last_name", "pk")
    searches = True
    search_hint = gettext_lazy("Name or user name")
    detail_template = "admin_ui/person.html"

    def search(self, rows: Any, text: str) -> Any:
        wanted = clean(text)
        return rows.filter(
            Q(username__icontains=wanted) | Q(first_name__icontains=wanted) | Q(last_name__icontains=wanted)
        )

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        return [{"title": _("Open an account"), "url": self.url("new"), "icon": "person_add"}]

    def get_urls(self) -> list[URLPattern]:
        changelist, *rest = super().get_urls()
        return [changelist, rest[-1], *rest[:-1]]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("new/", self.new, "new"), self.route("<uuid:key>/<slug:deed>/", self.act, "act")]

    def details(self, request: HttpRequest, row: User) -> dict[str, object]:
        grants = DepartmentGrant.dated.select_related("content_object", "permission", "given_by")
        initial = {name: getattr(row, name) for name in AccountForm.base_fields}
        initial["phone"] = row.phone.as_national if row.phone else ""
        return {
            "grants": list(
                scope.visible(grants).filter(user=row).order_by("content_object__name_sort", "valid_from")
            ),
            "form": AccountForm(initial=initial),
            "state": _state(row),
            "opened": False,
            "of_directory": scope.visible(DirectoryPerson).filter(user=row).first(),
            "may_unlink": page_access.holds(DirectoryPerson, Action.CHANGE),
        }

    def new(self, request: StaffRequest) -> HttpResponse:
        """Open an account; the invitation is shown this once."""
        form = NewAccountForm(request.POST or None)
        context: dict[str, object] = {"title": _("Open an account"), "parents": [self.crumb()], "form": form}
        if request.method == "POST" and form.is_valid():
            with form.refusals(), scope.elevated_for(DepartmentGrant, Action.GIVE):
                user, token = accounts.open_account(by=request.user, **form.cleaned_data)
                context |= {"person": user, **self._invited(user, token)}
        return page(self.admin_site, request, "admin_ui/person_new.html", context)

    def act(self, request: StaffRequest, key: UUID, deed: str) -> HttpResponse:
        """Change, close or reopen an account, or invite its owner to choose a password anew."""
        row = self.get_object(request, str(key))
        if request.method != "POST" or deed not in {"correct", "close", "reopen", "password"}:
            return HttpResponseRedirect(self.url("change", key))
        form = AccountForm(request.POST) if deed == "correct" else None
        shown: dict[str, object] = {}
        if form is None or form.is_valid():
            try:
                with scope.elevated_for(DepartmentGrant, Action.GIVE):
                    shown = self._do(request, row, deed, form)
            except DomainError as error:
                if error.code == ErrorCode.FORBIDDEN:
                    raise
                if form is None:
                    messages.error(request, str(error))
                    return HttpResponseRedirect(self.url("change", key))
                form.refuse(error)
            else:
                if not shown:
                    messages.success(request, _("Done."))
                    return HttpResponseRedirect(self.url("change", key))
        context = {
            "title": str(row),
            "row": row,
            "parents": [self.crumb()],
            **self.details(request, row),
            **shown,
        }
        if form is not None:
            context |= {"form": form, "opened": True}
        return page(self.admin_site, request, self.detail_template, context)

    def _do(self, request: StaffRequest, row: User, deed: str, form: AccountForm | None) -> dict[str, object]:
        by = request.user
        if deed == "correct" and form is not None:
            accounts.change_account(row, by=by, **form.cleaned_data)
        elif deed == "password":
            return self._invited(row, accounts.reset_password(row, by=by))
        else:
            (accounts.close_account if deed == "close" else accounts.reopen_account)(row, by=by)
        return {}

    def _invited(self, user: User, token: str) -> dict[str, object]:
        """The address under which the owner chooses a password, and whether it is on its way; "" for a program."""
        home = settings.PUBLIC_URL.rstrip("/")
        link = f"{home}{reverse('invitation', args=[user.key, token])}" if token else ""
        return {"invitation": link, "mailed_to": user.email if send_account_link(user, link=link) else ""}
