"""Why an operation is not compiled. Every reason has a short code for the metrics and a detail for people."""

from __future__ import annotations


class NotCompilableError(Exception):
    """The operation runs interpreted, as a whole. `code` is one of few words, `detail` says where."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail
