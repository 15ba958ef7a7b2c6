"""A mail as its sender formatted it: a document of its own that runs nothing, sends nothing and loads nothing from
elsewhere. It stands in a sandboxed frame; opened by itself it is as harmless."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from backend.documents.intake import PICTURES
from backend.mailboxes import markup
from backend.mailboxes.models import InboundFile, InboundMessage
from permissions.core import scope

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
"""No script and no form; its pictures are asked with the viewer's own session, and links open another tab."""
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none';"
    f" frame-ancestors 'self'; sandbox {SANDBOX}"
)


def document(request: HttpRequest, key: UUID) -> HttpResponse:
    """The cleaned HTML with the pictures that came along. NOT_FOUND for a mail without."""
    mail = scope.get(InboundMessage, key)
    if not mail.html:
        raise scope.not_found()
    rows = scope.visible(InboundFile).filter(mail=mail, content_type__in=PICTURES).exclude(content_id="")
    pictures = {row.content_id: reverse("picture", args=[row.key]) for row in rows.order_by("pk")}
    context = {"title": mail.subject, "content": markup.shown(mail.html, pictures)}
    response = render(request, "admin_ui/mail_document.html", context)
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    response._csp_exempt = True  # type: ignore[attr-defined] # django-csp would write its own over it
    return response
