"""What the regulation says where, and the words that stand on paper: one place, since a new version renumbers."""

from __future__ import annotations

from backend.letters.choices import Confidentiality, Urgency

REGULATION = "Resmî Yazışma Yönetmeliği"

NUMBER = "m. 11"
DATE = "m. 12"
SUBJECT = "m. 13"
ADDRESSEE = "m. 14"
REFERENCE = "m. 15"
TEXT = "m. 16"
CLOSING = "m. 16/12"
SIGNATURE = "m. 17"
ANNEX = "m. 18"
DISTRIBUTION = "m. 19"
APPROVAL = "m. 20"
# The guide numbers the parts up to 19 as here; that these two follow is no more than likely.
CONFIDENTIALITY = "m. 25"
URGENCY = "m. 26"
ANSWER = "m. 33"
REMINDER = "m. 34"
REQUEST = "m. 33/1"
REFERENCE_WHOLE = "m. 15/6"
ENDINGS = f"{TEXT} (Kılavuz 13.6.9.8)"
URGENT = f"{URGENCY} (Kılavuz 23)"
CUSTOM = ""  # the custom of the office: no article regulates letters of the makam

MARKS: dict[str, str] = {
    Confidentiality.SERVICE: "HİZMETE ÖZEL",
    Confidentiality.SECRET: "GİZLİ",
    Confidentiality.TOP_SECRET: "ÇOK GİZLİ",
    Urgency.URGENT: "ACELE",
    Urgency.DATED: "GÜNLÜDÜR",
}
"""The stored degree -> what is printed in red capitals."""

DEGREES = [
    Confidentiality.NONE,
    Confidentiality.SERVICE,
    Confidentiality.SECRET,
    Confidentiality.TOP_SECRET,
]
"""From the lowest to the highest."""

ARZ, RICA, ARZ_VE_RICA, SAYGI = "Arz ederim.", "Rica ederim.", "Arz ve rica ederim.", "Saygılarımla."
PERSONAL_CLOSINGS = (SAYGI, "İyi dileklerimle.", "Bilgilerinize sunulur.", "Bilgilerinize sunarım.")
"""How a letter to a person may end."""
