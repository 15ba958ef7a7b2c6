"""The municipality, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models import F, TextField, Value
from django.db.models.functions import Coalesce, NullIf, Trim

from backend.core.calendar import DayKind
from backend.core.models import joined
from backend.organization import models
from backend.partners.models import Organisation
from schema.core.fields import column, owned
from schema.core.nodes import Edge, Everybody, Node, node_type
from schema.core.scalars import described_enum

DepartmentKind = described_enum(models.Department.Kind, "DepartmentKind", "What kind of unit it is.")


@node_type(models.User, "StaffMember")
class StaffMember(Node, Everybody):
    """A member of staff (personel), or the account of a program."""

    first_name: str = column("Given name.")
    last_name: str = column("Surname.")
    title: str = column("Title (unvan).")
    is_active: bool = column("Whether the account may sign in.")

    @strawberry_django.field(
        description="Name and surname.",
        only=["first_name", "last_name", "username"],
        metadata={
            "sql": Coalesce(
                NullIf(Trim(joined("first_name", "last_name")), Value("")),
                F("username"),
                output_field=TextField(),
            )
        },
    )
    def full_name(self) -> str:
        return str(self)


@strawberry_django.type(models.Section, name="Section", description="A part of a department (şeflik).")
class Section(Everybody):
    code: str = column("Short code, unique.")
    name: str = column("Name.")


@node_type(models.Department, "Department")
class Department(Node, Everybody):
    """A department (müdürlük) during the time it bears this name."""

    code: str = column("Short code, unique.")
    name: str = column("Full name.")
    short_name: str = column("Short name.")
    kind: DepartmentKind = column("What kind of unit it is.")
    is_private_office: bool = column("Whether it is the mayor's private office (özel kalem).")
    detsis: str = column("Its DETSİS number, eight digits; empty while it is not on record.")
    valid_from: dt.date = column("The first day of its existence.")
    valid_to: dt.date | None = column("The last day of its existence, if it has ended.")
    successor: Department | None = column("The department that has its rights and cases since.")
    head: StaffMember | None = column("The head (müdür).")
    acting_head: StaffMember | None = column("Who acts for the head (vekil).")
    acting_from: dt.date | None = column("The first day of acting.")
    acting_until: dt.date | None = column("The last day of acting.")
    deputy_mayor: StaffMember | None = column("The deputy mayor who oversees it.")
    sections: list[Section] = owned("Its parts (şeflik).", ["name_sort", "id"])


@node_type(models.Neighbourhood, "Neighbourhood")
class Neighbourhood(Node, Everybody):
    """A neighbourhood (mahalle)."""

    code: str = column("Short code, unique.")
    name: str = column("Name.")
    latitude: float | None = column("Latitude of its centre, in degrees (WGS 84).")
    longitude: float | None = column("Longitude of its centre, in degrees (WGS 84).")


@node_type(models.OutsideBody, "OutsideBody")
class OutsideBody(Node, Everybody):
    """An institution or company outside the municipality (dış kurum)."""

    code: str = column("Short code, unique.")
    name: str = column("Full name.")
    short_name: str = column("Short name.")
    is_public: bool = column(
        "A public body: forward and inform (3071 m.5, 4982 m.7/3). To a company there is no transfer in law."
    )
    serves_here: bool = column("Whether it serves this district.")
    short_code: str = column("Its short telephone code, such as 185.")
    source: str = column("Where it comes from.")
    checked_on: dt.date | None = column("When it was compared with its source; null: not verified.")
    liaison: Department | None = column("The department that speaks with it.")
    organisation: Edge[Organisation] | None = column(
        "The organisation that it is, if the office works with it and the viewer sees that."
    )


@strawberry_django.type(
    models.CategoryCandidate, name="CategoryCandidate", description="A department that may be responsible."
)
class CategoryCandidate(Everybody):
    department: Department = column("The department.")
    position: int = column("Its place in the order of likelihood.")


@node_type(models.Category, "Category")
class Category(Node, Everybody):
    """What a complaint is about (konu), and who may be responsible for it."""

    code: str = column("Short code, unique.")
    name: str = column("Name.")
    parent: Category | None = column("The subject group.")
    is_ambiguous: bool = column("Several departments may be responsible: a person must choose.")
    others_may_join: bool = column("Whether others may say of a case that it affects them too.")
    radius: int = column("Within so many metres two cases of it are at the same place.")
    is_active: bool = column("Whether it may be chosen for new cases.")
    target_days: int | None = column("Target in working days for a service request.")
    source: str = column("Where it comes from.")
    checked_on: dt.date | None = column("When it was compared with its source; null: not verified.")
    body: OutsideBody | None = column("The outside body whose matter it is.")
    candidates: list[CategoryCandidate] = owned(
        "The departments that may be responsible, the likeliest first.", ["position", "id"], "candidate_rows"
    )


@strawberry_django.type(
    models.AdministrativeLeave,
    name="AdministrativeLeave",
    description="A day of administrative leave (idari izin).",
)
class AdministrativeLeave(Everybody):
    day: dt.date = column("The day.")
    half_day: bool = column("Only from 13:00.")
    reason: str = column("The reason or the source of the announcement.")


HolidayKind = described_enum(DayKind, "HolidayKind", "What a correction of a public holiday makes of a day.")


@node_type(models.HolidayCorrection, "HolidayCorrection")
class HolidayCorrection(Node, Everybody):
    """A line of the table of public holidays (resmî tatil, 2429) over what is calculated; of a day the newest holds."""

    version: int = column(
        "The number of the table from this line on; dates keep by which they were computed."
    )
    day: dt.date = column("The day, or the first one of a holiday that comes every year.")
    kind: HolidayKind = column("What it is.")
    name: str = column("The name of the holiday.")
    source: str = column("Number and date of the Resmî Gazete, or the decision.")
    yearly: bool = column("Every year from then on.")
    valid_to: dt.date | None = column("The last day of what comes every year.")
    recorded_at: dt.datetime = column("When it was entered.")
