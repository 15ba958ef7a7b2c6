"""The commands of the operator's page about SAML are run as they stand there, with a folder of the test for /etc."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from backend.organization.sign_on.saml import xml
from tests.backend.organization.sign_on import signer
from tests.databases import ROOT, CommittedDatabase

PAGE = ROOT / "docs/operations/sign-on.md"
PROVIDER = "https://kimlik.belediye.bel.tr/FederationMetadata/2007-06/FederationMetadata.xml"


@pytest.mark.full
def test_what_the_page_says_sets_it_up(tmp_path: Path, committed_db: CommittedDatabase) -> None:
    section = PAGE.read_text("utf-8").partition("## SAML 2.0")[2].partition("\n## ")[0]
    (tmp_path / "theirs.xml").write_bytes(signer.metadata())
    environment = committed_db.environment | {"OZELKALEM_PUBLIC_URL": "https://ozelkalem.example"}
    done: list[str] = []
    for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL):
        for line in block.strip().splitlines():
            line = line.replace("/etc/ozelkalem", str(tmp_path)).replace(".venv/bin/python", sys.executable)
            line = line.replace(PROVIDER, (tmp_path / "theirs.xml").as_uri()).replace(
                "root:ozelkalem", str(os.getuid())
            )
            if re.match(r"OZELKALEM_\w+=", line):
                name, _is, value = line.partition("=")
                environment[name] = value
            else:
                command = ["/bin/sh", "-ec", line.replace("--deploy", "")]
                subprocess.run(command, cwd=ROOT, env=environment, check=True)
                done.append(line.split()[0].rpartition("/")[2])

    assert len(done) == 5
    us = xml.parsed((tmp_path / "saml-us.xml").read_bytes())
    assert us.get("entityID") == "https://ozelkalem.example/accounts/directory/saml/metadata/"
    assert len(list(us.iter(xml.name("ds", "X509Certificate")))) == 1
    assert (tmp_path / "saml-provider.xml").read_bytes() == signer.metadata()
