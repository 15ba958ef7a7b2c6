"""What belongs together in the demo: requests and invitations of partners, who holds the opening, its letters."""

from __future__ import annotations

from backend.appointments import actions as appointments
from backend.appointments.choices import OPEN
from backend.appointments.models import AppointmentRequest
from backend.core.errors import DomainError
from backend.core.session import elevated, system
from backend.events import actions as events
from backend.events.choices import PartnerRole, Status
from backend.events.models import Event, EventPartner
from backend.instructions import actions as instructions
from backend.invitations import actions as invitations
from backend.invitations.models import Invitation
from backend.letters import actions as letters
from backend.letters.actions.writing import Recipient
from backend.letters.law.addressing import guess_kind
from backend.organization.models import Department, User
from backend.partners import actions as partners
from backend.partners.models import Organisation
from backend.programme.models import Principal
from permissions.core import scope

# (short or full name, what it is to the opening, note)
TAKE_PART = (
    ("İlçe Millî Eğitim", PartnerRole.CO_HOST, "Kitapların bir bölümünü sağlıyor."),
    ("Anadolu Bilim Vakfı", PartnerRole.SPONSOR, "Çalışma salonunun bilgisayarları vakıftan."),
    ("Genç Mühendisler Derneği", PartnerRole.GUEST, ""),
)
# (kind, subject, to whom, text)
LETTERS = (
    (
        "OFFICIAL",
        "Açılış Töreni Güvenlik Tedbirleri",
        "Sancaktepe İlçe Emniyet Müdürlüğü",
        "Yenidoğan Kütüphanesinin açılış töreni için gerekli güvenlik ve trafik tedbirlerinin alınmasını arz ederim.",
    ),
    (
        "OFFICIAL",
        "Açılış Törenine Davet",
        "Sancaktepe İlçe Millî Eğitim Müdürlüğü",
        "Birlikte düzenlediğimiz Yenidoğan Kütüphanesi açılış törenini onurlandırmanızı dilerim.",
    ),
)
SAID = "Kütüphanenin çevre düzenlemesi açılıştan bir gün önce bitmiş olsun."


def load_once() -> None:
    """Into a database that has the older demo, too; by actions."""
    with system():
        if EventPartner.objects.exists() or not Organisation.objects.exists():
            return
        keeper = User.objects.get(username="sekreter")
        _link_with_partners(keeper)
        opening = Event.objects.filter(template="opening", status=Status.ANNOUNCED).order_by("pk").first()
        if opening is not None:
            _hold_together(opening, keeper)
            _write_for(opening, keeper)


def _link_with_partners(keeper: User) -> None:
    """Link unambiguous names with their partner. The first of each stays unlinked: its page proposes the link."""
    for request in (
        AppointmentRequest.objects.filter(status__in=OPEN).exclude(organisation="").order_by("pk")[1:]
    ):
        if (found := _meant(request.organisation)) is not None and not request.requested_by_id:
            appointments.correct(request, by=keeper, partner=found)
    for invitation in Invitation.objects.order_by("pk")[1:]:
        if (found := _meant(invitation.host)) is not None:
            try:
                invitations.correct(invitation, by=keeper, partner=found)
            except DomainError:  # it is over
                continue


def _meant(text: str) -> Organisation | None:
    found = list(partners.alike(text)[:2])
    return found[0] if len(found) == 1 else None


def _hold_together(opening: Event, keeper: User) -> None:
    for name, role, note in TAKE_PART:
        if (row := _meant(name)) is not None:
            opening.refresh_from_db()
            events.add_partner(opening, by=keeper, organisation=row, role=role, note=note)


def _write_for(opening: Event, keeper: User) -> None:
    office = Department.objects.filter(is_private_office=True, valid_to=None).first()
    if office is not None:
        with scope.session(keeper), elevated():
            for kind, subject, to, body in LETTERS:
                letters.draft(
                    office,
                    by=keeper,
                    event=opening,
                    kind=kind,
                    subject=subject,
                    body=body,
                    addressees=[Recipient(kind=guess_kind(to), name=to)],
                )
    parks = Department.objects.open().filter(code="park-ve-bahceler").first()
    if parks is not None:
        mayor = Principal.objects.get(office="MAYOR")
        with scope.session(keeper), elevated():
            instructions.give(mayor, by=keeper, department=parks, text=SAID, event=opening, setting="EVENT")
