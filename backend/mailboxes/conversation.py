"""One conversation of a matter: every message in and out whatever its channel, and internal notes, as a view.

It copies nothing: each part reads the rows of its domain as the viewer (`security_invoker`), so row security holds in
each. A mail is a person's: it is a part for who may know the person of the matter, which policies of mails decide. A
letter from or to an organisation stands in the conversation of that too, for who sees the letter.
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest, RequestNotice
from backend.complaints.choices import Channel, DeliveryMethod
from backend.complaints.models import Comment, Complaint, Notice, SocialPost
from backend.journal.messages import PARTS, Part
from backend.letters.models import Letter
from backend.outbox.delivery import Delivery
from backend.partners.family import FamilyKey
from backend.partners.models import OfOrganisations, Organisation

VIEW = "mailboxes_conversation"


class Direction(models.TextChoices):
    """Which way a message went."""

    IN = "IN", _("From the other side")
    OUT = "OUT", _("To the other side")
    NOTE = "NOTE", _("Internal note")


_SENT = """complaints_notice n WHERE n.status = 'SENT'"""
_DELIVERY = """CASE
    WHEN {row}.message_id IS NULL THEN 'RECORDED'
    WHEN {row}.held_until > statement_timestamp() THEN 'WAITING'
    ELSE coalesce(app.delivery({row}.message_id), 'SENT') END"""
_OF_WRITTEN = f"CASE WHEN w.is_note THEN '' ELSE {_DELIVERY.format(row='w')} END"
_OF_ADDRESSEE = f"""CASE
    WHEN a.sent_at IS NULL THEN 'FAILED'
    WHEN a.delivered_on IS NOT NULL THEN 'DELIVERED'
    ELSE {_DELIVERY.format(row="a")} END"""
_MOMENT = "app.delivery_at({row}.message_id)"
_BY_HAND = "CASE a.means WHEN 'HAND' THEN 'IN_PERSON' WHEN 'SYSTEM' THEN '' ELSE a.means END"
_ASKED_BY = """CASE r.channel WHEN 'PORTAL' THEN 'E_MUNICIPALITY' WHEN 'IN_PERSON' THEN 'COUNTER'
    WHEN 'INTERNAL' THEN '' ELSE r.channel END"""
"""The words of appointments and letters as those of cases."""
_RECEIVED = """letters_letter l {join} WHERE l.register = 'INCOMING' AND l.number IS NOT NULL"""
_DISPATCHED = """letters_addressee a JOIN letters_letter l ON l.id = a.letter_id {join}
    WHERE (a.sent_at IS NOT NULL OR a.failed_at IS NOT NULL) AND l.register <> 'INCOMING'"""
_WITH = "JOIN partners_organisation o ON o.body_id = {body}"
_COLUMNS = (
    ("complaint_id", "bigint"),
    ("appointment_request_id", "bigint"),
    ("letter_id", "bigint"),
    ("organisation_id", "bigint"),
    ("at", "timestamptz"),
    ("direction", "varchar"),
    ("channel", "varchar"),
    ("means", "varchar"),
    ("delivery", "varchar"),
    ("delivery_at", "timestamptz"),
    ("subject", "varchar"),
    ("text", "text"),
    ("is_automatic", "boolean"),
    ("is_shown", "boolean"),
    ("author_id", "bigint"),
    ("notice_id", "bigint"),
    ("mail_id", "bigint"),
    ("comment_id", "bigint"),
    ("request_notice_id", "bigint"),
    ("written_id", "bigint"),
    ("of_letter_id", "bigint"),
    ("post_id", "bigint"),
    ("is_first", "boolean"),
)


def _part(number: Part, row: str, source: str, **columns: str) -> str:
    values = {
        "channel": "''",
        "means": "''",
        "delivery": "''",
        "subject": "''",
        "is_automatic": "false",
        "is_first": "false",
    } | columns
    named = [f"({values.get(name, 'NULL')})::{kind} AS {name}" for name, kind in _COLUMNS]
    return f"SELECT {row} * {PARTS} + {number:d} AS id, {', '.join(named)} FROM {source}"  # noqa: S608 - constants


def _received(number: Part, join: str = "", **matter: str) -> str:
    """An incoming letter, in its own conversation and in that of the body that sent it. Its text is the letter's own,
    where reading it is noted."""
    return _part(
        number,
        "l.id",
        _RECEIVED.format(join=join),
        at="l.drafted_at",
        direction="'IN'",
        subject="l.subject",
        text="''",
        is_shown="true",
        is_first="true",
        of_letter_id="l.id",
        **matter,
    )


def _dispatched(number: Part, join: str = "", **matter: str) -> str:
    """A letter of ours as it went to one addressee."""
    return _part(
        number,
        "a.id",
        _DISPATCHED.format(join=join),
        at="coalesce(a.sent_at, a.failed_at)",
        direction="'OUT'",
        means=_BY_HAND,
        delivery=_OF_ADDRESSEE,
        delivery_at=f"CASE WHEN a.sent_at IS NULL THEN a.failed_at ELSE {_MOMENT.format(row='a')} END",
        subject="l.subject",
        text="''",
        is_shown="true",
        author_id="a.sent_by_id",
        of_letter_id="l.id",
        **matter,
    )


def view() -> str:
    """The statement that makes the view. The caller drops an older one first."""
    parts = (
        _part(
            Part.CASE,
            "c.id",
            "complaints_complaint c WHERE c.body <> ''",
            complaint_id="c.id",
            at="c.registered_at",
            direction="'IN'",
            channel="c.channel",
            subject="c.subject",
            text="c.body",
            is_shown="true",
            is_first="true",
        ),
        _part(
            Part.NOTICE,
            "n.id",
            _SENT,
            complaint_id="n.complaint_id",
            at="n.notified_at",
            direction="'OUT'",
            means="n.means",
            delivery=_DELIVERY.format(row="n"),
            delivery_at=_MOMENT.format(row="n"),
            text="n.body",
            is_automatic="n.notified_by_id IS NULL",
            is_shown="true",
            author_id="n.notified_by_id",
            notice_id="n.id",
        ),
        _part(
            Part.INBOUND,
            "m.id",
            "mailboxes_inboundmessage m WHERE m.status IN ('JOINED', 'MADE')",
            complaint_id="m.complaint_id",
            appointment_request_id="m.appointment_request_id",
            letter_id="m.letter_id",
            organisation_id="m.organisation_id",
            at="m.received_at",
            direction="'IN'",
            channel="CASE m.channel WHEN 'MAIL' THEN 'EMAIL' ELSE m.channel END",
            subject="CASE m.channel WHEN 'MAIL' THEN m.subject ELSE '' END",  # else the beginning of the text
            text="CASE WHEN m.quoted_from IS NULL THEN m.text ELSE rtrim(left(m.text, m.quoted_from)) END",
            is_automatic="m.kind <> 'MESSAGE'",
            is_shown="true",
            mail_id="m.id",
        ),
        _part(
            Part.ADDED,
            "l.id",
            "complaints_complaintline l WHERE l.verb = 'citizen_added'",
            complaint_id="l.complaint_id",
            at="l.at",
            direction="'IN'",
            channel="'WEB'",
            text="l.note",
            is_shown="true",
        ),
        _part(
            Part.COMMENT,
            "k.id",
            "complaints_comment k",
            complaint_id="k.complaint_id",
            at="k.at",
            direction="'NOTE'",
            text="k.body",
            is_shown="false",
            author_id="k.author_id",
            comment_id="k.id",
        ),
        _part(
            Part.REQUEST,
            "r.id",
            "appointments_appointmentrequest r WHERE r.body <> ''",
            appointment_request_id="r.id",
            at="r.registered_at",
            direction="'IN'",
            channel=_ASKED_BY,
            subject="r.subject",
            text="r.body",
            is_shown="true",
            is_first="true",
        ),
        _part(
            Part.REQUEST_NOTICE,
            "n.id",
            "appointments_requestnotice n",
            appointment_request_id="n.request_id",
            at="n.notified_at",
            direction="'OUT'",
            means="n.means",
            delivery=_DELIVERY.format(row="n"),
            delivery_at=_MOMENT.format(row="n"),
            text="n.body",
            is_automatic="n.notified_by_id IS NULL",
            is_shown="true",
            author_id="n.notified_by_id",
            request_notice_id="n.id",
        ),
        _part(
            Part.WRITTEN,
            "w.id",
            "mailboxes_writtenmessage w",
            appointment_request_id="w.appointment_request_id",
            letter_id="w.letter_id",
            organisation_id="w.organisation_id",
            at="w.at",
            direction="CASE WHEN w.is_note THEN 'NOTE' ELSE 'OUT' END",
            means="w.means",
            delivery=_OF_WRITTEN,
            delivery_at=_MOMENT.format(row="w"),
            subject="w.subject",
            text="w.body",
            is_shown="NOT w.is_note",
            author_id="w.author_id",
            written_id="w.id",
        ),
        _received(Part.LETTER_RECEIVED, letter_id="l.id"),
        _received(Part.LETTER_FROM_PARTNER, _WITH.format(body="l.body_of_sender_id"), organisation_id="o.id"),
        _dispatched(Part.LETTER_SENT, letter_id="l.id"),
        _dispatched(Part.LETTER_TO_PARTNER, _WITH.format(body="a.body_id"), organisation_id="o.id"),
        _part(
            Part.POST,
            "p.id",
            "complaints_socialpost p",
            complaint_id="p.complaint_id",
            at="coalesce(p.posted_at, p.recorded_at)",
            direction="'IN'",
            channel="'SOCIAL_MEDIA'",
            text="p.text",
            is_shown="true",
            post_id="p.id",
        ),
    )
    return f"CREATE VIEW {VIEW} WITH (security_invoker = true) AS\n" + "\nUNION ALL\n".join(parts)


def name_of(matter: UUID, message: int) -> str:
    """How programs know a message of a matter: always the same, and nothing is counted by it."""
    return hashlib.md5(f"{matter}:{message}".encode(), usedforsecurity=False).hexdigest()


_KEYS = ("complaint__key", "appointment_request__key", "letter__key", "organisation__key")
NAME = MD5(
    Concat(
        Cast(Coalesce(*_KEYS), models.TextField()),
        models.Value(":"),
        Cast("id", models.TextField()),
        output_field=models.TextField(),
    )
)
"""The same for PostgreSQL."""


def _edge(to: Any, verbose_name: Any, related_name: str = "+", key: type[Any] = models.ForeignKey) -> Any:
    return key(
        to,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name=related_name,
        verbose_name=verbose_name,
    )


class ConversationMessage(models.Model):
    """One message of a conversation, or a note about it. `is_shown`: the other side has it, or brought it. `of_letter`:
    the letter that it is. `is_first`: the words of the matter itself, for who does not see the mail or the post that it
    was made of (rules of messages)."""

    id = models.BigIntegerField(primary_key=True)
    complaint = _edge(Complaint, _("application"), "conversation")
    appointment_request = _edge(AppointmentRequest, _("appointment request"), "conversation")
    letter = _edge(Letter, _("letter"), "conversation")
    organisation = _edge(Organisation, _("organisation"), "conversation", FamilyKey)
    at = models.DateTimeField(_("at"))
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel)
    means = models.CharField(_("means"), max_length=10, choices=DeliveryMethod)
    delivery = models.CharField(_("delivery"), max_length=9, choices=Delivery)
    delivery_at = models.DateTimeField(_("since"), null=True)
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(_("text"))
    is_automatic = models.BooleanField(_("automatic"))
    is_shown = models.BooleanField(_("shown to the citizen"))
    is_first = models.BooleanField(_("what the matter begins with"))
    author = _edge(settings.AUTH_USER_MODEL, _("by"))
    notice = _edge(Notice, _("notice to the citizen"))
    mail = _edge("mailboxes.InboundMessage", _("inbound message"))
    comment = _edge(Comment, _("internal note"))
    request_notice = _edge(RequestNotice, _("notice to the applicant"))
    written = _edge("mailboxes.WrittenMessage", _("written message"))
    of_letter = _edge(Letter, _("letter"))
    post = _edge(SocialPost, _("post on social media"))

    class Meta:
        managed = False
        db_table = VIEW
        verbose_name = _("message of a conversation")
        verbose_name_plural = _("messages of conversations")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y} {self.direction}"


def of_matter(edge: str, **named: Any) -> models.QuerySet[ConversationMessage]:
    """The messages of a matter, found by its key or row; of a partner those of the merged records too."""
    rows = ConversationMessage.objects.all()
    if edge != "organisation":
        return rows.filter(**{f"{edge}__{name}": value for name, value in named.items()})
    partner = ArraySubquery(Organisation.objects.filter(**named).values("pk"))
    return rows.filter(OfOrganisations(models.F("organisation"), partner))
