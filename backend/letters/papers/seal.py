"""Electronic seal of the municipality on a registered letter (kurumsal mühür, PAdES): optional, by `pyhanko`.

The frozen paper itself is sealed: its bytes stay, and the seal is appended and part of no page. A seal is trusted
only if its certificate leads to one of `SEAL_ROOTS`; any other, such as a self-made one, counts as invalid
(geçersiz). It is no signature of a person: a qualified signature needs the signer's own card.
"""

from __future__ import annotations

import importlib.util
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import SimpleSigner

FIELD = "Muhur"


@dataclass(frozen=True)
class Sealed:
    """The paper with its seal, whose it is, and whether its certificate leads to a root that is trusted."""

    content: bytes
    by: str
    is_trusted: bool


def is_wanted() -> bool:
    """Whether this installation seals its letters."""
    return bool(settings.SEAL_FILE)


def is_possible() -> bool:
    """Whether the extra `seal` is installed."""
    return importlib.util.find_spec("pyhanko") is not None


def sealed(content: bytes) -> Sealed:
    """The PDF with the seal. INVALID, in words for Bilgi İşlem, where it cannot be sealed: nothing leaves unsealed that
    should bear a seal."""
    if not is_possible():
        message = _("Letters are to be sealed, and the extra “seal” is not installed. Tell Bilgi İşlem.")
        raise DomainError(ErrorCode.INVALID, message)
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    signer = _signer(settings.SEAL_FILE, settings.SEAL_PASSPHRASE)
    facts = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    _make_room(writer)
    made = signers.sign_pdf(writer, facts, signer=signer, existing_fields_only=True).getvalue()
    return Sealed(made, str(signer.subject_name), is_trusted(made))


def _make_room(writer: IncrementalPdfFileWriter) -> None:
    """The field of the seal, outside the page and named for reading aids: PDF/UA asks a tag of what is seen only."""
    from pyhanko.pdf_utils import generic
    from pyhanko.sign import fields

    fields.append_signature_field(writer, fields.SigFieldSpec(FIELD))
    ((_name, _value, reference),) = fields.enumerate_sig_fields(writer)
    field = reference.get_object()
    field["/Rect"] = generic.ArrayObject([generic.NumberObject(-1)] * 4)
    field["/TU"] = generic.TextStringObject("Kurumsal elektronik mühür")
    field["/Contents"] = generic.TextStringObject("Kurumsal elektronik mühür")
    writer.mark_update(reference)


def is_trusted(content: bytes) -> bool:
    """Whether the seal of this PDF is whole and its certificate leads to one of `SEAL_ROOTS`."""
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    roots = list(load_certs_from_pemder([settings.SEAL_ROOTS])) if settings.SEAL_ROOTS else []
    (seal,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    status: Any = validate_pdf_signature(
        seal, ValidationContext(trust_roots=roots, allow_fetching=False), skip_diff=True
    )
    return bool(status.intact and status.valid and status.trusted)


@lru_cache(maxsize=2)
def _signer(file: str, passphrase: str) -> SimpleSigner:
    """The key and its certificate (PKCS #12), read once. INVALID where they cannot be read."""
    from pyhanko.sign.signers import SimpleSigner

    result = None
    if Path(file).is_file():
        result = SimpleSigner.load_pkcs12(file, passphrase=passphrase.encode() or None)
    if result is None:
        message = _("The file of the seal cannot be read, or its password is wrong. Tell Bilgi İşlem.")
        raise DomainError(ErrorCode.INVALID, message)
    return result
