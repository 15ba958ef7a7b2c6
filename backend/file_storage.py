"""Where files are kept: on disk below MEDIA_ROOT, or in a bucket of S3; one of Django's STORAGES each.

Both are named wherever a bucket is, so that `manage.py move_files` can take files from one to the other.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from backend.environment import env

DISK, BUCKET = "disk", "s3"


def storages() -> dict[str, dict[str, Any]]:
    """Return the storages for files: `default` is what the product uses."""
    places: dict[str, dict[str, Any]] = {
        DISK: {
            "BACKEND": "backend.core.storage.WholeFileStorage",
            "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
        }
    }
    if bucket := env("S3_BUCKET"):
        options = {
            "bucket": bucket,
            "url": env("S3_URL"),
            "region": env("S3_REGION", "us-east-1"),
            "key": env("S3_KEY"),
            "secret": env("S3_SECRET"),
            "prefix": env("S3_PREFIX").strip("/"),
        }
        places[BUCKET] = {"BACKEND": "backend.core.storage.bucket.BucketStorage", "OPTIONS": options}
    now, former = env("FILES", DISK), env("FILES_FORMER")
    for name in filter(None, (now, former)):
        if name not in places:
            raise ImproperlyConfigured(
                f"OZELKALEM_FILES and OZELKALEM_FILES_FORMER are {DISK} or {BUCKET}, which needs OZELKALEM_S3_BUCKET."
            )
    if former and former != now:
        moving = "backend.core.storage.moving.MovingStorage"
        return {**places, "default": {"BACKEND": moving, "OPTIONS": {"now": now, "former": former}}}
    return {**places, "default": places[now]}


def is_on_disk() -> bool:
    """Whether some files of this installation are kept on disk: all, or those that were not moved yet."""
    chosen = settings.STORAGES["default"]
    return chosen == settings.STORAGES[DISK] or "former" in chosen["OPTIONS"]
