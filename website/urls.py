"""The addresses of the citizens' site; `backend.urls` takes them in first, unless WEBSITE is off."""

from django.urls import path

from website import home, news, stickers

urlpatterns = [
    path("", home.home, name="website"),
    path("iletisim/", home.contact, name="website_contact"),
    path("haberler/", news.news, name="website_news"),
    path("haberler.xml", news.feed, name="website_news_feed"),
    path("haberler/<slug:slug>/", news.item, name="website_news_item"),
    path("yer/<str:code>/", stickers.place, name="website_place"),
]
