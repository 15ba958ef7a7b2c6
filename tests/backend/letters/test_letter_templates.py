"""Standing texts: filled in, with conditions; nothing else can be reached from them."""

from __future__ import annotations

import pytest

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.letters import templating
from backend.letters.actions.templates import asked, filled, save_template
from backend.letters.models import LetterTemplate


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Sayın {{ad}} {{SOYAD}},", {"ad": "Ayşe", "soyad": "Işık"}, "Sayın Ayşe IŞIK,"),
        ("{{ ad }}", {"ad": "Ayşe"}, "Ayşe"),
        ("{{#kadın}}Merhumeye{{/kadın}}{{^kadın}}Merhuma{{/kadın}}", {"kadın": "evet"}, "Merhumeye"),
        ("{{#kadın}}Merhumeye{{/kadın}}{{^kadın}}Merhuma{{/kadın}}", {}, "Merhuma"),
        ("{{#a}}x{{#b}}y{{/b}}{{/a}}", {"a": "1", "b": "1"}, "xy"),
        ("{{vefat eden}}", {"vefat eden": "Yiğit Işık"}, "Yiğit Işık"),
        ("{{yok}}", {}, "{{yok}}"),
        # A value is text: it is not looked at again.
        ("{{ad}}", {"ad": "{{soyad}}", "soyad": "gizli"}, "{{soyad}}"),
        ("{{ad}}", {"ad": "{% include '/etc/passwd' %}"}, "{% include '/etc/passwd' %}"),
    ],
)
def test_a_text_is_filled_in(text: str, values: dict[str, str], expected: str) -> None:
    assert templating.fill(text, values) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{ ad.__class__ }}",
        "{{ ad.__class__.__mro__[1].__subclasses__() }}",
        "{{ settings.SECRET_KEY }}",
        "{{ ad|safe }}",
        "{{ ad() }}",
        "{{ 7*7 }}",
        "{{ ''.join }}",
        "{{ __import__ }}",
        "{{ os_environ }}",
        "{% include '/etc/passwd' %}",
        "{% load static %}",
        "{% debug %}",
        "{% for a in b %}{% endfor %}",
        "{{{ ad }}}",
        "{{> /etc/passwd }}",
        "{{& ad }}",
        "{{= <% %> =}}",
        "{{! comment }}",
        "{{ }}",
        "{{#ad}}",
        "{{/ad}}",
        "{{#ad}}{{/soyad}}",
        "{{ ad",
        "ad }}",
        "{# ad #}",
        "{{#a}}" * 8 + "{{/a}}" * 8,
    ],
)
def test_nothing_but_the_four_marks_is_taken(text: str) -> None:
    with pytest.raises(DomainError) as refused:
        templating.check(text)
    assert refused.value.code == ErrorCode.INVALID


def test_a_long_text_is_refused_and_a_deep_one_ends() -> None:
    with pytest.raises(DomainError):
        templating.check("a" * 30_000)
    with pytest.raises(DomainError):
        templating.check("{{#a}}" * 1500)


def test_a_template_is_kept_and_used(db: None) -> None:
    with system():
        row = save_template(
            by=None,
            name="Taziye",
            kind="CONDOLENCE",
            salutation="Sayın {{ad}} {{SOYAD}},",
            body="{{kim}} için",
            closing="Saygılarımla.",
        )
        assert asked(row) == ["ad", "soyad", "kim"]
        said = filled(row, {"ad": "Ayşe", "soyad": "Işık", "kim": "Babanız"})
        assert said == {
            "kind": "CONDOLENCE",
            "subject": "",
            "salutation": "Sayın Ayşe IŞIK,",
            "body": "Babanız için",
            "closing": "Saygılarımla.",
        }
        with pytest.raises(DomainError) as refused:
            save_template(by=None, name="Taziye", kind="CONDOLENCE", body="x")
        assert refused.value.code == ErrorCode.DUPLICATE
        with pytest.raises(DomainError) as refused:
            save_template(by=None, name="Yanlış", kind="CONDOLENCE", body="Sizi tebrik ederim.")
        assert refused.value.field == "body"
        assert LetterTemplate.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"), [("baba", "babanız"), ("annesi", "anneniz"), ("komşunuz", "komşunuz")]
)
def test_a_condolence_names_who_died_as_one_speaks_to_the_bereaved(db: None, typed: str, said: str) -> None:
    """Custom of the office: “kıymetli babanız”, never “kıymetli baba”."""
    with system():
        row = save_template(
            by=None, name="Taziye", kind="CONDOLENCE", body="Kıymetli {{yakınlık}} {{vefat eden}} için"
        )
        letter = filled(row, {"yakınlık": typed, "vefat eden": "Yiğit IŞIK"})
    assert letter["body"] == f"Kıymetli {said} Yiğit IŞIK için"


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("{{ne}} için teşekkür ederim.", "Işıklı fener alayı için teşekkür ederim."),
        ("Kutlama güzeldi. {{ne}} unutulmaz.", "Kutlama güzeldi. Işıklı fener alayı unutulmaz."),
        ("Emek Sok. {{ne}} başlar.", "Emek Sok. ışıklı fener alayı başlar."),
        ("Kıymetli {{ne}} için", "Kıymetli ışıklı fener alayı için"),
    ],
)
def test_what_is_filled_in_at_the_beginning_of_a_sentence_gets_its_capital(
    db: None, body: str, written: str
) -> None:
    with system():
        row = save_template(by=None, name="Teşekkür", kind="THANKS", body=body)
        assert filled(row, {"ne": "ışıklı fener alayı"})["body"] == written


def test_a_template_of_a_condolence_may_speak_of_a_happy_memory(db: None) -> None:
    with system():
        assert save_template(
            by=None, name="Anma", kind="CONDOLENCE", body="Kendisini mutlulukla anıyoruz."
        ).pk
