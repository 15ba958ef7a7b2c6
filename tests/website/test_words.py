"""Every word of the site is Turkish in the catalogue that is really loaded, and means there what the site means."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.databases import ROOT

SITE = ROOT / "website"
MARKS = {"_", "gettext", "gettext_lazy", "ngettext"}
IN_TEMPLATES = re.compile(r"""\{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")
ORDERS = re.compile(
    r"\b(?:seçin|yazın|deneyin|edin|gönderin|ekleyin|bırakın|başlayın|arayın|bildirin)\b", re.IGNORECASE
)
"""The familiar imperative; an office writes “seçiniz”."""


def catalogue() -> dict[str, str]:
    with (SITE / "locale/tr/LC_MESSAGES/django.mo").open("rb") as file:
        found = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in found.items() if isinstance(key, str) and key}


def said() -> Iterator[str]:
    """Every marked text of the site."""
    for path in sorted(SITE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
                yield ast.literal_eval(node.args[0])
    for path in sorted(SITE.rglob("*.html")):
        for one, other in IN_TEMPLATES.findall(path.read_text(encoding="utf-8")):
            yield one or other


@pytest.mark.parametrize("text", sorted({*said()}))
def test_every_text_is_translated(text: str) -> None:
    with translation.override("tr"):
        assert (
            translation.gettext(text) != text
            or text in catalogue()
            or translation.ngettext(text, "", 1) != text
        )


def test_no_other_catalogue_says_it_otherwise() -> None:
    """The catalogues of the office come first: where one has the same English, that Turkish is read."""
    with translation.override("tr"):
        differing = {text: translation.gettext(text) for text in catalogue()}
    assert {text for text, read in differing.items() if read != catalogue()[text]} == set()


def test_it_is_polite() -> None:
    assert [text for text in catalogue().values() if ORDERS.search(text)] == []
