"""What a person is typing: kept until it is sent, for that person alone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId


class Draft(PublicId):
    """The text of one field of one page, as its writer left it.

    `page` is the address that the form is sent to, without what follows a question mark; `about` the key that it names,
    so that a draft is erased with the row that it was meant for.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("member of staff")
    )
    page = models.CharField(_("page"), max_length=200)
    field = models.CharField(_("field"), max_length=60)
    text = models.TextField(_("text"))
    about = models.UUIDField(_("key of the row"), null=True, editable=False)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("draft of a text")
        verbose_name_plural = _("drafts of texts")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "page", "field"], name="draft_once_a_field")]
        indexes = [
            models.Index(fields=["user", "-saved_at", "-id"], name="draft_of_user"),
            models.Index(fields=["about"], condition=models.Q(about__isnull=False), name="draft_about"),
            models.Index(fields=["saved_at"], name="draft_saved"),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.field}"
