"""The addresses of the citizens' site; `backend.urls` takes them in first, unless WEBSITE is off."""

from django.urls import path

from website import home, identity

urlpatterns = [
    path("", home.home, name="website"),
    path("iletisim/", home.contact, name="website_contact"),
    path("giris/", identity.start, name="website_identity"),
    path("giris/donus/", identity.back, name="website_identity_back"),
    path("giris/cikis/", identity.leave, name="website_identity_leave"),
]
