"""Two houses in one process: nothing of one in the other, however they are asked."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.test import RequestFactory
from django.utils import timezone

from backend import houses
from backend.appointments import links as appointment_links
from backend.complaints.models import Complaint
from backend.configuration import actions as configuration
from backend.configuration.office import configured
from backend.core import checks, sealing, tickets
from backend.core.session import fetch_one, system
from backend.core.standby.positions import position_of, token_of
from backend.events import links as event_links
from backend.houses import NoHouseError, registry
from backend.houses.web import ByHost
from backend.news import writing as news
from backend.organization.models import User
from backend.portals.actions import issue_token
from backend.portals.models import Scope
from schema.http import in_process
from tests.backend.houses.pair import WORDS, Pair, wired
from tests.cast import signed_in
from website import api

A, B = "ankara", "bursa"
ME = b'{"query": "{ complaints(first: 5) { nodes { subject } } }"}'


class Web:
    """The web as gunicorn has it: one application, and the house of each request is found by its host name."""

    def __init__(self) -> None:
        self.application = ByHost(WSGIHandler(), checks.refuse_unsafe_start)

    def ask(self, host: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Return status and text of the answer to a GET, or to a POST of JSON."""
        ask = RequestFactory(headers={"host": host, **headers})
        request = ask.get(path) if body is None else ask.post(path, body, content_type="application/json")
        begun: list[str] = []
        answer = self.application(request.environ, lambda status, _headers, _fault=None: begun.append(status))
        text = b"".join(answer).decode()
        getattr(answer, "close", lambda: None)()
        return int(begun[0][:3]), text


@pytest.fixture
def web(pair: Pair) -> Web:
    return Web()


def _cookie(pair: Pair, name: str) -> str:
    """The cookie of somebody who has signed in to a house."""
    with houses.inside(pair[name]):
        browser = signed_in(pair.cast.secretary)
    return "; ".join(f"{key}={one.value}" for key, one in browser.cookies.items())


def _token(pair: Pair, name: str) -> str:
    with houses.inside(pair[name]), system():
        _row, secret = issue_token(
            user=pair.cast.secretary,
            name="Deneme",
            scopes=[Scope.READ],
            expires_at=timezone.now() + dt.timedelta(days=1),
            by=None,
        )
    return secret


def test_a_request_is_answered_by_the_house_whose_name_it_asks(web: Web) -> None:
    for _again in range(2):
        for name, word in WORDS.items():
            status, page = web.ask(f"{name.upper()}.test:8000", "/")
            assert status == 200
            assert f"{word} Belediyesi" in page
            assert not any(other in page for other in WORDS.values() if other != word)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "ankara.test.evil.example", "ankara.test,bursa.test", "", "testserver"]
)
def test_a_name_of_nobody_is_refused_as_it_always_was(web: Web, host: str) -> None:
    for path in ("/", "/accounts/login/", "/health/live/", "/graphql/"):
        status, text = web.ask(host, path)
        assert status == 400
        assert not any(word in text for word in WORDS.values())


def test_what_opens_one_house_opens_no_other(pair: Pair, web: Web) -> None:
    cookies, tokens = ({name: make(pair, name) for name in WORDS} for make in (_cookie, _token))
    for name, word in WORDS.items():
        other = B if name == A else A
        status, page = web.ask(f"{name}.test", "/admin/", cookie=cookies[name])
        assert status == 200
        assert f"{word} " in page
        assert web.ask(f"{name}.test", "/admin/", cookie=cookies[other])[0] == 302
        mine, theirs = ({"authorization": f"Bearer {tokens[one]}"} for one in (name, other))
        for _again in range(3):  # a token that is known is answered in one trip
            status, text = web.ask(f"{name}.test", "/graphql/", ME, **mine)
            assert status == 200
            assert word in text
            assert WORDS[other] not in text
            assert web.ask(f"{name}.test", "/graphql/", ME, **theirs)[0] == 401


def test_a_session_that_is_copied_with_its_row_opens_nothing(pair: Pair, web: Web) -> None:
    cookie = _cookie(pair, A)
    with houses.inside(pair[A]):
        row = (
            Session.objects.order_by("-expire_date")
            .values("session_key", "session_data", "expire_date")
            .first()
        )
    assert row is not None
    with houses.inside(pair[B]):
        Session.objects.create(**row)
    assert web.ask("ankara.test", "/admin/", cookie=cookie)[0] == 200
    assert web.ask("bursa.test", "/admin/", cookie=cookie)[0] == 302


SIGNED: dict[str, tuple[Callable[[], Any], Callable[[Any], bool]]] = {
    "signing": (
        lambda: signing.dumps("x", salt="s"),
        lambda text: _holds(lambda: signing.loads(text, salt="s")),
    ),
    "position": (lambda: token_of(7), lambda text: position_of(text) == 7),
    "guest": (
        lambda: event_links._signer().sign("x"),
        lambda text: _holds(lambda: event_links._signer().unsign(text)),
    ),
    "answer": (
        lambda: appointment_links._signer().sign("x"),
        lambda text: _holds(lambda: appointment_links._signer().unsign(text)),
    ),
    "press": (lambda: news.token_for("a@b.example"), lambda text: _holds(lambda: news.signer().unsign(text))),
    "sealed": (
        lambda: sealing.seal("x", b"about"),
        lambda sealed: _holds(lambda: sealing.unseal(sealed, b"about")),
    ),
    "ticket": (
        lambda: tickets.sign("check", ""),
        lambda ticket: fetch_one("SELECT app.verified($1, 'check', 30) IS NOT NULL", [ticket])[0],
    ),
}


def _holds(read: Callable[[], object]) -> bool:
    try:
        read()
    except (signing.BadSignature, sealing.WrongKeyError):
        return False
    return True


@pytest.mark.parametrize("kind", SIGNED)
def test_what_one_house_signs_or_seals_no_other_believes(pair: Pair, kind: str) -> None:
    make, believes = SIGNED[kind]
    for name, other in ((A, B), (B, A)):
        with houses.inside(pair[name]):
            made = make()
            assert believes(made)
        with houses.inside(pair[other]):
            assert not believes(made)


def test_a_house_whose_file_names_anothers_database_is_not_served(pair: Pair, web: Web) -> None:
    """The database does not accept its tickets, so nothing is shown, whatever a line of the file says."""
    text = pair.file.read_text()
    try:
        pair.file.write_text(
            text.replace(pair.databases[A], "-").replace(pair.databases[B], pair.databases[A])
        )
        assert web.ask("bursa.test", "/")[0] == 503
    finally:
        pair.file.write_text(text)
    assert web.ask("bursa.test", "/")[0] == 200


def test_files_lie_apart(pair: Pair) -> None:
    with houses.inside(pair[A]):
        name = default_storage.save("deneme/dosya.txt", ContentFile(b"Angora"))
        assert storages["default"].exists(name)
    with houses.inside(pair[B]):
        assert not default_storage.exists(name)
        assert default_storage.save(name, ContentFile(b"Prusa")) == name
    with houses.inside(pair[A]), default_storage.open(name) as file:
        assert file.read() == b"Angora"


def test_what_a_process_keeps_it_keeps_by_house(pair: Pair) -> None:
    for name, word in WORDS.items():
        with houses.inside(pair[name]):
            assert f"{word} Belediyesi" == configured.MUNICIPALITY_NAME
            assert pair.plain[name]["MUNICIPALITY_PHONE"] == settings.MUNICIPALITY_PHONE
            cache.set("key", word)
    for name, word in WORDS.items():
        with houses.inside(pair[name]):
            assert cache.get("key") == word
    with houses.inside(pair[A]), system():
        configuration.change({"OFFICE_NAME": "Özel Kalem A"}, by=None)
    with houses.inside(pair[B]):
        assert configured.OFFICE_NAME != "Özel Kalem A"
    secrets = set()
    for name in WORDS:
        with houses.inside(pair[name]):
            secrets.add(in_process._token(settings.WEBSITE_ACCOUNT, anew=False))
    assert len(secrets) == 2


def test_numbers_of_content_types_are_each_databases_own(pair: Pair) -> None:
    numbers = {}
    for count, name in enumerate(WORDS, start=1):
        with houses.inside(pair[name]), connections["owner"].cursor() as cursor:
            for number in range(count):  # so that the second house has other numbers
                cursor.execute(
                    "INSERT INTO django_content_type (app_label, model) VALUES ('t', %s)", [f"m{number}"]
                )
            cursor.execute(
                "INSERT INTO django_content_type (app_label, model) VALUES ('t', 'thing') RETURNING id"
            )
            numbers[name] = cursor.fetchone()[0]
    for _again in range(2):
        for name, number in numbers.items():
            with houses.inside(pair[name]):
                assert ContentType.objects.get_by_natural_key("t", "thing").pk == number
    assert numbers[A] != numbers[B]


def test_outside_of_every_house_there_is_nothing(pair: Pair) -> None:
    for ask in (
        lambda: connection.ensure_connection(),
        lambda: connections["owner"].cursor(),
        lambda: settings.SECRET_KEY,
        lambda: settings.NATIONAL_ID_KEY,
        lambda: default_storage.exists("x"),
        lambda: tickets.sign("check", ""),
    ):
        with pytest.raises(NoHouseError):
            ask()
    assert connections.all() == []


def test_a_thread_that_a_request_begins_is_in_no_house(pair: Pair) -> None:
    """It fails, where it would else be in whichever house was served last."""
    found: list[object] = []
    with houses.inside(pair[A]):
        thread = threading.Thread(target=lambda: found.append(houses.current()))
        thread.start()
        thread.join()
    assert found == [None]


def test_threads_that_serve_both_by_turns_mix_nothing(pair: Pair, web: Web) -> None:
    cookies = {name: _cookie(pair, name) for name in WORDS}
    faults: list[str] = []

    def go(first: int) -> None:
        names = [*WORDS]
        for turn in range(8):
            name = names[(first + turn) % 2]
            word, other = WORDS[name], WORDS[names[(first + turn + 1) % 2]]
            for path, headers in (
                ("/admin/complaints/complaint/?tab=all", {"cookie": cookies[name]}),
                ("/", {}),
            ):
                status, page = web.ask(f"{name}.test", path, **headers)
                if status != 200 or word not in page or other in page:
                    faults.append(f"{name} {path}: {status}, {word in page}, {other in page}")
        connections.close_all()

    threads = [threading.Thread(target=go, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_an_answer_that_is_sent_in_parts_stays_in_its_house(pair: Pair) -> None:
    seen: list[str] = []

    def application(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        start("200 OK", [])
        for _part in range(2):
            assert User.objects.exists()
            seen.append(houses.name())
            yield b"x"

    answer = ByHost(application, lambda: None)({"HTTP_HOST": "ankara.test"}, lambda *_: None)
    assert b"".join(answer) == b"xx"
    assert houses.name() == A  # until the server has sent it to its end
    answer.close()  # type: ignore[attr-defined]
    assert seen == [A, A]
    assert houses.current() is None


def test_a_thread_keeps_connections_of_the_houses_it_served_last(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.houses import wiring

    monkeypatch.setattr(wiring, "AT_HAND", 1)
    handler: Any = connections
    handler.enter(pair[A])
    with houses.inside(pair[A]):
        Complaint.objects.exists()
        first = connections["default"]
        assert first.connection is not None
    handler.enter(pair[B])
    assert first.connection is None
    with houses.inside(pair[A]):
        assert connections["default"] is not first


def test_a_house_is_known_as_soon_as_it_stands_in_the_file_and_a_broken_file_changes_nothing(
    pair: Pair, web: Web
) -> None:
    text = pair.file.read_text()
    before = pair[A]
    try:
        pair.file.write_text(f'{text}\n[canakkale]\nhosts = ["canakkale.test"]\ndatabase = "none_such"\n')
        assert web.ask("canakkale.test", "/")[0] == 503  # known, and its database is away
        assert pair[A] is before
        pair.file.write_text(f"{text}\n[")
        assert web.ask("ankara.test", "/")[0] == 200
        pair.file.unlink()
        assert web.ask("bursa.test", "/")[0] == 200
    finally:
        pair.file.write_text(text)


def test_the_logs_of_both_are_told_apart(pair: Pair) -> None:
    import logging

    from backend.core.operation.logs import JsonFormatter

    record = logging.makeLogRecord({"msg": {"event": "x"}})
    with houses.inside(pair[A]):
        assert '"house": "ankara"' in JsonFormatter().format(record)
    assert "house" not in JsonFormatter().format(record)


FAULTS = {
    "memories": ("backend.houses.kept.current", lambda: None),
    "site": ("schema.http.in_process.house", lambda: ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_memory_that_forgets_the_house_is_found(
    pair: Pair, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    api.forget()
    with pytest.raises(AssertionError):
        test_a_request_is_answered_by_the_house_whose_name_it_asks(Web())
    api.forget()


def test_the_file_says_what_is_wrong_with_it() -> None:
    for text, words in (
        ("[", "no TOML"),
        ('[Ankara]\nhosts = ["a.test"]', "cannot be the name"),
        ('[template]\nhosts = ["a.test"]', "cannot be the name"),
        ("x = 1", "no table"),
        ("[a]", "hosts must be"),
        ('[a]\nhosts = ["https://a.test/"]', "hosts must be"),
        ('[a]\nhosts = ["a.test"]\nDEBUG = true', "DEBUG is nothing"),
        ('[a]\nhosts = ["a.test"]\nEMAIL_HOST = []', "must be a text"),
        ('[a]\nhosts = ["x.test"]\n[b]\nhosts = ["x.test"]', "same host name x.test"),
        ('[a]\nhosts = ["a.test"]\ndatabase = "d"\n[b]\nhosts = ["b.test"]\ndatabase = "d"', "same database"),
        (
            '[a]\nhosts = ["a.test"]\nSECRET_KEY = "s"\n[b]\nhosts = ["b.test"]\nSECRET_KEY = "s"',
            "same SECRET_KEY",
        ),
        (
            '[a]\nhosts = ["a.test"]\nMEDIA_ROOT = "/m"\n[b]\nhosts = ["b.test"]\nMEDIA_ROOT = "/m"',
            "same folder",
        ),
    ):
        with pytest.raises(houses.HousesError, match=words):
            registry.parse(text)


def test_what_is_read_first_of_a_house_is_its_own_already() -> None:
    (house,) = registry.parse('[a]\nhosts = ["a.test"]\nQUIET_UNTIL = "07:30"\nOFFICE_NAME = "İlk"').values()
    with wired(), houses.inside(house):
        assert (settings.OFFICE_NAME, settings.QUIET_UNTIL) == ("İlk", "07:30")
    assert settings.OFFICE_NAME != "İlk"


def test_a_house_with_a_setting_that_cannot_be_is_not_served_and_the_others_are(pair: Pair, web: Web) -> None:
    text = pair.file.read_text()
    try:
        pair.file.write_text(text.replace("[bursa]", '[bursa]\nEMAIL_PORT = "yirmi"'))
        assert [web.ask(f"{name}.test", "/")[0] for name in (A, B)] == [200, 503]
    finally:
        pair.file.write_text(text)


def test_a_house_has_secrets_files_and_addresses_of_its_own_without_a_line_for_them() -> None:
    found = registry.parse('[a]\nhosts = ["a.test"]\n[b]\nhosts = ["b.test"]\nQUIET_FROM = "21:00"').values()
    for name in ("SECRET_KEY", "NATIONAL_ID_KEY", "MEDIA_ROOT", "VAR_DIR", "PUBLIC_URL", "ALLOWED_HOSTS"):
        assert len({str(house.settings[name]) for house in found}) == 2, name
    a, b = found
    assert (a.settings.get("QUIET_FROM"), b.settings["QUIET_FROM"]) == (None, "21:00")
    assert a.database.endswith("_a")
    assert b.database.endswith("_b")
