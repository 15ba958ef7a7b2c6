"""A letter on paper: what the law makes of its parts, as values for the template; PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from backend.configuration.office import configured
from backend.core.localtime import local_date
from backend.core.words.text import official_name, official_title, tr_upper
from backend.documents import typesetting
from backend.letters import drafts
from backend.letters.choices import Capacity, Confidentiality, Form, Medium, Office, Purpose, Urgency
from backend.letters.law import addressing, references
from backend.letters.law.articles import MARKS
from backend.letters.law.numbers import short_date
from backend.letters.models import Addressee, Letter

TEMPLATE, RUN = "letters/print/letter.typ", "letters/print/run.typ"
ENVELOPES, LABELS = "letters/print/envelopes.typ", "letters/print/labels.typ"


def pdf(sheet: drafts.Sheet) -> bytes:
    """The letter as PDF: a draft bears TASLAK, one that waits for its number “TASLAK – EBYS’ye”; words of an electronic
    signature only with a number that begins with E, a code to verify it by only with a seal."""
    return typesetting.pdf(*_paper(sheet))


def pages(sheet: drafts.Sheet) -> list[bytes]:
    """Render the PDF as PNG pages."""
    return typesetting.pages(*_paper(sheet))


def _paper(sheet: drafts.Sheet) -> tuple[str, dict[str, Any]]:
    """Template and values: a letter of the makam is a prestige sheet, as a run of one."""
    printed, letter = values(sheet), sheet.letter
    if not printed["is_personal"]:
        return TEMPLATE, printed
    marked = {"confidentiality": printed["confidentiality"]}
    signed = {**marked, "office": letter.office, "signed": printed["signature"], "date": printed["date"]}
    return RUN, _run_values(printed["title"], [printed], is_draft=bool(printed["watermark"]), **signed)


def run(title: str, letters: Sequence[Mapping[str, Any]], **common: Any) -> bytes:
    """Many letters of the makam as one PDF, each on a page of its own: of each its salutation, body, closing and the
    lines of its addressee; `common` to all are the office, who signed and the date."""
    return typesetting.pdf(RUN, _run_values(title, letters, **common))


def run_pages(title: str, letters: Sequence[Mapping[str, Any]], **common: Any) -> list[bytes]:
    """Render the PDF as PNG pages."""
    return typesetting.pages(RUN, _run_values(title, letters, **common))


def _run_values(
    title: str,
    letters: Sequence[Mapping[str, Any]],
    *,
    office: str,
    signed: Sequence[str],
    date: str,
    is_draft: bool = False,
    confidentiality: str = "",
) -> dict[str, Any]:
    parts = ("salutation", "body", "closing", "addressee")
    return {
        "title": title,
        "municipality": configured.MUNICIPALITY_NAME,
        "crest": typesetting.crest(),
        "head": personal_head(office),
        "date": date,
        "signature": list(signed),
        "is_draft": is_draft,
        "confidentiality": confidentiality,
        "letters": [{part: letter[part] for part in parts} for letter in letters],
    }


def envelopes(title: str, addresses: Sequence[Sequence[str]], form: str) -> bytes:
    """One envelope a page (`form` DL or C5), with the municipality as the sender."""
    sender = [configured.MUNICIPALITY_LEGAL_NAME, configured.MUNICIPALITY_ADDRESS]
    return typesetting.pdf(ENVELOPES, {**_addressed(title, addresses, form), "sender": sender})


def labels(title: str, addresses: Sequence[Sequence[str]], form: str) -> bytes:
    """Sheets of labels: `form` L24 (3 × 8) or L14 (2 × 7)."""
    return typesetting.pdf(LABELS, _addressed(title, addresses, form))


def _addressed(title: str, addresses: Sequence[Sequence[str]], form: str) -> dict[str, Any]:
    lines = [list(address) for address in addresses]
    return {"title": title, "municipality": configured.MUNICIPALITY_NAME, "form": form, "addresses": lines}


def values(sheet: drafts.Sheet) -> dict[str, Any]:
    """What the template prints."""
    letter, draft = sheet.letter, drafts.as_draft(sheet)
    known, is_personal = draft.known_bodies, draft.form == Form.PERSONAL
    spread = addressing.distribution(draft.addressees, known)
    return {
        "title": letter.subject or _kind(letter),
        "municipality": configured.MUNICIPALITY_NAME,
        "head": head(letter, is_personal),
        "is_personal": is_personal,
        "watermark": _watermark(letter, is_personal),
        "confidentiality": ""
        if letter.confidentiality == Confidentiality.NONE
        else MARKS[letter.confidentiality],
        "urgency": "" if letter.urgency == Urgency.NONE else MARKS[letter.urgency],
        "number": letter.document_number,
        "date": date_on_paper(letter),
        "subject": letter.subject,
        "addressee": [*addressing.muhatap(draft.addressees, known), *_address(sheet)],
        "references": [list(line) for line in references.lines(draft.references)] if draft.references else [],
        "salutation": letter.salutation,
        "body": letter.body,
        "closing": letter.closing,
        "signature": signature(letter),
        "approval": approval(letter),
        "signed_electronically": is_signed_electronically(letter),
        "annexes": [
            f"{annexe.title} ({annexe.measure})" if annexe.measure else annexe.title
            for annexe in draft.annexes
        ],
        "action": spread.get(Purpose.ACTION, []),
        "information": spread.get(Purpose.INFORMATION, []),
        "contact": [] if is_personal else contact(letter),
        "verification": _verification(letter),
        "qr": typesetting.qr(verification_address(letter)) if letter.verification else "",
        "qr_says": "Belge doğrulama adresinin karekodu",
    }


def _kind(letter: Letter) -> str:
    with translation.override("tr"):  # paper is always Turkish
        return str(letter.get_kind_display())


def head(letter: Letter, is_personal: bool) -> list[str]:
    """T.C., the municipality in capitals, the unit with capital initials; of a letter of the makam the office."""
    if is_personal:
        return personal_head(letter.office)
    return ["T.C.", tr_upper(configured.MUNICIPALITY_LEGAL_NAME), letter.department.name]


def personal_head(office: str) -> list[str]:
    """T.C. and the office in capitals, as a letter of the makam bears it."""
    name = tr_upper(configured.MUNICIPALITY_LEGAL_NAME)
    return ["T.C.", name.replace("BAŞKANLIĞI", "BAŞKANI") if office == Office.MAYOR else name]


def signature(letter: Letter) -> list[str]:
    """The lines of the signature: name, whose name it is signed in, title."""
    lines = [letter.signatory_name]
    if letter.capacity == Capacity.ON_BEHALF:
        lines.append("Başkan Yardımcısı a." if letter.office == Office.DEPUTY_MAYOR else "Başkan a.")
    return [*lines, letter.signatory_title]


def date_on_paper(letter: Letter) -> str:
    """The day of its number (m.12); of a letter without one the day of registration, empty before."""
    on = letter.document_on or letter.registered_on
    return short_date(on) if on else ""


def is_signed_electronically(letter: Letter) -> bool:
    """Whether its number says that the original was signed electronically (m.11, law 5070)."""
    return letter.document_number.startswith(f"{Medium.ELECTRONIC}-")


def approval(letter: Letter) -> list[str]:
    """The lines of an approved olur (m.20): OLUR, the day, the name, on whose behalf, the title."""
    if letter.approved_at is None:
        return []
    capacity = ["Başkan a."] if letter.approver_capacity == Capacity.ON_BEHALF else []
    return [
        "OLUR",
        short_date(local_date(letter.approved_at)),
        "",
        letter.approver_name,
        *capacity,
        letter.approver_title,
    ]


def _watermark(letter: Letter, is_personal: bool) -> str:
    """What an unfinished paper says: a draft, or that its original and number are still to come from the EBYS."""
    if not letter.number:
        return "TASLAK"
    return "" if is_personal or letter.document_number else "TASLAK – EBYS’ye"


def contact(letter: Letter) -> list[str]:
    """The foot of an official letter (iletişim), with name, title and telephone of whom to ask (Y 24/1)."""
    writer, asked = letter.drafted_by, []
    if writer:
        name = official_name(writer.first_name, writer.last_name) or str(writer)
        phone = writer.phone.as_national if writer.phone else configured.MUNICIPALITY_PHONE
        asked = [
            f"Bilgi için: {', '.join(filter(None, [name, official_title(writer.title)]))} · Tel.: {phone}"
        ]
    return [
        f"Adres: {configured.MUNICIPALITY_ADDRESS}",
        f"Telefon: {configured.MUNICIPALITY_PHONE} · E-posta: {configured.MUNICIPALITY_EMAIL}"
        f" · İnternet: {configured.MUNICIPALITY_WEB}",
        f"KEP: {configured.MUNICIPALITY_KEP}",
        *asked,
    ]


def addressed(row: Addressee) -> list[str]:
    """The lines in which one addressee is named."""
    return addressing.addressed(drafts.addressee(row))


def verification_address(letter: Letter) -> str:
    return f"{settings.PUBLIC_URL}/belge/{letter.verification}/"


def _verification(letter: Letter) -> str:
    if not letter.verification:
        return ""
    return f"Belge doğrulama kodu: {letter.verification} · {settings.PUBLIC_URL}/belge/"


def _address(sheet: drafts.Sheet) -> list[str]:
    """The address of a single person, below the name."""
    if len(sheet.addressees) != 1:
        return []
    return (
        [line for line in sheet.addressees[0].address.splitlines() if line]
        if sheet.addressees[0].kind == "PERSON"
        else []
    )
