"""The addresses of the citizens' site; `backend.urls` takes them in first, unless WEBSITE is off."""

from django.urls import path

from website import home

urlpatterns = [
    path("", home.home, name="website"),
    path("iletisim/", home.contact, name="website_contact"),
]
