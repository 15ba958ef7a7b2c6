"""Names, streets and telephone numbers of people who do not exist."""

from __future__ import annotations

from random import Random

from backend.core.words.text import tr_fold

FIRST_NAMES = (  # noqa: SIM905 - words are easier to read than a list
    "Ayşe Fatma Emine Hatice Zeynep Elif Meryem Şerife Sultan Hanife Merve Büşra Esra Özlem Songül "
    "Gülay Sevim Nurcan Çiğdem Şule İpek Ilgın Ümmühan Gönül Hülya Pınar Derya Tuğba Yasemin Kübra "
    "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Halil "
    "Süleyman Abdullah Mahmut Recep Salih Fatih Kadir Emre Hakan Adem Kemal Yaşar Bekir Musa Metin "
    "Orhan Uğur Işık Çağrı Barış Gökhan Volkan Sinan"
).split()
SECOND_NAMES = (  # noqa: SIM905 - words are easier to read than a list
    "Nur Gül Naz Su Can Efe Ali Emir Eren Sena"
).split()
LAST_NAMES = (  # noqa: SIM905 - words are easier to read than a list
    "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin "
    "Kara Koç Kurt Özkan Şimşek Polat Özcan Korkmaz Çakır Erdoğan Yavuz Can Acar Şen Aktaş Güler Yalçın "
    "Güneş Bozkurt Bulut Keskin Ünal Turan Gül Özer Işık Kaplan Avcı Sarı Tekin Taş Köse Yüksel Ateş "
    "Aksoy Ekinci Uçar Sönmez Dağ Karaca Tunç Ilıca Irmak İnce Oğuz Çoban Güven Soylu Toprak Ergin "
    "Duman Altun Bayram"
).split()
STREETS = (  # noqa: SIM905 - words are easier to read than a list
    "Gül, Lale, Menekşe, Papatya, Çınar, Ihlamur, Zambak, Sümbül, Begonya, Karanfil, Nergis, Akasya, "
    "Selvi, Çamlık, Yıldız, Güneş, Bahar, Huzur, Barış, Dostluk, Kardelen, Şelale, Pınar, Yayla, Fidan, "
    "Okul, Çeşme, İnci, Mercan, Ilgaz, Aladağ, Toros, Fırat"
).split(", ")
ROADS = (
    "Ulubatlı Hasan Caddesi",
    "Mimar Sinan Caddesi",
    "Eski Ankara Caddesi",
    "Orhangazi Caddesi",
    "Enderun Caddesi",
)
SPOTS = (
    "Okulun önünde",
    "Caminin yanında",
    "Parkın girişinde",
    "Sağlık ocağının karşısında",
    "Durağın hemen arkasında",
    "Marketin köşesinde",
    "Köprünün altında",
    "Pazar yerinin arkasında",
    "Bina girişimizin önünde",
    "Yokuşun başında",
    "Eczanenin karşısında",
    "Muhtarlığın yanında",
)
PHONE_PREFIX = "+90509"
"""Of 050x, BTK's numbering plan assigns 0501, 0505, 0506 and 0507 only: 0509 is unassigned, while its numbers
have the form of mobile numbers and pass their check."""


def full_name(random: Random) -> tuple[str, str]:
    first = random.choice(FIRST_NAMES)
    if random.random() < 0.15:
        first = f"{first} {random.choice(SECOND_NAMES)}"
    last = random.choice(LAST_NAMES)
    if random.random() < 0.04:
        last = f"{last} {random.choice(LAST_NAMES)}"
    return first, last


def street(random: Random) -> str:
    return random.choice(ROADS) if random.random() < 0.12 else f"{random.choice(STREETS)} Sokak"


def phone(random: Random) -> str:
    """E.164 number in an unassigned range."""
    return f"{PHONE_PREFIX}{random.randrange(10**7):07d}"


def email(first: str, last: str, random: Random) -> str:
    """An address under `.example`, to which nothing can be delivered (RFC 2606)."""
    name = ".".join(tr_fold(f"{first} {last}").split())
    return f"{name}{random.randrange(1000)}@posta.example"
