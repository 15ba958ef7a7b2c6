"""How a letter, a prestige sheet and a mail look with settings that are typed and not kept yet."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from backend.configuration import crest
from backend.configuration.office import configured, shown_with
from backend.letters import checking
from backend.letters.choices import Kind
from backend.letters.papers import rendering
from backend.organization.models import Department
from backend.outbox import mail
from backend.outbox.models import Message

WORDS = (
    "Bu, ayarlar sayfasındaki bir örnektir; kimseye gönderilmez.\n\nYazı başlığı, arma ve iletişim satırları"
    " kaydettiğinizde yeni yazılarda, iletilerde ve vatandaş sayfalarında böyle görünür."
)


def looks(values: Mapping[str, object]) -> dict[str, object]:
    """Pictures of two papers (base64), and a mail, with these values in force."""
    with shown_with(values), translation.override("tr"):
        pages = [_letter(Kind.OFFICIAL), _letter(Kind.THANKS)]
        sample = _mail()
    titles = (_("An official letter"), _("A prestige sheet"))
    return {"papers": list(zip(titles, pages, strict=True)), "mail": sample}


def _letter(kind: str) -> str:
    department = Department.objects.open().filter(is_private_office=True).first()
    sheet = checking.sheet(
        department, kind=kind, subject="Örnek yazı", salutation="Sayın Örnek KİŞİ,", body=WORDS
    )
    return base64.b64encode(rendering.pages(sheet)[0]).decode()


def _mail() -> SafeString:
    sample = Message(subject="Örnek ileti", body=f"Sayın Örnek Kişi,\n\n{WORDS}\n\nSaygılarımızla.")
    drawing = configured.MUNICIPALITY_CREST
    source = f"data:image/png;base64,{base64.b64encode(crest.png(drawing)).decode()}" if drawing else ""
    html = mail.html_of(sample, template="outbox/mail_sheet.html", crest=source)
    return mark_safe(html)  # noqa: S308 - a template drew it, which escapes
