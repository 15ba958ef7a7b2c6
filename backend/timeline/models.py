"""Everything of all services about a person or an organisation, in time order: a view over the domains' own tables."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, F, Func, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.agreements.models import Agreement
from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.engagements.models import Engagement
from backend.events.models import Event, Guest
from backend.greetings.models import Recipient
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.partners.models import Organisation, Role
from backend.programme.models import Entry
from backend.timeline.branches import VIEW
from backend.timeline.choices import Kind


class Among(Func):
    """Whether a column is one of the numbers that a query finds, looked up once: the condition reaches an index of each
    part of a view, where a join would read all of it."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()

    def __init__(self, column: str, rows: QuerySet[Any]) -> None:
        super().__init__(F(column), ArraySubquery(rows.values("pk")))


class MomentQuerySet(models.QuerySet["Moment"]):
    def about(self, person: QuerySet[Citizen]) -> MomentQuerySet:
        """Those of these persons."""
        return self.filter(Among("person_id", person))

    def with_organisation(self, organisation: QuerySet[Organisation]) -> MomentQuerySet:
        """Those of these organisations."""
        return self.filter(Among("organisation_id", organisation))


def _edge(model: type[models.Model], verbose_name: Any, related_name: str = "+") -> Any:
    return models.ForeignKey(
        model,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name=related_name,
        verbose_name=verbose_name,
    )


class Moment(models.Model):
    """One thing that happened with a person or an organisation; this only says where it stands."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("at"))
    reference = models.CharField(_("number"), max_length=60)
    title = models.CharField(_("what"), max_length=500)
    key = models.UUIDField()
    person = _edge(Citizen, _("person"), "moments")
    organisation = _edge(Organisation, _("organisation"), "moments")
    complaint = _edge(Complaint, _("application"))
    request = _edge(AppointmentRequest, _("appointment request"))
    entry = _edge(Entry, _("entry"))
    promise = _edge(Promise, _("promise"))
    letter = _edge(Letter, _("letter"))
    instruction = _edge(Instruction, _("instruction"))
    engagement = _edge(Engagement, _("meeting or visit"))
    agreement = _edge(Agreement, _("agreement"))
    role = _edge(Role, _("role"))
    event = _edge(Event, _("event"))
    guest = _edge(Guest, _("guest"))
    greeting = _edge(Recipient, _("greeting"))
    invitation = _edge(Invitation, _("invitation"))
    seat = models.CharField(_("seat"), max_length=60)

    objects = MomentQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = VIEW
        verbose_name = _("moment")
        verbose_name_plural = _("moments")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y} {self.title}"
