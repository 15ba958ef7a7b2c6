"""The addresses of the citizens' site; `backend.urls` takes them in first, unless WEBSITE is off."""

from django.urls import path

from website import appointments, events, home, identity, matters, news, numbers, public_days, stickers
from website.apply import affected, follow, pages, photos
from website.apply.journey import JOURNEY as APPLY

urlpatterns = [
    path("", home.home, name="website"),
    path("iletisim/", home.contact, name="website_contact"),
    path("haberler/", news.news, name="website_news"),
    path("haberler.xml", news.feed, name="website_news_feed"),
    path("haberler/<slug:slug>/", news.item, name="website_news_item"),
    path("haberler/ayril/<str:token>/", news.leave, name="website_press_leave"),
    path("yer/<str:code>/", stickers.place, name="website_place"),
    *public_days.JOURNEY.urls(),
    *public_days.PROVED.urls(),
    path("randevu/halk-gunu/alindi/", public_days.done, name="public_day_done"),
    *appointments.JOURNEY.urls(),
    *appointments.PROVED.urls(),
    path("randevu/alindi/", appointments.done, name="appointment_done"),
    path("etkinlikler/", events.calendar, name="website_events"),
    path("etkinlikler/yerlestir/", events.embedded, name="website_events_embedded"),
    *events.JOURNEY.urls(),
    *events.PROVED.urls(),
    path("etkinlikler/kayit/alindi/", events.done, name="sign_up_done"),
    path("etkinlikler/<uuid:key>/", events.event, name="website_event"),
    path("etkinlikler/<uuid:key>/etkinlik.ics", events.as_file, name="website_event_file"),
    path("etkinlikler/<uuid:key>/kayit/", events.begin, name="sign_up_begin"),
    path("sayilar/", numbers.show, name="website_numbers"),
    path("sayilar/<int:year>/", numbers.show, name="website_numbers_of"),
    path("sayilar/<int:year>.csv", numbers.as_csv, name="website_numbers_csv"),
    path("sayilar/<int:year>.json", numbers.as_json, name="website_numbers_json"),
    path("islerim/", matters.ask, name="matters"),
    path("islerim/kod/", matters.code, name="matters_code"),
    path("islerim/kapat/", matters.leave, name="matters_leave"),
    path("islerim/etkilenen/", matters.not_affected, name="matters_not_affected"),
    path("islerim/etkinlik/", matters.sign_off, name="matters_sign_off"),
    path("islerim/randevu/<str:number>/", matters.appointment, name="matters_appointment"),
    *affected.JOURNEY.urls(),
    *affected.PROVED.urls(),
    path("basvuru/ben-de/alindi/", affected.done, name="join_done"),
    path("basvuru/foto/<uuid:key>/", photos.thumbnail, name="apply_photo"),
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
