"""Values at the ends of what a type can hold: a refusal that a person understands, or done; never a fault of ours."""

from __future__ import annotations

import pytest

from schema.core.nodes import global_id
from tests.factories import make_citizen, make_complaint
from tests.schema.client import Asking, errors_of

DATES = ["0001-01-01", "1000-06-15", "9999-12-31"]
MOMENTS = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
    "2026-01-01T00:00:00",
]
TEXTS = [
    "",
    " ",
    "\x00",
    "\ud83d\ude00" * 10,
    "x" * 100_000,
    "‮" * 500,
    "' OR 1=1 --",
    "{{ 1 }}",
    "%s%(a)s",
    "İ" * 300,
]


def fault(answer: dict) -> bool:
    return "INTERNAL" in errors_of(answer)


def says(asking: Asking, mutation: str, **input: object) -> dict:
    name = mutation[0].upper() + mutation[1:]
    return asking.answer(
        f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ errors {{ code message }} }} }}",
        input=input,
    )


@pytest.mark.parametrize("day", DATES)
def test_dates(ask, cast, day):
    made, asking = make_complaint(kind="INFORMATION_REQUEST", channel="WEB"), ask.secretary
    citizen, key = make_citizen(), global_id(made)
    answers = [
        asking.answer("query($d: Date) { complaintFigures(since: $d) { closed } }", d=day),
        asking.answer(
            "query($f: ComplaintFilter) { complaints(filter: $f) { totalCount nodes { id } } }",
            f={"registeredFrom": day, "registeredTo": day, "targetFrom": day, "targetTo": day},
        ),
        says(asking, "complaintExtend", id=key, reason="x", notifiedOn=day),
        says(asking, "complaintAskFee", id=key, amount="1", notifiedOn=day, means="POST", proof="x"),
        says(asking, "complaintRecordFee", id=key, paidOn=day),
        says(asking, "complaintCorrect", id=key, cimerDueOn=day, regime="CIMER", sourceNumber="1"),
        says(asking, "complaintShare", id=key, user=global_id(cast.outsider), validUntil=day),
        says(
            asking,
            "complaintRegister",
            kind="COMPLAINT",
            channel="CIMER",
            subject="x",
            cimerDueOn=day,
            sourceNumber="2",
        ),
        says(asking, "citizenCorrect", id=global_id(citizen), deceasedOn=day),
        says(asking, "administrativeLeaveSet", day=day, reason="x"),
        says(asking, "complaintRegister", kind="COMPLAINT", channel="PHONE", subject="x"),
        says(asking, "complaintForward", id=key, to="x", number="1", on=day),
        says(
            ask.administrator,
            "grantGive",
            user=global_id(cast.outsider),
            department=global_id(cast.fen),
            permission="WORK",
            validFrom=day,
            validUntil=day,
        ),
    ]
    assert [answer for answer in answers if fault(answer)] == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_moments(ask, cast, moment):
    made, asking = make_complaint(), ask.secretary
    answers = [
        says(
            asking, "complaintRegister", kind="REQUEST", channel="PETITION", subject="x", registeredAt=moment
        ),
        says(asking, "complaintCorrect", id=global_id(made), registeredAt=moment),
        says(
            ask.administrator,
            "apiTokenIssue",
            user=global_id(cast.portal),
            name="x",
            scopes=["READ"],
            expiresAt=moment,
        ),
    ]
    assert [answer for answer in answers if fault(answer)] == []


@pytest.mark.parametrize(
    "amount", ["0", "-1", "NaN", "Infinity", "1e400", "1e-400", "0.001", "99999999999", "1_0", "١"]
)
def test_amounts(ask, amount):
    made = make_complaint(kind="INFORMATION_REQUEST", channel="WEB")
    answer = says(
        ask.secretary, "complaintAskFee", id=global_id(made), amount=amount, means="POST", proof="x"
    )
    assert not fault(answer)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_texts(ask, cast, text):
    made, asking = make_complaint(to=cast.fen), ask.secretary
    citizen, key = make_citizen(), global_id(made)
    answers = [
        says(
            asking,
            "complaintRegister",
            kind="COMPLAINT",
            channel="PHONE",
            subject=text,
            body=text,
            place=text,
            source=text,
            sourceNumber=text,
            tags=[text],
            newApplicant={
                "firstName": text,
                "phone": text,
                "email": text,
                "nationalId": text,
                "address": text,
            },
        ),
        says(asking, "complaintCorrect", id=key, subject=text, body=text, place=text, sourceNumber=text),
        says(asking, "complaintRoute", id=key, to=text, note=text),
        says(asking, "complaintComment", id=key, body=text),
        says(asking, "complaintDraft", id=key, body=text),
        says(asking, "complaintTag", id=key, add=[text], remove=[text]),
        says(asking, "complaintMessage", id=key, body=text, means="POST", proof=text),
        says(asking, "complaintReject", id=key, reason=text, means="POST", proof=text),
        says(
            asking,
            "citizenCorrect",
            id=global_id(citizen),
            firstName=text,
            lastName=text,
            note=text,
            email=text,
            phone=text,
            address=text,
            nationalId=text,
        ),
        says(asking, "citizenMerge", id=global_id(citizen), into=text, reason=text),
        says(asking, "citizenRevealNationalId", id=global_id(citizen), purpose=text),
        says(asking, "administrativeLeaveSet", day="2026-12-01", reason=text),
        says(
            ask.administrator,
            "grantGive",
            user=global_id(cast.outsider),
            department=global_id(cast.fen),
            permission="WORK",
            reason=text,
        ),
        says(
            ask.administrator,
            "apiTokenIssue",
            user=global_id(cast.portal),
            name=text,
            scopes=["READ"],
            expiresAt="2099-01-01T00:00:00Z",
        ),
        asking.answer("query($t: String!) { complaint(reference: $t) { id } }", t=text),
        asking.answer("query($t: String!) { complaints(search: $t) { totalCount nodes { id } } }", t=text),
        asking.answer(
            "query($t: String!) { complaints(filter: {tag: $t, reference: $t}) { totalCount } }", t=text
        ),
        asking.answer(
            "query($t: String!) { categorySuggestion(text: $t, place: $t) { isAmbiguous } }", t=text
        ),
        asking.answer("query($t: String!) { citizens(name: $t) { totalCount nodes { id } } }", t=text),
        asking.answer("query($t: String!) { citizens(phone: $t) { totalCount } }", t=text),
        asking.answer("query($t: String!) { citizens(nationalId: $t) { totalCount } }", t=text),
        asking.answer(
            "query($t: String!) { staff(search: $t) { nodes { id } } departments(search: $t) { totalCount } }",
            t=text,
        ),
        asking.answer(
            "query($t: String!, $i: ID!) { complaintMessagePreview(of: {message: {id: $i, body: $t}}) { subject } }",
            t=text,
            i=key,
        ),
    ]
    assert [answer for answer in answers if fault(answer)] == []


@pytest.mark.parametrize("point", [(91.0, 0.0), (0.0, 181.0), (1e308, -1e308), (41.0, None)])
def test_points(ask, point):
    answer = says(
        ask.secretary,
        "complaintRegister",
        kind="COMPLAINT",
        channel="PHONE",
        subject="x",
        latitude=point[0],
        longitude=point[1],
    )
    assert answer["data"]["complaintRegister"]["errors"][0]["code"] == "INVALID"


def test_numbers_beyond_32_bits_are_the_clients_fault(ask):
    made = make_complaint()
    for version in (2**31, -(2**31) - 1, 2**63):
        answer = ask.secretary.answer(
            f'mutation {{ complaintComment(input: {{id: "{global_id(made)}", body: "x", version: {version}}})'
            " { errors { code } } }"
        )
        assert "data" not in answer
