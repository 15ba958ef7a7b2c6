"""The addresses of the example portal; `backend.urls` takes them in everywhere but in production."""

from django.urls import path

from example_portal import views

urlpatterns = [
    path("", views.file, name="example_portal"),
    path("belgeler.json", views.documents),
    path("sor/", views.ask),
    path("dosya/", views.upload),
    path("<str:name>", views.file),
]
