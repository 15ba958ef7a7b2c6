"""Saying verbs: coded errors in the payload, the row read again as the viewer sees it, nothing half done."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.core.session import system
from backend.outbox.models import Message
from schema.core.nodes import encode, global_id
from tests.factories import make_body, make_citizen, make_complaint, refetch
from tests.schema.client import Asking, errors_of

INPUTS: dict[Verb, dict[str, object]] = {
    Verb.CORRECT: {"subject": "Yeni"},
    Verb.RETURN: {"reason": "x"},
    Verb.PUT_ON_HOLD: {"for": "CITIZEN"},
    Verb.DRAFT: {"body": "x"},
    Verb.CORRECT_REPLY: {"body": "x"},
    Verb.SEND_BACK: {"reason": "x"},
    Verb.NOTIFY_PROGRESS: {"body": "x"},
    Verb.MESSAGE: {"body": "x"},
    Verb.COMMENT: {"body": "x"},
    Verb.EXTEND: {"reason": "x"},
    Verb.ASK_FEE: {"amount": "10.50"},
    Verb.SPLIT: {"subject": "Ayrı konu"},
    Verb.RECORD_OBJECTION: {"contestedOn": "2026-01-05", "contestedAt": "BOARD"},
    Verb.MARK_NOT_EXAMINABLE: {"reason": "FOR_THE_COURTS"},
    Verb.REJECT: {"reason": "x"},
    Verb.REOPEN: {"reason": "x"},
    Verb.TAG: {"add": ["x"]},
    Verb.RECORD_CIMER_ENTRY: {"proof": "x"},
    Verb.RECORD_POST: {"link": "https://social.example/p/1"},
}


def mutation_of(verb: Verb) -> str:
    words = verb.value.lower().split("_")
    return "complaint" + "".join(word.capitalize() for word in words)


def input_of(verb: Verb, cast) -> dict[str, object]:
    edges: dict[Verb, dict[str, object]] = {
        Verb.ROUTE: {"to": global_id(cast.park)},
        Verb.ADD_COLLABORATOR: {"department": global_id(cast.park)},
        Verb.RELEASE_COLLABORATOR: {"department": global_id(cast.park)},
        Verb.FORWARD: {"to": global_id(make_body()), "number": "1"},
        Verb.ASSIGN: {"person": global_id(cast.fen_clerk)},
        Verb.SHARE: {"user": global_id(cast.outsider)},
        Verb.UNSHARE: {"user": global_id(cast.outsider)},
    }
    return INPUTS.get(verb, {}) | edges.get(verb, {})


VERBS = [verb for verb in Verb if verb is not Verb.ATTACH]
NAMES_A_CASE = (Verb.MARK_DUPLICATE, Verb.LINK, Verb.SET_APART, Verb.UNSET_APART)


def test_every_verb_says_not_found_of_a_hidden_and_of_a_missing_case_in_the_same_bytes(cast):
    hidden, asking = make_complaint(to=cast.fen), Asking(cast.park_clerk)
    for verb in VERBS:
        fields = input_of(verb, cast)
        if verb in NAMES_A_CASE:
            fields = {"of": global_id(make_complaint(to=cast.park))}
        answers = [
            asking.does(mutation_of(verb), "complaint { id }", id=id, **fields)
            for id in (global_id(hidden), encode("Complaint", uuid4()))
        ]
        assert answers[0] == answers[1], verb
        assert answers[0]["complaint"] is None
        assert [error["code"] for error in answers[0]["errors"]] == ["NOT_FOUND"], verb


def test_viewer_can_is_what_the_mutations_allow(cast):
    """Every verb not in `viewerCan` is refused with FORBIDDEN or WRONG_STATE; each in it is neither."""
    made = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    asking, query = (
        Asking(cast.fen_clerk),
        "query($i: ID!) { node(id: $i) { ... on Complaint { viewerCan } } }",
    )
    allowed = set(asking.data(query, i=global_id(made))["node"]["viewerCan"])
    assert {"DRAFT", "START", "RETURN", "COMMENT"} <= allowed
    other = global_id(make_complaint(to=cast.fen))
    for verb in VERBS:
        if verb.value in allowed:
            continue
        fields = input_of(verb, cast) | ({"of": other} if verb in NAMES_A_CASE else {})
        code = asking.does(mutation_of(verb), id=global_id(made), **fields)["errors"][0]["code"]
        # Without a reply there is nothing to hand in: the action names what is missing.
        assert code in ({"REQUIRED"} if verb is Verb.SUBMIT else {"FORBIDDEN", "WRONG_STATE"}), verb
    for mutation, said in [
        ("complaintStart", {}),
        ("complaintDraft", {"body": "x"}),
        ("complaintTag", {"add": ["a"]}),
    ]:
        assert asking.does(mutation, id=global_id(made), **said)["errors"] == []


def test_an_old_version_is_a_conflict_and_changes_nothing(cast):
    made = make_complaint(to=cast.fen)
    asking = Asking(cast.fen_clerk)
    late = asking.does(
        "complaintAccept", "complaint { status }", id=global_id(made), version=made.version - 1
    )
    assert [(error["code"], error["field"]) for error in late["errors"]] == [("CONFLICT", "version")]
    assert refetch(made).status == "ASSIGNED"
    assert asking.does(
        "complaintAccept", "complaint { status }", id=global_id(made), version=made.version
    ) == {
        "errors": [],
        "complaint": {"status": "ACCEPTED"},
    }


@pytest.mark.parametrize("wrong", ["", "x", "\x00", "Q29tcGxhaW50", encode("Citizen", UUID(int=1))])
def test_an_id_of_something_else_is_not_found(cast, wrong):
    made, asking = make_complaint(), Asking(cast.secretary)
    assert asking.does("complaintWithdraw", id=wrong)["errors"][0]["code"] == "NOT_FOUND"
    routed = asking.does("complaintRoute", id=global_id(made), to=wrong)
    assert [(error["code"], error["field"]) for error in routed["errors"]] == [("NOT_FOUND", "to")]


def test_a_duplicate_of_a_case_that_one_does_not_see_is_not_found(cast):
    made = make_complaint()
    done = Asking(cast.secretary).does(
        "complaintMarkDuplicate",
        "complaint { duplicateOf { reference } }",
        id=global_id(make_complaint()),
        of=global_id(made),
    )
    assert done["complaint"]["duplicateOf"] == {"reference": made.reference}
    done = Asking(cast.secretary).does(
        "complaintMarkDuplicate", id=global_id(make_complaint()), of=encode("Complaint", uuid4())
    )
    assert done["errors"][0]["field"] == "of"


def test_the_original_of_a_duplicate_is_null_for_who_may_not_see_it(cast):
    original, repeated = make_complaint(to=cast.park), make_complaint(to=cast.fen)
    Asking(cast.secretary).does("complaintMarkDuplicate", id=global_id(repeated), of=global_id(original))
    query = (
        "{ complaints { nodes { reference outcome duplicateOf { reference } duplicates { reference } } } }"
    )
    assert Asking(cast.fen_clerk).data(query)["complaints"]["nodes"] == [
        {"reference": repeated.reference, "outcome": "DUPLICATE", "duplicateOf": None, "duplicates": []}
    ]
    assert Asking(cast.park_clerk).data(query)["complaints"]["nodes"][0]["duplicates"] == []
    assert Asking(cast.secretary).data(query)["complaints"]["nodes"][0]["duplicates"]


def test_correcting_sets_empties_and_leaves_alone(cast):
    made, other = make_complaint(place="Barış Sokak"), make_citizen("Fatma", "Kurt")
    fields = "complaint { subject place body applicant { fullName } lines(first: 1) { changedFields } }"
    done = Asking(cast.secretary).does(
        "complaintCorrect",
        fields,
        id=global_id(made),
        subject=" Yeni\u0000 konu ",
        place=None,
        applicant=global_id(other),
    )
    assert done["complaint"] == {
        "subject": "Yeni konu",
        "place": "",
        "body": made.body,
        "applicant": {"fullName": "Fatma KURT"},
        "lines": [{"changedFields": ["applicant", "place", "subject"]}],
    }
    wrong = Asking(cast.secretary).does("complaintCorrect", fields, id=global_id(made), kind=None)
    assert wrong["errors"][0]["code"] == "INVALID"


def test_whoever_registers_gets_the_receipt_even_without_sight_of_the_case(ask):
    fields = "receipt { reference trackingCode } complaint { id }"
    made = ask.portal.does(
        "complaintRegister",
        fields,
        kind="COMPLAINT",
        channel="PHONE",
        subject="Çukur",
        newApplicant={"firstName": "Ayşe", "email": "ayse@example.org"},
    )
    assert made["errors"] == []
    assert made["complaint"] is None
    code = made["receipt"]["trackingCode"]
    tracking = ask.nobody.data(
        "query($c: String!) { complaintTracking(code: $c) { reference status } }", c=code
    )
    assert tracking["complaintTracking"]["reference"] == made["receipt"]["reference"]
    with system():
        assert Message.objects.get().address == "ayse@example.org"
    refused = ask.outsider.does(
        "complaintRegister", fields, kind="COMPLAINT", channel="PHONE", subject="Çukur"
    )
    assert refused["errors"][0]["code"] == "FORBIDDEN"
    assert refused["receipt"] is None


def test_a_refused_registration_leaves_no_half_written_citizen(ask):
    done = ask.secretary.does(
        "complaintRegister",
        "receipt { reference }",
        kind="COMPLAINT",
        channel="PHONE",
        subject="",
        newApplicant={"firstName": "Yarım", "phone": "0532 111 22 33"},
    )
    assert [(error["code"], error["field"]) for error in done["errors"]] == [("REQUIRED", "subject")]
    query = '{ citizens(phone: "05321112233") { totalCount } }'
    assert ask.secretary.data(query)["citizens"]["totalCount"] == 0
    with system():
        assert not Complaint.objects.exists()


def test_the_same_number_of_a_source_is_taken_once(ask):
    given = {"kind": "COMPLAINT", "channel": "PHONE", "subject": "x", "source": "153", "sourceNumber": "1"}
    assert ask.portal.does("complaintRegister", "receipt { reference }", **given)["errors"] == []
    again = ask.portal.does("complaintRegister", "receipt { reference }", **given)
    assert [(error["code"], error["field"]) for error in again["errors"]] == [("DUPLICATE", "sourceNumber")]


def test_one_mutation_of_several_may_fail_alone(cast):
    made = global_id(make_complaint(to=cast.fen))
    query = """mutation($i: ID!) {
      a: complaintAccept(input: {id: $i}) { errors { code } complaint { status } }
      b: complaintAccept(input: {id: $i}) { errors { code } complaint { status } }
      c: complaintStart(input: {id: $i}) { errors { code } complaint { status } } }"""
    assert Asking(cast.fen_clerk).data(query, i=made) == {
        "a": {"errors": [], "complaint": {"status": "ACCEPTED"}},
        "b": {"errors": [{"code": "WRONG_STATE"}], "complaint": None},
        "c": {"errors": [], "complaint": {"status": "IN_PROGRESS"}},
    }


def test_integrity_errors_tell_nothing(cast, monkeypatch):
    from django.db import IntegrityError

    def broken(*_args, **_kwargs):
        raise IntegrityError(
            'duplicate key value violates unique constraint "x" DETAIL: Key (phone)=(+905321112233)'
        )

    monkeypatch.setattr("backend.contacts.actions._save", broken)
    done = Asking(cast.secretary).does("citizenRecord", "citizen { id }", firstName="Ayşe")
    assert done["errors"][0]["code"] == "CONFLICT"
    assert "905321112233" not in str(done)
    assert "constraint" not in str(done)


def test_the_preview_is_what_is_sent(cast):
    made = make_complaint(applicant=make_citizen("Ayşe", "Işık", email="ayse@example.org"))
    asking = Asking(cast.secretary)
    query = (
        "query($i: ID!, $b: String!) { complaintMessagePreview(of: {message: {id: $i, body: $b}}) { "
        "subject body errors { code } } }"
    )
    shown = asking.data(query, i=global_id(made), b="Yarın geleceğiz.")["complaintMessagePreview"]
    assert asking.does("complaintMessage", id=global_id(made), body="Yarın geleceğiz.")["errors"] == []
    with system():
        sent = Message.objects.get(address="ayse@example.org")
    assert (shown["subject"], shown["body"]) == (sent.subject, sent.body)
    assert "Yarın geleceğiz." in sent.body
    hidden = Asking(cast.park_clerk).data(query, i=global_id(made), b="x")["complaintMessagePreview"]
    assert hidden == {"subject": None, "body": None, "errors": [{"code": "NOT_FOUND"}]}


@pytest.mark.parametrize("code", ["", "x", "AAAA-AAAA-AAAA", "\x00", "' OR 1=1", "7G2K0QXM4TBNN", "ş" * 50])
def test_a_wrong_tracking_code_is_answered_like_none(ask, code):
    make_complaint()
    assert ask.nobody.data("query($c: String!) { complaintTracking(code: $c) { status } }", c=code) == {
        "complaintTracking": None
    }


def test_the_citizen_reads_the_story_in_their_own_words_and_nothing_from_inside(ask, cast):
    made = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    asking = ask.fen_clerk
    asking.does("complaintComment", id=global_id(made), body="İçeride kalsın")
    asking.does("complaintDraft", id=global_id(made), body="Taslak metni")
    query = """query($c: String!) { complaintTracking(code: $c) { reference kind registeredOn status
        steps { at label } replies { notifiedAt kind body } } }"""
    code = made.tracking_code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    told = ask.nobody.data(query, c=code)["complaintTracking"]
    assert told["reference"] == made.reference
    assert told["replies"] == []
    assert len(told["steps"]) == 2
    for inside in ("İçeride", "Taslak", "Fen", "Murat", "Demir", "Ayşe", "Işıklar"):
        assert inside not in str(told)


def test_an_action_that_is_refused_is_not_an_error_of_the_request(cast):
    response = Asking(cast.secretary).post(
        'mutation { complaintAccept(input: {id: "x"}) { errors { code } } }'
    )
    assert response.status_code == 200
    assert errors_of(response.json()) == []
