"""Ten thousand mails: how fast they are fetched from a real Dovecot, and what the incoming desk takes with them.

`python -m benchmarks.mails`: the product on its own PostgreSQL with the data of `benchmarks` (4,000 cases). Each tenth
mail has a picture. They are fetched in the worker's runs, one after the other; the desk's pages are asked by the
secretary before and after. What was fetched is taken out again at the end, so that each run begins alike.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from benchmarks.installation import DATA, ROOT, Installation
from benchmarks.pages import WORKERS, Browser, Product, path_of, taken
from benchmarks.processes import processor_seconds
from tests.backend.mailboxes import dovecot
from tests.backend.mailboxes.corpus import PNG

ADDRESS = "olcum@belediye.example"
LIST = "/admin/mailboxes/inboundmessage/"
DESK = {
    "home": "/admin/",
    "desk": LIST,
    "desk, all": f"{LIST}?tab=all",
    "desk, found by a word": f"{LIST}?q=kaldırım",
    "a mail": f"{LIST} > {LIST}[0-9a-f-]+/change/",
}
ABOUT = ("Kaldırımda çukur", "Sokak lambası yanmıyor", "Randevu talebi", "Çöp alınmıyor", "Gürültü şikâyeti")
TEXT = (
    "Sayın yetkili,\n\n{about}. Adres: {number} numaralı bina, Barış Sokak. Konuyla ilgilenmenizi rica ederim;"
    " telefonla da ulaşabilirsiniz.\n\nSaygılarımla,\nIşıl İnce\n"
)


def mails(count: int) -> Iterator[bytes]:
    """Believable mails, each another."""
    for number in range(count):
        about = ABOUT[number % len(ABOUT)]
        mail = EmailMessage()
        mail["From"] = f"Işıl İnce <yurttas{number % 4000}@posta.example>"
        mail["To"], mail["Subject"] = ADDRESS, f"{about} ({number})"
        mail["Message-ID"] = f"<olcum-{number}@posta.example>"
        mail.set_content(TEXT.format(about=about, number=number))
        if number % 10 == 0:
            mail.add_attachment(PNG, "image", "png", filename="foto.png")
        yield mail.as_bytes()


def fetch(port: int, ca: str) -> None:
    """In the product: a mailbox at this server, read run by run until nothing is new; what each took is printed."""
    import ssl

    import django

    django.setup()
    from backend.core.session import system
    from backend.mailboxes import fetching
    from backend.mailboxes.models import Mailbox
    from backend.organization.models import Department

    with system():
        office = Department.objects.filter(is_private_office=True).order_by("pk")[0]
        row = Mailbox(name="Ölçüm", address=ADDRESS, host="localhost", port=port, login=dovecot.LOGIN)
        row.department = office
        row.seal_secret(dovecot.PASSWORD)
        row.save()
    context = ssl.create_default_context(cafile=ca)
    began, count = time.monotonic(), -1
    while count:
        before = time.process_time()
        count = fetching.fetch(row.pk, context)
        print(count, time.monotonic() - began, time.process_time() - before, flush=True)  # noqa: T201 - to its parent
    with system():
        Mailbox.objects.filter(pk=row.pk).update(is_active=False)


def forget() -> None:
    """Take out what a run fetched."""
    import django

    django.setup()
    from backend.core.session import system
    from backend.mailboxes.models import InboundFile, InboundMessage, Mailbox

    with system():
        InboundFile.objects.filter(mail__mailbox__address=ADDRESS).delete()
        InboundMessage.objects.filter(mailbox__address=ADDRESS).delete()
        Mailbox.objects.filter(address=ADDRESS).delete()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=10_000)
    options.add_argument("--size", type=int, default=4_000)
    options.add_argument("--fetch", type=int, default=0, help=argparse.SUPPRESS)
    options.add_argument("--ca", default="", help=argparse.SUPPRESS)
    options.add_argument("--forget", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.fetch:
        fetch(chosen.fetch, chosen.ca)
        return
    if chosen.forget:
        forget()
        return
    DATA.mkdir(parents=True, exist_ok=True)
    installation = Installation(chosen.size)
    with installation.running():
        try:
            for line in _measured(installation, chosen.mails):
                sys.stdout.write(f"{line}\n")
        finally:
            _child(installation, "--forget").wait()


def _measured(installation: Installation, count: int) -> Iterator[str]:
    before = _pages(installation)
    load = os.getloadavg()[0]
    with dovecot.running() as server:
        server.deliver(*mails(count))
        postgres = processor_seconds(installation.postmaster)
        runs = _fetched(installation, server.ssl, server.ca)
        postgres = processor_seconds(installation.postmaster) - postgres
        seen = server.seen()
    total, seconds = sum(run[0] for run in runs), runs[-1][1]
    yield f"Load {load:.1f} before the fetching, {os.getloadavg()[0]:.1f} after it."
    yield (
        f"{total:,.0f} of {count:,} mails fetched in {seconds:.0f} s: {total / seconds:.1f} a second; {seen:,} marked"
        f" at the server. Processor: worker {sum(run[2] for run in runs):.0f} s, PostgreSQL {postgres:.0f} s."
    )
    first, last = _pace(runs[: len(runs) // 5]), _pace(runs[-len(runs) // 5 :])
    yield f"The first fifth of the runs: {first:.1f} a second; the last: {last:.1f}.\n"
    after = _pages(installation)
    yield f"| page | as the demo has it, application + PostgreSQL | {total:,.0f} more waiting | waited |"
    yield "|---|---|---|---|"
    for name in DESK:
        (app, base, _wait), (app_after, base_after, waited) = before[name], after[name]
        yield (
            f"| {name} | {app:.0f} + {base:.0f} = {app + base:.0f} ms | {app_after:.0f} + {base_after:.0f} ="
            f" {app_after + base_after:.0f} ms | {waited:.0f} ms |"
        )


def _pace(runs: list[tuple[float, float, float]]) -> float:
    """Mails a second over these runs."""
    seconds = runs[-1][1] - runs[0][1]
    return sum(run[0] for run in runs[1:]) / seconds if seconds else 0.0


def _pages(installation: Installation) -> dict[str, tuple[float, float, float]]:
    with Product().serving(installation, WORKERS) as server:
        browser = Browser.signed_in(server.port, "sekreter")
        return {
            name: taken(browser, server, installation, path_of(browser, page)) for name, page in DESK.items()
        }


def _fetched(installation: Installation, port: int, ca: Path) -> list[tuple[float, float, float]]:
    """Of each run: mails, seconds since the first began, processor seconds."""
    child = _child(installation, "--fetch", str(port), "--ca", str(ca))
    assert child.stdout is not None  # noqa: S101 - it was asked for
    runs = [tuple(map(float, line.split())) for line in child.stdout if line[:1].isdigit()]
    if child.wait():
        raise RuntimeError("the fetching ended with a fault")
    return [(one, two, three) for one, two, three in runs]


def _child(installation: Installation, *arguments: str) -> subprocess.Popen[str]:
    environment = installation.environment | {"DJANGO_SETTINGS_MODULE": "backend.settings"}
    command = [sys.executable, "-m", "benchmarks.mails", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    main()
