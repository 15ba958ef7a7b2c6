"""The service that proposes whose a case is, and learns it from the cases of the house."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "backend.triage"
    label = "triage"
