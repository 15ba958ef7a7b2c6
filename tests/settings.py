"""The product's settings for tests: a server of their own, so that they never meet the demo's data."""

import os
import tempfile
from pathlib import Path

from tests.harness import memory

os.environ["OZELKALEM_ENVIRONMENT"] = "test"
os.environ.setdefault("OZELKALEM_POSTGRES_DATA", str(memory.folder("postgres")))

from backend.settings import *  # noqa: F403

# Of the test's processes and of what they start: servers, browsers and their profiles are made in it, and on a disk
# each of their commits would wait for it.
_temporary = memory.folder("tmp")
_temporary.mkdir(parents=True, exist_ok=True)
os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = str(_temporary)
# Argon2 takes a tenth of a second a password on purpose; the tests log in thousands of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_media = tempfile.TemporaryDirectory(prefix="ozelkalem-media-")  # removed when the process ends
MEDIA_ROOT = Path(_media.name)
# Empty: WhiteNoise would look at every file of it for each client of a test. Finders serve what pages need.
STATIC_ROOT = MEDIA_ROOT / "static"
STATIC_ROOT.mkdir()
# Nothing is stored when a test begins (tests/conftest.py), and a change makes its own process look: no clock decides
# how many statements a page has.
OFFICE_SETTINGS_SECONDS = float("inf")
