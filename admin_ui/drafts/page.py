"""What a person is typing, saved while they type: `drafts.js` asks for it and sends it.

Nothing is written into the browser's storage: PCs are shared, and it would stay there after the sign-out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from admin_ui.core.dates import moment_text
from admin_ui.core.once import was_carried_out
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import clock_text, today
from backend.drafts import actions
from backend.drafts.models import Draft
from permissions.core import scope
from permissions.core.filters import Action

View = Callable[..., HttpResponseBase]


def drafts(request: HttpRequest) -> HttpResponse:
    """The drafts of one page; a POST saves the text of one field, or discards it where it is empty.

    A draft is refused with 409 where another person has signed in since the page was loaded: it is not theirs; with 412
    where the same text is being written in another window (`seen`): the answer has what stands there.
    """
    if request.method != "POST":
        rows = scope.visible(Draft).filter(page=request.GET.get("page", "")).order_by("pk")
        found = {row.field: {"text": row.text, "seen": actions.stamp(row)} | _words(row) for row in rows}
        return JsonResponse({"drafts": found})
    user = scope.require_user()
    if request.POST.get("user") != str(user.pk):
        return JsonResponse({"user": "other"}, status=HTTPStatus.CONFLICT)
    posted = {name: request.POST.get(name, "") for name in ("page", "field", "text")}
    try:
        with scope.elevated_for(Draft, Action.REGISTER):
            row = actions.keep(by=user, **posted, seen=request.POST.get("seen"))
    except DomainError as error:
        if error.code == ErrorCode.CONFLICT:
            return _elsewhere(posted["page"], posted["field"])
        return JsonResponse({"words": str(error.message)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    words = _("Draft saved %(time)s") % {"time": clock_text(row.saved_at)} if row else ""
    return JsonResponse({"words": words, "seen": actions.stamp(row) if row else ""})


def _elsewhere(page: str, field: str) -> JsonResponse:
    """What another window of the same person has kept of the field."""
    row = scope.visible(Draft).filter(page=actions.page_of(page), field=field).first()
    words = _(
        "You are writing this text in another window, too: what you type here is not saved. Take over what stands"
        " there, or go on with this one."
    )
    found = {"words": words, "text": row.text if row else "", "seen": actions.stamp(row) if row else ""}
    return JsonResponse(found, status=HTTPStatus.PRECONDITION_FAILED)


def _words(row: Draft) -> dict[str, str]:
    """Say when a draft was saved, where it stands again and where it is offered: the time of today's, else day and
    time."""
    at = localtime(row.saved_at)
    when = {"time": clock_text(at) if at.date() == today() else moment_text(at)}
    return {
        "words": _("Your draft of %(time)s stands here again.") % when,
        "unfinished": _("A text left unfinished (%(time)s)") % when,
        "offer": _("There is a draft of yours of %(time)s.") % when,
    }


def discarding(view: View) -> View:
    """Wrap a view: the drafts of a form go when it was carried out, that is, when its POST led on without a refusal."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        user = scope.current_viewer().user
        if user is not None and was_carried_out(request, answer):
            mine = scope.visible(Draft).filter(page=request.path)
            if mine.exists():
                with scope.elevated_for(Draft, Action.REGISTER):
                    actions.discard_sent(by=user, page=request.path)
        return answer

    return answered
