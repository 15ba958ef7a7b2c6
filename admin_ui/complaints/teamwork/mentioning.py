"""Whom an internal note may mention: proposed while one types an @ (`mention.js`)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backend.complaints.models import Complaint
from backend.complaints.teamwork.mentions import offered
from permissions.core import scope


def mentions(request: HttpRequest, key: UUID) -> HttpResponse:
    """The first few people who may see the case and whose name begins like `q`, as a part of a page."""
    people = offered(scope.get(Complaint, key), request.GET.get("q", "")[:100])
    return render(request, "admin_ui/includes/mentions.html", {"people": people})
