"""The GraphiQL page from our own files, in a real browser under the site's own security policy."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opener, picture


def test_the_example_runs_in_the_explorer_and_nothing_is_loaded_from_elsewhere(
    open_page: Opener, live_site: str
) -> None:
    page = open_page("secretary")
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((live_site, "data:")) else elsewhere.append(request.url)
        ),
    )
    page.goto("/graphql/")
    expect(page.locator(".graphiql-query-editor")).to_contain_text("Inbox")
    page.locator(".graphiql-execute-button").click()
    expect(page.locator(".result-window")).to_contain_text('"totalCount": 0')
    picture(page, "graphiql.jpg")
    assert elsewhere == []
    assert page.complaints == []  # type: ignore[attr-defined]
