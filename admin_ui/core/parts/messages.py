"""Writing in a conversation: the form that stands below it, and how far each message is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Model, TextChoices
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.actions import ActionAdmin, RowAction
from admin_ui.core.fields import FilesField
from admin_ui.core.parts.phrases import PhrasesForm
from backend.documents.intake import ALONG
from backend.drafts import actions as drafts
from backend.drafts.models import Draft
from backend.letters.case_phrases import Filled, of_any_matter
from backend.organization.models import User
from backend.outbox.models import Message
from permissions.core import scope
from permissions.core.filters import Action

Mark = tuple[str | Promise, str]


class MessageForm(PhrasesForm):
    """A message with approved phrases and files."""

    new_files = FilesField(label=gettext_lazy("New files"), help_text=ALONG)

    def phrases(self, row: Model) -> Sequence[Filled]:
        return of_any_matter(getattr(row, "reference", ""), getattr(row, "subject", ""))


def answering[M: Model](
    admin: ActionAdmin[M], request: HttpRequest, row: M, verb: TextChoices
) -> dict[str, object]:
    """The form of a message for the foot of a conversation, unless another form stands open on the page."""
    if "do" in request.GET or request.method == "POST":
        return {}
    step = next((one for one in admin.offered(row) if one.verb == verb), None)
    return {"answer": {"step": step, "form": step.form(row, auto_id="answer_%s")}} if step else {}


def taken_back(by: User, url: str, step: RowAction | None, text: str) -> None:
    """Keep the text of a message that was taken back as a draft, so that it stands in the form again."""
    if step is not None:
        with scope.elevated_for(Draft, Action.REGISTER):
            drafts.keep(by=by, page=f"{url}{step.slug}/", field="body", text=text)


def delivery_badge(message: Message | None, held_until: dt.datetime | None, *, is_lost: bool = False) -> Mark:
    """How far a message is. Departments do not read the outbox: to them it has been sent."""
    if is_lost or (message is not None and message.status == Message.Status.FAILED):
        return _("not delivered"), "red"
    if held_until is not None and held_until > timezone.now():
        return _("waits to be sent"), "orange"
    if message is not None and message.status == Message.Status.WAITING:
        return _("waits to be sent"), "orange"
    return _("sent to the other side"), "blue"
