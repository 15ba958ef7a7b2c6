"""The text of a batch with the values of one recipient in its places, and what may stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import official_name
from backend.greetings.choices import Channel
from backend.greetings.models import Batch, Recipient
from backend.letters import library, templating
from backend.letters.law import occasions
from backend.letters.law.numbers import short_date
from backend.letters.law.wording import Greeting, with_comma

PLACES = ("ad", "soyad", "ad soyad", "unvan", "kurum", "hitap", "vesile", "tarih")
"""What a text may ask for: the recipient's, the last two the occasion's."""
API_PLACES = f" Places: {', '.join(f'{{{{{place}}}}}' for place in PLACES)}."
"""The same, for the descriptions of texts in the API."""

LETTER_TEXTS = ("subject", "salutation", "body", "closing")
TEXTS = (*LETTER_TEXTS, "sms_text")
_UNFILLED = "{{"


@dataclass(frozen=True)
class Worded:
    """What one recipient reads. `is_whole`: every place found its value."""

    subject: str = ""
    salutation: str = ""
    body: str = ""
    closing: str = ""
    sms_text: str = ""

    def is_whole(self, channel: str) -> bool:
        texts = (self.sms_text,) if channel == Channel.SMS else (self.subject, *self.parts)
        return not any(_UNFILLED in text for text in texts)

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.salutation, self.body, self.closing

    @property
    def mail(self) -> str:
        return "\n\n".join(part for part in self.parts if part)


NO_WORDS = Worded()


def check(letter_kind: str, texts: Mapping[str, str]) -> None:
    """INVALID for an invalid template, unavailable placeholders, or mixed occasions: no tebrik in a taziye."""
    for field, text in texts.items():
        templating.check(text, field)
        if unknown := [name for name in templating.names(text) if name not in PLACES]:
            message = _("“%(name)s” is not known of a recipient. Possible are: %(places)s.")
            result = message % {"name": unknown[0], "places": ", ".join(PLACES)}
            raise DomainError(ErrorCode.INVALID, result, field)
        for occasion, words in occasions.forbidden(letter_kind, text):
            message = _("Words of another occasion (%(name)s) stand in this letter: %(words)s.")
            result = message % {"name": occasion, "words": ", ".join(words)}
            raise DomainError(ErrorCode.INVALID, result, field)


def values(batch: Batch, recipient: Recipient, forms: Sequence[Greeting]) -> dict[str, str]:
    """The values of one recipient; of a department or a body there is no name of a person. `hitap`: as is kept with the
    person, else with what they are at an organisation, else as the office they hold is greeted, else by name."""
    mapping = {
        "vesile": batch.occasion.name,
        "tarih": short_date(batch.occasion.on),
        "unvan": recipient.title,
        "kurum": recipient.organisation,
    }
    person = recipient.citizen
    if person is not None:
        whole = official_name(person.first_name, person.last_name)
        known = {"ad": person.first_name, "soyad": person.last_name, "ad soyad": whole}
        there = recipient.role.salutation if recipient.role and not person.salutation else ""
        value = there or library.salutation(person, batch.occasion.letter_kind, recipient.title, forms)
        return {**mapping, **known, "hitap": value.rstrip(", ")}
    name = _name_of(recipient)
    return {**mapping, "kurum": name, "hitap": f"Değerli {name} yöneticileri ve çalışanları"}


def _name_of(recipient: Recipient) -> str:
    return recipient.body.name if recipient.body else recipient.department.name  # type: ignore[union-attr]


def worded(batch: Batch, recipient: Recipient, forms: Sequence[Greeting]) -> Worded:
    """What this one reads. A salutation made for persons becomes one for the house where there is no person. `forms`:
    how holders of offices are greeted (`letters.library.greetings`)."""
    known: dict[str, Any] = values(batch, recipient, forms)
    filled = {name: templating.fill(getattr(batch, name), known) for name in TEXTS}
    if recipient.citizen is None and _UNFILLED in filled["salutation"]:
        filled["salutation"] = known["hitap"]
    filled["salutation"] = with_comma(filled["salutation"])
    return Worded(**filled)
