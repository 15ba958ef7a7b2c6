"""The addresses of this surface."""

from django.urls import path

from schema.files import download, upload
from schema.view import graphql

urlpatterns = [
    path("graphql/", graphql, name="graphql"),
    path("files/<uuid:key>", download, name="file"),
    path("files/complaints/<str:id>/", upload, {"of": "complaint"}, name="file_upload"),
    path("files/appointments/<str:id>/", upload, {"of": "appointment"}, name="appointment_file_upload"),
]
