"""Mails made by us: honest ones as the programs of Turkish offices and citizens write them, and hostile ones.

Each recipe says what must come out. `notes` are exactly those; of the other attributes what is named.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backend.mailboxes.choices import Note

DATE = "Mon, 23 Nov 2026 10:15:00 +0300"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TURKISH = "Çağrı Işık, İğdır'da şöför; ıspanak güzel öğün"


@dataclass(frozen=True)
class Recipe:
    name: str
    raw: bytes
    notes: frozenset[Note] = frozenset()
    expected: dict[str, Any] = field(default_factory=dict)
    check: Callable[[Any], bool] | None = None


RECIPES: list[Recipe] = []


def recipe(
    name: str,
    raw: bytes,
    *notes: Note,
    check: Callable[[Any], bool] | None = None,
    **expected: Any,
) -> None:
    RECIPES.append(Recipe(name, raw, frozenset(notes), expected, check))


def head(
    subject: str = "Deneme",
    sender: str = "Ayse Yilmaz <ayse@posta.example>",
    without: tuple[str, ...] = (),
    **more: str,
) -> bytes:
    lines = {
        "From": sender,
        "To": "baskanlik@belediye.example",
        "Subject": subject,
        "Date": DATE,
        "Message-ID": "<1@posta.example>",
        "MIME-Version": "1.0",
    }
    lines |= {name.replace("_", "-"): value for name, value in more.items()}
    return "".join(f"{n}: {v}\r\n" for n, v in lines.items() if n not in without).encode()


def plain(body: str | bytes, charset: str = "utf-8", encoding: str = "8bit", **more: Any) -> bytes:
    content = body if isinstance(body, bytes) else body.encode(charset)
    if encoding == "base64":
        content = base64.encodebytes(content)
    elif encoding == "quoted-printable":
        content = quopri.encodestring(content)
    kind = f"text/plain; charset={charset}"
    return (
        head(**more)
        + f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + content
    )


def part(kind: str, body: bytes, *lines: str, encoding: str = "7bit") -> bytes:
    if encoding == "base64":
        body = base64.encodebytes(body)
    top = [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", *lines]
    return "\r\n".join(top).encode() + b"\r\n\r\n" + body


def multipart(kind: str, *parts: bytes, boundary: str = "b1", closed: bool = True, **more: Any) -> bytes:
    return head(**more) + within(kind, *parts, boundary=boundary, closed=closed)


def within(kind: str, *parts: bytes, boundary: str, closed: bool = True) -> bytes:
    body = b"".join(f"--{boundary}\r\n".encode() + one + b"\r\n" for one in parts)
    end = f"--{boundary}--\r\n".encode() if closed else b""
    return f'Content-Type: {kind}; boundary="{boundary}"\r\n\r\n'.encode() + body + end


def word(text: str, charset: str = "utf-8", way: str = "b") -> str:
    content = text.encode(charset)
    if way == "b":
        return f"=?{charset}?B?{base64.b64encode(content).decode()}?="
    coded = "".join(f"={byte:02X}" if byte > 126 or byte in b"=?_ " else chr(byte) for byte in content)
    return f"=?{charset}?Q?{coded}?="


TEXT = part("text/plain; charset=utf-8", b"Merhaba", encoding="8bit")
PAGE = part("text/html; charset=utf-8", b"<p>Merhaba <b>sayfa</b></p>", encoding="8bit")
PICTURE = part("image/png", PNG, 'Content-Disposition: attachment; filename="foto.png"', encoding="base64")


def one_file(name: str, kind: str = "application/pdf", content: bytes = b"%PDF-1.4 deneme") -> bytes:
    return part(kind, content, f"Content-Disposition: attachment; {name}", encoding="base64")


def names(mail: Any) -> list[str]:
    return [one.name for one in mail.parts]


# -- character sets --------------------------------------------------------------------------------------------
for charset in ("utf-8", "windows-1254", "iso-8859-9"):
    for way in ("8bit", "quoted-printable", "base64"):
        recipe(f"{charset} {way}", plain(TURKISH, charset, way), text=TURKISH)
recipe("utf-16", plain(TURKISH, "utf-16", "base64"), text=TURKISH)
recipe("utf-7", plain(TURKISH, "utf-7", "7bit"), text=TURKISH)
recipe(
    "capital name in quotes",
    plain(TURKISH, "windows-1254").replace(b"=windows-1254", b'="WINDOWS-1254"'),
    text=TURKISH,
)
recipe("x-windows-1254", plain(TURKISH, "windows-1254").replace(b"=windows", b"=x-windows"), text=TURKISH)
recipe(
    "latin-1 that is Turkish",
    plain(TURKISH, "windows-1254").replace(b"windows-1254", b"iso-8859-1"),
    text=TURKISH,
)
recipe(
    "western windows that is Turkish",
    plain(TURKISH, "windows-1254").replace(b"windows-1254", b"windows-1252"),
    text=TURKISH,
)
recipe(
    "utf-8 that is windows-1254",
    plain(TURKISH, "windows-1254").replace(b"windows-1254", b"utf-8"),
    Note.CHARSET_WRONG,
    text=TURKISH,
)
recipe(
    "iso-8859-9 that is utf-8",
    plain(TURKISH, "utf-8").replace(b"charset=utf-8", b"charset=iso-8859-9"),
    Note.CHARSET_WRONG,
    text=TURKISH,
)
recipe(
    "ascii that is utf-8",
    plain(TURKISH, "utf-8").replace(b"charset=utf-8", b"charset=us-ascii"),
    Note.CHARSET_WRONG,
    text=TURKISH,
)
recipe(
    "a character set that nobody knows",
    plain(TURKISH, "utf-8").replace(b"charset=utf-8", b"charset=turkce-8"),
    Note.CHARSET_WRONG,
    text=TURKISH,
)
recipe("no character set", plain(TURKISH, "utf-8").replace(b"; charset=utf-8", b""), text=TURKISH)
recipe(
    "a codec that is no character set",
    plain("merhaba é").replace(b"charset=utf-8", b"charset=unicode_escape"),
    Note.CHARSET_WRONG,
    text="merhaba é",
)
recipe(
    "a codec of bytes",
    plain("merhaba ğ").replace(b"charset=utf-8", b"charset=hex"),
    Note.CHARSET_WRONG,
    text="merhaba ğ",
)
recipe("smart quotes of windows", plain("“Işık” – 5 €", "windows-1254"), text="“Işık” – 5 €")
recipe("emoji", plain("Teşekkürler 🙏🏽👨‍👩‍👧"), text="Teşekkürler 🙏🏽👨‍👩‍👧")
recipe("decomposed letters are composed", plain("I\u0307s\u0327ik"), text="İşik")
recipe("NUL bytes", plain(b"mer\x00haba\x00"), text="merhaba")
recipe("marks that turn the direction", plain("fatura\u202egpj.exe"), text="faturagpj.exe")
recipe("byte order mark", plain(b"\xef\xbb\xbfMerhaba"), text="Merhaba")

# -- headers ---------------------------------------------------------------------------------------------------
recipe("subject in utf-8, base64", plain("x", subject=word(TURKISH)), subject=TURKISH)
recipe(
    "subject in windows-1254, quoted", plain("x", subject=word(TURKISH, "windows-1254", "q")), subject=TURKISH
)
recipe("subject in iso-8859-9", plain("x", subject=word("Işık", "iso-8859-9")), subject="Işık")
CUT = [base64.b64encode(piece).decode() for piece in ("aş".encode()[:2], "ş".encode()[1:])]
recipe(
    "a letter cut between two encoded words",
    plain("x", subject=f"=?utf-8?B?{CUT[0]}?=\r\n =?utf-8?B?{CUT[1]}?="),
    subject="aş",
)
recipe("subject in bare utf-8", plain("x", subject="Işıklar yanmıyor"), subject="Işıklar yanmıyor")
recipe(
    "subject in bare windows-1254",
    plain("x", subject="KONU").replace(b"KONU", "Işıklar yanmıyor".encode("cp1254")),
    subject="Işıklar yanmıyor",
)
recipe("subject over several lines", plain("x", subject="bir\r\n iki\r\n\tuç"), subject="bir iki uç")
recipe(
    "subject of broken base64", plain("x", subject="=?utf-8?B?abc?="), check=lambda mail: bool(mail.subject)
)
recipe("no subject", plain("x", without=("Subject",)), subject="")
recipe("a subject of ten thousand letters", plain("x", subject="ı" * 10_000), subject="ı" * 500)
recipe("emoji in the subject", plain("x", subject=word("Teşekkür 🙏")), subject="Teşekkür 🙏")
recipe(
    "a line break smuggled into the subject",
    plain("x", subject="=?utf-8?Q?Merhaba=0D=0ABcc:_herkes@posta.example?="),
    Note.HEADERS_STRANGE,
    subject="Merhaba Bcc: herkes@posta.example",
)
recipe(
    "a line break smuggled into the sender",
    plain("x", sender="=?utf-8?Q?Ali=0ATo:_b@c.example?= <a@posta.example>"),
    Note.HEADERS_STRANGE,
    from_name="Ali To: b@c.example",
    from_address="a@posta.example",
)
recipe(
    "two senders in two lines",
    b"From: baska@posta.example\r\n" + plain("x"),
    Note.HEADERS_STRANGE,
    from_address="baska@posta.example",
)
recipe(
    "a Turkish name", plain("x", sender=f"{word('İlker Ünal')} <ilker@posta.example>"), from_name="İlker Ünal"
)
recipe(
    "surname first, in quotes",
    plain("x", sender='"Ünal, İlker" <ilker@posta.example>'),
    from_name="Ünal, İlker",
)
recipe(
    "an address without a name",
    plain("x", sender="Ilker@Posta.Example"),
    from_address="ilker@posta.example",
    from_name="",
)
recipe(
    "an address of Turkish letters",
    plain("x", sender="<ışıl@örnek.example>"),
    from_address="ışıl@örnek.example",
)
recipe(
    "a name that is another's address",
    plain("x", sender='"baskan@belediye.example" <kotu@posta.example>'),
    from_address="kotu@posta.example",
)
recipe("no sender", plain("x", without=("From",)), Note.NO_FROM, from_address="")
recipe("an empty sender", plain("x", sender="<>"), Note.NO_FROM)
recipe("a sender that is none", plain("x", sender="bir kimse"), Note.NO_FROM, from_name="bir kimse")
recipe(
    "an unclosed sender",
    plain("x", sender='"Ali <ali@posta.example'),
    Note.HEADERS_STRANGE,
    from_address="ali@posta.example",
)
recipe(
    "a name that is another's address, without quotes",
    plain("x", sender="kurban@belediye.example <kotu@posta.example>"),
    Note.HEADERS_STRANGE,
    from_address="kotu@posta.example",
)
recipe(
    "two senders in a line",
    plain("x", sender="kurban@belediye.example, kotu@posta.example"),
    Note.HEADERS_STRANGE,
)
recipe(
    "a sender behind a quote within a comment",
    plain("x", sender='(") <kotu@posta.example> " <kurban@belediye.example>'),
    Note.HEADERS_STRANGE,
    from_address="kotu@posta.example",
)
recipe(
    "a name that is the address itself",
    plain("x", sender="ali@posta.example <ali@posta.example>"),
    from_address="ali@posta.example",
)
recipe(
    "a sender with a comment",
    plain("x", sender="ali@posta.example (Ali (Kaya) <b@c.example>)"),
    from_address="ali@posta.example",
)
recipe(
    "ten thousand recipients",
    plain("x", To=", ".join(f"a{n}@posta.example" for n in range(10_000))),
    check=lambda m: 0 < len(m.to_addresses) <= 50,
)
recipe(
    "copies",
    plain("x", Cc="Kalem <kalem+abc@belediye.example>"),
    to_addresses=["baskanlik@belediye.example", "kalem+abc@belediye.example"],
)
recipe("no date", plain("x", without=("Date",)), Note.DATE_UNREADABLE, sent_at=None)
recipe("a date that is none", plain("x", Date="dün akşam"), Note.DATE_UNREADABLE, sent_at=None)
recipe("a date of the year 9999", plain("x", Date="Fri, 31 Dec 9999 23:59:59 -1200"), Note.DATE_UNREADABLE)
recipe(
    "a date without a zone", plain("x", Date="Mon, 23 Nov 2026 10:15:00"), check=lambda m: m.sent_at.hour == 7
)
recipe("no Message-ID", plain("x", without=("Message-ID",)), Note.NO_MESSAGE_ID, message_id="")
recipe(
    "a Message-ID without brackets",
    plain("x", Message_ID="abc@posta.example"),
    message_id="abc@posta.example",
)
recipe(
    "references",
    plain("x", In_Reply_To="<b@c>", References="<a@c>\r\n <b@c> <b@c>"),
    in_reply_to="b@c",
    references=["a@c", "b@c"],
)
recipe(
    "ten thousand references",
    plain("x", References=" ".join(f"<{n}@c>" for n in range(10_000))),
    check=lambda m: len(m.references) == 50,
)
recipe(
    "what servers found",
    b"Authentication-Results: mx.belediye.example; spf=pass smtp.mailfrom=a; dkim=fail; dmarc=none\r\n"
    b"Authentication-Results: baska.example; spf=fail\r\n" + plain("x"),
    authentication=[
        ("mx.belediye.example", {"spf": "pass", "dkim": "fail", "dmarc": "none"}),
        ("baska.example", {"spf": "fail"}),
    ],
)

FOUND = {
    "in the address of the envelope": (
        'spf=pass smtp.mailfrom="dmarc=pass"@kotu.example; dmarc=fail',
        {"spf": "pass", "dmarc": "fail"},
    ),
    "behind a result": ("spf=pass smtp.mailfrom=dmarc=pass@kotu.example", {"spf": "pass"}),
    "in quotes with a semicolon": ('spf=pass smtp.mailfrom="a; dmarc=pass "@kotu.example', {"spf": "pass"}),
    "in a comment": ("spf=fail (a; dmarc=pass (b) ; dmarc=pass )", {"spf": "fail"}),
    "twice": ("dmarc=pass; dmarc=fail", {"dmarc": "fail"}),
    "of two signatures": (
        "dkim=fail header.d=liste.example; dkim=pass header.d=posta.example",
        {"dkim": "pass", "dmarc": "bestguesspass"},
    ),
    "of the sender's domain": (
        "spf=pass smtp.mailfrom=geri@donen.posta.example; dmarc=none",
        {"spf": "pass", "dmarc": "bestguesspass"},
    ),
    "of a domain that looks like it": ("spf=pass smtp.mailfrom=a@kotuposta.example", {"spf": "pass"}),
    "of two domains": ("dkim=pass header.d=kotu.example header.i=@posta.example", {"dkim": "pass"}),
}
for place, (results, verdicts) in FOUND.items():
    recipe(
        f"a result {place}",
        plain("x", Authentication_Results=f"mx.belediye.example; {results}"),
        authentication=[("mx.belediye.example", verdicts)],
    )
recipe(
    "results of a server without a name",
    plain("x", Authentication_Results="spf=pass (x) smtp.mailfrom=a.example; dmarc=pass action=none"),
    authentication=[("", {"spf": "pass", "dmarc": "pass"})],
)
recipe("lines without CR", plain("bir\r\niki").replace(b"\r\n", b"\n"), text="bir\niki")
recipe("a From line of a mailbox file", b"From ayse Mon Nov 23\r\n" + plain("x"), text="x")

# -- parts -----------------------------------------------------------------------------------------------------
recipe(
    "text and HTML",
    multipart("multipart/alternative", TEXT, PAGE),
    text="Merhaba",
    html="<p>Merhaba <b>sayfa</b></p>",
)
recipe("HTML alone", head() + PAGE, text="Merhaba sayfa", check=lambda m: "<b>" in m.html)
recipe(
    "HTML of windows-1254",
    head() + part("text/html; charset=windows-1254", "<p>Işık</p>".encode("cp1254"), encoding="8bit"),
    text="Işık",
    html="<p>Işık</p>",
)
recipe(
    "lines of HTML",
    head() + part("text/html", b"<div>bir</div><p>iki<br>&uuml;&ccedil;</p>"),
    text="bir\niki\nüç",
)
recipe(
    "a script, a style and a form",
    head()
    + part("text/html", b"<style>p{}</style><p onclick=x()>A</p><script>kotu()</script><form><input></form>"),
    text="A",
    html="<p>A</p>",
)
recipe(
    "a picture from the Internet",
    head() + part("text/html", b'<p>A<img src="https://izleyen.example/1.gif" alt="x"></p>'),
    Note.PICTURES_LEFT_OUT,
    html='<p>A<img alt="x"></p>',
)
recipe(
    "a link that acts",
    head() + part("text/html", b'<a href="javascript:x()">tikla</a>'),
    check=lambda m: "javascript" not in m.html,
    text="tikla",
)
recipe(
    "a picture within the text",
    multipart(
        "multipart/related",
        part("text/html", b'<p>Bak <img src="cid:resim1"></p>'),
        part(
            "image/png",
            PNG,
            "Content-ID: <resim1>",
            'Content-Disposition: inline; filename="image001.png"',
            encoding="base64",
        ),
    ),
    check=lambda m: (
        "cid:resim1" in m.html
        and m.parts[0].content_id == "resim1"
        and m.parts[0].is_inline
        and m.parts[0].content == PNG
    ),
)
recipe(
    "a photograph",
    multipart("multipart/mixed", TEXT, PICTURE),
    text="Merhaba",
    check=lambda m: m.parts[0].content == PNG and not m.parts[0].is_inline,
)
recipe("a photograph alone", head() + PICTURE, text="", check=lambda m: names(m) == ["foto.png"])
recipe(
    "a file named by RFC 2231",
    multipart("multipart/mixed", TEXT, one_file("filename*=UTF-8''%C3%96l%C3%A7%C3%BCm.pdf")),
    check=lambda m: names(m) == ["Ölçüm.pdf"],
)
recipe(
    "a file named in pieces",
    multipart(
        "multipart/mixed",
        TEXT,
        one_file("filename*0*=UTF-8''%C3%96l;\r\n filename*1*=%C3%A7%C3%BCm;\r\n filename*2=\".pdf\""),
    ),
    check=lambda m: names(m) == ["Ölçüm.pdf"],
)
recipe(
    "a file named by an encoded word",
    multipart("multipart/mixed", TEXT, one_file(f'filename="{word("Ölçüm.pdf", "windows-1254")}"')),
    check=lambda m: names(m) == ["Ölçüm.pdf"],
)
recipe(
    "a file named by bare utf-8",
    multipart("multipart/mixed", TEXT, one_file('filename="Ölçüm.pdf"')),
    check=lambda m: names(m) == ["Ölçüm.pdf"],
)
recipe(
    "a file that climbs",
    multipart("multipart/mixed", TEXT, one_file('filename="../../etc/passwd.pdf"')),
    check=lambda m: names(m) == ["passwd.pdf"],
)
recipe(
    "a file that climbs backwards",
    multipart("multipart/mixed", TEXT, one_file('filename="C:\\\\Windows\\\\a.pdf"')),
    check=lambda m: names(m) == ["a.pdf"],
)
recipe(
    "a text that is attached",
    multipart(
        "multipart/mixed",
        TEXT,
        part("text/plain", b"liste", 'Content-Disposition: attachment; filename="liste.txt"'),
    ),
    text="Merhaba",
    check=lambda m: names(m) == ["liste.txt"],
)
recipe(
    "two texts",
    multipart("multipart/mixed", TEXT, PICTURE, part("text/plain", b"Saygilar")),
    text="Merhaba\n\nSaygilar",
)
recipe(
    "an empty attachment",
    multipart("multipart/mixed", TEXT, one_file('filename="bos.pdf"', content=b"")),
    check=lambda m: m.parts == [],
)
recipe(
    "thirty megabytes",
    multipart(
        "multipart/mixed", TEXT, one_file('filename="film.mp4"', "video/mp4", b"\x00" * (30 * 1024 * 1024))
    ),
    text="Merhaba",
    check=lambda m: len(m.parts[0].content) == 30 * 1024 * 1024,
)
recipe(
    "winmail.dat",
    multipart(
        "multipart/mixed",
        TEXT,
        one_file('filename="winmail.dat"', "application/ms-tnef", b"\x78\x9f\x3e\x22"),
    ),
    Note.WINMAIL,
    text="Merhaba",
)
recipe(
    "an invitation to a calendar",
    multipart(
        "multipart/alternative",
        TEXT,
        part("text/calendar; method=REQUEST; charset=utf-8", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
    ),
    Note.CALENDAR,
    text="Merhaba",
    check=lambda m: m.parts[0].content_type == "text/calendar",
)
recipe(
    "signed by S/MIME",
    multipart(
        'multipart/signed; protocol="application/pkcs7-signature"',
        TEXT,
        one_file('filename="smime.p7s"', "application/pkcs7-signature"),
    ),
    Note.SIGNED,
    text="Merhaba",
    check=lambda m: m.parts == [],
)
recipe(
    "signed by PGP",
    multipart(
        'multipart/signed; protocol="application/pgp-signature"',
        TEXT,
        part("application/pgp-signature", b"-----BEGIN PGP SIGNATURE-----"),
    ),
    Note.SIGNED,
    text="Merhaba",
)
recipe(
    "signed around the content",
    head()
    + part('application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"', b"0\x80", encoding="base64"),
    Note.SIGNED,
    check=lambda m: names(m) == ["smime.p7m"],
)
recipe(
    "encrypted by S/MIME",
    head()
    + part(
        'application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"', b"0\x80", encoding="base64"
    ),
    Note.ENCRYPTED,
)
recipe(
    "encrypted by PGP",
    multipart(
        'multipart/encrypted; protocol="application/pgp-encrypted"',
        part("application/pgp-encrypted", b"Version: 1"),
    ),
    Note.ENCRYPTED,
    Note.NO_TEXT,
)
FORWARDED = part("message/rfc822", plain("Cukur var", sender="Can <can@posta.example>", subject="Yol"))
recipe(
    "a forwarded mail",
    multipart("multipart/mixed", TEXT, FORWARDED),
    Note.FORWARDED,
    check=lambda m: "Merhaba" in m.text and "Subject: Yol" in m.text and "Cukur var" in m.text,
)
NESTED = part("message/rfc822", multipart("multipart/mixed", TEXT, PICTURE, FORWARDED, boundary="b2"))
recipe(
    "forwarded twice, with a file",
    multipart("multipart/mixed", TEXT, NESTED),
    Note.FORWARDED,
    check=lambda m: "Cukur var" in m.text and names(m) == ["foto.png"],
)
recipe(
    "a delivery report",
    multipart(
        "multipart/report; report-type=delivery-status",
        TEXT,
        part("message/delivery-status", b"Reporting-MTA: dns; mx\r\n\r\nAction: failed\r\n"),
    ),
    text="Merhaba",
    check=lambda m: m.parts == [],
)

# -- broken and hostile ----------------------------------------------------------------------------------------
recipe("nothing", b"", Note.NO_FROM, Note.NO_MESSAGE_ID, Note.DATE_UNREADABLE, Note.NO_TEXT)
recipe("noise", bytes(range(256)) * 20, check=lambda m: Note.NO_FROM in m.notes)
recipe("a head alone", head(), Note.NO_TEXT)
recipe("an unclosed multipart", multipart("multipart/mixed", TEXT, closed=False), Note.BROKEN, text="Merhaba")
recipe(
    "a boundary that never comes",
    head() + b'Content-Type: multipart/mixed; boundary="yok"\r\n\r\nMerhaba',
    Note.BROKEN,
    text="Merhaba",
)
recipe(
    "a multipart without a boundary",
    head() + b"Content-Type: multipart/mixed\r\n\r\nMerhaba",
    Note.BROKEN,
    text="Merhaba",
)
recipe(
    "base64 that is none",
    head() + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nMerhaba!\r\n",
    check=lambda m: m.text != "",
)
recipe(
    "an encoding that nobody knows",
    head() + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uue-zip\r\n\r\nMerhaba",
    text="Merhaba",
)
recipe("a type that is none", head() + b"Content-Type: metin\r\n\r\nMerhaba", text="Merhaba")
recipe("an empty type", head() + b"Content-Type: ;;;\r\n\r\nMerhaba", text="Merhaba")
recipe(
    "a thousand parts",
    multipart("multipart/mixed", *([TEXT] * 1000)),
    Note.TOO_MANY_PARTS,
    check=lambda m: m.text.count("Merhaba") < 200,
)
deep = TEXT
for level in range(1000):
    deep = within("multipart/mixed", deep, boundary=f"d{level}")
recipe(
    "parts nested a thousand deep",
    head() + deep,
    check=lambda m: bool({Note.TOO_MANY_PARTS, Note.BROKEN} & set(m.notes)),
)
recipe(
    "HTML nested a hundred thousand deep",
    head() + part("text/html", b"<div>" * 100_000 + b"A"),
    text="A",
    html="",
)
recipe(
    "a million opening brackets", head() + part("text/html", b"<" * 1_000_000), html="", check=lambda m: True
)
recipe(
    "a picture of a million blanks",
    head() + part("text/html", b"<p>A</p><img src=" + b" " * 990_000 + b"x>"),
    text="A",
    check=lambda m: Note.PICTURES_LEFT_OUT not in m.notes,
)
recipe(
    "a page with half a letter of utf-7",
    plain("<p>A+2AA-B</p>", "utf-7", "7bit")
    .replace(b"text/plain", b"text/html")
    .replace(b"+-2AA-", b"+2AA-"),
    check=lambda m: m.subject == "Deneme" and m.from_address == "ayse@posta.example" and "A" in m.text,
)
recipe("a text of a megabyte", plain("a " * 500_000), Note.CUT, check=lambda m: len(m.text) <= 100_000)
recipe(
    "a million quoting signs",
    plain("Merhaba\n" + ">" * 500_000 + "\n" + ">\n" * 20_000),
    Note.CUT,
    check=lambda m: m.text.startswith("Merhaba"),
)
recipe("a line of a megabyte in the head", plain("x", X_Uzun="a" * 1_000_000), text="x")
recipe(
    "ten thousand lines in the head",
    b"".join(f"X-{n}: a\r\n".encode() for n in range(10_000)) + plain("x"),
    text="x",
)
recipe(
    "a type of a hundred thousand parameters",
    head() + b"Content-Type: text/plain" + b"; a=b" * 300_000 + b"\r\n\r\nMerhaba",
    text="Merhaba",
)

# -- quoted history --------------------------------------------------------------------------------------------
HISTORIES = {
    "Gmail in Turkish": "3 Kas 2026 Sal 10:15 tarihinde Özel Kalem <kalem@belediye.example> şunu yazdı:\n\n> Sayın",
    "Gmail over two lines": "3 Kas 2026 Sal 10:15 tarihinde Özel Kalem\n<kalem@belediye.example> şunu yazdı:\n\n>",
    "Apple in Turkish": "Özel Kalem <kalem@belediye.example> şunları yazdı (3 Kas 2026 10:15):\n\n> Sayın",
    "Outlook in Turkish": "Kimden: Özel Kalem\nGönderildi: 3 Kasım 2026 Salı 10:15\nKime: Ayşe\nKonu: Yanıt\n\nSayın",
    "Outlook with a rule": "________________________________\nGönderen: Özel Kalem\nTarih: 3 Kasım 2026\nSayın",
    "Outlook of old": "-----Orijinal Mesaj-----\nSayın",
    "English": "On Tue, Nov 3, 2026 at 10:15 AM Kalem <kalem@belediye.example> wrote:\n> Dear",
    "signs alone": "> Sayın\n> Ayşe\n\n> son",
}
for program, history in HISTORIES.items():
    text = f"Teşekkür ederim.\n\n{history}"
    recipe(f"history of {program}", plain(text), text=text, quoted_from=len("Teşekkür ederim.\n\n"))
recipe("an answer below the history", plain("> Sayın\n\nTeşekkürler"), quoted_from=None)
recipe("no history", plain("O gün bana yazdı ve gitti:\nSonra"), quoted_from=None)
