"""What a command of manage.py loads before it begins. No times: what is not loaded costs none."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

LATER = (
    "schema.app",
    "strawberry",
    "strawberry_django",
    "graphql",
    "openpyxl",
    "holidays",
    "icalendar",
    "recurring_ical_events",
    "PIL",
    "typst",
    "segno",
    "pyhanko",
    "requests",
    "numpy",
    "scipy",
    "sklearn",
    "boto3",
    "ldap3",
    "signxml",
    "pikepdf",
    "imap_tools",
    "smpplib",
    "aiosipua",
    "uvicorn",
    "authlib.integrations",
    "opentelemetry",
)
RUN = """
import runpy, sys
sys.argv = ["manage.py", "help"]
runpy.run_path("manage.py", run_name="__main__")
from backend.core.management.commands import migrate
migrate.Command().check()
print("\\nloaded:", *sorted(sys.modules))
"""


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    """The modules of a process that ran one command and checked for another, with all apps and the admin's screens."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "backend.settings"}
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.rpartition("loaded:")[2].split()


def test_the_screens_are_there(loaded):
    assert {"admin_ui.shell.registry", "schema.templatetags.developers"} <= set(loaded)


@pytest.mark.parametrize("module", LATER)
def test_a_command_that_needs_no_graphql_and_no_files_does_not_load_it(loaded, module):
    assert module not in loaded
