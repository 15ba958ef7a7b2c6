"""The page on which a citizen follows their application, as they come to it: by the code alone."""

from __future__ import annotations

import datetime as dt
import uuid
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from freezegun import api as clock
from freezegun import freeze_time

from backend.core.session import system
from backend.portals.models import Client as Program
from schema.http import in_process
from website import api

CASE = "/basvuru/takip/durum/"


def open_site() -> None:
    """Register the documents of the site, as the start of the web does; nothing is kept of an earlier test's."""
    api.forget()
    with system():
        is_there = Program.objects.filter(account__username=settings.WEBSITE_ACCOUNT).exists()
    if not is_there:
        call_command("website_client", stdout=StringIO())
    if (
        dt.datetime is not clock.real_datetime
    ):  # PostgreSQL's clock goes on: a token of a past day has ended by it
        with freeze_time(clock.real_datetime.now(dt.UTC)):
            in_process._token(settings.WEBSITE_ACCOUNT, anew=True)


def tracked(code: str, do: str = "", browser: Client | None = None, **fields: Any) -> str:
    """The page of a code, after what its holder did there (`do`: add, rate, reopen, withdraw)."""
    open_site()
    browser = browser or Client(headers={"accept-language": "tr"})
    page = browser.post("/takip/", {"code": code}, follow=True)
    if do:
        files = {"file": fields.pop("file")} if "file" in fields else {}
        sent = {f"{do}-{name}": value for name, value in fields.items()}
        page = browser.post(CASE, {"do": do, "key": str(uuid.uuid4()), **sent, **files}, follow=True)
    return str(page.content.decode())
