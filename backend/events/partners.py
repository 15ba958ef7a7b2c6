"""Organisations that have a part in an event."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId
from backend.events.choices import PartnerRole
from backend.partners.models import Organisation, SameOrganisation


class EventPartner(PublicId):
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


def once(rows: QuerySet[EventPartner], seen: QuerySet[EventPartner]) -> QuerySet[EventPartner]:
    """Without a merged record where another one of the same organisation is named in the same role: the record that
    stands for it or, of merged ones, the first. `seen`: the rows that the asker sees; what they do not see takes
    nothing away."""
    same = SameOrganisation(F("organisation"), OuterRef("organisation"))
    others = seen.filter(same, event=OuterRef("event"), role=OuterRef("role")).exclude(pk=OuterRef("pk"))
    better = others.filter(Q(organisation__merged_into__isnull=True) | Q(pk__lt=OuterRef("pk")))
    return rows.exclude(Q(organisation__merged_into__isnull=False) & Exists(better))
