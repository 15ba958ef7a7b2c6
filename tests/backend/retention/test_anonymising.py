"""Anonymising a person: the whole database and the storage are searched for what was planted everywhere."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pghistory.models
import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.models import TextField
from django.utils import timezone

from backend.appointments.models import Promise
from backend.complaints import actions as complaints
from backend.complaints.models import Attachment, Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.localtime import local_date, today
from backend.core.session import system
from backend.exports.models import Export
from backend.greetings.models import PrintRun
from backend.journal.actions import record_access
from backend.journal.models import AccessLog, AuditLog
from backend.mailboxes.models import WrittenFile
from backend.retention import actions, places
from backend.retention.anonymising import anonymise, forget, weigh
from backend.retention.due import LOCK
from backend.retention.models import RetentionRule
from backend.retention.places import GONE
from backend.timeline.models import Moment
from permissions.core import scope
from tests.backend.mailboxes.rows import make_written
from tests.cast import Cast
from tests.factories import (
    issue_letter,
    make_citizen,
    make_complaint,
    make_instruction,
    make_letter,
    make_organisation,
    make_request,
    make_role,
    refetch,
)
from tests.kept_files import content_of, stored
from tests.permissions.walls.world import greet, populate

FIRST, LAST = "Zümrütşah", "Kılıçaslanoğlu"
NAME = f"{FIRST} {LAST}"
SPELT = (NAME, "ZÜMRÜTŞAH KILIÇASLANOĞLU", "zumrutsah kilicaslanoglu", f"{LAST}, {FIRST}")
PHONE, EMAIL = "+905397654321", "zumrutsah.k@example.org"
SPOKEN = ("0539 765 43 21", "(539) 7654321", "+90 539 765 4321", "05397654321")
SECRET = "BADEMCİKAMELİYATI"
NATIONAL_ID = "10000000146"
WHY = "KVKK m.11 başvurusu, 26.11.2026 tarihli dilekçe"
WANTED = (
    r"z[uü]mr[uü]t[sş]ah\s+k[iı]l[iı][cç]aslano[gğ]lu|k[iı]l[iı][cç]aslano[gğ]lu,?\s+z[uü]mr[uü]t[sş]ah"
    r"|kilicaslanoglu|KILIÇASLANOĞLU|539\D*765\D*43\D*21|zumrutsah\.k@|BADEMC|10000000146"
)


def ask(question: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall() if cursor.description else []


def tried(question: str, *values: Any) -> bool:
    try:
        with transaction.atomic(using="owner"):
            ask(question, *values)
    except DatabaseError:
        return False
    return True


def found_in() -> dict[str, int]:
    """table.column -> rows that hold anything of the person, of every column of every table, words and copies too."""
    found = {}
    columns = ask("""
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND a.attnum > 0
           AND NOT a.attisdropped ORDER BY 1, 2
    """)
    for table, column in columns:
        said = f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ~* %s'
        if count := ask(said, WANTED)[0][0]:
            found[f"{table}.{column}"] = count
    return found


def files_with(word: str) -> list[str]:
    return [name for name in stored() if word.encode() in content_of(name)]


def _is_free(field: Any) -> bool:
    return isinstance(field, models.CharField) and not field.choices


def text_columns() -> list[tuple[str, str, str, int | None]]:
    """(table, column, kind, longest) of every column of ours in which somebody may write."""
    found = []
    codes = set(
        ask("""
        SELECT i.indrelid::regclass::text, a.attname FROM pg_index i
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
         WHERE i.indisunique AND i.indnkeyatts = 1
    """)
    )  # made by the house
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if not model._meta.managed or table.startswith(tuple(places.NOT_OF_CITIZENS)):
            continue
        for field in model._meta.local_fields:
            plain = (
                isinstance(field, (models.CharField, TextField))
                and not field.choices
                and not field.primary_key
            )
            if (
                plain
                and not isinstance(field, models.FileField)
                and field.column not in ("file", "content_type")
            ):
                found.append((table, field.column, "text", field.max_length))
            elif isinstance(field, models.JSONField):
                found.append((table, field.column, "json", None))
            elif (
                isinstance(field, ArrayField)
                and isinstance(field.base_field, models.CharField)
                and not field.base_field.choices
            ):
                found.append((table, field.column, "array", field.base_field.max_length))
    reached = {(table, column) for table in REACHED for column in ("phone", "email")}
    reached |= {
        ("partners_organisation", "name"),
        ("seating_hall", "name"),
    }  # the name would be another's too
    reached |= {("contacts_citizen", "first_name"), ("contacts_citizen", "last_name")}
    return [one for one in found if one[:2] not in codes | reached]


REACHED = ("contacts_citizen", "contacts_citizenevent", "partners_organisation", "partners_role")
"""How somebody else is reached is theirs: never struck out, and left wherever it stands."""


def plant(citizen: Citizen) -> int:
    """Put the person's name, telephone and address into every column of every table; how many took one."""
    planted = 0
    for table, column, kind, longest in text_columns():
        key = "pgh_id" if table.endswith("event") and table != "events_event" else "id"
        for number, word in enumerate((NAME, SPOKEN[0], EMAIL)):
            row = f"(SELECT {key} FROM {table} ORDER BY {key} OFFSET {number} LIMIT 1)"
            if kind == "json":
                done = tried(
                    f"UPDATE {table} SET {column} = jsonb_build_object('x', %s) WHERE {key} = {row}", word
                )
            elif kind == "array":
                done = tried(f"UPDATE {table} SET {column} = ARRAY[%s] WHERE {key} = {row}", word)
            elif longest is not None and longest < len(word):
                continue
            else:
                done = tried(f"UPDATE {table} SET {column} = %s WHERE {key} = {row}", word)
            planted += done
    return planted


CLOSE = (
    "UPDATE complaints_complaint SET status = 'CLOSED', closed_at = now(), duplicate_of_id = NULL"
    " WHERE applicant_id = {0} OR on_behalf_of_id = {0}",
    "UPDATE appointments_appointmentrequest SET status = 'SETTLED' WHERE applicant_id = {0}",
    "UPDATE events_event SET status = 'CLOSED'",
    "UPDATE letters_letter SET status = 'CANCELLED', turn_of_id = NULL WHERE number IS NULL AND signed_at IS NULL",
    "UPDATE partners_role SET valid_from = NULL, valid_to = app.today() - 1 WHERE person_id = {0}",
    "UPDATE protocol_holding SET valid_from = app.today() - 20, valid_until = app.today() - 10 WHERE person_id = {0}",
    "UPDATE greetings_recipient SET outcome = 'SENT', channel = 'PRINT' WHERE citizen_id = {0}",
    "UPDATE appointments_promise SET status = 'KEPT', ended_on = app.today()",
    "UPDATE instructions_instruction SET status = 'WITHDRAWN', ended_at = now(), asked_until = NULL",
    "UPDATE retention_legalhold SET lifted_at = now(), lift_reason = 'Bitti' WHERE lifted_at IS NULL",
)


def tie(citizen: Citizen) -> set[str]:
    """Let every table that can name a citizen name this one in a row; the columns that do."""
    tied = set()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if not isinstance(field, models.ForeignKey) or field.related_model is not Citizen:
                continue
            table, column = model._meta.db_table, field.column
            key = model._meta.pk.column
            is_history = issubclass(model, pghistory.models.Event)
            if model is Citizen or not model._meta.managed or is_history or table.startswith("retention_"):
                continue
            row = f"(SELECT {key} FROM {table} WHERE {column} IS NOT NULL ORDER BY {key} LIMIT 1)"
            assert tried(f"UPDATE {table} SET {column} = %s WHERE {key} = {row}", citizen.pk), (
                f"{table}.{column}"
            )
            assert ask(f"SELECT 1 FROM {table} WHERE {column} = %s", citizen.pk), (
                f"{table}.{column} has no row to tie"
            )
            tied.add(f"{table}.{column}")
    for statement in CLOSE:
        ask(statement.format(citizen.pk))
    return tied


def person(**more: Any) -> Citizen:
    return make_citizen(FIRST, LAST, **({"phone": PHONE, "email": EMAIL, "note": SECRET} | more))


def test_nothing_of_a_person_is_found_anywhere_afterwards(committed_cast: Cast) -> None:
    """In every column of every table the name, the telephone and the address were planted. What is found afterwards
    stands in what was registered as official correspondence, and nowhere else."""
    cast = committed_cast
    populate(cast)
    citizen = person()
    with system():
        contacts.set_national_id(refetch(citizen), by=None, number=NATIONAL_ID)
        contacts.correct(refetch(citizen), by=None, address=SECRET)
        contacts.correct(refetch(citizen), by=None, address="Yeni Sokak 1")
    issue_letter(
        make_letter(cast.office, cast.office_head, by=cast.secretary, to=refetch(citizen)),
        by=cast.secretary,
        signatory=cast.office_head,
    )
    tied = tie(citizen)
    assert len(tied) >= 12
    assert plant(citizen) > 300
    before = found_in()
    assert len({place.partition(".")[0] for place in before}) > 60

    with system():
        result = anonymise(refetch(citizen), by=cast.office_head, reason=WHY)
    assert result.struck > 100
    assert result.left == {}
    left = found_in()
    assert {place.partition(".")[0] for place in left} <= set(places.RETAINED), left
    assert left, "what was registered stays: the archive law prevails"
    assert not ask(
        "SELECT 1 FROM letters_addressee WHERE citizen_id = %s", citizen.pk
    )  # and names this record no more


def test_every_way_from_a_row_to_a_citizen_is_known_to_the_list(db: None) -> None:
    """A new column that names a citizen must be given its place before anybody can be forgotten."""
    known = " ".join(
        f"{step.table} {step.where} {step.sets}" if isinstance(step, places.Place) else step.keys
        for step in places.PLACES["CITIZEN"]
    )
    for model in apps.get_models():
        if not model._meta.managed or model is Citizen:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Citizen:
                table = model._meta.db_table
                if table.startswith("retention_"):
                    continue  # a hold stands against it; a lifted one names nobody any more
                source = table.removesuffix("event") if table.endswith("event") else table
                assert (table in known and field.column.removeprefix("pgh_") != "") or source in known, (
                    f"{table}.{field.column}"
                )


def test_a_persons_matters_keep_their_figures_and_lose_the_person(cast: Cast) -> None:
    citizen = person()
    twin = make_citizen(FIRST, LAST.upper(), phone="", email="")
    case = make_complaint(
        f"{NAME} için",
        applicant=citizen,
        body=f"{SECRET} geçirdim, {SPOKEN[1]}",
        to=cast.fen,
        accepted_by=cast.fen_clerk,
    )
    other = make_complaint("Başka biri", body=f"Komşum {SPELT[1]}’nun numarası {SPOKEN[2]}; sesi duyuluyor.")
    request = make_request(cast.mayors, SECRET, applicant=citizen)
    with system():
        contacts.merge(twin, into=refetch(citizen), by=None)
        kept = Attachment.objects.create(
            complaint=case,
            file=ContentFile(SECRET.encode(), name="a"),
            name=f"{NAME}.txt",
            content_type="text/plain",
            size=1,
            sha256=hashlib.sha256(SECRET.encode()).hexdigest(),
        )
        complaints.comment(refetch(case), by=cast.fen_clerk, body=f"{NAME} arandı.")
        actions_of(case, request)
        record_access(reader=cast.fen_clerk, kind="contacts.citizen", ids=[citizen.pk], purpose="test")
        name = kept.file.name
        assert kept.file.storage.exists(name)
        with transaction.atomic():
            anonymise(refetch(citizen), by=cast.office_head, reason=WHY)
    row, asked = refetch(case), refetch(request)
    assert (row.subject, row.body, row.applicant_id) == (places.GONE, "", None)
    assert (row.category_id, row.registered_on, row.status) == (
        case.category_id,
        case.registered_on,
        "CLOSED",
    )
    assert (row.tracking_code != case.tracking_code, row.anonymised_at is not None) == (True, True)
    assert (asked.subject, asked.applicant_id) == (places.GONE, None)
    assert refetch(other).body == f"Komşum {places.MARK}’nun numarası {places.MARK}; sesi duyuluyor."
    with system():
        for one in (citizen, twin):
            found = Citizen.objects.get(pk=one.pk)
            assert (found.full_name, found.phone, found.email, found.note) == (
                places.GONE.upper(),
                "",
                "",
                "",
            ) or (
                found.first_name,
                str(found.phone),
                found.email,
            ) == (places.GONE, "", "")
        assert not Moment.objects.filter(person=citizen.pk).exists()
        assert not Complaint.objects.search(SECRET).exists()
        assert not Citizen.objects.search(NAME).exists()
        assert AccessLog.objects.filter(
            subject_ids__contains=[citizen.pk]
        ).exists()  # who looked stays provable
        told = AuditLog.objects.get(verb="citizen_anonymised")
        assert (told.actor, told.note, told.subject_label) == (cast.office_head, WHY, "")
        assert not Attachment.objects.filter(pk=kept.pk).exists()


def actions_of(case: Complaint, request: Any) -> None:
    """Both are at their end."""
    Complaint.objects.filter(pk=case.pk).update(status="CLOSED", closed_at=timezone.now())
    type(request).objects.filter(pk=request.pk).update(status="SETTLED")


def test_files_leave_the_storage_once_it_is_committed(
    cast: Cast, kept_in: str, django_capture_on_commit_callbacks: Any
) -> None:
    once = "yalnız bu dosyada"
    citizen = person()
    case = make_complaint(applicant=citizen)
    with system():
        kept = Attachment.objects.create(
            complaint=case,
            file=ContentFile(once.encode(), name="a"),
            name="a.txt",
            content_type="text/plain",
            size=1,
            sha256=hashlib.sha256(once.encode()).hexdigest(),
        )
        Complaint.objects.filter(pk=case.pk).update(status="CLOSED", closed_at=timezone.now())
    assert files_with(once)
    with django_capture_on_commit_callbacks(execute=True), system():
        anonymise(refetch(citizen), by=None, reason=WHY)
    assert not kept.file.storage.exists(kept.file.name)
    assert not files_with(once)


def test_what_is_open_or_held_stands_against_it_and_is_named(cast: Cast) -> None:
    citizen = person()
    case = make_complaint(applicant=citizen)
    make_role(make_organisation(), citizen)
    with system():
        assert weigh(refetch(citizen)).against == {"OPEN_CASE": 1, "ROLE": 1}
        with pytest.raises(DomainError) as refusal:
            anonymise(refetch(citizen), by=None, reason=WHY)
    assert refusal.value.code == "WRONG_STATE"
    assert "1 " in str(refusal.value)
    with system():
        Complaint.objects.filter(pk=case.pk).update(status="CLOSED", closed_at=timezone.now())
        apps.get_model("partners", "Role").objects.update(valid_to=today() - dt.timedelta(days=1))
        hold = actions.place_hold(by=cast.secretary, kind="CASE", on=refetch(case), reason="Dava 2026/1")
        assert weigh(refetch(citizen)).against == {"HOLD": 1}
        reading = actions.place_hold(by=cast.secretary, kind="READ_LOG", reason="Denetim")
        greeting = actions.place_hold(by=cast.secretary, kind="GREETING", reason="Denetim")
        assert weigh(refetch(citizen)).against == {
            "HOLD": 1
        }  # no greeting of theirs; the read log stays anyway
        of_cases = actions.place_hold(by=cast.secretary, kind="CASE", reason="Denetim")
        assert weigh(refetch(citizen)).against == {"HOLD": 2}
        for one in (reading, greeting, of_cases):
            actions.lift_hold(one, by=cast.secretary, reason="Bitti")
        actions.lift_hold(hold, by=cast.secretary, reason="Dava bitti")
        anonymise(refetch(citizen), by=None, reason=WHY)
        with pytest.raises(DomainError):  # a second click
            anonymise(refetch(citizen), by=None, reason=WHY)


def test_a_name_that_others_bear_is_left_in_texts_and_told(cast: Cast) -> None:
    citizen, namesake = person(), make_citizen(FIRST, LAST, phone="", email="")
    other = make_complaint(applicant=namesake, body=f"Ben {NAME}. Numaram {SPOKEN[3]} değil.")
    with system():
        assert not weigh(refetch(citizen)).is_alone
        result = anonymise(refetch(citizen), by=None, reason=WHY)
    assert refetch(other).body == f"Ben {NAME}. Numaram {places.MARK} değil."
    assert result.left["complaints_complaint"] == 1
    assert refetch(namesake).first_name == FIRST


def test_the_law_keeps_what_was_closed_until_its_time_is_over(cast: Cast) -> None:
    """3071 and 4982 prevail: a case that was closed yesterday is not destroyed on one person's word."""
    citizen = person()
    case = make_complaint(applicant=citizen)
    request = make_request(cast.mayors, applicant=citizen)
    with system():
        yesterday = timezone.now() - dt.timedelta(days=1)
        Complaint.objects.filter(pk=case.pk).update(status="CLOSED", closed_at=yesterday)
        type(request).objects.filter(pk=request.pk).update(status="SETTLED")
        for kind, years in (("CASE", 5), ("APPOINTMENT", 2)):
            RetentionRule.objects.create(
                code=kind.lower(), kind=kind, years=years, method="ANONYMISE", source="3071"
            )
        found = weigh(refetch(citizen))
        assert found.against == {"KEPT": 2}
        assert found.kept_until is not None
        assert found.kept_until.year == local_date(yesterday).year + 5
        with pytest.raises(DomainError, match=f"{found.kept_until:%d.%m.%Y}"):
            anonymise(refetch(citizen), by=None, reason=WHY)
        long_ago = timezone.now() - dt.timedelta(days=6 * 366)
        Complaint.objects.filter(pk=case.pk).update(closed_at=long_ago)
        type(request).objects.filter(pk=request.pk).update(registered_at=long_ago)
        assert weigh(refetch(citizen)).against == {}
        # A rule of its own that is switched off: no rule says anything of it.
        Complaint.objects.filter(pk=case.pk).update(closed_at=yesterday)
        RetentionRule.objects.create(
            code="x",
            kind="CASE",
            regime=refetch(case).regime,
            years=9,
            method="ANONYMISE",
            source="x",
            is_active=False,
        )
        assert weigh(refetch(citizen)).against == {}


def test_anothers_petition_on_their_behalf_stays_that_others(cast: Cast) -> None:
    citizen, other = person(), make_citizen("Başvuran", "Komşu")
    case = make_complaint(f"{NAME} adına", applicant=other, body=f"{SPOKEN[0]} numaralı komşum için")
    with system():
        Complaint.objects.filter(pk=case.pk).update(
            status="CLOSED", closed_at=timezone.now(), on_behalf_of_id=citizen.pk
        )
        hold = actions.place_hold(by=None, kind="CITIZEN", on=refetch(other), reason="Dava")
        assert weigh(refetch(citizen)).against == {"HOLD": 1}
        actions.lift_hold(hold, by=None, reason="Bitti")
        anonymise(refetch(citizen), by=None, reason=WHY)
    row = refetch(case)
    assert (row.applicant_id, row.on_behalf_of_id, row.anonymised_at) == (other.pk, None, None)
    assert (row.subject, row.body) == (f"{places.MARK} adına", f"{places.MARK} numaralı komşum için")


def test_a_telephone_or_address_that_somebody_else_has_too_is_left(cast: Cast) -> None:
    """A household has one telephone, and an address may end like a longer one."""
    citizen = person()
    spouse = make_citizen("Eş", "Başkaoğlu", phone=PHONE, email=f"x.{EMAIL}")
    case = make_complaint(applicant=spouse, body=f"Beni arayın: {SPOKEN[0]}, x.{EMAIL}, {EMAIL}.")
    with system():
        result = anonymise(refetch(citizen), by=None, reason=f"{NAME}, {EMAIL}: başvuru")
        assert AuditLog.objects.get(verb="citizen_anonymised").note == "***, ***: başvuru"
    assert refetch(case).body == f"Beni arayın: {SPOKEN[0]}, x.{EMAIL}, {places.MARK}."
    kept = refetch(spouse)
    assert (kept.phone.as_e164, kept.email) == (PHONE, f"x.{EMAIL}")
    assert result.left["complaints_complaint"] == 1  # and what its history keeps of it


def test_a_name_within_a_longer_one_is_left(cast: Cast) -> None:
    citizen = person()
    case = make_complaint(body=f"{NAME} Parkı’nda ışık yanmıyor.")
    longer = make_citizen(f"Ali {FIRST}", LAST, phone="", email="")
    with system():
        assert not weigh(refetch(citizen)).is_alone
        Citizen.objects.filter(pk=longer.pk).update(first_name="Veli")
        assert weigh(refetch(citizen)).is_alone
    make_organisation(f"{NAME} Vakfı")
    with system():
        assert not weigh(refetch(citizen)).is_alone
        assert anonymise(refetch(citizen), by=None, reason=WHY).left["complaints_complaint"] == 1
    assert refetch(case).body == f"{NAME} Parkı’nda ışık yanmıyor."


def test_the_text_of_what_is_held_is_not_rewritten(cast: Cast) -> None:
    citizen = person()
    held, free = (make_complaint(body=f"Komşum {NAME}") for _each in range(2))
    of_held = make_complaint(body=f"Komşum {NAME}")
    with system():
        actions.place_hold(by=None, kind="CASE", on=refetch(held), reason="Dava")
        actions.place_hold(
            by=None, kind="CITIZEN", on=Citizen.objects.get(pk=of_held.applicant_id), reason="Dava"
        )
        anonymise(refetch(citizen), by=None, reason=WHY)
    assert [refetch(one).body for one in (held, of_held, free)] == [f"Komşum {NAME}"] * 2 + [
        f"Komşum {places.MARK}"
    ]


def test_answers_kept_for_programs_and_lists_being_made_go(committed_cast: Cast) -> None:
    cast, citizen = committed_cast, person()
    ask(
        "INSERT INTO portals_idempotentresponse (user_id, idempotency_key, digest, status, body, at)"
        " VALUES (%s, 'k', 'd', 200, %s, now())",
        cast.fen_clerk.pk,
        SECRET,
    )
    with system():
        running = Export.objects.create(
            user=cast.fen_clerk, list_name="x", title="x", format="CSV", status="RUNNING", asked={"q": NAME}
        )
    with system():
        anonymise(refetch(citizen), by=None, reason=WHY)
    assert not ask("SELECT 1 FROM portals_idempotentresponse")
    assert (refetch(running).status, refetch(running).asked) == ("STOPPED", {})


def test_a_number_of_another_country_is_struck_out_too(cast: Cast) -> None:
    citizen = person(phone="+4915112345678")
    case = make_complaint(body="Almanya: +49 151 1234 5678, 0049 15112345678; 4915112345678901 değil.")
    with system():
        anonymise(refetch(citizen), by=None, reason=WHY)
    assert refetch(case).body == f"Almanya: {places.MARK}, {places.MARK}; 4915112345678901 değil."


def test_an_open_promise_or_instruction_stands_against_it(cast: Cast) -> None:
    citizen = person()
    case, request = make_complaint(applicant=citizen), make_request(cast.mayors, applicant=citizen)
    make_instruction(cast.mayors, cast.fen, by=cast.secretary, complaint=refetch(case))
    with system():
        actions_of(case, request)
        Promise.objects.create(request=request, text="Bakılacak", due_on=today())
        assert weigh(refetch(citizen)).against == {"INSTRUCTION": 1, "PROMISE": 1}


def test_no_hold_is_placed_on_what_is_gone_or_going(committed_cast: Cast) -> None:
    """Whoever anonymises while a hold is being placed is told to try again; a hold on what is gone is refused."""
    cast, citizen = committed_cast, person()
    with system():
        before = refetch(citizen)
    with connections["owner"].cursor() as cursor, transaction.atomic(using="owner"):
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        with pytest.raises(DomainError) as refusal, system():
            anonymise(refetch(citizen), by=None, reason=WHY)
        assert refusal.value.code == "CONFLICT"
    with system():
        anonymise(refetch(citizen), by=None, reason=WHY)
    with system(), pytest.raises(DomainError) as refusal:
        actions.place_hold(by=cast.secretary, kind="CITIZEN", on=before, reason="Dava")
    assert refusal.value.code == "WRONG_STATE"


def test_only_the_houses_own_role_may_call_it(cast: Cast) -> None:
    calls = (
        "app.forget('CITIZEN', '{1}')",
        "app.redact('a', 'contacts_citizen')",
        "app.text_tables()",
        "app.named_in('{1}')",
        "app.mentions('a')",
        "app.stands_against('{1}')",
        "app.citizens_alone(now())",
        "app.held_citizens()",
        "app.is_held('CASE', 1)",
        "app.kept_by_law('{1}')",
    )
    for call in calls:
        with scope.session(cast.fen_clerk), pytest.raises(DatabaseError, match="permission denied"):
            said(f"SELECT * FROM {call}")


def said(question: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(question)


def test_a_print_run_with_the_persons_letter_is_destroyed(cast: Cast) -> None:
    citizen = person()
    batch = greet(cast, "Bayram", citizen)
    with system():
        run = PrintRun.objects.get(batch=batch)
        batch.recipients.filter(citizen=citizen).update(
            outcome="SENT", channel="PRINT", print_run=run, name=NAME
        )
        anonymise(refetch(citizen), by=None, reason=WHY)
        run.refresh_from_db()
        assert (run.file.name, run.size) == ("", 0)
        assert batch.recipients.filter(citizen=citizen, name="").count() == 1


def test_what_was_written_to_a_person_at_an_organisation_goes_with_them(cast: Cast) -> None:
    person, other = make_citizen(email="Ayse@example.org"), make_citizen(email="baska@example.org")
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY")
    by_role = make_written(partner, means="EMAIL", role=make_role(partner, person))
    by_address = make_written(partner, means="EMAIL", address="ayse@example.org")
    kept = make_written(partner, means="EMAIL", role=make_role(partner, other), address="baska@example.org")
    with system():
        forget("CITIZEN", [person.pk])
    assert [refetch(row).body for row in (by_role, by_address)] == [GONE, GONE]
    assert (refetch(kept).body, refetch(kept).address) == (kept.body, "baska@example.org")
    with system():
        assert list(WrittenFile.objects.values_list("written", flat=True)) == [kept.pk]
