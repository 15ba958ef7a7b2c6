"""One conversation of a case: every message in and out and the notes, in order, for who may see each of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.complaints.actions import citizens
from backend.complaints.jobs import report_undelivered
from backend.complaints.models import Complaint, Notice
from backend.core.session import system
from backend.letters import actions as letters
from backend.mailboxes.models import InboundMessage, Mailbox
from backend.outbox.models import Message
from backend.partners import actions as partners
from backend.partners.models import Organisation
from permissions.core import grants
from permissions.core.viewer import WORK
from schema.core.nodes import global_id
from tests.backend.mailboxes.rows import make_mail, make_mailbox, make_written
from tests.backend.stories import say
from tests.cast import Cast
from tests.factories import (
    LONG_AGO,
    issue_letter,
    make_citizen,
    make_complaint,
    make_letter,
    make_organisation,
    make_user,
    refetch,
)
from tests.schema.client import Asking

FIELDS = (
    "direction channel means delivery deliveryAt subject text isAutomatic isShown author { fullName }"
    " notice { kind }"
)
ALL = f"query($c: ID!) {{ complaintConversation(complaint: $c, first: 20) {{ totalCount nodes {{ {FIELDS} }} }} }}"
ON_CASE = (
    """query($c: ID!) { node(id: $c) { ... on Complaint { conversation(first: 3) { direction text } } } }"""
)
PAGE = """query($c: ID!, $a: String) { complaintConversation(complaint: $c, first: 2, after: $a) {
  nodes { text } pageInfo { endCursor hasNextPage } } }"""
ASKED, ANSWERED, NOTED, ADDED = "Hangi sokak?", "Barış Sokak.", "Ekip yarın gider.", "Kapının önü."


@pytest.fixture
def box(cast: Cast) -> Mailbox:
    return make_mailbox(cast.relations)


def conversed(cast: Cast, box: Mailbox, **facts: Any) -> Complaint:
    """A case with a message of each kind."""
    facts = {"to": cast.park, "accepted_by": cast.park_clerk, "body": "Bank kırık."} | facts
    case = make_complaint(**facts)
    say(case, "message", by=cast.park_head, body=ASKED, means="EMAIL")
    written = {"text": f"{ANSWERED}\n\n> Hangi", "quoted_from": len(ANSWERED)}
    make_mail(box, "Re: soru", status="JOINED", complaint=case, **written)
    say(case, "comment", by=cast.park_clerk, body=NOTED)
    with system():
        citizens.add(refetch(case), by=None, text=ADDED)
    return case


def texts(asking: Asking, case: Complaint) -> list[str]:
    page = asking.data(ALL, c=global_id(case))["complaintConversation"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["text"].split("\n")[0] for node in page["nodes"]]


def test_it_has_every_message_in_order_with_its_way(ask, cast: Cast, box: Mailbox) -> None:
    case = conversed(cast, box)
    with system():
        InboundMessage.objects.update(received_at=Notice.objects.get(complaint=case).notified_at)
    nodes = ask.secretary.data(ALL, c=global_id(case))["complaintConversation"]["nodes"]
    ways = [(node["direction"], node["channel"], node["means"], node["delivery"]) for node in nodes]
    assert sorted(ways[1:3], key=str) == sorted(
        [("OUT", None, "EMAIL", "WAITING"), ("IN", "EMAIL", None, None)], key=str
    )
    assert [ways[0], *ways[3:]] == [
        ("IN", "PHONE", None, None),
        ("NOTE", None, None, None),
        ("IN", "WEB", None, None),
    ]
    assert [node["isShown"] for node in nodes] == [True, True, True, False, True]
    mail = next(node for node in nodes if node["subject"] == "Re: soru")
    assert mail["text"] == ANSWERED, "without what it quotes"
    question = next(node for node in nodes if node["direction"] == "OUT")
    assert (question["notice"], question["isAutomatic"]) == ({"kind": "MESSAGE"}, False)
    assert question["author"]["fullName"] == str(cast.park_head)


def test_the_newest_stand_on_the_case_and_pages_go_on_from_the_oldest(ask, cast: Cast, box: Mailbox) -> None:
    case = conversed(cast, box)
    everything = texts(ask.secretary, case)
    short = ask.secretary.data(ON_CASE, c=global_id(case))["node"]["conversation"]
    assert [node["text"] for node in short] == everything[:-4:-1]
    found, after = [], None
    while True:
        page = ask.secretary.data(PAGE, c=global_id(case), a=after)["complaintConversation"]
        found += [node["text"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert [text.split("\n")[0] for text in found] == everything


def test_a_mail_is_seen_by_who_may_know_the_person(ask, cast: Cast, box: Mailbox) -> None:
    case = conversed(cast, box)
    assert ANSWERED in texts(ask.park_head, case)
    assert sorted(texts(ask.park_clerk, case)) == sorted(["Bank kırık.", ASKED, NOTED, ADDED])
    assert texts(ask.fen_head, case) == []
    hidden = conversed(cast, box, identity_hidden=True, applicant=make_citizen())
    assert ANSWERED not in texts(ask.park_head, hidden)
    assert ANSWERED in texts(ask.secretary, hidden)


def test_what_was_not_delivered_has_failed_for_everybody(ask, cast: Cast, box: Mailbox) -> None:
    case = conversed(cast, box)
    with system():
        Message.objects.update(status=Message.Status.FAILED)
    assert report_undelivered() == 1
    for asking in (ask.secretary, ask.park_clerk):
        nodes = asking.data(ALL, c=global_id(case))["complaintConversation"]["nodes"]
        assert [node["delivery"] for node in nodes if node["direction"] == "OUT"] == ["FAILED"]


@pytest.mark.parametrize(
    ("status", "moments", "seen"),
    [
        ("WAITING", {}, ("WAITING", None)),
        ("SENT", {"sent_at": 3}, ("SENT", 3)),
        ("SENT", {"sent_at": 3, "delivered_at": 2}, ("DELIVERED", 2)),
        ("SENT", {"sent_at": 3, "delivered_at": 2, "read_at": 1}, ("READ", 1)),
        ("FAILED", {"sent_at": 3, "failed_at": 2}, ("FAILED", 2)),
    ],
)
def test_how_far_a_message_is_and_since_when_is_seen_by_who_does_not_see_the_outbox(
    ask, cast: Cast, box: Mailbox, status: str, moments: dict[str, int], seen: tuple[str, int | None]
) -> None:
    case, now = conversed(cast, box), timezone.now()
    at = {name: now - dt.timedelta(hours=hours) for name, hours in moments.items()}
    with system():
        Message.objects.update(status=status, channel="SMS", **at)
    since = None if seen[1] is None else now - dt.timedelta(hours=seen[1])
    for asking in (ask.secretary, ask.park_head, ask.park_clerk):
        nodes = asking.data(ALL, c=global_id(case))["complaintConversation"]["nodes"]
        (sent,) = [node for node in nodes if node["direction"] == "OUT"]
        assert sent["delivery"] == seen[0]
        shown = sent["deliveryAt"] and dt.datetime.fromisoformat(sent["deliveryAt"])
        assert shown == since


def test_a_case_that_was_made_of_a_mail_begins_with_it(ask, cast: Cast, box: Mailbox) -> None:
    case = make_complaint(to=cast.park, channel="EMAIL", body="Bank kırık.")
    make_mail(box, "Bank", status="MADE", complaint=case, text="Bank kırık.\nAyşe")
    nodes = ask.secretary.data(ALL, c=global_id(case))["complaintConversation"]["nodes"]
    assert [(node["subject"], node["text"]) for node in nodes] == [("Bank", "Bank kırık.\nAyşe")]


def test_who_may_not_know_the_sender_reads_what_the_case_begins_with(ask, cast: Cast, box: Mailbox) -> None:
    """Staff of the office without the citizens, who see the case and not the mail that it was made of."""
    without = make_user("ozelkalem.stajyer", "Deniz", "Kaya")
    with system():
        grants.give(without, WORK, cast.office, by=None, valid_from=LONG_AGO)
    case = make_complaint(to=cast.park, accepted_by=cast.park_clerk, channel="EMAIL", body="Bank kırık.")
    make_mail(box, "Bank", status="MADE", complaint=case, text="Bank kırık.\nAyşe Işık")
    for asking in (Asking(without), ask.park_clerk):
        assert texts(asking, case) == ["Bank kırık."]
    nodes = ask.park_head.data(ALL, c=global_id(case))["complaintConversation"]["nodes"]
    assert [node["text"] for node in nodes] == ["Bank kırık.\nAyşe Işık"], "once"


def test_another_key_is_no_case(ask, cast: Cast, box: Mailbox) -> None:
    conversed(cast, box)
    for key in (global_id(cast.park), "x"):
        assert ask.secretary.data(ALL, c=key)["complaintConversation"]["nodes"] == []


def test_the_size_of_a_conversation_changes_no_number_of_questions(
    ask, cast: Cast, box: Mailbox, django_assert_max_num_queries: Any
) -> None:
    case = conversed(cast, box)
    for number in range(30):
        make_mail(box, f"Bir daha {number}", status="JOINED", complaint=case)
    with django_assert_max_num_queries(30):
        assert ask.secretary.data(ALL, c=global_id(case))["complaintConversation"]["totalCount"] == 35


def test_the_text_of_a_letter_stands_on_the_letter_alone(ask, cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, to=make_citizen())
    issue_letter(letter, by=cast.secretary, signatory=cast.mayor)
    with system():
        letters.dispatch(refetch(letter), by=None, addressee=letter.addressees.get(), means="POST")
    query = "query($l: ID!) { letterConversation(letter: $l, first: 9) { nodes { direction text ofLetter { body } } } }"
    (node,) = ask.secretary.data(query, l=global_id(letter))["letterConversation"]["nodes"]
    assert (node["direction"], node["text"]) == ("OUT", "")
    assert node["ofLetter"]["body"], "reading it there is noted"


def test_where_a_message_went_is_shown(ask, cast: Cast) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY")
    make_written(partner, means="EMAIL", address="yanlis@example.org")
    query = "query($o: ID!) { organisationConversation(organisation: $o, first: 9) { nodes { written { address } } } }"
    (node,) = ask.secretary.data(query, o=global_id(partner))["organisationConversation"]["nodes"]
    assert node["written"]["address"] == "yanlis@example.org"


def test_a_partner_has_the_messages_of_the_records_that_were_merged_into_it(ask, cast: Cast) -> None:
    kept, former = make_organisation("Ilıca Yapı A.Ş.", "COMPANY"), make_organisation("Ilıca Yapı", "COMPANY")
    make_written(former, "Salı günü arayacağız.", means="EMAIL", address="ilica@example.org")
    make_written(kept, "Çarşamba da olur.", means="EMAIL", address="ilica@example.org")
    make_written(
        make_organisation("Öteki A.Ş.", "COMPANY"), "Başkası.", means="EMAIL", address="o@example.org"
    )
    with system():
        partners.merge(former, by=None, into=kept)
    query = "query($o: ID!) { organisationConversation(organisation: $o, first: 9) { nodes { text } } }"
    for key in (global_id(kept), global_id(former)):
        nodes = ask.secretary.data(query, o=key)["organisationConversation"]["nodes"]
        assert sorted(node["text"] for node in nodes) == ["Salı günü arayacağız.", "Çarşamba da olur."]
    assert ask.park_clerk.data(query, o=global_id(kept))["organisationConversation"]["nodes"] == []


@pytest.mark.parametrize("compiled", [True, False])
def test_the_short_list_of_a_partner_is_of_the_same_records_in_as_many_statements(
    ask, cast: Cast, settings: Settings, compiled: bool
) -> None:
    settings.GRAPHQL_COMPILED_READS = compiled
    names = ("Ilıca Yapı A.Ş.", "Ilıca Yapı", "Ilıca")
    kept, former, first = (make_organisation(name, "COMPANY") for name in names)
    other = make_organisation("Öteki A.Ş.", "COMPANY")
    said = {"means": "EMAIL", "address": "ilica@example.org"}
    for place, (record, text) in enumerate(
        ((first, "Bir."), (kept, "İki."), (former, "Üç."), (other, "Başkası."), (first, "Dört."))
    ):
        make_written(record, text, at=timezone.now() - dt.timedelta(hours=9 - place), **said)
    with system():
        partners.merge(first, by=None, into=former)
        partners.merge(refetch(former), by=None, into=kept)
    query = """query($i: [ID!]!) { nodes(ids: $i) { ... on Organisation {
      name conversation(first: 3) { text } } } }"""

    def short(*records: Organisation) -> dict[str, list[str]]:
        nodes = ask.secretary.data(query, i=[global_id(one) for one in records])["nodes"]
        return {node["name"]: [one["text"] for one in node["conversation"]] for node in nodes}

    whole = {name: ["Dört.", "Üç.", "İki."] for name in names} | {other.name: ["Başkası."]}
    assert short(kept, former, first, other) == whole
    page = "query($n: Int!) { organisations(first: $n) { nodes { conversation(first: 3) { text } } } }"
    statements = []
    for count in (1, 2, 1):  # once for what is remembered of the first question
        with CaptureQueriesContext(connection) as asked:
            assert len(ask.secretary.data(page, n=count)["organisations"]["nodes"]) == count
        statements.append(len(asked))
    assert statements[1] == statements[2]
