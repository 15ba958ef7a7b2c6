"""Eight costly pictures at once, on the page that is open to everybody: bounded memory, and others are answered."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.management import call_command
from PIL import Image

from backend.complaints.models import Attachment
from backend.core.session import system
from backend.documents import reconstruct
from tests.cast import make_cast
from tests.databases import ROOT, CommittedDatabase
from tests.factories import make_complaint

WORKERS = 2
OWN = 150 * reconstruct.MEGABYTE
"""What the web processes take besides: the eight forms, the first request's imports."""


@pytest.fixture
def web(committed_db: CommittedDatabase) -> Iterator[tuple[int, str]]:
    """(process, address) of the product behind gunicorn, as an installation runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    sizes = {"OZELKALEM_WEB_WORKERS": str(WORKERS), "OZELKALEM_WEB_THREADS": "4", "OZELKALEM_PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "-c", "python:backend.gunicorn", "backend.wsgi"]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **committed_db.environment, **sizes}
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}/takip/"
            for _attempt in range(400):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            for _each in range(4 * WORKERS):
                requests.get(address, timeout=60)  # the first one of each process loads half the product
            yield process.pid, address
        finally:
            process.terminate()
            process.wait(30)


def encoded(picture: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def costly() -> list[bytes]:
    """What takes the most memory of each format, and what is beyond the limits."""
    turned = Image.Exif()
    turned[0x0112] = 6
    pictures = [
        encoded(Image.new("RGBA", (6200, 6400), (1, 2, 3, 4)), "PNG", exif=turned),
        encoded(Image.new("RGB", (7700, 7700), (1, 2, 3)), "JPEG", progressive=True, subsampling=0),
        encoded(Image.new("RGB", (4000, 4000), (1, 2, 3)), "WEBP", lossless=True),
        encoded(Image.new("RGB", (7700, 7700), (1, 2, 3)), "PNG"),
    ]
    assert all(len(picture) < reconstruct.MEGABYTE for picture in pictures)
    return [picture for picture in pictures for _twice in range(2)]


def sender(address: str, code: str) -> Callable[[bytes], requests.Response]:
    """What sends a file from the page of a case, as a browser does."""

    def send(content: bytes) -> requests.Response:
        browser = requests.Session()
        browser.headers["Accept-Language"] = "tr"
        page = browser.get(address, timeout=60)
        page = browser.post(address, {"csrfmiddlewaretoken": token(page), "code": code}, timeout=60)
        form = {"csrfmiddlewaretoken": token(page), "do": "add", "key": str(uuid.uuid4())}
        return browser.post(page.url, form, files={"file": ("foto", content)}, timeout=120)

    def token(page: requests.Response) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert found, page.text
        return found[1]

    return send


@pytest.mark.full
def test_eight_costly_pictures_take_bounded_memory_and_leave_a_thread_for_others(
    web: tuple[int, str],
) -> None:
    process, address = web
    cast = make_cast()
    call_command("website_client", stdout=io.StringIO())
    with system():
        codes = [make_complaint(to=cast.fen).tracking_code for _each in range(8)]
    pictures = costly()
    before = memory(process)
    peak, is_over = [before], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.02):
            peak.append(memory(process))

    with ThreadPoolExecutor(10) as pool:
        watching = pool.submit(watch)
        sent = [pool.submit(sender(address, code), file) for code, file in zip(codes, pictures, strict=True)]
        others = [requests.get(address, timeout=60).status_code for _each in range(10)]
        answers = [answer.result() for answer in sent]
        is_over.set()
        watching.result()
    assert set(others) == {200}
    assert {answer.status_code for answer in answers} == {200, 422}  # what is refused is said in the form
    with system():
        kept = Attachment.objects.count()
    busy = sum("çok sayıda dosya" in answer.text for answer in answers)
    too_large = sum("çözünürlüğü çok yüksek" in answer.text for answer in answers)
    assert (kept + busy + too_large, too_large + busy >= 2, kept > 0) == (8, True, True)
    assert max(peak) - before < WORKERS * reconstruct.MEMORY + OWN


def memory(process: int) -> int:
    """Bytes of a process and all below it, what they share counted once."""
    total, waiting = 0, [process]
    while waiting:
        one = Path(f"/proc/{waiting.pop()}")
        try:
            total += int((one / "smaps_rollup").read_text().partition("Pss:")[2].split()[0]) * 1024
            for thread in (one / "task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
        except (OSError, IndexError):  # it ended
            continue
    return total
