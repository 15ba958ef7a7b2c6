"""The municipality as data: units, staff, reference data, and outside bodies.

Units change by council decision (5393 m.48; norm kadro): a department is a row with dates, no constant in code.
"""

from __future__ import annotations

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser, _user_has_perm  # type: ignore[attr-defined]
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from backend.core.at_rest.columns import PasswordField
from backend.core.localtime import today
from backend.core.models import DatedQuerySet, PublicId, Sourced, sort_column
from backend.organization.holidays import AdministrativeLeave as AdministrativeLeave
from backend.organization.holidays import HolidayCorrection as HolidayCorrection
from backend.organization.sign_on.models import DirectoryPerson as DirectoryPerson
from backend.organization.sign_on.models import DirectoryReading as DirectoryReading
from backend.organization.sign_on.models import DirectoryRule as DirectoryRule

ONE_HOLDER = "an_extension_has_one_holder"


class User(PublicId, AbstractUser):
    """A member of staff, or the account of a program. What they may see is in `permissions`, not here."""

    password = PasswordField(_("password"), max_length=128)
    password_stamp = models.GeneratedField(
        expression=Func(F("password"), template="encode(sha256((%(expressions)s)::bytea), 'hex')"),
        output_field=models.CharField(max_length=64),
        db_persist=True,
    )
    """Another one with every password; neither the password nor its salted hash can be derived from it."""

    title = models.CharField(_("title"), max_length=120, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    extension = models.CharField(
        _("telephone extension"), max_length=20, blank=True, default="", db_default=""
    )
    """Of the telephone at the desk: who calls it is shown to its owner (backend/telephone)."""
    language = models.CharField(
        _("language of the pages"), max_length=2, choices=settings.LANGUAGES, blank=True, editable=False
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("member of staff")  # type: ignore[assignment]
        verbose_name_plural = _("members of staff")  # type: ignore[assignment]
        constraints = [
            models.UniqueConstraint(
                fields=["extension"],
                condition=Q(is_active=True) & ~Q(extension=""),
                name=ONE_HOLDER,
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.__dict__.pop("password_stamp", None)  # read again when it is next asked for

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind sessions to the password as it stands, without reading its hash on every request."""
        salt = "backend.organization.models.User.session"
        return salted_hmac(salt, self.password_stamp, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_program(self) -> bool:
        """Account of a program: no sign-in, only tokens."""
        return not self.is_staff

    def has_perm(self, perm: str, obj: models.Model | AnonymousUser | None = None) -> bool:
        """Asked of one row, the answer is the table of rules' for everybody: a superuser is no exception there."""
        return super().has_perm(perm) if obj is None else _user_has_perm(self, perm, obj)


class DepartmentQuerySet(models.QuerySet["Department"]):
    def open(self, on: dt.date | None = None) -> DepartmentQuerySet:
        """The departments that exist on a day (default: today in local time)."""
        on = on or today()
        return self.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))

    def in_order(self) -> DepartmentQuerySet:
        return self.order_by("name_sort", "id")


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(row=pghistory.Old),
    exclude=["name_sort"],
    meta={"default_permissions": ()},
)
class Department(PublicId):
    """A müdürlük during the time it bears this name.

    Renaming and merging close the row (`valid_to`, the last day) and name the `successor`; its rights and its
    cases go there, and what was written under the old name keeps it (acceptance case 15).
    """

    class Kind(models.TextChoices):
        DEPARTMENT = "DEPARTMENT", _("Department")
        COMPANY = "COMPANY", _("Municipal company")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DEPARTMENT)
    is_private_office = models.BooleanField(_("private office"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    detsis = models.CharField(_("DETSİS number"), max_length=8, blank=True)
    """Number of the unit in the state's register of organisations; without it no letter of its own gets a sayı."""

    valid_from = models.DateField(_("exists from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    head = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="heads", verbose_name=_("head")
    )
    acting_head = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="acts_for", verbose_name=_("acting head")
    )
    acting_from = models.DateField(_("acting from"), null=True, blank=True)
    acting_until = models.DateField(_("acting until"), null=True, blank=True)
    deputy_mayor = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="oversees", verbose_name=_("deputy mayor")
    )
    name_sort = sort_column("name")

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        default_permissions = ("view", "change")
        permissions = [
            ("work_department", _("Works in the department")),
            ("head_department", _("Heads the department")),
            ("oversee_department", _("Oversees the department")),
            ("contacts_department", _("Sees who the citizen is and how to reach them")),
            ("memberships_department", _("Sees memberships of associations, unions and parties")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="department_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_to__isnull=False),
                name="only_a_closed_department_has_a_successor",
            ),
            models.CheckConstraint(
                condition=~Q(successor=F("id")), name="department_does_not_succeed_itself"
            ),
            models.CheckConstraint(
                condition=Q(detsis="") | Q(detsis__regex="^[0-9]{8}$"), name="detsis_has_eight_digits"
            ),
            models.UniqueConstraint(
                fields=["detsis"],
                condition=~Q(detsis="") & Q(valid_to__isnull=True),
                name="one_open_department_of_a_detsis",
            ),
            models.UniqueConstraint(
                "is_private_office",
                condition=Q(is_private_office=True, valid_to__isnull=True),
                name="one_private_office",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, on: dt.date | None = None) -> bool:
        on = on or today()
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def current(self, on: dt.date | None = None) -> Department | None:
        """The department that has this one's rights on a day: itself, or the end of its chain of successors."""
        department: Department | None = self
        for _step in range(20):
            if department is None or department.is_open(on):
                return department
            department = department.successor
        return None

    def head_on(self, on: dt.date | None = None) -> User | None:
        """Who leads it on a day: the acting head within their dates (vekâlet), otherwise the head."""
        on = on or today()
        acts = self.acting_head_id and (self.acting_from or on) <= on <= (self.acting_until or on)
        return self.acting_head if acts else self.head


class Section(models.Model):
    """A şeflik: a part of a department."""

    department = models.ForeignKey(
        Department, models.CASCADE, related_name="sections", verbose_name=_("department")
    )
    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    name_sort = sort_column("name")

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.name


class Neighbourhood(PublicId):
    """A mahalle. The point is its centre, in degrees (WGS 84)."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    name_sort = sort_column("name")

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")

    def __str__(self) -> str:
        return self.name


class OutsideBody(Sourced, PublicId):
    """An institution or company that answers for what is not the district municipality's (5216 m.7)."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80)
    is_public = models.BooleanField(
        _("public body"),
        help_text=_(
            "To a public body: forward and inform (3071 m.5, 4982 m.7/3). To a company: no transfer in law."
        ),
    )
    is_superior = models.BooleanField(_("superior office"), default=False)
    protocol_rank = models.PositiveSmallIntegerField(
        _("place in protocol"), default=100, help_text=_("The smaller, the earlier in a distribution.")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    serves_here = models.BooleanField(_("serves this district"), default=True)
    short_code = models.CharField(_("short code"), max_length=12, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    liaison = models.ForeignKey(
        Department,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("liaison department"),
    )
    name_sort = sort_column("name")

    class Meta:
        verbose_name = _("outside body")
        verbose_name_plural = _("outside bodies")

    def __str__(self) -> str:
        return self.short_name


class BodyMatter(models.Model):
    """A matter that is an outside body's, with the words that give it away."""

    body = models.ForeignKey(
        OutsideBody, models.CASCADE, related_name="matters", verbose_name=_("outside body")
    )
    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("matter"), max_length=160)
    keywords = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("keywords")
    )
    only_on_main_arteries = models.BooleanField(_("only on main arteries"), default=False)
    say_at_once = models.CharField(
        _("what to tell a caller at once"),
        max_length=300,
        blank=True,
        help_text=_("Only for an emergency: words for the telephone, before anything else."),
    )

    class Meta:
        verbose_name = _("matter of an outside body")
        verbose_name_plural = _("matters of outside bodies")

    def __str__(self) -> str:
        return self.name


class DangerSign(Sourced, PublicId):
    """Something that may hurt people, and the words that give it away: a case that says them is proposed as urgent."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("danger"), max_length=80)
    keywords = ArrayField(models.CharField(max_length=80), verbose_name=_("words"))
    exceptions = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("words that are no danger")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("sign of danger")
        verbose_name_plural = _("signs of danger")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class MainArtery(models.Model):
    """A road that is the metropolitan municipality's (5216 m.7)."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)

    class Meta:
        verbose_name = _("main artery")
        verbose_name_plural = _("main arteries")

    def __str__(self) -> str:
        return self.name


class Category(Sourced, PublicId):
    """What a complaint is about, and who may be responsible for it: a first guess that a person confirms."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("subject group"),
    )
    is_ambiguous = models.BooleanField(_("several departments may be responsible"), default=False)
    body = models.ForeignKey(
        OutsideBody,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="categories",
        verbose_name=_("outside body"),
    )
    keywords = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("keywords")
    )
    target_days = models.PositiveSmallIntegerField(_("target in days"), null=True, blank=True)
    others_may_join = models.BooleanField(
        _("others may say that it affects them too"), default=False, db_default=False
    )
    """Of streets, parks and lamps: that there is an open case of it says nothing of a person."""
    radius = models.PositiveSmallIntegerField(_("same place within metres"), default=60, db_default=60)
    is_active = models.BooleanField(_("in use"), default=True)
    candidates: models.ManyToManyField[Department, CategoryCandidate] = models.ManyToManyField(
        Department,
        through="CategoryCandidate",
        related_name="categories",
        verbose_name=_("candidate departments"),
    )
    name_sort = sort_column("name")

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class CategoryCandidate(models.Model):
    category = models.ForeignKey(Category, models.CASCADE, related_name="candidate_rows")
    department = models.ForeignKey(Department, models.CASCADE, related_name="+", verbose_name=_("department"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("candidate department")
        verbose_name_plural = _("candidate departments")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["category", "department"], name="a_candidate_once_a_category")
        ]

    def __str__(self) -> str:
        return str(self.department)


class FilePlanCode(Sourced, PublicId):
    """A code of the standard file plan (SDP) with its days; a letter needs one that was compared with its source."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("file plan code")
        verbose_name_plural = _("file plan codes")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}" + ("" if self.is_verified else " (DOĞRULANMADI)")


class SavedFilter(PublicId):
    """A tab and filters of one list, under a title of their owner's own.

    `parameters` holds names and values that the list itself offers and never what was searched for: a search may be a
    citizen's name or number (KVKK m.4).
    """

    user = models.ForeignKey(
        User, models.CASCADE, related_name="saved_filters", verbose_name=_("member of staff")
    )
    list_name = models.CharField(_("list"), max_length=80)
    title = models.CharField(_("title"), max_length=60)
    parameters = models.CharField(_("filters"), max_length=1000)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "list_name", "title"], name="saved_filter_once"),
        ]

    def __str__(self) -> str:
        return self.title
