"""A real slapd with a directory like Active Directory's; run as a program it installs Debian's where it can."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import ldap3

from tests.harness import debian

MISSING = "No slapd was found: install `slapd`, or run `python -m tests.backend.organization.sign_on.slapd` as root."
BASE, SECRET, PASSWORD = "dc=belediye,dc=local", "gizli-yonetici-2027", "Dizindeki-parola-27"
PEOPLE, GROUPS = f"ou=Kişiler,{BASE}", f"ou=Gruplar,{BASE}"
NAMESPACE = UUID("6f1d1f8e-3f0c-4b8a-9a63-0f1f5ed3a6c1")
CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.782 NAME 'objectCategory' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP top AUXILIARY
  MUST sAMAccountName MAY ( objectGUID $ userAccountControl $ objectCategory ) )
objectclass ( 1.2.840.113556.1.5.8 NAME 'group' SUP top STRUCTURAL MUST cn MAY ( member $ description ) )
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
TLSCACertificateFile {folder}/cert.pem
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
sizelimit unlimited
database mdb
suffix "{base}"
rootdn "cn=admin,{base}"
rootpw {secret}
directory {folder}/data
dbnosync
overlay memberof
memberof-group-oc group
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous none
"""


def find() -> str | None:
    """Return the daemon's program; Debian has it where only root looks."""
    return debian.daemon("slapd")


def needed() -> str:
    """Return where the program is; without it the test is skipped, and in CI it fails."""
    return debian.required(find(), MISSING)


def guid(username: str) -> UUID:
    """The immutable id of the person who was entered under this name."""
    return uuid5(NAMESPACE, username)


@dataclass(frozen=True)
class Directory:
    """A running server, written to as its administrator."""

    folder: Path
    port: int
    tls_port: int
    connection: Any

    def settings(self, **other: Any) -> dict[str, Any]:
        """What an installation says to read it: the defaults are those of Active Directory."""
        from backend.sign_on_settings import SIGN_ON_LDAP

        return {
            **SIGN_ON_LDAP,
            "urls": [f"ldap://127.0.0.1:{self.port}"],
            "certificates": str(self.folder / "cert.pem"),
            "bind_dn": f"cn=okuyan,{BASE}",
            "bind_password": PASSWORD,
            "people": PEOPLE,
            "groups": GROUPS,
            **other,
        }

    def person(self, username: str, first: str, last: str, **other: Any) -> str:
        """Enter a person; returns the name in the directory."""
        name = f"cn={first} {last},{PEOPLE}"
        facts = {
            "cn": f"{first} {last}",
            "givenName": first,
            "sn": last,
            "sAMAccountName": username,
            "objectGUID": guid(username).bytes_le,
            "objectCategory": "person",
            "userAccountControl": 512,
            "userPassword": PASSWORD,
            **other,
        }
        self.do(self.connection.add(name, ["inetOrgPerson", "user"], facts))
        return name

    def group(self, name: str, *members: str) -> str:
        """Enter a group; returns its name in the directory."""
        dn = f"cn={name},{GROUPS}"
        self.do(
            self.connection.add(dn, ["group"], {"cn": name, **({"member": list(members)} if members else {})})
        )
        return dn

    def change(self, name: str, **values: Any) -> None:
        """Put other values in the place of an entry's."""
        changes = {key: [(ldap3.MODIFY_REPLACE, value)] for key, value in values.items()}
        self.do(self.connection.modify(name, changes))

    def disable(self, name: str) -> None:
        self.change(name, userAccountControl=[514])

    def remove(self, name: str) -> None:
        self.do(self.connection.delete(name))

    def do(self, is_done: bool) -> None:
        assert is_done, self.connection.result

    def clear(self) -> None:
        """Remove all people and groups."""
        for base in (PEOPLE, GROUPS):
            self.connection.search(base, "(objectClass=*)", ldap3.LEVEL)
            for entry in list(self.connection.response):
                self.remove(entry["dn"])


@contextmanager
def running() -> Iterator[Directory]:
    """A server of its own, which ends with the block, with an account that may read it."""
    program = needed()
    folder = Path(tempfile.mkdtemp(prefix="slapd-"))
    (folder / "data").mkdir()
    _certify(folder)
    (folder / "slapd.conf").write_text(CONFIGURATION.format(folder=folder, base=BASE, secret=SECRET))
    port, tls_port = debian.free_port(), debian.free_port()
    listen = f"ldap://127.0.0.1:{port}/ ldaps://127.0.0.1:{tls_port}/"
    command = [program, "-f", str(folder / "slapd.conf"), "-h", listen, "-d", "0"]
    try:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            try:
                _wait(port, process)
                yield _filled(folder, port, tls_port)
            finally:
                process.terminate()
                process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _filled(folder: Path, port: int, tls_port: int) -> Directory:
    server = ldap3.Server("127.0.0.1", port, get_info=ldap3.NONE)
    connection = ldap3.Connection(server, f"cn=admin,{BASE}", SECRET, auto_bind=True)
    directory = Directory(folder, port, tls_port, connection)
    directory.do(connection.add(BASE, ["dcObject", "organization"], {"dc": "belediye", "o": "Belediye"}))
    reader = {"cn": "okuyan", "sn": "okuyan", "userPassword": PASSWORD}
    directory.do(connection.add(f"cn=okuyan,{BASE}", ["person"], reader))
    for name in (PEOPLE, GROUPS):
        directory.do(connection.add(name, ["organizationalUnit"]))
    return directory


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"slapd ended: {process.stderr and process.stderr.read()!r}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("slapd does not listen")


def _certify(folder: Path) -> None:
    debian.certify(folder)
    ssl.create_default_context(cafile=str(folder / "cert.pem"))


if __name__ == "__main__":
    raise SystemExit(debian.prepare(find, MISSING, "slapd"))
