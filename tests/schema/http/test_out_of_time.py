"""What the database stops because it takes too long: told in words, not tried twice, nothing half written."""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from backend.complaints.models import Complaint
from backend.core.session import system, without_timeout
from permissions.core import scope
from schema.core.nodes import global_id
from schema.http.compiled import OPERATIONS
from tests.backend.complaints.test_import_runs import work
from tests.cast import Cast, signed_in
from tests.databases import CommittedDatabase
from tests.factories import make_complaint
from tests.kept_files import stored
from tests.schema.client import Asking, errors_of
from tests.schema.complaints.test_files import upload

pytestmark = pytest.mark.waits

COMMENT = """mutation($a: ComplaintCommentInput!, $b: ComplaintCommentInput!) {
  first: complaintComment(input: $a) { errors { code } }
  second: complaintComment(input: $b) { errors { code } }
}"""

LOCKED = "SELECT 1 FROM complaints_complaint WHERE id = {} FOR UPDATE"


@pytest.fixture
def committed_cast(committed_cast: Cast, settings) -> Cast:
    settings.STATEMENT_SECONDS = 0.3
    return committed_cast


@pytest.fixture
def held(committed_db: CommittedDatabase):
    """Somebody else's transaction stands in the way, for good or for some seconds."""

    @contextlib.contextmanager
    def holding(statement: str, alias: str = "owner", seconds: float | None = None) -> Iterator[None]:
        with psycopg.connect(committed_db.url(alias)) as other:
            other.execute(statement)
            if seconds:
                threading.Timer(seconds, other.rollback).start()
            yield
            other.rollback()

    return holding


def comments(complaint) -> int:
    with system():
        return complaint.comments.count()


@pytest.mark.parametrize("compiled", [True, False])
def test_a_read_that_takes_too_long_is_stopped_and_not_tried_again(committed_cast, held, settings, compiled):
    settings.GRAPHQL_COMPILED_READS = compiled
    asking = Asking(committed_cast.secretary)
    query = "{ complaints { totalCount nodes { reference } } }"
    assert errors_of(asking.answer(query)) == []
    tried_again = OPERATIONS.labels(path="interpreted", reason="database")._value.get()
    with held("LOCK TABLE complaints_complaint IN ACCESS EXCLUSIVE MODE"):
        response = asking.post(query)
    assert response.status_code == 503
    assert errors_of(response.json()) == ["TIMEOUT"]
    assert "uzun sürdü" in response.json()["errors"][0]["message"]
    assert "data" not in response.json()
    assert OPERATIONS.labels(path="interpreted", reason="database")._value.get() == tried_again
    assert errors_of(asking.answer(query)) == []


def test_of_two_mutations_of_which_one_waits_too_long_none_is_written(committed_cast, held):
    free, locked = make_complaint(), make_complaint()
    inputs = {"a": {"id": global_id(free), "body": "bir"}, "b": {"id": global_id(locked), "body": "iki"}}
    asking = Asking(committed_cast.secretary)
    with held(LOCKED.format(locked.pk)):
        response = asking.post(COMMENT, inputs)
    assert response.status_code == 503
    assert errors_of(response.json()) == ["TIMEOUT"]
    assert comments(free) == comments(locked) == 0
    assert errors_of(asking.answer(COMMENT, **inputs)) == []
    assert comments(free) == comments(locked) == 1


def test_an_upload_that_waits_too_long_leaves_no_file(committed_cast, held, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = make_complaint()
    with held("LOCK TABLE complaints_attachment IN ACCESS EXCLUSIVE MODE"):
        response = upload(signed_in(committed_cast.secretary), global_id(case))
    assert response.status_code == 503
    assert response.json()["errors"][0]["code"] == "TIMEOUT"
    assert stored() == set()


def test_the_limit_holds_for_a_request_and_not_for_jobs_imports_and_the_next_on_the_connection(
    committed_cast,
):
    def limits() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
            )
            return list(cursor.fetchone())

    with scope.session(committed_cast.secretary):
        assert limits() == ["300ms", "1min"]
        without_timeout()
        assert limits() == ["0", "0"]
    with scope.session(None):
        assert limits() == ["300ms", "1min"]
    assert limits() == ["0", "0"]
    with system():
        assert limits() == ["0", "0"]


def test_an_import_takes_the_time_it_needs(committed_cast, held):
    client = signed_in(committed_cast.secretary)
    file = io.BytesIO("Başvuru No;Konu;Başvuru Türü\n1;Çukur;Şikâyet\n".encode())
    file.name = "aktarim.csv"
    address = client.post("/admin/import/", {"source": "cagri-merkezi", "file": file})["Location"]
    work()
    client.post(address.replace("/change/", "/say/"), {"verb": "import"})
    with held("LOCK TABLE complaints_complaint IN SHARE MODE", seconds=1):
        work()
    with system():
        assert Complaint.objects.filter(source="cagri-merkezi").count() == 1


def test_in_the_admin_a_page_says_what_to_do_and_nothing_is_saved(committed_cast, held):
    client, case = signed_in(committed_cast.secretary), make_complaint()
    html = {"accept": "text/html"}
    with held("LOCK TABLE complaints_complaint IN ACCESS EXCLUSIVE MODE"):
        response = client.get("/admin/complaints/complaint/", headers=html)
    page = response.content.decode()
    assert response.status_code == 503
    assert "uzun sürdü" in page
    assert "Hiçbir şey kaydedilmedi" in page
    with held(LOCKED.format(case.pk)):
        address = reverse("admin:complaints_complaint_act", args=[case.key, "comment"])
        response = client.post(address, {"body": "Arandı", "version": 1}, headers=html)
    assert response.status_code == 503
    assert "yeniden göndermek" in response.content.decode()
    assert comments(case) == 0
    assert client.post(address, {"body": "Arandı", "version": 1}, headers=html).status_code == 302
    assert comments(case) == 1
