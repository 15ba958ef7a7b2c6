"""Mailboxes that the worker reads, and the messages that came in: each as it came, and as it is read.

A message belongs to the unit of its mailbox or line until it is routed. What it became has its own permissions.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.core import sealing
from backend.core.models import PublicId, SearchableQuerySet, similar_index, word_column
from backend.documents.models import OwnedFile, StoredFile
from backend.letters.models import Letter
from backend.mailboxes.choices import (
    Channel,
    Fault,
    Kind,
    MessageMethod,
    Note,
    Purpose,
    Security,
    SignIn,
    Status,
)
from backend.mailboxes.conversation import ConversationMessage as ConversationMessage
from backend.mailboxes.lines.models import OF_A_LINE, OF_A_MAILBOX
from backend.mailboxes.lines.models import MessageLine as MessageLine
from backend.organization.models import Department
from backend.outbox.holding import HELD
from backend.outbox.models import Message
from backend.partners.models import Organisation, Role

ABOUT = b"mailbox secret"
LONGEST_SUBJECT = 500


Matter = Complaint | AppointmentRequest | Letter | Organisation
EDGES: dict[type[Matter], str] = {
    Complaint: "complaint",
    AppointmentRequest: "appointment_request",
    Letter: "letter",
    Organisation: "organisation",
}
"""What a message may be part of -> its column."""
UNBOUND = Q(**{f"{edge}__isnull": True for edge in EDGES.values()})
"""The messages that are part of nothing."""


def name_of(matter: Matter) -> str:
    """How a matter is called in the journal: its number, or the name of an organisation."""
    return matter.name if isinstance(matter, Organisation) else matter.reference


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    """The filters that everybody shares."""

    def active(self) -> MailboxQuerySet:
        return self.filter(is_active=True)


class Mailbox(PublicId):
    """A mailbox of a unit, read over IMAP. `uid_validity` and `last_uid`: up to where; `fault`: why not further."""

    name = models.CharField(_("name"), max_length=120)
    address = models.EmailField(_("e-mail"), unique=True)
    host = models.CharField(_("server"), max_length=200)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("encryption"), max_length=8, choices=Security, default=Security.SSL)
    sign_in = models.CharField(_("sign-in"), max_length=8, choices=SignIn, default=SignIn.PASSWORD)
    login = models.CharField(_("user name"), max_length=200)
    secret = models.BinaryField(editable=False)
    """The password, or what renews the token of OAuth 2, sealed; empty where there is none (yet)."""
    client_id = models.CharField(_("client ID"), max_length=200, blank=True)
    client_secret = models.BinaryField(default=bytes, editable=False)
    authorize_url = models.CharField(_("address of consent"), max_length=500, blank=True)
    token_url = models.CharField(_("address for tokens"), max_length=500, blank=True)
    scope = models.CharField(_("scope"), max_length=500, blank=True)
    access_token = models.BinaryField(default=bytes, editable=False)
    access_until = models.DateTimeField(_("token ends at"), null=True, editable=False)
    """The token of OAuth 2 (`imap.tokens`), sealed, and until when it is good."""
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="mailboxes", verbose_name=_("department")
    )
    purpose = models.CharField(
        _("what its mails become"), max_length=12, choices=Purpose, default=Purpose.COMPLAINTS
    )
    authserv_id = models.CharField(_("name of the server that checks senders"), max_length=200, blank=True)
    """The name in `Authentication-Results`; "-" for a server that writes none; "": its host's or domain's."""
    is_active = models.BooleanField(_("in use"), default=True)
    generation = models.PositiveIntegerField(default=1, editable=False)
    """Rises where another account or folder is read from now on: its mails have numbers of their own."""
    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    not_taken = ArrayField(models.BigIntegerField(), default=list, editable=False)
    """The numbers of what lies there and was not handed over, or could not be stored; they are asked for again."""
    checked_at = models.DateTimeField(_("last read at"), null=True, editable=False)
    fault = models.CharField(_("last error"), max_length=10, choices=Fault, blank=True, editable=False)
    failing_since = models.DateTimeField(_("not read since"), null=True, editable=False)
    fault_reported_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        default_permissions = ()
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def seal_secret(self, secret: str, name: str = "secret") -> None:
        """Take another password or token, "" for none; the caller saves the row."""
        setattr(self, name, sealing.seal(secret, ABOUT) if secret else b"")

    def read_secret(self, name: str = "secret") -> str:
        """What is sealed in a column, "" for nothing. WrongKeyError where it was sealed with another key."""
        sealed = getattr(self, name)
        return sealing.unseal(sealed, ABOUT) if sealed else ""

    @property
    def is_connected(self) -> bool:
        """Whether it has all that it takes to sign in."""
        return bool(self.secret) or self.sign_in == SignIn.CLIENT


class InboundMessageQuerySet(SearchableQuerySet, models.QuerySet["InboundMessage"]):
    """The filters that everybody shares."""

    lookup = "inbound_messages"

    def waiting(self) -> InboundMessageQuerySet:
        return self.filter(status=Status.WAITING)

    def with_purpose(self) -> InboundMessageQuerySet:
        """Read along what their mailboxes and lines are for; not by a join, which hides the messages of hidden ones."""
        mailbox = Mailbox.objects.filter(pk=models.OuterRef("mailbox"))
        line = MessageLine.objects.filter(pk=models.OuterRef("line"))
        return self.annotate(
            purpose_read=Coalesce(
                models.Subquery(mailbox.values("purpose")), models.Subquery(line.values("purpose"))
            )
        )

    def refusing(self, addresses: Iterable[str]) -> InboundMessageQuerySet:
        """Those by which these addresses refused what is about no matter of theirs. Put back on the desk, one holds no
        longer."""
        refusals = self.filter(kind=Kind.REFUSAL, status=Status.SET_ASIDE)
        return refusals.filter(from_address__in=set(addresses))

    def addresses(self) -> set[str]:
        """Who sent these."""
        return set(self.values_list("from_address", flat=True))


class InboundMessage(OwnedFile):
    """One message that came in, of a mailbox or of a line. `file` is the original as it was handed over, `sha256` is of
    that.

    `received_at` is the moment at which our server had it, which is what the law counts; `sent_at` is what the sender
    wrote. `quoted_from`: where in `text` the quoted history begins. `authentication` is what our own server found of
    SPF, DKIM and DMARC. `reply_key` is the tag of the address it was sent to. What came by a line has the telephone of
    its sender (E.164) as `from_address`, and the provider's name of it as `message_id`: by that it is here once.
    """

    channel = models.CharField(
        _("channel"), max_length=8, choices=Channel, default=Channel.MAIL, db_default="MAIL", editable=False
    )
    mailbox = models.ForeignKey(
        Mailbox, models.PROTECT, null=True, related_name="mails", verbose_name=_("mailbox"), editable=False
    )
    line = models.ForeignKey(MessageLine, models.PROTECT, null=True, related_name="messages", editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("department"), editable=False
    )
    status = models.CharField(
        _("status"), max_length=9, choices=Status, default=Status.WAITING, editable=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MESSAGE, editable=False)
    generation = models.PositiveIntegerField(default=1, editable=False)
    uid_validity = models.BigIntegerField(null=True, editable=False)
    uid = models.BigIntegerField(null=True, editable=False)
    message_id = models.CharField(max_length=998, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    received_at = models.DateTimeField(_("received at"), editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    fetched_at = models.DateTimeField(_("fetched at"), default=timezone.now, editable=False)
    from_address = models.CharField(
        _("e-mail or telephone of the sender"), max_length=254, blank=True, editable=False
    )
    from_name = models.CharField(_("sender"), max_length=200, blank=True, editable=False)
    to_addresses = ArrayField(
        models.CharField(max_length=254), verbose_name=_("recipients"), default=list, editable=False
    )
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True, editable=False)
    text = models.TextField(_("text"), blank=True, editable=False)
    quoted_from = models.PositiveIntegerField(null=True, editable=False)
    html = models.TextField(blank=True, editable=False)
    in_reply_to = models.CharField(max_length=998, blank=True, editable=False)
    references = ArrayField(
        models.CharField(max_length=998), default=list, editable=False, db_column="thread"
    )
    reply_key = models.CharField(max_length=64, blank=True, editable=False)
    authentication = models.JSONField(default=dict, editable=False)
    notes = ArrayField(models.CharField(max_length=20, choices=Note), default=list, editable=False)
    left_out = models.JSONField(default=list, editable=False)
    """The attachments that were not taken: name, size and the code of the refusal of each."""
    danger = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)
    set_aside_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    complaint = models.ForeignKey(
        Complaint,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="inbound_messages",
        verbose_name=_("application"),
    )
    appointment_request = models.ForeignKey(
        AppointmentRequest,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="inbound_messages",
        verbose_name=_("appointment request"),
    )
    letter = models.ForeignKey(
        Letter,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="inbound_messages",
        verbose_name=_("letter"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="inbound_messages",
        verbose_name=_("organisation"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        "organization.User",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("decided by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    words = word_column("subject", "from_name", "from_address")

    objects = InboundMessageQuerySet.as_manager()

    class Meta(OwnedFile.Meta):
        abstract = False
        verbose_name = _("inbound message")
        verbose_name_plural = _("inbound messages")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "generation", "uid_validity", "uid"], name="a_mail_once_by_its_uid"
            ),
            models.UniqueConstraint(fields=["mailbox", "sha256"], name="a_mail_once_by_its_content"),
            models.UniqueConstraint(
                fields=["line", "message_id"],
                condition=~Q(message_id=""),
                name="a_message_once_by_its_providers_id",
            ),
            models.CheckConstraint(
                condition=OF_A_MAILBOX | OF_A_LINE, name="a_message_has_its_mailbox_or_its_line"
            ),
            models.CheckConstraint(
                condition=Q(UNBOUND, status__in=["WAITING", "SET_ASIDE"])
                | Q(~UNBOUND, status__in=["JOINED", "MADE"]),
                name="what_is_joined_has_its_matter",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], name="inbound_oldest"),
            models.Index(fields=["status", "received_at", "id"], name="inbound_by_status"),
            models.Index(fields=["department", "status", "received_at", "id"], name="inbound_of_department"),
            models.Index(fields=["from_address", "received_at"], name="inbound_of_sender"),
            models.Index(fields=["message_id"], name="inbound_message_id", condition=~Q(message_id="")),
            GinIndex(fields=["words"], name="inbound_words"),
            similar_index("subject", "inbound_alike"),
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id

    @cached_property
    def purpose(self) -> str | None:
        """What its mailbox or line is for; None of one that the asker does not see: another unit passed it on."""
        if "purpose_read" in self.__dict__:
            return self.__dict__["purpose_read"]
        rows = InboundMessage.objects.with_purpose().filter(pk=self.pk)
        return getattr(rows.only("pk").first(), "purpose_read", None)

    @property
    def from_phone(self) -> str:
        """The telephone of the sender (E.164); "" of a mail, and where a line names no number."""
        return self.from_address if not self.is_mail and self.from_address.startswith("+") else ""

    @property
    def is_mail(self) -> bool:
        """Whether it came by e-mail."""
        return self.channel == Channel.MAIL

    @property
    def matter(self) -> Matter | None:
        """What it is part of; None while it is nothing."""
        return self.complaint or self.appointment_request or self.letter or self.organisation

    @property
    def written(self) -> str:
        """The text without the quoted history."""
        return self.text[: self.quoted_from].rstrip() if self.quoted_from is not None else self.text

    @property
    def quoted(self) -> str:
        """The quoted history that came along."""
        return self.text[self.quoted_from :] if self.quoted_from is not None else ""

    @property
    def sentences(self) -> list[str]:
        """What could not be read, in the language of who asks."""
        return [str(Note(note).label) for note in self.notes]


class InboundFile(StoredFile):
    """An attachment that was taken; `content_id` is how the HTML of the mail names an inline picture."""

    mail = models.ForeignKey(InboundMessage, models.CASCADE, related_name="files", editable=False)
    content_id = models.CharField(max_length=200, blank=True, editable=False)
    is_inline = models.BooleanField(_("within the text"), default=False, editable=False)

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = _("file of an inbound message")
        verbose_name_plural = _("files of inbound messages")
        default_permissions = ()
        indexes = [models.Index(fields=["mail", "uploaded_at"], name="inbound_file_of_mail")]


class WrittenMessage(PublicId):
    """What the house wrote about a request, a letter or to a partner: a message to the other side, or an internal note.

    What is written to the applicant of a case or a request is a notice of that. `role`: whom at an organisation;
    `address`: where it went, since any may be written.
    `failed_at`: when it was known that it did not arrive.
    """

    appointment_request = models.ForeignKey(
        AppointmentRequest,
        models.CASCADE,
        null=True,
        related_name="written_messages",
        verbose_name=_("appointment request"),
    )
    letter = models.ForeignKey(
        Letter, models.CASCADE, null=True, related_name="written_messages", verbose_name=_("letter")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        related_name="written_messages",
        verbose_name=_("organisation"),
    )
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, related_name="+", verbose_name=_("to whom there")
    )
    is_note = models.BooleanField(_("internal note"), default=False)
    at = models.DateTimeField(_("at"), default=timezone.now)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    means = models.CharField(_("means"), max_length=10, choices=MessageMethod, blank=True)
    address = models.CharField(_("to"), max_length=254, blank=True, default="", db_default="")
    author = models.ForeignKey(
        "organization.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    message = models.OneToOneField(Message, models.PROTECT, null=True, editable=False, related_name="+")
    held_until = models.DateTimeField(_("leaves at"), null=True, editable=False)
    """Until then it waits and can be taken back (`backend.outbox.holding`)."""
    failed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("written message")
        verbose_name_plural = _("written messages")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(appointment_request__isnull=False, letter=None, organisation=None, is_note=True)
                | Q(letter__isnull=False, appointment_request=None, organisation=None)
                | Q(organisation__isnull=False, appointment_request=None, letter=None),
                name="written_about_one_matter",
            ),
            models.CheckConstraint(
                condition=Q(is_note=True, means="", message=None) | Q(~Q(means=""), is_note=False),
                name="a_note_is_sent_to_no_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=[edge, "at", "id"],
                name=f"written_{edge[:12]}",
                condition=Q(**{f"{edge}__isnull": False}),
            )
            for edge in ("appointment_request", "letter", "organisation")
        ]

    def __str__(self) -> str:
        return self.subject or str(_("internal note"))

    @classmethod
    def held(cls, edge: str) -> Q:
        """The matters about which a message waits and can be taken back."""
        return Q(models.Exists(cls.objects.filter(HELD, **{edge: models.OuterRef("pk")})))


class WrittenFile(StoredFile):
    """A file that went with a written message."""

    written = models.ForeignKey(WrittenMessage, models.CASCADE, related_name="files", editable=False)

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = _("file of a written message")
        verbose_name_plural = _("files of written messages")
        default_permissions = ()
        indexes = [models.Index(fields=["written", "uploaded_at"], name="written_file_of_message")]
