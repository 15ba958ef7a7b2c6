"""Type of a privacy notice (aydınlatma metni)."""

from __future__ import annotations

import datetime as dt

from backend.contacts import models
from schema.contacts.types import Language
from schema.core.fields import column
from schema.core.nodes import Everybody, Node, node_type
from schema.core.scalars import described_enum

PrivacyPurpose = described_enum(
    models.Purpose, "PrivacyPurpose", "What personal data is taken for; each purpose has its text."
)


@node_type(models.PrivacyNotice, "PrivacyNotice")
class PrivacyNotice(Node, Everybody):
    """A version of the privacy notice to citizens (aydınlatma metni, KVKK m.10). Never changed."""

    code: str = column("Its name in files.")
    purpose: PrivacyPurpose = column("For what the data is taken.")
    language: Language = column("The language of the text.")
    version: int = column("Counted from 1 within a purpose and language.")
    text: str = column("The text, with an empty line between paragraphs.")
    valid_from: dt.date = column("The first day on which it is shown, until the next version begins.")
    source: str = column("Who approved it.")
