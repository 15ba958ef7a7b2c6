"""A mail as its sender formatted it: in a frame that runs nothing and loads nothing from elsewhere."""

from __future__ import annotations

import re

from django.utils import timezone

from backend.core.session import system
from backend.mailboxes import intake
from backend.mailboxes.models import InboundFile, InboundMessage
from tests.backend.mailboxes.corpus import PNG
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.cast import Cast, signed_in

LIST = "/admin/mailboxes/inboundmessage/"
HTML = """<html><head><style>p{color:red}</style><script>alert(1)</script></head><body onload="alert(2)">
<p style="position:fixed">Çukur <b>burada</b>:</p><img src="cid:foto%40posta" alt="Çukurun fotoğrafı">
<img src="cid:yok@posta" alt="Olmayan"><img src="https://izleyen.example/a.gif" alt="Uzak">
<a href="/accounts/logout/">çıkış</a> <a href="//baska.example/x">yan</a> <a href="https://harita.example/1">harita</a>
<form action="https://kotu.example/"><input name="parola"><button>Gönder</button></form><iframe src="https://a.example"></iframe>
<svg><script>alert(3)</script></svg><a href="javascript:alert(4)">tuzak</a></body></html>"""
RAW = (
    "From: Işıl <isil@posta.example>\r\nSubject: Çukur\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; boundary="x"\r\n\r\n'
    f"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{HTML}\r\n"
    "--x\r\nContent-Type: image/png\r\nContent-ID: <foto@posta>\r\nContent-Disposition: inline; filename=foto.png\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\n{picture}\r\n--x--\r\n"
)


def kept(cast: Cast) -> InboundMessage:
    import base64

    raw = RAW.replace("{picture}", base64.encodebytes(PNG).decode()).encode()
    with system():
        row = intake.keep(make_mailbox(cast.office), raw, uid_validity=1, uid=1, received_at=timezone.now())
    assert row is not None
    return row


def address(row: InboundMessage) -> str:
    return f"{LIST}{row.key}/formatted/"


def test_the_text_stands_first_and_the_formatted_mail_in_a_sealed_frame(cast: Cast) -> None:
    row = kept(cast)
    page = signed_in(cast.secretary).get(f"{LIST}{row.key}/change/").content.decode()
    assert page.index('class="ok-body"') < page.index("<iframe")
    frame = re.search(r"<iframe[^>]*>", page)
    assert frame is not None
    assert address(row) in frame[0]
    assert 'sandbox="allow-same-origin allow-popups' in frame[0]
    assert "allow-scripts" not in frame[0]
    assert "izleyen.example" not in page


def test_it_runs_nothing_and_loads_its_own_pictures_alone(cast: Cast) -> None:
    row = kept(cast)
    secretary = signed_in(cast.secretary)
    answer = secretary.get(address(row))
    text = answer.content.decode()
    with system():
        file = InboundFile.objects.get(mail=row)
    sources = re.findall(r'src="([^"]*)"', text)
    assert sources == [f"/files/{file.key}/picture/"]
    assert secretary.get(sources[0])["Content-Type"] == "image/png"
    assert "Çukurun fotoğrafı" in text
    assert "Olmayan" in text, "one that did not come along is its words"
    links = re.findall(r'<a href="([^"]*)"', text)
    assert links == ["https://harita.example/1"]
    for part in (
        "<script",
        "alert(",
        "onload",
        "<form",
        "<input",
        "<iframe",
        "izleyen",
        "position",
        "color:red",
    ):
        assert part not in text
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src 'self'; style-src 'self'")
    assert "sandbox allow-same-origin" in policy
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy
    assert (answer["X-Frame-Options"], answer["Referrer-Policy"]) == ("SAMEORIGIN", "no-referrer")


def test_a_plain_mail_has_none_and_another_unit_sees_none(cast: Cast) -> None:
    plain = make_mail(make_mailbox(cast.office))
    secretary = signed_in(cast.secretary)
    assert "<iframe" not in secretary.get(f"{LIST}{plain.key}/change/").content.decode()
    assert secretary.get(address(plain)).status_code == 404
    assert signed_in(cast.fen_clerk).get(address(kept(cast))).status_code == 404
