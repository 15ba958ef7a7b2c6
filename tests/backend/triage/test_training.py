"""Learning from the cases of the house: from which, what is kept, what is in force, and going back."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command

from backend.complaints import catalogue
from backend.complaints.choices import RoutingEnd, RoutingRole, Status
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint, Routing
from backend.core.errors import DomainError
from backend.core.localtime import midnight, today
from backend.core.session import elevated, system
from backend.journal.models import AuditLog
from backend.triage import actions, jobs, serving, training
from backend.triage.catalogue import CATEGORY, UNIT
from backend.triage.choices import Standing
from backend.triage.models import RouterScore, RouterVersion
from backend.triage.proposing import propose
from permissions.demo.triage import router
from tests.backend.triage.cases import LAMP, TREE, close, texts
from tests.cast import Cast
from tests.factories import make_user


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    """Versions are rolled back after each test; what a process loaded goes with them."""
    serving.forget()
    yield
    serving.forget()


def learned(cast: Cast, count: int = 150) -> RouterVersion:
    close(cast, texts(count))
    found = training.learn()
    assert found is not None
    return found.row


def version(row: RouterVersion) -> RouterVersion:
    with system():
        return RouterVersion.objects.get(pk=row.pk)


def test_a_night_makes_a_version_that_proposes_what_the_house_did(cast: Cast) -> None:
    row = learned(cast)
    assert (row.number, row.status, row.cases, row.categories, row.units) == (1, Standing.IN_FORCE, 150, 3, 3)
    assert row.right_percent is not None
    assert row.right_percent >= 80
    assert row.weights is not None
    assert b"karanl" not in bytes(row.weights)
    with system():
        router, current = serving.in_force(), catalogue.current()
        assert router is not None
        assert serving.in_force() is router  # loaded once
        found = propose(LAMP, current, router, threshold=0.6)
        silent = propose(LAMP, current, router, threshold=0.6, silent_units=["fen-isleri"])
        unsure = propose("başka bir konu", current, router, threshold=0.99)
    assert found.is_learned
    assert [one.code for one in found.categories][:1] == ["sokak-aydinlatmasi"]
    assert [one.code for one in found.units][:1] == ["fen-isleri"]
    assert found.categories[0].words
    assert (silent.units, bool(silent.categories)) == ((), True)
    assert not unsure.is_learned


def test_what_hides_an_identity_or_is_of_personal_data_is_never_learned_from(cast: Cast) -> None:
    seen = close(cast, texts(20))
    close(cast, texts(5, seed=1), identity_hidden=True)
    close(cast, texts(5, seed=2), regime=Regime.KVKK_REQUEST)
    close(cast, texts(5, seed=3), status=Status.WITHDRAWN)
    anonymous = close(cast, texts(5, seed=4))
    with system():
        Complaint.objects.filter(pk__in=[case.pk for case in anonymous]).update(
            anonymised_at="2026-01-01T00:00Z"
        )
        examples = training.collect()
    assert sorted(one.text.strip() for one in examples) == sorted(case.subject.strip() for case in seen)
    assert {label for one in examples for label in one.labels} == {CATEGORY, UNIT, "priority"}


def test_a_return_is_evidence_against_the_unit_also_while_the_case_is_open(cast: Cast) -> None:
    answered, waiting = close(cast, texts(2)), close(cast, texts(1, seed=3))
    with system():
        Complaint.objects.filter(pk=waiting[0].pk).update(
            status=Status.RETURNED, closed_at=None, outcome="", return_count=1, responsible_department=None
        )
        for case in (*answered, *waiting):
            Routing.objects.create(
                complaint=case,
                department=cast.relations,
                role=RoutingRole.RESPONSIBLE,
                ended_at=case.closed_at,
                end=RoutingEnd.RETURNED,
            )
        examples = training.collect()
    assert [one.against for one in examples] == [{UNIT: ("halkla-iliskiler",)}] * 3
    assert [bool(one.labels) for one in examples].count(False) == 1


def test_a_unit_that_was_renamed_is_learned_as_its_successor(cast: Cast) -> None:
    close(cast, texts(10))
    with system():
        type(cast.fen).objects.filter(pk=cast.fen.pk).update(
            valid_to="2026-01-01", successor=cast.cleaning, valid_from="2009-01-01"
        )
        labels = {one.labels[UNIT] for one in training.collect()}
    assert "fen-isleri" not in labels
    assert "temizlik-isleri" in labels


def test_from_few_cases_nothing_is_learned_and_the_command_says_so(cast: Cast) -> None:
    close(cast, texts(20))
    out = io.StringIO()
    call_command("train_router", stdout=out)
    assert "100 answered cases" in out.getvalue()
    with system():
        assert not RouterVersion.objects.exists()
        assert serving.in_force() is None


def test_the_newest_are_learned_from_and_a_killed_run_leaves_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(cast, texts(150))
    monkeypatch.setattr(training, "MOST_CASES", 120)

    def killed(step: str, done: int, of: int) -> None:
        if step == "fit":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.learn(killed)
    with system():
        assert not RouterVersion.objects.exists()
    again = training.learn()
    assert again is not None
    assert again.row.cases == 120
    with system():
        newest = Complaint.objects.order_by("-closed_at").values_list("subject", flat=True)[:120]
        assert {one.text.strip() for one in training.collect()} == {text.strip() for text in newest}


def test_one_goes_back_to_a_version_and_follows_the_newest_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = learned(cast)
    second = training.learn()
    assert second is not None
    assert (version(first).status, second.row.status) == (Standing.KEPT, Standing.IN_FORCE)
    with system(), elevated():
        actions.put_in_force(version(first), by=cast.administrator)
    with system():
        router = serving.in_force()
        assert router is not None
        assert router.number == 1
    third = training.learn()
    assert third is not None
    assert (third.is_in_force, third.row.status) == (False, Standing.KEPT)
    with system(), elevated():
        with pytest.raises(DomainError):
            actions.put_in_force(version(first), by=cast.administrator)
        actions.follow_newest(version(first), by=cast.administrator)
        with pytest.raises(DomainError):
            actions.follow_newest(version(third.row), by=cast.administrator)
        states = dict(RouterVersion.objects.values_list("number", "status"))
        verbs = AuditLog.objects.filter(subject_kind="triage.routerversion").order_by("pk")
        assert list(verbs.values_list("verb", flat=True)) == ["router_put_in_force", "router_follows_newest"]
    assert states == {1: Standing.KEPT, 2: Standing.KEPT, 3: Standing.IN_FORCE}
    monkeypatch.setattr(training, "KEPT_VERSIONS", 1)
    training.learn()
    with system():
        emptied = RouterVersion.objects.filter(status=Standing.EMPTIED)
        assert set(emptied.values_list("number", "weights")) == {(1, None), (2, None), (3, None)}


def test_a_version_weaker_than_the_words_does_not_come_into_force(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_words_right", lambda said, catalogue: 100)
    monkeypatch.setattr(training, "_percent", lambda said: 40)
    assert learned(cast).status == Standing.WEAK
    with system():
        assert serving.in_force() is None


def test_a_damaged_version_leaves_the_words_to_propose(cast: Cast) -> None:
    row = learned(cast)
    with system():
        RouterVersion.objects.filter(pk=row.pk).update(digest="0" * 64)
        serving.forget()
        assert serving.in_force() is None


def test_the_night_runs_it_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr("backend.triage.jobs.subprocess.run", lambda command, **options: ran.append(command))
    assert jobs.learn_at_night(0) is True
    assert [command[-1] for command in ran] == ["train_router"]
    monkeypatch.setattr("backend.triage.jobs.importlib.util.find_spec", lambda name: None)
    assert jobs.learn_at_night(0) is False
    assert len(ran) == 1


def test_law_and_emergencies_go_before_what_was_learned(cast: Cast) -> None:
    from backend.complaints.suggestion import BodyRow, Catalogue, MatterRow

    learned(cast)
    with system():
        router = serving.in_force()
    current = Catalogue(
        catalogue_rows(cast),
        (BodyRow("112", True),),
        (MatterRow("yangin", "112", ("alev al",), say_at_once="112'yi arayınız."),),
    )
    found = propose(f"{TREE} ağaç alev aldı", current, router, threshold=0.5)
    assert found.is_of_law
    assert found.units == ()


def catalogue_rows(cast: Cast) -> Any:
    with system():
        return catalogue.current().categories


def test_the_demo_has_versions_and_a_score_of_its_own_past(cast: Cast) -> None:
    """The better one is in force again after somebody tried one from few cases, and a training is on its way."""
    cases = close(cast, texts(220))
    make_user("bilgiislem", "Ada", "Yazan")
    head = make_user("ozelkalem", "Nil", "Başkan")
    with system():
        month = today().replace(day=1) - dt.timedelta(days=5)
        newest = [case.pk for case in cases[150:]]
        Complaint.objects.filter(pk__in=newest).update(closed_at=midnight(month))
    router.load_once()
    router.load_once()
    with system():
        better, tried, waiting = RouterVersion.objects.order_by("number")
        assert (better.status, better.is_held, better.put_in_force_by) == (Standing.IN_FORCE, True, head)
        assert better.cases < 220
        assert (tried.status, tried.cases, tried.is_held) == (Standing.KEPT, router.FEW, False)
        assert waiting.status == Standing.WAITING
        whole = RouterScore.objects.filter(category__isnull=True).get(month=month.replace(day=1))
        assert whole.right_percent is not None
        assert whole.right_percent >= 80
