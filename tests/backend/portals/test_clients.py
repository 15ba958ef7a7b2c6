"""Clients of third parties: registered, given secrets that overlap, revoked and closed at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.journal.models import AuditLog
from backend.organization.models import User
from backend.portals import clients
from backend.portals.actions import issue_token
from backend.portals.models import ApiToken, Client, ClientSecret, Scope
from permissions.core import scope
from permissions.demo.complaints import clients as demo
from tests.cast import Cast
from tests.factories import make_user, refetch

TOLD: dict[str, Any] = {
    "name": "e-Belediye",
    "contact_name": "Işıl İnce",
    "contact_email": "isil@portal.example",
    "scopes": [Scope.READ],
}


def registered(cast: Cast, account: User | None = None, **changes: Any) -> tuple[Client, str]:
    with system():
        by = cast.administrator
        return clients.register_client(account=account or cast.portal, by=by, **(TOLD | changes))


def token_of(client: Client, cast: Cast) -> tuple[ApiToken, str]:
    with system():
        end = timezone.now() + dt.timedelta(hours=1)
        account = client.account
        return issue_token(user=account, name="x", scopes=[Scope.READ], expires_at=end, by=cast.administrator)


def refused(code: str, field: str | None, call: Any, *args: Any, **kwargs: Any) -> None:
    with system(), pytest.raises(DomainError) as found:
        call(*args, **kwargs)
    assert (found.value.code, found.value.field) == (code, field)


def test_a_client_is_registered_with_a_secret_of_which_only_the_digest_is_kept(cast: Cast) -> None:
    client, secret = registered(cast, contact_phone="0216 311 11 11")
    with system():
        kept = ClientSecret.objects.get()
        assert ClientSecret.objects.bearing(secret).get() == kept
        assert not ClientSecret.objects.bearing(f"{secret}x").exists()
        assert not hasattr(kept, "digest")
        assert secret.startswith(kept.prefix)
        assert secret not in str(vars(kept))
        assert client.contact_phone == "+902163111111"
        line = AuditLog.objects.get(verb="client_registered")
        assert (line.subject_label, line.actor) == ("e-Belediye", cast.administrator)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"contact_name": ""}, "contact_name"),
        ({"contact_email": "isil"}, "contact_email"),
        ({"contact_phone": "153"}, "contact_phone"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["ALL"]}, "scopes"),
        ({"requests_per_minute": 0}, "requests_per_minute"),
        ({"cost_per_document": 20_001, "cost_per_minute": 100_000}, "cost_per_document"),
        ({"cost_per_document": 500, "cost_per_minute": 499}, "cost_per_minute"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_registered(cast: Cast, changes: Any, field: str) -> None:
    given = TOLD | changes
    refused(ErrorCode.INVALID, field, clients.register_client, account=cast.portal, by=None, **given)
    with system():
        assert not Client.objects.exists()


def test_only_the_open_account_of_a_program_becomes_a_client_and_once(cast: Cast) -> None:
    refused(ErrorCode.INVALID, "account", clients.register_client, account=cast.secretary, by=None, **TOLD)
    closed = make_user("eski", is_staff=False, is_active=False)
    refused(ErrorCode.INVALID, "account", clients.register_client, account=closed, by=None, **TOLD)
    registered(cast)
    refused(ErrorCode.DUPLICATE, "account", clients.register_client, account=cast.portal, by=None, **TOLD)


def test_after_a_rotation_both_secrets_live_until_the_overlap_ends(cast: Cast) -> None:
    client, first = registered(cast)
    with system():
        _made, second = clients.rotate_secret(client, by=cast.administrator, overlap_days=7)
        later = timezone.now() + dt.timedelta(days=7, seconds=5)
        assert {ClientSecret.objects.live().bearing(one).count() for one in (first, second)} == {1}
        assert ClientSecret.objects.live().count() == 2
        assert ClientSecret.objects.live(later).get() == ClientSecret.objects.bearing(second).get()
        # A second rotation does not give the first one more days, and an overlap of none ends both now.
        _made, _third = clients.rotate_secret(client, by=cast.administrator, overlap_days=30)
        ends = ClientSecret.objects.bearing(first).get().expires_at
        assert ends is not None
        assert ends < later
        _made, fourth = clients.rotate_secret(client, by=cast.administrator, overlap_days=0)
        assert ClientSecret.objects.live().get() == ClientSecret.objects.bearing(fourth).get()
    refused(ErrorCode.INVALID, "overlap_days", clients.rotate_secret, client, by=None, overlap_days=91)


def test_a_revoked_secret_takes_its_tokens_with_it_at_once(cast: Cast) -> None:
    client, secret = registered(cast)
    _token, bearer = token_of(client, cast)
    with scope.token_session(bearer) as viewer:
        assert viewer is not None
        assert viewer.client == client.pk
    with system():
        clients.revoke_secret(ClientSecret.objects.bearing(secret).get(), by=cast.administrator)
        assert not ClientSecret.objects.live().exists()
    with scope.token_session(bearer) as viewer:
        assert viewer is None


def test_a_closed_client_is_turned_away_and_comes_back_with_another_secret(cast: Cast) -> None:
    client, _secret = registered(cast)
    _token, bearer = token_of(client, cast)
    with system():
        clients.close_client(client, by=cast.administrator)
        clients.close_client(client, by=cast.administrator)
        assert AuditLog.objects.filter(verb="client_closed").count() == 1
        client = refetch(client)
        assert not ClientSecret.objects.live().exists()
        assert not ApiToken.objects.live().filter(client=client).exists()
    with scope.token_session(bearer) as viewer:
        assert viewer is None
    refused(ErrorCode.CONFLICT, None, clients.change_client, client, by=None, name="x")
    refused(ErrorCode.INVALID, "user", token_of, client, cast)
    with system():
        clients.reopen_client(client, by=cast.administrator)
        assert ClientSecret.objects.live().count() == 1
    refused(ErrorCode.CONFLICT, None, clients.reopen_client, client, by=None)


def test_a_closed_client_alone_shuts_out_a_token_that_nobody_revoked(cast: Cast) -> None:
    """As if the token had been issued in the same moment."""
    client, _secret = registered(cast)
    _token, bearer = token_of(client, cast)
    with system():
        Client.objects.update(closed_at=timezone.now())
    with scope.token_session(bearer) as viewer:
        assert viewer is None


def test_only_the_command_line_issues_a_token_that_nobody_counts(cast: Cast) -> None:
    client, _secret = registered(cast)
    token, secret = token_of(client, cast)
    assert (token.client, secret[:4]) == (client, "okc_")
    with system():
        end = timezone.now() + dt.timedelta(hours=1)
        token, secret = issue_token(user=cast.portal, name="x", scopes=[Scope.READ], expires_at=end, by=None)
    assert (token.client, secret[:4]) == (None, "okm_")


def test_what_changed_is_told_without_the_contact(cast: Cast) -> None:
    client, _secret = registered(cast)
    with system():
        clients.change_client(client, by=cast.administrator, contact_name="Gül Ak", requests_per_minute=10)
        assert AuditLog.objects.get(verb="client_changed").note == "contact_name, requests_per_minute=10"
        clients.change_client(client, by=cast.administrator, name="e-Belediye")
        assert AuditLog.objects.filter(verb="client_changed").count() == 1
    assert client.version == 2


def test_a_program_sees_its_own_client_and_no_other(cast: Cast) -> None:
    client, _secret = registered(cast)
    registered(cast, make_user("portal.2", is_staff=False), name="Öteki")
    with scope.session(cast.portal, [Scope.READ]):
        assert list(scope.visible(Client)) == [client]
        assert not scope.visible(ClientSecret).exists()
    for user, count in ((cast.office_head, 2), (cast.administrator, 2), (cast.secretary, 0)):
        with scope.session(user):
            assert scope.visible(Client).count() == count


def test_the_demo_has_a_portal_and_a_telephone_application_with_their_use(db: None) -> None:
    make_user("bilgiislem", is_superuser=True)
    make_user("portal", is_staff=False)
    demo.load_once(1)
    demo.load_once(1)
    with system():
        portal, mobile = Client.objects.order_by("pk")
        assert (portal.account.username, mobile.documents_only) == ("portal", True)
        assert mobile.documents.count() == 2
        assert mobile.secrets.live().count() == 2
        assert portal.hours.filter(refused__gt=0).exists()
