"""graphene-django with guardian over the same tables, in an environment of its own (`.venv-peer`)."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from typing import Any, ClassVar

import psycopg

from benchmarks.contenders.base import MissingError, OnGunicorn, Viewer
from benchmarks.installation import ROOT, Installation
from benchmarks.questions import Question

ENVIRONMENT = ROOT / ".venv-peer"

_ROW = """reference subject status priority targetOn registeredAt
  category { name } neighbourhood { name } responsibleDepartment { shortName }"""
_LINES = "lines(first: 3) { verb at note actor { firstName lastName } }"
_INBOX = """query Inbox { complaints(first: 50, onlyOpen: true) {
  totalCount edges { node { %s %s %s } } pageInfo { hasNextPage endCursor } } }"""
_PAGE = """complaints(first: %d, orderBy: ["-registered_at", "-id"]%s) {
  edges { node { reference subject status targetOn registeredOn place } } pageInfo { hasNextPage endCursor } }"""
_SEARCH = """query Search($text: String) { complaints(first: 50, search: $text) {
  edges { node { reference subject status targetOn responsibleDepartment { shortName } } }
  pageInfo { hasNextPage endCursor } } }"""
TEXTS = {
    "inbox": _INBOX % (_ROW, "applicant { firstName lastName }", _LINES),
    "nameless": _INBOX % (_ROW, "", _LINES),
    "flat": "query Flat { %s }" % (_PAGE % (500, "")),
    "deep": "query Deep($after: String) { %s }" % (_PAGE % (100, ", after: $after")),
    "frequent": _SEARCH,
    "rare": _SEARCH,
}
"""The case is asked in the product's own words."""

GUARDIAN = """
INSERT INTO auth_group (name) SELECT 'benchmark ' || code FROM organization_department ON CONFLICT DO NOTHING;
INSERT INTO organization_user_groups (user_id, group_id)
  SELECT DISTINCT t.user_id, g.id FROM permissions_departmentgrant t
    JOIN auth_permission p ON p.id = t.permission_id AND p.codename <> 'contacts_department'
    JOIN organization_department d ON d.id = t.content_object_id
    JOIN auth_group g ON g.name = 'benchmark ' || d.code ON CONFLICT DO NOTHING;
INSERT INTO guardian_groupobjectpermission (object_pk, content_type_id, group_id, permission_id)
  SELECT c.id::text, p.content_type_id, g.id, p.id FROM complaints_complaint c
    JOIN organization_department d
      ON d.is_private_office OR d.id = c.responsible_department_id OR d.id = ANY (c.collaborators)
    JOIN auth_group g ON g.name = 'benchmark ' || d.code
    JOIN auth_permission p ON p.codename = 'read_complaint' ON CONFLICT DO NOTHING;
"""
"""What the tutorial's `assign_perm` would have left: a row for every complaint and every group that may read it."""


class Graphene(OnGunicorn):
    way: ClassVar[str]
    wsgi = "benchmarks.graphene_peer.wsgi"
    python = str(ENVIRONMENT / "bin" / "python")

    def environment(self, installation: Installation) -> dict[str, str]:
        ours = {"DJANGO_SETTINGS_MODULE": "benchmarks.graphene_peer.settings", "BENCHMARK_PEER": self.way}
        return {**super().environment(installation), **ours}

    def prepare(self, installation: Installation) -> None:
        uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
        command = [uv, "sync", "--frozen", "--quiet", "--no-default-groups", "--group", "peer"]
        environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)}
        environment.pop("VIRTUAL_ENV", None)
        try:
            subprocess.run(
                [*command, "--python", sys.executable],
                cwd=ROOT,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
        except (OSError, subprocess.CalledProcessError) as fault:
            said = getattr(fault, "stderr", "") or str(fault)
            raise MissingError(f"its environment could not be made: {said.strip()[-300:]}") from None

    def body(self, question: Question, viewer: Viewer) -> dict[str, Any]:
        variables = dict(question.given)
        if question.key == "deep":
            place = f"arrayconnection:{variables['skip'] - 1}"
            variables = {"after": base64.b64encode(place.encode()).decode()}
        return {"query": TEXTS.get(question.key, question.text), "variables": variables}


class GrapheneTutorial(Graphene):
    key, title, way = "graphene", "graphene-django + guardian, as the tutorials do", "tutorial"

    def prepare(self, installation: Installation) -> None:
        super().prepare(installation)
        with psycopg.connect(installation.address("admin"), autocommit=True) as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM guardian_groupobjectpermission) >= count(*) FROM complaints_complaint"
            ).fetchone()
            if not (row and row[0]):
                with connection.transaction():
                    # Of millions of rows not each is looked for in the tables whose keys it was made of.
                    connection.execute("SET LOCAL session_replication_role = replica")
                    connection.execute(GUARDIAN)
                connection.execute("VACUUM (ANALYZE) guardian_groupobjectpermission")


class GrapheneTuned(Graphene):
    key, title, way = "graphene_tuned", "graphene-django + guardian, tuned", "tuned"
