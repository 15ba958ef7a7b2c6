"""The library of words: which form of address fits a title, what a template makes of it, what the files bring."""

from __future__ import annotations

import pytest

from backend.core.session import system
from backend.greetings import delivery, wording
from backend.greetings.actions import Named, add
from backend.greetings.models import Recipient
from backend.letters import drafts, library
from backend.letters.actions import save_form_of_address, save_template
from backend.letters.actions.templates import asked, filled
from backend.letters.choices import PhrasePart
from backend.letters.law import check_text, checker
from backend.letters.law.closing import formula_of
from backend.letters.law.wording import SAYS, Greeting, fitting, greeting
from backend.organization.reference import load
from tests.cast import Cast
from tests.factories import make_batch, make_citizen, make_letter, make_organisation, make_role

KNOWN = [
    Greeting("Kaymakam", "Sayın Kaymakamım,"),
    Greeting("Vali", "Sayın Valim,"),
    Greeting("Müdür", "Sayın Müdürüm,"),
    Greeting("Emniyet Müdür", "Sayın Emniyet Müdürüm,"),
    Greeting("Kaymakam", "Muhterem Kaymakamım,", ("CONDOLENCE",)),
]


@pytest.mark.parametrize(
    ("title", "kind", "expected"),
    [
        ("Sancaktepe Kaymakamı", "OFFICE", "Sayın Kaymakamım,"),
        ("SANCAKTEPE KAYMAKAMI", "OFFICE", "Sayın Kaymakamım,"),
        ("İstanbul Valisi", "OFFICE", "Sayın Valim,"),
        ("Vali Yardımcısı", "OFFICE", ""),
        ("İlçe Emniyet Müdürü", "OFFICE", "Sayın Emniyet Müdürüm,"),
        ("Okul Müdürü", "OFFICE", "Sayın Müdürüm,"),
        ("Sancaktepe Kaymakamı", "CONDOLENCE", "Muhterem Kaymakamım,"),
        ("", "OFFICE", ""),
        ("Öğretmen", "OFFICE", ""),
    ],
)
def test_the_form_of_address_follows_from_the_end_of_a_title(title: str, kind: str, expected: str) -> None:
    assert greeting(KNOWN, kind, title) == expected


def test_a_template_greets_by_the_office_that_is_held(cast: Cast) -> None:
    with system():
        save_form_of_address(by=None, office="Kaymakam", salutation="Sayın Kaymakamım,", source="Teamül")
        template = save_template(
            by=None,
            name="Tebrik",
            kind="CONGRATULATION",
            salutation="{{hitap}}",
            body="{{görev}} için tebrik ederim.",
        )
        assert asked(template) == ["ad", "soyad", "makam", "görev"]
        person = {"ad": "Ali", "soyad": "Işık", "görev": "Yeni göreviniz"}
        assert filled(template, person)["salutation"] == "Sayın Ali IŞIK,"
        held = person | {"makam": "Sancaktepe Kaymakamı"}
        assert filled(template, held)["salutation"] == "Sayın Kaymakamım,"


def test_the_files_bring_a_library_in_which_every_closing_says_what_it_is_kept_under(cast: Cast) -> None:
    with system():
        load()
        phrases, greetings = library.phrases(), library.greetings()
    assert all(SAYS[formula_of(one.text)] == one.closing for one in phrases if one.part == PhrasePart.CLOSING)
    for closing in SAYS:
        assert fitting(phrases, "OFFICIAL", PhrasePart.CLOSING, closing)
    assert greeting(greetings, "OFFICE", "Sancaktepe Kaymakamı") == "Sayın Kaymakamım,"
    assert fitting(phrases, "CONDOLENCE", PhrasePart.OPENING)


def test_how_somebody_is_greeted_is_kept_with_them_and_comes_before_their_office(cast: Cast) -> None:
    own, other = (
        make_citizen("Ayşe", "Işık", title="Prof. Dr.", salutation="Sayın Hocam"),
        make_citizen("Ali", "Er"),
    )
    school = make_organisation("Emek Okulu", "SCHOOL")
    in_role = make_role(school, make_citizen("Oya", "Ak"), title="Müdür", salutation="Sayın Müdirem,")
    both = make_role(school, own, kind="BOARD", title="Üye", salutation="Sayın Üyemiz,")
    with system():
        save_form_of_address(by=None, office="Kaymakam", salutation="Sayın Kaymakamım,", source="Teamül")
        forms = library.greetings()
        assert library.salutation(own, "OFFICE", "Sancaktepe Kaymakamı", forms) == "Sayın Hocam,"
        assert library.salutation(other, "OFFICE", "Sancaktepe Kaymakamı", forms) == "Sayın Kaymakamım,"
        assert library.salutation(other, "OFFICE") == "Sayın Ali ER,"
    batch = make_batch(salutation="{{hitap}}")
    named = [
        Named(own, title="Sancaktepe Kaymakamı"),
        Named(other, title="Sancaktepe Kaymakamı"),
        Named(in_role.person, role=in_role, title="Müdür"),
    ]
    with system():
        add(batch, by=None, recipients=named, source="FILE")
        found = delivery.look(batch, list(batch.recipients.order_by("pk")))
        texts = [verdict.text.salutation for verdict in found]
        assert texts == ["Sayın Hocam,", "Sayın Kaymakamım,", "Sayın Müdirem,"]
        assert found[0].name == "Prof. Dr. Ayşe IŞIK"
        alone = Recipient(batch=batch, citizen=own, role=both, title="Üye")
        assert wording.worded(batch, alone, forms).salutation == "Sayın Hocam,"


def test_the_checker_proposes_and_wants_the_persons_own_salutation(cast: Cast) -> None:
    own = make_citizen("Ayşe", "Işık", salutation="Sayın Hocam,")
    given = {"kind": "THANKS", "salutation": "Sayın Ayşe IŞIK,", "closing": "Saygılarımla."}
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, to=own, **given)
    with system():
        draft = drafts.as_draft(drafts.sheet_of(letter))
    assert check_text.salutation(draft) == "Sayın Hocam,"
    (fault,) = [one for one in checker.faults(draft) if one.code == "salutation_office"]
    assert not fault.is_error
    assert "kaydında" in fault.message
