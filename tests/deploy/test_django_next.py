"""The newest Django that we allow on another Python: checks, migrations, compiled answers, HTTP, mails.

It proves that the product starts on it, that its migrations are complete there, and that a sample of questions is
answered alike by both paths; the whole quick tier is asked by `make django-next`.
"""

from __future__ import annotations

import pytest

from tests.deploy import django_next

SAMPLE = (
    "tests/backend/core",
    "tests/backend/mailboxes",  # what is read by the standard library, which differs between patches
    "tests/schema/compiler/test_equality.py",
    "tests/schema/compiler/test_payloads.py",
    "tests/schema/http/test_authentication.py",
    "tests/schema/http/test_http.py",
)


@pytest.mark.full
def test_the_newest_django_carries_the_product_on_another_python() -> None:
    python = django_next.environment()

    assert django_next.version(python).startswith("Django 6.")
    assert django_next.ask(python, SAMPLE, "-n", "0") == 0
