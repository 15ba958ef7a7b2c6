"""A request that is turned away before anything of it is run."""

from __future__ import annotations


class BadRequest(Exception):  # noqa: N818 - named as the client sees it
    """The sentence says why; status and code are what a program reads.

    `plain_json`: the status for a client of plain JSON, where that is another.
    """

    def __init__(
        self, message: str, status: int = 400, code: str = "BAD_REQUEST", plain_json: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code = status, code
        self.plain_json = plain_json or status


def malformed(message: str) -> BadRequest:
    """The refusal of what is no well-formed GraphQL-over-HTTP request."""
    return BadRequest(message, 422, plain_json=400)
