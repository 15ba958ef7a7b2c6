"""One door."""

from django.conf import settings
from django.urls import path

from benchmarks.graphene_peer.views import TokenView, TunedView

urlpatterns = [path("graphql/", {"tutorial": TokenView, "tuned": TunedView}[settings.WAY].as_view())]
