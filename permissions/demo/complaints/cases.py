"""What an invented case is: its facts (who, what, how, under which law) before anything happens to it."""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random
from typing import Any

from backend.complaints.actions.registering import CROCKFORD, default_regime
from backend.complaints.choices import Channel, DeliveryMethod, Kind, Priority, Status
from backend.complaints.law import clock
from backend.complaints.law.deadlines import Matter, Regime
from backend.core.localtime import local_date
from backend.organization.models import Neighbourhood
from permissions.demo import names
from permissions.demo.complaints import sayings
from permissions.demo.complaints.rows import Row
from permissions.demo.world import Subject, World

SOURCE = "demo"

_CHANNELS = {
    Channel.PHONE: 48, Channel.WHATSAPP: 11, Channel.COUNTER: 7, Channel.WEB: 7, Channel.CIMER: 8,
    Channel.PETITION: 5, Channel.E_MUNICIPALITY: 4, Channel.MUHTAR: 3, Channel.SOCIAL_MEDIA: 3,
    Channel.FIELD_TEAM: 2, Channel.PUBLIC_DAY: 1, Channel.EMAIL: 1, Channel.KEP: 1,
}  # fmt: skip
_KINDS = {Kind.COMPLAINT: 55, Kind.REQUEST: 34, Kind.SUGGESTION: 3, Kind.THANKS: 3, Kind.TIP_OFF: 5}
_WRITTEN = (Channel.PETITION, Channel.KEP, Channel.WEB, Channel.EMAIL, Channel.CIMER)
_TOLD_ABOUT = (
    "kacak-yapi",
    "ruhsatsiz-isyeri",
    "moloz",
    "gida-ve-hijyen",
    "fiyat-ve-etiket",
    "seyyar-satici",
)


class Maker:
    """Invents citizens and cases from one random source: the same seed gives the same ones."""

    def __init__(self, random: Random, world: World) -> None:
        self.random, self.world = random, world
        self._tip_offs = [subject for subject in world.subjects if subject.code in _TOLD_ABOUT]

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def citizen(self, number: int, at: dt.datetime) -> Row:
        first, last = names.full_name(self.random)
        place = self.random.choice(self.world.places)
        has_address = self.random.random() < 0.7
        return {
            "id": number,
            "key": self.key(),
            "first_name": first,
            "last_name": last,
            "phone": names.phone(self.random) if self.random.random() < 0.95 else "",
            "email": names.email(first, last, self.random) if self.random.random() < 0.3 else "",
            "neighbourhood": place.pk,
            "address": f"{names.street(self.random)} No: {self._door()} D: {self.random.randint(1, 24)}"
            if has_address
            else "",
            "national_id_index": "",
            "national_id_tail": "",
            "note": "",
            "created_at": at,
            "created_by": self.random.choice(self.world.staff.call_centre),
        }

    def _door(self) -> int:
        return self.random.randint(1, 140)

    def complaint(self, number: int, at: dt.datetime, applicant: Row | None) -> tuple[Row, Subject]:
        """The row as `register` would have written it, and what it is about."""
        channel = _pick(self.random, _CHANNELS)
        kind = _pick(self.random, _KINDS)
        subject = (
            self.random.choice(self._tip_offs) if kind == Kind.TIP_OFF else self.world.subject(self.random)
        )
        texts = self._texts(kind, subject)
        if channel in _WRITTEN and self.random.random() < 0.06:
            kind, subject, texts = self._information(subject)
        regime = default_regime(kind, channel)
        if channel == Channel.WEB and regime is Regime.PETITION_3071 and self.random.random() < 0.6:
            regime = Regime.SERVICE_REQUEST
        if channel in _WRITTEN and self.random.random() < 0.01:
            regime, texts = Regime.KVKK_REQUEST, sayings.DATA_REQUEST
        row = self.facts(number, at, kind, channel, regime, subject)
        row["applicant"] = applicant["id"] if applicant else None
        self._place(row, *texts)
        return row, subject

    def _texts(self, kind: str, subject: Subject) -> tuple[str, str]:
        special = {Kind.THANKS: sayings.THANKS, Kind.SUGGESTION: sayings.SUGGESTIONS}.get(Kind(kind))
        if special:
            return self.random.choice(special)
        opening, closing = self.random.choice(sayings.OPENINGS), self.random.choice(sayings.CLOSINGS)
        body = f"{opening}{self.random.choice(subject.bodies)}{closing}"
        return self.random.choice(subject.subjects), body

    def _information(self, subject: Subject) -> tuple[str, Subject, tuple[str, str]]:
        title, body, code = self.random.choice(sayings.INFORMATION)
        department = self.world.departments[code]
        asked = Subject(
            "", subject.category, 0, [], [], ["İstenen bilgi ve belge ekte sunulmuştur."], [department], None
        )
        return Kind.INFORMATION_REQUEST, asked, (title, body)

    def facts(
        self, number: int, at: dt.datetime, kind: str, channel: str, regime: Regime, subject: Subject
    ) -> Row:
        """The row of a new case but for its text, place, person and numbers."""
        random, day = self.random, local_date(at)
        asks = kind == Kind.INFORMATION_REQUEST and regime is Regime.CIMER
        matter = clock.matter_of(regime, Matter.INFORMATION if asks else None)
        urgency = random.random()
        priority = Priority.URGENT if urgency < 0.02 else Priority.HIGH if urgency < 0.1 else Priority.NORMAL
        days = clock.target_days(subject.category, priority)
        dates = self.world.dates(regime, matter, day, days)
        shown = dates.raw if regime is Regime.CIMER else None  # what CİMER itself would show
        if shown:
            dates = self.world.dates(regime, matter, day, days, shown)
        hidden = (kind == Kind.TIP_OFF and random.random() < 0.7) or (
            regime is Regime.CIMER and random.random() < 0.08
        )
        return {
            "id": number,
            "key": self.key(),
            "tracking_code": self._tracking_code(),
            "kind": str(kind),
            "channel": str(channel),
            "regime": str(regime),
            "matter": str(matter),
            "priority": str(priority),
            "category": subject.category.pk if subject.code and regime is not Regime.KVKK_REQUEST else None,
            "tags": ["okul yolu"] if random.random() < 0.01 else [],
            "identity_hidden": hidden,
            "signature_given": regime is Regime.PETITION_3071 and random.random() < 0.93,
            "source": SOURCE,
            "cimer_due_on": shown,
            "registered_at": at,
            "registered_on": day,
            "registered_by": random.choice(self.world.staff.call_centre),
            "status": str(Status.NEW),
            "waiting_for": "",
            "responsible_department": None,
            "return_count": 0,
            "reopened": 0,
            "version": 1,
            "raw_due_on": dates.raw,
            "legal_due_on": dates.legal,
            "target_on": dates.target,
            "deadline_inputs": dates.inputs,
            "result_owed": False,
            "escalation": 0,
            "replied_at": None,
            "closed_at": None,
            "outcome": "",
            "not_examinable_reason": "",
            "duplicate_of": None,
        }

    def repeat(self, row: Row, other: Row, subject: Subject) -> None:
        """Make `row` the same trouble at the same place as `other`, in other words."""
        same = ("category", "subject", "neighbourhood", "place", "latitude", "longitude")
        row |= {name: other[name] for name in same}
        row |= {"kind": str(Kind.COMPLAINT), "identity_hidden": False}
        row["body"] = f"{row['place']} için arıyorum, aynı sorun sürüyor. Komşular da bildirmiş olabilir."
        days = clock.target_days(subject.category, row["priority"])
        matter = clock.matter_of(Regime(row["regime"]), None)
        dates = self.world.dates(
            Regime(row["regime"]), matter, row["registered_on"], days, row["cimer_due_on"]
        )
        row |= {
            "matter": str(matter),
            "raw_due_on": dates.raw,
            "legal_due_on": dates.legal,
            "target_on": dates.target,
            "deadline_inputs": dates.inputs,
        }

    def _tracking_code(self) -> str:
        letters = "".join(self.random.choices(CROCKFORD, k=12))
        return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"

    def _place(self, row: Row, subject: str, body: str) -> None:
        random = self.random
        street, door = names.street(random), self._door()
        place = random.choice(self.world.places)
        filled = {
            "sokak": street,
            "no": door,
            "yer": random.choice(names.SPOTS),
            "gun": random.choice((2, 3, 4, 5, 7, 10, 15, 20)),
        }
        latitude, longitude = self._point(place) if random.random() < 0.4 else (None, None)
        row |= {
            "subject": subject.format(**filled)[:200],
            "body": _capitals(body.format(**filled)),
            "neighbourhood": place.pk,
            "place": f"{street} No: {door}",
            "latitude": latitude,
            "longitude": longitude,
        }

    def _point(self, place: Neighbourhood) -> tuple[float | None, float | None]:
        """Somewhere within four hundred metres of the middle of the mahalle."""
        if place.latitude is None or place.longitude is None:
            return None, None
        wander = self.random.uniform
        return round(place.latitude + wander(-0.004, 0.004), 6), round(
            place.longitude + wander(-0.004, 0.004), 6
        )

    def means(self, row: Row, applicant: Row | None) -> tuple[str, str]:
        """(delivery method for this citizen, stored proof)."""
        if row["channel"] == Channel.CIMER:
            return str(DeliveryMethod.CIMER), "CİMER ekranına işlendi"
        if row["channel"] == Channel.PETITION:
            return str(
                DeliveryMethod.POST
            ), f"İadeli taahhütlü gönderi, barkod {self.random.randrange(10**9):09d}"
        if row["channel"] == Channel.KEP:
            return str(DeliveryMethod.KEP), "KEP iletisi, delil no kayıtlı"
        if applicant and applicant["email"]:
            return str(DeliveryMethod.EMAIL), ""
        return str(
            DeliveryMethod.PHONE
        ), "Telefonla arandı, bilgi verildi" if applicant else "Kimlik bilinmiyor, ilan panosu"


def _pick(random: Random, weights: dict[Any, int]) -> Any:
    return random.choices(list(weights), list(weights.values()))[0]


def _capitals(text: str) -> str:
    """A sentence begins with a capital letter: a filled-in spot may stand in the middle of one."""
    for spot in names.SPOTS:
        if (position := text.find(spot)) > 0 and text[position - 2] not in ".!?":
            return text[:position] + spot[0].lower() + text[position + 1 :]
    return text
