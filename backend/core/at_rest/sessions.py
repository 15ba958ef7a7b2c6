"""Browser sessions of which the database knows neither the key nor the content.

The key is in the cookie alone: stored is the beginning of its SHA-256, and the data are encrypted for that row. A table
that leaks opens nothing, and a row that is copied opens no other one's session.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, override

from cryptography.fernet import InvalidToken
from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone
from psycopg import adapters
from psycopg.types.string import StrDumper

from backend.core.sealing import keyring
from backend.core.session import prepared

_LOAD = "SELECT session_data FROM django_session WHERE session_key = $1 AND expire_date > $2"
_STORED = re.compile(r"[0-9a-f]{40}")


class SessionKey(str):
    """The key of a session as its cookie has it. Whatever table it is written to or looked for in, the digest goes."""

    __slots__ = ()

    @property
    def stored(self) -> str:
        return sha256(self.encode()).hexdigest()[:40]

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) or self.stored == other

    __hash__ = str.__hash__


class _Digest(StrDumper):
    def dump(self, obj: str) -> Any:
        return super().dump(obj.stored if isinstance(obj, SessionKey) else obj)


adapters.register_dumper(SessionKey, _Digest)


class SessionStore(db.SessionStore):
    """Opened with the key of a cookie; or with the stored digest, by the server's own list of a person's sessions."""

    def __init__(self, session_key: str | None = None) -> None:
        if session_key and not _STORED.fullmatch(session_key):
            session_key = SessionKey(session_key)
        super().__init__(session_key)

    def _get_new_session_key(self) -> str:
        return SessionKey(super()._get_new_session_key())  # type: ignore[misc]

    async def _aget_new_session_key(self) -> str:
        return SessionKey(await super()._aget_new_session_key())  # type: ignore[misc]

    @override
    def load(self) -> dict[str, Any]:
        """Read the content as Django does, but for the ORM's compiling: each request of a browser begins with it."""
        with prepared(_LOAD, [self.session_key, timezone.now()], keep=False) as cursor:
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

    @override
    def encode(self, session_dict: dict[str, Any]) -> str:
        return self._keyring().encrypt(self.serializer().dumps(session_dict)).decode()

    @override
    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            content: dict[str, Any] = self.serializer().loads(self._keyring().decrypt(session_data))
        except InvalidToken:  # another row's, or of a retired key
            return {}
        return content

    def _keyring(self) -> Any:
        key = self.session_key
        return keyring(f"session {key.stored if isinstance(key, SessionKey) else key}")


class SessionMiddleware(middleware.SessionMiddleware):
    """Takes what a browser sends for a key, never for a digest: one that was read in the database opens nothing."""

    @override
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        sent = request.session.session_key
        if sent and not isinstance(sent, SessionKey):
            request.session = self.SessionStore(SessionKey(sent))
