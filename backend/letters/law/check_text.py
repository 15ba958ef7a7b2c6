"""Faults of the text: the closing, numbers, what was left to fill in, words of another occasion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from backend.core.words.text import clean, small_beginnings, tr_lower, with_capitals
from backend.letters.choices import AddresseeKind, Form, Kind, PhrasePart
from backend.letters.law import articles, numbers, spelling, wording
from backend.letters.law import closing as closings
from backend.letters.law import occasions as vocabulary
from backend.letters.law.addressing import person_name
from backend.letters.law.parts import Addressee, Draft, Fault

_ONLY_INFORMATION = re.compile(r"^bilgilerinizi (arz ve rica|arz|rica) ederi[mz]\W*$")
_PLACEHOLDER = re.compile(
    r"\{\{[^{}]*\}\}|\{\{|\}\}|\{%|\[[^\]\n]{0,40}\]|<[^>\n]{1,40}>|\.{4,}|…{2,}|_{3,}|\bX{2,}\b"
)


def body(draft: Draft) -> Iterator[Fault]:
    if not clean(draft.body):
        yield Fault("body_missing", "body", _("The letter has no text."), _("Write the text."), articles.TEXT)
    if draft.form == Form.PERSONAL and draft.kind != Kind.APPROVAL and not clean(draft.salutation):
        message = _("A letter of the office greets whom it is written to.")
        yield Fault(
            "salutation_missing",
            "salutation",
            message,
            _("Write: %s") % salutation(draft),
            articles.CUSTOM,
            is_error=False,
        )


def sentences(draft: Draft) -> Iterator[Fault]:
    """A sentence begins with a capital."""
    for field in ("body", "closing"):
        if small := small_beginnings(clean(getattr(draft, field))):
            yield Fault(
                "sentence_small",
                field,
                _("A sentence begins in lower case: %s.") % ", ".join(small[:3]),
                _("Write: %s") % ", ".join(with_capitals(word) for word in small[:3]),
                articles.TEXT,
                is_error=False,
            )


def salutation(draft: Draft) -> str:
    """How the letter greets its first addressee: as is kept with them, as the office they hold is greeted, else “Sayın
    Ayşe IŞIK,”."""
    people = [addressee for addressee in draft.addressees if addressee.kind == AddresseeKind.PERSON]
    if not people:
        return "Sayın Ad SOYAD,"
    return _usual(draft, people[0]) or f"Sayın {person_name(people[0])},"


def _usual(draft: Draft, person: Addressee) -> str:
    return wording.with_comma(person.salutation) or wording.greeting(
        draft.greetings, draft.kind, person.title
    )


def greeted(draft: Draft) -> Iterator[Fault]:
    """Check the salutation: office holders are addressed by their office, others by their own form if there is
    one."""
    people = [addressee for addressee in draft.addressees if addressee.kind == AddresseeKind.PERSON]
    if draft.form != Form.PERSONAL or len(people) != 1 or not clean(draft.salutation):
        return
    usual, own = _usual(draft, people[0]), people[0].salutation
    if usual and clean(draft.salutation) != usual:
        of_office = _("Whoever holds this office is greeted otherwise: %s.") % people[0].title
        message = _("It is kept with this person how they are greeted.") if own else of_office
        yield Fault(
            "salutation_office",
            "salutation",
            message,
            _("Write: %s") % usual,
            articles.CUSTOM,
            is_error=False,
        )


def approved(draft: Draft) -> Iterator[Fault]:
    """The last sentence is one of those that are approved for its closing, where some are."""
    ending = last_sentence(draft)
    says = closings.formula_of(ending)
    usual = wording.fitting(draft.phrases, draft.kind, PhrasePart.CLOSING, says)
    if says and usual and ending not in usual and ending not in wording.SAYS:
        message = _("“%s” is none of the approved closings.") % ending
        yield Fault(
            "closing_unapproved",
            "closing",
            message,
            _("Approved are: %s") % " · ".join(usual),
            articles.CUSTOM,
            is_error=False,
        )


def last_sentence(draft: Draft) -> str:
    """What the letter ends with: the closing field, or the last sentence of the text."""
    text = clean(draft.closing) or clean(draft.body)
    return re.split(r"(?<=[.!?])\s+", text)[-1] if text else ""


def closing(draft: Draft) -> Iterator[Fault]:
    ending = last_sentence(draft)
    outcome = closings.formula_of(ending)
    if not ending:
        return
    if not outcome:
        wanted = closings.propose(draft.signatory, draft.addressees).text if draft.signatory else articles.ARZ
        message = _("The letter does not end with a closing.")
        yield Fault("closing_missing", "closing", message, _("End with: %s") % wanted, articles.CLOSING)
        return
    if _ONLY_INFORMATION.match(tr_lower(ending)):
        message = _("“%s” alone is a mistake: one gives information, and does not ask for it.") % ending
        remedy = _("Write “Bilgilerinize …” or “Bilgi edinilmesini …”, or name what is to be done.")
        yield Fault("closing_information", "closing", message, remedy, articles.CLOSING)
    if draft.signatory is None or not draft.addressees or draft.kind == Kind.APPROVAL:
        return
    proposed = closings.propose(draft.signatory, draft.addressees)
    if outcome != proposed.text:
        message = _("The closing does not suit the addressees: %(found)s instead of %(proposed)s")
        text = message % {"found": outcome, "proposed": proposed.text}
        is_error = not _only_persons(draft)
        yield Fault("closing_wrong", "closing", text, " ".join(proposed.reasons), articles.CLOSING, is_error)


def _only_persons(draft: Draft) -> bool:
    return all(addressee.kind == AddresseeKind.PERSON for addressee in draft.addressees)


def written_numbers(draft: Draft) -> Iterator[Fault]:
    for wrong, right in dict(numbers.ungrouped(draft.body)).items():
        message = (
            _(
                "The number %s is not written as the rule says: points between thousands, a comma before decimals."
            )
            % wrong
        )
        yield Fault("number_grouping", "body", message, _("Write: %s") % right, articles.TEXT, is_error=False)


def spelled(draft: Draft) -> Iterator[Fault]:
    """Times have a point, and names of bodies no apostrophe before their ending."""
    for wrong, right in dict(numbers.with_colon(draft.body)).items():
        message = _("The time %s is written with a colon; official text writes a point.") % wrong
        yield Fault("time_colon", "body", message, _("Write: %s") % right, articles.TEXT, is_error=False)
    for wrong, right in dict(spelling.parted(draft.body)).items():
        message = _("The ending of a body's name is not parted by an apostrophe: %s.") % wrong
        yield Fault(
            "body_apostrophe", "body", message, _("Write: %s") % right, articles.ENDINGS, is_error=False
        )


def placeholders(draft: Draft) -> Iterator[Fault]:
    for field in ("subject", "salutation", "body", "closing"):
        if match := _PLACEHOLDER.search(getattr(draft, field)):
            message = _("Something was left to be filled in: %s") % match[0]
            yield Fault("placeholder", field, message, _("Fill it in, or take it out."), articles.TEXT)


def occasions(draft: Draft) -> Iterator[Fault]:
    text = f"{draft.salutation} {draft.body} {draft.closing}"
    for name, words, is_error in vocabulary.mixed(draft.kind, text):
        message = _("Words of another occasion (%(name)s) stand in this letter: %(words)s.")
        result = message % {"name": name, "words": ", ".join(words)}
        remedy = _("Take them out: one letter is for one occasion.")
        yield Fault("mixed_occasion", "body", result, remedy, articles.CUSTOM, is_error)
