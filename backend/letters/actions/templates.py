"""Keeping the standing texts: checked when they are kept, so that none can do more than be filled in."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, required, short
from backend.core.words.text import clean, official_name, tr_lower
from backend.journal.actions import record
from backend.letters import library, templating
from backend.letters.choices import Kind
from backend.letters.law import occasions, wording
from backend.letters.law.grammar import yours
from backend.letters.models import LetterTemplate
from backend.organization.models import User

GREETING = "hitap"
"""The place that is filled in by whom the letter greets: by the office they hold, else by their name."""
OWN_TEXT = "Özel Kalem Müdürlüğünün kendi metni"
WHOM = ("ad", "soyad", "makam")

KINSHIP = "yakınlık"
"""The place for who died, as one speaks to the bereaved: “baba” is filled in as “babanız”."""


@transaction.atomic
def save_template(
    template: LetterTemplate | None = None,
    *,
    by: User | None,
    name: str,
    kind: str,
    body: str,
    subject: str = "",
    salutation: str = "",
    closing: str = "",
    is_active: bool = True,
) -> LetterTemplate:
    """Keep a standing text, new or changed. INVALID where it is no template, or mixes occasions; DUPLICATE name."""
    row = template or LetterTemplate()
    row.name = required(name, "name", _("Give it a name."), 120)
    row.kind = choice(Kind, kind, "kind")
    row.body = required(body, "body", _("Write the text."))
    row.subject = short(subject, "subject")
    row.salutation = short(salutation, "salutation")
    row.closing = short(closing, "closing")
    for field in ("subject", "salutation", "body", "closing"):
        templating.check(getattr(row, field), field)
    for occasion, words in occasions.forbidden(row.kind, row.body):
        message = _("Words of another occasion (%(name)s) stand in this letter: %(words)s.")
        text = message % {"name": occasion, "words": ", ".join(words)}
        raise DomainError(ErrorCode.INVALID, text, "body")
    if LetterTemplate.objects.filter(name=row.name).exclude(pk=row.pk).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("There is a template with this name."), "name")
    row.source, row.checked_on = OWN_TEXT, today()  # who may keep it answers for it
    row.is_active, row.changed_at, row.changed_by = is_active, timezone.now(), by
    row.save()
    record(verb="template_saved", about=row, by=by, label=row.name)
    return row


def filled(template: LetterTemplate, values: dict[str, str]) -> dict[str, str]:
    """What a letter of this template says with these values, field by field; `hitap` follows from whom it greets."""
    fields = ("subject", "salutation", "body", "closing")
    facts = {tr_lower(name): value for name, value in values.items()}
    if GREETING in _named(template) and facts.get("ad"):
        facts.setdefault(GREETING, _greeting(template.kind, facts))
    if KINSHIP in facts:
        facts[KINSHIP] = yours(clean(facts[KINSHIP]))
    details = {name: templating.fill(getattr(template, name), facts) for name in fields}
    mapping = {name: clean(text) for name, text in details.items()}
    return {"kind": template.kind, **mapping, "salutation": wording.with_comma(mapping["salutation"])}


def asked(template: LetterTemplate) -> list[str]:
    """The values that a template asks for: for `hitap` whom it greets, and which office they hold."""
    names = _named(template)
    if GREETING in names:
        names = [*dict.fromkeys([*WHOM, *(name for name in names if name != GREETING)])]
    return names


def conditions(template: LetterTemplate) -> set[str]:
    """Those of the values asked for that only say whether a part of the text is shown."""
    return templating.conditions(template.subject, template.salutation, template.body, template.closing)


def _named(template: LetterTemplate) -> list[str]:
    return templating.names(template.subject, template.salutation, template.body, template.closing)


def _greeting(kind: str, values: dict[str, str]) -> str:
    usual = wording.greeting(library.greetings(), kind, values.get("makam", ""))
    return usual or f"Sayın {official_name(values['ad'], values.get('soyad', ''))},"
