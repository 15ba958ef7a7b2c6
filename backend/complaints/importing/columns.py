"""Columns of an import file: known Turkish headers, or an explicit mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import Channel
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.errors import ErrorCode
from backend.core.table_reader.tables import TableError
from backend.core.words.text import clean, tr_tokens

_HEADERS: dict[str, str] = {
    "source_number": (
        "başvuru no; başvuru numarası; kayıt no; kayıt numarası; talep no; talep numarası; şikayet "
        "no; çağrı no; çağrı numarası; cimer no; cimer başvuru no; takip no; referans no; iş emri no; "
        "no; id"
    ),
    "registered_at": (
        "başvuru tarihi; kayıt tarihi; talep tarihi; çağrı tarihi; oluşturma tarihi; oluşturulma "
        "tarihi; geliş tarihi; müracaat tarihi; tarih; tarih saat; kayıt tarih saat; başvuru tarih ve "
        "saati"
    ),
    "registered_time": "başvuru saati; kayıt saati; çağrı saati; talep saati; saat",
    "kind": "başvuru türü; başvuru tipi; talep türü; talep tipi; kayıt türü; tür; türü; tip; tipi",
    "channel": "kanal; başvuru kanalı; geliş kanalı; kayıt kanalı; geliş şekli; başvuru yolu",
    "regime": "yasal rejim; mevzuat; başvuru mevzuatı",
    "priority": "öncelik; öncelik derecesi; aciliyet",
    "category": "kategori; konu kategorisi; alt kategori; alt konu; konu grubu; konu türü; hizmet konusu",
    "subject": (
        "konu; konusu; başlık; konu başlığı; özet; talep konusu; başvuru konusu; şikayet konusu; çağrı konusu"
    ),
    "body": (
        "açıklama; başvuru metni; metin; içerik; detay; talep metni; talep detayı; şikayet metni; "
        "mesaj; not; başvuru açıklaması; çağrı notu; talep; başvuru içeriği"
    ),
    "neighbourhood": "mahalle; mahallesi; mahalle adı; olay mahallesi",
    "place": (
        "olay yeri; olay adresi; adres; açık adres; adres tarifi; yer; konum; cadde sokak; sokak; "
        "talep adresi"
    ),
    "first_name": "ad; adı; isim; başvuran adı; vatandaş adı; arayan adı",
    "last_name": "soyad; soyadı; soyisim; başvuran soyadı; vatandaş soyadı; arayan soyadı",
    "full_name": (
        "ad soyad; adı soyadı; isim soyisim; ad ve soyad; başvuran; başvuru sahibi; vatandaş; arayan; "
        "başvuran adı soyadı; vatandaş adı soyadı; arayan kişi"
    ),
    "phone": (
        "telefon; telefon no; telefon numarası; cep telefonu; cep; gsm; cep no; arayan numara; arayan "
        "no; iletişim numarası; başvuran telefonu; tel"
    ),
    "email": "e-posta; eposta; e-posta adresi; e-mail; email; mail; elektronik posta",
    "address": (
        "ikamet adresi; ev adresi; başvuran adresi; vatandaş adresi; iletişim adresi; tebligat adresi"
    ),
    "identity_hidden": (
        "kimlik gizli; gizli kimlik; kimlik gizliliği; kimliğim gizli kalsın; gizli; gizli mi"
    ),
    "signature_given": "imza; imzalı; imzalı mı; e-imza",
    "status": "durum; durumu; başvuru durumu; kayıt durumu; talep durumu; şikayet durumu; iş durumu; statü; son durum",
    "outcome": "sonuç; sonucu; sonuç durumu; sonuç türü; başvuru sonucu",
    "replied_at": "cevap tarihi; cevaplama tarihi; cevaplanma tarihi; yanıt tarihi; yanıtlanma tarihi",
    "closed_at": (
        "kapanış tarihi; kapatma tarihi; kapatılma tarihi; kapanma tarihi; sonuçlanma tarihi; sonuç tarihi; "
        "tamamlanma tarihi; çözüm tarihi; bitiş tarihi"
    ),
    "cimer_due_on": (
        "cimer son tarih; son cevap tarihi; cevap son tarihi; cevaplama son tarihi; süre sonu; son gün"
    ),
}
FIELDS = tuple(_HEADERS)
HEADER_ROWS = 25  # a report may begin with a title, a logo row, filters


@dataclass(frozen=True)
class Profile:
    """A kind of source: how its cases come when the file is silent, and what its headers mean otherwise."""

    channel: Channel
    headers: Mapping[str, str] = field(default_factory=dict)


DEFAULT_SOURCE = "cagri-merkezi"
PROFILES = {
    DEFAULT_SOURCE: Profile(Channel.PHONE),
    "cimer": Profile(
        Channel.CIMER, {"adres": "address", "son tarih": "cimer_due_on", "basvuru konusu": "subject"}
    ),
}


def profile_of(source: str) -> Profile:
    """The profile of that name; any other source is like a call centre."""
    return PROFILES.get(source, PROFILES[DEFAULT_SOURCE])


@dataclass(frozen=True)
class Layout:
    """Where a field stands: field -> position, and the header as the file writes it."""

    positions: dict[str, int]
    headers: dict[str, str]
    unused: list[str]


def known_headers(source: str, mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Folded header -> field. `mapping` (header -> field, or "" for none) goes before everything else."""
    values = {tr_tokens(header): name for name, headers in _HEADERS.items() for header in headers.split(";")}
    values |= profile_of(source).headers
    for header, name in (mapping or {}).items():
        if name and name not in FIELDS:
            raise TableError(
                _("The mapping names “%(name)s”, which is no field. Fields are: %(fields)s.")
                % {"name": name, "fields": ", ".join(FIELDS)}
            )
        values[tr_tokens(clean(header))] = name
    return values


def find_layout(rows: Iterable[tuple[int, list[Any]]], known: Mapping[str, str]) -> tuple[int, Layout]:
    """(number of the header row, layout): the row among the first ones that names most fields.

    A heading that spans several rows (merged cells) counts for the columns below it that have none of their
    own. TableError if there is no row with a number and a text, naming what lacks.
    """
    best: tuple[int, int, Layout] = (0, 0, Layout({}, {}, []))
    above: list[str] = []
    for number, cells in rows:
        names = [clean(str(cell)) if cell is not None else "" for cell in cells]
        merged = [name or (above[i] if i < len(above) else "") for i, name in enumerate(names)]
        layout = _layout(merged, known)
        if len(layout.positions) > best[0]:
            best = (len(layout.positions), number, layout)
        above = merged
    count, number, layout = best
    if "source_number" not in layout.positions or not {"subject", "body"} & set(layout.positions):
        raise TableError(_missing(layout, count), ErrorCode.INVALID)
    return number, layout


def _missing(layout: Layout, count: int) -> Any:
    if not count:
        return _(
            "No header row was recognised. The file needs at least the columns “Başvuru No” and “Konu” or"
            " “Açıklama”, or a mapping that names them."
        )
    if "source_number" not in layout.positions:
        return _(
            "There is no column with the number of the application (“Başvuru No”). Without it a second import"
            " would add everything twice. Add it, or name it in the mapping."
        )
    return _("There is no column with the subject or the text (“Konu”, “Açıklama”). Name it in the mapping.")


def _layout(names: list[str], known: Mapping[str, str]) -> Layout:
    positions: dict[str, int] = {}
    headers: dict[str, str] = {}
    unused: list[str] = []
    for position, name in enumerate(names):
        field_name = known.get(tr_tokens(name), "") if name else ""
        if field_name and field_name not in positions:
            positions[field_name], headers[field_name] = position, name
        elif name:
            unused.append(name)
    return Layout(positions, headers, unused)


def filled(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    """Without the rows that hold nothing: sheets end with up to a million of them."""
    return ((number, cells) for number, cells in rows if any(c is not None and c != "" for c in cells))


_COLUMNS: dict[str, object] = {
    "full_name": _("name and surname"),
    "registered_time": _("time of registration"),
}


def column_text(name: str) -> str:
    """What a column of an import becomes, in the words of the case's and the citizen's own fields."""
    for model in (Complaint, Citizen):
        try:
            return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            continue
    return str(_COLUMNS.get(name, name))
