"""Files on disk and in a bucket: one fixture for tests that must hold for both, and a bucket that checks keys."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
import requests
from django.conf import settings
from django.core.files.storage import default_storage

from backend.core.storage import OfficeStorage, WholeFileStorage
from backend.file_storage import BUCKET, DISK

PUBLIC, PRIVATE = "1000000", "0"
EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@dataclass
class BucketServer:
    """A server that speaks as S3 does (moto's), with buckets that keep versions, and a client who may do all."""

    url: str
    key: str
    secret: str
    names: Iterator[int] = field(default_factory=count)

    @property
    def client(self) -> Any:
        import boto3

        return boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id=self.key, aws_secret_access_key=self.secret,
            region_name="us-east-1",
        )  # fmt: skip

    def make(self) -> str:
        """A new bucket."""
        name = f"files-{next(self.names)}"
        self.client.create_bucket(Bucket=name)
        self.client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def ask_for_keys(self, howmany: str) -> None:
        """Let everybody do so many requests without a key that is known."""
        headers = {"Content-Type": "text/plain"}
        requests.post(
            f"{self.url}/moto-api/reset-auth", howmany, headers=headers, timeout=60
        ).raise_for_status()

    def options(self, bucket: str) -> dict[str, str]:
        return {
            "bucket": bucket,
            "url": self.url,
            "key": self.key,
            "secret": self.secret,
            "region": "us-east-1",
        }


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[BucketServer]:
    """One for each process of the tests."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    iam = boto3.client(
        "iam", endpoint_url=url, aws_access_key_id="first", aws_secret_access_key="first", region_name="us-east-1"
    )  # fmt: skip
    iam.create_user(UserName="office")
    iam.put_user_policy(UserName="office", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
    made = iam.create_access_key(UserName="office")["AccessKey"]
    result = BucketServer(url, made["AccessKeyId"], made["SecretAccessKey"])
    result.ask_for_keys(PRIVATE)
    yield result
    server.stop()


@pytest.fixture
def bucket(bucket_server: BucketServer) -> str:
    """An empty bucket."""
    return bucket_server.make()


@pytest.fixture
def places(
    bucket_server: BucketServer, bucket: str, settings: Any, tmp_path: Path
) -> dict[str, dict[str, Any]]:
    """Both places, each with its options; files are kept on disk."""
    settings.MEDIA_ROOT = tmp_path / "media"
    named = {
        **settings.STORAGES,
        BUCKET: {
            "BACKEND": "backend.core.storage.bucket.BucketStorage",
            "OPTIONS": bucket_server.options(bucket),
        },
    }
    settings.STORAGES = named
    return cast(dict[str, dict[str, Any]], named)


@pytest.fixture(params=[DISK, BUCKET])
def kept_in(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    """The test runs twice: with files on disk, and in a bucket."""
    settings.MEDIA_ROOT = tmp_path / "media"
    if request.param == BUCKET:
        named = request.getfixturevalue("places")
        settings.STORAGES = {**named, "default": named[BUCKET]}
    return str(request.param)


@pytest.fixture(autouse=True)
def _everything_in_a_bucket(request: pytest.FixtureRequest) -> None:
    """With OZELKALEM_TEST_FILES=s3 (`make bucket`) every test keeps its files in one."""
    if os.environ.get("OZELKALEM_TEST_FILES") == BUCKET and "kept_in" not in request.fixturenames:
        named = request.getfixturevalue("places")
        request.getfixturevalue("settings").STORAGES = {**named, "default": named[BUCKET]}


def stored(folder: str = "") -> set[str]:
    """The names of all that is kept now."""
    return {file.name for file in cast(OfficeStorage, default_storage).kept(folder)}


def content_of(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())


def environment() -> dict[str, str]:
    """What another process needs to keep its files where this test does; MEDIA is for its MEDIA_ROOT."""
    place: dict[str, Any] = settings.STORAGES["default"]
    result = {"MEDIA": str(settings.MEDIA_ROOT)}
    if place["BACKEND"].endswith(".BucketStorage"):
        result["OZELKALEM_FILES"] = BUCKET
        result |= {f"OZELKALEM_S3_{key.upper()}": value for key, value in place["OPTIONS"].items()}
    return result


def age(name: str, hours: float) -> None:
    """Let a file have been kept for so long."""
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)
    storage: Any = default_storage
    if isinstance(storage, WholeFileStorage):
        os.utime(storage.path(name), (moment.timestamp(), moment.timestamp()))
    else:
        from moto.s3.models import s3_backends

        kept = s3_backends["123456789012"]["aws"].buckets[storage.bucket_name].keys[name]
        kept.last_modified = moment.replace(tzinfo=None)
