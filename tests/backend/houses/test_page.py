"""The operator's page: its commands are those that `test_provisioning` runs, and its file is one that is taken."""

from __future__ import annotations

import re
import shlex

import pytest
from django.core.management import CommandParser

from backend.houses import registry
from backend.provisioning.management.commands.houses import SERVING, Command
from tests.deploy.book import BOOK, blocks

PAGE = BOOK / "houses.md"
COMMANDS = [
    line.partition("houses ")[2].partition("; done")[0]
    for _target, kind, text in blocks(PAGE)
    if kind == "sh"
    for line in text.splitlines()
    if "manage.py houses" in line
]


@pytest.mark.parametrize("line", COMMANDS)
def test_each_line_is_one_that_the_command_takes(line: str) -> None:
    parser: CommandParser = Command().create_parser("manage.py", "houses")
    given = vars(parser.parse_args(shlex.split(line)))
    assert given["what"] in {"create", "migrate", "run", "status"}
    if given["what"] == "run":
        assert given["command"][0] in {"load_reference", "website_client", "backup", *SERVING}


def test_its_file_is_one_that_is_taken() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (house,) = registry.parse(text).values()
    assert house.settings["MUNICIPALITY_NAME"] == "Kartal Belediyesi"
    assert house.settings["DEFAULT_FROM_EMAIL"] == "ozelkalem@kartal.example"
