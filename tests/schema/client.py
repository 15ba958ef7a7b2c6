"""Asking the endpoint as a client does: over HTTP, in a browser's session or with a bearer token."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

import schema.app  # noqa: F401 - the ids of a type are known once the schema is built
from backend.organization.models import User
from tests.cast import signed_in

PATH = "/graphql/"
ACCEPT = "application/graphql-response+json"


class Asking:
    """Somebody at the endpoint."""

    def __init__(self, user: User | None = None, *, token: str | None = None) -> None:
        self.client = signed_in(user) if user else Client()
        self.headers = {"accept": ACCEPT} | ({"authorization": f"Bearer {token}"} if token else {})

    def post(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Any:
        body = json.dumps({"query": query, "variables": variables or {}})
        return self.client.post(
            PATH, body, content_type="application/json", headers={**self.headers, **headers}
        )

    def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer: data and errors."""
        return json.loads(self.post(query, variables).content)

    def data(self, query: str, **variables: Any) -> Any:
        """The data of an answer without top-level errors."""
        answer = self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def does(self, mutation: str, fields: str = "", **input: Any) -> dict[str, Any]:
        """Run one mutation with its input and return the payload: errors and the fields asked for."""
        name = mutation[0].upper() + mutation[1:].removesuffix("Run")
        query = (
            f"mutation Act($input: {name}Input!) {{ {mutation}(input: $input)"
            f" {{ errors {{ code message field }} {fields} }} }}"
        )
        return self.data(query, input=input)[mutation]


def errors_of(answer: dict[str, Any]) -> list[str]:
    """The codes of an answer's top-level errors."""
    return [error["extensions"]["code"] for error in answer.get("errors", [])]
