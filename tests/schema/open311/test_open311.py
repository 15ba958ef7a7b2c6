"""Open311 GeoReport v2: what its specification says and shows, asked as its clients do, in XML and in JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.complaints import actions
from backend.complaints.choices import Channel, Kind
from backend.complaints.models import Attachment, Complaint, ComplaintLine
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.organization.models import Category
from backend.portals.clients import register_client
from backend.portals.models import Scope
from permissions.portals import public as public_clients
from schema.open311.answers import element
from tests.cast import Cast
from tests.factories import make_category, make_complaint, make_neighbourhood
from tests.schema.complaints.test_files import picture
from tests.schema.complaints.test_portal_cases import replied
from tests.schema.portal_client import make_notices, make_portal

AT = "/open311/v2/"
EXAMPLE = {
    "jurisdiction_id": "sancaktepe.example",
    "lat": "41.00210",
    "long": "29.23110",
    "address_string": "İğdeli Sokak 4",
    "email": "ilkay@example.org",
    "device_id": "tt222111",
    "account_id": "123456",
    "first_name": "İlkay",
    "last_name": "Işık",
    "phone": "0532 111 22 33",
    "description": "Kaldırımda büyük bir çukur var. Üç gündür kimse gelmedi.\n<b>Işıklar</b> da yanmıyor.",
    "media_url": "https://example.org/a.jpg?b=1&c=2",
    "attribute[kind]": "REQUEST",
    "attribute[privacy_notice]": "case-tr-1",
}
"""The specification's own example, in our words."""
FIELDS = [
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
    *("address", "address_id", "zipcode", "lat", "long", "media_url"),
]
W3 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00")


@pytest.fixture(autouse=True)
def notices(db: None) -> None:
    make_notices()


@pytest.fixture
def category(db: None) -> Category:
    group = make_category(code="yol", name="Yol ve kaldırım")
    return make_category(
        code="kaldirim", name="Kaldırım & <bordür>", parent=group, keywords=["kaldırım", "parke"]
    )


class Standard:
    """A client of the standard with its token."""

    def __init__(self, token: str | None) -> None:
        self.headers = {"authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Any:
        return Client().get(AT + path, query, headers=self.headers)

    def post(self, path: str = "requests.json", headers: dict[str, str] | None = None, **given: Any) -> Any:
        return Client().post(AT + path, given, headers={**self.headers, **(headers or {})})

    def reported(self, **more: Any) -> dict[str, Any]:
        answer = self.post(**(EXAMPLE | {"service_code": "kaldirim"} | more))
        assert answer.status_code == 200, answer.content.decode()
        return json.loads(answer.content)[0]


@pytest.fixture
def mine(cast: Cast, category: Category) -> Standard:
    return Standard(make_portal()[1])


def xml(answer: Any) -> ElementTree.Element:
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.lower().startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer


def errors(answer: Any) -> list[tuple[int, str]]:
    return [(one["code"], one["description"]) for one in json.loads(answer.content)]


def test_whom_a_portal_was_shown_stands_in_the_read_log(mine: Standard) -> None:
    """As by GraphQL: after a leak one can say whose cases a token read."""
    number = mine.reported()["service_request_id"]
    mine.reported(first_name="", last_name="", phone="", email="")  # of nobody
    with system():
        applicant = Complaint.objects.exclude(applicant=None).get().applicant_id
        before = AccessLog.objects.count()
    for path in ("requests.json", f"requests/{number}.xml", "requests.json?status=closed"):
        assert mine.get(path).status_code == 200
    with system():
        notes = list(AccessLog.objects.order_by("pk").values_list("subject_ids", "purpose"))
    assert notes[before:] == [([applicant], "portal")] * 2


def test_services_are_listed_to_everybody_in_both_formats(category: Category) -> None:
    nobody = Standard(None)
    answer = nobody.get("services.json", jurisdiction_id="sancaktepe.example")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(answer.content) == [
        {
            "service_code": "kaldirim",
            "service_name": "Kaldırım & <bordür>",
            "description": "Yol ve kaldırım: Kaldırım & <bordür>",
            "metadata": True,
            "type": "realtime",
            "keywords": "kaldırım, parke",
            "group": "Yol ve kaldırım",
        }
    ]
    root = xml(nobody.get("services.xml"))
    assert root.tag == "services"
    assert [child.tag for child in root] == ["service"]
    assert root.findtext("service/service_name") == "Kaldırım & <bordür>"
    assert root.findtext("service/metadata") == "true"


def test_a_definition_names_its_attributes_and_shows_the_privacy_notice(category: Category) -> None:
    make_neighbourhood(name="İnönü")
    told = json.loads(Standard(None).get("services/kaldirim.json").content)
    attributes = {one["code"]: one for one in told["attributes"]}
    assert list(attributes) == ["kind", "neighbourhood", "privacy_text", "privacy_notice"]
    assert [one["order"] for one in told["attributes"]] == [1, 2, 3, 4]
    assert {one["key"] for one in attributes["kind"]["values"]} == set(Kind.values)
    assert "İnönü" in [one["name"] for one in attributes["neighbourhood"]["values"]]
    assert attributes["privacy_text"]["variable"] is False
    root = xml(Standard(None).get("services/kaldirim.xml"))
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute/values/value/key")
    assert errors(Standard(None).get("services/yok.json"))[0][0] == 404


def test_a_report_is_registered_with_what_the_standard_names(mine: Standard) -> None:
    place = make_neighbourhood()
    told = mine.reported(**{"attribute[neighbourhood]": place.code})
    assert set(told) == {"service_request_id", "service_notice", "account_id"}
    with system():
        case = Complaint.objects.select_related("applicant", "category", "neighbourhood").get()
    assert told["service_request_id"] == case.reference.replace("/", "-")
    assert case.tracking_code in told["service_notice"]
    assert (case.kind, case.channel, case.category.code) == (Kind.REQUEST, Channel.E_MUNICIPALITY, "kaldirim")
    assert case.neighbourhood == place
    assert case.subject == "Kaldırımda büyük bir çukur var."
    assert case.body.endswith("media_url: https://example.org/a.jpg?b=1&c=2")
    assert (float(case.latitude), float(case.longitude), case.place) == (41.0021, 29.2311, "İğdeli Sokak 4")
    assert (case.applicant.first_name, case.applicant.last_name) == ("İlkay", "Işık")
    assert case.privacy_notice is not None
    assert (case.regime, case.raw_due_on) == ("PETITION_3071", case.registered_on + dt.timedelta(days=30))


def test_a_report_of_nobody_is_a_request_for_service(mine: Standard) -> None:
    """3071 m.4: without a name there is no petition."""
    mine.reported(first_name="", last_name="", phone="", email="")
    with system():
        case = Complaint.objects.get()
    assert (case.regime, case.legal_due_on) == ("SERVICE_REQUEST", None)


def test_the_answer_to_a_report_is_the_one_of_the_specification_in_xml(mine: Standard) -> None:
    answer = mine.post(
        "requests.xml", service_code="kaldirim", address_string="İğdeli Sokak", description="Çukur"
    )
    root = xml(answer)
    assert root.tag == "service_requests"
    assert [child.tag for child in root] == ["request"]
    assert [child.tag for child in root[0]] == ["service_request_id", "service_notice", "account_id"]
    assert root.findtext("request/account_id") == ""


def test_the_key_may_stand_in_the_form_and_in_the_address(mine: Standard) -> None:
    token = mine.headers["authorization"].split()[1]
    by_form = Standard(None).post(
        api_key=token, service_code="kaldirim", address_string="x", description="Çukur"
    )
    assert by_form.status_code == 200
    given = {"service_code": "kaldirim", "address_string": "x", "description": "Çukur"}
    assert Client().post(f"{AT}requests.json?api_key={token}", given).status_code == 200
    assert len(Standard(None).get("requests.json", api_key=token).json()) == 2
    for answer in (
        Standard(None).get("requests.json", api_key="okm_wrong"),
        Standard(None).get("requests.json"),
        Standard(None).post(service_code="kaldirim", address_string="x"),
        Standard(None).post(api_key="okm_wrong", service_code="kaldirim", address_string="x"),
        Standard("okm_wrong").get("requests.json"),
    ):
        assert answer.status_code == 403
        assert errors(answer)[0][0] == 403
        assert token not in answer.content.decode()
    elsewhere = Client().get(f"/graphql/?api_key={token}&query={{ __typename }}", headers={"accept": "*/*"})
    assert elsewhere.status_code == 405  # nobody's: a key in an address opens Open311 alone
    root = xml(Standard("okm_wrong").get("requests.xml"))
    assert (root.tag, root.findtext("error/code")) == ("errors", "403")


def test_a_person_signed_in_to_a_browser_and_a_token_of_the_staff_are_nobody_here(
    cast: Cast, category: Category
) -> None:
    browser = Client()
    browser.force_login(cast.secretary, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get(f"{AT}requests.json").status_code == 403
    assert Standard(cast.portal_secret).get("requests.json").status_code == 403
    answer = Standard(cast.portal_secret).post(service_code="kaldirim", address_string="x")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("given", "status", "named"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "yok"}, 404, "service_code"),
        ({"service_code": "\x00"}, 400, "service_code"),
        ({"jurisdiction_id": "sfgov.org"}, 404, "jurisdiction_id"),
        ({"lat": "", "long": "", "address_string": ""}, 400, "address_string"),
        ({"lat": "41"}, 400, ""),
        ({"lat": "41", "long": ""}, 400, "long"),
        ({"lat": "nan"}, 400, "lat"),
        ({"lat": "kırk bir"}, 400, "lat"),
        ({"description": "ç" * 4001}, 413, "description"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"attribute[kind]": "NONSENSE"}, 400, "kind"),
        ({"attribute[neighbourhood]": "yok"}, 400, "neighbourhood"),
        ({"attribute[privacy_notice]": ""}, 400, "privacy_notice"),
        ({"first_name": ""}, 400, "first_name"),
        ({"phone": "12"}, 400, "contact.phone"),
        ({"address_string": "x" * 301}, 413, "address_string"),
    ],
)
def test_what_cannot_be_right_is_named_and_nothing_is_done(
    mine: Standard, given: dict[str, str], status: int, named: str
) -> None:
    answer = mine.post(**(EXAMPLE | {"service_code": "kaldirim"} | given))
    if given == {"lat": "41"}:  # the other half is there
        assert answer.status_code == 200
        return
    assert answer.status_code == status
    [(code, description)] = errors(answer)
    assert code == status
    assert description.startswith(f"{named}")
    with system():
        assert not Complaint.objects.exists()


def test_a_report_sent_again_under_its_key_is_done_once(mine: Standard) -> None:
    given = EXAMPLE | {"service_code": "kaldirim"}
    first = mine.post(headers={"Idempotency-Key": "a"}, **given)
    again = mine.post("requests.xml", headers={"Idempotency-Key": "a"}, **given)
    [told] = json.loads(first.content)
    assert xml(again).findtext("request/service_request_id") == told["service_request_id"]
    other = mine.post(headers={"Idempotency-Key": "a"}, **(given | {"description": "Başka"}))
    assert other.status_code == 400
    with system():
        assert Complaint.objects.count() == 1


def test_pictures_come_along_in_the_form(mine: Standard) -> None:
    file = SimpleUploadedFile("İğde.png", picture(), "image/png")
    mine.reported(media=file)
    with system():
        assert Attachment.objects.get().name == "İğde.png"
    bad = mine.post(
        **(EXAMPLE | {"service_code": "kaldirim", "media": SimpleUploadedFile("a.exe", b"MZ" * 50)})
    )
    assert bad.status_code == 400
    with system():
        assert Complaint.objects.count() == 1  # all of it or nothing


def test_a_request_is_shown_as_the_standard_says_and_gives_no_person_back(mine: Standard, cast: Cast) -> None:
    told = mine.reported()
    shown = json.loads(mine.get(f"requests/{told['service_request_id']}.json").content)
    assert [list(one) for one in shown] == [FIELDS]
    [one] = shown
    assert (one["status"], one["status_notes"], one["service_code"]) == ("open", "Alındı", "kaldirim")
    assert W3.fullmatch(one["requested_datetime"])
    assert (one["lat"], one["long"], one["address"]) == (41.0021, 29.2311, "İğdeli Sokak 4")
    root = xml(mine.get(f"requests/{told['service_request_id']}.xml"))
    assert [child.tag for child in root[0]] == FIELDS
    text = ElementTree.tostring(root, encoding="unicode")
    for hidden in ("İlkay", "Işık", "0532", "ilkay@", "Üç gündür"):
        assert hidden not in text
    with system():
        case = Complaint.objects.get()
        # Without signature and address it is no petition (3071 m.4): the office says so before it answers.
        actions.triage(case, by=cast.secretary, regime="SERVICE_REQUEST")
    replied(case.tracking_code, cast)
    [done] = json.loads(mine.get("requests.json").content)
    assert done["status"] == "closed"
    assert done["updated_datetime"] >= done["requested_datetime"]
    assert cast.fen_clerk.last_name not in json.dumps(done, ensure_ascii=False)


def test_only_what_the_client_brought_is_there(mine: Standard, cast: Cast) -> None:
    other = Standard(make_portal("baska.portal")[1])
    told = other.reported()
    foreign = make_complaint()
    missing = mine.get("requests/1999-1.json")
    for number in (told["service_request_id"], foreign.reference.replace("/", "-")):
        answer = mine.get(f"requests/{number}.json")
        assert (answer.status_code, answer.content) == (404, missing.content)
        assert mine.get(f"tokens/{number}.json").status_code == 404
    assert json.loads(mine.get("requests.json").content) == []
    assert json.loads(mine.get("requests.json", service_request_id=told["service_request_id"]).content) == []


def test_a_number_is_its_own_token(mine: Standard) -> None:
    number = mine.reported()["service_request_id"]
    assert json.loads(mine.get(f"tokens/{number}.json").content) == [
        {"service_request_id": number, "token": number}
    ]


def test_the_list_is_narrowed_by_number_service_status_and_time(mine: Standard) -> None:
    first, second = mine.reported(), mine.reported()
    with system():
        case = Complaint.objects.order_by("id").first()
        assert case is not None
        past = timezone.now() - dt.timedelta(days=120)
        Complaint.objects.filter(pk=case.pk).update(registered_at=past)

    def found(**query: Any) -> list[str]:
        return [one["service_request_id"] for one in json.loads(mine.get("requests.json", **query).content)]

    one, two = first["service_request_id"], second["service_request_id"]
    assert found() == [two]
    assert found(service_request_id=f"{one}, {two}") == [two, one]
    assert found(start_date=(past - dt.timedelta(days=1)).isoformat()) == [one]
    assert found(end_date=(past + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")) == [one]
    assert found(service_code="kaldirim,baska") == [two]
    assert found(service_code="baska") == []
    assert (found(status="open"), found(status="closed"), found(status="open,closed")) == ([two], [], [two])


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"status": "done"}, "status"),
        ({"start_date": "2026-05-24"}, "start_date"),
        ({"start_date": "2026-05-24T00:00:00"}, "start_date"),
        ({"end_date": "2026-13-24T00:00:00Z"}, "end_date"),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, "start_date"),
        ({"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"}, "start_date"),
        ({"start_date": "9999-12-31T00:00:00Z"}, "start_date"),
        ({"end_date": "0001-01-01T00:00:00Z"}, "end_date"),
        ({"service_code": "kaldirim\x00"}, "service_code"),
        ({"service_request_id": "2026-1\x00"}, "service_request_id"),
        ({"after": "\x00"}, "after"),
        ({"jurisdiction_id": "\x00"}, "jurisdiction_id"),
        ({"page_size": "00010000000"}, "page_size"),
        ({"page_size": "viele"}, "page_size"),
        ({"page_size": "101"}, "page_size"),
        ({"page_size": "0"}, "page_size"),
        ({"after": "x"}, "after"),
        ({"service_request_id": ",".join(["2026-1"] * 101)}, "service_request_id"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(
    mine: Standard, query: dict[str, str], named: str
) -> None:
    answer = mine.get("requests.json", **query)
    assert answer.status_code == 400
    assert errors(answer)[0][1].startswith(named)


def test_pages_follow_one_another_with_a_constant_number_of_statements(mine: Standard) -> None:
    numbers = [mine.reported()["service_request_id"] for _each in range(5)][::-1]
    counts = []
    found: list[str] = []
    at: str | None = f"{AT}requests.json?page_size=2&status=open&service_code=kaldirim&service_code=baska"
    while at:
        with CaptureQueriesContext(connections["default"]) as queries:
            answer = Client().get(at, headers=mine.headers)
        counts.append(len(queries))
        found += [one["service_request_id"] for one in json.loads(answer.content)]
        following = re.fullmatch(r'<https?://[^/]+(/[^>]+)>; rel="next"', answer.headers.get("Link", ""))
        at = following[1] if following else None
    assert found == numbers
    assert len(counts) == 3
    assert max(counts) - min(counts) <= 1


def test_a_client_is_held_to_its_limits_by_every_address(cast: Cast, category: Category) -> None:
    account = make_portal()[0]
    with system():
        client, secret = register_client(
            account=account,
            name="Deneme",
            contact_name="Geliştirici",
            contact_email="gelistirici@example.org",
            scopes=[Scope.SUBMIT, Scope.FOLLOW],
            requests_per_minute=2,
            by=None,
        )
        token = public_clients.issue(str(client.key), secret, None, "192.0.2.1").secret
    mine = Standard(token)
    assert "RateLimit" in mine.get("requests.json")
    given = {"service_code": "kaldirim", "address_string": "İğdeli Sokak", "description": "Çukur"}
    assert Standard(None).post(api_key=token, **given).status_code == 200
    over = mine.get("requests.json")
    assert over.status_code == 429
    assert errors(over)[0][0] == 429
    assert 0 < int(over["Retry-After"]) <= 60


def test_methods_formats_and_addresses_that_are_none(mine: Standard) -> None:
    assert Client().delete(f"{AT}requests.json").status_code == 405
    assert Client().get(f"{AT}requests.html").status_code == 404
    assert json.loads(Client().get("/open311/discovery.json").content)["endpoints"][0]["formats"] == [
        "text/xml",
        "application/json",
    ]
    assert (
        xml(Client().get("/open311/discovery.xml")).findtext("endpoints/endpoint/formats/format")
        == "text/xml"
    )


def test_xml_says_only_what_xml_can_say() -> None:
    made = element("services", [{"service_name": "a\x00\x0b<&\ufffe>", "metadata": False, "group": None}])
    assert ElementTree.tostring(made, encoding="unicode") == (
        "<services><service><service_name>a&lt;&amp;&gt;</service_name><metadata>false</metadata><group /></service>"
        "</services>"
    )


def test_an_address_of_several_lines_is_kept_in_one(category: Category) -> None:
    place = "İğdeli Sokak\r\n4\x0b\u2028 A blok"
    sent = Standard(make_portal()[1]).post(service_code="kaldirim", address_string=place, description="Çukur")
    assert sent.status_code == 200, sent.content
    with system():
        assert Complaint.objects.get().place == "İğdeli Sokak 4 A blok"


def test_what_happened_to_a_request_is_told_as_updates(mine: Standard, cast: Cast) -> None:
    """As FixMyStreet asks for them: by time, in the words of the tracking page."""
    number = mine.reported()["service_request_id"]
    with system():
        case = Complaint.objects.get()
    replied(case.tracking_code, cast)
    told = json.loads(mine.get("servicerequestupdates.json").content)
    assert {one["service_request_id"] for one in told} == {number}
    texts = [one["description"] for one in told]
    assert texts[0] == "Alındı" or len(texts) > 2
    assert any("Çukur kapatıldı." in text for text in texts), "the reply itself, not only that there is one"
    assert told[-1]["status"] == "closed"
    assert told[0]["status"] == "open"
    assert len({one["update_id"] for one in told}) == len(told)
    assert [one["updated_datetime"] for one in told] == sorted(one["updated_datetime"] for one in told)
    assert all(W3.fullmatch(one["updated_datetime"]) for one in told)
    root = xml(mine.get("servicerequestupdates.xml", service_request_id=number))
    assert (root.tag, {child.tag for child in root}) == ("service_request_updates", {"request_update"})
    assert json.loads(mine.get("servicerequestupdates.json", service_request_id="1999-1").content) == []
    later = mine.get(
        "servicerequestupdates.json", start_date="2040-01-01T00:00:00Z", end_date="2040-02-01T00:00:00Z"
    )
    assert json.loads(later.content) == []


def test_updates_are_for_who_brought_the_request_alone(mine: Standard, cast: Cast) -> None:
    number = mine.reported()["service_request_id"]
    other = Standard(make_portal("baska.portal")[1])
    assert json.loads(other.get("servicerequestupdates.json").content) == []
    answer = other.post("servicerequestupdates.json", service_request_id=number, description="Hâlâ duruyor.")
    assert (answer.status_code, errors(answer)[0][0]) == (404, 404)
    assert Standard(None).get("servicerequestupdates.json").status_code == 403


def test_what_the_citizen_adds_is_taken_once(mine: Standard) -> None:
    number = mine.reported()["service_request_id"]
    facts = {
        "service_request_id": number,
        "description": "Hâlâ duruyor.",
        "status": "OPEN",
        "first_name": "Ali",
    }
    key = {"idempotency-key": "2f0e6d1b-0c1f-4a55-9e3a-7a1f0d1c9b43"}
    first = mine.post("servicerequestupdates.xml", headers=key, **facts)
    assert xml(first).findtext("request_update/update_id", "").startswith(f"{number}-")
    again = mine.post("servicerequestupdates.json", headers=key, **facts)
    assert again.status_code == 200
    with system():
        lines = list(ComplaintLine.objects.filter(verb="citizen_added").values_list("note", flat=True))
    assert lines == ["Hâlâ duruyor."]
    empty = mine.post("servicerequestupdates.json", service_request_id=number)
    assert errors(empty)[0][1].startswith("description: ")
    assert errors(mine.post("servicerequestupdates.json", description="x"))[0][1].startswith(
        "service_request_id: "
    )


def test_the_number_of_requests_changes_no_number_of_statements(mine: Standard) -> None:
    mine.reported()
    with CaptureQueriesContext(connections["default"]) as one:
        mine.get("servicerequestupdates.json")
    for _each in range(4):
        mine.reported()
    with CaptureQueriesContext(connections["default"]) as five:
        answer = mine.get("servicerequestupdates.json")
    assert len(json.loads(answer.content)) == 5
    assert len(five) == len(one)


def test_comments_go_both_ways_with_their_place(mine: Standard) -> None:
    """As FixMyStreet sends and fetches them: what it sent comes back under the same name, and is not taken for new."""
    number = mine.reported()["service_request_id"]
    facts = {"service_request_id": number, "lat": "41.00211", "long": "29.23112"}
    sent = mine.post(
        "servicerequestupdates.json",
        description="Bir sokak yukarıda.",
        address_string="İğdeli Sokak 6",
        **facts,
    )
    bare = mine.post("servicerequestupdates.json", **facts)
    names = [json.loads(one.content)[0]["update_id"] for one in (sent, bare)]
    assert len(set(names)) == 2
    found = {one["update_id"]: one for one in json.loads(mine.get("servicerequestupdates.json").content)}
    assert found[names[0]]["description"] == "Bir sokak yukarıda.\n\nYer: İğdeli Sokak 6 (41.00211, 29.23112)"
    assert found[names[1]]["description"] == "Yer: 41.00211, 29.23112"
    assert "Bilgi eklediniz" not in [one["description"] for one in found.values()]
    for wrong in ({"lat": "41"}, {"lat": "410", "long": "29"}, {"lat": "x", "long": "29"}):
        refused = mine.post("servicerequestupdates.json", service_request_id=number, description="x", **wrong)
        assert errors(refused)[0][0] == 400
