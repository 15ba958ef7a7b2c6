"""What a server does once before its workers are forked, which then share it: registered documents are made ready.

Plans are left to the workers: one is of a viewer and of the shape of variables, and neither stands in a document
(docs/adr/0090-one-trip.md).
"""

from __future__ import annotations

from permissions.portals import quota
from schema.app import portal_schema
from schema.http import persisted_documents


def warm() -> int:
    """Parse, measure and validate the registered documents, the newest ones; return how many. Asks the database."""
    portal_schema()
    found = quota.trusted_texts(persisted_documents.REMEMBERED)
    for sha256, text in reversed(found):  # the newest are the last to be forgotten
        persisted_documents.texts.put(sha256, text)
        persisted_documents.check(text)
    return len(found)
