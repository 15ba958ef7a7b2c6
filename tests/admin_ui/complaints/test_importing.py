"""The page of an import: looked at first, then for good, how far it is, stopped; for whoever may see it."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

from django.test import Client

from admin_ui.templatetags.office import column_text
from backend.complaints.file_import import FileImport
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.journal.models import AuditLog
from permissions.core import grants
from permissions.core.viewer import CONTACTS
from permissions.models import DepartmentGrant
from tests.backend.complaints.test_import_runs import work
from tests.cast import Cast, make_cast, signed_in
from tests.databases import CommittedDatabase

TABLE = "Başvuru No;Konu;Açıklama;Tarih\nA-1;Lamba;Yanmıyor;01.10.2026\nA-2;Çukur;Derin;02.10.2026\n"
LIST = "/admin/complaints/fileimport/"


def upload(client: Client, table: str = TABLE, name: str = "cagri.csv", **given: str) -> Any:
    file = io.BytesIO(table.encode("cp1254"))
    file.name = name
    return client.post("/admin/import/", {"source": "cagri-merkezi", "file": file, **given})


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def say(client: Client, address: str, verb: str, **more: str) -> str:
    said = client.post(address.replace("/change/", "/say/"), {"verb": verb, **more}, follow=True)
    assert said.redirect_chain[-1][0] == address
    return said.content.decode()


def cases() -> int:
    with system():
        return Complaint.objects.count()


def test_a_file_is_looked_at_and_one_press_imports_it_once(committed_db: CommittedDatabase):
    client = signed_in(make_cast().secretary)
    address = upload(client)["Location"]
    waits = page(client, address)
    assert 'data-follow="2"' in waits
    assert "<progress" in waits
    assert "ozelkalem-worker" in waits, "no worker runs, and it is said what to do"
    assert upload(client)["Location"] == address, "a second press is the same import"
    work()
    looked = page(client, address)
    assert 'data-follow="2"' not in looked
    assert "Kesin olarak içe aktar" in looked
    assert cases() == 0
    assert "zaten sürüyor" not in say(client, address, "import")
    assert "zaten sürüyor" in say(client, address, "import"), "a second press starts nothing"
    work()
    done = page(client, address)
    assert "Dosya içe aktarıldı" in done
    assert cases() == 2
    assert "artık burada değil" in say(client, address, "import")
    report = client.get(address.replace("/change/", "/report/"))
    assert "attachment" in report["Content-Disposition"]
    assert "2026/2" in report.content.decode("utf-8-sig")
    again = upload(client)["Location"]
    assert again != address
    work()
    assert "zaten kayıtlı" in page(client, again)
    assert cases() == 2


def test_it_is_stopped_and_run_again_from_its_page(committed_db: CommittedDatabase):
    cast = make_cast()
    client = signed_in(cast.secretary)
    address = upload(client)["Location"]
    stopped = say(client, address, "stop")
    assert "hiçbir şey yazılmadı" in stopped
    assert "Yeniden çalıştır" in stopped
    assert "zaten bitti" in say(client, address, "stop")
    say(client, address, "again")
    work()
    assert "Kesin olarak içe aktar" in page(client, address)
    with system():
        lines = AuditLog.objects.order_by("pk").values_list("verb", "actor", "subject_label")
        who = cast.secretary.pk
        assert list(lines)[-2:] == [
            ("import_brought", who, "cagri-merkezi"),
            ("import_stopped", who, "cagri-merkezi"),
        ]


def test_a_refused_row_is_named_with_its_column_and_may_be_left_out(committed_db: CommittedDatabase):
    client = signed_in(make_cast().secretary)
    address = upload(client, TABLE.replace("02.10.2026", "yarın"))["Location"]
    work()
    body = page(client, address)
    assert re.search(r"<td[^>]*>3</td>", body)
    assert "Tarih: “yarın” bir tarih değil" in body
    say(client, address, "import", skip="1")
    work()
    assert cases() == 1


def test_a_heading_that_is_not_recognised_is_named_on_the_page(committed_db: CommittedDatabase):
    client = signed_in(make_cast().secretary)
    table = "Sicil;Olay;Tarih;Konu\nA-1;Lamba yanmıyor;01.10.2026;elektrik\n"
    number, subject = column_text("source_number"), column_text("subject")
    assert 'id="id_file_error"' in upload(client, table).content.decode()
    refused = upload(client, table, columns="Sicil = Ayakkabı").content.decode()
    assert 'id="id_columns_error"' in refused
    assert subject in refused
    columns = f"Sicil = {number.upper()}\nOlay = {subject}\nKonu ="
    address = upload(client, table, columns=columns)["Location"]
    work()
    say(client, address, "import")
    work()
    with system():
        taken = Complaint.objects.get()
    assert (taken.source_number, taken.subject) == ("A-1", "Lamba yanmıyor")


def test_a_file_of_another_kind_is_refused_at_its_field(cast: Cast):
    body = upload(signed_in(cast.secretary), "%PDF-1.4\0", "a.csv").content.decode()
    assert 'id="id_file_error"' in body
    with system():
        assert not FileImport.objects.exists()


def test_only_the_office_sees_imports_and_of_others_only_whoever_sees_every_citizen(cast: Cast):
    address = upload(signed_in(cast.secretary))["Location"]
    missing = LIST + f"{uuid.uuid4()}/change/"
    for person in (cast.fen_head, cast.administrator, cast.mayor, cast.outsider):
        client = signed_in(person)
        hidden = [client.get(address), client.get(address.replace("/change/", "/report/")), client.get(LIST)]
        assert [answer.status_code for answer in hidden] == [404, 404, 404], person
        assert client.get(address).content == client.get(missing).content
        assert client.post(address.replace("/change/", "/say/"), {"verb": "stop"}).status_code == 404
        assert client.get("/admin/import/").status_code == 404
    head = signed_in(cast.office_head)
    assert head.get(address).status_code == 200
    with system():
        for grant in DepartmentGrant.objects.filter(user=cast.office_head, permission__codename=CONTACTS):
            grants.take(grant, by=cast.administrator)
    assert head.get(address).status_code == 404
    assert "cagri.csv" not in page(head, LIST)
    assert "cagri.csv" in page(signed_in(cast.secretary), LIST)
