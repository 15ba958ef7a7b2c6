"""SMS and WhatsApp by GraphQL: the desk by channel, and the numbers."""

from __future__ import annotations

from typing import Any

from backend.core.session import system
from backend.mailboxes.models import MessageLine
from schema.core.nodes import global_id
from tests.backend.mailboxes.rows import make_line, make_mail, make_mailbox, make_text
from tests.cast import Cast
from tests.schema.client import Asking

LIST = """query ($channel: [InboundMessageChannel!]) { inboundMessages(first: 9, channel: $channel) { nodes {
    channel subject fromAddress messageId mailbox { name } line { name number channel } viewerCan } } }"""


def test_the_desk_by_channel(cast: Cast) -> None:
    make_mail(make_mailbox(cast.fen), "Mektup")
    make_text(
        make_line(cast.fen, name="Hat", number="3050"), "Kısa", from_address="+905321112233", message_id="7"
    )
    asking = Asking(cast.fen_clerk)
    assert len(asking.data(LIST)["inboundMessages"]["nodes"]) == 2
    [row] = asking.data(LIST, channel=["SMS", "WHATSAPP"])["inboundMessages"]["nodes"]
    assert row == {
        "channel": "SMS",
        "subject": "Kısa",
        "fromAddress": "+905321112233",
        "messageId": "7",
        "mailbox": None,
        "line": {"name": "Hat", "number": "3050", "channel": "SMS"},
        "viewerCan": ["MAKE_CASE", "MAKE_REQUEST", "MAKE_LETTER", "JOIN", "ROUTE", "SET_ASIDE"],
    }
    assert Asking(cast.park_clerk).data(LIST)["inboundMessages"]["nodes"] == []


def test_bilgi_islem_keeps_a_number(cast: Cast) -> None:
    asking = Asking(cast.administrator)

    def saved(asking: Asking, **more: Any) -> Any:
        facts = {"name": "Hat", "channel": "SMS", "number": "3050", "department": global_id(cast.office),
                 "purpose": "COMPLAINTS"}  # fmt: skip
        return asking.does("messageLineSave", "messageLine { id number version }", **(facts | more))

    answer = saved(asking, secret="s" * 20)
    assert answer["errors"] == []
    with system():
        assert MessageLine.objects.get().read_secret() == "s" * 20
    changed = saved(asking, id=answer["messageLine"]["id"], number="3060")
    assert (changed["messageLine"]["number"], changed["messageLine"]["version"]) == ("3060", 2)
    listed = asking.data("{ messageLines(first: 5) { nodes { name number isActive heardAt } } }")[
        "messageLines"
    ]
    assert listed["nodes"] == [{"name": "Hat", "number": "3060", "isActive": True, "heardAt": None}]
    refused = saved(Asking(cast.secretary), secret="s" * 20)
    assert [error["code"] for error in refused["errors"]] == ["FORBIDDEN"]
