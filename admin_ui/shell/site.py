"""The one admin site of the office: who gets in, what stands in the side bar, what every page has in
common.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, path, re_path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode

View = Callable[..., HttpResponseBase]
PRIMARY = {
    "50": "#eff6ff",
    "100": "#dbeafe",
    "200": "#bfdbfe",
    "300": "#93c5fd",
    "400": "#60a5fa",
    "500": "#3b82f6",
    "600": "#1d4ed8",
    "700": "#1e40af",
    "800": "#1e3a8a",
    "900": "#172554",
    "950": "#0f172a",
}
"""The one accent colour, dark enough to be read on white."""


class OfficeAdminSite(UnfoldAdminSite):
    """Only our own pages: of Django's site no history, no deletion, no autocompletion and no list of
    applications.

    Hidden and missing rows are the same 404; a refusal of the domain is a 404 or 403 and never a redirect.
    """

    site_title = _("Private office")
    site_header = _("Private office")
    index_title = _("My desk")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only screens that go through the scope: what other packages bring along stays out."""
        from admin_ui.core.screen import ScopedAdmin

        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from admin_ui.shell import accounts

        urls: list[URLResolver | URLPattern] = [
            path("", self.admin_view(self.index), name="index"),
            path("login/", self.login, name="login"),
            path("logout/", self.logout, name="logout"),
            path("alive/", accounts.alive, name="alive"),
            path("search/", self.admin_view(self.search), name="search"),
        ]
        for model_admin in self._registry.values():
            urls += model_admin.get_urls()
        from admin_ui.shell.pages import pages

        urls += pages(self)
        return [*urls, re_path(r"(?P<url>.*)$", self.admin_view(self.catch_all_view))]

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """The site's gate around a view: sign-in, no caching, the script policy, plain answers to refusals, drafts that
        go with the form that was sent, and first steps that it ticks off.
        """
        from admin_ui.drafts.page import discarding
        from admin_ui.guidance.tour import ticking

        kept = ticking(discarding(view))

        @wraps(view)
        def answered(*args: object, **kwargs: object) -> HttpResponseBase:
            try:
                return kept(*args, **kwargs)
            except DomainError as error:
                if error.code == ErrorCode.NOT_FOUND:
                    raise Http404 from None
                if error.code in {ErrorCode.FORBIDDEN, ErrorCode.UNAUTHENTICATED}:
                    raise PermissionDenied from None
                raise

        gated = super().admin_view(answered, cacheable)
        allow = csp_replace({"script-src": settings.ADMIN_SCRIPT_SOURCES})
        return allow(gated)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponseBase:
        """Delegate to allauth's sign-in with its second factor; an account that is not staff gets an explanation."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return HttpResponseRedirect(reverse("admin:index"))
            raise PermissionDenied
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(wanted, reverse("account_login"))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponseBase:
        from admin_ui.shell.accounts import SignOutView

        return SignOutView.as_view()(request)

    def index(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        from admin_ui.queue.home import home

        return home(self, request)

    def search(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """The command palette: cases by number or words. Nothing is cached: a case may have gone a
        moment ago.
        """
        from admin_ui.shell.quick_search import results

        return results(request)

    def each_context(self, request: HttpRequest) -> dict[str, object]:
        from admin_ui.shell.navigation import account_links

        context = super().each_context(request)
        context |= {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_subheader": configured.MUNICIPALITY_NAME,
            "site_symbol": "account_balance",
            "site_url": None,
            "show_history": False,
            "show_view_on_site": False,
            "show_back_button": False,
            "show_languages": True,
            "languages_action": reverse("language"),
            "site_favicons": [
                {"rel": "icon", "type": "image/svg+xml", "href": static("admin_ui/favicon.svg")}
            ],
            "styles": [static("admin_ui/office.css")],
            "scripts": [static(f"admin_ui/{name}.js") for name in ("office", "day", "drafts", "picker")],
            "account_links": account_links(),
            "sidebar_show_search": True,
            "sidebar_command_search": True,
            "sidebar_show_all_applications": False,
            "command_show_history": False,
            "colors": {**context["colors"], "primary": PRIMARY},
            "municipality": configured.MUNICIPALITY_NAME,
        }
        return context

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, object]]:
        from admin_ui.shell.navigation import sidebar

        return sidebar(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, object]]:
        """Hide Django's list of applications; the side bar replaces it."""
        return []
