"""Addresses of the screens: the admin, sign-in, pages of messages to citizens, the health check and metrics."""

from allauth.account import urls as account
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from admin_ui.appointments import answer_page as answer
from admin_ui.calendars import feed_page as calendar_feed
from admin_ui.configuration import identity
from admin_ui.events import answer_page as guest_answer
from admin_ui.events import public_calendar
from admin_ui.events import suggestions as suggestion
from admin_ui.letters import verification
from admin_ui.organization import sign_on
from admin_ui.shell import health, language
from admin_ui.shell.accounts import InvitationView, SignOutView, StaffLoginView
from admin_ui.submissions import confirmation
from backend.core.session import asking_first
from permissions.organization.sign_on import ask

OFFERED = {
    "account_inactive",
    "account_reauthenticate",
    "account_signup",  # says that Bilgi İşlem opens accounts
    "account_change_password",
    "account_set_password",
}
"""Of allauth's own pages. None changes an e-mail address or resets a password by e-mail: Bilgi İşlem does that, face
to face."""


def account_urls() -> list[URLPattern | URLResolver]:
    """Links and addresses of the user's own account."""
    own = [item for item in account.urlpatterns if item.name in OFFERED]
    return [
        *own,
        path("2fa/", include("allauth.mfa.urls")),
        path("sessions/", include("allauth.usersessions.urls")),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("dil/", language.choose, name="language"),
    path("accounts/login/", asking_first(ask, StaffLoginView.as_view()), name="account_login"),
    path("accounts/logout/", SignOutView.as_view(), name="account_logout"),
    path("accounts/directory/", sign_on.begin, name="directory_begin"),
    path("accounts/directory/back/", sign_on.back, name="directory_back"),
    path("accounts/directory/saml/", sign_on.assertion, name="directory_saml"),
    path("accounts/directory/saml/out/", sign_on.out, name="directory_saml_out"),
    path("accounts/directory/saml/metadata/", sign_on.described, name="directory_metadata"),
    path("accounts/invitation/<uuid:uidb64>/<str:token>/", InvitationView.as_view(), name="invitation"),
    path("accounts/", include(account_urls())),
    path("randevu/<str:token>/", answer.answer, name="appointment_answer"),
    path("randevu/<str:token>/randevu.ics", answer.calendar, name="appointment_calendar"),
    path("etkinlikler/", public_calendar.show, name="public_calendar"),
    path("etkinlikler/oneri/", suggestion.suggest, name="suggestion"),
    path("etkinlikler.ics", public_calendar.calendar, name="public_calendar_ics"),
    path("etkinlikler.rss", public_calendar.feed, name="public_calendar_feed"),
    path("davet/<str:token>/", guest_answer.answer, name="guest_answer"),
    path("takvim/<str:secret>.ics", calendar_feed.feed, name="calendar_feed"),
    path("belge/", verification.ask, name="verification"),
    path("belge/<str:code>/", verification.show, name="verified"),
    path("onay/", confirmation.confirm, name="confirmation"),
    path("kimlik/arma.svg", identity.crest, name="crest"),
    path("kimlik/renkler.css", identity.colours, name="colours"),
    path("health/", health.health, name="health"),
    path("health/live/", health.live, name="health_live"),
    path("metrics", health.metrics, name="metrics"),
]
