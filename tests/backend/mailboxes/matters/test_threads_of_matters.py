"""Replies in the threads of letters and partners: what answers a message joins, what may answer the letter waits."""

from __future__ import annotations

import datetime as dt

import pytest

from backend.core.session import system
from backend.letters import actions as letters
from backend.letters.models import Letter
from backend.mailboxes.choices import Status as MailStatus
from backend.mailboxes.matters import writing
from backend.outbox import holding
from tests.backend.core.test_outbox import Sink
from tests.backend.mailboxes.test_settling import (  # noqa: F401 - fixtures of each test
    AYSE,
    Post,
    box,
    post,
    reply_to,
    sink,
)
from tests.cast import Cast
from tests.factories import issue_letter, make_letter, make_organisation, refetch


def sent_letter(cast: Cast) -> Letter:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    issue_letter(letter, by=cast.secretary, signatory=cast.mayor)
    with system():
        letters.dispatch(
            refetch(letter), by=None, addressee=letter.addressees.get(), means="EMAIL", email=AYSE
        )
    return letter


def test_an_answer_to_the_letter_waits_though_a_message_about_it_is_newer(
    cast: Cast,
    sink: Sink,  # noqa: F811
    post: Post,  # noqa: F811
) -> None:
    letter = sent_letter(cast)
    post.send()
    with system():
        writing.write_about_letter(refetch(letter), by=None, body="Vaktiniz oldu mu?", to=AYSE)
    post.send()
    sent, message = sink.mails[-2:]
    assert sent["Reply-To"] == message["Reply-To"], "they are one thread"
    official = post.arrives(reply_to(sent, "Talebiniz uygun görülmüştür."))
    assert (official.status, official.letter_id) == (MailStatus.WAITING, None)
    unnamed = post.arrives(reply_to(message, "Yazımız ektedir.", In_Reply_To="", References=""))
    assert (unnamed.status, unnamed.letter_id) == (MailStatus.WAITING, None)
    answer = post.arrives(reply_to(message, "Yarın bakacağız."))
    assert (answer.status, answer.letter_id) == (MailStatus.JOINED, letter.pk)


def test_what_was_taken_back_does_not_end_its_thread(
    cast: Cast,
    sink: Sink,  # noqa: F811
    post: Post,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email=AYSE)
    with system():
        writing.write_to_organisation(refetch(partner), by=None, body="Gelir misiniz?", subject="Toplantı")
    post.send()
    monkeypatch.setattr(holding, "UNDO", dt.timedelta(seconds=30))
    with system():
        writing.write_to_organisation(refetch(partner), by=None, body="Yanlış.", subject="Toplantı")
        writing.take_back_of_organisation(refetch(partner), by=None)
    for reply in (
        reply_to(sink.mails[-1], "Geliriz."),
        reply_to(sink.mails[-1], "Üç kişiyiz.", In_Reply_To="", References=""),
    ):
        mail = post.arrives(reply)
        assert (mail.status, mail.organisation_id) == (MailStatus.JOINED, partner.pk)
