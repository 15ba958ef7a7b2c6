"""What a portal does with appointments, meetings, invitations and events; what anybody may know of them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.core.localtime import ISTANBUL
from backend.core.session import system
from backend.events import actions as events
from backend.events import links as invitations
from backend.events.models import PublishedEvent
from backend.journal.models import AccessLog
from backend.programme import actions as programme
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.days import day
from tests.factories import at, make_entry, make_event, make_guest, make_principal, make_public_day
from tests.schema.client import Asking, errors_of
from tests.schema.portal_client import make_notices, portal

WHO = {"firstName": "İlkay", "lastName": "Işık", "phone": "0532 111 22 33", "email": "ilkay@example.org"}
SHOWN = """{ reference principal status startsAt place isChosen answers canCancel times { startsAt }
  replies { kind body } }"""
APPOINTMENT = f"query($r: String!) {{ portalAppointment(reference: $r) {SHOWN} }}"
BUSY = """query($p: ID!, $f: Date!, $u: Date!) {
  publicFreeBusy(principal: $p, from: $f, until: $u) { startsAt endsAt } }"""


@pytest.fixture(autouse=True)
def notices(db: None) -> None:
    make_notices()


@pytest.fixture
def mine(cast: Cast) -> Asking:
    return portal()


def asked(asking: Asking, cast: Cast, **more: Any) -> str:
    given = {
        "principal": global_id(cast.mayors),
        "kind": "REQUEST",
        "subject": "Okul bahçesi için görüşme",
        "contact": WHO,
        "privacyNotice": "appointment-tr-1",
        "partySize": 2,
    } | more
    taken = asking.does("portalAppointmentSubmit", "appointment { reference status }", **given)
    assert taken["errors"] == [], taken
    return str(taken["appointment"]["reference"])


def tuesday() -> dt.date:
    day = timezone.localdate() + dt.timedelta(days=7)
    while day.weekday() != 1:
        day += dt.timedelta(days=1)
    return day


def proposed(reference: str, cast: Cast, clock: str = "14:00") -> None:
    with system():
        request = AppointmentRequest.objects.get(reference=reference)
        moment = at(tuesday().isoformat(), clock)
        actions.propose(
            request,
            by=cast.secretary,
            means="EMAIL",
            starts_at=moment,
            hold_until=moment - dt.timedelta(days=1),
            place="Makam",
            accept_unusual=True,
        )


def test_an_appointment_is_asked_for_followed_and_its_proposal_accepted(mine: Asking, cast: Cast) -> None:
    reference = asked(mine, cast)
    with system():
        request = AppointmentRequest.objects.select_related("applicant").get(reference=reference)
        assert (request.channel, request.party_size) == ("PORTAL", 2)
        assert request.privacy_notice is not None
    shown = mine.data(APPOINTMENT, r=reference)["portalAppointment"]
    assert (shown["status"], shown["canCancel"], shown["answers"]) == ("Alındı", True, [])
    proposed(reference, cast)
    shown = mine.data(APPOINTMENT, r=reference)["portalAppointment"]
    assert shown["status"] == "Size bir saat önerildi"
    assert shown["place"] == "Makam"
    assert set(shown["answers"]) >= {"ACCEPT", "REFUSE"}
    done = mine.does(
        "portalAppointmentAnswer", f"became appointment {SHOWN}", reference=reference, answer="ACCEPT"
    )
    assert (done["errors"], done["became"]) == ([], "ACCEPTED")
    assert done["appointment"]["status"] == "Randevunuz verildi"
    again = mine.does("portalAppointmentAnswer", "became", reference=reference, answer="ACCEPT")
    assert [error["code"] for error in again["errors"]] == ["WRONG_STATE"]


LIST = """query($n: Int, $a: String) { portalAppointments(first: $n, after: $a) { totalCount
  nodes { reference kind principal registeredAt status startsAt place isAwaited canCancel }
  pageInfo { hasNextPage endCursor } } }"""


def test_the_list_has_what_this_account_asked_for_the_newest_first(mine: Asking, cast: Cast) -> None:
    numbers = [asked(mine, cast, subject=f"Konu {number}") for number in range(3)]
    asked(portal("portal.baska"), cast)
    page = mine.data(LIST, n=2)["portalAppointments"]
    assert page["totalCount"] == 3
    assert [row["reference"] for row in page["nodes"]] == numbers[:0:-1]
    rest = mine.data(LIST, n=2, a=page["pageInfo"]["endCursor"])["portalAppointments"]
    assert [row["reference"] for row in rest["nodes"]] == numbers[:1]
    assert (page["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)


def test_a_line_says_what_the_request_itself_says(mine: Asking, cast: Cast) -> None:
    """In the applicant's words, and no time before they were told of it or after it fell through."""
    reference = asked(mine, cast)

    def both() -> tuple[dict[str, Any], dict[str, Any]]:
        (line,) = mine.data(LIST, n=5)["portalAppointments"]["nodes"]
        whole = mine.data(APPOINTMENT, r=reference)["portalAppointment"]
        for name in ("reference", "principal", "status", "startsAt", "place", "canCancel"):
            assert line[name] == whole[name], name
        return line, whole

    line, _whole = both()
    assert (line["kind"], line["status"], line["isAwaited"], line["startsAt"]) == (
        "REQUEST",
        "Alındı",
        False,
        None,
    )
    proposed(reference, cast)
    line, _whole = both()
    assert (line["isAwaited"], line["place"]) == (True, "Makam")
    times = mine.data(APPOINTMENT, r=reference)["portalAppointment"]["times"]
    chosen = {"answer": "CHOOSE", "startsAt": times[0]["startsAt"]}
    mine.does("portalAppointmentAnswer", reference=reference, **chosen)
    line, whole = both()
    assert (whole["isChosen"], line["isAwaited"]) == (True, False)
    assert dt.datetime.fromisoformat(line["startsAt"]) == dt.datetime.fromisoformat(times[0]["startsAt"])
    mine.does("portalAppointmentCancel", reference=reference)
    line, _whole = both()
    assert (line["status"], line["startsAt"], line["canCancel"]) == ("Geri alındı", None, False)


def test_the_list_costs_the_same_however_long_it_is(mine: Asking, cast: Cast) -> None:
    counts: list[int] = []
    for _round in range(2):
        for number in range(3):
            reference = asked(mine, cast, subject=f"Konu {number}")
        proposed(reference, cast, f"1{4 + len(counts)}:00")
        with CaptureQueriesContext(connection) as caught:
            mine.data(LIST, n=50)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_the_list_is_for_portals_alone_and_tells_nothing_of_the_inside(mine: Asking, cast: Cast) -> None:
    reference = asked(mine, cast)
    with system():
        request = AppointmentRequest.objects.get(reference=reference)
        actions.correct(request, by=cast.secretary, subject="İÇERİDEN-KONU", body="İÇERİDEN-NOT")
    told = json.dumps(mine.data(LIST, n=5), ensure_ascii=False)
    for inside in ("İÇERİDEN", "Zeynep", "Kemal", "İlkay"):
        assert inside not in told
    assert errors_of(Asking().answer(LIST)) == ["UNAUTHENTICATED"]
    assert errors_of(Asking(cast.secretary).answer(LIST)) == ["FORBIDDEN"]
    assert errors_of(portal("portal.iletir", ["SUBMIT"]).answer(LIST)) == ["FORBIDDEN"]


def test_whom_a_portal_was_shown_stands_in_the_read_log(mine: Asking, cast: Cast) -> None:
    reference = asked(mine, cast)
    with system():
        applicant = AppointmentRequest.objects.get().applicant_id
        before = AccessLog.objects.count()
    for query, given in ((LIST, {}), (APPOINTMENT, {"r": reference})):
        mine.data(query, **given)
    with system():
        notes = list(AccessLog.objects.order_by("pk").values_list("subject_ids", "purpose"))
    assert notes[before:] == [([applicant], "portal")] * 2


def test_a_free_time_is_chosen_instead(mine: Asking, cast: Cast) -> None:
    reference = asked(mine, cast)
    proposed(reference, cast)
    times = mine.data(APPOINTMENT, r=reference)["portalAppointment"]["times"]
    assert times
    done = mine.does(
        "portalAppointmentAnswer",
        f"became appointment {SHOWN}",
        reference=reference,
        answer="CHOOSE",
        startsAt=times[0]["startsAt"],
    )
    assert (done["errors"], done["became"]) == ([], "CHOSEN")
    assert done["appointment"]["isChosen"] is True


def test_a_request_is_taken_back_once(mine: Asking, cast: Cast) -> None:
    reference = asked(mine, cast)
    for _click in range(2):
        done = mine.does("portalAppointmentCancel", f"appointment {SHOWN}", reference=reference)
        assert done["errors"] == []
        assert (done["appointment"]["status"], done["appointment"]["canCancel"]) == ("Geri alındı", False)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"subject": " "}, "REQUIRED", "subject"),
        ({"kind": "STAFF"}, "INVALID", "kind"),
        ({"privacyNotice": "case-tr-1"}, "INVALID", "privacyNotice"),
        ({"contact": WHO | {"phone": "1"}}, "INVALID", "contact.phone"),
        ({"wishedFrom": day(-10), "wishedUntil": day(-11)}, "INVALID", "wishedUntil"),
        ({"partySize": 0}, "INVALID", "partySize"),
    ],
)
def test_what_is_wrong_is_named(mine: Asking, cast: Cast, given: Any, code: str, field: str) -> None:
    whole = {
        "principal": global_id(cast.mayors),
        "kind": "REQUEST",
        "subject": "Konu",
        "contact": WHO,
        "privacyNotice": "appointment-tr-1",
    } | given
    (error,) = mine.does("portalAppointmentSubmit", "appointment { reference }", **whole)["errors"]
    assert (error["code"], error["field"]) == (code, field)
    with system():
        assert not AppointmentRequest.objects.exists()


def test_another_portal_finds_no_request_and_no_word_of_the_inside_is_told(mine: Asking, cast: Cast) -> None:
    reference, other = asked(mine, cast), portal("portal.baska")
    there, nowhere = (other.post(APPOINTMENT, {"r": one}) for one in (reference, "RT-2026/99"))
    assert there.content == nowhere.content
    for mutation, more in {
        "portalAppointmentCancel": {},
        "portalAppointmentAnswer": {"answer": "CANCEL"},
    }.items():
        answers = [
            other.does(mutation, f"appointment {SHOWN}", reference=one, **more)
            for one in (reference, "RT-2026/99")
        ]
        assert answers[0] == answers[1]
        assert answers[0]["errors"][0]["code"] == "NOT_FOUND"
    proposed(reference, cast)
    with system():
        request = AppointmentRequest.objects.get(reference=reference)
        actions.correct(request, by=cast.secretary, subject="İÇERİDEN-KONU", body="İÇERİDEN-NOT")
    told = json.dumps(mine.data(APPOINTMENT, r=reference), ensure_ascii=False)
    for inside in ("İÇERİDEN", "Zeynep", "Kemal", "İlkay", "/randevu/"):
        assert inside not in told


def test_a_meeting_is_suggested_as_a_request(mine: Asking, cast: Cast) -> None:
    given = {
        "principal": global_id(cast.mayors),
        "subject": "Ortak ağaç dikimi",
        "contact": WHO,
        "privacyNotice": "appointment-tr-1",
    }
    taken = mine.does(
        "portalMeetingSuggest", "appointment { reference }", organisation="Yeşil Vadi Derneği", **given
    )
    with system():
        request = AppointmentRequest.objects.get(reference=taken["appointment"]["reference"])
    assert (request.kind, request.organisation) == ("ORGANISATION", "Yeşil Vadi Derneği")
    (error,) = mine.does("portalMeetingSuggest", organisation=" ", **given)["errors"]
    assert (error["code"], error["field"]) == ("REQUIRED", "organisation")


def test_busy_times_are_told_where_they_are_published_and_say_nothing_else(cast: Cast) -> None:
    day = tuesday()
    make_entry(cast.mayors, "ÇOK-GİZLİ", at(day.isoformat(), "10:00"), 60)
    nobody, mayors = Asking(), global_id(cast.mayors)
    asked_for = {"p": mayors, "f": day.isoformat(), "u": day.isoformat()}
    hidden = nobody.answer(BUSY, **asked_for)
    missing = nobody.answer(BUSY, **(asked_for | {"p": global_id(cast.deputys)}))
    assert hidden == missing == {"data": {"publicFreeBusy": None}}
    assert nobody.answer(BUSY, **(asked_for | {"p": "x"})) == missing
    with system():
        programme.change_principal(cast.mayors, by=cast.secretary, publishes_busy=True)
    told = nobody.data(BUSY, **asked_for)["publicFreeBusy"]
    starts = [dt.datetime.fromisoformat(one["startsAt"]) for one in told]
    assert starts == [at(day.isoformat(), "10:00")]
    assert "GİZLİ" not in json.dumps(told, ensure_ascii=False)
    late = (timezone.localdate() + dt.timedelta(days=61)).isoformat()
    assert errors_of(nobody.answer(BUSY, **(asked_for | {"u": late}))) == ["OVER_LIMIT"]
    past = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
    assert errors_of(nobody.answer(BUSY, **(asked_for | {"f": past}))) == ["INVALID"]
    names = nobody.data("{ publicPrincipals { id name publishesBusy } }")["publicPrincipals"]
    assert {"id": mayors, "name": cast.mayors.name, "publishesBusy": True} in names


def test_busy_times_are_half_hours_of_the_working_time(cast: Cast) -> None:
    day = tuesday()
    with system():
        programme.change_principal(cast.mayors, by=cast.secretary, publishes_busy=True)
    for clock, minutes in (("09:10", 10), ("09:40", 5), ("16:50", 120), ("21:00", 60)):
        make_entry(cast.mayors, "Gizli", at(day.isoformat(), clock), minutes)
    span = {"p": global_id(cast.mayors), "f": day.isoformat(), "u": (day + dt.timedelta(days=1)).isoformat()}
    told = Asking().data(BUSY, **span)["publicFreeBusy"]
    clocks = [
        tuple(
            f"{dt.datetime.fromisoformat(one[end]).astimezone(ISTANBUL):%H:%M}"
            for end in ("startsAt", "endsAt")
        )
        for one in told
    ]
    assert clocks == [("09:00", "10:00"), ("16:30", "17:00")]


def test_a_time_that_fell_through_is_told_to_no_portal(mine: Asking, cast: Cast) -> None:
    reference = asked(mine, cast)
    proposed(reference, cast)
    shown = mine.data(APPOINTMENT, r=reference)["portalAppointment"]
    assert (shown["startsAt"] is not None, shown["place"]) == (True, "Makam")
    with system():
        request = AppointmentRequest.objects.get(reference=reference)
        held = request.entry_id
    mine.does("portalAppointmentCancel", reference=reference)
    with system():  # an entry that the house keeps for something else
        AppointmentRequest.objects.filter(reference=reference).update(entry=held)
    shown = mine.data(APPOINTMENT, r=reference)["portalAppointment"]
    assert (shown["startsAt"], shown["place"]) == (None, "")


def test_the_public_calendar_is_read_by_portals_and_by_nobody_signed_in(mine: Asking, cast: Cast) -> None:
    event = make_event(cast.mayors)
    with system():
        events.announce(event, by=None)
        events.publish(event, by=cast.secretary, title="Şenlik", text="Herkes davetlidir.")
    asked_for = "{ publishedEvents { totalCount nodes { id title text place isCancelled } } }"
    for asking in (mine, Asking(), Asking(cast.outsider)):
        found = asking.data(asked_for)["publishedEvents"]
        assert (found["totalCount"], found["nodes"][0]["title"]) == (1, "Şenlik")


def test_an_invitation_is_answered_by_its_link(mine: Asking, cast: Cast) -> None:
    event = make_event(cast.mayors, title="İftar")
    with system():
        events.announce(event, by=None)
    guest = make_guest(event, "Ayşe", "Işık", answer=None, companions_allowed=1)
    with system():
        guest.refresh_from_db()
        token = invitations.token_for(guest)
    query = (
        "query($t: String!) { portalInvitation(token: $t) { name title answer mayAnswer companionsAllowed } }"
    )
    shown = mine.data(query, t=token)["portalInvitation"]
    assert (shown["title"], shown["answer"]) == ("İftar", "WAITING")
    done = mine.does(
        "portalInvitationAnswer",
        "invitation { answer companions }",
        token=token,
        answer="COMING",
        companions=1,
    )
    assert done == {"errors": [], "invitation": {"answer": "COMING", "companions": 1}}
    (error,) = mine.does("portalInvitationAnswer", token="yok", answer="COMING")["errors"]
    assert (error["code"], error["field"]) == ("NOT_FOUND", "token")
    assert mine.data(query, t="yok")["portalInvitation"] is None


def test_whoever_answers_with_names_was_shown_the_privacy_notice(mine: Asking, cast: Cast) -> None:
    """KVKK m.10: the version that was shown is kept with the guest, the first one for good."""
    event = make_event(cast.mayors, title="İftar")
    with system():
        events.announce(event, by=None)
    guest = make_guest(event, "Ayşe", "Işık", answer=None, companions_allowed=1)
    with system():
        guest.refresh_from_db()
        token = invitations.token_for(guest)
    query = "query($t: String!) { portalInvitation(token: $t) { privacyNotice } }"
    assert mine.data(query, t=token)["portalInvitation"]["privacyNotice"] is None
    given = {"token": token, "answer": "COMING", "companions": 1, "companionNames": "Çağrı Işık"}
    shown = "invitation { answer privacyNotice }"
    for wrong, code in (
        ({}, "REQUIRED"),
        ({"privacyNotice": "case-tr-1"}, "INVALID"),
        ({"privacyNotice": "x"}, "INVALID"),
    ):
        refused = mine.does("portalInvitationAnswer", shown, **given, **wrong)
        (error,) = refused["errors"]
        assert (error["code"], error["field"], refused["invitation"]) == (code, "privacyNotice", None)
    with system():
        guest.refresh_from_db()
        assert (guest.answer, guest.companion_names) == ("WAITING", "")
    done = mine.does("portalInvitationAnswer", shown, **given, privacyNotice="event-tr-1")
    assert done == {"errors": [], "invitation": {"answer": "COMING", "privacyNotice": "event-tr-1"}}
    assert mine.data(query, t=token)["portalInvitation"]["privacyNotice"] == "event-tr-1"
    again = mine.does("portalInvitationAnswer", shown, **given | {"note": "Geç gelecek."})
    assert again["errors"] == []  # one was shown before


def test_a_suggestion_about_an_event_is_a_case_of_the_portal(mine: Asking, cast: Cast) -> None:
    event = make_event(cast.mayors)
    with system():
        events.announce(event, by=None)
        events.publish(event, by=cast.secretary, title="Şenlik", text="Herkes davetlidir.")
        published = PublishedEvent.objects.get()
    given = {
        "text": "Çocuklar için bir köşe olsun.",
        "contact": WHO,
        "privacyNotice": "suggestion-tr-1",
        "event": global_id(published),
    }
    first, again = (mine.does("portalEventSuggest", "reference trackingCode", **given) for _click in range(2))
    assert first["errors"] == []
    assert first == again
    with system():
        case = Complaint.objects.get()
    assert (case.kind, case.subject) == ("SUGGESTION", "Etkinlik hakkında öneri: Şenlik")
    shown = mine.data("query($c: String!) { portalComplaint(code: $c) { status } }", c=first["trackingCode"])
    assert shown["portalComplaint"]["status"] == "Alındı"
    (error,) = mine.does("portalEventSuggest", **(given | {"contact": {"firstName": "İlkay"}}))["errors"]
    assert error["code"] == "REQUIRED"


def test_a_programme_shows_what_it_publishes(cast: Cast) -> None:
    principal = make_principal(publishes_busy=True)
    found = Asking(cast.secretary).data("{ principals { nodes { name publishesBusy } } }")["principals"][
        "nodes"
    ]
    assert {"name": principal.name, "publishesBusy": True} in found


PLACES = "{ publicDayPlaces { id principal { name } day startsAt place free times { startsAt endsAt } } }"


def test_a_place_of_a_halk_gunu_is_taken_followed_and_given_back(mine: Asking, cast: Cast) -> None:
    session = make_public_day(cast.mayors, place="Meclis salonu")
    assert Asking().data(PLACES)["publicDayPlaces"] == []
    given = {"id": global_id(session), "places": 2}
    denied = Asking(cast.fen_clerk).does("publicDayOffer", "visitors", **given)
    assert [one["code"] for one in denied["errors"]] in (["FORBIDDEN"], ["NOT_FOUND"])
    opened = Asking(cast.secretary).does("publicDayOffer", "publicDay { placesOnline }", **given)
    assert opened["publicDay"] == {"placesOnline": 2}
    (found,) = Asking().data(PLACES)["publicDayPlaces"]
    assert (found["free"], found["place"], len(found["times"])) == (2, "Meclis salonu", 9)
    facts = {
        "publicDay": found["id"],
        "startsAt": found["times"][1]["startsAt"],
        "kind": "REQUEST",
        "subject": "Okul bahçesi",
        "partySize": 3,
        "contact": WHO,
        "privacyNotice": "appointment-tr-1",
    }
    wrong = mine.does("portalPublicDayBook", "appointment { reference }", **(facts | {"subject": " "}))
    assert [one["field"] for one in wrong["errors"]] == ["subject"]
    taken = mine.does(
        "portalPublicDayBook", "appointment { reference statusCode startsAt place canCancel }", **facts
    )
    assert taken["errors"] == []
    shown = taken["appointment"]
    assert (shown["statusCode"], shown["place"], shown["canCancel"]) == (
        "ON_PUBLIC_DAY",
        "Meclis salonu",
        True,
    )
    again = mine.does("portalPublicDayBook", "appointment { reference }", **facts)
    assert [(one["code"], one["field"]) for one in again["errors"]] == [("DUPLICATE", "publicDay")]
    visits = "{ publicDays(first: 1) { nodes { visits { isBooked request { reference partySize } } } } }"
    (visit,) = Asking(cast.secretary).data(visits)["publicDays"]["nodes"][0]["visits"]
    assert visit == {"isBooked": True, "request": {"reference": shown["reference"], "partySize": 3}}
    back = mine.does("portalAppointmentCancel", "appointment { status }", reference=shown["reference"])
    assert back["errors"] == []
    assert Asking().data(PLACES)["publicDayPlaces"][0]["free"] == 2


def test_days_with_places_cost_as_many_statements_however_many_they_are(cast: Cast) -> None:
    counts = []
    for number in (2, 9):
        session = make_public_day(cast.mayors, on=day(number))
        with system():
            actions.offer_places(session, by=None, places=2)
        with CaptureQueriesContext(connection) as queries:
            Asking().data(PLACES)
        counts.append(len(queries))
    assert counts[0] == counts[1]
