"""Bugs of programs like ours, each as a test of ours, through the door where it happened.

django-helpdesk PR 1338: every member of staff passed the permission check, whatever was set. Chatwoot 10221: the list
of all conversations showed title and last message of other teams' ones. frappe/helpdesk 2022: the setting that
restricts tickets was read by a function that nobody called. Zammad 2215: people were notified of tickets in groups
they had no access to. saleor-docs 1796: lists were filtered, look-ups by id were not. EspoCRM 2317 could not be
looked up; its neighbours (2312, 2515, 2152, 2026) are of one kind: a field hidden on the page of a record is shown
by the list, the stream, mass update or the attachments.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import override_settings

from backend.complaints import actions
from backend.complaints.choices import Priority
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import Department, User
from backend.outbox.models import Message
from schema.core.nodes import encode
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint
from tests.harness.notifications import deliver_notifications
from tests.permissions.walls.world import hang_everything_on

SECRET = "Kasımpatı"


def _ask(user: User, query: str) -> Any:
    response = signed_in(user).post(
        "/graphql/", json.dumps({"query": query}), content_type="application/json"
    )
    return json.loads(response.content)


def _page(user: User, path: str, **form: str) -> tuple[int, str]:
    client = signed_in(user)
    response = client.post(path, form) if form else client.get(path)
    return response.status_code, response.content.decode()


def _address(complaint: Complaint, tail: str = "change/") -> str:
    return f"/admin/complaints/complaint/{complaint.key}/{tail}"


@pytest.mark.parametrize("member", ["park_clerk", "outsider", "administrator"])
def test_django_helpdesk_1338_being_staff_opens_no_case(member: str, cast: Cast) -> None:
    user, complaint = getattr(cast, member), make_complaint(SECRET, to=cast.fen)
    assert user.is_staff
    assert _page(user, _address(complaint))[0] == 404
    assert _page(user, _address(complaint, "comment/"), body="Merhaba")[0] == 404
    answer = _ask(
        user,
        f'mutation {{ complaintComment(input: {{id: "{encode("Complaint", complaint.key)}", body: "Merhaba"}})'
        " { errors { code } complaint { subject } } }",
    )
    assert answer["data"]["complaintComment"] == {"errors": [{"code": "NOT_FOUND"}], "complaint": None}
    with system():
        assert not complaint.comments.exists()


def test_chatwoot_10221_the_list_of_all_shows_neither_title_nor_last_message_of_others(cast: Cast) -> None:
    own, other = make_complaint("Bizim iş", to=cast.park), make_complaint(SECRET, to=cast.fen)
    with system():
        actions.comment(Complaint.objects.get(pk=other.pk), body=SECRET, by=cast.fen_clerk)
        actions.comment(Complaint.objects.get(pk=own.pk), body="Bizim not", by=cast.park_clerk)
    for path in ("/admin/", "/admin/complaints/complaint/?tab=all", f"/admin/search/?s={SECRET}"):
        status, text = _page(cast.park_clerk, path)
        assert status == 200
        assert SECRET not in text.replace(f"?s={SECRET}", "")
        assert other.reference not in text
    answer = _ask(
        cast.park_clerk,
        "{ complaints { totalCount nodes { subject comments { body } lines { note verb } } } }",
    )
    assert answer["data"]["complaints"]["totalCount"] == 1
    assert [row["subject"] for row in answer["data"]["complaints"]["nodes"]] == ["Bizim iş"]
    assert SECRET not in json.dumps(answer)


def test_frappe_2022_a_setting_that_gives_a_right_is_asked_at_every_door(cast: Cast) -> None:
    complaint = make_complaint(to=cast.park, accepted_by=cast.park_clerk)
    with system():
        row = Complaint.objects.get(pk=complaint.pk)
        actions.draft(row, body="Yapıldı.", by=cast.park_clerk)
        actions.submit(row, by=cast.park_clerk)
    key = encode("Complaint", complaint.key)
    for allowed in (False, True):
        with override_settings(HEAD_MAY_APPROVE=allowed):
            can = _ask(cast.park_head, f'{{ node(id: "{key}") {{ ... on Complaint {{ viewerCan }} }} }}')
            assert ("APPROVE" in can["data"]["node"]["viewerCan"]) is allowed
            status, text = _page(cast.park_head, _address(complaint))
            assert status == 200
            assert bool(re.search(r"approve[/\"?&]", text.lower())) is allowed
            done = _ask(
                cast.park_head,
                f'mutation {{ complaintApprove(input: {{id: "{key}"}}) {{ errors {{ code }} }} }}',
            )
            refused = [] if allowed else [{"code": "FORBIDDEN"}]
            assert done["data"]["complaintApprove"]["errors"] == refused


def test_zammad_2215_only_the_department_that_has_a_case_is_told_of_it(cast: Cast) -> None:
    with system():
        for user in (cast.park_head, cast.fen_head):
            User.objects.filter(pk=user.pk).update(email=f"{user.username}@belediye.example")
        complaint = make_complaint(SECRET, priority=Priority.URGENT)
        row = Complaint.objects.get(pk=complaint.pk)
        park, fen = (Department.objects.get(pk=department.pk) for department in (cast.park, cast.fen))
        actions.route(row, to=park, by=cast.secretary)
    deliver_notifications()
    with system():
        before = set(Message.objects.values_list("pk", flat=True))
        actions.route(Complaint.objects.get(pk=complaint.pk), to=fen, by=cast.secretary)
    deliver_notifications()
    with system():
        mails = list(Message.objects.exclude(pk__in=before))
        everything = " ".join(f"{m.subject} {m.body}" for m in Message.objects.all())
    assert len(before) == 1
    assert [mail.address for mail in mails] == ["fen.mudur@belediye.example"]
    assert SECRET not in everything, "a mail to staff names the number and nothing else"


def test_saleor_docs_1796_what_a_list_hides_no_look_up_shows(cast: Cast) -> None:
    hidden = make_complaint(SECRET, to=cast.fen)
    with system():
        hang_everything_on(hidden, by=cast.secretary)
        file, notice = hidden.attachments.all()[0], hidden.notices.all()[0]
    missing = "6a1f6c1e-7f3e-4d0e-9a51-111111111111"
    for kind, row in (("Complaint", hidden), ("Attachment", file), ("Notice", notice)):
        for query in ('{{ node(id: "{}") {{ id }} }}', '{{ nodes(ids: ["{}"]) {{ id }} }}'):
            answers = [_ask(cast.park_clerk, query.format(encode(kind, key))) for key in (row.key, missing)]
            assert answers[0] == answers[1]
    by_number = [
        _ask(cast.park_clerk, f'{{ complaint(reference: "{r}") {{ id }} }}')
        for r in (hidden.reference, "1/1")
    ]
    assert by_number[0] == by_number[1] == {"data": {"complaint": None}}
    for path in (_address(hidden), f"/files/{file.key}"):
        other = path.replace(str(hidden.key), missing).replace(str(file.key), missing)
        status, text = _page(cast.park_clerk, path)
        assert (status, text.replace(path, "")) == (404, _page(cast.park_clerk, other)[1].replace(other, ""))


def test_espocrm_2317_a_field_hidden_on_the_page_is_hidden_in_list_story_and_search_too(cast: Cast) -> None:
    informer = make_citizen(SECRET, "Gizlioğlu")
    complaint = make_complaint("İhbar", to=cast.fen, identity_hidden=True, accepted_by=cast.fen_clerk)
    make_complaint("Açık başvuru", to=cast.fen, applicant=informer)
    with system():
        actions.correct(Complaint.objects.get(pk=complaint.pk), applicant=informer, by=cast.secretary)
    key = encode("Complaint", complaint.key)
    answer = _ask(
        cast.fen_clerk,
        f'{{ node(id: "{key}") {{ ... on Complaint {{ applicant {{ fullName }}'
        " lines { verb note changedFields changedValues } } }"
        ' complaints(search: "ihbar") { nodes { applicant { fullName } onBehalfOf { fullName } } } }',
    )
    assert "errors" not in answer
    assert SECRET not in json.dumps(answer, ensure_ascii=False)
    assert "Açık başvuru" in json.dumps(
        _ask(cast.fen_clerk, "{ complaints { nodes { subject } } }"), ensure_ascii=False
    )
    for path in (_address(complaint), "/admin/complaints/complaint/?q=ihbar"):
        status, text = _page(cast.fen_clerk, path)
        assert status == 200
        assert SECRET not in text
        assert "GİZLİOĞLU" not in text
