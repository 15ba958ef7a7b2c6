"""Letter templates, and substitutes who initial and sign."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.localtime import today
from backend.core.models import PublicId, Sourced
from backend.letters.choices import Kind
from backend.programme.choices import Office
from backend.programme.models import StandIn

USER = settings.AUTH_USER_MODEL


def own_code() -> str:
    """The code of a text that the office wrote itself; those of the reference data have a name."""
    return f"ozel-{secrets.token_hex(6)}"


class LetterTemplate(Sourced, PublicId):
    """A standing text with places to fill in (`letters.templating`): approved once, used by everybody."""

    code = models.SlugField(_("code"), max_length=60, unique=True, default=own_code, editable=False)
    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    salutation = models.CharField(_("salutation"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    closing = models.CharField(_("closing"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("changed by")
    )

    class Meta:
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        default_permissions = ()
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def on(self, day: dt.date | None = None) -> SubstitutionQuerySet:
        """Those of a day (default: today in local time)."""
        day = day or today()
        return self.filter(valid_from__lte=day, valid_until__gte=day)


def waits_for(user_id: int | None) -> Q:
    """Letters whose turn is this person's, or of a person for whom they stand in today: as a substitute, or as acting
    mayor (5393 m.40)."""
    away = Substitution.objects.on().filter(substitute=user_id).values("person")
    mayor = StandIn.objects.acting_mayor(user_id).filter(principal__person__isnull=False)
    return Q(turn_of=user_id) | Q(turn_of__in=away) | Q(turn_of__in=mayor.values("principal__person"))


def stand_ins(person_id: int) -> set[int]:
    """The accounts that stand in for this person today: the other way round than `waits_for`."""
    away = Substitution.objects.on().filter(person=person_id).values_list("substitute", flat=True)
    days = StandIn.objects.between(today(), today()).filter(principal__person=person_id)
    mayor = days.filter(principal__office=Office.MAYOR, deputy__person__isnull=False)
    return {*away, *mayor.values_list("deputy__person", flat=True)}


class Substitution(PublicId):
    """Substitute who initials and signs for a person in a period (vekâlet)."""

    person = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("who is away"))
    substitute = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("who stands in"))
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    made_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("recorded by")
    )

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("substitution for letters")
        verbose_name_plural = _("substitutions for letters")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="substitution_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="nobody_signs_for_themselves"),
        ]
        indexes = [models.Index(fields=["substitute", "valid_until"], name="substitution_of")]

    def __str__(self) -> str:
        return f"{self.person} → {self.substitute}"
