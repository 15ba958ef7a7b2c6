"""Library of approved phrases and forms of address: data with validity and source."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.models import DatedQuerySet, PublicId, Sourced
from backend.letters.choices import ClosingWord, Kind, PhrasePart
from backend.organization.models import Category, Department


class Worded(Sourced, PublicId):
    """A row of the library. Once it is out of use it stays, with its last day: letters were written with it."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kinds = ArrayField(
        models.CharField(max_length=14, choices=Kind),
        default=list,
        blank=True,
        verbose_name=_("kinds of letters"),
        help_text=_("Empty: every kind."),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


OF_CASES = (PhrasePart.REPLY, PhrasePart.MESSAGE, PhrasePart.NOTE)
"""The places of phrases that are for applications and stand in no letter."""


class Phrase(Worded):
    """What is approved for letters (kalıp ifade): a beginning, a sentence between, the closing; or a piece of text for
    applications (`OF_CASES`), perhaps of one subject or one department, with places that the case fills in."""

    part = models.CharField(_("where it stands"), max_length=8, choices=PhrasePart)
    closing = models.CharField(_("says"), max_length=12, choices=ClosingWord, blank=True)
    text = models.CharField(_("text"), max_length=2000)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only of this subject"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only of this department"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("approved phrase")
        verbose_name_plural = _("approved phrases")
        default_permissions = ()
        ordering = ["part", "position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="a_phrase_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(part=PhrasePart.CLOSING) ^ Q(closing=""), name="a_closing_phrase_says_which"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class FormOfAddress(Worded):
    """Form of address of an office (hitap): “Sayın Kaymakamım,”. Custom, not law."""

    office = models.CharField(
        _("office"), max_length=120, help_text=_("As it ends a title: Kaymakam, Belediye Başkanı.")
    )
    salutation = models.CharField(_("salutation"), max_length=120)

    class Meta:
        verbose_name = _("form of address")
        verbose_name_plural = _("forms of address")
        default_permissions = ()
        ordering = ["office", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="a_form_of_address_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.salutation}"
