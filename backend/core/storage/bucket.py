"""Files in a private bucket of S3, or of a server that speaks as S3 does. Needs the extra `s3`.

Each object bears its SHA-256, which is checked whenever it is read; the server checks what it is sent (Content-MD5).
Nothing is public and nothing is presigned: readers come through our gate, which reads the object for them.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage
from storages.utils import clean_name
from urllib3.exceptions import HTTPError

from backend.core.errors import FilesAwayError
from backend.core.storage import CHUNK, DERIVED, Kept, OfficeStorage, damaged

CONNECT_SECONDS, READ_SECONDS = 3, 8
AWAY_SECONDS, MOST_AWAY_SECONDS = 5, 60
"""So long it is not asked again after it did not answer, longer each time: no request waits for what the one before
waited for. Then one asks, and the others wait for what it hears."""
IN_MEMORY = 1 << 20
MISSING = {"404", "NoSuchKey"}
log = logging.getLogger("files")
_choosing = threading.Lock()


class BucketStorage(OfficeStorage, S3Storage):
    """Files of one bucket, below a prefix. FilesAwayError where the bucket does not answer or refuses."""

    def __init__(
        self,
        *,
        bucket: str,
        url: str = "",
        region: str = "",
        key: str = "",
        secret: str = "",
        prefix: str = "",
    ) -> None:
        super().__init__(
            bucket_name=bucket,
            endpoint_url=url or None,
            region_name=region or None,
            access_key=key or None,
            secret_key=secret or None,
            location=prefix,
            default_acl=None,
            querystring_auth=False,
            client_config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": 2, "mode": "standard"},
                # Servers other than Amazon's do not know its newer checksums; ours is in the metadata.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                signature_version="s3v4",
                s3={"addressing_style": "path" if url else "auto"},
            ),
        )
        self._away_until = self._pause = 0.0

    url = OfficeStorage.url

    def is_public(self) -> bool:
        """Ask for a list as a stranger does. FilesAwayError."""
        with self._asked():
            try:
                self.unsigned_connection.meta.client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1)
            except ClientError:
                return False
        return True

    def _save(self, name: str, content: Any) -> str:
        self.put(name, content)
        return name

    def put(self, name: str, content: IO[bytes]) -> None:
        """Store the object in one request, which is done whole or not at all."""
        content.seek(0)
        body = content.read()
        checked = hashlib.md5(body, usedforsecurity=False)
        with self._asked() as client:
            client.put_object(
                Bucket=self.bucket_name,
                Key=self._key(name),
                Metadata={"sha256": hashlib.sha256(body).hexdigest()},
                Body=body,
                ContentMD5=base64.b64encode(checked.digest()).decode(),
                ContentType="application/octet-stream",
            )

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """Fetch it whole and compare it with its SHA-256 before the first byte is handed out."""
        if "w" in mode:
            raise ValueError("an object is stored whole")
        result = hashlib.sha256()
        kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - its reader closes it
        with self._asked() as client:
            answer = client.get_object(Bucket=self.bucket_name, Key=self._key(name))
            for chunk in answer["Body"].iter_chunks(CHUNK):
                result.update(chunk)
                kept.write(chunk)
        if result.hexdigest() != answer["Metadata"].get("sha256", result.hexdigest()):
            kept.close()
            log.error({"event": "file_damaged"})
            raise damaged()
        kept.seek(0)
        return File(kept, name)

    def exists(self, name: str) -> bool:
        """Ask for the head of the object."""
        try:
            with self._asked() as client:
                client.head_object(Bucket=self.bucket_name, Key=self._key(name))
        except FileNotFoundError:
            return False
        return True

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Take the name as it is: names are random (`random_name`), notes of the scanner replace one another."""
        return name

    def delete(self, name: str) -> None:
        """Delete a file and what was made of it, each in all versions: what is erased must not be there."""
        for key in (self._key(name), self._key(f"{DERIVED}/{name}")):
            with self._asked() as client:
                for version in self._versions(client, key):
                    client.delete_object(Bucket=self.bucket_name, Key=key, VersionId=version)

    def _versions(self, client: Any, key: str) -> list[str]:
        found = []
        pages = client.get_paginator("list_object_versions").paginate(Bucket=self.bucket_name, Prefix=key)
        for page in pages:
            rows = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            found += [str(row["VersionId"]) for row in rows if row["Key"] == key]
        return found

    def kept(self, folder: str = "") -> Iterator[Kept]:
        """Yield all objects below a folder, a thousand for each request."""
        top = self._key(folder).rstrip("/") + "/" if folder or self.location else ""
        begins = len(self._key("x")) - 1
        token: dict[str, str] = {}
        while True:
            with self._asked() as client:
                page = client.list_objects_v2(Bucket=self.bucket_name, Prefix=top, **token)
            for row in page.get("Contents", ()):
                yield Kept(str(row["Key"])[begins:], int(row["Size"]), row["LastModified"])
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": str(page["NextContinuationToken"])}

    def _key(self, name: str) -> str:
        return str(self._normalize_name(clean_name(name)))

    @contextmanager
    def _asked(self) -> Iterator[Any]:
        """Ask the bucket; what it or the way to it refuses becomes one of our errors."""
        is_first = self._chosen()
        answered = True
        try:
            yield self.connection.meta.client
        except ClientError as refusal:
            code = str(refusal.response.get("Error", {}).get("Code", ""))
            if code in MISSING:
                raise FileNotFoundError("no such file") from None
            answered = int(refusal.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) < 500
            log.error({"event": "files_away", "reason": code})
            raise FilesAwayError from refusal
        except (BotoCoreError, HTTPClientError, HTTPError, ConnectionError, TimeoutError) as fault:
            answered = False
            log.error({"event": "files_away", "reason": type(fault).__name__})
            raise FilesAwayError from fault
        finally:
            self._heard(answered, is_first)

    def _chosen(self) -> bool:
        """Whether this is the one who asks after a pause. FilesAwayError: it is not asked now."""
        with _choosing:
            if time.monotonic() < self._away_until:
                raise FilesAwayError
            if self._pause:
                self._away_until = time.monotonic() + 2 * (CONNECT_SECONDS + READ_SECONDS)
            return bool(self._pause)

    def _heard(self, answered: bool, is_first: bool) -> None:
        """Begin a pause, or end it; those who asked before the pause began do not make it longer."""
        with _choosing:
            if answered:
                if is_first:
                    self._away_until = self._pause = 0.0
            elif is_first or not self._pause:
                self._pause = min(2 * self._pause or AWAY_SECONDS, MOST_AWAY_SECONDS)
                self._away_until = time.monotonic() + self._pause
