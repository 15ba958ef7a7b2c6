"""A page that is a form and nothing else begins in its first empty field, after a refusal in the first wrong one."""

from __future__ import annotations

import re

import pytest

from tests.cast import Cast, signed_in

ADDRESSES = {
    "administrator": ("/admin/organization/user/new/", "/admin/complaints/checklisttemplateitem/new/"),
    "secretary": ("/admin/engagements/engagement/new/", "/admin/partners/organisation/new/"),
}


@pytest.mark.parametrize("person", ADDRESSES)
def test_the_cursor_stands_in_the_first_field_that_is_not_filled_in(person: str, cast: Cast) -> None:
    client = signed_in(cast.people()[person])
    for address in ADDRESSES[person]:
        page = client.get(address)
        fields = page.context["form"].visible_fields()
        first = next(one.html_name for one in fields if one.value() in (None, "", []))
        assert _focused(page.content.decode()) == {first}, address


def test_after_a_refusal_it_stands_in_the_first_wrong_one(cast: Cast) -> None:
    page = signed_in(cast.administrator).post(ADDRESSES["administrator"][0], {"username": "ayla.demir"})
    assert _focused(page.content.decode()) == {"first_name"}


def _focused(body: str) -> set[str]:
    found = [tag for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", body) if " autofocus" in tag]
    return {match[1] for tag in found if (match := re.search(r' name="(\w+)"', tag))}
