"""Approved phrases for applications: which fit a case, and what the case fills in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.letters import templating
from backend.letters.choices import PhrasePart
from backend.letters.wording import Phrase

PLACES = ("hitap", "başvuru no", "başvuru tarihi", "tarih", "birim", "konu", "mahalle", "yer")
"""What a phrase may have filled in, as `{{başvuru no}}`. Of what a case does not say the mark stays: its writer sees
that something is missing, and `finished` refuses to send it."""
NEUTRAL = "Sayın Başvuru Sahibi"
"""How an applicant is addressed whose name the writer may not know, as in every mail."""
MOST = 50
"""So many phrases are offered for one place."""


@dataclass(frozen=True)
class Filled:
    """A phrase as it is put into the text of one case."""

    code: str
    text: str


def check(text: str) -> None:
    """INVALID for a mark that is none, and for a place that no case fills in."""
    templating.check(text, "text")
    if unknown := [name for name in templating.names(text) if name not in PLACES]:
        message = _("“%(name)s” is no place that an application fills in. There are: %(places)s.")
        words = {"name": unknown[0], "places": ", ".join(f"{{{{{name}}}}}" for name in PLACES)}
        raise DomainError(ErrorCode.INVALID, message % words, "text")


def fitting(complaint: Complaint, part: PhrasePart) -> QuerySet[Phrase]:
    """The phrases in use for a place in the texts of this case: those of its subject or department first."""
    category, unit = complaint.category, complaint.responsible_department_id
    about = [category.pk, category.parent_id] if category else []
    own = Q(category__in=[pk for pk in about if pk]) | Q(department__isnull=False, department=unit)
    closeness = Case(When(own, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Phrase.objects.valid().filter(
        Q(category__isnull=True) | Q(category__in=[pk for pk in about if pk]),
        Q(department__isnull=True) | Q(department=unit),
        part=part,
    )
    return rows.order_by(closeness, "position", "code")[:MOST]


def filled(phrase: Phrase, complaint: Complaint, applicant: Citizen | None) -> Filled:
    """The phrase with what the case says. `applicant`: only where the writer may know them."""
    greeting = (
        (applicant.salutation.rstrip(", ") or f"Sayın {applicant.titled_name}") if applicant else NEUTRAL
    )
    unit = complaint.responsible_department
    values = {
        "hitap": greeting,
        "başvuru no": complaint.reference,
        "başvuru tarihi": f"{complaint.registered_on:%d.%m.%Y}",
        "tarih": f"{today():%d.%m.%Y}",
        "birim": unit.name if unit else "",
        "konu": complaint.subject,
        "mahalle": complaint.neighbourhood.name if complaint.neighbourhood else "",
        "yer": complaint.place,
    }
    return Filled(phrase.code, templating.fill(phrase.text, values))


def of_any_matter(reference: str = "", subject: str = "") -> list[Filled]:
    """The phrases for messages that belong to no subject and no department, filled in for a matter that is no case."""
    rows = Phrase.objects.valid().filter(part=PhrasePart.MESSAGE, category=None, department=None)
    values = {
        "hitap": "Sayın İlgili",
        "başvuru no": reference,
        "tarih": f"{today():%d.%m.%Y}",
        "konu": subject,
    }
    found = rows.order_by("position", "code")[:MOST]
    return [Filled(row.code, templating.fill(row.text, values)) for row in found]
