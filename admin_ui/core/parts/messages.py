"""Writing in a conversation: the form that stands below it, and how far each message is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Model, TextChoices
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy

from admin_ui.core.actions import ActionAdmin, RowAction
from admin_ui.core.dates import moment_text
from admin_ui.core.fields import FilesField
from admin_ui.core.forms import ActionForm
from admin_ui.core.parts.phrases import PhrasesForm
from backend.complaints.choices import DeliveryMethod
from backend.documents.intake import ALONG
from backend.drafts import actions as drafts
from backend.drafts.models import Draft
from backend.letters.case_phrases import Filled, of_any_matter
from backend.organization.models import User
from backend.outbox import threads
from backend.outbox.delivery import Delivery
from permissions.core import scope
from permissions.core.filters import Action

Mark = tuple[str | Promise, str]


class AnswerForm(ActionForm):
    """A message with files, which goes the way by which they wrote last."""

    new_files = FilesField(label=gettext_lazy("New files"), help_text=ALONG)

    def starting(self, row: Model) -> dict[str, object]:
        """What came by SMS is answered by SMS, and so on."""
        return super().starting(row) | {"means": self.way_back(row)}

    def way_back(self, row: Model) -> str:
        """How they are answered as they wrote; "" for otherwise."""
        return threads.heard_by(row)


class MessageForm(AnswerForm, PhrasesForm):
    """A message with approved phrases and files."""

    def phrases(self, row: Model) -> Sequence[Filled]:
        return of_any_matter(getattr(row, "reference", ""), getattr(row, "subject", ""))


def answering[M: Model](
    admin: ActionAdmin[M], request: HttpRequest, row: M, verb: TextChoices
) -> dict[str, object]:
    """The form of a message for the foot of a conversation, unless another form stands open on the page."""
    if "do" in request.GET or request.method == "POST":
        return {}
    step = next((one for one in admin.offered(row) if one.verb == verb), None)
    if step is None:
        return {}
    has_undo = any(verb in one.takes_back for one in admin.steps)
    has_preview = step.has_preview and admin.preview is not None
    form = step.form(row, auto_id="answer_%s")
    way = DeliveryMethod(back).label if (back := form.initial.get("means")) else ""
    return {
        "answer": {"step": step, "form": form, "way": way, "has_undo": has_undo, "has_preview": has_preview}
    }


def taken_back(by: User, url: str, step: RowAction | None, text: str) -> None:
    """Keep the text of a message that was taken back as a draft, so that it stands in the form again."""
    if step is not None:
        with scope.elevated_for(Draft, Action.REGISTER):
            drafts.keep(by=by, page=f"{url}{step.slug}/", field="body", text=text)


MARKS: dict[str, Mark] = {
    Delivery.WAITING: (gettext_lazy("waits to be sent"), "orange"),
    Delivery.SENT: (gettext_lazy("sent to the other side"), "blue"),
    Delivery.DELIVERED: (gettext_lazy("delivered to them"), "green"),
    Delivery.READ: (gettext_lazy("read by them"), "green"),
    Delivery.FAILED: (gettext_lazy("not delivered"), "red"),
    Delivery.RECORDED: (Delivery.RECORDED.label, "grey"),
}
REPORTED = frozenset({Delivery.DELIVERED, Delivery.READ, Delivery.FAILED})
"""What is known of a message later than it was sent, and so with its moment."""


def undo_of(held_until: dt.datetime | None, verb: TextChoices) -> str:
    """The step of a story's item that takes back a message which waits until then; "" for one that has left. Whether it
    has is asked again when it is pressed."""
    return str(verb.value).lower() if held_until and held_until > now() else ""


def delivery_badge(row: Model) -> Mark:
    """How far the message of a row is that was read with `outbox.delivery.how_far`, and since when."""
    return delivery_mark(getattr(row, "how_far", None), getattr(row, "how_far_at", None))


def delivery_mark(how_far: str | None, at: dt.datetime | None) -> Mark:
    """How far a message is (`Delivery`), and since when."""
    word, tone = MARKS[how_far or Delivery.SENT]
    return (f"{word} · {moment_text(localtime(at))}" if at and how_far in REPORTED else word), tone
