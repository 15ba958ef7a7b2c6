"""The addresses of this surface."""

from django.urls import path

from schema.view import graphql

urlpatterns = [path("graphql/", graphql, name="graphql")]
