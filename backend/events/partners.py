"""Organisations that have a part in an event."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import Keyed
from backend.events.choices import PartnerRole
from backend.partners.models import Organisation


class EventPartner(Keyed):
    """An organisation that has a part in an event: who hosts it, holds it with us, sponsors it or is a guest.

    Seen by who sees both.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="events", verbose_name=_("organisation")
    )
    role = models.CharField(_("what it is to the event"), max_length=7, choices=PartnerRole)
    note = models.CharField(_("note"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("partner of an event")
        verbose_name_plural = _("partners of events")
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation", "role"], name="a_partner_once_in_a_role")
        ]
        indexes = [models.Index(fields=["organisation", "event"], name="partner_of_event")]

    def __str__(self) -> str:
        return self.get_role_display()
