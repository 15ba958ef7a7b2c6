"""Who sees what was written about a matter, written out by hand, on each wall alone."""

from __future__ import annotations

import pytest
from django.db.models import Model

from backend.mailboxes.models import WrittenFile, WrittenMessage
from permissions.core import scope
from tests.backend.mailboxes.rows import make_written
from tests.cast import Cast, as_viewer
from tests.factories import make_letter, make_organisation, make_request

# n: internal notes; m: messages to people there, with their files.
WHO_SEES = """
               request  letter  company  union
secretary      n        nm      nm       n
office_head    n        nm      nm       nm
mayor          n        nm      nm       nm
fen_head       -        nm      nm       -
fen_clerk      -        nm      nm       -
park_head      -        -       -        nm
park_clerk     -        -       -        n
deputy_mayor   -        n       n        -
portal         -        -       -        -
outsider       -        -       -        -
administrator  -        -       -        -
"""


@pytest.fixture
def names(cast: Cast) -> dict[int, str]:
    """The messages about one matter of each kind: the letter and the company are Fen's, the union Park's."""
    matters = {
        "request": make_request(cast.mayors),
        "letter": make_letter(cast.fen, cast.mayor, by=cast.fen_clerk),
        "company": make_organisation("Ilıca Yapı A.Ş.", "COMPANY", departments=(cast.fen,)),
        "union": make_organisation("Yol İşçileri Sendikası", "UNION", departments=(cast.park,)),
    }
    found = {make_written(matter).pk: f"{name} n" for name, matter in matters.items()}
    mails = {name: matter for name, matter in matters.items() if name != "request"}
    return found | {
        make_written(matter, means="EMAIL", address="bilgi@ilica.example").pk: f"{name} m"
        for name, matter in mails.items()
    }


@pytest.mark.parametrize(("model", "of"), [(WrittenMessage, "pk"), (WrittenFile, "written")])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], of: str, names: dict[int, str], cast: Cast
) -> None:
    header, *rows = [line.split() for line in WHO_SEES.strip().splitlines()]
    for member, *cells in rows:
        expected = {
            f"{matter} {kind}"
            for matter, cell in zip(header, cells, strict=True)
            for kind in cell.strip("-")
            if model is WrittenMessage or kind == "m"
        }
        with as_viewer(cast.people()[member]) as viewer:
            second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
            first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"
