"""A real clamd with a signature database of two lines; run as a program it installs Debian's where that can be done."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness import debian

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURES = f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n"
MISSING = "No clamd was found: install `clamav-daemon`, or run `python -m tests.harness.clamav` as root."


def find() -> str | None:
    """Return the daemon's program; Debian has it where only root looks."""
    return debian.daemon("clamd")


@contextmanager
def running(folder: Path) -> Iterator[Path]:
    """The socket of a clamd that knows EICAR alone."""
    (folder / "signatures").mkdir(parents=True, exist_ok=True)
    (folder / "signatures" / "eicar.ndb").write_text(SIGNATURES)
    listening, configuration = folder / "clamd.ctl", folder / "clamd.conf"
    configuration.write_text(
        f"LocalSocket {listening}\nDatabaseDirectory {folder / 'signatures'}\nForeground yes\nStreamMaxLength 30M\n"
    )
    with subprocess.Popen(
        [str(find()), "--config-file", str(configuration)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as clamd:
        try:
            while not listening.exists():
                if clamd.poll() is not None:
                    raise RuntimeError("clamd ended before it listened")
                time.sleep(0.1)
            yield listening
        finally:
            clamd.terminate()
            clamd.wait(30)


if __name__ == "__main__":
    raise SystemExit(debian.prepare(find, MISSING, "clamav-daemon"))
