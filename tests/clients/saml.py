"""A real provider of SAML (Auth0's middleware for node), and what a person does at its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import requests

from tests.backend.organization.sign_on.signer import key
from tests.clients.conftest import serving


@contextmanager
def provider_of(folder: Path, us: str, back: str, out: str) -> Iterator[str]:
    """The address of a provider of its own, and in `folder` its keys and ours; the fixture `node` first."""
    (folder / "key.pem").write_bytes(key().private_pem)
    (folder / "cert.pem").write_bytes(key().pem)
    (folder / "ours.pem").write_bytes(key("ours").pem)
    (folder / "ours-key.pem").write_bytes(key("ours").private_pem)
    with serving("--no-deprecation", "saml_provider.mjs", folder, us, back, out) as address:
        yield address


def signed_on(where: str, who: str) -> str:
    """What a person does at the provider; returns what its page sends to us."""
    page = requests.post(where, data={"login": who}, timeout=60)
    assert page.status_code == 200, page.text
    [carried] = re.findall(r'name="SAMLResponse"\s+value="([^"]+)"', page.text)
    return unescape(carried)
