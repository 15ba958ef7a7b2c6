"""Letters on the screen: written beside their paper, signed, registered, sent; incoming ones; templates."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from backend.core.session import system
from backend.journal.models import AccessLog
from backend.letters.actions.templates import save_template
from backend.letters.actions.writing import Initialling, Recipient
from backend.letters.models import Addressee, Letter, Phrase, Substitution
from permissions.core import scope
from tests.cast import Cast, signed_in
from tests.factories import (
    issue_letter,
    make_body,
    make_citizen,
    make_file_code,
    make_letter,
    make_organisation,
    make_request,
    receive_letter,
    refetch,
)

NEW = "/admin/letters/letter/new/"
ROWS = ("addressees", "references", "annexes", "steps")


def _typed(**given: Any) -> dict[str, Any]:
    """What the composer sends: one row each unless told otherwise."""
    found: dict[str, Any] = {}
    for name in ROWS:
        rows = given.pop(name, [])
        found |= {f"{name}-TOTAL_FORMS": max(1, len(rows)), f"{name}-INITIAL_FORMS": 0}
        for i, row in enumerate(rows):
            found |= {f"{name}-{i}-{key}": value for key, value in row.items()}
    return {"kind": "OFFICIAL", "office": "MAYOR", "capacity": "OWN", **found, **given}


def _url(letter: Letter, name: str = "change", *more: str) -> str:
    return reverse(f"admin:letters_letter_{name}", args=[letter.key, *more])


def _page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast.secretary)


def test_a_letter_is_written_beside_its_paper(cast: Cast, secretary: Client) -> None:
    make_body("kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True)
    make_file_code()
    assert f'href="{NEW}?kind=OFFICIAL"' in _page(secretary, NEW), "first it is chosen what is written"
    text = _page(secretary, f"{NEW}?kind=OFFICIAL")
    assert "data:image/png;base64," in text
    assert "Yazının muhatabı yok." not in text, "an empty sheet is not found fault with"
    tried = secretary.post(NEW, _typed(look="1")).content.decode()
    assert "Yazının muhatabı yok." in tried
    typed = _typed(
        subject="Park Talebi",
        body="Yer tahsisi talep edilmektedir.",
        closing="Gereğini arz ederim.",
        file_code="752",
        signatory="baskan",
        signatory_title="Belediye Başkanı",
        addressees=[{"who": "kaymakamlık"}],
        annexes=[{"title": "Kroki", "measure": "1 sayfa"}],
        steps=[{"person": "ozelkalem.mudur"}],
        done="1",
    )
    drawn = secretary.post(f"{NEW}", typed | {"look": "1"}).content.decode()
    assert "bulgu yok" in drawn
    with system():
        assert not Letter.objects.exists()
    response = secretary.post(NEW, typed)
    assert response.status_code == 302
    with system():
        letter = Letter.objects.get()
        assert [str(one) for one in letter.addressees.all()] == ["Sancaktepe Kaymakamlığı"]
        assert letter.addressees.get().body is not None
        assert letter.signatory == cast.mayor
        assert [step.person for step in letter.steps.all()] == [cast.office_head]
    assert "Sancaktepe Kaymakamlığı" in _page(secretary, response["Location"])


def test_the_paper_and_the_checker_follow_what_is_typed(cast: Cast, secretary: Client) -> None:
    typed = _typed(
        subject="Park talebi.", addressees=[{"who": cast.fen.name}], closing="Gereğini arz ederim."
    )
    text = secretary.post("/admin/letters/letter/preview/", typed).content.decode()
    assert "Konunun sonuna nokta konmaz." in text
    assert "Rica ederim." in text
    assert "m. 16/12" in text
    assert text.count("data:image/png") == 1


def test_a_new_condolence_is_proposed_with_its_own_closing_and_the_mayor_signs(secretary: Client) -> None:
    page = secretary.get("/admin/letters/letter/new/?kind=CONDOLENCE").content.decode()
    assert "Önerilen kapanış: Saygılarımla" in page
    assert "Önerilen kapanış: Arz" not in page
    assert "İmzalayanın adı ve unvanı belirtilmemiş" not in page
    official = secretary.get("/admin/letters/letter/new/?kind=OFFICIAL").content.decode()
    assert "Önerilen kapanış: Arz ederim" in official


def test_what_cannot_be_is_told_and_what_was_typed_stays(secretary: Client) -> None:
    text = secretary.post(NEW, _typed(kind="NOTHING", subject="Kalan konu")).content.decode()
    assert "Kalan konu" in text
    with system():
        assert not Letter.objects.exists()


def test_writing_on_asks_for_the_version_that_was_seen(cast: Cast, secretary: Client) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    typed = _typed(subject="Yeni Konu", addressees=[{"who": "Sancaktepe Kaymakamlığı"}], version="1")
    assert secretary.post(_url(letter, "write"), typed).status_code == 302
    assert refetch(letter).subject == "Yeni Konu"
    text = secretary.post(_url(letter, "write"), typed | {"subject": "Eski"}).content.decode()
    assert "siz açtıktan sonra değişti" in text
    assert refetch(letter).subject == "Yeni Konu"


def test_from_the_draft_to_the_delivery(cast: Cast, secretary: Client) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    mayor = signed_in(cast.mayor)
    for client, verb in ((secretary, "submit"), (mayor, "sign"), (secretary, "register")):
        page = _page(client, f"{_url(letter)}?do={verb}")
        assert f"/{verb}/" in page
        assert client.post(_url(letter, "act", verb), {}).status_code == 302
    letter = refetch(letter)
    assert letter.reference.startswith("GD-")
    assert letter.document_number == ""
    waiting = _page(secretary, _url(letter))
    assert "EBYS sayısı bekleniyor" in waiting
    assert "?do=dispatch" not in waiting
    number = {"number": "E-24312041-752-9912", "on": str(letter.registered_on)}
    assert secretary.post(_url(letter, "act", "record_number"), number).status_code == 302
    letter = refetch(letter)
    assert letter.document_number in _page(secretary, _url(letter))
    assert secretary.get(reverse("letter_paper", args=[letter.key]))["Content-Type"] == "application/pdf"
    with system():
        key = str(letter.addressees.get().key)
    sent = {"addressee": key, "means": "KEP"}
    refused = secretary.post(_url(letter, "act", "dispatch"), sent).content.decode()
    assert "KEP ileti numarasını yazınız" in refused
    assert secretary.post(_url(letter, "act", "dispatch"), sent | {"proof": "hs01-1"}).status_code == 302
    assert refetch(letter).status == "SENT"
    assert "KEP" in _page(secretary, _url(letter))


def test_a_faulty_letter_is_not_put_forward_and_the_faults_stand_on_its_page(
    cast: Cast, secretary: Client
) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, closing="Gereğini rica ederim.")
    assert "Kapanış muhataba uygun değil" in _page(secretary, _url(letter))
    text = secretary.post(_url(letter, "act", "submit"), {}, follow=True).content.decode()
    assert "Arz ederim." in text
    assert refetch(letter).status == "DRAFT"


def test_an_incoming_letter_is_registered_referred_and_answered(cast: Cast, secretary: Client) -> None:
    make_body("kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True)
    given = {
        "body_of_sender": "kaymakamlik",
        "sender_number": "E-11111111-010-5",
        "subject": "Görüş Talebi",
        "received_on": "2026-11-20",
        "asks_for": "OPINION",
        "confidentiality": "NONE",
        "to": ["fen-isleri"],
    }
    response = secretary.post("/admin/letters/letter/receive/", given)
    assert response.status_code == 302
    text = _page(secretary, response["Location"])
    assert "GL-" in text
    assert "11.12.2026" in text
    again = secretary.post("/admin/letters/letter/receive/", given).content.decode()
    assert "zaten kaydedilmiştir" in again
    with system():
        letter = Letter.objects.get()
    assert signed_in(cast.fen_clerk).get(_url(letter)).status_code == 200
    assert signed_in(cast.park_clerk).get(_url(letter)).status_code == 404
    answer = secretary.post(_url(letter, "act", "reply"), {})
    assert answer["Location"].endswith("/write/")
    assert "E-11111111-010-5" in _page(secretary, answer["Location"])


def test_the_list_has_what_waits_for_me(cast: Cast, secretary: Client) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Ağaç Bakımı")
    secretary.post(_url(letter, "act", "submit"), {})
    receive_letter(cast.office, by=cast.secretary, subject="Gelen Yazı")
    mine = _page(signed_in(cast.mayor), "/admin/letters/letter/?tab=turn")
    assert "Ağaç Bakımı" in mine
    assert "Gelen Yazı" not in mine
    assert "Gelen Yazı" in _page(secretary, "/admin/letters/letter/?tab=open")
    assert "Ağaç Bakımı" in _page(secretary, "/admin/letters/letter/?tab=all&q=agac")


def test_a_template_is_filled_in_and_begins_a_letter(cast: Cast, secretary: Client) -> None:
    with system():
        row = save_template(
            by=None,
            name="Taziye",
            kind="CONDOLENCE",
            salutation="Sayın {{ad}} {{SOYAD}},",
            body="Vefat haberini üzüntüyle aldığım {{vefat eden}} için sabır dilerim.",
            closing="Saygılarımla.",
        )
    page = f"/admin/letters/lettertemplate/{row.key}/change/"
    assert "Vefat Eden" in _page(secretary, page)
    given = {"place_0": "Ayşe", "place_1": "Işık", "place_2": "Yiğit Işık", "address": "Emek Mah."}
    response = secretary.post(page, given)
    assert response.status_code == 302
    with system():
        letter = Letter.objects.get()
        assert letter.salutation == "Sayın Ayşe IŞIK,"
        assert letter.addressees.get().surname == "Işık"
        assert letter.signatory == cast.mayor
    assert "bulgu yok" in _page(secretary, response["Location"])
    assert signed_in(cast.park_clerk).get("/admin/letters/lettertemplate/new/").status_code in (403, 404)
    bad = {"name": "X", "kind": "THANKS", "body": "{{ settings.SECRET_KEY }}"}
    assert "alan adı değildir" in secretary.post("/admin/letters/lettertemplate/new/", bad).content.decode()


def test_an_answer_that_comes_in_is_tied_to_our_letter(cast: Cast, secretary: Client) -> None:
    ours = issue_letter(
        make_letter(cast.office, cast.mayor, by=cast.secretary), by=cast.secretary, signatory=cast.mayor
    )
    with system():
        Letter.objects.filter(pk=ours.pk).update(status="SENT")
    given = {"sender": "Sancaktepe Kaymakamlığı", "subject": "Cevap", "received_on": "2026-11-20"}
    given |= {"asks_for": "NONE", "confidentiality": "NONE", "our_number": "yok"}
    page = "/admin/letters/letter/receive/"
    assert "Bu sayılı yazımız yok" in secretary.post(page, given).content.decode()
    secretary.post(page, given | {"our_number": ours.document_number})
    with system():
        assert Letter.objects.get(register="INCOMING").answers == ours
    assert "GL-" in _page(secretary, _url(ours))


def test_the_office_records_who_signs_in_whose_place(cast: Cast, secretary: Client) -> None:
    page = "/admin/letters/letter/substitutes/"
    days = {"valid_from": "2026-12-01", "valid_until": "2026-12-05"}
    given = {"person": "baskan", "substitute": "baskan.yardimcisi", **days}
    assert secretary.post(page, given).status_code == 302
    with system():
        row = Substitution.objects.get()
    assert (row.person, row.substitute, row.made_by) == (cast.mayor, cast.deputy_mayor, cast.secretary)
    refused = secretary.post(page, given | {"substitute": "baskan"}).content.decode()
    assert "kendisine vekâlet edemez" in refused
    assert '<form method="post" class="ok-form' not in _page(signed_in(cast.park_clerk), page)


def test_anybody_verifies_a_sealed_paper_and_learns_nothing_more(cast: Cast, certificate: Path) -> None:
    letter = issue_letter(
        make_letter(cast.office, cast.mayor, by=cast.secretary), by=cast.secretary, signatory=cast.mayor
    )
    page = Client().get(f"/belge/{letter.verification}/").content.decode()
    assert letter.document_number in page
    assert "Park Talebi" in page
    assert "Emek Mahallesinde" not in page
    assert "Kaymakamlığı" not in page
    secret = issue_letter(
        make_letter(
            cast.office, cast.mayor, by=cast.secretary, confidentiality="SERVICE", subject="Gizli Konu"
        ),
        by=cast.secretary,
        signatory=cast.mayor,
    )
    page = Client().get(f"/belge/{secret.verification}/").content.decode()
    assert secret.document_number in page
    assert "Gizli Konu" not in page
    assert Client().get("/belge/2222222222222222/").status_code == 404
    assert "kod" in Client().post("/belge/", {"code": "x"}).content.decode()
    spaced = f"{letter.verification[:8]} {letter.verification[8:].lower()}"
    assert letter.document_number in Client().post("/belge/", {"code": spaced}).content.decode()


def test_to_whom_it_is_nothing_it_does_not_exist(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    client = signed_in(cast.park_clerk)
    for path in (
        _url(letter),
        _url(letter, "write"),
        reverse("letter_paper", args=[letter.key]),
    ):
        assert client.get(path).status_code == 404


def test_what_waits_stands_on_the_desk_of_whose_turn_it_is(cast: Cast, secretary: Client) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Ağaç Bakımı")
    assert "Sizi bekleyen yazılar" not in _page(signed_in(cast.mayor), "/admin/")
    secretary.post(_url(letter, "act", "submit"), {})
    desk = _page(signed_in(cast.mayor), "/admin/")
    assert "Sizi bekleyen yazılar" in desk
    assert "Ağaç Bakımı" in desk
    assert "Sizi bekleyen yazılar" not in _page(secretary, "/admin/")
    receive_letter(cast.office, by=cast.secretary, subject="Görüş", asks_for="OPINION", to=[cast.fen])
    for reader in (cast.secretary, cast.fen_clerk):
        assert "Cevaplanacak yazılar" in _page(signed_in(reader), "/admin/")
    assert "Cevaplanacak yazılar" not in _page(signed_in(cast.park_clerk), "/admin/")


def test_what_comes_of_a_row_is_linked_on_both_pages_for_who_sees_both(cast: Cast, secretary: Client) -> None:
    asked = make_request(cast.mayors, "okul ziyareti", applicant=make_citizen("Ali", "Işık"))
    page = reverse("admin:appointments_appointmentrequest_change", args=[asked.key])
    begin = reverse("admin:letters_letter_make", args=["request", asked.key])
    assert begin in _page(secretary, page)
    began = secretary.post(begin)
    assert began.status_code == 302
    with system():
        letter = Letter.objects.latest("pk")
    assert began["Location"] == _url(letter, "write")
    assert "Okul Ziyareti" in _page(secretary, page)
    assert page in _page(secretary, _url(letter))
    assert signed_in(cast.fen_clerk).post(begin).status_code == 404
    assert secretary.get(begin).status_code == 404


def test_a_citizen_is_written_to_from_their_page(cast: Cast, secretary: Client) -> None:
    person = make_citizen("Ali", "Işık")
    begin = reverse("admin:letters_letter_make", args=["citizen", person.key])
    assert begin in _page(secretary, reverse("admin:contacts_citizen_change", args=[person.key]))
    began = secretary.post(begin)
    with system():
        letter = Letter.objects.get()
        assert (letter.addressees.get().citizen, letter.salutation) == (person, "Sayın Ali IŞIK,")
    assert began["Location"] == _url(letter, "write")
    assert signed_in(cast.fen_clerk).post(begin).status_code == 404


def test_an_instruction_is_given_on_a_letter_that_came_in(cast: Cast, secretary: Client) -> None:
    came = receive_letter(cast.office, by=cast.secretary, subject="Ağaçlandırma", to=[cast.park])
    new = f"{reverse('admin:instructions_instruction_new')}?letter={came.key}"
    assert new in _page(secretary, _url(came))
    assert "Ağaçlandırma" in _page(secretary, new)
    once = re.search(r'name="once" value="([^"]+)"', _page(secretary, new))[1]  # type: ignore[index]
    typed = {
        "once": once,
        "principal": str(cast.mayors.key),
        "text": "Fidan dikilsin.",
        "department": cast.park.code,
        "priority": "NORMAL",
        "setting": "LETTER",
        "form": "WRITTEN",
    }
    made = secretary.post(new, typed)
    assert made.status_code == 302, re.findall(r"ok-error[^<]*<?[^<]*", made.content.decode())
    assert _url(came) in _page(secretary, made["Location"])
    assert "Fidan dikilsin." in _page(secretary, _url(came))
    # The department has both; another has neither, and the letter is no way to the instruction.
    assert "Fidan dikilsin." in _page(signed_in(cast.park_clerk), _url(came))


def test_a_letter_goes_to_all_its_departments_by_one_press(cast: Cast, secretary: Client) -> None:
    to = [Recipient(department=one) for one in (cast.fen, cast.park)]
    letter = make_letter(
        cast.office, cast.mayor, by=cast.secretary, addressees=to, closing="Gereğini rica ederim."
    )
    letter = issue_letter(letter, by=cast.secretary, signatory=cast.mayor)
    assert "bütün müdürlüklere" in _page(secretary, f"{_url(letter)}?do=dispatch")
    secretary.post(_url(letter, "act", "dispatch"), {"addressee": "", "means": "SYSTEM"})
    with system():
        letter.refresh_from_db()
        assert letter.status == "SENT"
        assert set(letter.addressees.values_list("means", flat=True)) == {"SYSTEM"}


def test_what_goes_out_by_hand_is_listed_and_printed(cast: Cast, secretary: Client) -> None:
    for word, degree in (("Kroki", "NONE"), ("Gizli Konu", "SERVICE")):
        letter = make_letter(cast.office, cast.mayor, by=cast.secretary, subject=word, confidentiality=degree)
        letter = issue_letter(letter, by=cast.secretary, signatory=cast.mayor)
        with scope.session(cast.secretary):
            to = str(letter.addressees.get().key)
        by_hand = {"addressee": to, "means": "HAND", "proof": ""}
        assert secretary.post(_url(letter, "act", "dispatch"), by_hand).status_code == 302
    shown = _page(secretary, reverse("admin:letters_letter_handed"))
    assert "Kroki" in shown
    assert letter.document_number in shown
    assert "Bu gün elden verilen yazı yok." in _page(
        secretary, reverse("admin:letters_letter_handed") + "?day=2026-01-02"
    )
    wrong = _page(secretary, reverse("admin:letters_letter_handed") + "?day=31.02.2026")
    assert "“31.02.2026” bir gün değil; bugün gösteriliyor." in wrong
    printed = secretary.get(reverse("admin:letters_letter_handed_pdf"))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
    assert "SANCAKTEPE KAYMAKAMLIĞINA" in text
    assert "Kroki" in text
    assert "Gizli Konu" not in text
    assert letter.document_number in text
    assert letter.document_number not in _page(
        signed_in(cast.park_clerk), reverse("admin:letters_letter_handed")
    )


def test_the_order_of_initials_is_changed_by_their_places(cast: Cast, secretary: Client) -> None:
    steps = [Initialling(cast.office_head), Initialling(cast.deputy_mayor)]
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, steps=steps)
    typed = {
        "kind": "OFFICIAL",
        "version": letter.version,
        "addressees-TOTAL_FORMS": 0,
        "addressees-INITIAL_FORMS": 0,
        "references-TOTAL_FORMS": 0,
        "references-INITIAL_FORMS": 0,
        "annexes-TOTAL_FORMS": 0,
        "annexes-INITIAL_FORMS": 0,
        "steps-TOTAL_FORMS": 2,
        "steps-INITIAL_FORMS": 2,
        "steps-0-place": 2,
        "steps-0-person": cast.office_head.username,
        "steps-1-place": 1,
        "steps-1-person": cast.deputy_mayor.username,
    }
    assert secretary.post(_url(letter, "write"), typed).status_code == 302
    with system():
        assert [one.person for one in letter.steps.order_by("position")] == [
            cast.deputy_mayor,
            cast.office_head,
        ]


def test_every_sheet_of_a_letter_is_on_its_page(cast: Cast, secretary: Client) -> None:
    letter = make_letter(
        cast.office, cast.mayor, by=cast.secretary, body="Uzun bir metin yazılmıştır. " * 400
    )
    page = _page(secretary, _url(letter))
    assert page.count('src="data:image/png') >= 2


def test_a_template_is_seen_on_paper_while_it_is_filled_in_and_while_it_is_written(
    cast: Cast, secretary: Client
) -> None:
    with system():
        row = save_template(
            by=None,
            name="Taziye",
            kind="CONDOLENCE",
            salutation="{{hitap}}",
            body="{{kim}} için sabır dilerim. {{#kadın}}Merhumenin{{/kadın}}{{^kadın}}Merhumun{{/kadın}} yakınlarına.",
            closing="Saygılarımla.",
        )
    listed = _page(secretary, "/admin/letters/lettertemplate/")
    page = f"/admin/letters/lettertemplate/{row.key}/change/"
    assert page in listed
    shown = _page(secretary, page)
    assert 'type="checkbox" name="place_4"' in shown
    assert "Denetim, metin yazılınca başlar." in shown  # no fault before the first word
    begun = secretary.post(f"/admin/letters/lettertemplate/{row.key}/preview/", {"place_0": "Ali"})
    assert "{{kim}}" in begun.content.decode()  # what is missing is said
    typed = {"place_0": "Ali", "place_1": "Işık", "place_2": "", "place_3": "Babanız"}
    drawn = secretary.post(f"/admin/letters/lettertemplate/{row.key}/preview/", typed).content.decode()
    assert "bulgu yok" in drawn
    assert "data:image/png" in drawn
    written = {"kind": "CONDOLENCE", "salutation": "{{hitap}}", "body": "{{kim}} için."}
    drawn = secretary.post("/admin/letters/lettertemplate/preview/", written).content.decode()
    assert "data:image/png" in drawn
    wrong = secretary.post("/admin/letters/lettertemplate/preview/", written | {"body": "{% x %}"})
    assert "{%" in wrong.content.decode()
    assert "data:image/png" not in wrong.content.decode()


def test_the_library_of_words_is_kept_on_its_pages(cast: Cast, secretary: Client) -> None:
    new = {
        "part": "CLOSING",
        "closing": "SAYGI",
        "text": "Saygılarımla.",
        "position": "10",
        "valid_from": "2026-01-01",
        "source": "m.16/12",
    }
    assert secretary.post("/admin/letters/phrase/new/", new).status_code == 302
    listed = _page(secretary, "/admin/letters/phrase/")
    assert "Saygılarımla." in listed
    with system():
        key = Phrase.objects.get().key
    assert f"/admin/letters/phrase/{key}/change/" in listed
    ended = secretary.post(f"/admin/letters/phrase/{key}/change/", new | {"valid_to": "2026-01-31"})
    assert ended.status_code == 302
    assert "Saygılarımla." not in _page(secretary, "/admin/letters/phrase/")
    assert "Saygılarımla." in _page(secretary, "/admin/letters/phrase/?tab=all")
    form = {
        "office": "Kaymakam",
        "salutation": "Sayın Kaymakamım,",
        "valid_from": "2026-01-01",
        "source": "Teamül",
    }
    assert secretary.post("/admin/letters/formofaddress/new/", form).status_code == 302
    wrong = secretary.post("/admin/letters/phrase/new/", new | {"text": "Arz ederim."}).content.decode()
    assert "bitmiyor" in wrong
    reading = signed_in(cast.park_clerk)
    assert "Kaymakam" in _page(reading, "/admin/letters/formofaddress/")
    assert "formofaddress/new/" not in _page(reading, "/admin/letters/formofaddress/")
    assert not re.search(
        r"formofaddress/[0-9a-f-]{36}/change", _page(reading, "/admin/letters/formofaddress/")
    )
    assert reading.get("/admin/letters/formofaddress/new/").status_code in (403, 404)


def test_who_is_shown_whom_a_letter_goes_to_is_remembered_on_every_page(
    cast: Cast, secretary: Client
) -> None:
    person = make_citizen()
    told: dict[str, Any] = {"addressees": [Recipient(citizen=person)], "body": "Salonun anahtarı ektedir."}
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, **told)
    for page in (
        "/admin/letters/letter/?tab=all",
        _url(letter),
        _url(letter, "write"),
        "/admin/search/?s=anahtar",
    ):
        with system():
            before = AccessLog.objects.filter(subject_ids__contains=[person.pk]).count()
        assert secretary.get(page).status_code == 200
        with system():
            assert AccessLog.objects.filter(subject_ids__contains=[person.pk]).count() > before, page


def test_an_addressee_is_found_by_the_one_picker(cast: Cast, secretary: Client) -> None:
    """A person on record is linked, an organisation brings its address; a department and free text stay words."""
    person = make_citizen("Işıl", "Öztürk", phone="+905551234567", email="isil@example.org")
    school = make_organisation("İnönü İlkokulu", "SCHOOL", email="okul@example.org", address="Merve Mah. 3")
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    pick, write = reverse("admin:letters_letter_pick"), _url(letter, "write")
    found = secretary.post(pick, {"q": "0555 123 45 67", "kinds": "person organisation"}).content.decode()
    assert f'data-key="{person.key}"' in found
    named = secretary.post(pick, {"q": cast.fen.name[:5], "kinds": "person organisation"}).content.decode()
    assert f'data-key="" data-name="{cast.fen.name}"' in named
    assert secretary.get(pick).status_code == 405

    def said(**who: str) -> Addressee:
        sent = _typed(kind="OFFICE", version=refetch(letter).version, addressees=[who])
        assert secretary.post(write, sent).status_code == 302
        with system():
            return letter.addressees.select_related("citizen", "department").get()

    name = "Işıl ÖZTÜRK"
    linked = said(who=name, who_of=name, who_key=str(person.key))
    assert (linked.citizen, linked.email) == (person, "isil@example.org")
    again = secretary.get(write).content.decode()
    assert f'name="addressees-0-who_key" value="{person.key}"' in again, "it stays linked when written on"
    assert said(who="Işıl Öztürk").citizen is None, "a name alone links nobody"
    brought = said(who=school.name, who_of=school.name, who_key=str(school.key))
    assert (brought.name, brought.email, brought.address) == (school.name, school.email, school.address)
    own = said(who=school.name, who_of=school.name, who_key=str(school.key), email="mudur@example.org")
    assert own.email == "mudur@example.org"
    assert said(who=cast.fen.name, who_of="", who_key="").department == cast.fen
    assert said(who="Ömer 👍", who_of="", who_key=str(person.key)).citizen is None
