"""Two thousand bayram greetings, sent by two people at once: nobody is written to twice; then the paper is opened."""

from __future__ import annotations

import io
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pypdf
import pytest
from aiosmtpd.controller import Controller
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from pytest_django.fixtures import Settings

from backend.core.session import system
from backend.greetings import jobs
from backend.greetings.models import Batch, PrintRun, Recipient
from tests.backend.core.test_outbox import free_port
from tests.cast import Cast, make_cast, signed_in
from tests.databases import CommittedDatabase
from tests.days import day
from tests.harness.tiers import size

PEOPLE, ON_PAPER = size((100, 20), (2_000, 60))
HEAD = "Ad;Soyad;Unvan;Kurum;Telefon;E-posta;Adres"


class Sink:
    """A mail server that keeps to whom it was handed something."""

    def __init__(self) -> None:
        self.to: Counter[str] = Counter()
        self.identities: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.to.update(envelope.rcpt_tos)
        found = re.search(rb"^Message-ID: (\S+)", envelope.original_content, re.MULTILINE | re.IGNORECASE)
        self.identities[found[1].decode() if found else ""] += 1
        return "250 OK"


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield handler
    controller.stop()


def _worker(*queues: str) -> None:
    """What `manage.py worker` does, until nothing is left to do."""
    worker = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(worker) as running:
        running.run_worker(
            queues=list(queues), wait=False, install_signal_handlers=False, listen_notify=False
        )
    connections.close_all()


def _file() -> bytes:
    rows = [
        f"Kişi{n};Şığü{n};Üye;Emek Derneği;;{'' if n < ON_PAPER else f'uye{n}@example.org'};Ihlamur Sk. No: {n}"
        for n in range(PEOPLE)
    ]
    return "\n".join([HEAD, *rows]).encode("cp1254")


def _prepare(client: Client, title: str, occasion: str = "") -> str:
    given = {
        "occasion": occasion,
        "name": "Ramazan Bayramı 2027",
        "on": day(56),
        "kind": "RELIGIOUS_DAY",
        "letter_kind": "CONGRATULATION",
        "title": title,
        "channels": ["EMAIL", "PRINT"],
        "subject": "{{vesile}}",
        "salutation": "Sayın {{ad}} {{SOYAD}},",
        "body": "{{vesile}} dolayısıyla sizi ve {{kurum}} üyelerini tebrik eder, esenlikler dilerim.",
        "closing": "Saygılarımla.",
        "signatory": "baskan",
        "once": "b6e6c1d2-0000-4000-8000-" + f"{len(title):012}",
    }
    made = client.post(reverse("admin:greetings_batch_new"), given)
    assert made.status_code == 302, re.findall(r"ok-errors.*?</ul>", made.content.decode(), re.DOTALL)
    return str(made["Location"]).split("/")[-3]


def _bring(client: Client, key: str) -> None:
    """The file is looked at, and then brought for good."""
    address = reverse("admin:greetings_batch_recipients", args=[key])
    looked = client.post(address, {"way": "file", "file": SimpleUploadedFile("uyeler.csv", _file())})
    shown = looked.content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', shown)
    assert ticket, re.findall(r"ok-alert[^<]*<", shown)
    assert client.post(address, {"way": "ticket", "ticket": ticket[1]}).status_code == 302


def _at_once(work: list[Callable[[], Any]]) -> list[Any]:
    """Everybody in a thread and connection of their own, in the same moment."""
    barrier = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        barrier.wait(60)
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def _pressing(client: Client, key: str) -> Callable[[], int]:
    return lambda: int(client.post(reverse("admin:greetings_batch_act", args=[key, "start"])).status_code)


def test_two_people_send_two_thousand_greetings_at_once_and_nobody_is_written_to_twice(
    committed_db: CommittedDatabase, sink: Sink
) -> None:
    people: Cast = make_cast()
    secretary, head = signed_in(people.secretary), signed_in(people.office_head)
    mine = _prepare(secretary, "Dernek üyeleri")
    _bring(secretary, mine)
    with system():
        occasion = str(Batch.objects.select_related("occasion").get(key=mine).occasion.key)
    theirs = _prepare(head, "Aynı dernek, başka liste", occasion)
    _bring(head, theirs)
    # Both press, one of them twice: the second press is refused by the state, not by luck.
    presses = [_pressing(secretary, mine), _pressing(head, theirs), _pressing(secretary, mine)]
    assert sorted(_at_once(presses)) == [200, 302, 302]

    with system():
        runs = dict(Batch.objects.values_list("key", "run"))
    # Two workers at once; what the queue holds besides is the same work again, and nothing is left of it.
    _at_once([lambda key=key, run=run: jobs.send_batch(key=str(key), run=run) for key, run in runs.items()])
    _worker("greetings")
    _worker("outbox")

    assert len(sink.to) == PEOPLE - ON_PAPER
    assert set(sink.to.values()) == {1}
    assert set(sink.identities.values()) == {1}
    with system():
        sent = Counter(Recipient.objects.filter(outcome="SENT").values_list("citizen", flat=True))
        already = Recipient.objects.filter(outcome="ALREADY_GREETED").count()
    assert (len(sent), set(sent.values()), already) == (PEOPLE, {1}, PEOPLE)

    page = secretary.get(reverse("admin:greetings_batch_change", args=[mine])).content.decode()
    other = head.get(reverse("admin:greetings_batch_change", args=[theirs])).content.decode()
    assert "Tamamlandı" in page
    assert "Zaten gönderilmiş" in page + other
    _look_at_the_paper(secretary)


def _look_at_the_paper(client: Client) -> None:
    """Every letter on paper stands in a run once, with Turkish letters and its fonts; and so do the addresses."""
    with system():
        runs = list(PrintRun.objects.select_related("batch"))
        assert sum(run.letters for run in runs) == ON_PAPER
    for run in runs:
        answer = client.get(reverse("file", args=[run.key]))
        letters = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
        assert len(letters.pages) == run.letters
        text = letters.pages[0].extract_text()
        assert re.search(r"Sayın Kişi\d+ ŞIĞÜ\d+,", text)
        assert "Emek Derneği" in text
        assert "Ihlamur Sk. No:" in text
        fonts = _embedded(letters)
        assert fonts
        assert all(fonts)
        for form, pages in (("DL", run.letters), ("C5", run.letters), ("L24", -(-run.letters // 24))):
            address = reverse("admin:greetings_batch_paper", args=[run.batch.key, run.key, form])
            found = pypdf.PdfReader(io.BytesIO(client.get(address).content))
            assert len(found.pages) == pages
            assert "Şığü" in found.pages[0].extract_text() or "ŞIĞÜ" in found.pages[0].extract_text()


def _embedded(document: pypdf.PdfReader) -> list[bool]:
    """Of every font of the first page, whether it comes along."""
    fonts: Any = document.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    return [
        "/FontFile3" in descendant["/FontDescriptor"] or "/FontFile2" in descendant["/FontDescriptor"]
        for font in fonts.values()
        for descendant in (one.get_object() for one in font.get_object()["/DescendantFonts"])
    ]
