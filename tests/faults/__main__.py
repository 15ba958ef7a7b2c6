"""`python -m tests.faults --rounds 30`: see `tests/faults/table.py`."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from tests.faults.table import main  # noqa: E402 - it needs the apps

sys.exit(main(sys.argv[1:]))
