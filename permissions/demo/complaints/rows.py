"""The rows of one chunk of invented stories, column by column, as `insert_rows` takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from backend.complaints.importing.writing import CITIZEN
from backend.complaints.models import (
    Comment,
    Complaint,
    ComplaintLine,
    Extension,
    Forwarding,
    Notice,
    Routing,
)
from backend.contacts import privacy
from backend.contacts.models import Citizen, Purpose
from backend.core.bulk import insert_rows, take_ids

COMPLAINT = (
    "id", "key", "year", "number", "reference", "tracking_code", "kind", "channel", "regime", "matter",
    "priority", "category", "tags", "subject", "body", "neighbourhood", "place", "latitude", "longitude",
    "applicant", "identity_hidden", "signature_given", "source", "source_number", "cimer_due_on",
    "registered_at", "registered_on", "registered_by", "status", "waiting_for", "responsible_department",
    "return_count", "reopened", "version", "raw_due_on", "legal_due_on", "target_on", "deadline_inputs",
    "result_owed", "escalation", "replied_at", "closed_at", "outcome", "not_examinable_reason",
    "duplicate_of", "privacy_notice",
)  # fmt: skip
ROUTING = (
    "complaint", "department", "role", "routed_at", "routed_by", "note", "accepted_at", "accepted_by",
    "ended_at", "end", "reason",
)  # fmt: skip
LINE = ("complaint", "at", "actor", "verb", "note", "from_status", "to_status", "department", "details")
COMMENT = ("complaint", "at", "author", "body")
NOTICE = (
    "id", "key", "complaint", "kind", "status", "body", "drafted_at", "drafted_by", "approved_at",
    "approved_by", "means", "notified_at", "notified_by", "proof",
)  # fmt: skip
EXTENSION = ("complaint", "granted_on", "reason", "granted_by", "notice")
FORWARDING = ("complaint", "body", "forwarded_on", "number", "forwarded_by", "notice")

Row = dict[str, Any]


@dataclass
class Rows:
    """What a chunk adds. A row that names a notice holds the notice's own dictionary until ids are known."""

    citizens: list[Row] = field(default_factory=list)
    complaints: list[Row] = field(default_factory=list)
    routings: list[Row] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    comments: list[tuple[Any, ...]] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    extensions: list[Row] = field(default_factory=list)
    forwardings: list[Row] = field(default_factory=list)

    def insert(self) -> None:
        """Write them all, in the order that foreign keys ask for."""
        note_what_was_shown(self.complaints)
        for notice, number in zip(self.notices, take_ids(Notice, len(self.notices)), strict=True):
            notice["id"] = number
        for row in (*self.extensions, *self.forwardings):
            row["notice"] = row["notice"] and row["notice"]["id"]
        for model, columns, dicts in (
            (Citizen, CITIZEN, self.citizens),
            (Complaint, COMPLAINT, self.complaints),
            (Routing, ROUTING, self.routings),
            (Notice, NOTICE, self.notices),
            (Extension, EXTENSION, self.extensions),
            (Forwarding, FORWARDING, self.forwardings),
        ):
            insert_rows(model, columns, ([row[name] for name in columns] for row in dicts))
        insert_rows(ComplaintLine, LINE, self.lines)
        insert_rows(Comment, COMMENT, self.comments)


def note_what_was_shown(complaints: list[Row]) -> None:
    """Record the shown privacy notice: callers heard the text in force; CİMER and call centres show their own."""
    notice = privacy.in_force(Purpose.CASE, "tr")
    for row in complaints:
        heard = notice and row["applicant"] and row["registered_on"] >= notice.valid_from
        row["privacy_notice"] = notice.pk if heard and notice and row["channel"] != "CIMER" else None
