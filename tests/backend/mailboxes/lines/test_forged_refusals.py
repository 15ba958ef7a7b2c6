"""A refusal that its sender never wrote: whoever pays for it can send RET under another's number. The office takes it
back."""

from __future__ import annotations

import pytest
from django.test import Client

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.journal.models import AuditLog
from backend.mailboxes import actions
from backend.mailboxes.choices import Kind, Status
from backend.mailboxes.models import InboundMessage, MessageLine
from schema.core.nodes import global_id
from tests.backend.mailboxes.lines.test_texts import PHONE, arrives, line  # noqa: F401 - `line` is a fixture
from tests.cast import Cast, signed_in
from tests.factories import refetch
from tests.schema.client import Asking

WHY = "Kişi arandı, yazmadığını söyledi."


def refusing() -> bool:
    with system():
        return InboundMessage.objects.refusing([PHONE]).exists()


def test_the_office_takes_a_forged_refusal_back_and_a_later_one_holds(
    cast: Cast,
    line: MessageLine,  # noqa: F811
) -> None:
    row = arrives(line, "RET")
    assert refusing()
    with system():
        with pytest.raises(DomainError) as refused:
            actions.void_refusal(refetch(row), by=cast.secretary, reason=" ")
        assert refused.value.field == "reason"
        actions.void_refusal(refetch(row), by=cast.secretary, reason=WHY)
        voided = refetch(row)
        assert (voided.kind, voided.status, voided.set_aside_reason) == (Kind.VOID, Status.SET_ASIDE, WHY)
        [told] = AuditLog.objects.filter(verb="refusal_voided")
        assert told.actor == cast.secretary
        with pytest.raises(DomainError) as refused:
            actions.void_refusal(voided, by=cast.secretary, reason=WHY)
        assert refused.value.code == ErrorCode.WRONG_STATE
    assert not refusing()
    with system():
        actions.take_up(refetch(row), by=cast.secretary)
        actions.set_aside(refetch(row), by=cast.secretary, reason="Sahte")
    assert not refusing(), "it does not come to life again"
    arrives(line, "STOP")
    assert refusing()


def test_who_may_and_where_it_is_offered(cast: Cast, line: MessageLine) -> None:  # noqa: F811
    row = arrives(line, "RET")
    desk: Client = signed_in(cast.secretary)
    address = f"/admin/mailboxes/inboundmessage/{row.key}/change/"
    assert "Ret bildirimini geri al" in desk.get(address).content.decode()
    deed = {"reason": WHY, "version": str(row.version)}
    assert desk.post(address.replace("change", "void_refusal"), deed).status_code == 302
    assert refetch(row).kind == Kind.VOID
    page = desk.get(address).content.decode()
    assert "/void_refusal/" not in page
    assert WHY in page
    other = arrives(line, "STOP")
    by_api = Asking(cast.fen_clerk).does("inboundMessageVoidRefusal", id=global_id(other), reason=WHY)
    assert by_api["errors"][0]["code"] == "NOT_FOUND"
    seen = "inboundMessage { kind viewerCan }"
    by_api = Asking(cast.office_head).does("inboundMessageVoidRefusal", seen, id=global_id(other), reason=WHY)
    assert by_api == {"errors": [], "inboundMessage": {"kind": "VOID", "viewerCan": ["TAKE_UP"]}}
