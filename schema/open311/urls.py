"""The addresses of the standard; the format is a part of each."""

from django.urls import path, register_converter

from schema.open311 import views
from schema.open311.views import answering


class Format:
    regex = "xml|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Format, "open311")

urlpatterns = [
    path("discovery.<open311:format>", answering(GET=views.discovery)),
    path("v2/services.<open311:format>", answering(GET=views.services)),
    path("v2/services/<slug:code>.<open311:format>", answering(GET=views.definition)),
    path("v2/requests.<open311:format>", answering(GET=views.requests, POST=views.report)),
    path("v2/requests/<slug:id>.<open311:format>", answering(GET=views.one_request)),
    path(
        "v2/servicerequestupdates.<open311:format>",
        answering(GET=views.updates, POST=views.add_update),
    ),
    path("v2/tokens/<slug:token>.<open311:format>", answering(GET=views.token)),
]
