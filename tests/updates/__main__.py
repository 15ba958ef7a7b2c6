"""`python -m tests.updates 1.0.0` (`make release VERSION=1.0.0`)."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from tests.updates.safety import record  # noqa: E402 - it needs the apps

record(sys.argv[1])
