"""What an invented case is: who brings it, what it is about, how it comes, before anything happens to it."""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random
from typing import Any, NamedTuple

from backend.complaints.actions.registering import CROCKFORD, WRITTEN, default_regime
from backend.complaints.choices import Channel, DeliveryMethod, Kind, Priority
from backend.complaints.law import clock
from backend.complaints.law.deadlines import Matter, Regime
from backend.organization.models import Neighbourhood
from backend.places.choices import PointSource
from permissions.demo import names
from permissions.demo.complaints import sayings
from permissions.demo.places.district import DOORS_A_STREET
from permissions.demo.world import Subject, World

SOURCE = "demo"
Facts = dict[str, Any]

_CHANNELS = {
    Channel.PHONE: 48, Channel.WHATSAPP: 11, Channel.COUNTER: 7, Channel.WEB: 7, Channel.CIMER: 8,
    Channel.PETITION: 5, Channel.E_MUNICIPALITY: 3, Channel.E_DEVLET: 1, Channel.MUHTAR: 3, Channel.SOCIAL_MEDIA: 3,
    Channel.FIELD_TEAM: 2, Channel.PUBLIC_DAY: 1, Channel.EMAIL: 1, Channel.KEP: 1,
}  # fmt: skip
_KINDS = {Kind.COMPLAINT: 55, Kind.REQUEST: 34, Kind.SUGGESTION: 3, Kind.THANKS: 3, Kind.TIP_OFF: 5}
_WRITTEN = (*WRITTEN, Channel.CIMER)
_REPORTED = (Channel.WEB, Channel.E_MUNICIPALITY, Channel.E_DEVLET)
"""What comes so is often a report of a broken lamp, and the office corrects what the law takes it for."""
_TOLD_ABOUT = (
    "kacak-yapi",
    "ruhsatsiz-isyeri",
    "moloz",
    "gida-ve-hijyen",
    "fiyat-ve-etiket",
    "seyyar-satici",
)


class Applicant(NamedTuple):
    """What of a citizen decides how a case runs."""

    has_email: bool
    has_address: bool


class Maker:
    """Invents citizens and cases from one random source: the same seed gives the same ones."""

    def __init__(self, random: Random, world: World) -> None:
        self.random, self.world = random, world
        self._decks: dict[str, list[Any]] = {}

    def deal(self, what: str, weights: dict[Any, int]) -> Any:
        """One of these, as cards are dealt: each comes as often as its weight says, a few draws on end too."""
        deck = self._decks.setdefault(what, [])
        if not deck:
            places = [
                ((number + self.random.random()) / weight, card)
                for card, weight in weights.items()
                for number in range(weight)
            ]
            deck += [card for _place, card in sorted(places, key=lambda one: one[0])]
        return deck.pop()

    def happens(self, what: str, share: float) -> bool:
        """Whether something happens that does in this share of cases, to two places."""
        hundredths = round(share * 100)
        return bool(self.deal(what, {True: hundredths, False: 100 - hundredths}))

    def key(self) -> uuid.UUID:
        """A public key, from the seed as all else."""
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def citizen(self, applicant: Applicant) -> Facts:
        """A person, as an action of contacts takes them."""
        first, last = names.full_name(self.random)
        has_phone = self.random.random() < 0.95 or not applicant.has_email
        place = f"{names.street(self.random)} No: {self._door()} D: {self.random.randint(1, 24)}"
        return {
            "first_name": first,
            "last_name": last,
            "phone": names.phone(self.random) if has_phone else "",
            "email": names.email(first, last, self.random) if applicant.has_email else "",
            "neighbourhood": self.random.choice(self.world.places),
            "address": place if applicant.has_address else "",
        }

    def _door(self) -> int:
        return self.random.randint(1, DOORS_A_STREET)

    def case(self, day: dt.date) -> tuple[Facts, Subject, Applicant | None]:
        """What `register` takes of a case of this day but for its person; what it is about, and who brings it."""
        random = self.random
        channel, kind = self.deal("channel", _CHANNELS), self.deal("kind", _KINDS)
        subject = self.world.subject(random)
        if kind in (Kind.TIP_OFF, Kind.SUGGESTION):
            subject = random.choice(self.about(kind, self.world.subjects))
        if channel in _WRITTEN and self.happens("information", 0.06):
            kind, subject = Kind.INFORMATION_REQUEST, self._information(subject)
        regime = default_regime(kind, channel)
        if channel in _REPORTED and regime is Regime.PETITION_3071 and random.random() < 0.6:
            regime = Regime.SERVICE_REQUEST
        if channel in _WRITTEN and random.random() < 0.01:
            regime = Regime.KVKK_REQUEST
        urgency = {Priority.URGENT: 2, Priority.HIGH: 8, Priority.NORMAL: 90}
        facts = {
            "kind": kind,
            "channel": channel,
            "regime": regime,
            "priority": self.deal("urgency", urgency),
            "category": subject.category if subject.code and regime is not Regime.KVKK_REQUEST else None,
            "tags": ["okul yolu"] if random.random() < 0.01 else [],
            "identity_hidden": (kind == Kind.TIP_OFF and random.random() < 0.7)
            or (regime is Regime.CIMER and random.random() < 0.08),
            "signature_given": regime is Regime.PETITION_3071 and self.happens("signature", 0.93),
        }
        if channel is Channel.CIMER:
            facts["source_number"] = self.cimer_number(day)
        if regime is Regime.CIMER:
            facts["cimer_due_on"] = self._shown_by_cimer(kind, day)
        return facts | self.texts(kind, regime, subject), subject, self._applicant(regime)

    def about(self, kind: str, subjects: list[Subject]) -> list[Subject]:
        """Those of the subjects that a case of this kind may be about."""
        codes = {Kind.TIP_OFF: _TOLD_ABOUT, Kind.SUGGESTION: sayings.SUGGESTIONS}.get(Kind(kind))
        return [one for one in subjects if codes is None or one.code in codes]

    def _applicant(self, regime: Regime) -> Applicant | None:
        if self.happens("anonymous", 0.04):
            return None
        has_address = self.happens("address", 0.7) or regime is Regime.PETITION_3071
        return Applicant(self.happens("email", 0.3), has_address)

    def cimer_number(self, day: dt.date) -> str:
        """A number as CİMER might give it: the year, and an unguessable part."""
        return f"{day:%y}{self.random.randrange(10**8):08d}"

    def _shown_by_cimer(self, kind: Kind, day: dt.date) -> dt.date | None:
        """The date that CİMER itself would show."""
        asks = Matter.INFORMATION if kind == Kind.INFORMATION_REQUEST else None
        return self.world.dates(Regime.CIMER, clock.matter_of(Regime.CIMER, asks), day, 0).raw

    def texts(self, kind: str, regime: str, subject: Subject) -> Facts:
        """What the citizen says, and where."""
        if regime == Regime.KVKK_REQUEST:
            return self._placed(*sayings.DATA_REQUEST)
        if kind == Kind.INFORMATION_REQUEST:
            return self._placed(subject.subjects[0], subject.bodies[0])
        if kind == Kind.SUGGESTION:
            return self._placed(*sayings.SUGGESTIONS[subject.code])
        if kind == Kind.THANKS:
            return self._placed(*self.random.choice(sayings.THANKS))
        opening, closing = self.random.choice(sayings.OPENINGS), self.random.choice(sayings.CLOSINGS)
        body = f"{opening}{self.random.choice(subject.bodies)}{closing}"
        return self._placed(self.random.choice(subject.subjects), body)

    def _information(self, subject: Subject) -> Subject:
        title, body, code = self.random.choice(sayings.INFORMATION)
        done = ["İstenen bilgi ve belge ekte sunulmuştur."]
        return Subject("", subject.category, 0, [title], [body], done, [self.world.departments[code]], None)

    def tracking_code(self) -> str:
        """As `register` makes one, but from the seed."""
        letters = "".join(self.random.choices(CROCKFORD, k=12))
        return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"

    def _placed(self, subject: str, body: str) -> Facts:
        random = self.random
        street, door, place = names.street(random), self._door(), random.choice(self.world.places)
        filled = {
            "sokak": street,
            "no": door,
            "yer": random.choice(names.SPOTS),
            "gun": random.choice((2, 3, 4, 5, 7, 10, 15, 20)),
        }
        latitude, longitude = self._pinned(place, street, door) if random.random() < 0.4 else (None, None)
        return {
            "subject": subject.format(**filled)[:200],
            "body": _capitals(body.format(**filled)),
            "neighbourhood": place,
            "place": f"{street} No: {door}",
            "latitude": latitude,
            "longitude": longitude,
        }

    def door_of(self, facts: Facts) -> Facts:
        """The point of a case as the register of the invented district has its address, as `register` finds it."""
        street, _sign, door = facts["place"].partition(" No: ")
        point = self.world.doors.get((facts["neighbourhood"].pk, street, door))
        if point is None:
            return {"point_source": ""}
        return {"latitude": point[0], "longitude": point[1], "point_source": PointSource.DOOR}

    def _pinned(self, place: Neighbourhood, street: str, door: int) -> tuple[float | None, float | None]:
        """A point that a citizen set on the map: within some metres of the door."""
        point = self.world.doors.get((place.pk, street, str(door)))
        if point is None:
            return None, None
        wander = self.random.uniform
        return round(point[0] + wander(-0.0001, 0.0001), 6), round(point[1] + wander(-0.0001, 0.0001), 6)

    def means(self, channel: str, applicant: Applicant | None) -> Facts:
        """How this citizen is notified, and what proves it."""
        post = f"İadeli taahhütlü gönderi, barkod {sayings.BARCODE}"
        way, proof = {
            Channel.CIMER: (DeliveryMethod.CIMER, "CİMER ekranına işlendi"),
            Channel.PETITION: (DeliveryMethod.POST, post),
            Channel.KEP: (DeliveryMethod.KEP, "KEP iletisi, delil no kayıtlı"),
        }.get(Channel(channel), (DeliveryMethod.PHONE, "Telefonla arandı, bilgi verildi"))
        if way is DeliveryMethod.PHONE and applicant is None:
            proof = "Kimlik bilinmiyor, ilan panosu"
        elif way is DeliveryMethod.PHONE and applicant and applicant.has_email:
            way, proof = DeliveryMethod.EMAIL, ""
        return {"means": way, "proof": proof}


def _capitals(text: str) -> str:
    """A sentence begins with a capital letter: a filled-in spot may stand in the middle of one."""
    for spot in names.SPOTS:
        if (position := text.find(spot)) > 0 and text[position - 2] not in ".!?":
            return text[:position] + spot[0].lower() + text[position + 1 :]
    return text
