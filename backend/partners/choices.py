"""The closed lists of partners."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an organisation is."""

    ASSOCIATION = "ASSOCIATION", _("Association")
    FOUNDATION = "FOUNDATION", _("Foundation")
    UNION = "UNION", _("Trade union")
    PARTY = "PARTY", _("Political party")
    SPORTS_CLUB = "SPORTS_CLUB", _("Sports club")
    CHAMBER = "CHAMBER", _("Professional chamber")
    COOPERATIVE = "COOPERATIVE", _("Cooperative")
    MUNICIPALITY = "MUNICIPALITY", _("Municipality")
    INSTITUTION = "INSTITUTION", _("Public institution")
    MUHTAR = "MUHTAR", _("Muhtar's office")
    UNIVERSITY = "UNIVERSITY", _("University")
    SCHOOL = "SCHOOL", _("School")
    COMPANY = "COMPANY", _("Company")
    PRESS = "PRESS", _("Press")
    MISSION = "MISSION", _("Embassy or consulate")
    INTERNATIONAL = "INTERNATIONAL", _("International organisation")
    OTHER = "OTHER", _("Other")


MEMBERSHIP = (Kind.ASSOCIATION, Kind.FOUNDATION, Kind.UNION, Kind.PARTY, Kind.SPORTS_CLUB)
"""Who has a role there is a member: special personal data (KVKK m.6: association, foundation, union, political
opinion). A sports club is an association in law (5253)."""


class Status(models.TextChoices):
    """Where the record stands."""

    ACTIVE = "ACTIVE", _("Active")
    CLOSED = "CLOSED", _("Closed down")
    MERGED = "MERGED", _("Merged")


THERE = (Status.ACTIVE, Status.CLOSED)
"""The record stands for itself."""


class RoleKind(models.TextChoices):
    """Kind of role at an organisation, so that a list of all chairs is possible."""

    HEAD = "HEAD", _("Chair or head")
    DEPUTY_HEAD = "DEPUTY_HEAD", _("Deputy chair")
    BOARD = "BOARD", _("Member of the board")
    SECRETARY = "SECRETARY", _("General secretary")
    MANAGER = "MANAGER", _("Manager")
    REPRESENTATIVE = "REPRESENTATIVE", _("Representative")
    CONTACT = "CONTACT", _("Contact person")
    HONORARY = "HONORARY", _("Honorary")
    MEMBER = "MEMBER", _("Member")
    STAFF = "STAFF", _("Works there")


class ListStatus(models.TextChoices):
    """Whether a list is in use."""

    IN_USE = "IN_USE", _("In use")
    ARCHIVED = "ARCHIVED", _("Archived")
