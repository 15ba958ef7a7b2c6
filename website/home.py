"""The home of the citizens, and how the municipality is reached."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from website.pages import page, shown


@page
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """A member of staff who is signed in is led to the desk; everybody else sees the citizens' home."""
    if request.user.is_authenticated:
        return redirect("admin:index")
    return shown(request, "website/home.html")


@page
@require_safe
def contact(request: HttpRequest) -> HttpResponseBase:
    """How the municipality is reached, from its settings."""
    return shown(request, "website/contact.html")
