"""Orders of precedence as they ship and as a kaymakamlık might send one, and people who hold the offices."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random
from typing import Any

from backend.contacts.actions import record
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.session import system
from backend.core.words.text import tr_fold
from backend.organization.models import User
from backend.protocol import actions, importing
from backend.protocol.choices import Capacity, ListKind
from backend.protocol.models import Holding, Office
from permissions.demo import names

SENT = Path(__file__).with_name("protocol.csv")
SENT_ON = dt.date(2026, 9, 14)
HOLDERS = {
    "milletvekili": 3,
    "rektor": 2,
    "siyasi-parti-ilce-baskani": 6,
    "belediye-meclis-uyesi": 24,
    "belediye-baskan-yardimcisi": 6,
    "esnaf-odasi-baskani": 4,
    "sehit-gazi-dernegi-baskani": 2,
    "muhtar": 19,
    "dernek-baskani": 18,
}
"""How many hold an office that several hold."""
VACANT = {"ilce-tapu-muduru"}
ACTING = {"ilce-saglik-muduru"}
FORMER = {"kaymakam", "ilce-emniyet-muduru", "ilce-milli-egitim-muduru"}
DAY = dt.timedelta(days=1)


def load_once(seed: int) -> None:
    """What is not there yet."""
    with system():
        by = User.objects.get(username="sekreter")
        importing.load_shipped(by=by)
        if Holding.objects.exists():
            return
        with SENT.open("rb") as file:
            importing.bring(
                file,
                by=by,
                kind=ListKind.DISTRICT,
                name="Sancaktepe ilçe protokol listesi",
                source="Sancaktepe Kaymakamlığının 14.09.2026 tarihli yazısı (örnek)",
                valid_from=SENT_ON,
            )
        _fill(Random(f"{seed}-protocol"), by)  # noqa: S311 - invented data is repeatable, not secret


def _fill(random: Random, by: User) -> None:
    offices = {office.code: office for office in Office.objects.filter(ranks__precedence__valid_from=SENT_ON)}
    for number, (code, office) in enumerate(sorted(offices.items())):
        if code in VACANT:
            continue
        since = today() - dt.timedelta(days=400 + 37 * number)
        if code in FORMER:
            actions.appoint(office, by=by, person=_person(random, by), valid_from=since - 700 * DAY)
        for _each in range(HOLDERS.get(code, 1)):
            actions.appoint(office, by=by, person=_person(random, by), valid_from=since, basis="Atama")
        if code in ACTING:
            acts: dict[str, Any] = {"capacity": Capacity.ACTING, "valid_from": today() - 10 * DAY}
            actions.appoint(office, by=by, person=_person(random, by), valid_until=today() + 20 * DAY, **acts)


def _person(random: Random, by: User) -> Citizen:
    first, last = random.choice(names.FIRST_NAMES), random.choice(names.LAST_NAMES)
    mail = f"{tr_fold(first)}.{tr_fold(last)}{random.randrange(1000)}@posta.example"
    phone = names.phone(random)
    return record(by=by, first_name=first, last_name=last, phone=phone, email=mail)
