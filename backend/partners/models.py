"""With whom the office works: organisations, who is what there from when to when, and which department works with
them. A person is always `contacts.Citizen`; what may happen is in `actions`.

Who has a role at an association, a foundation, a union or a party is special personal data (KVKK m.6): such a role is
a row that fewer see than the organisation.
"""

from __future__ import annotations

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import BooleanField, Case, F, Func, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.models import (
    PublicId,
    SearchableQuerySet,
    TrFold,
    fold_column,
    similar_index,
    sort_column,
    word_column,
)
from backend.core.triggers import denormalised_array
from backend.core.words.languages import Language
from backend.journal.models import AuditEntry
from backend.journal.triggers import notify_trigger
from backend.organization.models import Department, Neighbourhood, OutsideBody
from backend.partners.choices import MEMBERSHIP, Kind, ListStatus, RoleKind, Status

USER = settings.AUTH_USER_MODEL


def written_index(field: str, name: str) -> models.Index:
    """The index of rows that name an organisation in words and are not linked with its record (`partner`)."""
    return models.Index(TrFold(field), name=name, condition=Q(partner__isnull=True) & ~Q(**{field: ""}))


class SameOrganisation(Func):
    """Whether two columns of numbers name records of the same organisation (`OrganisationQuerySet.family`)."""

    template = "%(expressions)s]))"
    arg_joiner = " = ANY (app.organisations_of(ARRAY["
    output_field = BooleanField()


class OfOrganisations(Func):
    """Whether a column names a record of these organisations (an array of keys), whatever was merged with what. The
    records are looked up once, so that an index finds the rows."""

    template = "%(expressions)s))::bigint[])"
    arg_joiner = " = ANY ((SELECT app.organisations_of("
    output_field = BooleanField()


class OrganisationQuerySet(SearchableQuerySet, models.QuerySet["Organisation"]):
    """The filters that everybody shares."""

    lookup = "organisations"
    kinds = ("kind",)

    def standing(self) -> OrganisationQuerySet:
        """Without the records that were merged into another."""
        return self.exclude(status=Status.MERGED)

    def family(self) -> OrganisationQuerySet:
        """These and all records of the same organisations: whatever was merged into the ones that stand for them, as
        far as the asker sees the way there. One statement, whatever was merged with what."""
        result = Func(
            ArraySubquery(self.values("pk")),
            template="(SELECT unnest(app.organisations_of(%(expressions)s)))",
        )
        return self.model._default_manager.filter(pk__in=result)

    def active(self) -> OrganisationQuerySet:
        return self.filter(status=Status.ACTIVE)

    def sisters(self) -> OrganisationQuerySet:
        """Sister municipalities."""
        return self.filter(sister_since__isnull=False)


class Organisation(PublicId):
    """Partner: an association, a municipality, an institution, a school, a newspaper.

    `body` is the outside body it is, if any. A merged record stays unchanged and points to the one that represents
    it. `departments` and `is_membership` are maintained by the database.
    """

    status = models.CharField(
        _("status"), max_length=6, choices=Status, default=Status.ACTIVE, editable=False
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    name = models.CharField(_("full name"), max_length=200, help_text=_("As a letter names it."))
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    body = models.OneToOneField(
        OutsideBody,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisation",
        verbose_name=_("outside body"),
    )
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("web site"), blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
    )
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    language = models.CharField(
        _("language of correspondence"), max_length=2, choices=Language, default=Language.TR
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("tags"))
    tag_text = models.CharField(max_length=500, blank=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    sister_since = models.DateField(_("sister municipality since"), null=True, blank=True)
    sister_decision = models.CharField(_("decision of the council"), max_length=60, blank=True)
    is_membership = models.GeneratedField(
        expression=Case(When(kind__in=MEMBERSHIP, then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    departments = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    closed_on = models.DateField(_("closed down on"), null=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    name_sort = sort_column("name")
    name_fold = fold_column("name")
    words = word_column("name", "short_name", "city", "tag_text")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False)
                | (~Q(status=Status.MERGED) & Q(merged_into__isnull=True)),
                name="a_merged_organisation_names_the_other",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="organisation_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(sister_since__isnull=True) | Q(kind=Kind.MUNICIPALITY),
                name="only_a_municipality_is_a_sister",
            ),
        ]
        indexes = [
            models.Index(fields=["name_sort", "id"], name="organisation_by_name"),
            models.Index(fields=["kind", "name_sort", "id"], name="organisation_by_kind"),
            models.Index(fields=["-recorded_at", "-id"], name="organisation_newest"),
            models.Index(fields=["name_fold"], name="organisation_fold"),
            GinIndex(fields=["departments"], name="organisation_departments"),
            GinIndex(fields=["tags"], name="organisation_tags"),
            GinIndex(fields=["words"], name="organisation_words"),
            similar_index("name", "organisation_alike"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Short, where there is a short name."""
        return self.short_name or self.name

    def acquire_lock(self, *named: object) -> None:
        """Before the row is locked for an action: it and the records that it is merged with, in order of number."""
        others = [row.pk for row in named if isinstance(row, Organisation)]
        if others:
            rows = Organisation.objects.select_for_update(of=("self",)).filter(pk__in=[self.pk, *others])
            list(rows.order_by("pk").values_list("pk", flat=True))


class Liaison(models.Model):
    """A department that works with an organisation: it sees it and, where it may know persons, its people."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="liaisons")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    added_at = models.DateTimeField(_("added at"), default=timezone.now)

    class Meta:
        verbose_name = _("department that works with an organisation")
        verbose_name_plural = _("departments that work with organisations")
        default_permissions = ()
        ordering = ["id"]
        triggers = [
            denormalised_array(
                "departments",
                "partners_liaison",
                of="partners_organisation",
                by="organisation_id",
                value="department_id",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["organisation", "department"], name="a_liaison_once")]

    def __str__(self) -> str:
        return str(self.department)


class RoleQuerySet(models.QuerySet["Role"]):
    def current(self, on: dt.date | None = None) -> RoleQuerySet:
        """Those that last on a day (default: today)."""
        day = on or today()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude_auto=True), row=pghistory.Old),
    pghistory.DeleteEvent(row=pghistory.Old),
    meta={"default_permissions": ()},
)
class Role(PublicId):
    """What a person is at an organisation from one day to another: “chair since 2023”. Empty dates: not known, or
    until today. At an association and the like this is a membership (KVKK m.6)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="roles", verbose_name=_("organisation")
    )
    person = models.ForeignKey(Citizen, models.PROTECT, related_name="roles", verbose_name=_("person"))
    kind = models.CharField(_("what they are there"), max_length=14, choices=RoleKind)
    title = models.CharField(_("title"), max_length=120, help_text=_("As a letter writes it below the name."))
    salutation = models.CharField(_("salutation"), max_length=120, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    valid_from = models.DateField(_("since"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role at an organisation")
        verbose_name_plural = _("roles at organisations")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="a_role_ends_after_it_begins",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "kind", "id"], name="role_of_organisation"),
            models.Index(fields=["person", "id"], name="role_of_person"),
            models.Index(fields=["recorded_at", "id"], name="role_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_current(self) -> bool:
        day = today()
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class OrganisationLine(AuditEntry):
    """The story of an organisation: one line a verb. Old and new values stand in `details`."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=6, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=6, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of an organisation")
        verbose_name_plural = _("story lines of organisations")
        default_permissions = ()
        triggers = [notify_trigger("organisation", "organisation_id")]
        indexes = [models.Index(fields=["organisation", "-at", "-id"], name="line_of_organisation")]

    def __str__(self) -> str:
        return self.verb


class ContactList(PublicId):
    """A list: its members, and by rule the active organisations of these kinds with one of these tags; with role kinds
    the people who are that there today, without them the organisations themselves. It is read anew each time."""

    status = models.CharField(
        _("status"), max_length=8, choices=ListStatus, default=ListStatus.IN_USE, editable=False
    )
    title = models.CharField(_("title"), max_length=120)
    note = models.CharField(_("what it is for"), max_length=300, blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department that uses it"),
    )
    kinds = ArrayField(
        models.CharField(max_length=13, choices=Kind), default=list, blank=True, verbose_name=_("kinds")
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("tags"))
    role_kinds = ArrayField(
        models.CharField(max_length=14, choices=RoleKind), default=list, blank=True, verbose_name=_("roles")
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("made by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    title_sort = sort_column("title")

    class Meta:
        verbose_name = _("list of partners")
        verbose_name_plural = _("lists of partners")
        default_permissions = ()
        indexes = [models.Index(fields=["title_sort", "id"], name="contact_list_by_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def has_rule(self) -> bool:
        return bool(self.kinds or self.tags or self.role_kinds)


class ListMember(PublicId):
    """One organisation, one person in their role, or one person: on a list, or left out of what its rule finds."""

    contact_list = models.ForeignKey(ContactList, models.CASCADE, related_name="members")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    person = models.ForeignKey(
        Citizen, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    is_left_out = models.BooleanField(_("left out"), default=False)
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    added_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("member of a list")
        verbose_name_plural = _("members of lists")
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, role__isnull=True, person__isnull=True)
                | Q(organisation__isnull=True, role__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, role__isnull=True, person__isnull=False),
                name="a_member_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["contact_list", "organisation"], name="an_organisation_once_a_list"
            ),
            models.UniqueConstraint(fields=["contact_list", "role"], name="a_role_once_a_list"),
            models.UniqueConstraint(fields=["contact_list", "person"], name="a_person_once_a_list"),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.role or self.person)
