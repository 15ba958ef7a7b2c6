"""A batch of greetings on its way: who is greeted, how, who is not and why, and what a stop or a fault leaves."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import Workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from backend.configuration.office import Office
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, today
from backend.core.session import system
from backend.greetings import actions, delivery, importing, jobs, lists, numbers, paper
from backend.greetings.actions import Named
from backend.greetings.choices import Outcome, Status
from backend.greetings.models import Batch, BatchLine, Occasion, PrintRun, Recipient
from backend.outbox.models import Message
from backend.protocol import actions as protocol
from tests.cast import Cast
from tests.days import date
from tests.factories import (
    issue_letter,
    make_batch,
    make_body,
    make_citizen,
    make_letter,
    make_neighbourhood,
    make_occasion,
    make_office,
)


def run(batch: Batch) -> Batch:
    """Start it and let the worker's job do its work, here and now."""
    with system():
        row = Batch.objects.get(pk=batch.pk)
        actions.start(row, by=None)
    jobs.send_batch(key=str(row.key), run=row.run)
    return now(batch)


def now(batch: Batch) -> Batch:
    with system():
        return Batch.objects.select_related("occasion").get(pk=batch.pk)


def told(batch: Batch) -> dict[str, int]:
    with system():
        return {name: count for name, count in numbers.outcomes(batch).items() if count}


def of(batch: Batch, citizen: Citizen) -> Recipient:
    with system():
        return Recipient.objects.get(batch=batch, citizen=citizen)


def mails() -> list[Message]:
    with system():
        return list(Message.objects.filter(purpose=jobs.PURPOSE).order_by("created_at"))


pytestmark = pytest.mark.django_db


def test_each_is_written_to_by_the_first_channel_that_reaches_them() -> None:
    by_mail, by_post = make_citizen("Ayşe", "Işık"), make_citizen("İlker", "Çınar", email="")
    nowhere = make_citizen("Gül", "Şen", email="", address="")
    batch = run(make_batch(None, by_mail, by_post, nowhere))
    assert (batch.status, told(batch)) == (Status.DONE, {Outcome.SENT: 2, Outcome.NO_ADDRESS: 1})
    (mail,) = mails()
    assert (mail.address, mail.subject) == (by_mail.email, "Ramazan Bayramı 2027")
    assert mail.body.startswith("Sayın Ayşe IŞIK,\n\nRamazan Bayramı 2027 dolayısıyla")
    assert mail.body.endswith("Saygılarımla.\n\nSevgi ALPASLAN\nBelediye Başkanı\n")
    with system():
        printed = PrintRun.objects.get(batch=batch)
        content = printed.file.read()
    assert (of(batch, by_post).print_run_id, printed.letters) == (printed.pk, 1)
    assert printed.sha256 == hashlib.sha256(content).hexdigest()
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "Sayın İlker ÇINAR," in text
    assert "SANCAKTEPE BELEDİYE BAŞKANI" in text


def test_nobody_is_greeted_twice_however_often_it_runs_and_whoever_runs_it(cast: Cast) -> None:
    people = [make_citizen("Kişi", str(n)) for n in range(3)]
    first = run(make_batch(None, *people, by=cast.secretary))
    again = make_batch(first.occasion, *people, make_citizen("Yeni", "Gelen"), by=cast.office_head)
    assert told(run(again)) == {Outcome.SENT: 1, Outcome.ALREADY_GREETED: 3}
    with pytest.raises(DomainError) as refused:
        run(first)
    assert refused.value.field == "recipients"
    assert len(mails()) == 4
    other = make_batch(make_occasion("Kurban Bayramı 2027"), *people)
    assert told(run(other)) == {Outcome.SENT: 3}, "another occasion is another greeting"


def test_the_database_itself_refuses_a_second_greeting() -> None:
    person = make_citizen()
    first = run(make_batch(None, person))
    second = make_batch(first.occasion, person)
    with system(), pytest.raises(IntegrityError, match="one_greeting_of_a_citizen"), transaction.atomic():
        Recipient.objects.filter(batch=second).update(outcome=Outcome.SENT, channel="PRINT")


def test_two_records_of_one_person_are_greeted_once_before_and_after_they_are_merged() -> None:
    one, other = make_citizen("Ali", "Veli"), make_citizen("Ali", "Veli")
    first = run(make_batch(None, one))
    with system():
        contacts.merge(one, into=other, by=None)
    assert told(run(make_batch(first.occasion, other))) == {Outcome.ALREADY_GREETED: 1}
    with system():
        merged = Citizen.objects.get(pk=one.pk)
        batch = Batch.objects.get(pk=make_batch(first.occasion).pk)
        added = actions.add(batch, by=None, recipients=[Named(merged), Named(other)], source="CITIZENS")
    assert (added.added, added.already_there) == (1, 1)


def test_the_deceased_are_left_out_and_who_objects_is_refused() -> None:
    dead, objects = make_citizen("Merhum", "Kişi", deceased_on=today()), make_citizen("İstemez", "Kişi")
    with system():
        actions.prefer(objects, by=None, wish="OBJECTION", proof="Telefonda söyledi.")
    batch = run(make_batch(None, dead, objects))
    assert told(batch) == {Outcome.DECEASED: 1, Outcome.REFUSED: 1}
    assert of(batch, objects).reason == "OBJECTED"
    assert not mails()


def test_a_death_recorded_before_the_print_takes_the_letter_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settled to go out on paper, and dead before it is printed: nobody prints the letter."""
    living, dead = make_citizen("Yaşayan", "Kişi", email=""), make_citizen("Merhum", "Kişi", email="")
    batch = make_batch(None, living, dead, channels=["PRINT"])
    settle = jobs._settle

    def died_meanwhile(key: str, run: int) -> bool:
        going_on = settle(key, run)
        with system():
            contacts.record_bereavement(living, by=None, on=today(), who="eşi", deceased=dead)
        return going_on

    monkeypatch.setattr(jobs, "_settle", died_meanwhile)
    batch = run(batch)
    assert told(batch) == {Outcome.SENT: 1, Outcome.DECEASED: 1}
    with system():
        assert PrintRun.objects.get().letters == 1


def test_who_was_bereaved_of_late_waits_for_a_decision(cast: Cast) -> None:
    recent, long_ago, condoled = (make_citizen("Kişi", str(n)) for n in range(3))
    with system():
        contacts.record_bereavement(
            recent, by=None, on=today() - dt.timedelta(days=10), who="annesi", without_record=True
        )
        contacts.record_bereavement(
            long_ago, by=None, on=today() - dt.timedelta(days=200), without_record=True
        )
    letter = make_letter(
        cast.office,
        cast.mayor,
        by=cast.secretary,
        kind="CONDOLENCE",
        salutation="Sayın Kişi,",
        body="Vefat haberini üzüntüyle aldım, başsağlığı dilerim.",
        closing="Saygılarımla.",
        addressees=[letters_to(condoled)],
    )
    issue_letter(letter, by=cast.secretary, signatory=cast.mayor)
    batch = run(make_batch(None, recent, long_ago, condoled))
    assert told(batch) == {Outcome.SENT: 1, Outcome.FLAGGED: 2}
    with system():
        actions.decide(now(batch), by=None, decision="SEND", recipients=[of(batch, recent)])
        actions.decide(now(batch), by=None, decision="LEAVE_OUT")
    assert told(run(batch)) == {Outcome.SENT: 2, Outcome.LEFT_OUT: 1}
    condolence = make_occasion("Deprem taziyesi", kind="OTHER", letter_kind="CONDOLENCE")
    sorrow = make_batch(condolence, recent, body="Başınız sağ olsun.")
    assert told(run(sorrow)) == {Outcome.SENT: 1}, "those whom one condoles with are the bereaved"


def letters_to(citizen: Citizen) -> Any:
    from backend.letters.actions.writing import Recipient as Addressee

    return Addressee(citizen=citizen)


def test_the_text_is_refused_where_it_mixes_occasions_or_asks_for_what_nobody_has() -> None:
    wedding = {"body": "Merhumun vefatı dolayısıyla tebrik ederim."}
    with pytest.raises(DomainError) as mixed:
        make_batch(None, **wedding)
    assert (mixed.value.code, mixed.value.field) == (ErrorCode.INVALID, "body")
    assert "taziye" in str(mixed.value)
    with pytest.raises(DomainError, match="maaş") as unknown:
        make_batch(None, salutation="Sayın {{maaş}},")
    assert unknown.value.field == "salutation"


def test_a_letter_with_an_empty_place_is_not_sent() -> None:
    named, nameless = make_citizen("Ada", "Er"), make_citizen("Ece", "Er")
    batch = make_batch(None, body="{{unvan}} olarak bayramınızı tebrik ederim.")
    with system():
        actions.add(
            batch, by=None, recipients=[Named(named, title="Müdür"), Named(nameless)], source="CITIZENS"
        )
    batch = run(batch)
    assert told(batch) == {Outcome.SENT: 1, Outcome.REFUSED: 1}
    assert of(batch, nameless).reason == "MISSING_VALUE"


def test_departments_and_bodies_are_greeted_without_a_persons_name(cast: Cast) -> None:
    body = make_body(address="Recep Mah. 1", email="")
    batch = make_batch(None)
    with system():
        named = [Named(department=cast.park), Named(body=body), Named(department=cast.park)]
        added = actions.add(batch, by=None, recipients=named, source="BODIES")
    assert (added.added, told(run(batch))) == (2, {Outcome.SENT: 2})
    with system():
        text = pypdf.PdfReader(PrintRun.objects.get().file).pages[0].extract_text()
    assert "Değerli" in text
    assert "{{" not in text


def test_sms_needs_a_gateway_and_consent(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hour = timezone.now().astimezone(ISTANBUL)
    monkeypatch.setattr(Office, "quiet_from", (hour - dt.timedelta(hours=3)).time())
    monkeypatch.setattr(Office, "quiet_until", (hour + dt.timedelta(hours=3)).time())
    with pytest.raises(DomainError) as refused:
        make_batch(None, channels=["SMS"], sms_text="Bayramınızı tebrik ederim.")
    assert (refused.value.code, refused.value.field) == (ErrorCode.UNSUPPORTED, "channels")
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    asked, unasked = make_citizen("Ada", "Er"), make_citizen("Ece", "Er")
    with system():
        actions.prefer(asked, by=None, wish="CONSENT", proof="Formda")
    batch = run(
        make_batch(None, asked, unasked, channels=["SMS"], sms_text="{{ad}}, bayramınızı tebrik ederim.")
    )
    assert told(batch) == {Outcome.SENT: 1, Outcome.REFUSED: 1}
    assert of(batch, unasked).reason == "NO_CONSENT"
    assert [mail.body for mail in mails()] == ["Ada, bayramınızı tebrik ederim."]
    assert mails()[0].not_before == hour + dt.timedelta(hours=3)  # none rings at night


def test_a_stop_takes_effect_at_once_and_the_next_start_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    batch = make_batch(None, *(make_citizen("Kişi", str(n)) for n in range(5)))
    look, looks = delivery.look, []

    def stopped_after_the_first(row: Batch, rows: Any) -> Any:
        looks.append(len(rows))
        return look(row, rows)

    monkeypatch.setattr(delivery, "look", stopped_after_the_first)
    with system():
        row = now(batch)
        actions.start(row, by=None)
    key, number = str(row.key), row.run
    jobs._take(key, number)
    assert jobs._settle(key, number)
    with system():
        actions.stop(now(batch), by=None)
    assert not jobs._settle(key, number)
    jobs.send_batch(key=key, run=number)
    assert (now(batch).status, told(batch), len(mails())) == (
        Status.STOPPED,
        {Outcome.SENT: 2, Outcome.PENDING: 3},
        2,
    )
    done = run(batch)
    assert (done.status, told(batch), len(mails())) == (Status.DONE, {Outcome.SENT: 5}, 5)
    with system():
        verbs = list(BatchLine.objects.filter(batch=batch).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["prepared", "added", "started", "stopped", "started", "finished"]


def test_a_worker_that_dies_between_two_hundreds_is_gone_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    batch = make_batch(None, *(make_citizen("Kişi", str(n), email="") for n in range(3)))
    with system():
        row = now(batch)
        actions.start(row, by=None)
    jobs._take(str(row.key), row.run)
    jobs._settle(str(row.key), row.run)
    jobs.send_batch(key=str(row.key), run=row.run)
    assert (now(batch).status, told(batch)) == (Status.DONE, {Outcome.SENT: 3})
    with system():
        assert PrintRun.objects.get().letters == 3


def test_a_fault_is_told_and_what_went_out_stays_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = make_batch(None, make_citizen("Ada", "Er"), make_citizen("Ece", "Er", email=""))

    def broken(*args: Any) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(paper, "letters", broken)
    with pytest.raises(RuntimeError):
        run(batch)
    assert (now(batch).status, bool(now(batch).fault), told(batch)) == (
        Status.FAILED,
        True,
        {Outcome.SENT: 2},
    )
    monkeypatch.undo()
    assert run(batch).status == Status.DONE
    with system():
        assert (PrintRun.objects.get().letters, len(mails())) == (1, 1)


def test_what_goes_out_on_paper_is_set_in_runs_and_each_run_is_progress(monkeypatch: Any) -> None:
    batch = make_batch(None, *(make_citizen("Kişi", str(n), email="") for n in range(5)))
    monkeypatch.setattr(paper, "MOST", 2)
    letters, seen = paper.letters, []

    def set_them(of: Batch, rows: list[Recipient]) -> bytes:
        seen.append(numbers.on_paper(of))
        return letters(of, rows)

    monkeypatch.setattr(paper, "letters", set_them)
    run(batch)
    assert seen == [(0, 5), (2, 5), (4, 5)]
    with system():
        assert numbers.on_paper(batch) == (5, 5)
        assert sorted(PrintRun.objects.values_list("letters", flat=True)) == [1, 2, 2]


def test_what_is_foreseen_is_what_happens() -> None:
    people = [
        make_citizen("Kişi", str(n), **({"email": "", "address": ""} if n % 2 else {})) for n in range(4)
    ]
    batch = make_batch(None, *people, make_citizen("Ölen", "Kişi", deceased_on=today()))
    with system():
        foreseen = dict(delivery.foreseen(now(batch)).outcomes)
    assert foreseen == told(run(batch)) == {Outcome.SENT: 2, Outcome.NO_ADDRESS: 2, Outcome.DECEASED: 1}


def test_who_may_be_one_person_under_two_records_waits_for_a_decision() -> None:
    """By name and a shared telephone, address or street, or where nothing that is known of both is different."""
    of_one = [
        make_citizen("Ayşe", "Işık", phone="+905321112233", email=""),
        make_citizen("AYŞE", "IŞIK", phone=""),
    ]
    other = make_citizen("Ayşe", "Işık", phone="+905329998877", email="", address="Başka Sk. 9")
    batch = make_batch(None, of_one[0], of_one[1], other)
    with system():
        of_one[1].email, of_one[1].address = "ayse@posta.example", ""
        of_one[1].save(update_fields=["email", "address"])
        flagged = delivery.foreseen(now(batch)).flagged
        assert [(one.recipient.citizen_id, one.like) for one in flagged] == [(of_one[1].pk, of_one[0])]
    assert told(run(batch)) == {Outcome.SENT: 2, Outcome.FLAGGED: 1}
    row = of(batch, of_one[1])
    assert (row.reason, row.decision) == ("ALIKE", "")
    later = make_batch(batch.occasion, make_citizen("Ayşe", "Işık", phone="+905321112233"))
    assert told(run(later)) == {Outcome.FLAGGED: 1}, "greeted by another batch"
    with system():
        actions.decide(now(batch), by=None, decision="SEND", recipients=[row])
    assert told(run(batch)) == {Outcome.SENT: 3}


def test_a_letter_of_their_own_around_the_day_counts_as_a_greeting_until_it_is_decided(cast: Cast) -> None:
    written_to, not_yet = make_citizen("Ece", "Er"), make_citizen("Can", "Ok")
    own = {"kind": "CONGRATULATION", "salutation": "Sayın Ece ER,", "closing": "Saygılarımla."}
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, to=written_to, **own)
    make_letter(cast.office, cast.mayor, by=cast.secretary, to=not_yet, **own)
    issue_letter(letter, by=cast.secretary, signatory=cast.mayor)
    soon, far = today() + dt.timedelta(days=3), today() + dt.timedelta(days=60)
    near = make_batch(make_occasion("Yılbaşı", on=soon), written_to, not_yet)
    assert told(run(near)) == {Outcome.SENT: 1, Outcome.FLAGGED: 1}
    assert of(near, written_to).reason == "WRITTEN_TO"
    assert told(run(make_batch(make_occasion("Bayram", on=far), written_to, not_yet))) == {Outcome.SENT: 2}


def test_a_postal_address_names_neighbourhood_and_place_once() -> None:
    emek = make_neighbourhood("emek", "Emek")
    plain = make_citizen(address="Ihlamur Sk. 4", neighbourhood=emek)
    whole = make_citizen(address="Emek Mah. Ihlamur Sk. 4 Sancaktepe", neighbourhood=emek)
    assert delivery.postal_address(plain) == "Emek Mahallesi\nIhlamur Sk. 4\nSancaktepe / İSTANBUL"
    assert delivery.postal_address(whole) == "Emek Mah. Ihlamur Sk. 4 Sancaktepe"
    assert delivery.postal_address(make_citizen(address="", neighbourhood=emek)) == ""


# -- files -------------------------------------------------------------------------------------------------
HEAD = "Adı Soyadı;Unvanı;Kurum;Cep Telefonu;E-Posta;Adres;Not"


def table(*rows: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\n".join([HEAD, *rows]).encode(encoding))


def bring(batch: Batch, file: io.BytesIO, **options: Any) -> importing.Report:
    with system():
        return importing.bring(Batch.objects.get(pk=batch.pk), file, by=None, **options)


def test_a_file_is_looked_at_first_and_then_brought_and_brings_nobody_twice() -> None:
    known = make_citizen("İlknur", "Çağlar", phone="+905321112233")
    rows = [
        "İLKNUR ÇAĞLAR;Müdür;Emek İlkokulu;0532 111 22 33;;;x",
        "Işıl Gün;Başkan;Işık Derneği;;isil@example.org;;",
        "Işıl Gün;;;;isil@example.org;;",
        "Can Su;;;12;;;",
        ";;;;a@example.org;;",
    ]
    batch = make_batch(None)
    looked = bring(batch, table(*rows, encoding="cp1254"), dry_run=True)
    assert dict(looked.counts) == {"KNOWN": 1, "NEW": 1, "REPEATED": 1, "REFUSED": 2}
    assert looked.unused == ["Not"]
    assert [row.number for row in looked.refused] == [5, 6]
    with system():
        before = Citizen.objects.count()
    brought = bring(batch, table(*rows))
    again = bring(batch, table(*rows))
    with system():
        assert Citizen.objects.count() == before + 1
        row = Recipient.objects.get(batch=batch, citizen=known)
        assert (row.title, row.organisation) == ("Müdür", "Emek İlkokulu")
    assert (brought.added, again.added, again.already_there) == (2, 0, 2)


def test_a_workbook_is_a_file_of_recipients_too_and_others_are_refused_with_a_remedy() -> None:
    book = Workbook()
    book.active.append(["Ad", "Soyad", "Telefon"])
    book.active.append(["Ada", "Er", 5321112244.0])
    file = io.BytesIO()
    book.save(file)
    batch = make_batch(None)
    assert bring(batch, file).added == 1
    with system():
        assert Recipient.objects.get(batch=batch).citizen.phone.as_e164 == "+905321112244"  # type: ignore[union-attr]
    for wrong, word in ((b"", "boş"), (b"\x00\x01\x02", "tablo"), ("Şehir\nBolu".encode(), "Ad, Soyad")):
        with pytest.raises(DomainError, match=word):
            bring(batch, io.BytesIO(wrong))


def test_an_occasion_under_a_code_is_one_however_often_it_is_made(cast: Cast) -> None:
    """What an event will do: those who came are thanked on one occasion, which is the event's own."""
    event = {"kind": "EVENT", "letter_kind": "THANKS", "on": today()}
    one, again = (make_occasion("Açılış", "event:1", by=by, **event) for by in (cast.secretary, cast.mayor))
    assert one == again
    guests = [make_citizen("Konuk", str(n)) for n in range(2)]
    thanks = {"body": "Katılımınız için teşekkür ederim."}
    assert told(run(make_batch(one, *guests, **thanks))) == {Outcome.SENT: 2}
    assert told(run(make_batch(again, *guests, **thanks))) == {Outcome.ALREADY_GREETED: 2}
    with system():
        assert Occasion.objects.count() == 1


def test_once_it_went_out_nothing_of_it_is_changed(cast: Cast) -> None:
    batch = run(make_batch(None, make_citizen(), by=cast.secretary))
    with system():
        for act in (
            lambda: actions.write(now(batch), by=None, body="Başka."),
            lambda: actions.add(now(batch), by=None, recipients=[], source="CITIZENS"),
            lambda: actions.remove(now(batch), by=None, recipients=[]),
            lambda: actions.cancel(now(batch), by=None, reason="Vazgeçildi."),
        ):
            with pytest.raises(DomainError) as refused:
                act()
            assert refused.value.code == ErrorCode.WRONG_STATE


def test_offices_are_greeted_in_whoever_holds_them_on_the_day() -> None:
    holder, acting, former = (make_citizen("Kişi", str(n)) for n in range(3))
    kaymakam, rector = make_office("Kaymakam", institution="Sancaktepe Kaymakamlığı"), make_office("Rektör")
    with system():
        days = {"valid_from": dt.date(2026, 1, 1)}
        protocol.appoint(kaymakam, by=None, person=former, valid_until=date(-12), **days)
        protocol.appoint(kaymakam, by=None, person=holder, valid_from=date(-11))
        protocol.appoint(kaymakam, by=None, person=acting, capacity="ACTING", valid_from=date(79))
        named, vacant = lists.of_offices([kaymakam, rector], date(56))
        later, _vacant = lists.of_offices([kaymakam], date(80))
    assert [(one.citizen, one.title, one.organisation) for one in named] == [
        (holder, kaymakam.short_title, "Sancaktepe Kaymakamlığı")
    ]
    assert vacant == [rector]
    assert [one.citizen for one in later] == [acting]


@pytest.mark.usefixtures("held_messages")
def test_within_the_minute_a_batch_is_stopped_as_if_it_was_never_started(cast: Cast) -> None:
    batch = make_batch(None, make_citizen(email="ayse@example.org"))
    with system():
        row = Batch.objects.get(pk=batch.pk)
        actions.start(row, by=None)
        job = ProcrastinateJob.objects.get(task_name="greetings.send_batch", args__key=str(row.key))
        assert job.scheduled_at is not None
        assert dt.timedelta(seconds=30) < job.scheduled_at - timezone.now() <= dt.timedelta(minutes=1)
        actions.stop(row, by=None)
    jobs.send_batch(key=str(row.key), run=row.run)
    assert told(batch) == {"PENDING": 1}
    with system():
        assert not Message.objects.exists()


def test_what_is_shown_before_is_what_leaves_and_a_test_counts_nothing(cast: Cast) -> None:
    batch = make_batch(None, *(make_citizen(name, email=f"{name}@example.org") for name in ("ali", "bora")))
    with system():
        found = delivery.foreseen(now(batch))
        drafts = [delivery.message_to(now(batch), one) for one in found.samples]
        assert found.channels == {"EMAIL": 2}
        cast.secretary.email = "zeynep@example.org"
        actions.send_test(now(batch), by=cast.secretary)
        test = Message.objects.get()
    assert (test.address, test.subject[:8]) == ("zeynep@example.org", "[DENEME]")
    assert drafts[0].body.strip() in test.body
    assert told(batch) == {"PENDING": 2}
    run(batch)
    with system():
        sent = Message.objects.filter(purpose=jobs.PURPOSE).order_by("created_at")
        assert [(one.address, one.body) for one in sent] == [(one.address, one.body) for one in drafts]
