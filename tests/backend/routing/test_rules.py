"""Rules as they are kept, what they do to new cases, and the dry run over a past period."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.complaints.choices import Channel, Priority, Status
from backend.complaints.models import ChecklistItem, Complaint, ComplaintLine
from backend.complaints.story import EventType
from backend.complaints.teamwork.checklist import follow_category, save_template_item
from backend.core.errors import ErrorCode
from backend.core.localtime import today
from backend.core.operation.long_work import StopError
from backend.core.session import system
from backend.journal.models import AuditLog
from backend.organization.models import BodyMatter, Category, DangerSign
from backend.routing import actions, jobs, reading, trials
from backend.routing.deciding import decide
from backend.routing.models import RoutingRule, RuleTrial
from backend.routing.selecting import Selection, received
from tests.backend.stories import code, refusal
from tests.cast import Cast
from tests.factories import make_body, make_category, make_complaint, make_neighbourhood, refetch

LONG = dt.timedelta(days=40)


def keep(cast: Cast, name: str = "Yayla'nın parkları", **fields: Any) -> RoutingRule:
    with system():
        return actions.save_rule(by=cast.administrator, name=name, **({"department": cast.park} | fields))


def order() -> list[str]:
    with system():
        return list(RoutingRule.objects.in_order().values_list("name", flat=True))


# -- keeping ---------------------------------------------------------------------------------------------------
def test_a_rule_is_checked_kept_in_order_and_written_in_the_journal(cast: Cast) -> None:
    first = keep(cast, words=["  Park ", "park", "salıncak"], weekdays=[7, 6, 7], channels=["WEB", "PHONE"])
    assert (first.words, first.weekdays) == (["Park", "park", "salıncak"], [6, 7])
    keep(cast, "İkinci")
    assert order() == ["Yayla'nın parkları", "İkinci"]
    wrong: list[tuple[dict[str, Any], ErrorCode, str]] = [
        ({"name": " "}, ErrorCode.REQUIRED, "name"),
        ({"name": "ikinci"}, ErrorCode.DUPLICATE, "name"),
        ({"department": None}, ErrorCode.REQUIRED, "department"),
        ({"street": "Meydan"}, ErrorCode.INVALID, "street"),
        ({"words": ["su"]}, ErrorCode.INVALID, "words"),
        ({"words": ["🙂🙂🙂"]}, ErrorCode.INVALID, "words"),
        ({"words": ["a" * 81]}, ErrorCode.INVALID, "words"),
        ({"words": [f"sözcük{n}" for n in range(61)]}, ErrorCode.OVER_LIMIT, "words"),
        ({"channels": ["DUMAN"]}, ErrorCode.INVALID, "channels"),
        ({"hours": "NIGHT"}, ErrorCode.INVALID, "hours"),
        ({"weekdays": [0]}, ErrorCode.INVALID, "weekdays"),
        ({"priority": "SOON"}, ErrorCode.INVALID, "priority"),
        ({"valid_from": today(), "valid_until": today() - LONG}, ErrorCode.INVALID, "valid_until"),
    ]
    for fields, why, field in wrong:
        error = refusal(lambda fields=fields: keep(cast, **({"name": "Üçüncü"} | fields)))
        assert (error.code, error.field) == (why, field), fields
    with system():
        assert list(
            AuditLog.objects.filter(verb="routing_rule_saved").values_list("subject_label", flat=True)
        ) == [
            "Yayla'nın parkları",
            "İkinci",
        ]


def test_moving_names_the_neighbour_so_two_administrators_do_not_undo_each_other(cast: Cast) -> None:
    one, two, three, four = (keep(cast, name) for name in ("Bir", "İki", "Üç", "Dört"))

    def move(rule: RoutingRule, **beside: RoutingRule) -> None:
        with system():
            actions.move_rule(rule, by=cast.administrator, **beside)

    move(four, before=three)
    move(four, before=three)  # a second click
    assert order() == ["Bir", "İki", "Dört", "Üç"]
    move(one, after=three)  # somebody else's page still showed it at the top
    move(two, before=one)
    assert order() == ["Dört", "Üç", "İki", "Bir"]
    with system():
        assert list(RoutingRule.objects.in_order().values_list("position", flat=True)) == [1, 2, 3, 4]
        assert AuditLog.objects.filter(verb="routing_rule_moved").count() == 3
    for beside in ({}, {"before": one}, {"before": two, "after": three}):
        assert code(lambda beside=beside: actions.move_rule(one, by=None, **beside)) == ErrorCode.INVALID


# -- doing -----------------------------------------------------------------------------------------------------
@pytest.fixture
def park_rule(cast: Cast) -> RoutingRule:
    swing = make_category("salincak", "Salıncak", parent=make_category("park", "Park"))
    safety = make_category("oyun-alani", "Oyun alanı")
    with system():
        save_template_item(by=cast.secretary, category=swing, text="Zincire bakıldı")
        save_template_item(by=cast.secretary, category=safety, text="Yaş sınırı yazısına bakıldı")
    return keep(
        cast,
        categories=[Category.objects.get(code="park")],
        neighbourhoods=[make_neighbourhood("yayla", "Yayla")],
        priority=Priority.HIGH,
        checklist=safety,
        is_automatic=True,
    )


def new(cast: Cast, **fields: Any) -> Complaint:
    """A case that a program registers, in the neighbourhood and of a category below the rule's."""
    where = {"category": Category.objects.get(code="salincak"), "neighbourhood": make_neighbourhood("yayla")}
    return make_complaint("Salıncak kopuk", **({"by": cast.portal, "channel": Channel.WEB} | where | fields))


def lines(case: Complaint) -> list[tuple[str, str]]:
    with system():
        rows = ComplaintLine.objects.filter(
            complaint=case, verb__in=[EventType.ROUTED, EventType.RULE_APPLIED]
        )
        return list(rows.order_by("pk").values_list("verb", "note"))


def test_a_rule_that_acts_by_itself_routes_with_its_name_as_the_reason(
    cast: Cast, park_rule: RoutingRule
) -> None:
    case = new(cast)
    assert (case.status, case.responsible_department, case.priority) == (Status.ASSIGNED, cast.park, "HIGH")
    named = "Havale kuralı “Yayla'nın parkları”"
    assert lines(case) == [
        ("rule_applied", f"{named}. Öncelik: Yüksek"),
        ("rule_applied", f"{named}. İş listesi: Oyun alanı"),
        ("routed", named),
    ]
    with system():
        routed = ComplaintLine.objects.get(complaint=case, verb=EventType.ROUTED)
        assert (routed.actor, routed.details["rule"]) == (None, str(park_rule.key))
        Complaint.objects.filter(pk=case.pk).update(category=make_category("cukur"))
        follow_category(refetch(case))
        assert ChecklistItem.objects.shown().get(complaint=case).is_extra, "it came by the rule and stays"


def test_it_only_proposes_where_somebody_of_the_house_decides(cast: Cast, park_rule: RoutingRule) -> None:
    case = new(cast, by=cast.secretary)
    assert (case.status, case.responsible_department, case.priority) == (Status.NEW, None, "NORMAL")
    assert [verb for verb, _note in lines(case)] == ["rule_applied"], "a checklist decides nothing"
    with system():
        actions.save_rule(
            park_rule, by=cast.administrator, name=park_rule.name, department=cast.park, is_automatic=False
        )
    assert new(cast).status == Status.NEW


def test_a_given_priority_and_the_law_stand_above_a_rule(cast: Cast, park_rule: RoutingRule) -> None:
    given = new(cast, priority=Priority.NORMAL)
    assert (given.priority, given.responsible_department) == ("NORMAL", cast.park)
    with system():
        DangerSign.objects.create(code="gaz", name="Gaz", keywords=["gaz kokusu"])
        body = make_body()
        BodyMatter.objects.create(
            code="dogalgaz", name="Doğal gaz", body=body, keywords=["gaz kokusu"], say_at_once="187"
        )
    danger = new(cast, body="Gaz kokusu var")
    assert (danger.priority, danger.danger, danger.status) == ("NORMAL", "Gaz", Status.NEW)
    with system():
        Category.objects.filter(code="salincak").update(body=body)
    assert new(cast).responsible_department is None, "the business of another body is forwarded"


def test_a_closed_department_and_a_rule_that_is_over_get_nothing(cast: Cast, park_rule: RoutingRule) -> None:
    with system():
        RoutingRule.objects.filter(pk=park_rule.pk).update(valid_until=today() - LONG)
    assert new(cast).status == Status.NEW
    with system():
        RoutingRule.objects.filter(pk=park_rule.pk).update(valid_until=None)
        cast.park.valid_to = today() - dt.timedelta(days=1)
        cast.park.save()
    assert new(cast).status == Status.NEW


# -- trying ----------------------------------------------------------------------------------------------------
TEXTS = (
    "Köpekler okul önünde",
    "köpeği aşılatın",
    "Kaldırım çökmüş",
    "Demokrasi Caddesi karanlık",
    "Çöp alınmadı",
)
PLACES = ("İğdeli Sk. 4", "Yayla Mah. İğdeli Sokağı No 2", "Demokrasi Cad. 12", "")


@pytest.fixture
def past(cast: Cast) -> list[Complaint]:
    """Cases of forty days, of every combination that conditions look at."""
    from backend.organization.models import MainArtery

    group = make_category("hayvan", "Hayvan")
    categories = [make_category("kopek", "Köpek", parent=group), make_category("cop", "Çöp"), None]
    places = [make_neighbourhood("yayla"), make_neighbourhood("meclis", "Meclis"), None]
    with system():
        MainArtery.objects.create(code="demokrasi", name="Demokrasi Caddesi")
    start = timezone.now() - LONG
    return [
        make_complaint(
            TEXTS[n % 5],
            place=PLACES[n % 4],
            category=categories[n % 3],
            neighbourhood=places[(n // 2) % 3],
            channel=(Channel.PHONE, Channel.WEB)[n % 2],
            registered_at=start + dt.timedelta(hours=31 * n),
            applicant=None,
            to=(cast.fen, cast.park, None)[n % 3],
            by=cast.secretary,
        )
        for n in range(30)
    ]


def test_what_sql_selects_is_never_less_than_what_rules_apply_to(cast: Cast, past: list[Complaint]) -> None:
    some: list[dict[str, Any]] = [
        {"categories": [Category.objects.get(code="hayvan")]},
        {"neighbourhoods": [make_neighbourhood("meclis")]},
        {"words": ["köpek", "çöp"]},
        {"words": ["okul önü"]},
        {"street": "İğdeli Sokak"},
        {"on_main_artery": True},
        {"on_main_artery": False, "channels": ["WEB"]},
        {"hours": "WORKING"},
        {"hours": "OUTSIDE", "weekdays": [1, 2, 3]},
        {},
    ]
    for n, conditions in enumerate(some):
        keep(cast, f"Kural {n}", **conditions)
    with system():
        rules = reading.rules_in_force()
        around = reading.surroundings(rules)
        for rule in rules:
            selection = Selection([rule], around)
            seen = {case.pk for _facts, case in selection.rows(today() - LONG, today())}
            apply = {
                case.pk
                for case in received(today() - LONG, today())
                if decide(reading.facts_of(case), [rule], around)
            }
            assert apply <= seen, rule.name
            assert apply, rule.name
            exact = {
                case.pk
                for facts, case in selection.rows(today() - LONG, today())
                if decide(facts, [rule], around)
            }
            assert exact == apply, rule.name
        assert len(
            {case.pk for _f, case in Selection(rules[4:5], around).rows(today() - LONG, today())}
        ) < len(past)


def test_a_dry_run_counts_what_would_change_and_changes_nothing(cast: Cast, past: list[Complaint]) -> None:
    keep(cast, "Hayvanlar", categories=[Category.objects.get(code="hayvan")], department=cast.park)
    new_one = keep(
        cast, "Çöp temizliğe", words=["çöp"], department=cast.cleaning, priority="HIGH", is_active=False
    )
    with system():
        trial = trials.start_trial(
            by=cast.administrator, from_on=today() - LONG, until_on=today(), rule=new_one
        )
        again = trials.start_trial(
            by=cast.administrator, from_on=today() - LONG, until_on=today(), rule=new_one
        )
        assert trial.pk == again.pk, "a second press is the same dry run"
        before = list(
            Complaint.objects.order_by("pk").values_list("responsible_department", "priority", "version")
        )
    jobs.try_rules(str(trial.key))
    with system():
        done = RuleTrial.objects.get(pk=trial.pk)
        after = list(
            Complaint.objects.order_by("pk").values_list("responsible_department", "priority", "version")
        )
        animals = [case for case in past if case.category and case.category.code == "kopek"]
        litter = [case for case in past if "Çöp" in case.subject and case not in animals]
        moved = [case for case in animals if case.responsible_department_id != cast.park.pk]
    assert (done.status, before) == (RuleTrial.Status.DONE, after)
    result = done.result
    assert result["cases"] == 30
    assert result["concerned"] == len(
        {one.pk for one in animals} | {one.pk for one in past if "Çöp" in one.subject}
    )
    assert result["changed"] == len(moved) + len(litter) == sum(n for *_way, n in result["ways"])
    assert [cast.fen.pk, cast.park.pk, len(moved)] in result["ways"]
    assert result["priorities"] == [["NORMAL", "HIGH", sum("Çöp" in one.subject for one in past)]]
    assert len(done.sample) == result["changed"]
    assert (done.cases_read, done.cases_total) == (30, 30)
    jobs.try_rules(str(trial.key))
    with system():
        assert RuleTrial.objects.get(pk=trial.pk).run == 1, "one that has ended is not made again"
        RuleTrial.objects.update(ended_at=timezone.now() - dt.timedelta(days=200))
    assert jobs.clear_trials() == 1


def test_a_dry_run_is_stopped_between_pieces_and_refuses_what_is_no_past(
    cast: Cast, past: list[Complaint]
) -> None:
    keep(cast, "Hepsi")
    with system():
        trial = trials.start_trial(by=cast.secretary, from_on=today() - LONG, until_on=today())
        trials.stop_trial(trial, by=cast.secretary)
    jobs.try_rules(str(trial.key))
    with system():
        assert RuleTrial.objects.get(pk=trial.pk).result == {}
        second = trials.start_trial(by=cast.secretary, from_on=today() - LONG, until_on=today())
    row = jobs._taken(str(second.key))
    assert row is not None
    told: list[int] = []

    def tell(read: int, total: int) -> None:
        told.append(read)
        if len(told) == 3:
            with system():
                RuleTrial.objects.filter(pk=row.pk).update(run=99)
            raise StopError

    with pytest.raises(StopError):
        trials.tried(row, tell)
    assert told[0] == 0
    assert 0 < told[-1] < 30, "a piece is a part of the period"
    with pytest.raises(StopError), system():
        jobs._finish(row, trials.Tally())
    assert code(lambda: trials.stop_trial(refetch(trial), by=None)) == ErrorCode.WRONG_STATE
    ahead = today() + dt.timedelta(days=1)
    for first, last in ((ahead, ahead), (today(), today() - LONG), (today() - LONG * 100, today())):
        assert code(lambda f=first, u=last: trials.start_trial(by=cast.secretary, from_on=f, until_on=u)) == (
            ErrorCode.INVALID
        )
