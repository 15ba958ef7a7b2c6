"""What the corpus says must come out of each mail does; nothing raises, and nothing takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.mailboxes.choices import Note
from backend.mailboxes.parsing import parsed
from tests.backend.mailboxes.corpus import RECIPES, Recipe, plain

LONG = 5.0
"""Seconds that no mail takes, thirty megabytes included."""


def test_the_corpus_is_large_and_its_names_differ() -> None:
    assert len(RECIPES) >= 80
    assert len({one.name for one in RECIPES}) == len(RECIPES)


@pytest.mark.parametrize("one", RECIPES, ids=lambda one: one.name)
def test_a_mail_of_the_corpus(one: Recipe) -> None:
    began = time.process_time()
    mail = parsed(one.raw)
    assert time.process_time() - began < LONG
    for name, value in one.expected.items():
        assert getattr(mail, name) == value, name
    if one.check is not None:
        assert one.check(mail), mail
    if one.notes or one.check is None:
        assert set(mail.notes) == one.notes
    for text in (mail.subject, mail.text, mail.html, mail.from_name, mail.message_id, *mail.to_addresses):
        assert "\x00" not in text
        text.encode()  # no lone surrogate: it can be stored
    assert "\n" not in mail.subject + mail.from_name


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw: bytes) -> None:
    parsed(raw)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_mail_with_any_bytes_in_its_midst_is_read(place: int, noise: bytes) -> None:
    whole = plain("Işık yanmıyor", "windows-1254", "quoted-printable")
    mail = parsed(whole[:place] + noise + whole[place:])
    assert mail.text or mail.subject or mail.notes


def test_every_note_is_a_sentence() -> None:
    assert all(str(note.label).endswith(".") for note in Note)


def test_each_note_of_reading_is_in_the_corpus() -> None:
    """A note that no mail of the corpus gets was never seen; those of fetching and of lines are tested there."""
    seen = {note for one in RECIPES for note in one.notes}
    assert set(Note) - seen == {Note.TOO_LARGE, Note.FILES_LEFT_OUT, Note.VOICE}
