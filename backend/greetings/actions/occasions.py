"""Occasions, and what begins with one press on a suggestion."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required, short
from backend.core.words.text import tr_fold
from backend.greetings.actions.preparing import prepare
from backend.greetings.choices import GREETS, Channel, OccasionKind
from backend.greetings.models import Batch, Occasion
from backend.greetings.suggestions import Suggestion
from backend.letters import actions as letters
from backend.letters import library
from backend.letters.actions.templates import filled
from backend.letters.actions.writing import Recipient as Addressee
from backend.letters.choices import Kind
from backend.letters.law.articles import SAYGI
from backend.letters.models import Letter, LetterTemplate
from backend.organization.models import Department, User


@transaction.atomic
def make_occasion(
    *, by: User | None, name: str, on: dt.date, kind: str, letter_kind: str, code: str = ""
) -> Occasion:
    """An occasion for greetings. With a `code` it is made once: asked for again, by whomever, it is the same one;
    so an event is an occasion under a code of its own (`event:<key>`), and those who came are thanked once."""
    letter = choice(Kind, letter_kind, "letter_kind")
    if letter not in GREETS:
        raise DomainError(ErrorCode.INVALID, _("This kind of letter is no greeting."), "letter_kind")
    facts = {
        "name": required(name, "name", _("Write the name of the occasion."), 160),
        "on": on,
        "kind": choice(OccasionKind, kind, "kind"),
        "letter_kind": letter,
    }
    code = short(code, "code", 120)
    if not code:
        return Occasion.objects.create(recorded_by=by, **facts)
    try:
        with transaction.atomic():
            return Occasion.objects.get_or_create(code=code, defaults={**facts, "recorded_by": by})[0]
    except IntegrityError:  # another one made it in the same moment
        return Occasion.objects.get(code=code)


@transaction.atomic
def begin(
    suggestion: Suggestion, *, department: Department, by: User | None, signatory: User | None = None
) -> tuple[Occasion, Batch | None, Letter | None]:
    """One press on a suggestion: its occasion, and a batch for many or the draft of a letter for one, with the
    standing text that fits. Pressed again, by whomever: the same occasion, batch or letter."""
    occasion = make_occasion(
        by=by,
        name=suggestion.name,
        on=suggestion.on,
        kind=suggestion.kind,
        letter_kind=suggestion.letter_kind,
        code=suggestion.code,
    )
    occasion = Occasion.objects.select_for_update(of=("self",)).get(pk=occasion.pk)
    if suggestion.is_for_one:
        if occasion.letter is None:
            occasion.letter = _draft(suggestion, department, by, signatory)
            occasion.save(update_fields=["letter"])
        return occasion, None, occasion.letter
    batch = occasion.batches.order_by("pk").first()
    if batch is None:
        signs: dict[str, Any] = {"signatory": signatory} if signatory else {}
        batch = prepare(
            occasion,
            by=by,
            title=suggestion.name[:120],
            channels=[Channel.EMAIL, Channel.PRINT],
            template=fitting(occasion.name, occasion.kind, occasion.letter_kind),
            **signs,
        )
    return occasion, batch, None


_GENERAL = frozenset({"gunu", "gun", "tebriki", "tebrik", "kutlama", "kutlamasi", "mektubu"})
_STEM = 5
_OF_KIND = {
    OccasionKind.NATIONAL_DAY: "bayram",
    OccasionKind.RELIGIOUS_DAY: "bayram",
    OccasionKind.PROFESSIONAL_DAY: "meslek",
    OccasionKind.BIRTHDAY: "doğum",
    OccasionKind.ANNIVERSARY: "yıl dönümü",
    OccasionKind.BEREAVEMENT: "taziye",
    OccasionKind.EVENT: "katılım",
}
"""What a standing text for any occasion of a kind is named after."""


def fitting(name: str, kind: str, letter_kind: str) -> LetterTemplate | None:
    """The standing text for an occasion: the one named like it, then one named like its kind, else the only one."""
    rows = list(LetterTemplate.objects.filter(kind=letter_kind, is_active=True).order_by("name"))
    named, general = _stems(name), _stems(_OF_KIND.get(OccasionKind(kind), ""))
    ranked = [(2 * len(_stems(one.name) & named) + len(_stems(one.name) & general), one) for one in rows]
    best = max(ranked, key=lambda pair: pair[0], default=(0, None))
    if best[0]:
        return best[1]
    return rows[0] if len(rows) == 1 else None


def _stems(text: str) -> set[str]:
    """The beginnings of the words that say something."""
    return {word[:_STEM] for word in tr_fold(text).split() if word not in _GENERAL and not word.isdecimal()}


def _draft(suggestion: Suggestion, department: Department, by: User | None, signatory: User | None) -> Letter:
    person = suggestion.citizen
    assert person is not None  # noqa: S101 - `is_for_one`
    greeted = library.salutation(person, suggestion.letter_kind)
    values: dict[str, Any] = {"kind": suggestion.letter_kind, "salutation": greeted, "closing": SAYGI}
    template = fitting(suggestion.of_what, suggestion.kind, suggestion.letter_kind)
    if template is not None:
        known = {
            "ad": person.first_name,
            "soyad": person.last_name,
            "ad soyad": person.full_name,
            "hitap": greeted.rstrip(", "),
            "vesile": suggestion.of_what or suggestion.name,
            "vefat eden": suggestion.of_what,
        }
        values |= {key: text for key, text in filled(template, known).items() if text}
    signs: dict[str, Any] = {"signatory": signatory} if signatory else {}
    return letters.draft(department, by=by, addressees=[Addressee(citizen=person)], **values, **signs)
