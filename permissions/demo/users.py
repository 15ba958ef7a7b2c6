"""The people of the demo: one for every role. Data only; `manage.py load_demo` makes the accounts.

Never in production: the passwords stand here.
"""

PASSWORD = "Ozelkalem-2027"  # noqa: S105 - the demo prints it

DEMO_USERS: tuple[tuple[str, str, str, str], ...] = (
    ("sekreter", "Elif", "Aksoy", "Özel Kalem Personeli"),
    ("ozelkalem", "Murat", "Yurdakul", "Özel Kalem Müdürü"),
    ("baskan", "Sevgi", "Alpaslan", "Belediye Başkanı"),
    ("baskanyrd", "Kemal", "Tandoğan", "Başkan Yardımcısı (Fen, Park, Temizlik)"),
    ("fenmudur", "Hakan", "Bozkurt", "Fen İşleri Müdürü"),
    ("fen", "Zeynep", "Ilgaz", "Fen İşleri personeli"),
    ("park", "Yusuf", "Çınar", "Park ve Bahçeler personeli"),
    ("ikimudurluk", "Gülşen", "Işık", "İki müdürlüğün personeli (Zabıta, Ruhsat ve Denetim)"),
    ("cagri", "Derya", "Şimşek", "Çağrı merkezi (Halkla İlişkiler)"),
    ("vekil", "İrfan", "Özgür", "Temizlik İşleri Müdür Vekili (vekâleten)"),
    ("bilgiislem", "Onur", "Ünlü", "Bilgi işlem (yönetici; başvuru görmez)"),
    ("portal", "Muhtar", "Portalı", "Portal hesabı (yalnız anahtarla, GraphQL)"),
)
"""(user name, name, surname, role)."""


def demo_users() -> list[tuple[str, str, str, str]]:
    """(user name, password, name, role in Turkish) of everybody who can sign in; the portal cannot."""
    return [
        (username, PASSWORD, f"{first} {last}", role)
        for username, first, last, role in DEMO_USERS
        if username != "portal"
    ]
