"""`python -m tests.cluster --rounds 1`: see `tests/cluster/table.py`."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from tests.cluster.table import main  # noqa: E402 - it needs the apps

sys.exit(main(sys.argv[1:]))
