"""Whom the house's directory knows, which groups mean what here, and when it was last read."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId
from backend.organization.sign_on.found import short_group

LONGEST_GROUP, LONGEST_SUBJECT = 400, 255


class DirectoryPerson(PublicId):
    """A person as the directory last named them, known by the id that stays with them; `user` is their account here.

    Kept are only people with an account, with a group of the table, or with the user name of an account.
    """

    source = models.CharField(_("directory"), max_length=200)
    subject = models.CharField(_("immutable id"), max_length=LONGEST_SUBJECT)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="directory_person",
        verbose_name=_("account"),
    )
    username = models.CharField(_("user name"), max_length=150)
    first_name = models.CharField(_("name"), max_length=150, blank=True)
    last_name = models.CharField(_("surname"), max_length=150, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    groups = ArrayField(
        models.CharField(max_length=LONGEST_GROUP), default=list, blank=True, verbose_name=_("groups")
    )
    is_disabled = models.BooleanField(_("disabled in the directory"), default=False)
    seen_at = models.DateTimeField(_("last seen in the directory"))
    closed_at = models.DateTimeField(_("closed by the directory"), null=True, blank=True)
    """While it stands, the directory may open the account again; one that was closed by hand stays closed."""

    class Meta:
        verbose_name = _("person of the directory")
        verbose_name_plural = _("people of the directory")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["source", "subject"], name="a_person_of_a_directory_once")
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.username


class DirectoryRule(PublicId):
    """A line of the table: who is in the group has the permission on the department."""

    group = models.CharField(_("group of the directory"), max_length=LONGEST_GROUP)
    department = models.ForeignKey(
        "organization.Department", models.CASCADE, related_name="+", verbose_name=_("department")
    )
    permission = models.CharField(_("permission"), max_length=40)
    takes_others = models.BooleanField(_("ends what was granted by hand"), default=False)

    class Meta:
        verbose_name = _("group of the directory")
        verbose_name_plural = _("groups of the directory")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["group", "department", "permission"], name="a_directory_rule_once"
            )
        ]

    def __str__(self) -> str:
        return short_group(self.group)


class DirectoryReading(models.Model):
    """How the last readings of the directory went. One row."""

    tried_at = models.DateTimeField(_("tried at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    fault = models.CharField(_("fault"), max_length=300, blank=True)
    people = models.PositiveIntegerField(_("people"), default=0)
    held_back = models.PositiveIntegerField(_("accounts held back from closing"), default=0)
    groups = ArrayField(
        models.CharField(max_length=LONGEST_GROUP), default=list, blank=True, verbose_name=_("groups")
    )

    class Meta:
        verbose_name = _("reading of the directory")
        verbose_name_plural = _("readings of the directory")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.read_at or '—'}"


class UsedOnce(models.Model):
    """What counts once until a moment: an answer of a provider, a try of a name at the directory. Digests alone."""

    digest = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest
