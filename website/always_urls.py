"""The addresses that messages to citizens and records of the office name: served also where the rest of the site is
off."""

from django.urls import path

from website import news, privacy
from website.apply import follow

urlpatterns = [
    path("takip/", follow.ask, name="tracking"),
    path("basvuru/takip/", follow.ask, name="apply_follow"),
    path("basvuru/takip/durum/", follow.case, name="apply_case"),
    path("basvuru/takip/birak/", follow.leave, name="apply_leave"),
    path("haberler/ayril/<str:token>/", news.leave, name="website_press_leave"),
    path("aydinlatma/", privacy.in_force, name="privacy"),
    path("aydinlatma/<uuid:key>/", privacy.version, name="privacy_version"),
]
