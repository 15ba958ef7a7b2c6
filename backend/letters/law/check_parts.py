"""Faults of the parts around the text: konu, muhatap, ilgi, ek, imza, sayı, and what each kind needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from backend.core.words.text import clean, tr_lower, tr_title, tr_upper
from backend.letters.choices import AddresseeKind, Form, Kind, Purpose, Urgency
from backend.letters.law import articles, numbers
from backend.letters.law import references as ilgi
from backend.letters.law.addressing import abbreviations, full_name
from backend.letters.law.check_marks import urgency_of
from backend.letters.law.parts import Draft, Fault

LONGEST_SUBJECT = 120
_SMALL = {"ve", "ile", "veya", "ya", "da", "de", "ki", "mi", "mı", "mu", "mü", "için", "için."}


def capitalised(subject: str) -> str:
    """A konu as it is written: words with capitals, small ones between them small, without a final stop."""
    words = clean(subject).rstrip(" .!;,").split()
    kept = [word if _is_name(word) else tr_title(word) for word in words]
    return " ".join(tr_lower(w) if i and tr_lower(w) in _SMALL else w for i, w in enumerate(kept))


def _is_name(word: str) -> bool:
    """An abbreviation or a number, which stays as it is."""
    return any(letter.isdigit() for letter in word) or (len(word) > 1 and word == tr_upper(word))


def subject(draft: Draft) -> Iterator[Fault]:
    if draft.form == Form.PERSONAL:
        return
    text = clean(draft.subject)
    if not text:
        yield Fault(
            "subject_missing",
            "subject",
            _("The letter has no subject."),
            _("Write in a few words what it is about."),
            articles.SUBJECT,
        )
        return
    if text.endswith((".", ";", ",", "!", "…")):
        yield Fault(
            "subject_stop",
            "subject",
            _("There is no full stop at the end of a subject."),
            _("Write: %s") % capitalised(text),
            articles.SUBJECT,
        )
    if capitalised(text) != text.rstrip(" .!;,…"):
        yield Fault(
            "subject_capitals",
            "subject",
            _("The words of a subject begin with capitals."),
            _("Write: %s") % capitalised(text),
            articles.SUBJECT,
            is_error=False,
        )
    if len(text) > LONGEST_SUBJECT:
        yield Fault(
            "subject_long",
            "subject",
            _("The subject is too long."),
            _("Say it in one line."),
            articles.SUBJECT,
            is_error=False,
        )


def addressees(draft: Draft) -> Iterator[Fault]:
    if not draft.addressees:
        yield Fault(
            "addressee_missing",
            "addressees",
            _("The letter has no addressee."),
            _("Add whom it goes to."),
            articles.ADDRESSEE,
        )
    for addressee in draft.addressees:
        if addressee.kind == AddresseeKind.PERSON:
            continue
        # A company may bear the abbreviation it is registered with: the guide (11.4) speaks of offices only.
        short = abbreviations(addressee.name, draft.known_bodies)
        if short and addressee.kind != AddresseeKind.COMPANY:
            message = _("In an addressee nothing is abbreviated: %s.") % ", ".join(short)
            whole = full_name(addressee.full_name or addressee.name, draft.known_bodies)
            yield Fault(
                "addressee_short", "addressees", message, _("Write: %s") % tr_upper(whole), articles.ADDRESSEE
            )
        if re.match(r"^T\.?\s?C\.?\s", addressee.name):
            message = _("“T.C.” does not stand before an addressee.")
            yield Fault("addressee_state", "addressees", message, _("Leave it out."), articles.ADDRESSEE)
    if len(draft.addressees) > 1 and all(one.purpose == Purpose.INFORMATION for one in draft.addressees):
        message = _("All addressees get the letter for information and none for action.")
        yield Fault(
            "no_action",
            "addressees",
            message,
            _("Say who is to act (Gereği)."),
            articles.DISTRIBUTION,
            is_error=False,
        )


def references(draft: Draft) -> Iterator[Fault]:
    text = f"{draft.body}\n{draft.closing}"
    for reference in draft.references:
        if reference.on is None:
            message = _("A reference has no date.")
            yield Fault(
                "reference_date", "references", message, _("Give the date of the letter."), articles.REFERENCE
            )
        is_letter = tr_lower(clean(reference.what)) in ("", "yazı")
        if not reference.number and is_letter:
            message = _("A reference has no number.")
            yield Fault(
                "reference_number",
                "references",
                message,
                _("Give the full number, or say what kind of paper it is."),
                articles.REFERENCE_WHOLE,
            )
        elif is_letter and not ilgi.is_whole(reference):
            message = _("The number of a reference is incomplete: %s.") % reference.number
            yield Fault(
                "reference_short",
                "references",
                message,
                _("Write it as it stands on that letter, such as E-24312041-702.03-1."),
                articles.REFERENCE_WHOLE,
                is_error=False,
            )
    named = ilgi.mentioned(text)
    if draft.references and not (named or ilgi.is_spoken_of(text)):
        message = _("The references are not spoken of in the text.")
        yield Fault(
            "reference_unused",
            "references",
            message,
            _("Name them in the text: %s") % ("İlgi (a)…" if len(draft.references) > 1 else "İlgi yazınız…"),
            articles.REFERENCE,
            is_error=False,
        )
    known = {letter for letter, _line in ilgi.lines(draft.references)} if draft.references else set()
    if unknown := sorted(named - known - ({"a"} if len(draft.references) == 1 else set())):
        message = _("The text speaks of a reference that is not listed: %s.") % ", ".join(unknown)
        yield Fault(
            "reference_unknown",
            "references",
            message,
            _("Add it, or correct the letter."),
            articles.REFERENCE,
        )
    elif not draft.references and ilgi.is_mentioned(text):
        message = _("The text speaks of a reference, and none is listed.")
        yield Fault(
            "reference_unknown", "references", message, _("Add the letter that is meant."), articles.REFERENCE
        )


_ANNEXED = re.compile(r"\b(ekte|ekteki|ekli|ek'te|ekinde|ilişikte)\b")


def annexes(draft: Draft) -> Iterator[Fault]:
    for annexe in draft.annexes:
        if not clean(annexe.title):
            yield Fault(
                "annex_untitled", "annexes", _("An annex has no name."), _("Say what it is."), articles.ANNEX
            )
        elif not clean(annexe.measure):
            message = _("The size of an annex is missing: %s.") % annexe.title
            yield Fault(
                "annex_measure",
                "annexes",
                message,
                _("Add pages or pieces, such as “3 sayfa”."),
                articles.ANNEX,
                is_error=False,
            )
    if not draft.annexes and _ANNEXED.search(tr_lower(draft.body)):
        message = _("The text speaks of an annex, and none is listed.")
        yield Fault(
            "annex_missing", "annexes", message, _("Add the annex, or leave the words out."), articles.ANNEX
        )


def signature(draft: Draft) -> Iterator[Fault]:
    signs = draft.signatory
    if signs is None or not clean(signs.name) or not clean(signs.title):
        message = _("The name and title of the signatory are missing.")
        yield Fault("signatory_missing", "signatory", message, _("Choose who signs."), articles.SIGNATURE)


def number(draft: Draft) -> Iterator[Fault]:
    if draft.form == Form.PERSONAL:
        return
    if not draft.is_registered:
        if draft.number:
            message = _("A draft has no number.")
            yield Fault(
                "number_early", "number", message, _("It gets one when it is registered."), articles.NUMBER
            )
    elif draft.number and (problem := numbers.faulty(draft.number)):
        yield Fault("number_wrong", "number", problem, _("Correct the number."), articles.NUMBER)


def kinds(draft: Draft) -> Iterator[Fault]:
    """What a kind needs, or cannot have."""
    match draft.kind:
        case Kind.REPLY if not draft.references:
            message = _("A reply refers to what it answers.")
            yield Fault(
                "reply_reference", "references", message, _("Add the letter or petition."), articles.REFERENCE
            )
        case Kind.REMINDER:
            yield from _reminder(draft)
        case Kind.COVER if not draft.annexes:
            message = _("A cover letter has an annex.")
            yield Fault("cover_annex", "annexes", message, _("Add what it sends."), articles.ANNEX)
        case Kind.APPROVAL:
            if urgency_of(draft) != Urgency.NONE:
                message = _("An approval (olur) bears no degree of urgency.")
                yield Fault(
                    "approval_urgent", "urgency", message, _("Take the degree off."), articles.APPROVAL
                )
            if "olurlarınıza" not in tr_lower(f"{draft.body} {draft.closing}"):
                message = _("In an approval the proposer writes “Olurlarınıza arz ederim.”")
                yield Fault(
                    "approval_words", "closing", message, _("Write it as the closing."), articles.APPROVAL
                )


_ASKED = re.compile(
    r"\b(?:bilgi|belge|görüş|rapor|liste|veri|cevap|doküman)\w*(?:,?\s+\w+){0,5}?\s+(?:veril|gönderil|bildiril|iletil"
    r"|ulaştırıl|sunul)mes(?:ini\s+(?:arz|rica|talep)|inin?\s+(?:sağlanması|rica|talep)|i\s+(?:hususu|konusu|talep|isten"
    r"|gerek|beklen|rica|arz))"
)
_AUTHORITIES = (AddresseeKind.BODY, AddresseeKind.DEPARTMENT, AddresseeKind.MAYORALTY)


def requests(draft: Draft) -> Iterator[Fault]:
    """What asks another office for information, documents or an opinion says until when."""
    asks = draft.kind in (Kind.OFFICIAL, Kind.COVER) and urgency_of(draft) == Urgency.NONE
    if not asks or not any(addressee.kind in _AUTHORITIES for addressee in draft.addressees):
        return
    if _ASKED.search(tr_lower(f"{draft.body} {draft.closing}")):
        message = _("The letter asks for information, documents or an opinion, and names no day.")
        remedy = _("Choose GÜNLÜDÜR and say the day in the text.")
        yield Fault("request_undated", "urgency", message, remedy, articles.REQUEST, is_error=False)


def _reminder(draft: Draft) -> Iterator[Fault]:
    if not draft.references:
        message = _("A reminder (tekit) cites the letter that waits for its answer.")
        yield Fault(
            "reminder_reference", "references", message, _("Add the first letter."), articles.REMINDER
        )
    if superiors := [addressee.name for addressee in draft.addressees if addressee.is_superior]:
        message = _("A superior office is never reminded: %s.") % ", ".join(superiors)
        yield Fault("reminder_superior", "addressees", message, _("Telephone, or visit."), articles.REMINDER)
