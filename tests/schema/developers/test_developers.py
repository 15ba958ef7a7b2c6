"""What the developer on the other side reads is the schema that answers: complete, searchable, no outside calls."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from graphql import parse, validate

from schema.developers import markdown, reference, views
from tests.schema.client import errors_of
from tests.schema.portal_client import portal

GRAPH = reference._graph()
PAGES = ["/gelistirici/", "/gelistirici/rehber/", "/gelistirici/hatalar/", "/gelistirici/degisiklikler/"]
pytestmark = pytest.mark.django_db


def read(path: str, **headers: str) -> str:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_every_type_has_its_page_with_every_field_argument_and_value() -> None:
    for name, kind in GRAPH.type_map.items():
        if name.startswith("__"):
            continue
        page = reference.page(name)
        assert page is not None
        names = set(getattr(kind, "fields", None) or getattr(kind, "values", {}))
        assert {field.name for field in page.fields} == names
        for field in page.fields:
            of = getattr(kind, "fields", {}).get(field.name)
            assert {arg.name for arg in field.arguments} == set(getattr(of, "args", {}))


@pytest.mark.parametrize("root", ["Query", "Mutation", "Subscription"])
def test_every_example_of_a_root_field_fits_the_schema(root: str) -> None:
    page = reference.page(root)
    assert page is not None
    for field in page.fields:
        assert validate(GRAPH, parse(field.example)) == [], field.example


def test_a_type_is_shown_with_links_descriptions_and_where_it_is_used() -> None:
    body = read("/gelistirici/sema/Complaint/")
    assert '<section class="dev-field" id="reference">' in body
    assert '<a href="/gelistirici/sema/ComplaintStatus/">ComplaintStatus</a>!' in body
    assert '<a href="/gelistirici/sema/Query/#node">' in read("/gelistirici/sema/Node/")
    assert "(tr: " in read("/gelistirici/sema/ComplaintStatus/")
    mutation = read("/gelistirici/sema/Mutation/")
    assert "mutation ComplaintRoute($input: ComplaintRouteInput!)" in mutation
    assert Client().get("/gelistirici/sema/Nothing/").status_code == 404
    assert Client().get("/gelistirici/sema/__Schema/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("complaint", "Complaint"),
        ("Complaint.reference", "Complaint.reference"),
        ("COMPLAINTROUTE", "Mutation.complaintRoute"),
        ("şikâyet", "ComplaintKind.COMPLAINT"),
        ("SIKAYET", "ComplaintKind.COMPLAINT"),
    ],
)
def test_a_type_or_field_is_found_by_name_and_by_turkish_term(asked: str, first: str) -> None:
    assert first in [entry.title for entry in reference.search(asked)][:3]
    assert first.split(".")[-1] in read(f"/gelistirici/ara/?q={asked}")


def test_a_search_for_nothing_and_for_everything_says_so() -> None:
    assert "Daha çok sonuç var" in read("/gelistirici/ara/?q=e")
    assert "adında veya açıklamasında" in read("/gelistirici/ara/?q=zzqx")
    assert "&lt;script&gt;" in read("/gelistirici/ara/?q=<script>")
    assert read("/gelistirici/ara/")


@pytest.mark.parametrize("path", [*PAGES, "/gelistirici/sema/Query/", "/gelistirici/ara/?q=portal"])
def test_pages_are_turkish_around_english_and_call_nobody_else(path: str) -> None:
    body = read(path)
    assert '<html lang="tr">' in body
    assert "Geliştiriciler için" in body
    assert 'lang="en"' in body
    assert "For developers" in read(path, **{"Accept-Language": "en"})
    loaded = re.sub(r'<a href="[^"]*">', "<a>", body)  # a link is followed by whoever reads it
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', loaded) == []
    assert "<script" not in body
    assert " style=" not in body


def test_a_page_is_kept_by_who_read_it_and_asked_for_anew() -> None:
    first = Client().get("/gelistirici/sema/Complaint/")
    assert "public" in first["Cache-Control"]
    again = Client().get("/gelistirici/sema/Complaint/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert Client().post("/gelistirici/").status_code == 405


def test_every_link_between_the_pages_leads_somewhere() -> None:
    client = Client()
    for path in [*PAGES, "/gelistirici/sema/Complaint/"]:
        for to in set(re.findall(r'href="(/gelistirici/[^"#]*)', read(path))):
            if "/sema/" not in to:
                assert client.get(to).status_code == 200, to
            else:
                assert reference.page(to.split("/")[3]), to


def test_the_schema_is_there_as_a_file_for_generators_of_code() -> None:
    answer = Client().get("/graphql/schema.graphql")
    assert answer["Content-Type"].startswith("text/plain")
    assert "type Complaint implements" in answer.content.decode()


def test_a_page_written_in_markdown_becomes_html_and_nothing_passes_unescaped() -> None:
    text = (
        "# A `b`\nOne <b>\ntwo **x**\n\n- a\n  more\n- [c](d.md) & e\n\n| h | i |\n|---|---|\n| `1` | 2 |\n\n"
    )
    text += "```sh example=x\n<a>\n```\n1. z\n"
    assert markdown.html(text, lambda to: f"/{to}") == (
        '<h1 id="a-b">A <code>b</code></h1>\n<p>One &lt;b&gt; two <strong>x</strong></p>\n'
        '<ul><li>a more</li><li><a href="/d.md">c</a> &amp; e</li></ul>\n'
        '<div class="dev-wide" tabindex="0"><table><thead><tr><th scope="col">h</th><th scope="col">i</th></tr></thead>'
        "<tbody><tr><td><code>1</code></td><td>2</td></tr></tbody></table></div>\n"
        '<pre tabindex="0" data-language="sh"><code>&lt;a&gt;</code></pre>\n<ol><li>z</li></ol>'
    )
    assert markdown.html("[c](d)", lambda to: "") == "<p>c</p>"


def test_what_the_office_does_on_its_public_days_is_not_offered_to_portals() -> None:
    names = {field.name for _root, field in reference.for_portals()}
    assert {"publicCategories", "portalComplaintSubmit", "portalComplaintChanged", "publishedEvents"} <= names
    assert not {"publicDays", "publicDaySet", "publicDayClose", "privacyNotices"} & names
    body = read("/gelistirici/")
    assert '<a href="/gelistirici/sema/Subscription/#portalComplaintChanged">' in body
    assert "subscription PortalComplaintChanged($code: String!)" in read("/gelistirici/sema/Subscription/")


def test_what_is_offered_to_portals_refuses_none_of_them() -> None:
    """Whatever stands on the first page is asked by a token of a portal: no field says that it may not."""
    mine, asked = portal(), 0
    values = {"ID": "x", "Date": "2026-11-26", "PrivacyPurpose": "CASE", "Int": 1}
    for root, field in reference.for_portals():
        if root != "Query":
            continue
        needed = re.findall(r"\$(\w+): (\w+)", field.example)
        given = {name: values.get(kind, "x") for name, kind in needed}
        codes = set(errors_of(mine.answer(field.example, **given)))
        assert not codes & {"FORBIDDEN", "UNAUTHENTICATED", "INTERNAL", "BAD_REQUEST"}, (field.name, codes)
        asked += 1
    assert asked > 10


def test_a_long_page_begins_with_its_contents() -> None:
    body = read("/gelistirici/rehber/")
    assert 'aria-label="Bu sayfada"' in body
    for at, title in markdown.contents(views.ROOT.joinpath("docs/portals.md").read_text(encoding="utf-8")):
        assert f'<a href="#{at}">{title}</a>' in body
        assert f'<h2 id="{at}">' in body
    assert markdown.contents("## A\n```sh\n## no\n```\n### b\n## C d\n") == [("a", "A"), ("c-d", "C d")]
