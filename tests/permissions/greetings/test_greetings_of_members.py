"""Greetings to people of partners: who is what at an association is special personal data (KVKK m.6) on a list too."""

from __future__ import annotations

import pytest

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import elevated, system
from backend.greetings import actions, jobs
from backend.greetings.choices import Source
from backend.greetings.models import Batch, PrintRun, Recipient
from backend.partners import lists
from backend.partners.models import ContactList
from permissions.core import scope
from permissions.greetings import access
from tests.cast import Cast, as_viewer
from tests.factories import make_batch, make_citizen, make_organisation, make_role


@pytest.fixture
def of_all(cast: Cast) -> ContactList:
    """The heads of an association and of a school."""
    make_role(make_organisation("Dayanışma Derneği"), make_citizen("Üye", "Gizli"), title="Başkan")
    make_role(make_organisation("Emek Okulu", "SCHOOL"), make_citizen("Müdür", "Açık"), title="Müdür")
    with system():
        return lists.make(by=None, title="Başkanlar", role_kinds=["HEAD"])


def test_only_whom_the_asker_may_know_there_is_gathered(of_all: ContactList, cast: Cast) -> None:
    expected = {
        "office_head": {"Üye GİZLİ", "Müdür AÇIK"},
        "secretary": {"Müdür AÇIK"},
    }
    for member, names in expected.items():
        with as_viewer(cast.people()[member]):
            named, _unknown = access.of_partners(scope.get(ContactList, of_all.key))
            assert {one.citizen.full_name for one in named if one.citizen} == names, member


def test_what_was_gathered_is_seen_by_who_may_know_them_there(of_all: ContactList, cast: Cast) -> None:
    batch = make_batch(by=cast.office_head, channels=["PRINT"])
    with as_viewer(cast.office_head), elevated():
        named, _unknown = access.of_partners(of_all)
        actions.add(batch, by=cast.office_head, recipients=named, source=Source.PARTNERS)
        actions.start(batch, by=cast.office_head)
    jobs.send_batch(key=str(batch.key), run=1)
    with system():
        assert sorted(PrintRun.objects.values_list("names_members", "letters")) == [(False, 1), (True, 1)]
    all_of_them, school = {"Dayanışma Derneği", "Emek Okulu"}, {"Emek Okulu"}
    expected = {"office_head": all_of_them, "mayor": all_of_them, "secretary": school}
    for member, user in cast.people().items():
        organisations = expected.get(member, set())
        with as_viewer(user) as viewer:
            second = set(Recipient.objects.values_list("organisation", flat=True))
            runs = PrintRun.objects.count()
            with elevated():
                rows = scope.visible(Recipient, viewer)
                first = set(rows.values_list("organisation", flat=True))
                seen = scope.visible(PrintRun, viewer).count()
                office = set(Recipient.objects.values_list("organisation", flat=True))
        assert first == organisations, f"{member}: the application"
        assert runs == seen == len(organisations), f"{member}: the letters of members are printed apart"
        if member != "portal":
            assert second == organisations, f"{member}: the database"
            assert office <= (organisations or school), member


def test_an_archived_list_is_refused(of_all: ContactList, cast: Cast) -> None:
    with system():
        lists.archive(of_all, by=None)
    with as_viewer(cast.office_head), pytest.raises(DomainError) as refused:
        access.of_partners(scope.get(ContactList, of_all.key))
    assert refused.value.code == ErrorCode.WRONG_STATE
    with system():
        assert not Batch.objects.exists()
