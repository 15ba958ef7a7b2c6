"""What everybody may know of an event: its entry in the public calendar, and the pictures of that."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId
from backend.documents.models import StoredFile


class PublishedEvent(PublicId):
    """What everybody may know of an event: its own words; time and place follow the event. There is none of a draft."""

    event = models.OneToOneField("events.Event", models.CASCADE, related_name="published")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    takes_sign_ups = models.BooleanField(_("citizens sign up"), default=False, db_default=False)
    most_people = models.PositiveSmallIntegerField(_("people in one sign-up"), default=4, db_default=4)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("published event")
        verbose_name_plural = _("public calendar")
        default_permissions = ()
        indexes = [models.Index(fields=["starts_at", "id"], name="published_by_time")]

    def __str__(self) -> str:
        return self.title


class EventPicture(StoredFile):
    """A picture in the public calendar, in the order in which they are shown.

    Everybody may read the whole row; so it says what it shows in words, and of persons nothing: neither the name of the
    file as it was brought nor who brought it, which the story of the event has.
    """

    published = models.ForeignKey(PublishedEvent, models.CASCADE, related_name="pictures")
    alternative_text = models.CharField(_("alternative text"), max_length=300)

    class Meta:
        verbose_name = _("picture of a published event")
        verbose_name_plural = _("pictures of published events")
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(alternative_text=""), name="a_public_picture_has_words"
            )
        ]


class PicturePermission(PublicId):
    """Who permitted that a picture is published: names, for those who keep the event alone."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    picture = models.OneToOneField(EventPicture, models.CASCADE, related_name="granted")
    text = models.CharField(_("permission to publish"), max_length=300)

    class Meta:
        verbose_name = _("permission to publish a picture")
        verbose_name_plural = _("permissions to publish pictures")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="a_public_picture_has_a_permission")
        ]

    def __str__(self) -> str:
        return self.text
