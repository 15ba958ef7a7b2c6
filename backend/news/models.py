"""Press releases of ceremonies, events, engagements and projects. What may happen is in `actions`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId
from backend.documents.models import StoredFile
from backend.engagements.models import Engagement
from backend.events.models import Event
from backend.journal.models import AuditEntry
from backend.news.choices import Status
from backend.outbox.models import Message

USER = settings.AUTH_USER_MODEL


class ReleaseQuerySet(models.QuerySet["Release"]):
    """The filters that everybody shares."""

    def published(self) -> ReleaseQuerySet:
        """What everybody may read now."""
        return self.filter(status=Status.APPROVED, published_at__lte=Now())

    def waiting(self) -> ReleaseQuerySet:
        """Approved, and public at a moment to come."""
        return self.filter(status=Status.APPROVED, published_at__gt=Now())


class Release(PublicId):
    """A press release (basın bülteni, haber). `slug` is its public address, from the first publication on."""

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    reference = models.CharField(_("number of the release"), max_length=20, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    title = models.CharField(_("headline"), max_length=160)
    lead = models.CharField(_("lead"), max_length=400, blank=True)
    text = models.TextField(_("text"), blank=True)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("event")
    )
    engagement = models.ForeignKey(
        Engagement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("engagement")
    )
    slug = models.SlugField(_("address"), max_length=100, blank=True, editable=False)
    published_at = models.DateTimeField(_("public from"), null=True, editable=False)
    approved_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("approved by")
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True, editable=False)
    correction = models.CharField(
        _("what was corrected"), max_length=300, blank=True, default="", editable=False
    )
    drafted_at = models.DateTimeField(_("begun at"), default=timezone.now, editable=False)
    drafted_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("begun by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("press release")
        verbose_name_plural = _("press releases")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="release_number_once_a_year"),
            models.CheckConstraint(
                condition=~Q(status=Status.APPROVED) | Q(published_at__isnull=False) & ~Q(slug=""),
                name="what_is_approved_has_moment_and_address",
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=~Q(slug=""), name="a_public_address_of_one_release"
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=True) | Q(engagement__isnull=True),
                name="a_release_is_about_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["drafted_at", "id"], name="release_newest"),
            models.Index(
                fields=["published_at", "id"],
                condition=Q(status=Status.APPROVED),
                name="release_published",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ReleasePhoto(StoredFile):
    """A photograph of a press release, in the order in which they are shown."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="photos")
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    alternative_text = models.CharField(_("alternative text"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("photograph of a press release")
        verbose_name_plural = _("photographs of press releases")
        default_permissions = ()
        ordering = ["id"]


class ReleaseLine(AuditEntry):
    """The story of a press release: one line a verb. A correction's line holds the words before it."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=9, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=9, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of a press release")
        verbose_name_plural = _("story lines of press releases")
        default_permissions = ()
        indexes = [models.Index(fields=["release", "-at", "-id"], name="line_of_release")]

    def __str__(self) -> str:
        return self.verb


class ReleaseMailing(PublicId):
    """A press release that was mailed to one address of a media list, each edition once. The address itself is in its
    message alone, and leaves with that; here is what says that it is the same one. `corrected_at`: of the edition."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="mailings")
    digest = models.CharField(max_length=64, editable=False)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, editable=False, related_name="+")
    corrected_at = models.DateTimeField(_("corrected at"), null=True, editable=False)
    held_until = models.DateTimeField(_("leaves at"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("mailing of a press release")
        verbose_name_plural = _("mailings of press releases")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["release", "digest", "corrected_at"],
                nulls_distinct=False,
                name="an_edition_once_to_an_address",
            )
        ]


class PressOptOut(models.Model):
    """An address that left the media lists by the link of a mail: its digest, so that no press release goes there."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("address that left the media lists")
        verbose_name_plural = _("addresses that left the media lists")
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest
