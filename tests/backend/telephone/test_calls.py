"""What an exchange says of calls is read, kept for who is called while it lasts, and forgotten."""

from __future__ import annotations

import datetime as dt

import pytest
from aiosipua import SipRequest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.organization import accounts
from backend.organization.models import User
from backend.telephone import calls, dialogs, jobs
from backend.telephone.agent import Exchange, Subscription
from backend.telephone.models import LONGEST, Call
from permissions.core import scope
from tests.cast import Cast, as_viewer, signed_in

NAMESPACE = 'xmlns="urn:ietf:params:xml:ns:dialog-info"'
CALLER = "sip:05321112233@santral.test"


def document(*states: str, kind: str = "full", identity: str = CALLER, direction: str = "recipient") -> bytes:
    parts = "".join(
        f'<dialog id="d{number}" call-id="c{number}" direction="{direction}"><state>{state}</state>'
        f"<remote><identity>{identity}</identity></remote></dialog>"
        for number, state in enumerate(states)
    )
    head = f'<dialog-info {NAMESPACE} version="1" state="{kind}" entity="sip:201@santral.test">'
    return f'<?xml version="1.0"?>{head}{parts}</dialog-info>'.encode()


def extension_of(user: User, extension: str = "201") -> None:
    with system():
        User.objects.filter(pk=user.pk).update(extension=extension)


def test_what_comes_late_of_a_line_is_passed_over() -> None:
    subscription = Subscription("201")

    def is_newer(number: int, tag: str = "a") -> bool:
        request = SipRequest(method="NOTIFY", uri="sip:ozelkalem@santral.test")
        request.set_header("From", f"<sip:201@santral.test>;tag={tag}")
        request.set_header("CSeq", f"{number} NOTIFY")
        return subscription.is_newer(request)

    assert [is_newer(n) for n in (5, 6, 6, 5, 7)] == [True, True, False, False, True]
    assert is_newer(1, "b")  # the exchange began anew


def heard(*states: str, kind: str = "full", identity: str = CALLER) -> int:
    found = dialogs.read(document(*states, kind=kind, identity=identity))
    assert found is not None
    with system():
        return calls.follow("201", found)


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("sip:05321112233@santral.test", "+905321112233"),
        ("sip:+905321112233@santral.test;user=phone", "+905321112233"),
        ("sips:00905321112233@santral.test", "+905321112233"),
        ("tel:+90-532-111-22-33", "+905321112233"),
        ("sip:202@santral.test", "202"),
        ("sip:anonymous@anonymous.invalid", ""),
        ("sip:ayşe@santral.test", ""),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_the_number_of_an_address(address: str, number: str) -> None:
    assert dialogs.number_of(address) == number


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml",
        b"<a/>",
        document("early")[:-9],
        b"x" * (dialogs.LARGEST + 1),
        b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + document("early").partition(b"?>")[2],
    ],
)
def test_what_is_no_such_document_says_nothing(body: bytes) -> None:
    assert dialogs.read(body) is None


def test_a_call_that_one_makes_oneself_is_none_of_these() -> None:
    found = dialogs.read(document("early", direction="initiator"))
    assert found is not None
    assert found.calls == ()


def test_a_call_rings_is_answered_and_is_forgotten_when_it_ends(cast: Cast) -> None:
    extension_of(cast.secretary)
    assert heard("early") == 1
    with as_viewer(cast.secretary):
        (call,) = scope.visible(Call)
    assert (call.number, call.answered_at) == ("+905321112233", None)
    assert heard("early") == 1  # the same once more
    heard("confirmed")
    with as_viewer(cast.secretary):
        assert scope.visible(Call).get().answered_at is not None
    assert heard("terminated") == 0
    with system():
        assert not Call.objects.exists()


def test_what_a_whole_document_does_not_name_has_ended(cast: Cast) -> None:
    extension_of(cast.secretary)
    assert heard("early", "early") == 2
    assert heard(kind="partial") == 2
    assert heard("early") == 1
    assert heard() == 0


def test_each_sees_the_calls_of_their_own_extension_alone(cast: Cast) -> None:
    extension_of(cast.secretary)
    extension_of(cast.fen_clerk, "202")
    extension_of(cast.administrator, "203")
    heard("early")
    for who, sees in (
        (cast.secretary, True),
        (cast.fen_clerk, False),
        (cast.mayor, False),
        (cast.administrator, False),
    ):
        with as_viewer(who):
            assert scope.visible(Call).exists() is sees, who
            assert Call.objects.exists() is sees, who  # the second wall alone
    with system():
        assert calls.extensions() == ["201", "202", "203"]


def test_a_second_holder_of_an_extension_is_refused_with_a_sentence(cast: Cast) -> None:
    with system():
        accounts.change_account(cast.secretary, by=None, extension="201")
        for take in (
            lambda: accounts.change_account(cast.office_head, by=None, extension="201"),
            lambda: accounts.open_account(
                username="yeni", first_name="Yeni", last_name="", by=None, extension="201"
            ),
        ):
            with pytest.raises(DomainError) as refused:
                take()
            assert (refused.value.code, refused.value.field) == (ErrorCode.DUPLICATE, "extension")
            assert str(cast.secretary) in str(refused.value.message)
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=cast.office_head.pk).update(extension="201")
        accounts.change_account(cast.secretary, by=None, title="Özel kalem memuru")
        accounts.close_account(cast.secretary, by=None)
        accounts.change_account(cast.office_head, by=None, extension="201")
        with pytest.raises(DomainError) as refused:
            accounts.reopen_account(cast.secretary, by=None)
        assert refused.value.field == "extension"
        with pytest.raises(DomainError) as refused:
            accounts.open_account(
                username=cast.mayor.username, first_name="Yeni", last_name="", by=None, extension="205"
            )
        assert refused.value.field == "username"


def test_the_form_of_an_account_names_who_has_the_extension(cast: Cast) -> None:
    extension_of(cast.secretary)
    desk = signed_in(cast.administrator)
    page = desk.post(
        f"/admin/organization/user/{cast.office_head.key}/correct/", {"first_name": "Ad", "extension": "201"}
    ).content.decode()
    assert "201 dahili numarası" in page
    assert str(cast.secretary) in page


def test_what_never_ended_is_forgotten_after_two_hours(cast: Cast) -> None:
    extension_of(cast.secretary)
    heard("early", "confirmed")
    with system():
        old = timezone.now() - LONGEST - dt.timedelta(minutes=1)
        Call.objects.filter(answered_at=None).update(rang_at=old)
    assert jobs.forget() == 1
    with system():
        assert Call.objects.count() == 1


def test_an_extension_is_written_on_the_account(cast: Cast) -> None:
    with system():
        accounts.change_account(cast.secretary, by=None, extension=" 201 ")
        assert User.objects.get(pk=cast.secretary.pk).extension == "201"
        for wrong in ("2 01", "201@x", "<201>", "2" * 21, "çğ"):
            with pytest.raises(DomainError) as refused:
                accounts.change_account(cast.secretary, by=None, extension=wrong)
            assert refused.value.field == "extension"


@pytest.mark.parametrize(
    ("address", "words"),
    [("", "No exchange"), ("http://user:gizli@host", "sip://user:password"), ("sip://host", "sip://")],
)
def test_without_an_exchange_the_process_ends_and_names_no_secret(
    settings: Settings, address: str, words: str
) -> None:
    settings.TELEPHONE = address
    with pytest.raises(CommandError, match=words) as refused:
        call_command("telephone")
    assert "gizli" not in str(refused.value)


def test_the_address_of_an_exchange() -> None:
    found = Exchange.of("sip://ozel%40kalem:a%3Ab@10.0.0.5/santral.test")
    assert found == Exchange("10.0.0.5", 5060, "santral.test", "ozel@kalem", "a:b")
