"""Connecting a mailbox by OAuth 2: to the provider, where a person consents, and back."""

from __future__ import annotations

import hmac
import time
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from admin_ui.core import page_access
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import without_timeout
from backend.mailboxes.choices import SignIn
from backend.mailboxes.imap import tokens
from backend.mailboxes.models import Mailbox
from permissions.core import scope

KEPT, SECONDS = "mailboxes.consent", 900
DECLINED = "access_denied"


def begin(request: HttpRequest, key: UUID, back: str) -> HttpResponse:
    """Lead to the provider of a mailbox; `back`: our page for its answer. WRONG_STATE of `tokens.consent`."""
    page_access.require(Mailbox, scope.Action.CHANGE)
    mailbox = scope.get(Mailbox, key)
    if mailbox.sign_in != SignIn.OAUTH2:
        raise scope.not_found()
    asked = tokens.consent(mailbox, settings.PUBLIC_URL + back)
    request.session[KEPT] = {
        "state": asked.state,
        "verifier": asked.verifier,
        "mailbox": str(key),
        "version": asked.version,
        "until": time.time() + SECONDS,
    }
    return HttpResponseRedirect(asked.url)


def finish(request: HttpRequest, back: str) -> UUID | None:
    """Take the provider's answer, and say what came of it; the mailbox that it is about, None for an answer to no
    question of this browser."""
    page_access.require(Mailbox, scope.Action.CHANGE)
    kept = request.session.pop(KEPT, None)
    state = request.GET.get("state", "")
    if (
        not kept
        or kept["until"] < time.time()
        or not hmac.compare_digest(kept["state"].encode(), state.encode())
    ):
        messages.error(
            request, _("This answer belongs to no connection that was begun here. Press “Connect” again.")
        )
        return None
    key = UUID(kept["mailbox"])
    code = request.GET.get("code", "")
    if not code:
        declined = _("You declined it at the provider: the mailbox is as it was.")
        failed = _("The provider gave no permission: check client ID, scope and the redirect address there.")
        messages.warning(request, declined if request.GET.get("error") == DECLINED else failed)
        return key
    without_timeout()  # the provider takes its time, which is bounded
    try:
        with scope.elevated_for(Mailbox, scope.Action.CHANGE) as viewer:
            tokens.connect(
                scope.get(Mailbox, key),
                by=viewer.user,
                code=code,
                verifier=kept["verifier"],
                version=kept["version"],
                back=settings.PUBLIC_URL + back,
            )
    except DomainError as refusal:
        if refusal.code != ErrorCode.WRONG_STATE:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The mailbox is connected: it is read within a minute."))
    return key
