"""Messages of a matter in its story: what came in, what was written about it, letters of a partner, internal notes."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.display import phone
from admin_ui.core.parts.messages import delivery_badge, delivery_mark, undo_of
from admin_ui.core.stories import StoryItem, adds_to_story
from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.documents.models import StoredFile
from backend.letters.models import Letter
from backend.letters.moves import Verb
from backend.mailboxes.choices import Kind
from backend.mailboxes.conversation import ConversationMessage, Direction
from backend.mailboxes.models import (
    EDGES,
    InboundFile,
    InboundMessage,
    Matter,
    WrittenFile,
    WrittenMessage,
)
from backend.outbox.delivery import how_far
from backend.partners.actions import family
from backend.partners.models import Organisation
from permissions.core import scope
from permissions.plans import querysets as plans

SHOWN = 50
"""So many mails, messages and letters of a partner stand on its page; the API has all of them."""


@adds_to_story(Complaint, AppointmentRequest, Letter, Organisation)
def mails(row: Matter) -> list[StoryItem]:
    """What they wrote, with its files, as far as the viewer sees it."""
    found = _shown(InboundMessage.objects.defer("html", "authentication"), row, "received_at")
    files = _along(scope.visible(InboundFile).filter(mail__in=found), "mail_id") if found else {}
    return [_item(mail, files.get(mail.pk, [])) for mail in found]


def _shown[M: Model](rows: QuerySet[M], row: Matter, at: str) -> list[M]:
    """All of a matter that is seen, in order; of a partner, which has no end, the newest, and also what is part of the
    records that were merged into it."""
    newest = rows.order_by(f"-{at}", "-pk")
    if isinstance(row, Organisation):
        return list(scope.visible(newest).filter(organisation__in=family(row))[:SHOWN])[::-1]
    edge = EDGES[type(row)]
    return plans.rows(f"{edge}: {rows.model._meta.label}", partial(_along_edge, newest, edge), row.pk)[::-1]


def _along_edge[M: Model](rows: QuerySet[M], edge: str, pk: int) -> QuerySet[M]:
    return scope.visible(rows).filter(**{edge: pk})


def _along[F: StoredFile](rows: QuerySet[F], of: str) -> dict[int, list[tuple[str, str]]]:
    files: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for file in rows.order_by("pk"):
        files[getattr(file, of)].append((file.name, reverse("file", args=[file.key])))
    return files


def sender_address(mail: InboundMessage) -> str:
    """Where it came from, as people write it."""
    return phone(mail.from_phone) if mail.from_phone else mail.from_address


def _item(mail: InboundMessage, files: list[tuple[str, str]]) -> StoryItem:
    is_automatic = mail.kind != Kind.MESSAGE
    way = [_("by e-mail")] if mail.is_mail else []  # another channel is its title
    return StoryItem(
        mail.received_at,
        "heard",
        (mail.subject or _("E-mail")) if mail.is_mail else mail.get_channel_display(),
        mail.from_name or sender_address(mail),
        mail.written,
        [*way, *mail.sentences],
        (str(mail.get_kind_display()), "grey") if is_automatic else None,
        files=files,
        key=str(mail.key),
    )


@adds_to_story(AppointmentRequest, Letter, Organisation)
def written(row: AppointmentRequest | Letter | Organisation) -> list[StoryItem]:
    """What was written about it, with how far that is, and the internal notes."""
    rows = WrittenMessage.objects.select_related("author", "role").annotate(**how_far())
    found = _shown(rows, row, "at")
    sent = [one for one in found if not one.is_note]
    files = _along(scope.visible(WrittenFile).filter(written__in=sent), "written_id") if sent else {}
    return [_note(one) if one.is_note else _message(one, files.get(one.pk, [])) for one in found]


def _note(row: WrittenMessage) -> StoryItem:
    return StoryItem(row.at, "note", _("Internal note"), row.author or "", row.body, key=str(row.key))


def _message(row: WrittenMessage, files: list[tuple[str, str]]) -> StoryItem:
    to = [
        _("to %(title)s") % {"title": title} for title in (row.role and row.role.title, row.address) if title
    ]
    return StoryItem(
        row.at,
        "citizen",
        row.subject or _("Message"),
        row.author or "",
        row.body,
        [str(row.get_means_display()), *to],
        delivery_badge(row),
        files=files,
        undo=undo_of(row.held_until, Verb.UNSEND),
        key=str(row.key),
    )


@adds_to_story(Organisation)
def letters(row: Organisation) -> list[StoryItem]:
    """The newest letters from and to the body that it is, as far as the viewer sees them."""
    if row.body_id is None:
        return []
    rows = scope.visible(ConversationMessage).filter(organisation__in=family(row), of_letter__isnull=False)
    newest = rows.select_related("of_letter", "author").order_by("-at", "-id")
    return [_letter(one) for one in newest[:SHOWN]]


def _letter(one: ConversationMessage) -> StoryItem:
    is_theirs = one.direction == Direction.IN
    letter: Letter = one.of_letter
    return StoryItem(
        one.at,
        "heard" if is_theirs else "citizen",
        f"{letter.reference} · {one.subject}",
        letter.sender if is_theirs else one.author or "",
        "",
        [_("letter"), *([str(one.get_means_display())] if one.means else [])],
        None if is_theirs else delivery_mark(one.delivery, one.delivery_at),
        reverse("admin:letters_letter_change", args=[letter.key]),
    )
