"""The citizens who turn to the office."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from backend.contacts.notices import PrivacyNotice, Purpose
from backend.core.models import PublicId, SearchableQuerySet, fold_column
from backend.core.words.languages import Language
from backend.core.words.text import official_name
from backend.organization.models import Neighbourhood

__all__ = ["Bereavement", "Citizen", "PrivacyNotice", "Purpose"]


class CitizenQuerySet(SearchableQuerySet, models.QuerySet["Citizen"]):
    """Shared filters, with lookup by name. People known from a guest list alone are excluded."""

    lookup = "citizens"

    def standing(self) -> CitizenQuerySet:
        """Without the records that were merged into another, and those that were anonymised."""
        return self.filter(merged_into__isnull=True, anonymised_at__isnull=True)


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude_auto=True), row=pghistory.Old),
    pghistory.DeleteEvent(row=pghistory.Old),
    exclude=["name_fold", "national_id_sealed", "national_id_repeats", "anonymised_at"],
    meta={"default_permissions": ()},
)
class Citizen(PublicId):
    """Person known to the office.

    Never requires a T.C. kimlik no (3071 m.4 does not). A merged record stays unchanged and points to the one that
    represents it, so that undoing is one write and a case shows its original data.
    """

    first_name = models.CharField(_("name"), max_length=80)
    last_name = models.CharField(_("surname"), max_length=80, blank=True)
    title = models.CharField(
        _("academic or professional title"),
        max_length=40,
        blank=True,
        db_default="",
        help_text=_(
            "Such as Prof. Dr. or Av.; a position at an organisation is recorded with the role there."
        ),
    )
    salutation = models.CharField(
        _("salutation"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_(
            "How letters and greetings begin to this person, such as “Sayın Hocam,”; before that of an office."
        ),
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language),
        default=list,
        db_default=[],
        blank=True,
        verbose_name=_("languages"),
    )
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    national_id_sealed = models.BinaryField(null=True, editable=False)
    national_id_index = models.CharField(max_length=64, blank=True, editable=False)
    national_id_tail = models.CharField(max_length=2, blank=True, editable=False)
    national_id_repeats = models.BooleanField(default=False, db_default=False, editable=False)
    """The national id repeats another record's, entered by a user without lookup rights; the office merges the
    two."""
    note = models.CharField(_("note"), max_length=300, blank=True)
    deceased_on = models.DateField(_("deceased on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    merged_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, editable=False)
    name_fold = fold_column("first_name", "last_name")

    objects = CitizenQuerySet.as_manager()

    class Meta:
        verbose_name = _("citizen")
        verbose_name_plural = _("citizens")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["national_id_index"],
                condition=~Q(national_id_index="") & Q(merged_into__isnull=True, national_id_repeats=False),
                name="a_national_id_once",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="citizen_not_merged_into_self"),
        ]
        indexes = [
            models.Index(fields=["phone"], name="citizen_phone", condition=~Q(phone="")),
            models.Index(fields=["email"], name="citizen_email", condition=~Q(email="")),
            models.Index(Upper("email"), name="citizen_email_any_case", condition=~Q(email="")),
            models.Index(
                fields=["national_id_index"], name="citizen_nid", condition=~Q(national_id_index="")
            ),
            models.Index(
                fields=["merged_into"], name="citizen_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(fields=["created_at", "id"], name="citizen_newest"),
            GinIndex(SearchVector("name_fold", config="simple"), name="citizen_words"),
            GinIndex(fields=["name_fold"], name="citizen_alike", opclasses=["gin_trgm_ops"]),
            models.Index(
                fields=["name_fold", "id"], name="citizen_name", opclasses=["text_pattern_ops", "int8_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """As a letter writes it: `Ayşe YILMAZ`."""
        return official_name(self.first_name, self.last_name)

    @property
    def titled_name(self) -> str:
        """With the academic or professional title: `Prof. Dr. Ayşe YILMAZ`."""
        return f"{self.title} {self.full_name}".strip()

    @property
    def national_id_masked(self) -> str:
        """All but the last two digits hidden: more would give the number away (handbook 1.4). Empty if unknown."""
        return "*" * 9 + self.national_id_tail if self.national_id_tail else ""


class Bereavement(PublicId):
    """Bereavement of a person, on a day. For a while they are greeted only by explicit decision."""

    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="bereavements", verbose_name=_("citizen")
    )
    on = models.DateField(_("day of death"))
    who = models.CharField(_("whom they lost"), max_length=120, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta:
        verbose_name = _("bereavement")
        verbose_name_plural = _("bereavements")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["citizen", "on", "who"], name="a_bereavement_once"),
        ]
        indexes = [
            models.Index(fields=["citizen", "-on"], name="bereavement_of_citizen"),
            models.Index(fields=["-on", "-id"], name="bereavement_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}"
