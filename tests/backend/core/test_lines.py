"""A text of one line has no line break and no control character, by whichever door it comes."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models

from backend.complaints.actions import correct, register
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.core.words.lines import LineAttribute, is_line
from backend.core.words.text import line
from schema.app import schema  # noqa: F401 - the ids of rows
from schema.core.nodes import global_id
from tests.cast import Cast, signed_in
from tests.factories import make_complaint, make_entry, refetch
from tests.schema.client import Asking

BROKEN = " Bozuk\r\nyol\x0b\x00\u2028 ve\x85\t\tçukur\u202e\n"
WHOLE = "Bozuk yol ve çukur"

LINES = [
    (model, field)
    for model in apps.get_models()
    if model.__module__.startswith("backend.")
    for field in model._meta.fields
    if is_line(field)
]


def test_a_line_is_made_of_any_text() -> None:
    assert line(BROKEN) == line(line(BROKEN)) == WHOLE
    assert line("👩\u200d🚀 Şen") == "👩\u200d🚀 Şen"


def test_every_short_column_of_every_table_is_a_line() -> None:
    assert len(LINES) > 200
    for model, field in LINES:
        row = model(**{field.attname: BROKEN})
        assert getattr(row, field.attname) == WHOLE, field
        setattr(row, field.attname, None)
        assert getattr(row, field.attname) is None


def test_an_address_and_a_text_may_have_several_lines() -> None:
    for model, name in (("contacts.Citizen", "address"), ("complaints.Complaint", "body")):
        field = apps.get_model(model)._meta.get_field(name)
        assert isinstance(field, models.Field)
        assert not is_line(field)


def test_what_is_deferred_is_still_read(cast: Cast) -> None:
    case = make_complaint(BROKEN)
    with system():
        row = Complaint.objects.only("pk").get(pk=case.pk)
        assert row.subject == WHOLE
        assert isinstance(vars(Complaint)["subject"], LineAttribute)


def test_in_an_action_and_a_copy(cast: Cast) -> None:
    with system():
        made = register(
            kind="COMPLAINT", channel="PHONE", subject=BROKEN, place=BROKEN, applicant=None, by=cast.secretary
        )
        assert (made.subject, made.place) == (WHOLE, WHOLE)
        correct(made, by=cast.secretary, place="a\nb")
    assert refetch(made).place == "a b"


def test_in_the_admin_and_in_graphql(cast: Cast) -> None:
    entry = make_entry(cast.mayors, by=cast.secretary)
    page = f"/admin/programme/entry/{entry.key}/correct/"
    given = {"version": entry.version, "kind": "MEETING", "reach": "ALL"}
    typed = BROKEN.replace("\0", "")  # which the form refuses by itself, with a sentence
    sent = signed_in(cast.secretary).post(page, {**given, "title": typed, "place": "a\r\nb"})
    assert sent.status_code == 302
    assert (refetch(entry).title, refetch(entry).place) == (WHOLE, "a b")
    asking = Asking(cast.secretary)
    asking.does("programmeEntryCorrect", id=global_id(entry), place=BROKEN)
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT title, place FROM programme_entry WHERE id = %s", [entry.pk])
        assert cursor.fetchone() == (WHOLE, WHOLE)
