"""A case of CİMER from file to file: it comes with CİMER's list, its department answers, the office approves and hands
it over to be entered in CİMER, and it is replied on the day that the list which comes back says. No mail leaves."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from backend.complaints import importing
from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.session import system
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.cast import Cast, signed_in
from tests.days import dotted
from tests.schema.client import Asking

HEAD = "CİMER Başvuru No;Başvuru Türü;Başvuru Metni;Son Cevap Tarihi;Ad;Soyad;E-posta\n"
FILE = HEAD + "".join(
    f"{number};Şikâyet;Kaldırımdaki direk geçişi kapatıyor.;{dotted()};Oya;Öztürk;oya@posta.example\n"
    for number in ("2600 123456", "2600-123456")
)


def says(asking: Asking, mutation: str, case: Complaint, **fields: Any) -> None:
    assert asking.does(mutation, id=global_id(case), **fields)["errors"] == []


def test_a_case_of_cimer_from_file_to_file(cast: Cast) -> None:
    with system():
        report = importing.import_file(io.BytesIO(FILE.encode()), source="cimer", by=cast.secretary)
        case = Complaint.objects.get()
    assert (case.source_number, len(report.rows)) == ("2600123456", 1)

    office, clerk, head = Asking(cast.secretary), Asking(cast.fen_clerk), signed_in(cast.secretary)
    says(office, "complaintRoute", case, to=global_id(cast.fen))
    says(clerk, "complaintAccept", case)
    says(clerk, "complaintDraft", case, body="Direğin yeri değiştirilmiştir.")
    says(clerk, "complaintSubmit", case)
    says(office, "complaintApprove", case)
    assert (
        office.does("complaintSend", id=global_id(case), means="EMAIL")["errors"][0]["code"] == "WRONG_STATE"
    )

    taken = head.post("/admin/export/complaints_cimer/", {"format": "CSV"}).content.decode("utf-8-sig")
    heading, row = list(csv.reader(io.StringIO(taken), delimiter=";"))
    assert (row[0], row[5]) == ("2600123456", "Direğin yeri değiştirilmiştir.")
    row[6:8] = [f"{today():%d.%m.%Y}", "CİMER onayı 4711"]
    back = io.StringIO()
    csv.writer(back, delimiter=";").writerows([heading, row])

    page = head.post("/admin/cimer/", {"file": io.BytesIO(back.getvalue().encode())}).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket
    assert head.post("/admin/cimer/", {"ticket": ticket[1]}).status_code == 302

    query = "query($i: ID!) { node(id: $i) { ... on Complaint { status notices { means proof } lines { verb } } } }"
    done = office.data(query, i=global_id(case))["node"]
    assert (done["status"], done["notices"]) == ("REPLIED", [{"means": "CIMER", "proof": "CİMER onayı 4711"}])
    assert done["lines"][0] == {"verb": "CIMER_ENTERED"}
    says(office, "complaintClose", case, outcome="SOLVED")
    with system():
        assert not Message.objects.exists()
