"""The addresses of the citizens' site; `backend.urls` takes them in first, unless WEBSITE is off."""

from django.urls import path

from website import home, identity
from website.apply import follow, pages
from website.apply.journey import JOURNEY as APPLY

urlpatterns = [
    path("", home.home, name="website"),
    path("iletisim/", home.contact, name="website_contact"),
    path("basvuru/onay/", pages.confirm, name="apply_confirm"),
    path("basvuru/alindi/", pages.done, name="apply_done"),
    path("basvuru/takip/", follow.ask, name="apply_follow"),
    path("basvuru/takip/durum/", follow.case, name="apply_case"),
    path("basvuru/takip/birak/", follow.leave, name="apply_leave"),
    *APPLY.urls(),
    path("giris/", identity.start, name="website_identity"),
    path("giris/donus/", identity.back, name="website_identity_back"),
    path("giris/cikis/", identity.leave, name="website_identity_leave"),
]
