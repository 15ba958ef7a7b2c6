"""How a member of staff finds their way: pins in the side bar, and the first steps that are done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId


class Pin(PublicId):
    """A page of the admin that stands in its owner's side bar: a list with its filters, or a row.

    `page` is its address. What was searched for is never part of it, and a row is kept by its key alone: whether it is
    shown, and under which name, is decided each time, by what the owner sees then (KVKK m.4). `title`: what a list is
    narrowed to, in words that the list itself offers.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("member of staff")
    )
    page = models.CharField(_("page"), max_length=500)
    title = models.CharField(_("title"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="pin_once_a_page")]
        indexes = [models.Index(fields=["user", "position", "id"], name="pin_of_user")]

    def __str__(self) -> str:
        return self.title or self.page


class FirstStep(models.Model):
    """One of the first steps that a member of staff has done, or that they put the list of them away."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("member of staff")
    )
    name = models.CharField(_("step"), max_length=40)
    at = models.DateTimeField(_("done at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("first step")
        verbose_name_plural = _("first steps")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="first_step_once")]

    def __str__(self) -> str:
        return self.name
