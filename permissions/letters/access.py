"""Creating letters: departments a user writes or registers for, and visible references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.letters.actions.writing import Recipient
from backend.letters.choices import AddresseeKind, Register, Status
from backend.letters.choices import Office as LetterOffice
from backend.letters.models import Addressee, Letter, Substitution
from backend.organization.models import Department
from backend.programme.models import Principal
from backend.protocol.holders import incumbents
from backend.protocol.models import Holding, Office
from permissions.core import scope
from permissions.core.scope import Action
from permissions.core.viewer import Viewer


def own_departments(viewer: Viewer | None = None) -> Any:
    """The departments in whose name the viewer writes letters: where they work, the private office first."""
    viewer = viewer or scope.current_viewer()
    return Department.objects.open().filter(pk__in=viewer.staffs).order_by("-is_private_office", "name_sort")


@contextmanager
def drafting(
    department: UUID | str | None = None, prefer: int | None = None
) -> Iterator[tuple[Viewer, Department]]:
    """Run a block that begins or registers a letter of a department in which the viewer works (default: `prefer`, else
    the first)."""
    with scope.elevated_for(Letter, Action.BEGIN) as viewer:
        mine = own_departments(viewer)
        first = mine.filter(pk=prefer).first() or mine.first()
        result = mine.filter(key=department).first() if department else first
        if result is None:
            message = _("You do not work in this department.")
            raise DomainError(ErrorCode.FORBIDDEN, message, "department")
        yield viewer, result


def written_to(citizens: Iterable[Citizen | int]) -> QuerySet[Letter]:
    """The visible letters to these citizens, except abandoned ones. Viewers of a letter see its addressees; the
    caller checks whose citizens these are."""
    theirs = Addressee.objects.filter(letter=OuterRef("pk"), citizen__in=list(citizens))
    return scope.visible(Letter).filter(Exists(theirs)).exclude(status=Status.CANCELLED)


def holder(office: Office, field: str = "addressees") -> Recipient:
    """Incumbent of an office of the protocol today, as an addressee: the acting one, otherwise its one holder.
    INVALID if it is vacant, has several holders, or the viewer may not know its holder."""
    seen: Any = scope.visible(Holding.objects.select_related("person"))
    speaks = incumbents([office], rows=seen)[office.pk].speaks
    if speaks is None:
        message = _("Who holds this office today is not recorded, or several do: write to them by name.")
        raise DomainError(ErrorCode.INVALID, message, field)
    return Recipient(citizen=speaks.person, title=office.title)


def log_access(rows: Iterable[Letter], purpose: str) -> None:
    """Write the addressees shown to the read log."""
    shown = [row.pk for row in rows if row.register == Register.OUTGOING]
    if shown:
        theirs = Addressee.objects.filter(letter__in=shown, citizen__isnull=False)
        scope.log_access(theirs.values_list("citizen", flat=True), purpose)


def answering(letter: Letter) -> Department | None:
    """The viewer's department that has the letter: in its name they answer it."""
    mine = own_departments()
    reached = [pk for pk in letter.departments if pk != letter.department_id]
    if letter.register == Register.INCOMING:
        reached = letter.departments
    return mine.filter(pk__in=reached).first() or mine.first()


@contextmanager
def substituting() -> Iterator[Viewer]:
    """Run a block that records who stands in for whom."""
    with scope.elevated_for(Substitution, Action.REGISTER) as viewer:
        yield viewer


def olur(department: Department | None) -> dict[str, Any]:
    """The facts of an olur of this department: its head proposes, the mayor gives it (m.20)."""
    mayor = Principal.objects.mayor()
    proposer = department.head_on() if department else None
    title = ""
    if department and proposer:
        of_head = department.name.replace("Müdürlüğü", "Müdürü")
        title = proposer.title or of_head if proposer == department.head else f"{of_head} V."
    return {
        "addressees": [Recipient(kind=AddresseeKind.MAYORALTY)],
        "signatory": proposer,
        "signatory_title": title,
        "office": LetterOffice.HEAD,
        "approver": mayor.person if mayor else None,
        "approver_title": mayor.name if mayor else "",
    }
