"""Composition by string: each surface brings its own addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("schema.urls")),
    path("", include("admin_ui.urls")),
]
