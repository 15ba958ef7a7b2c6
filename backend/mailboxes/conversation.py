"""One conversation of a case: every message in and out whatever its channel, and internal notes, as a view.

It copies nothing: each part reads the rows of its domain as the viewer (`security_invoker`), so row security holds in
each. A mail is a person's: it is a part for who may know the person of the case, which policies of mails decide.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import Channel, DeliveryMethod
from backend.complaints.models import Comment, Complaint, Notice, SocialPost

VIEW = "mailboxes_conversation"
PARTS = 8
"""Numbers for parts of the view; the number of a message is that of its row times this, and the part's."""


class Direction(models.TextChoices):
    """Which way a message went."""

    IN = "IN", _("From the citizen")
    OUT = "OUT", _("To the citizen")
    NOTE = "NOTE", _("Internal note")


class Delivery(models.TextChoices):
    """How far a message to the citizen is."""

    WAITING = "WAITING", _("Waiting")
    SENT = "SENT", _("Sent")
    FAILED = "FAILED", _("Failed")
    RECORDED = "RECORDED", _("Recorded by hand")


_SENT = """complaints_notice n WHERE n.status = 'SENT'"""
_DELIVERY = """CASE
    WHEN n.message_id IS NULL THEN 'RECORDED'
    WHEN n.held_until > statement_timestamp() THEN 'WAITING'
    WHEN EXISTS (SELECT FROM complaints_complaintline l WHERE l.complaint_id = n.complaint_id
        AND l.verb = 'not_delivered' AND l.details ->> 'message' = n.message_id::text) THEN 'FAILED'
    ELSE 'SENT' END"""
_COLUMNS = (
    ("complaint_id", "bigint"),
    ("at", "timestamptz"),
    ("direction", "varchar"),
    ("channel", "varchar"),
    ("means", "varchar"),
    ("delivery", "varchar"),
    ("subject", "varchar"),
    ("text", "text"),
    ("is_automatic", "boolean"),
    ("is_shown", "boolean"),
    ("author_id", "bigint"),
    ("notice_id", "bigint"),
    ("mail_id", "bigint"),
    ("comment_id", "bigint"),
    ("post_id", "bigint"),
)


def _part(number: int, row: str, source: str, **columns: str) -> str:
    values = {
        "channel": "''",
        "means": "''",
        "delivery": "''",
        "subject": "''",
        "is_automatic": "false",
    } | columns
    named = [f"({values.get(name, 'NULL')})::{kind} AS {name}" for name, kind in _COLUMNS]
    return f"SELECT {row} * {PARTS} + {number} AS id, {', '.join(named)} FROM {source}"  # noqa: S608 - constants


def view() -> str:
    """The statement that makes the view. The caller drops an older one first."""
    parts = (
        _part(
            0,
            "c.id",
            # What came by mail is the mail itself, and what was posted the post, where the viewer sees it.
            "complaints_complaint c WHERE c.body <> '' AND NOT EXISTS (SELECT FROM mailboxes_inboundmessage m"
            " WHERE m.complaint_id = c.id AND m.status = 'MADE') AND NOT EXISTS (SELECT FROM complaints_socialpost p"
            " WHERE p.complaint_id = c.id AND p.text = c.body)",
            complaint_id="c.id",
            at="c.registered_at",
            direction="'IN'",
            channel="c.channel",
            subject="c.subject",
            text="c.body",
            is_shown="true",
        ),
        _part(
            1,
            "n.id",
            _SENT,
            complaint_id="n.complaint_id",
            at="n.notified_at",
            direction="'OUT'",
            means="n.means",
            delivery=_DELIVERY,
            text="n.body",
            is_automatic="n.notified_by_id IS NULL",
            is_shown="true",
            author_id="n.notified_by_id",
            notice_id="n.id",
        ),
        _part(
            2,
            "m.id",
            "mailboxes_inboundmessage m WHERE m.complaint_id IS NOT NULL",
            complaint_id="m.complaint_id",
            at="m.received_at",
            direction="'IN'",
            channel="'EMAIL'",
            subject="m.subject",
            text="CASE WHEN m.quoted_from IS NULL THEN m.text ELSE rtrim(left(m.text, m.quoted_from)) END",
            is_automatic="m.kind <> 'MESSAGE'",
            is_shown="true",
            mail_id="m.id",
        ),
        _part(
            3,
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
            4,
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
            5,
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


def _edge(to: Any, verbose_name: Any, related_name: str = "+") -> Any:
    return models.ForeignKey(
        to,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name=related_name,
        verbose_name=verbose_name,
    )


class ConversationMessage(models.Model):
    """One message of a conversation, or a note about it. `is_shown`: the citizen has it, or brought it."""

    id = models.BigIntegerField(primary_key=True)
    complaint = _edge(Complaint, _("application"), "conversation")
    at = models.DateTimeField(_("at"))
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel)
    means = models.CharField(_("means"), max_length=10, choices=DeliveryMethod)
    delivery = models.CharField(_("delivery"), max_length=8, choices=Delivery)
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(_("text"))
    is_automatic = models.BooleanField(_("automatic"))
    is_shown = models.BooleanField(_("shown to the citizen"))
    author = _edge(settings.AUTH_USER_MODEL, _("by"))
    notice = _edge(Notice, _("notice to the citizen"))
    mail = _edge("mailboxes.InboundMessage", _("inbound message"))
    comment = _edge(Comment, _("internal note"))
    post = _edge(SocialPost, _("post on social media"))

    class Meta:
        managed = False
        db_table = VIEW
        verbose_name = _("message of a conversation")
        verbose_name_plural = _("messages of conversations")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y} {self.direction}"
