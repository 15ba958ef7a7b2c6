"""A citizen before the site with an old browser: reads a page, writes what it asks for, presses its button."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from lxml import html

from backend.core.session import system
from backend.outbox.models import Message
from tests.schema.client import Asking
from website import api

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|\d{3} \d{3}")
"""What a message brings: twelve letters and digits for an application, six digits for everything else."""
NUMBER = re.compile(r"\b(?:RT-)?20\d\d/\d+")
MOST_PAGES = 20
PERSON = {"first_name": "Işıl", "last_name": "İnce", "email": "isil@example.org", "phone": ""}


class Visitor:
    """Nothing of a page is known but what stands in it; no script runs. `person`: as they write themselves."""

    def __init__(self, **person: str) -> None:
        self.person = PERSON | person
        self.browser = Client(headers={"accept-language": "tr"})
        self.page: Any = None

    def opens(self, address: str) -> str:
        """The words of the page of an address, where it leads to."""
        self.page = self.browser.get(address, follow=True)
        assert self.page.status_code == 200, (address, self.page.status_code)
        return self.words

    @property
    def at(self) -> str:
        chain, request = self.page.redirect_chain, self.page.request
        query = f"?{request['QUERY_STRING']}" if request.get("QUERY_STRING") else ""
        return str(chain[-1][0] if chain else f"{request['PATH_INFO']}{query}")

    @property
    def source(self) -> str:
        return str(self.page.content.decode())

    @property
    def main(self) -> Any:
        return html.fromstring(self.source).find(".//main")

    @property
    def words(self) -> str:
        """What stands in the page, as it is read aloud."""
        return " ".join(self.main.text_content().split())

    def meta(self, name: str) -> str:
        """What a page says of itself to other sites."""
        (found,) = html.fromstring(self.source).xpath("//meta[@property=$name]/@content", name=name)
        return str(found)

    def follows(self, link: str) -> str:
        """Press a link of the page by its words."""
        (address, *_others) = [one.get("href") for one in self.main.iter("a") if link in one.text_content()]
        return self.opens(address)

    def presses(self, button: str, **answers: Any) -> str:
        """Press a button by its words, with what was written into its form."""
        found = [
            (form, one)
            for form in self.main.forms
            for one in form.iter("button")
            if button in one.text_content()
        ]
        assert found, (button, self.words)
        form, pressed = found[0]
        deed = {pressed.get("name"): pressed.get("value")} if pressed.get("name") else {}
        return self._sends(form, answers | deed)

    def walks(self, start: str, until: str, **answers: Any) -> str:
        """From page to page by the first button of each, until the last one (its address, or words of it).

        An answer is written where it is asked for; a function is called then.
        """
        self.opens(start)
        written = self.person | {"code": self.code} | answers
        for _page in range(MOST_PAGES):
            if self.at == until or until in self.words:
                return self.words
            form = self.main.forms[0]
            asked = {name: value for name, value in written.items() if name in form.fields}
            self._sends(form, {name: value() if callable(value) else value for name, value in asked.items()})
        raise AssertionError(f"{start} does not come to {until} but to {self.at}: {self.words}")

    def _sends(self, form: Any, answers: dict[str, Any]) -> str:
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        self.page = self.browser.post(form.get("action") or self.at, data | answers, follow=True)
        return self.words

    @property
    def number(self) -> str:
        """The number of a request or an application that stands in the page."""
        found = NUMBER.search(self.words)
        assert found, self.words
        return found[0]

    def code(self) -> str:
        """The code of the last message to this person."""
        to = self.person["email"] or self.person["phone"]
        with system():
            sent = Message.objects.filter(address=to, purpose__in=["contact_code", "submission_confirm"])
            body = sent.latest("created_at").body
        found = CODE.search(body)
        assert found, body
        return found[0]

    def first_choice(self, name: str) -> Callable[[], str]:
        """The first of what a page offers, once it is asked."""
        return lambda: str(self.main.forms[0].inputs[name].value_options[0])

    def with_code(self, code: str) -> str:
        """The page of one application, by its tracking code."""
        self.opens("/basvuru/takip/")
        return self._sends(self.main.forms[0], {"code": code})

    def my_matters(self) -> str:
        """*İşlerim*, which a code opens where none was proved within the hour."""
        self.opens("/islerim/")
        if "first_name" in self.main.forms[0].fields:
            self._sends(self.main.forms[0], dict(self.person))
        if self.at == "/islerim/kod/":
            self._sends(self.main.forms[0], {"code": self.code()})
        return self.words


def later() -> None:
    """Half a minute passes: the site asks anew for what is the same for everybody."""
    api.forget()


# -- the staff's part ------------------------------------------------------------------------------------------------
def done(payload: dict[str, Any], of: str) -> dict[str, Any]:
    """What a mutation answers with, which refused nothing."""
    assert payload["errors"] == [], payload["errors"]
    found: dict[str, Any] = payload[of]
    return found


def answered(case: str, body: str, *, to: str, desk: Asking, clerk: Asking) -> None:
    """A case goes its way to the answer."""
    steps: tuple[tuple[Asking, str, dict[str, str]], ...] = (
        (desk, "complaintRoute", {"to": to}),
        (clerk, "complaintAccept", {}),
        (clerk, "complaintDraft", {"body": body}),
        (clerk, "complaintSubmit", {}),
        (desk, "complaintApproveAndSend", {"means": "EMAIL"}),
    )
    for who, mutation, fields in steps:
        done(who.does(mutation, "complaint { id }", id=case, **fields), "complaint")
