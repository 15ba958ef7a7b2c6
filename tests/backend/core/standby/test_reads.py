"""What is read on a standby is never older than what the reader wrote, and says as much as the primary, to as few."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import time
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib import admin
from django.db import Error, connections
from django.http import HttpRequest
from django.utils import timezone, translation
from prometheus_client import REGISTRY

from backend import postgres
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.core.standby import on_primary, reading, requests
from backend.core.standby.positions import positions
from backend.houses import PerHouse
from backend.journal.models import AccessLog
from backend.monitoring.judging import State
from backend.monitoring.standbys import standby_lines
from backend.portals.actions import issue_token, revoke_token
from backend.portals.models import ApiToken
from backend.portals.models import Scope as ApiScope
from permissions.core import middleware
from permissions.models import DepartmentGrant
from permissions.plans import one_trip
from schema.core.nodes import global_id
from tests.backend.core.standby.conftest import AGES, PATIENCE, PERSON, READ, Pair, until
from tests.databases import kept_statements
from tests.schema.client import Asking, errors_of

COMMENT = """mutation($input: ComplaintCommentInput!) {
  complaintComment(input: $input) { errors { code } } }"""
HTML = {"accept": "text/html"}
numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _no_pause(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a standby was behind the very next request asks it again."""
    monkeypatch.setattr(reading, "BEHIND_SECONDS", 0.0)
    monkeypatch.setattr(reading, "_pauses", PerHouse(reading._Pause))


def answered_by(server: str, reason: str = "") -> float:
    return REGISTRY.get_sample_value("ozelkalem_reads_total", {"server": server, "reason": reason}) or 0.0


class Counted:
    """How many requests each server answers in a block."""

    def __enter__(self) -> Counted:
        self._before = answered_by("standby"), self._all()
        return self

    def __exit__(self, *_error: object) -> None:
        self.standby, self.all = answered_by("standby") - self._before[0], self._all() - self._before[1]

    @staticmethod
    def _all() -> float:
        metric = next(one for one in REGISTRY.collect() if one.name == "ozelkalem_reads")
        return sum(sample.value for sample in metric.samples if sample.name == "ozelkalem_reads_total")


def comment(asking: Asking, pair: Pair, **headers: str) -> tuple[int, Any]:
    """Add a numbered comment to the case: its number, and the answer."""
    number = next(numbers)
    response = asking.post(COMMENT, {"input": {"id": global_id(pair.case), "body": str(number)}}, **headers)
    assert json.loads(response.content)["data"]["complaintComment"]["errors"] == []
    return number, response


def seen(response: Any) -> int:
    """The number of the newest comment that was shown."""
    comments = json.loads(response.content)["data"]["complaint"]["comments"]
    return int(comments[0]["body"]) if comments else 0


def in_another_process() -> None:
    """Forget what this process wrote itself: the requester's own token decides then."""
    positions.here()._written = (0.0, 0)


def test_a_query_and_a_list_are_read_on_the_standby(pair: Pair, case_id: str) -> None:
    browser = pair.browser()
    pair.settle(browser)
    with Counted() as counted:
        assert seen(browser.post(READ, {"id": case_id})) >= 0
        page = browser.client.get("/admin/complaints/complaint/", headers=HTML)
    assert page.status_code == 200
    assert pair.case.subject in page.content.decode()
    assert (counted.standby, counted.all) == (2, 2)


def test_a_held_back_standby_is_passed_by_for_who_wrote_and_by_no_other(pair: Pair, case_id: str) -> None:
    writer, other = pair.browser(), pair.browser("fen_head")
    before = seen(other.post(READ, {"id": case_id}))
    pair.hold_back()
    written, answer = comment(writer, pair)
    assert requests.HEADER in answer
    in_another_process()
    assert seen(writer.post(READ, {"id": case_id})) == written
    assert seen(other.post(READ, {"id": case_id})) == before
    pair.catch_up()
    with Counted() as counted:
        assert seen(writer.post(READ, {"id": case_id})) == written
    assert counted.standby == 1


def test_nobody_reads_an_older_state_than_they_wrote(pair: Pair, case_id: str) -> None:
    """Five who write and read as chance has it, by cookie or by header, while the standby stops and goes on."""
    chance = random.Random(23)
    names = ("fen_clerk", "fen_head", "fen_clerk", "secretary")
    people = [(pair.browser(name), dict[str, str]()) for name in names] + [(pair.program(), dict[str, str]())]
    wrote = [0] * len(people)
    pair.settle(people[0][0])
    with Counted() as counted:
        for _step in range(120):
            number = chance.randrange(len(people))
            asking, headers = people[number]
            match chance.choice(("write", "read", "read", "read", "page", "hold", "go on")):
                case "write":
                    wrote[number], response = comment(asking, pair, **headers)
                    if number == len(people) - 1:
                        headers[requests.HEADER] = response[requests.HEADER]
                    in_another_process()
                case "read":
                    assert seen(asking.post(READ, {"id": case_id}, **headers)) >= wrote[number]
                case "page" if number < len(people) - 1:
                    assert asking.client.get("/admin/complaints/complaint/", headers=HTML).status_code == 200
                case "hold":
                    pair.hold_back()
                case "go on":
                    pair.go_on()
    assert 0 < counted.standby < counted.all, "both were asked"


def test_with_a_delayed_replay_too(pair: Pair, case_id: str) -> None:
    """A standby that is kept an hour behind, against mistakes, answers whom it may, and wrongly to none."""
    people = [pair.browser(), pair.program()]
    pair.standby.execute("ALTER SYSTEM SET recovery_min_apply_delay = '1h'", "SELECT pg_reload_conf()")
    try:
        for asking in people * 2:
            written, answer = comment(asking, pair)
            in_another_process()
            after = {requests.HEADER: answer[requests.HEADER]}
            assert seen(asking.post(READ, {"id": case_id}, **after)) == written
    finally:
        pair.standby.execute("ALTER SYSTEM RESET recovery_min_apply_delay", "SELECT pg_reload_conf()")


def test_what_an_event_told_of_is_read_on_the_primary(pair: Pair, case_id: str) -> None:
    other = pair.browser("fen_head")
    pair.hold_back()
    written, _answer = comment(pair.browser(), pair)
    assert seen(other.post(READ, {"id": case_id}, **{requests.HEADER: requests.LATEST})) == written


@pytest.mark.parametrize("bound", [0.0, AGES])
def test_a_grant_that_was_taken_away_counts_no_longer_than_the_bound(
    pair: Pair, case_id: str, settings: Any, bound: float
) -> None:
    """The bound alone decides: at none the standby that knows of nothing is passed by, at an hour it is asked."""
    program, person = pair.program(), pair.browser()
    assert seen(program.post(READ, {"id": case_id})) >= 0
    pair.hold_back()
    with system():
        gone = list(DepartmentGrant.objects.filter(user=pair.cast.fen_clerk, content_object=pair.cast.fen))
        DepartmentGrant.objects.filter(pk__in=[one.pk for one in gone]).delete()
    try:
        settings.READ_BEHIND_SECONDS = bound
        for asking in (program, person):
            shown = json.loads(asking.post(READ, {"id": case_id}).content)["data"]["complaint"]
            assert (shown is None) == (bound == 0.0)
        listed = person.client.get("/admin/complaints/complaint/", headers=HTML).content.decode()
        assert (pair.case.subject in listed) == (bound != 0.0)
    finally:
        with system():
            DepartmentGrant.objects.bulk_create(gone)


def token(pair: Pair) -> tuple[ApiToken, Asking]:
    with system():
        issued, secret = issue_token(
            user=pair.cast.fen_clerk,
            name="Bir saatlik",
            scopes=[ApiScope.READ],
            expires_at=timezone.now() + dt.timedelta(hours=1),
            by=pair.cast.fen_clerk,
        )
    return issued, Asking(token=secret)


@pytest.mark.parametrize("bound", [0.0, AGES])
def test_a_revoked_token_ends_within_the_bound(pair: Pair, case_id: str, settings: Any, bound: float) -> None:
    issued, program = token(pair)
    assert seen(program.post(READ, {"id": case_id})) >= 0  # its first use is noted
    pair.hold_back()
    with system():
        revoke_token(issued, by=pair.cast.fen_clerk)
    settings.READ_BEHIND_SECONDS = bound
    answer = json.loads(program.post(READ, {"id": case_id}).content)
    assert errors_of(answer) == ([] if bound else ["UNAUTHENTICATED"])


def test_a_token_that_the_standby_does_not_know_yet_is_good(pair: Pair, case_id: str) -> None:
    pair.hold_back()
    assert seen(token(pair)[1].post(READ, {"id": case_id})) >= 0


@pytest.mark.parametrize("is_passed_over", [False, True])
def test_a_page_that_writes_is_made_on_the_primary_for_a_while_and_says_its_position(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, is_passed_over: bool
) -> None:
    """Also where the page goes on after its write was refused: each later statement is then refused too."""
    caplog.set_level("INFO", logger=middleware.__name__)
    page, browser = "/admin/complaints/complaint/", pair.browser()
    pair.settle(browser)
    assert requests.HEADER not in browser.client.get(page, headers=HTML)
    of_cases: Any = admin.site._registry[Complaint]
    listing = of_cases.listing

    def written(request: HttpRequest) -> Any:
        with suppress(*[Error] if is_passed_over else []), connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_notify('deneme', '')")
        return listing(request)

    monkeypatch.setattr(of_cases, "listing", written)
    for asked in (1, 0):
        pair.catch_up()
        with Counted() as counted:
            answer = browser.client.get(page, headers=HTML)
        assert (answer.status_code, counted.standby, counted.all) == (200, 0, asked)
        assert pair.case.subject in answer.content.decode()
        assert answer[requests.HEADER]
        assert answer.cookies[settings.POSITION_COOKIE_NAME].value
    [line] = [one for one in caplog.records if one.name == middleware.__name__]
    assert vars(line)["operation"] == "admin:complaints_complaint_changelist"
    monkeypatch.setattr(of_cases, "listing", listing)
    now = time.monotonic()
    monkeypatch.setattr(
        middleware, "time", SimpleNamespace(monotonic=lambda: now + middleware.WRITES_SECONDS + 1)
    )
    pair.catch_up()
    with Counted() as counted:
        assert requests.HEADER not in browser.client.get(page, headers=HTML)
    assert counted.standby == 1, "a rare write is forgotten"


def test_the_read_log_is_written_on_the_primary_before_anything_is_shown(pair: Pair, case_id: str) -> None:
    browser = pair.browser()
    pair.settle(browser)
    lines = log_lines()
    with Counted() as counted:
        answer = browser.answer(PERSON, id=case_id)
    assert answer["data"]["complaint"]["applicant"]["lastName"]
    assert counted.standby == 1
    assert log_lines() == lines + 1
    with pair.primary.read_only():
        connections["default"].close()
        refused = browser.post(PERSON, {"id": case_id})
    connections["default"].close()
    assert refused.status_code == 503
    assert refused["Retry-After"]
    assert b"lastName" not in refused.content


def test_a_program_reads_on_the_standby_in_one_trip_and_is_noted_on_the_primary(
    pair: Pair, case_id: str
) -> None:
    program, browser = pair.program(), pair.browser()
    one_trip.tokens.clear()
    pair.settle(program)
    for query in (READ, PERSON):
        expected = browser.answer(query, id=case_id)
        program.post(query, {"id": case_id})
        lines = log_lines()
        with Counted() as counted:
            answer = program.post(query, {"id": case_id})
        assert json.loads(answer.content) == expected
        assert "session" not in answer["Server-Timing"]
        assert (counted.standby, counted.all) == (1, 1)
        assert log_lines() == lines + (query == PERSON)
    with on_primary():
        kept = kept_statements()
    assert not [one for one in kept if "log_access_of" in one]  # it carries a ticket, as in test_adversary.py
    with pair.primary.read_only():
        connections["default"].close()
        refused = program.post(PERSON, {"id": case_id})
    connections["default"].close()
    assert refused.status_code == 503
    assert b"lastName" not in refused.content
    assert json.loads(program.post(PERSON, {"id": case_id}).content) == expected


def log_lines() -> int:
    with system():
        return AccessLog.objects.count()


def test_a_standby_that_is_gone_costs_nothing(pair: Pair, case_id: str) -> None:
    browser = pair.browser()
    browser.post(READ, {"id": case_id})
    pair.standby.stop()
    try:
        assert browser.post(READ, {"id": case_id}).status_code == 200
        assert browser.client.get("/admin/complaints/complaint/", headers=HTML).status_code == 200
    finally:
        pair.standby.start()
        connections["reading"].close()


def test_a_position_is_signed(pair: Pair, case_id: str) -> None:
    """An invented one is ignored, and is no burden to the primary."""
    browser = pair.browser()
    pair.settle(browser)
    browser.client.cookies[settings.POSITION_COOKIE_NAME] = "9223372036854775807:1tZZZZ:forged"
    with Counted() as counted:
        assert seen(browser.post(READ, {"id": case_id})) >= 0
    assert counted.standby == 1


def test_a_standby_takes_no_ticket_that_the_web_did_not_sign(pair: Pair) -> None:
    with psycopg.connect(pair.standby.url(), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM app.enter_standby('1.ab.7', NULL, NULL, 0)")
        assert connection.execute("SELECT count(*) FROM complaints_complaint").fetchone() == (0,)


def told_of_the_standby() -> tuple[State, str, str]:
    with translation.override("tr"):
        [line] = standby_lines()
    return line.state, line.sentence, line.remedy


def rename(pair: Pair, subject: str) -> None:
    with system():
        Complaint.objects.filter(pk=pair.case.pk).update(subject=subject)


def test_the_status_page_says_how_each_standby_stands(pair: Pair, settings: Any) -> None:
    rename(pair, "Kaldırım")
    settings.READ_BEHIND_SECONDS = PATIENCE
    assert told_of_the_standby() == (State.GOOD, "Okumaları karşılıyor, güncel.", "")
    pair.hold_back()
    settings.READ_BEHIND_SECONDS = 0.0
    rename(pair, "Kaldırım taşı")
    until(pair.primary, "SELECT pg_current_wal_flush_lsn() = pg_current_wal_insert_lsn()")
    state, sentence, remedy = told_of_the_standby()
    assert (state, "önceye ait" in sentence, "pg_stat_wal_receiver" in remedy) == (
        State.ATTENTION,
        True,
        True,
    )


def test_the_status_page_says_that_a_standby_is_gone(pair: Pair) -> None:
    pair.standby.stop()
    try:
        state, sentence, _remedy = told_of_the_standby()
    finally:
        pair.standby.start()
        connections["reading"].close()
    assert (state, "Cevap vermiyor" in sentence) == (State.ATTENTION, True)


def test_the_status_page_says_that_the_address_leads_to_the_primary(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    primary = postgres.connection(pair.primary.data).host
    monkeypatch.setitem(connections["reading"].settings_dict, "HOST", primary)
    state, sentence, _remedy = told_of_the_standby()
    assert (state, "kendisi yazıyor" in sentence) == (State.ATTENTION, True)
