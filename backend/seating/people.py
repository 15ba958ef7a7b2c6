"""Who is to be seated: the guests of an event as the rule looks at them, and what is written on their seats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from backend.core.localtime import local_date
from backend.core.words.text import official_name, tr_fold, tr_title
from backend.events.choices import ATTENDING, Answer
from backend.events.models import Event, Guest
from backend.letters.law.grammar import genitive_of_person
from backend.programme.choices import Office
from backend.protocol.holders import MAYOR
from backend.protocol.law import Attendee
from backend.protocol.models import Holding
from backend.seating.models import SeatingPlan


class Who(NamedTuple):
    """Person to be seated: a guest (companion 0), a companion, or, without a guest, the host."""

    guest: int | None
    companion: int = 0


HOST = Who(None)


@dataclass(frozen=True)
class Words:
    """What stands on a seat, a label and a card."""

    title: str
    name: str
    note: str = ""


def guests_of(plan: SeatingPlan) -> list[Guest]:
    """Those on the list who come, and where the plan says so those who did not answer yet; in order of rank. A host
    on the list need not answer their own invitation."""
    asked = Q() if plan.includes_unanswered else Q(pk=plan.host_guest_id if plan.hosts else None)
    rows = Guest.objects.filter(event=plan.event_id).listed().living()
    rows = rows.filter(Q(answer__in=ATTENDING) | (Q(answer=Answer.WAITING) & asked))
    return list(rows.select_related("person").order_by("rank", "pk"))


def principal_on_list(event: Event) -> Guest | None:
    """The guest who is the principal, so that no person sits twice: of the mayor's events who holds the mayor's office
    that day or acts in it, otherwise the guest of the same name."""
    guests = Guest.objects.filter(event=event).listed().select_related("person")
    if event.principal.office == Office.MAYOR:
        held = Holding.objects.on(local_date(event.starts_at)).filter(office__code=MAYOR)
        people = [row.person_id for row in held.order_by("capacity", "pk")]  # ACTING before SUBSTANTIVE
        found = {guest.person_id: guest for guest in guests.filter(person__in=people)}
        if found:
            return next(found[person] for person in people if person in found)
    staff = event.principal.person
    names = {event.principal.name, staff.get_full_name() if staff else ""} - {""}
    return guests.filter(person__name_fold__in=map(tr_fold, names)).order_by("pk").first()


def companions(guest: Guest) -> int:
    """Number of companions of a guest: the named ones, or before their answer the invited spouse."""
    if guest.answer == Answer.COMING:
        return guest.companions
    return int(guest.with_spouse) if guest.answer == Answer.WAITING else 0


def attendees(plan: SeatingPlan, guests: Iterable[Guest]) -> list[Attendee]:
    """People to be seated. Companions sit next to their guest, as spouses do."""
    result = [] if plan.host_guest_id or not plan.hosts else [Attendee(HOST, is_host=True)]
    for turn, guest in enumerate(guests):
        who = Who(guest.pk)
        result.append(
            Attendee(
                who,
                place=guest.rank,
                represents=guest.answer == Answer.REPRESENTED,
                is_host=plan.hosts and guest.pk == plan.host_guest_id,
                turn=turn,
            )
        )
        result += [
            Attendee(Who(guest.pk, number), spouse_of=who, turn=turn)
            for number in range(1, companions(guest) + 1)
        ]
    return result


_LAST_WORDS = (
    "Amiri Avukatı Başhekimi Başkanı Başsavcısı Danışmanı Dekanı Görevlisi Hâkimi Kaymakamı Komutanı"
    " Koordinatörü Memuru Müdürü Müftüsü Öğretmeni Rektörü Savcısı Sekreteri Sorumlusu Şefi Temsilcisi Uzmanı"
    " Üyesi Vekili Yardımcısı Yöneticisi"
)
OFFICES = frozenset(map(tr_fold, re.split(r"\s", _LAST_WORDS)))
"""Last words of offices, which stand where a surname would."""
ALSO_SURNAMES = frozenset(map(tr_fold, ("Başkan", "Kaymakam", "Müdür", "Vali")))
"""These are surnames too: behind a first name they are one, behind these words an office."""
BEFORE_AN_OFFICE = frozenset(
    map(tr_fold, re.split(r"\s", "Sayın Sn Sn. Belediye Eski Genel İl İlçe Bölge Okul Şube Vekil"))
)


def _is_office(first: str, last: str) -> bool:
    if tr_fold(last) in ALSO_SURNAMES:
        return tr_fold(first).split()[-1] in BEFORE_AN_OFFICE
    return tr_fold(last) in OFFICES


def as_written(name: str) -> str:
    """A name in one piece as official text writes it, its last word as the surname: “Ilgaz ŞEN”. Who wrote an office
    instead (“Müdür Yardımcısı”) keeps it as it is."""
    name = " ".join(name.split())
    first, _blank, last = name.rpartition(" ")
    return official_name(first, last) if first and not _is_office(first, last) else name


def words(plan: SeatingPlan, guest: Guest | None, companion: int = 0) -> Words:
    """The name as official text writes it (`Zülfü EKŞİ`), with the office. A representative and a companion have their
    own name; a companion whose name is not known is identified by the guest's."""
    if guest is None:
        host = plan.event.principal
        return Words(host.name, host.holder) if host.holder else Words("", host.name)
    name = guest.printed_name or guest.person.full_name
    if companion:
        named = [part.strip() for part in guest.companion_names.split(",") if part.strip()]
        kin, whose = (
            "eşi" if companion == 1 and guest.with_spouse else "refakatçisi",
            genitive_of_person(name),
        )
        if companion <= len(named):
            return Words(f"{whose} {kin}", as_written(named[companion - 1]))
        return Words("", f"Sayın {whose} {tr_title(kin)}")
    if guest.answer == Answer.REPRESENTED:
        return Words(guest.title, as_written(guest.representative), "temsilen")
    return Words(guest.title, name)
