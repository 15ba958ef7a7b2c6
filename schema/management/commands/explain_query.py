"""Show what becomes of a query: compiled or why not, its SQL, PostgreSQL's plan, and the time of each part."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core.session import without_timeout
from backend.organization.models import User
from permissions.core import scope
from permissions.plans.reasons import NotCompilableError
from schema.app import schema
from schema.core.documents import Context
from schema.http import compiled
from schema.http.compiled import Timing


class Command(BaseCommand):
    """Print no data: only the size of the answer."""

    help = "Show how a GraphQL query is answered: `explain_query FILE --as USER`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="A file with the query; - reads it from the standard input.")
        parser.add_argument("--as", dest="user", required=True, help="The account that asks.")
        parser.add_argument("--variables", default="{}", help="The variables as a JSON object.")

    def handle(self, *_arguments: Any, file: str, user: str, variables: str, **_options: Any) -> None:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        asker = User.objects.filter(username=user).first()
        if asker is None:
            raise CommandError(f"There is no account “{user}”.")
        operation = {"query": text, "variables": json.loads(variables)}
        with scope.session(asker):
            without_timeout()
            try:
                self._compiled(operation)
            except NotCompilableError as reason:
                self.stdout.write(f"interpreted, because: {reason}")
            self._interpreted(operation)

    def _compiled(self, operation: dict[str, Any]) -> None:
        first = Timing()
        compiled.read(operation, first)
        warm = Timing()
        answer = compiled.read(operation, warm)
        statement, parameters = compiled.plans.plan(compiled.asked(operation, scope.current_viewer()))
        self.stdout.write(
            f"compiled: {len(answer.text)} bytes, {sum(map(len, answer.shown.values()))} persons\n"
        )
        self.stdout.write(f"the first time: {first.header()}\nafter that: {warm.header()}\n")
        self.stdout.write(f"\n{statement.text}\n\nparameters: {parameters}\n")
        self.stdout.write("\n" + "\n".join(compiled.explained(statement, parameters)))

    def _interpreted(self, operation: dict[str, Any]) -> None:
        timing = Timing()
        result = schema.execute_sync(
            operation["query"], variable_values=operation["variables"], context_value=Context()
        )
        timing.part("interpreter")
        errors = [error.message for error in result.errors or []]
        self.stdout.write(f"\nthe interpreted path: {timing.header()} {errors or ''}")
