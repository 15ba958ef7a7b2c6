"""The directory over LDAP (Active Directory, OpenLDAP): who is in it, in which groups, and whether a password is right.

Groups are read by `memberOf`, of persons and of groups, so nested ones count. Needs the extra `ldap`.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings

from backend.organization.sign_on.found import LDAP, DirectoryAwayError, Found, Reading, group_key

PAGE = 500
AWAY = {51, 52, 80}
"""Answers of a server that cannot answer now; any other one to a person's password says that it is not taken."""
SILENCE = 60
"""Seconds for which a server that did not answer is asked last."""
_silent_until: dict[str, float] = {}
_NAMES = {"first_name": "givenName", "last_name": "sn", "email": "mail", "title": "title"}


def is_configured() -> bool:
    """Whether a directory is read at all."""
    return bool(settings.SIGN_ON_LDAP["urls"])


def asks_passwords() -> bool:
    """Whether people sign in with their password of the directory, in the form of the product."""
    return is_configured() and settings.SIGN_ON_LDAP["passwords"]


def read() -> Reading:
    """Everybody in the directory with all their groups. DirectoryAwayError if anything of it could not be read."""
    with _connected() as connection:
        parents = _parents(connection)
        disabled = {
            entry["dn"] for entry in _search(connection, _both(settings.SIGN_ON_LDAP["disabled_filter"]), [])
        }
        people = [
            found
            for entry in _search(connection, settings.SIGN_ON_LDAP["people_filter"], _attributes())
            if (found := _found(entry, parents, entry["dn"] in disabled)) is not None
        ]
        if not people:
            raise DirectoryAwayError(
                "No person was found: see SIGN_ON_LDAP_PEOPLE and SIGN_ON_LDAP_PEOPLE_FILTER."
            )
        return Reading(people, sorted(name for name, _above in parents.values()))


def read_if_possible() -> Reading | None:
    """The reading, or None where no directory is set up or it is away."""
    try:
        return read() if is_configured() else None
    except DirectoryAwayError:
        return None


def check(username: str, password: str) -> Found | None:
    """The person with this user name and password; None if there is none, or the password is wrong.

    A directory takes an empty password for no sign-in at all and agrees: it is refused here.
    """
    if not username.strip() or not password:
        return None
    from ldap3.utils.conv import escape_filter_chars

    mine = f"({settings.SIGN_ON_LDAP['username']}={escape_filter_chars(username.strip())})"
    with _connected() as connection:
        entries = _search(connection, _both(mine), _attributes())
        if len(entries) != 1 or not _is_spelled(entries[0], username):
            return None
        try:
            with _connected(entries[0]["dn"], password):
                pass
        except _WrongPasswordError:
            return None
        disabled = _search(connection, _both(mine, settings.SIGN_ON_LDAP["disabled_filter"]), [])
        return _found(entries[0], _parents(connection), bool(disabled))


def _is_spelled(entry: dict[str, Any], username: str) -> bool:
    """Whether it is the name that was typed: a server may take é for e, and each spelling would have its own tries."""
    return _text(entry, settings.SIGN_ON_LDAP["username"]).casefold() == username.strip().casefold()


class _WrongPasswordError(Exception):
    pass


@contextmanager
def _connected(name: str = "", password: str = "") -> Iterator[Any]:
    """A connection to the first server that answers, as the product or as a person."""
    from ldap3.core.exceptions import LDAPException

    try:
        connection = _bound(name, password)
        try:
            yield connection
        finally:
            connection.unbind()
    except (LDAPException, OSError, ssl.SSLError) as error:
        raise DirectoryAwayError(f"{type(error).__name__}: {error}"[:300]) from error


def _bound(name: str, password: str) -> Any:
    from ldap3 import NONE, Connection, Server, Tls
    from ldap3.core.exceptions import LDAPBindError, LDAPException, LDAPSASLPrepError

    chosen = settings.SIGN_ON_LDAP
    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=chosen["certificates"] or None)
    last: Exception = LDAPException("no server is named")
    for url in sorted(chosen["urls"], key=lambda one: _silent_until.get(one, 0) > monotonic()):
        server = Server(url, get_info=NONE, tls=tls, connect_timeout=chosen["seconds"])
        connection = Connection(
            server,
            name or chosen["bind_dn"],
            password or chosen["bind_password"],
            receive_timeout=chosen["seconds"],
            auto_referrals=False,
        )
        try:
            connection.open()
            if chosen["start_tls"]:
                connection.start_tls()
            if connection.bind():
                return connection
        except LDAPSASLPrepError:
            raise _WrongPasswordError from None  # with a sign that no password has
        except (LDAPException, OSError) as error:
            _silent_until[url] = monotonic() + SILENCE
            last = error
            continue
        if name and connection.result["result"] not in AWAY:
            raise _WrongPasswordError
        last = LDAPBindError(str(connection.result["description"]))
    raise last


def _search(connection: Any, wanted: str, attributes: list[str], base: str = "") -> list[dict[str, Any]]:
    """All entries, or DirectoryAwayError: ldap3 takes an answer that the server cut short for a whole one."""
    found = connection.extend.standard.paged_search(
        base or settings.SIGN_ON_LDAP["people"],
        wanted,
        attributes=attributes or ["1.1"],
        paged_size=PAGE,
        generator=True,
    )
    entries = [entry for entry in found if entry["type"] == "searchResEntry"]
    if connection.result["result"] != 0:
        raise DirectoryAwayError(f"The answer is not whole: {connection.result['description']}")
    return entries


def _both(*filters: str) -> str:
    return f"(&{settings.SIGN_ON_LDAP['people_filter']}{''.join(filters)})"


def _attributes() -> list[str]:
    chosen = settings.SIGN_ON_LDAP
    return [*_NAMES.values(), chosen["username"], chosen["id"], "memberOf", "cn"]


def _parents(connection: Any) -> dict[str, tuple[str, list[str]]]:
    """Of every group its name and the groups that it is in itself."""
    chosen = settings.SIGN_ON_LDAP
    groups = _search(connection, chosen["groups_filter"], ["memberOf"], chosen["groups"] or chosen["people"])
    return {group_key(entry["dn"]): (entry["dn"], _texts(entry, "memberOf")) for entry in groups}


def _found(
    entry: dict[str, Any], parents: dict[str, tuple[str, list[str]]], is_disabled: bool
) -> Found | None:
    """None for an entry that has no immutable id or no user name: no one signs in with it."""
    subject = _subject(entry)
    username = _text(entry, settings.SIGN_ON_LDAP["username"])
    if not subject or not username:
        return None
    names = {name: _text(entry, attribute) for name, attribute in _NAMES.items()}
    names["first_name"] = names["first_name"] or _text(entry, "cn")
    groups = tuple(sorted(_all_groups(_texts(entry, "memberOf"), parents)))
    return Found(LDAP, subject, username, groups=groups, is_disabled=is_disabled, **names)


def _all_groups(direct: list[str], parents: dict[str, tuple[str, list[str]]]) -> set[str]:
    """The groups and those they are in, at any depth; two that are in one another end it too."""
    seen: dict[str, str] = {}
    waiting = list(direct)
    while waiting:
        name = waiting.pop()
        key = group_key(name)
        if key not in seen:
            spelled, above = parents.get(key, (name, []))
            seen[key] = spelled
            waiting += above
    return set(seen.values())


def _subject(entry: dict[str, Any]) -> str:
    raw = _raw(entry, settings.SIGN_ON_LDAP["id"])
    if not raw:
        return ""
    if settings.SIGN_ON_LDAP["id"].lower() == "objectguid" and len(raw[0]) == 16:
        return str(UUID(bytes_le=raw[0]))
    return raw[0].decode("utf-8", "replace")


def _raw(entry: dict[str, Any], attribute: str) -> list[bytes]:
    """The values of an attribute; a server may spell its name otherwise."""
    wanted = attribute.lower()
    return next((list(v) for k, v in entry["raw_attributes"].items() if k.lower() == wanted), [])


def _texts(entry: dict[str, Any], attribute: str) -> list[str]:
    return [value.decode("utf-8", "replace") for value in _raw(entry, attribute)]


def _text(entry: dict[str, Any], attribute: str) -> str:
    return next(iter(_texts(entry, attribute)), "")
