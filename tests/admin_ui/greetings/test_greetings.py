"""Greetings in the admin: prepared, looked at, sent, decided on; suggestions become letters in one press."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from backend.contacts import actions as contacts
from backend.contacts.models import Bereavement
from backend.core.localtime import today
from backend.core.session import system
from backend.greetings import actions, jobs
from backend.greetings.models import Batch, KeptDay, Preference, PrintRun, Recipient
from backend.journal.models import AccessLog
from backend.letters.models import Letter
from backend.partners import lists
from tests.cast import Cast, signed_in
from tests.days import dotted
from tests.factories import (
    make_batch,
    make_body,
    make_citizen,
    make_neighbourhood,
    make_occasion,
    make_organisation,
    make_role,
    refetch,
)


def page(client: Client, batch: Batch, question: str = "") -> str:
    answer = client.get(reverse("admin:greetings_batch_change", args=[batch.key]) + question)
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(client: Client, batch: Batch) -> None:
    made = client.post(reverse("admin:greetings_batch_act", args=[batch.key, "start"]))
    assert made.status_code == 302, made.content.decode()[:3000]
    with system():
        row = Batch.objects.get(pk=batch.pk)
    jobs.send_batch(key=str(row.key), run=row.run)


def add(client: Client, batch: Batch, **given: Any) -> str:
    answer = client.post(reverse("admin:greetings_batch_recipients", args=[batch.key]), given, follow=True)
    return str(answer.content.decode())


def names(batch: Batch) -> list[str]:
    with system():
        return [str(row) for row in Recipient.objects.filter(batch=batch).order_by("pk")]


def test_the_list_is_filled_in_every_way(cast: Cast) -> None:
    client, emek = signed_in(cast.secretary), make_neighbourhood("emek", "Emek")
    found, neighbour = make_citizen("Çağla", "Öz"), make_citizen("Ece", "Er", neighbourhood=emek)
    body, batch = make_body(), make_batch()
    address = reverse("admin:greetings_batch_recipients", args=[batch.key])
    assert "Çağla ÖZ" in client.get(address, {"q": "çağ"}).content.decode()
    assert "1 alıcı belirtildi" in add(client, batch, way="chosen", who=[str(found.key)])
    assert "1 alıcı belirtildi" in add(client, batch, way="chosen", who=[str(found.key)])
    assert "1 alıcı" in add(client, batch, way="selection", selection="neighbourhood:emek")
    assert "2 alıcı" in add(client, batch, way="houses", departments=[cast.park.code], bodies=[body.code])
    file = SimpleUploadedFile("liste.csv", "Ad;Soyad;E-posta\nİpek;Ünlü;ipek@example.org\n;;x\n".encode())
    looked = add(client, batch, way="file", file=file)
    assert "Dosyadan gelecekler" in looked
    assert "alınamayan" in looked
    ticket = looked.split('name="ticket" value="')[1].split('"')[0]
    assert "1 alıcı" in add(client, batch, way="ticket", ticket=ticket)
    assert "Önizleme" in add(client, batch, way="ticket", ticket="x") or "yeniden" in add(
        client, batch, way="ticket", ticket="x"
    )
    assert set(names(batch)) == {
        str(found),
        str(neighbour),
        "Park ve Bahçeler Müdürlüğü",
        "İSKİ",
        "İpek ÜNLÜ",
    }
    with system():
        row = Recipient.objects.get(batch=batch, citizen=found)
    say = reverse("admin:greetings_batch_say_of", args=[batch.key])
    client.post(say, {"say": "remove", "who": [str(row.key)]})
    assert str(found) not in names(batch)


def test_adding_somebody_does_not_tell_that_they_are_there_as_a_member(cast: Cast) -> None:
    """Said the same, in the message and in the story, whether somebody hidden is on the list or not."""
    member, other = make_citizen("Üye", "Gizli"), make_citizen("Başka", "Biri")
    make_role(make_organisation("Dayanışma Derneği"), member, title="Başkan")
    with system():
        heads = lists.make(by=None, title="Başkanlar", role_kinds=["HEAD"])
    said = []
    for person in (member, other):
        batch = make_batch(make_occasion(name=person.last_name))
        add(signed_in(cast.office_head), batch, way="lists", lists=[str(heads.key)])
        told = add(signed_in(cast.secretary), batch, way="chosen", who=[str(person.key)])
        said += re.findall(r"\d+ alıcı belirtildi[^<]*", told)
        said += sorted(re.findall(r"· (\d+ alıcı)", page(signed_in(cast.secretary), batch)))
    assert said[: len(said) // 2] == said[len(said) // 2 :]
    assert said
    whole = add(signed_in(cast.office_head), batch, way="chosen", who=[str(member.key)])
    assert "0 eklendi, 1 zaten" in whole


def test_a_list_of_partners_is_put_on_it_and_who_is_not_known_there_is_told(cast: Cast) -> None:
    client, batch = signed_in(cast.secretary), make_batch()
    school = make_organisation("Emek Okulu", "SCHOOL", address="Okul Cd. 4", city="Ankara")
    make_role(school, make_citizen("Ömer", "Uğur", email="", address=""), title="Okul Müdürü")
    make_organisation("Boş Lise", "SCHOOL")
    address = reverse("admin:greetings_batch_recipients", args=[batch.key])
    assert "Henüz paydaş listesi yok" in client.get(address).content.decode()
    with system():
        schools = lists.make(by=None, title="Okullar", kinds=["SCHOOL"])
    assert "Okullar" in client.get(address).content.decode()
    told = add(client, batch, way="lists", lists=[str(schools.key)])
    assert "1 alıcı" in told
    assert "Boş Lise" in told
    shown = page(client, batch)
    assert "Okul Müdürü · Emek Okulu" in shown
    with system():
        row = Recipient.objects.get()
    look = client.get(reverse("admin:greetings_batch_look", args=[batch.key, row.key]))
    paper = pypdf.PdfReader(io.BytesIO(look.content)).pages[0].extract_text()
    assert "Sayın Ömer UĞUR," in paper
    send(client, batch)
    with system():
        run = PrintRun.objects.get()
    made = client.get(reverse("admin:greetings_batch_paper", args=[batch.key, run.key, "DL"]))
    envelope = pypdf.PdfReader(io.BytesIO(made.content)).pages[0].extract_text()
    for line in ("Sayın Ömer UĞUR", "Okul Müdürü", "Emek Okulu", "Okul Cd. 4", "ANKARA"):
        assert line in envelope
    assert "1 alıcı belirtildi" not in add(client, batch, way="lists", lists=[])


def test_before_it_goes_out_it_says_what_would_happen_and_afterwards_what_did(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    reached, by_post = make_citizen("Ayşe", "Işık"), make_citizen("Ömer", "Uğur", email="")
    sad = make_citizen("Gül", "Şen")
    with system():
        contacts.record_bereavement(sad, by=None, on=today(), who="annesi", without_record=True)
    batch = make_batch(None, reached, by_post, sad, by=cast.secretary)
    before = page(client, batch)
    assert "Gönderilecek: 2" in before
    assert "Sayın Ayşe IŞIK," in before, "as the first one reads it"
    send(client, batch)
    after = page(client, batch)
    assert "Tamamlandı" in after
    assert "Karar bekliyor" in after
    flagged = page(client, batch, "?outcome=FLAGGED")
    assert "Gül ŞEN" in flagged
    assert "Ayşe IŞIK" not in flagged
    with system():
        key, run = str(Recipient.objects.get(citizen=sad).key), PrintRun.objects.get()
        assert AccessLog.objects.filter(purpose="admin: list of a greeting").exists()
    client.post(reverse("admin:greetings_batch_say_of", args=[batch.key]), {"say": "LEAVE_OUT", "who": [key]})
    assert "Kararla dışarıda" in page(client, batch)
    for form in ("DL", "C5", "L24", "L14"):
        made = client.get(reverse("admin:greetings_batch_paper", args=[batch.key, run.key, form]))
        assert "Sayın Ömer UĞUR" in pypdf.PdfReader(io.BytesIO(made.content)).pages[0].extract_text()
    with system():
        row = Recipient.objects.get(citizen=by_post)
    look = client.get(reverse("admin:greetings_batch_look", args=[batch.key, row.key]))
    assert "Sayın Ömer UĞUR," in pypdf.PdfReader(io.BytesIO(look.content)).pages[0].extract_text()


def test_who_may_be_one_person_is_shown_before_it_goes_out_and_left_out_with_a_press(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    one, twin = make_citizen("Gül", "Şen"), make_citizen("Gül", "Şen")
    batch = make_batch(None, one, twin, by=cast.secretary)
    before = page(client, batch)
    assert "aynı kişi olabilir" in before
    assert reverse("admin:contacts_citizen_change", args=[one.key]) in before
    assert "Karar bekliyor: 1" in before
    send(client, batch)
    with system():
        row = Recipient.objects.get(citizen=twin)
    flagged = page(client, batch, "?outcome=FLAGGED")
    assert "aynı kişi olabilir" in flagged
    assert reverse("admin:contacts_citizen_change", args=[one.key]) in flagged
    say = reverse("admin:greetings_batch_say_of", args=[batch.key])
    client.post(say, {"say": "LEAVE_OUT", "who": [str(row.key)]})
    with system():
        assert Recipient.objects.get(citizen=twin).outcome == "LEFT_OUT"


def test_a_text_that_mixes_occasions_is_refused_at_its_field(cast: Cast) -> None:
    client, batch = signed_in(cast.secretary), make_batch()
    given = {"title": "Bayram", "channels": ["EMAIL"], "body": "Vefatı dolayısıyla tebrik ederim."}
    told = client.post(
        reverse("admin:greetings_batch_act", args=[batch.key, "write"]), given
    ).content.decode()
    assert 'id="id_body_error"' in told
    assert "taziye" in told


@freeze_time("2027-03-05 08:00:00")  # in some winters a month has no day to congratulate on
def test_a_suggestion_becomes_a_batch_in_one_press_and_is_then_opened(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    address = reverse("admin:greetings_batch_suggestions")
    code = client.get(address).content.decode().split('name="code" value="day:')[1].split('"')[0]
    take = reverse("admin:greetings_batch_take")
    first, again = (client.post(take, {"code": f"day:{code}"})["Location"] for _each in range(2))
    assert first == again
    assert "Taslağı aç" in client.get(address).content.decode()
    with system():
        assert Batch.objects.count() == 1


def test_the_desk_suggests_the_week_and_a_condolence_is_begun_from_it(cast: Cast) -> None:
    client, sad = signed_in(cast.secretary), make_citizen("Gül", "Şen")
    dead = make_citizen("Nur", "Şen")
    address = reverse("admin:contacts_citizen_act", args=[sad.key, "bereavement"])
    given = {"on": today().isoformat(), "who": "annesi"}
    assert "kaydı olmadığını belirtiniz" in client.post(address, given).content.decode()
    assert (
        "yakını vefat edenin" in client.post(address, given | {"deceased": str(sad.phone)}).content.decode()
    )
    page = reverse("admin:contacts_citizen_change", args=[dead.key])
    assert client.post(address, given | {"deceased": page}).status_code == 302
    assert refetch(dead).deceased_on == today()
    desk = client.get("/admin/").content.decode()
    assert "Taziye: Gül ŞEN" in desk
    code = desk.split('name="code" value="bereavement:')[1].split('"')[0]
    client.post(reverse("admin:greetings_batch_take"), {"code": f"bereavement:{code}"})
    with system():
        assert Bereavement.objects.get().citizen == sad
        assert Letter.objects.get().kind == "CONDOLENCE"


def test_what_is_known_of_a_person_is_kept_and_forgotten_on_their_page(cast: Cast) -> None:
    client, person = signed_in(cast.secretary), make_citizen()

    def act(deed: str, **given: Any) -> Any:
        return client.post(reverse("admin:contacts_citizen_act", args=[person.key, deed]), given)

    wrong = act("keep-day", kind="BIRTHDAY", day=31, month=2, basis="CONSENT", basis_note="Form")
    assert "böyle bir gün yok" in wrong.content.decode()
    act("keep-day", kind="BIRTHDAY", day=7, month=5, basis="CONSENT", basis_note=f"Form, {dotted(20)}")
    act("wish", wish="OBJECTION", proof="Telefon")
    shown = client.get(reverse("admin:contacts_citizen_change", args=[person.key])).content.decode()
    assert f"Form, {dotted(20)}" in shown
    assert "Tebrik istemiyor" in shown
    with system():
        day = KeptDay.objects.get()
        assert Preference.objects.get().citizen == person
    client.post(reverse("admin:greetings_keptday_forget", args=[day.key]))
    with system():
        assert not KeptDay.objects.exists()


def test_how_a_person_is_greeted_is_kept_on_their_page_and_proposed_in_the_composer(cast: Cast) -> None:
    client, person = signed_in(cast.secretary), make_citizen("Ayşe", "Işık", title="Prof. Dr.")
    correct = reverse("admin:contacts_citizen_act", args=[person.key, "correct"])
    given = {"first_name": "Ayşe", "last_name": "Işık", "title": "Prof. Dr.", "salutation": "Sayın Hocam,"}
    given |= {"email": person.email, "address": person.address}
    assert client.post(correct, given).status_code == 302
    shown = client.get(reverse("admin:contacts_citizen_change", args=[person.key])).content.decode()
    assert "Sayın Hocam," in shown
    begun = client.post(reverse("admin:letters_letter_make", args=["citizen", person.key]))["Location"]
    composer = client.get(begun).content.decode()
    assert 'value="Sayın Hocam,"' in composer
    assert "Prof. Dr. Ayşe" in composer
    batch = make_batch(None, person, salutation="{{hitap}},")
    assert "Sayın Hocam," in page(client, batch)
    with system():
        row = Recipient.objects.get()
    look = client.get(reverse("admin:greetings_batch_look", args=[batch.key, row.key]))
    assert "Sayın Hocam," in pypdf.PdfReader(io.BytesIO(look.content)).pages[0].extract_text()


def test_the_number_of_queries_does_not_depend_on_the_recipients(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.secretary)
    client.get("/admin/")  # the first request of a session writes it down
    counts = []
    for number in (2, 20):
        people = [make_citizen("Kişi", str(n)) for n in range(number)]
        batch = make_batch(make_occasion(f"Vesile {number}"), *people)
        with django_assert_max_num_queries(200) as asked:
            page(client, batch)
        counts.append([query["sql"] for query in asked])
    assert len(counts[0]) == len(counts[1]), sorted(set(counts[1]) - set(counts[0]))


def test_nobody_outside_the_office_finds_any_of_it(cast: Cast) -> None:
    batch = make_batch(None, make_citizen())
    for user in (cast.fen_clerk, cast.deputy_mayor, cast.outsider, cast.administrator):
        client = signed_in(user)
        for name, keys in (
            ("changelist", []),
            ("change", [batch.key]),
            ("recipients", [batch.key]),
            ("new", []),
        ):
            assert client.get(reverse(f"admin:greetings_batch_{name}", args=keys)).status_code == 404, name
    mayor = signed_in(cast.mayor)
    assert page(mayor, batch)
    with system():
        row = Batch.objects.get(pk=batch.pk)
        actions.start(row, by=None)
    assert mayor.post(reverse("admin:greetings_batch_act", args=[batch.key, "stop"])).status_code == 403
