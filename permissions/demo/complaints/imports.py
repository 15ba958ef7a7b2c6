"""A file of the call centre that was brought and awaits its dry run: the demo's worker makes it."""

from __future__ import annotations

import io

from backend.complaints.file_import import FileImport
from backend.complaints.importing import bring
from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import User

ROWS = [
    ("Sokak lambası yanmıyor", "Elektrik direği iki gündür karanlık.", "Merve Mahallesi", "0532 000 00 01"),
    ("Çöp konteyneri taştı", "Pazar sonrası toplanmadı.", "Sarıgazi Mahallesi", "0532 000 00 02"),
    ("Park bankı kırık", "Çocuk parkındaki bank.", "Emek Mahallesi", "telefon yok"),
]


def load() -> None:
    """Bring it once."""
    with system():
        if FileImport.objects.exists():
            return
        lines = ["Başvuru No;Tarih;Konu;Açıklama;Mahalle;Ad Soyad;Telefon"]
        for number, (subject, body, place, phone) in enumerate(ROWS, start=1):
            lines.append(
                f"CM-{number};{today():%d.%m.%Y};{subject};{body};{place};Deneme Kişi {number};{phone}"
            )
        lines.append(f"CM-4;yarın;Yol çökmesi;Yağmurdan sonra çöktü.;Fatih Mahallesi;;{''}")
        file = io.BytesIO("\r\n".join(lines).encode("cp1254"))
        secretary = User.objects.get(username="sekreter")
        bring(file, name="cagri-merkezi.csv", source="cagri-merkezi", by=secretary)
