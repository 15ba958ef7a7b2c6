"""A request that is turned away before anything of it is run."""

from __future__ import annotations


class BadRequest(Exception):  # noqa: N818 - named as the client sees it
    """The sentence says why; status and code are what a program reads."""

    def __init__(self, message: str, status: int = 400, code: str = "BAD_REQUEST") -> None:
        super().__init__(message)
        self.status, self.code = status, code
