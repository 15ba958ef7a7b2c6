"""The product's addresses, and the hand-written one below its GraphQL door: the middleware treats both alike."""

from django.urls import include, path

from benchmarks.by_hand.views import answer

urlpatterns = [path("graphql/by-hand/<slug:key>/", answer), path("", include("backend.urls"))]
