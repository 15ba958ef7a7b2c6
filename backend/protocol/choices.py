"""Closed lists of the state protocol. Members are English, labels Turkish by translation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sphere(models.TextChoices):
    """To what an office belongs: by it wreaths and hosts are placed."""

    PARLIAMENT = "PARLIAMENT", _("Parliament and government")
    CIVIL = "CIVIL", _("Civil administration")
    MILITARY = "MILITARY", _("Armed forces")
    MUNICIPAL = "MUNICIPAL", _("Municipality")
    JUDICIARY = "JUDICIARY", _("Judiciary")
    UNIVERSITY = "UNIVERSITY", _("University")
    DIRECTORATE = "DIRECTORATE", _("Directorate of the state")
    CHAMBER = "CHAMBER", _("Professional body")
    PARTY = "PARTY", _("Political party")
    NEIGHBOURHOOD = "NEIGHBOURHOOD", _("Head of a mahalle")
    CIVIL_SOCIETY = "CIVIL_SOCIETY", _("Association or foundation")
    OTHER = "OTHER", _("Other")


class Capacity(models.TextChoices):
    """Capacity of an office holder."""

    SUBSTANTIVE = "SUBSTANTIVE", _("Substantive")
    ACTING = "ACTING", _("Acting")


class ListKind(models.TextChoices):
    """For ceremonies of which level an order is."""

    PROVINCE = "PROVINCE", _("Province")
    DISTRICT = "DISTRICT", _("District")


class Representation(models.TextChoices):
    """Place of a representative (temsilen)."""

    AFTER_EQUALS = "AFTER_EQUALS", _("At the place of the office, behind those of the same place")
    AT_THE_OFFICE = "AT_THE_OFFICE", _("At the place of the office, as if its holder had come")
    OWN_RANK = "OWN_RANK", _("At the place of their own office")
