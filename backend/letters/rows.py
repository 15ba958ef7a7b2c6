"""What stands on a letter row by row: to whom it goes, what it refers to, what goes along, whose initials it needs."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.core.localtime import ISTANBUL
from backend.core.models import PublicId
from backend.letters.choices import AddresseeKind, Confidentiality, DeliveryMethod, Purpose, StepRole
from backend.organization.models import Department, OutsideBody
from backend.outbox.models import Message

USER = settings.AUTH_USER_MODEL


class AddresseeQuerySet(models.QuerySet["Addressee"]):
    def handed_out(self, day: dt.date) -> AddresseeQuerySet:
        """Recipients of hand-delivered letters on a local day (zimmet)."""
        begins = dt.datetime.combine(day, dt.time(), ISTANBUL)
        return self.filter(
            means=DeliveryMethod.HAND, sent_at__gte=begins, sent_at__lt=begins + dt.timedelta(days=1)
        )


class Addressee(PublicId):
    """To whom a letter goes, and how it got there. The name is kept as it stood on the day of signature."""

    letter = models.ForeignKey("letters.Letter", models.CASCADE, related_name="addressees")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=AddresseeKind)
    purpose = models.CharField(_("why"), max_length=11, choices=Purpose, default=Purpose.ACTION)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("department")
    )
    body = models.ForeignKey(
        OutsideBody, models.PROTECT, null=True, related_name="+", verbose_name=_("outside body")
    )
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, related_name="letters", verbose_name=_("citizen")
    )
    name = models.CharField(_("name"), max_length=200)
    surname = models.CharField(_("surname"), max_length=80, blank=True)
    title = models.CharField(_("office held"), max_length=160, blank=True)
    unit = models.CharField(_("unit"), max_length=160, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    means = models.CharField(_("means"), max_length=6, choices=DeliveryMethod, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    sent_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("sent by")
    )
    delivered_on = models.DateField(_("delivered on"), null=True, editable=False)
    proof = models.CharField(_("proof"), max_length=200, blank=True, editable=False)
    objects = AddresseeQuerySet.as_manager()

    message = models.OneToOneField(Message, models.PROTECT, null=True, editable=False, related_name="+")
    held_until = models.DateTimeField(_("leaves at"), null=True, editable=False)
    """Until then its e-mail waits and can be taken back; see `backend.outbox.holding`."""
    failed_at = models.DateTimeField(_("not delivered since"), null=True, editable=False)
    """When it was known that the last e-mail did not arrive: it is to be sent anew."""

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        default_permissions = ()
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["letter", "position", "id"], name="addressee_of_letter"),
            models.Index(
                fields=["sent_at", "id"],
                condition=models.Q(means=DeliveryMethod.HAND),
                name="addressee_handed_out",
            ),
            models.Index(
                fields=["letter"],
                condition=models.Q(failed_at__isnull=False),
                name="addressee_not_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.surname}".strip()


class LetterReference(models.Model):
    """A letter that is referred to (ilgi)."""

    letter = models.ForeignKey("letters.Letter", models.CASCADE, related_name="references")
    to = models.ForeignKey(
        "letters.Letter", models.PROTECT, null=True, related_name="referred_by", verbose_name=_("letter")
    )
    on = models.DateField(_("date"), null=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    author = models.CharField(_("whose"), max_length=200, blank=True)
    is_ours = models.BooleanField(_("written by us"), default=False)
    is_person = models.BooleanField(_("written by a person"), default=False)
    what = models.CharField(_("what it is"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        default_permissions = ()
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return self.number or self.what


class Annex(models.Model):
    """What goes along with a letter (ek), as its list names it."""

    letter = models.ForeignKey("letters.Letter", models.CASCADE, related_name="annexes")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("annex"), max_length=200)
    measure = models.CharField(_("pages or pieces"), max_length=60, blank=True)
    confidentiality = models.CharField(
        _("confidentiality"), max_length=10, choices=Confidentiality, default=Confidentiality.NONE
    )

    class Meta:
        verbose_name = _("annex")
        verbose_name_plural = _("annexes")
        default_permissions = ()
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """Person whose initials the letter needs before signature; never on the copy that leaves."""

    letter = models.ForeignKey("letters.Letter", models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    person = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("who"))
    role = models.CharField(_("as what"), max_length=12, choices=StepRole, default=StepRole.INITIALS)
    done_at = models.DateTimeField(_("initialled at"), null=True, editable=False)
    done_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("initialled by")
    )

    class Meta:
        verbose_name = _("initials")
        verbose_name_plural = _("initials")
        default_permissions = ()
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return str(self.person)
