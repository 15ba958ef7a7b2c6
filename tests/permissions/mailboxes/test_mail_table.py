"""Role x verb x relation for mails that came in and for mailboxes, written out by hand, on each wall alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from backend.core.session import elevated, system
from backend.mailboxes.models import InboundFile, InboundMessage, Mailbox
from backend.mailboxes.moves import Verb
from permissions.core import grants, scope
from permissions.core.filters import EVERYTHING, Action
from permissions.core.registry import RULES
from permissions.core.viewer import CONTACTS
from permissions.models import DepartmentGrant
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.cast import Cast, as_viewer
from tests.factories import make_citizen, make_complaint

# "-" is nothing at all, and then it does not exist for them.
WHO_IS_WHAT = """
               office  fen       park
secretary      office  office    office
office_head    office  office    office
mayor          served  served    served
fen_head       -       worker    -
fen_clerk      -       worker    -
park_head      -       -         worker
park_clerk     -       -         worker
deputy_mayor   -       overseer  -
portal         -       -         -
outsider       -       -         -
administrator  -       -         -
"""
WHAT_IT_MAY = """
             office  served  worker  overseer
VIEW         +       +       +       +
MAKE_CASE    +       .       +       .
MAKE_REQUEST +       .       +       .
MAKE_LETTER  +       .       +       .
JOIN         +       .       +       .
TAKE_OUT     +       .       +       .
ROUTE        +       .       +       .
SET_ASIDE    +       .       +       .
TAKE_UP      +       .       +       .
VOID_REFUSAL +       .       .       .
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS, MAY = _read(WHO_IS_WHAT), _read(WHAT_IT_MAY)


@pytest.fixture
def rows(cast: Cast) -> dict[str, InboundMessage]:
    units = {"office": cast.office, "fen": cast.fen, "park": cast.park}
    return {name: make_mail(make_mailbox(unit)) for name, unit in units.items()}


def test_who_may_do_what_to_a_mail(rows: dict[str, InboundMessage], cast: Cast) -> None:
    assert set(MAY) == {Action.VIEW.value, *(verb.value for verb in Verb)}
    assert set(IS) == set(cast.people())
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, row in rows.items():
                relation = IS[member][name]
                expected = (
                    set() if relation == "-" else {v for v, cells in MAY.items() if cells[relation] == "+"}
                )
                assert {verb for verb in MAY if scope.can(verb, row)} == expected, f"{member}, {name}"
            for annotated in scope.with_relations(scope.visible(InboundMessage)):
                alone = InboundMessage.objects.get(pk=annotated.pk)
                assert scope.allowed_actions(annotated) == scope.allowed_actions(alone), member


@pytest.mark.parametrize(("model", "of"), [(InboundMessage, "pk"), (InboundFile, "mail"), (Mailbox, "mails")])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], of: str, rows: dict[str, InboundMessage], cast: Cast
) -> None:
    names = {row.pk: name for name, row in rows.items()}
    by_mailbox = {row.mailbox_id: name for name, row in rows.items()}
    for member, user in cast.people().items():
        expected = {name for name in rows if IS[member][name] != "-"}
        with as_viewer(user) as viewer:
            if model is Mailbox:  # whoever manages them sees them, and no mail by that
                expected = set(rows) if member == "administrator" else expected
                second = {by_mailbox[pk] for pk in Mailbox.objects.values_list("pk", flat=True)}
                first = {by_mailbox[pk] for pk in scope.visible(Mailbox, viewer).values_list("pk", flat=True)}
            else:
                second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
                first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"


def test_a_mail_that_is_passed_on_is_nothing_to_the_former_unit(
    rows: dict[str, InboundMessage], cast: Cast
) -> None:
    with as_viewer(cast.fen_clerk), scope.authorized(Verb.ROUTE, InboundMessage, rows["fen"].key) as mail:
        from backend.mailboxes import actions

        actions.route(mail, by=cast.fen_clerk, to=cast.park)
    with as_viewer(cast.fen_clerk):
        assert not InboundMessage.objects.exists()
        assert not InboundFile.objects.exists()
    with as_viewer(cast.park_clerk):
        assert InboundMessage.objects.count() == 2


@pytest.fixture
def joined(cast: Cast) -> dict[str, InboundMessage]:
    """Replies that came into the mailbox of Park, about cases of Fen: one of a person whose identity is hidden."""
    box = make_mailbox(cast.park)
    facts: dict[str, Any] = {"to": cast.fen, "accepted_by": cast.fen_clerk}
    cases = {
        "open": make_complaint(applicant=make_citizen(), **facts),
        "hidden": make_complaint(applicant=make_citizen(), identity_hidden=True, **facts),
    }
    return {
        name: make_mail(box, status=status, complaint=case)
        for (name, case), status in zip(cases.items(), ("JOINED", "MADE"), strict=True)
    }


def test_what_is_part_of_a_case_is_for_who_may_know_its_person(
    joined: dict[str, InboundMessage], cast: Cast
) -> None:
    names = {row.pk: name for name, row in joined.items()}
    office = {"secretary", "office_head", "mayor"}
    for member, user in cast.people().items():
        expected = (
            set(joined) if member in office else {"open"} if member in {"fen_clerk", "fen_head"} else set()
        )
        with as_viewer(user) as viewer:
            for model, of in ((InboundMessage, "pk"), (InboundFile, "mail")):
                second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
                first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
                assert second == expected, f"{member}: the database"
                assert first == expected, f"{member}: the application"


def test_the_office_without_the_permission_on_citizens_reads_no_mail_of_a_case(
    joined: dict[str, InboundMessage], rows: dict[str, InboundMessage], cast: Cast
) -> None:
    with system():
        for grant in DepartmentGrant.dated.filter(user=cast.secretary, permission__codename=CONTACTS):
            grants.take(grant, by=None)
    with as_viewer(cast.secretary):
        seen = set(scope.visible(InboundMessage).values_list("pk", flat=True))
        assert seen == {row.pk for row in rows.values()}, "the desks are worked all the same"


@pytest.mark.parametrize(
    ("scopes", "sees"), [(["READ", "WRITE"], False), (["READ", "WRITE", "CONTACTS"], True)]
)
def test_a_token_without_the_scope_for_persons_reads_no_mail(
    scopes: list[str],
    sees: bool,
    joined: dict[str, InboundMessage],
    rows: dict[str, InboundMessage],
    cast: Cast,
) -> None:
    for user, count in ((cast.secretary, 5), (cast.fen_clerk, 2)):
        with as_viewer(user, scopes):
            assert scope.visible(InboundMessage).count() == (count if sees else 0)
            assert scope.visible(InboundFile).count() == (count if sees else 0)
            assert scope.can(Verb.ROUTE, rows["fen"]) is sees


def test_only_bilgi_islem_manages_mailboxes(cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user) as viewer:
            assert (RULES[Mailbox][Action.CHANGE](viewer) == EVERYTHING) == (member == "administrator")
    with as_viewer(
        cast.administrator, ["READ", "WRITE"]
    ) as viewer:  # by a token nobody changes where mails come from
        assert RULES[Mailbox][Action.CHANGE](viewer) != EVERYTHING


def test_the_role_of_actions_sees_all_desks(rows: dict[str, InboundMessage], cast: Cast) -> None:
    with as_viewer(cast.secretary), elevated():
        assert InboundMessage.objects.count() == len(rows)
