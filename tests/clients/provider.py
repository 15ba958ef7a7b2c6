"""A real OpenID provider (node-oidc-provider), and what a person does at its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import requests

from tests.clients.conftest import serving

CLIENT = {"client_id": "sancaktepe", "client_secret": "a secret of this trial alone, long enough"}


@contextmanager
def provider_of(back: str, signed_out: str = "") -> Iterator[str]:
    """The address of a provider of its own, with one client that comes back to `back`; the fixture `node` first."""
    more = [signed_out] if signed_out else []
    with serving("oidc_provider.mjs", *CLIENT.values(), back, *more) as address:
        yield address


def signed_on(where: str, who: str, *, declined: bool = False) -> str:
    """What a person does at the provider: signs in, and agrees or not. Returns the address of ours it leads to."""
    assert "code_challenge_method=S256" in where
    session = requests.Session()
    page = session.get(where)
    for prompt in ({"prompt": "login", "login": who, "password": "any"}, {"prompt": "consent"}):
        if declined and prompt["prompt"] == "consent":
            (abort,) = re.findall(r'href="([^"]*/abort)"', page.text)
            return _to_us(session, urljoin(page.url, abort), "get", {})
        (action,) = re.findall(r'<form[^>]*action="([^"]+)"', page.text)
        address = urljoin(page.url, action)
        if prompt["prompt"] == "consent":
            return _to_us(session, address, "post", prompt)
        page = session.post(address, data=prompt)
    raise AssertionError(page.text)


def _to_us(session: requests.Session, address: str, method: str, data: dict[str, str]) -> str:
    """Follow the provider as long as it leads to itself."""
    own = address.split("/interaction", 1)[0]
    response = session.request(method, address, data=data, allow_redirects=False)
    while (target := urljoin(response.url, response.headers["Location"])).startswith(own):
        response = session.get(target, allow_redirects=False)
    return target
