"""Who asks: a browser's session with its CSRF token, or a program's bearer token; never both."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from backend.core.session import system
from backend.portals.actions import issue_token, revoke_token
from backend.portals.models import ApiToken, Scope
from tests.factories import make_complaint, refetch
from tests.schema.client import Asking, errors_of

ME = "{ me { username scopes } }"


def post(client: Client, **headers: str):
    return client.post(
        "/graphql/", json.dumps({"query": ME}), content_type="application/json", headers=headers
    )


def token_of(user, *scopes: str, days: int = 1) -> tuple[ApiToken, str]:
    with system():
        return issue_token(
            user=user,
            name="Deneme",
            scopes=scopes or [Scope.READ],
            by=user,
            expires_at=timezone.now() + dt.timedelta(days=days),
        )


def test_nobody_asks_only_for_tracking(ask):
    response = ask.nobody.post(ME)
    assert response.status_code == 401
    assert errors_of(response.json()) == ["UNAUTHENTICATED"]
    assert ask.nobody.data('{ complaintTracking(code: "x") { status } }') == {"complaintTracking": None}


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        '{ __type(name: "Complaint") { name } }',
        '{ complaintTracking(code: "x") { status } me { username } }',
        "query { ...F } fragment F on Query { me { username } }",
        "query { ... on Query { departments { totalCount } } }",
        "query { ...A } fragment A on Query { ...B } fragment B on Query { __schema { description } }",
    ],
)
def test_nobody_learns_neither_rows_nor_the_schema(ask, query):
    assert errors_of(ask.nobody.answer(query)) == ["UNAUTHENTICATED"]


def test_two_operations_do_not_slip_past_the_question_who_asks(ask):
    query = '{ complaintTracking(code: "x") { status } } query B { __schema { description } }'
    assert errors_of(ask.nobody.answer(query.replace("{ comp", "query A { comp", 1))) == ["BAD_REQUEST"]


def test_a_browser_needs_the_csrf_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.secretary, backend="permissions.core.backends.AccountBackend")
    refused = post(client)
    assert refused.status_code == 403
    assert errors_of(refused.json()) == ["FORBIDDEN"]
    client.get("/graphql/", headers={"accept": "text/html"})
    token = client.cookies["csrftoken"].value
    assert post(client, **{"X-CSRFToken": token}).json()["data"]["me"]["username"] == "ozelkalem.memur"


def test_a_bearer_needs_no_csrf_token(cast):
    client = Client(enforce_csrf_checks=True)
    answer = post(client, authorization=f"Bearer {cast.portal_secret}").json()
    assert answer["data"]["me"] == {"username": "portal.153", "scopes": ["READ", "WRITE"]}


def test_a_bearer_never_uses_the_cookie(cast):
    client = Client()
    client.force_login(cast.secretary, backend="permissions.core.backends.AccountBackend")
    answer = post(client, authorization=f"Bearer {cast.portal_secret}").json()
    assert answer["data"]["me"]["username"] == "portal.153"
    for wrong in ("Bearer okm_wrong", "Bearer ", "Basic x", "", "Bearer \u00fc" + "x" * 300):
        response = post(client, authorization=wrong.encode("utf-8").decode("latin-1"))
        assert response.status_code == 401, wrong
        assert "ozelkalem" not in response.content.decode()


def test_a_token_that_expired_was_revoked_or_whose_account_was_closed_is_no_token(cast):
    token, secret = token_of(cast.secretary)
    asking = Asking(token=secret)
    assert asking.data(ME)["me"]["username"] == "ozelkalem.memur"
    with system():
        ApiToken.objects.filter(pk=token.pk).update(
            created_at=timezone.now() - dt.timedelta(days=2),
            expires_at=timezone.now() - dt.timedelta(seconds=1),
        )
    assert asking.post(ME).status_code == 401
    token, secret = token_of(cast.secretary)
    with system():
        revoke_token(token, by=cast.administrator)
    assert Asking(token=secret).post(ME).status_code == 401
    _token, secret = token_of(cast.fen_clerk)
    with system():
        cast.fen_clerk.is_active = False
        cast.fen_clerk.save()
    assert Asking(token=secret).post(ME).status_code == 401


def test_the_last_use_is_noted_at_most_once_a_minute(cast):
    token, secret = token_of(cast.secretary)
    Asking(token=secret).data(ME)
    first = refetch(token).last_used_at
    assert first is not None
    Asking(token=secret).data(ME)
    assert refetch(token).last_used_at == first
    with system():
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=first - dt.timedelta(minutes=2))
    Asking(token=secret).data(ME)
    assert refetch(token).last_used_at > first


def test_only_a_digest_of_the_secret_is_kept(cast):
    token, secret = token_of(cast.secretary)
    assert secret.startswith("okm_")
    assert secret not in str(vars(token))


def test_scopes_limit_what_the_account_may(cast):
    make_complaint(to=cast.fen)
    _t, secret = token_of(cast.secretary, Scope.READ)
    reading = Asking(token=secret)
    node = reading.data("{ complaints { nodes { id viewerCan applicant { fullName } } } }")["complaints"][
        "nodes"
    ][0]
    assert node["viewerCan"] == []
    assert node["applicant"] is None
    assert reading.does("complaintComment", id=node["id"], body="x")["errors"][0]["code"] == "FORBIDDEN"
    _t, secret = token_of(cast.secretary, Scope.READ, Scope.CONTACTS)
    node = Asking(token=secret).data("{ complaints { nodes { applicant { fullName } } } }")["complaints"][
        "nodes"
    ][0]
    assert node["applicant"] == {"fullName": "Ayşe IŞIK"}


def test_a_token_without_read_records_and_reads_nothing(cast):
    _t, secret = token_of(cast.portal, Scope.WRITE)
    writing = Asking(token=secret)
    assert errors_of(writing.answer(ME)) == ["FORBIDDEN"]
    made = writing.does(
        "complaintRegister",
        "receipt { reference } complaint { id }",
        kind="COMPLAINT",
        channel="PHONE",
        subject="Çukur",
    )
    assert made["errors"] == []
    assert made["receipt"]["reference"]
    assert made["complaint"] is None


def test_an_account_of_bilgi_islem_administers_in_the_browser_only(cast):
    _t, secret = token_of(cast.administrator, Scope.READ, Scope.WRITE)
    assert Asking(token=secret).data("{ journal { totalCount } }")["journal"]["totalCount"] == 0
    assert Asking(cast.administrator).data("{ journal { totalCount } }")["journal"]["totalCount"] > 0


def test_where_a_second_factor_is_forced_a_session_without_one_gets_nothing(cast, settings):
    settings.MFA_REQUIRED_FOR_STAFF = True
    response = Asking(cast.secretary).post(ME)
    assert response.status_code == 403
    assert errors_of(response.json()) == ["FORBIDDEN"]


def test_me_says_what_one_is_where(ask):
    query = """{ me { isOffice seesAllComplaints canRegister canManageGrants canReadJournal canReadReadLog
                      memberships { department { code } works heads oversees seesContacts } } }"""
    me = ask.fen_clerk.data(query)["me"]
    assert me["memberships"] == [
        {
            "department": {"code": "fen-isleri"},
            "works": True,
            "heads": False,
            "oversees": False,
            "seesContacts": True,
        }
    ]
    assert (me["isOffice"], me["seesAllComplaints"], me["canRegister"], me["canManageGrants"]) == (
        False,
        False,
        True,
        False,
    )
    head = ask.office_head.data(query)["me"]
    assert (head["isOffice"], head["canManageGrants"], head["canReadReadLog"]) == (True, True, True)
    outsider = ask.outsider.data(query)["me"]
    assert (outsider["memberships"], outsider["canRegister"]) == ([], False)
    assert ask.mayor.data(query)["me"]["seesAllComplaints"] is True


def test_a_program_passes_by_what_is_for_browsers_and_gets_the_same_headers(cast, settings):
    _token, secret = token_of(cast.secretary)
    client, headers = Client(), {"authorization": f"Bearer {secret}", "accept-language": "en"}
    posted, whole = post(client, **headers), client.get("/graphql/", {"query": ME}, headers=headers)
    assert posted.json() == whole.json()
    own = {"Content-Length", "Server-Timing", "Vary", "X-Frame-Options"}
    ours, theirs = (
        {name: value for name, value in answer.headers.items() if name not in own}
        for answer in (posted, whole)
    )
    assert ours == theirs
    assert (ours["Content-Language"], posted["Vary"]) == ("en", "Accept, Accept-Language")
    assert {"Content-Security-Policy", "Permissions-Policy", "Referrer-Policy"} <= ours.keys()
    settings.REQUEST_MAX_BYTES = 10
    assert post(client, **headers).status_code == 413
