"""The acceptance cases of the handbook (domain.md, section 8) with other values of the same rules, by the public doors.

The handbook's own examples are in `tests/schema/complaints/test_cases.py`; a renamed and a closed department (14,
15) also in `tests/schema/organization/test_department_ends.py`. The dates were counted by hand with the calendar
of 2429.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from freezegun import freeze_time

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.reference import load
from schema.core.nodes import encode, global_id
from tests.cast import Cast, signed_in
from tests.factories import make_body, make_citizen, make_complaint, make_neighbourhood
from tests.schema.client import Asking

DATES = "complaint { id rawDueOn legalDueOn targetOn regime reference }"
PERSON = {"firstName": "Ayşe", "lastName": "Işık", "email": "ayse@example.org", "address": "Barış Sokak 5"}
PETITION = {"channel": "PETITION", "kind": "REQUEST", "signatureGiven": True}
REQUEST = {"channel": "WEB", "kind": "INFORMATION_REQUEST"}


def at(day: str, clock: str = "10:00") -> Any:
    return freeze_time(f"{day}T{clock}:00Z")


def register(asking: Asking, fields: str = DATES, **given: Any) -> dict[str, Any]:
    base = {"kind": "COMPLAINT", "channel": "PHONE", "subject": "Çukur", "newApplicant": PERSON}
    return done(asking.does("complaintRegister", fields, **(base | given)))


def done(payload: dict[str, Any]) -> dict[str, Any]:
    assert payload["errors"] == [], payload["errors"]
    return payload["complaint"] or {}


def code_of(payload: dict[str, Any]) -> str:
    assert payload["complaint"] is None
    return payload["errors"][0]["code"]


@pytest.fixture
def secretary(cast: Cast) -> Asking:
    return Asking(cast.secretary)


@pytest.fixture
def shipped(cast: Cast) -> None:
    """The shipped departments, categories and outside bodies."""
    with system():
        assert load().problems == []


# -- 1: the three dates of a petition ------------------------------------------------------------------------
@pytest.mark.parametrize("channel", ["PETITION", "WEB", "KEP"])
@pytest.mark.parametrize(
    ("day", "raw", "legal", "target"),
    [
        ("2026-11-25", "2026-12-25", "2026-12-25", "2026-12-25"),
        ("2026-11-26", "2026-12-26", "2026-12-28", "2026-12-25"),  # a Saturday
        ("2026-11-27", "2026-12-27", "2026-12-28", "2026-12-25"),  # a Sunday
        (
            "2026-09-29",
            "2026-10-29",
            "2026-10-30",
            "2026-10-28",
        ),  # 29 Ekim; the half day before is a working day
        ("2026-04-01", "2026-05-01", "2026-05-04", "2026-04-30"),  # 1 Mayıs on a Friday
        ("2027-02-08", "2027-03-10", "2027-03-12", "2027-03-08"),  # within Ramazan Bayramı
        ("2026-06-15", "2026-07-15", "2026-07-16", "2026-07-14"),  # 15 Temmuz
    ],
)
def test_case_1_raw_legal_and_target_of_a_petition(cast: Cast, channel, day, raw, legal, target):
    with at(day):
        made = register(Asking(cast.secretary), **(PETITION | {"channel": channel}))
    assert (made["rawDueOn"], made["legalDueOn"], made["targetOn"]) == (raw, legal, target)


@pytest.mark.parametrize(
    ("clock", "raw"), [("20:59", "2026-12-25"), ("21:00", "2026-12-26")], ids=["before midnight", "after"]
)
def test_case_1_the_day_of_receipt_is_the_local_day_and_not_counted(cast: Cast, clock, raw):
    with at("2026-11-25", clock):
        assert register(Asking(cast.secretary), **PETITION)["rawDueOn"] == raw


# -- 2 and 3: fifteen and thirty working days ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "fifteen", "thirty"),
    [
        ("2026-11-24", "2026-12-15", "2027-01-06"),  # Yılbaşı
        ("2027-03-01", "2027-03-25", "2027-04-15"),  # Ramazan Bayramı
        ("2027-05-03", "2027-05-27", "2027-06-17"),  # Kurban Bayramı and 19 Mayıs on one day
        ("2026-04-13", "2026-05-06", "2026-06-02"),  # 23 Nisan, 1 Mayıs, then 19 Mayıs and Kurban Bayramı
        ("2026-12-18", "2027-01-11", "2027-02-01"),  # over the turn of the year
    ],
)
def test_case_2_working_days_of_an_information_request_and_its_extension(cast: Cast, day, fifteen, thirty):
    with at(day):
        asking = Asking(cast.secretary)
        made = register(asking, **REQUEST)
        assert made["legalDueOn"] == fifteen
        extended = done(asking.does("complaintExtend", DATES, id=made["id"], reason="Arşiv taranıyor."))
    assert extended["legalDueOn"] == thirty


@pytest.mark.parametrize(
    ("registered", "told", "reason", "expected"),
    [
        ("2026-11-24", "2026-12-15", "Görüş bekleniyor.", "2027-01-06"),  # the last day itself
        ("2026-11-24", "2026-12-16", "Görüş bekleniyor.", "OUT_OF_TIME"),
        ("2026-10-12", "2026-11-03", "Başka birimden gelecek.", "2026-11-24"),
        ("2026-10-12", "2026-11-04", "Başka birimden gelecek.", "OUT_OF_TIME"),
        ("2026-10-12", "2026-10-13", "", "REQUIRED"),
        ("2026-10-12", "2026-10-13", " \n ", "REQUIRED"),
    ],
)
def test_case_3_an_extension_is_in_time_and_reasoned(cast: Cast, registered, told, reason, expected):
    with at(registered):
        made = register(Asking(cast.secretary), **REQUEST)
    with at(told):
        answer = Asking(cast.secretary).does("complaintExtend", DATES, id=made["id"], reason=reason)
    if expected.isupper():
        assert code_of(answer) == expected
    else:
        assert done(answer)["legalDueOn"] == expected


@pytest.mark.parametrize(
    "given", [PETITION, {"channel": "PHONE"}, {"channel": "EMAIL", "regime": "KVKK_REQUEST"}]
)
def test_case_3_what_is_no_information_request_is_not_extended(secretary: Asking, given):
    made = register(secretary, **given)
    assert code_of(secretary.does("complaintExtend", DATES, id=made["id"], reason="Olsun")) == "UNSUPPORTED"


# -- 5: administrative leave -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("leave", "counts", "legal", "target"),
    [
        (["2026-12-15"], False, "2026-12-15", "2026-12-14"),  # on the last day: the target steps back
        (["2026-12-15"], True, "2026-12-16", "2026-12-16"),
        (["2026-12-01", "2026-12-02"], False, "2026-12-15", "2026-12-15"),
        (["2026-12-01", "2026-12-02"], True, "2026-12-17", "2026-12-17"),
        (["2026-12-05"], True, "2026-12-15", "2026-12-15"),  # a Saturday is off anyway
    ],
)
def test_case_5_leave_moves_the_target_and_by_setting_the_law_and_back(
    cast: Cast, settings: Any, leave, counts, legal, target
):
    settings.LEAVE_MOVES_STATUTORY_DATES = counts
    with at("2026-11-24"):
        asking = Asking(cast.secretary)
        made = register(asking, **REQUEST)
        for day in leave:
            given = {"day": day, "reason": "İdari izin"}
            assert asking.does("administrativeLeaveSet", "recomputed", **given)["errors"] == []
        query = "query($i: ID!) { node(id: $i) { ... on Complaint { legalDueOn targetOn lines { verb } } } }"
        moved = asking.data(query, i=made["id"])["node"]
        assert (moved["legalDueOn"], moved["targetOn"]) == (legal, target)
        if (legal, target) != ("2026-12-15", "2026-12-15"):
            assert moved["lines"][0]["verb"] == "RECOMPUTED"
        for day in leave:
            asking.does("administrativeLeaveRemove", "recomputed", day=day)
        back = asking.data(query, i=made["id"])["node"]
    assert (back["legalDueOn"], back["targetOn"]) == ("2026-12-15", "2026-12-15")


# -- 7: nothing is refused at intake ---------------------------------------------------------------------------
LACKING: list[dict[str, Any]] = [
    {"signatureGiven": False},
    {"newApplicant": PERSON | {"address": ""}},
    {"newApplicant": PERSON | {"lastName": ""}},
    {"newApplicant": None},
]


@pytest.mark.parametrize("lacks", LACKING, ids=["signature", "address", "surname", "everything"])
def test_case_7_a_petition_that_lacks_an_element_is_registered_and_ends_only_by_m6(secretary: Asking, lacks):
    made = register(secretary, **(PETITION | lacks))
    assert made["reference"]
    for mutation, fields in [
        ("complaintDraft", {"body": "Yapıldı."}),
        ("complaintSubmit", {}),
        ("complaintApprove", {}),
    ]:
        done(secretary.does(mutation, DATES, id=made["id"], **fields))
    sent = secretary.does("complaintSend", DATES, id=made["id"], means="POST", proof="RR 1 TR")
    assert code_of(sent) == "WRONG_STATE"
    rejected = secretary.does(
        "complaintReject", DATES, id=made["id"], reason="Olmaz", means="POST", proof="RR 1"
    )
    assert code_of(rejected) == "WRONG_STATE"
    told = (
        {"means": "POST", "proof": "RR 2 TR"}
        if lacks.get("newApplicant", 1)
        else {"notNotifiedReason": "İsimsiz"}
    )
    ended = secretary.does(
        "complaintMarkNotExaminable",
        "complaint { status notExaminableReason }",
        id=made["id"],
        reason="MISSING_ELEMENTS",
        **told,
    )
    assert done(ended) == {"status": "NOT_EXAMINABLE", "notExaminableReason": "MISSING_ELEMENTS"}


def test_case_7_a_whole_petition_without_a_national_id_is_answered_and_lacks_nothing(secretary: Asking):
    made = register(secretary, **PETITION)
    refused = secretary.does("complaintMarkNotExaminable", DATES, id=made["id"], reason="MISSING_ELEMENTS")
    assert code_of(refused) == "INVALID"
    for mutation, fields in [
        ("complaintDraft", {"body": "Yapıldı."}),
        ("complaintSubmit", {}),
        ("complaintApprove", {}),
        ("complaintSend", {}),
        ("complaintClose", {"outcome": "SOLVED"}),
    ]:
        done(secretary.does(mutation, DATES, id=made["id"], **fields))


@pytest.mark.parametrize("who", ["secretary", "fen_clerk", "park_head", "office_head"])
def test_case_7_the_intake_page_takes_a_petition_without_anything(cast: Cast, who):
    client: Client = signed_in(getattr(cast, who))
    given = {"once": str(uuid.uuid4()), "kind": "REQUEST", "channel": "PETITION", "subject": "Dilekçe"}
    saved = client.post("/admin/intake/", given)
    assert saved.status_code == 302
    with system():
        made = Complaint.objects.get()
    assert (made.regime, made.lacks_elements) == ("PETITION_3071", True)
    assert made.reference in client.get(saved["Location"]).content.decode()


# -- 8: the regime gives the clock, not the channel alone ------------------------------------------------------
@pytest.mark.parametrize(
    "channel", ["PHONE", "COUNTER", "WHATSAPP", "MUHTAR", "FIELD_TEAM", "SOCIAL_MEDIA", "PUBLIC_DAY"]
)
def test_case_8_a_spoken_wish_has_a_target_only_and_as_a_petition_thirty_days(cast: Cast, channel):
    with at("2026-11-24"):
        asking = Asking(cast.secretary)
        spoken = register(asking, channel=channel)
        written = register(asking, channel=channel, regime="PETITION_3071", signatureGiven=True)
        assert (spoken["regime"], spoken["rawDueOn"], spoken["legalDueOn"]) == ("SERVICE_REQUEST", None, None)
        assert spoken["targetOn"] > "2026-11-24"
        assert written["rawDueOn"] == "2026-12-24"
        query = "query($f: ComplaintFilter) { complaints(filter: $f) { nodes { id } } }"
        for regime, made in (("SERVICE_REQUEST", spoken), ("PETITION_3071", written)):
            found = asking.data(query, f={"regime": [regime]})["complaints"]["nodes"]
            assert [node["id"] for node in found] == [made["id"]]
        assert len(asking.data(query, f={})["complaints"]["nodes"]) == 2


# -- 9: what is another body's ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "public", "number", "given"),
    [
        ("iski", True, "E-1-622.03-5", PETITION),
        ("ibb", True, "E-2-000-1", {"channel": "PHONE"}),
        ("kaymakamlik", True, "E-3-000-1", REQUEST),
        ("igdas", False, "", {"channel": "PHONE"}),
        ("ayedas", False, "", PETITION),
    ],
)
def test_case_9_both_acts_before_closing_and_never_solved(secretary: Asking, code, public, number, given):
    body = global_id(make_body(code, f"{code} kurumu", code, is_public=public))
    made = register(secretary, **given)["id"]
    assert code_of(secretary.does("complaintNotifyForwarding", DATES, id=made)) == "WRONG_STATE"
    if public:
        assert code_of(secretary.does("complaintForward", DATES, id=made, to=body)) == "REQUIRED"
    done(secretary.does("complaintForward", DATES, id=made, to=body, number=number))
    assert code_of(secretary.does("complaintClose", DATES, id=made)) == "WRONG_STATE"
    done(secretary.does("complaintNotifyForwarding", DATES, id=made))
    assert code_of(secretary.does("complaintClose", DATES, id=made, outcome="SOLVED")) == "INVALID"
    closed = done(secretary.does("complaintClose", "complaint { status outcome }", id=made))
    assert closed == {"status": "CLOSED", "outcome": "FORWARDED"}
    figures = secretary.data("{ complaintFigures { closed solved countable } }")["complaintFigures"]
    assert figures == {"closed": 1, "solved": 0, "countable": 0}


# -- 10 and 11: whose it is ------------------------------------------------------------------------------------
SUGGESTION = """query($t: String!, $p: String! = "") { categorySuggestion(text: $t, place: $p) {
  needsChoice isAmbiguous responsible { code } candidates { code } body { code } } }"""


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("text", "responsible", "body"),
    [
        ("SOKAK LAMBASI YANMIYOR", "fen-isleri", "ayedas"),
        ("Caddedeki aydınlatma direği üç gündür sönük", "fen-isleri", "ayedas"),
        ("sokak lambalari calismiyor", "fen-isleri", "ayedas"),
        ("Elektrikler kesik, trafo patladı", "fen-isleri", "ayedas"),
        ("Park lambaları yanmıyor", "park-ve-bahceler", None),
        ("Parkın aydınlatması bozuk", "park-ve-bahceler", None),
        ("PARKTAKİ LAMBA YANMIYOR", "park-ve-bahceler", None),
    ],
)
def test_case_10_street_light_and_park_light(secretary: Asking, text, responsible, body):
    found = secretary.data(SUGGESTION, t=text)["categorySuggestion"]
    assert (found["responsible"], found["body"]) == ({"code": responsible}, body and {"code": body})
    assert "bedas" not in str(found)
    assert "ibb" not in str(found)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("gürültü", {"zabita", "iklim-degisikligi-ve-sifir-atik", "yapi-kontrol"}),
        ("GÜRÜLTÜDEN UYUYAMIYORUZ", {"zabita", "iklim-degisikligi-ve-sifir-atik", "yapi-kontrol"}),
        ("moloz dökülmüş", {"iklim-degisikligi-ve-sifir-atik", "temizlik-isleri"}),
        ("rampa istiyoruz", {"fen-isleri", "zabita"}),
        ("zamansız çöp çıkarıyorlar", {"temizlik-isleri", "zabita"}),
    ],
)
def test_case_11_an_ambiguous_matter_is_never_settled_silently(secretary: Asking, text, candidates):
    found = secretary.data(SUGGESTION, t=text)["categorySuggestion"]
    assert (found["isAmbiguous"], found["needsChoice"], found["responsible"]) == (True, True, None)
    assert {row["code"] for row in found["candidates"]} == candidates


@pytest.mark.parametrize(
    ("responsible", "along", "helper"), [("fen", "park", "park_head"), ("park", "fen", "fen_clerk")]
)
def test_case_11_who_works_along_reads_and_notes_and_ends_nothing(
    cast: Cast, secretary, responsible, along, helper
):
    made = make_complaint(to=getattr(cast, responsible))
    key, asking = global_id(made), Asking(getattr(cast, helper))
    done(
        secretary.does("complaintAddCollaborator", DATES, id=key, department=global_id(getattr(cast, along)))
    )
    assert asking.data("query($i: ID!) { node(id: $i) { id } }", i=key)["node"] == {"id": key}
    done(asking.does("complaintComment", "complaint { id }", id=key, body="Baktık."))
    for mutation, fields in [
        ("complaintAccept", {}),
        ("complaintReturn", {"reason": "x"}),
        ("complaintDraft", {"body": "x"}),
        ("complaintClose", {"outcome": "SOLVED"}),
        ("complaintWithdraw", {}),
        ("complaintReject", {"reason": "x"}),
    ]:
        assert code_of(asking.does(mutation, DATES, id=key, **fields)) == "FORBIDDEN", mutation


# -- 13: a hidden identity --------------------------------------------------------------------------------------
PERSON_OF = "{ complaints { nodes { applicant { id fullName phone email } notices { body } } } }"


@pytest.mark.parametrize("who", ["fen_clerk", "fen_head", "deputy_mayor"])
@pytest.mark.parametrize(
    "given", [{"kind": "TIP_OFF"}, {"kind": "COMPLAINT"}, {"kind": "TIP_OFF", "channel": "WEB"}]
)
def test_case_13_nobody_of_a_department_learns_who_it_is(cast: Cast, secretary: Asking, who, given):
    hidden = make_citizen("Saklı", "Kişi", phone="+905551110022", email="sakli@example.org")
    made = make_complaint(to=cast.fen, applicant=hidden, identity_hidden=True, **given)
    asking, client = Asking(getattr(cast, who)), signed_in(getattr(cast, who))
    assert [node["applicant"] for node in asking.data(PERSON_OF)["complaints"]["nodes"]] == [None]
    by_person = "query($f: ComplaintFilter) { complaints(filter: $f) { totalCount } }"
    assert asking.data(by_person, f={"applicant": global_id(hidden)})["complaints"]["totalCount"] == 0
    pages = [
        f"/admin/complaints/complaint/{made.key}/change/",
        "/admin/complaints/complaint/?q=Saklı",
        "/admin/complaints/complaint/?q=5551110022",
        f"/admin/contacts/citizen/{hidden.key}/change/",
    ]
    for page in pages:
        content = client.get(page).content.decode()
        for secret in ("Saklı", "KİŞİ", "1110022", "111 00 22", "sakli@"):
            assert secret not in content.replace("?q=Saklı", "").replace('value="Saklı"', "").replace(
                'value="5551110022"', ""
            ).replace("q=Sakl%C4%B1", "").replace("q=5551110022", ""), (page, secret)
    log = "{ readLog { totalCount } }"
    before = Asking(cast.office_head).data(log)["readLog"]["totalCount"]
    assert secretary.data(PERSON_OF)["complaints"]["nodes"][0]["applicant"]["fullName"] == "Saklı KİŞİ"
    assert Asking(cast.office_head).data(log)["readLog"]["totalCount"] == before + 1


# -- 14: gone at once --------------------------------------------------------------------------------------------
LOOKS = "query($i: ID!, $r: String!) { node(id: $i) { id } complaint(reference: $r) { id } complaints { totalCount } }"


@pytest.mark.parametrize("leaves", ["returned", "routed elsewhere", "released"])
def test_case_14_a_case_that_left_answers_like_a_missing_one(cast: Cast, secretary: Asking, leaves):
    made = make_complaint(to=cast.park if leaves == "released" else cast.fen)
    key, clerk = global_id(made), Asking(cast.fen_clerk)
    if leaves == "released":
        secretary.does("complaintAddCollaborator", DATES, id=key, department=global_id(cast.fen))
    assert clerk.data(LOOKS, i=key, r=made.reference)["node"] == {"id": key}
    if leaves == "returned":
        assert clerk.does("complaintReturn", DATES, id=key, reason="Değil")["errors"] == []
    elif leaves == "released":
        secretary.does("complaintReleaseCollaborator", DATES, id=key, department=global_id(cast.fen))
    done(secretary.does("complaintRoute", DATES, id=key, to=global_id(cast.cleaning)))
    gone = clerk.post(LOOKS, {"i": key, "r": made.reference}).content
    assert gone == clerk.post(LOOKS, {"i": encode("Complaint", uuid.uuid4()), "r": "2099/9"}).content
    assert Asking(cast.deputy_mayor).data(LOOKS, i=key, r=made.reference)["node"] == {"id": key}
    page = signed_in(cast.fen_clerk).get(f"/admin/complaints/complaint/{made.key}/change/")
    missing = signed_in(cast.fen_clerk).get(f"/admin/complaints/complaint/{uuid.uuid4()}/change/")
    assert (page.status_code, missing.status_code) == (404, 404)


# -- 17: progress is not the result ------------------------------------------------------------------------------
@pytest.mark.parametrize("day", [0, 5, 29, 30, 33])
@pytest.mark.parametrize("given", [PETITION, PETITION | {"channel": "KEP"}])
def test_case_17_after_progress_the_result_is_owed_until_it_is_told(cast: Cast, day, given):
    with at("2026-11-02"):
        made = register(Asking(cast.secretary), **given)["id"]
    with freeze_time(dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC) + dt.timedelta(days=day)):
        asking = Asking(cast.secretary)
        owed = "complaint { status resultOwed closedAt }"
        told = done(asking.does("complaintNotifyProgress", owed, id=made, body="Keşif yapıldı."))
        assert told == {"status": "NEW", "resultOwed": True, "closedAt": None}
        assert code_of(asking.does("complaintClose", DATES, id=made, outcome="INFORMED")) == "WRONG_STATE"
        for mutation, fields in [
            ("complaintDraft", {"body": "Yapıldı."}),
            ("complaintSubmit", {}),
            ("complaintApprove", {}),
        ]:
            done(asking.does(mutation, DATES, id=made, **fields))
        assert code_of(asking.does("complaintClose", DATES, id=made, outcome="SOLVED")) == "WRONG_STATE"
        assert done(asking.does("complaintSend", owed, id=made))["resultOwed"] is False
        done(asking.does("complaintClose", DATES, id=made, outcome="SOLVED"))


@pytest.mark.parametrize("given", [{"channel": "PHONE"}, REQUEST])
def test_case_17_what_is_no_petition_knows_no_progress_notice(secretary: Asking, given):
    made = register(secretary, **given)["id"]
    told = secretary.does("complaintNotifyProgress", DATES, id=made, body="Bakılıyor.")
    assert code_of(told) == "UNSUPPORTED"


# -- 25: Turkish text, masks, numbers, the local year ------------------------------------------------------------
@pytest.mark.parametrize(
    ("subject", "asked"),
    [
        ("Çöpler ALINMIYOR", ["cop", "ÇÖP", "çöp", "C\u0327O\u0308P", "alınmıyor", "ALINMIYOR", "alinmiyor"]),
        (
            "İstanbul yolu ışıksız",
            ["istanbul", "İSTANBUL", "ISTANBUL", "ısıksız", "IŞIKSIZ", "I\u0307stanbul"],
        ),
        ("şikâyetim ağaç için", ["sikayet", "ŞİKÂYET", "agac", "AĞAÇ", "ag\u0306ac\u0327"]),
    ],
)
def test_case_25_search_finds_every_spelling(secretary: Asking, subject, asked):
    register(secretary, subject=subject)
    register(secretary, subject="Başka bir konu")
    query = "query($s: String!) { complaints(search: $s) { nodes { subject } } }"
    client = secretary.client
    for text in asked:
        assert secretary.data(query, s=text)["complaints"]["nodes"] == [{"subject": subject}], text
        page = client.get("/admin/complaints/complaint/", {"q": text}).content.decode()
        assert subject in page, text
        assert "Başka bir konu" not in page, text


@pytest.mark.parametrize(
    "names",
    [
        ["Açık", "Ağaç", "Cami", "Çam", "Dere", "Gül", "Ğ", "Halk", "Irmak", "İnce", "Jale"],
        ["okul", "Orman", "ölçü", "Pınar", "saz", "şark", "tan", "ufuk", "ünlü", "zafer"],
    ],
)
def test_case_25_names_are_in_turkish_order(secretary: Asking, names):
    for number, name in enumerate(reversed(names)):
        make_neighbourhood(f"s{number}", name)
    rows = secretary.data("{ neighbourhoods { nodes { name } } }")["neighbourhoods"]["nodes"]
    assert [row["name"] for row in rows] == names


def national_id(nine: str) -> str:
    """A number with right check digits, by the published arithmetic."""
    digits = [int(digit) for digit in nine]
    tenth = (7 * sum(digits[0::2]) - sum(digits[1::2])) % 10
    return f"{nine}{tenth}{(sum(digits) + tenth) % 10}"


@pytest.mark.parametrize("nine", ["100000001", "234567890", "555444333", "999000111"])
def test_case_25_a_national_id_is_checked_and_shown_by_its_last_two_digits(secretary: Asking, nine):
    number = national_id(nine)
    fields = "citizen { nationalIdMasked }"
    kept = secretary.does("citizenRecord", fields, firstName="Fatma", nationalId=number)
    assert kept["citizen"] == {"nationalIdMasked": f"*********{number[-2:]}"}
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    assert secretary.does("citizenRecord", fields, firstName="Fatma", nationalId=wrong)["errors"][0][
        "field"
    ] == ("nationalId")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0216 311 11 11", "+902163111111"),
        ("(0216) 311-11-11", "+902163111111"),
        ("+90 532 111 22 33", "+905321112233"),
        ("532 111 22 33", "+905321112233"),
        ("444 0 153", "+904440153"),
        ("153", None),
        ("185", None),
        ("186", None),
        ("187", None),
        ("12", None),
    ],
)
def test_case_25_a_number_is_normal_and_a_short_code_is_no_persons_number(secretary: Asking, written, stored):
    answer = secretary.does("citizenRecord", "citizen { phone }", firstName="Can", phone=written)
    if stored is None:
        assert (answer["citizen"], answer["errors"][0]["field"]) == (None, "phone")
    else:
        assert answer["citizen"] == {"phone": stored}


@pytest.mark.parametrize(
    ("day", "clock", "reference", "on"),
    [
        ("2026-12-31", "20:59", "2026/1", "2026-12-31"),
        ("2026-12-31", "21:00", "2027/1", "2027-01-01"),
        ("2027-12-31", "22:30", "2028/1", "2028-01-01"),
    ],
)
def test_case_25_day_and_year_are_local(cast: Cast, day, clock, reference, on):
    with at(day, clock):
        made = register(Asking(cast.secretary), "complaint { reference registeredOn }")
    assert (made["reference"], made["registeredOn"]) == (reference, on)
