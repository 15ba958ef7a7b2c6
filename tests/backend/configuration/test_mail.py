"""What a mail is made of: sender, answer, look, one button, and the QR code of an invitation."""

from __future__ import annotations

from email.header import decode_header, make_header

from django.conf import settings
from pytest_django.fixtures import Settings

from backend.outbox import mail
from backend.outbox.models import Message

HOME = settings.PUBLIC_URL


def message(body: str, **facts: str) -> Message:
    return Message(subject="Konu", body=body, address="ayse@example.org", **facts)


def test_a_mail_says_who_writes_and_where_an_answer_arrives(settings: Settings) -> None:
    settings.MUNICIPALITY_NAME = "Iğdır Belediyesi"
    made = mail.composed(message("Metin")).message()
    assert str(made["From"]).endswith("<ozelkalem@sancaktepe.example>")
    assert str(make_header(decode_header(str(made["From"])))).startswith("Iğdır Belediyesi Özel Kalem")
    assert made["Reply-To"] == "ozelkalem@sancaktepe.example"


def test_an_address_of_ours_on_its_own_line_is_a_button(db: None) -> None:
    html = mail.html_of(message(f"Buyurunuz:\n{HOME}/takip/#7G2K-0QXM-4TBN\nTakip kodunuz: 7G2K-0QXM-4TBN"))
    assert f'href="{HOME}/takip/#7G2K-0QXM-4TBN"' in html
    assert ">Başvurunuzu görüntüleyiniz</a>" in html
    assert "7G2K-0QXM-4TBN</p>" in html
    strange = mail.html_of(message("Bakınız:\nhttps://elsewhere.example/davet/x/"))
    assert "Katılımınızı" not in strange


def test_many_addresses_stay_a_list() -> None:
    lines = "\n".join(f"{HOME}/admin/complaints/complaint/{n}/" for n in range(5))
    assert "Sayfayı açınız" not in mail.html_of(message(lines))


def test_an_invitation_has_its_qr_and_is_a_card() -> None:
    made = mail.composed(
        message(f"Davet\n\n{HOME}/davet/abc-1.xyz/\n\nSaygılarımla", purpose="event_invitation")
    )
    html = made.alternatives[0].content  # type: ignore[attr-defined]
    assert 'src="cid:code"' in html
    assert "Georgia" in html
    pictures = [part for part in made.message().walk() if part.get_content_type() == "image/png"]
    assert [part["Content-ID"] for part in pictures] == ["<code>"]
    assert made.message().get_content_type() == "multipart/related"


def test_the_crest_goes_along_as_a_picture(settings: Settings) -> None:
    settings.MUNICIPALITY_CREST = str(settings.BASE_DIR / "permissions/demo/crest.svg")
    made = mail.composed(message("Metin"))
    assert 'src="cid:crest"' in made.alternatives[0].content  # type: ignore[attr-defined]
    assert [p["Content-ID"] for p in made.message().walk() if p.get_content_type() == "image/png"] == [
        "<crest>"
    ]
