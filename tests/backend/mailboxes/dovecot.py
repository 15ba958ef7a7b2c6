"""A real Dovecot with one account; run as a program it installs Debian's where that can be done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness import debian

MISSING = "No dovecot was found: install `dovecot-imapd`, or run `python -m tests.backend.mailboxes.dovecot` as root."
LOGIN, PASSWORD = "kalem", "gizli-2027"
CONFIGURATION = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {run}
state_dir = {run}
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_server_cert_file = {folder}/cert.pem
ssl_server_key_file = {folder}/key.pem
first_valid_uid = 1
mail_driver = maildir
mail_path = {folder}/mail
mail_fsync = never
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls}
  }}
  inet_listener imaps {{
    port = {ssl}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""

OAUTH = """
auth_mechanisms {{
  plain = yes
  login = yes
  xoauth2 = yes
}}
oauth2 {{
  introspection_mode = post
  introspection_url = {introspection}
  force_introspection = yes
  username_attribute = username
  active_attribute = active
  active_value = true
}}
"""


def find() -> str | None:
    """Return the daemon's program; Debian has it where only root looks."""
    return debian.daemon("dovecot")


def needed() -> str:
    """Return where the program is; without it the test is skipped, and in CI it fails."""
    return debian.required(find(), MISSING)


@dataclass(frozen=True)
class Server:
    """A running server: `ssl` and `starttls` are its ports, `ca` the certificate that it shows."""

    folder: Path
    ssl: int
    starttls: int
    owner: tuple[int, int]

    @property
    def ca(self) -> Path:
        return self.folder / "cert.pem"

    def deliver(self, *mails: bytes, folder: str = "") -> None:
        """Put mails into the inbox, or another folder, as a mail server does."""
        place = self.folder / "mail" / (f".{folder}" if folder else "") / "new"
        for part in ("new", "cur", "tmp"):
            self._make(place.parent / part)
        for content in mails:
            path = place / f"{time.time_ns()}.{os.urandom(4).hex()}.test"
            path.write_bytes(content)
            os.chown(path, *self.owner)

    def seen(self) -> int:
        """How many mails of the inbox are marked as read."""
        names = [path.name for part in ("new", "cur") for path in (self.folder / "mail" / part).iterdir()]
        return sum("S" in name.partition(":2,")[2] for name in names)

    def begin_anew(self) -> None:
        """Number the mails anew, as a server does that was restored: UIDVALIDITY changes."""
        for path in (self.folder / "mail").glob("dovecot*"):
            path.unlink()

    def _make(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder, folder.parent):
            os.chown(path, *self.owner)


@contextmanager
def running(introspection: str = "") -> Iterator[Server]:
    """A server of its own, which ends with the block; `introspection`: where it asks whether a token is good."""
    program = needed()
    folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
    folder.chmod(0o755)
    owner = (
        (65534, 65534) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    )  # never root: Dovecot refuses
    server = Server(folder, debian.free_port(), debian.free_port(), owner)
    debian.certify(folder)
    server.deliver()
    os.chown(folder, *owner)
    configuration = folder / "dovecot.conf"
    text = CONFIGURATION.format(
        folder=folder,
        run=folder / "run",
        password=PASSWORD,
        uid=owner[0],
        gid=owner[1],
        ssl=server.ssl,
        starttls=server.starttls,
    )
    if introspection:
        text += OAUTH.format(introspection=introspection)
    if os.geteuid():
        name = os.environ.get("USER", "")
        text += f"default_internal_user = {name}\ndefault_login_user = {name}\n"
    configuration.write_text(text)
    try:
        with subprocess.Popen([program, "-F", "-c", str(configuration)], stderr=subprocess.PIPE) as process:
            try:
                _wait(server, process)
                yield server
            finally:
                process.terminate()
                process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(100):
        if process.poll() is not None:
            raise RuntimeError(
                f"dovecot ended before it listened: {process.stderr and process.stderr.read()!r}"
            )
        try:
            socket.create_connection(("127.0.0.1", server.ssl), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("dovecot does not listen")


if __name__ == "__main__":
    raise SystemExit(debian.prepare(find, MISSING, "dovecot-imapd"))
