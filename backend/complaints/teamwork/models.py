"""The list of what is to be done on a case, and the template of it that a category has."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId
from backend.organization.models import Category


class ItemStatus(models.TextChoices):
    """Where an item of the list of a case stands."""

    OPEN = "OPEN", _("To be done")
    DONE = "DONE", _("Done")
    DROPPED = "DROPPED", _("Dropped: the subject is another")


class ChecklistTemplateItem(PublicId):
    """What is to be done on each case of a subject, or of the subjects of a group."""

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="checklist", verbose_name=_("category")
    )
    text = models.CharField(_("what is to be done"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_required = models.BooleanField(_("before the reply is submitted"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("checklists")
        default_permissions = ()
        indexes = [models.Index(fields=["category", "position", "id"], name="checklist_of_category")]

    def __str__(self) -> str:
        return self.text


class ChecklistItemQuerySet(models.QuerySet["ChecklistItem"]):
    def shown(self) -> ChecklistItemQuerySet:
        return self.exclude(status=ItemStatus.DROPPED)

    def open(self) -> ChecklistItemQuerySet:
        return self.filter(status=ItemStatus.OPEN)


class ChecklistItem(PublicId):
    """What is to be done on one case, as its template was when the case got it."""

    complaint = models.ForeignKey(
        "complaints.Complaint", models.CASCADE, related_name="checklist", verbose_name=_("application")
    )
    template = models.ForeignKey(
        ChecklistTemplateItem, models.PROTECT, related_name="+", verbose_name=_("item of a checklist")
    )
    text = models.CharField(_("what is to be done"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_required = models.BooleanField(_("before the reply is submitted"), default=False)
    is_extra = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether it came by a routing rule and not by the category: it stays whatever the category becomes."""
    status = models.CharField(_("status"), max_length=8, choices=ItemStatus, default=ItemStatus.OPEN)
    version = models.PositiveIntegerField(default=1, editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("done by"),
    )

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing to be done")
        verbose_name_plural = _("things to be done")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["complaint", "template"], name="a_thing_to_be_done_once"),
            models.CheckConstraint(
                condition=~Q(status=ItemStatus.DONE) | Q(done_at__isnull=False),
                name="what_is_done_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.text
