"""What people read is Turkish: every string of ours has its translation, in the catalogue that is really
loaded.
"""

from __future__ import annotations

import ast
import datetime as dt
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.db.models import TextChoices
from django.template.defaultfilters import date
from django.utils import translation

from backend.appointments import choices as appointments
from backend.appointments.moves import Verb as RequestVerb
from backend.appointments.story import EventType as RequestEventType
from backend.complaints.choices import (
    Channel,
    DeliveryMethod,
    Kind,
    NoticeKind,
    NoticeStatus,
    Outcome,
    Status,
)
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.moves import Verb
from backend.complaints.story import EventType
from backend.programme import choices as programme
from backend.programme.moves import Verb as EntryVerb
from backend.programme.story import EventType as EntryEventType
from tests.cast import Cast, signed_in

ROOT = Path(__file__).resolve().parents[3]
OURS = ("backend", "permissions", "schema", "admin_ui")
MARKS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}
ORDERS = re.compile(
    r"\b(?:seçin|girin|yazın|deneyin|verin|edin|yapın|gönderin|belirtin|düzeltin|ekleyin|açın|silin|kaydedin"
    r"|bırakın|yükleyin|isteyin|kaldırın|tamamlayın|değiştirin|yenileyin|aktarın|gösterin|sonlandırın"
    r"|doğrulayın|kullanın|tıklayın|bekleyin|birleştirin|başlayın|kurun|bildirin|arayın)\b",
    re.IGNORECASE,
)
"""The familiar imperative; an office writes “seçiniz”."""
IN_TEMPLATES = re.compile(r"""\{%\s*(?:translate|trans)\s+(?:"([^"]+)"|'([^']+)')""")


def loaded() -> dict[object, str]:
    """All that the two compiled catalogues translate."""
    found: dict[object, str] = {}
    for part in ("backend", "admin_ui"):
        with (ROOT / part / "locale/tr/LC_MESSAGES/django.mo").open("rb") as file:
            found |= gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return found


def in_python() -> Iterator[tuple[str, str]]:
    """(file, msgid) of every marked string in our code."""
    for part in OURS:
        for path in sorted((ROOT / part).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKS
                ):
                    texts = [text.value for text in node.args[:2] if isinstance(text, ast.Constant)]
                    has_context = getattr(node.func, "id", "").startswith("pgettext")
                    if texts and isinstance(texts[0], str):
                        yield str(path.relative_to(ROOT)), "\4".join(texts) if has_context else texts[0]


def in_templates() -> Iterator[tuple[str, str]]:
    for part in OURS:
        for path in sorted((ROOT / part).rglob("templates/**/*.html")):
            for match in IN_TEMPLATES.finditer(path.read_text(encoding="utf-8")):
                yield str(path.relative_to(ROOT)), match[1] or match[2]


def test_an_office_asks_and_does_not_order_about():
    """Nor do the sentences of Django and allauth that our own forms show."""
    assert [text for text in loaded().values() if ORDERS.search(text)] == []
    pages = [path.read_text("utf-8") for part in OURS for path in (ROOT / part).rglob("templates/**/*.*")]
    assert len(pages) > 50
    assert [found[0] for text in pages for found in ORDERS.finditer(text)] == []
    with translation.override("tr"):
        refusals = [
            message
            for kind in (
                forms.DateField,
                forms.IntegerField,
                forms.EmailField,
                forms.ChoiceField,
                forms.FileField,
            )
            for message in kind().error_messages.values()
        ]
        assert [str(text) for text in refusals if ORDERS.search(str(text))] == []


def test_a_story_says_what_was_done_and_not_what_is_to_be_done():
    """Its lines are the messages after a deed too: “Beklemeye alındı”, where the button says “Beklemeye al”."""
    kinds = [kind for kind in TextChoices.__subclasses__() if kind.__module__.startswith("backend.")]
    with translation.override("tr"):
        verbs = {
            (kind.__module__.rpartition(".")[0], str(label))
            for kind in kinds
            if kind.__module__.endswith(".moves")
            for label in kind.labels
        }
        lines = {
            (kind.__module__.rpartition(".")[0], str(label))
            for kind in kinds
            if kind.__name__ == "EventType"
            for label in kind.labels
        }
    assert len(lines) > 100
    assert {label for _domain, label in verbs & lines} <= {
        "Gerçekleşti",
        "Yeniden faal",
        "Yerine getirilemiyor",
    }


@pytest.mark.parametrize("source", [in_python, in_templates])
def test_every_string_of_ours_is_translated(source):
    catalogue = loaded()
    found = list(source())
    missing = sorted(
        {
            f"{where}: {text!r}"
            for where, text in found
            if not catalogue.get(text) and not catalogue.get((text, 0))
        }
    )
    assert len(found) > 200
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    "choices",
    [
        *(
            Channel,
            Kind,
            DeliveryMethod,
            NoticeKind,
            NoticeStatus,
            Outcome,
            Status,
            Matter,
            Regime,
            Verb,
            EventType,
        ),
        *(programme.Kind, programme.Status, programme.Reach, programme.Frequency, programme.OnHoliday),
        *(appointments.Channel, appointments.Kind, appointments.Status, appointments.NoticeKind),
        *(
            appointments.DeliveryMethod,
            appointments.SessionStatus,
            appointments.VisitStatus,
            appointments.Outcome,
        ),
        *(RequestVerb, RequestEventType),
        *(programme.Office, programme.Caution, programme.Weekday, EntryVerb, EntryEventType),
    ],
)
def test_labels_are_read_in_turkish(choices):
    with translation.override("en"):
        english = {str(item.label) for item in choices}
    with translation.override("tr"):
        turkish = {str(item.label) for item in choices}
    same = english & turkish
    assert not {
        text for text in same if text not in {"SMS", "WhatsApp", "Muhtar", "CİMER", "e-Belediye", "e-Devlet"}
    }


def test_the_terms_are_those_of_the_house():
    with translation.override("tr"):
        assert str(Verb.ROUTE.label) == "Havale et"
        assert str(Verb.RETURN.label).startswith("İade")
        assert str(Status.NOT_EXAMINABLE.label) == "İncelenemez"
        assert str(Status.DUPLICATE.label) == "Mükerrer"
        assert date(dt.date(2026, 11, 29), "j F Y, l") == "29 Kasım 2026, Pazar"


def test_a_page_says_its_language(cast: Cast):
    assert '<html lang="tr"' in signed_in(cast.secretary).get("/admin/").content.decode()


def test_every_verb_of_the_journal_has_its_words():
    from admin_ui.journal.admin import VERBS

    said = set()
    for path in [*Path("backend").rglob("*.py"), *Path("permissions").rglob("*.py")]:
        for call in re.findall(r"\brecord\((.*?)\)", path.read_text(encoding="utf-8"), re.S):
            said |= set(re.findall(r'verb="(\w+)"', call))
    assert len(said) > 10
    assert said <= set(VERBS)
