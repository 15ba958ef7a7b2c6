"""The product's settings for tests: a server of their own, so that they never meet the demo's data."""

import os
import tempfile
from pathlib import Path

from tests.harness import memory

os.environ["OZELKALEM_ENVIRONMENT"] = "test"
os.environ.setdefault("OZELKALEM_POSTGRES_DATA", str(memory.folder("postgres")))

from backend.settings import *  # noqa: F403

_temporary = memory.folder("tmp")
_temporary.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_temporary))  # of tmp_path: whole servers are made in some
if _temporary.is_relative_to(memory.MEMORY):
    # Also of what tests start: on a disk each commit of a server, and each profile of a browser, would wait for it.
    os.environ["TMPDIR"] = tempfile.tempdir = str(_temporary)
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
