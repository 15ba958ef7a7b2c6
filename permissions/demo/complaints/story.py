"""One invented case as it goes through the table of moves; every step leaves what an action leaves."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from backend.complaints import actions  # noqa: F401 - declares the verbs
from backend.complaints.choices import (
    ENDS,
    DeliveryMethod,
    Escalation,
    NoticeKind,
    NoticeStatus,
    Outcome,
    RoutingEnd,
    RoutingRole,
    Status,
)
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.moves import Verb, complaint_action, require
from backend.complaints.story import EventType
from backend.core.localtime import ISTANBUL, local_date
from permissions.demo.complaints.rows import Row, Rows
from permissions.demo.world import World

NO_DETAILS = "{}"


class Story:
    """Writes one complaint's life into `rows`. `say` is the demo's counterpart of the actions."""

    def __init__(self, row: Row, rows: Rows, world: World, key: Any, proof: tuple[str, str]) -> None:
        self.row, self.rows, self.world, self.key = row, rows, world, key
        self.means, self.proof = proof
        self.routing: Row | None = None
        self.reply: Row | None = None
        rows.complaints.append(row)
        details = json.dumps({"channel": row["channel"], "regime": row["regime"]})
        self.line(
            EventType.REGISTERED, row["registered_at"], row["registered_by"], details=details, before=""
        )

    def line(
        self,
        verb: str,
        at: dt.datetime,
        actor: int | None,
        *,
        note: str = "",
        department: int | None = None,
        details: str = NO_DETAILS,
        before: str | None = None,
    ) -> None:
        status = self.row["status"]
        before = status if before is None else before
        self.rows.lines.append(
            (self.row["id"], at, actor, str(verb), note, str(before), str(status), department, details)
        )

    def notice(self, kind: NoticeKind, body: str, at: dt.datetime, actor: int | None, *, told: bool) -> Row:
        row: Row = {
            "key": self.key(),
            "complaint": self.row["id"],
            "kind": str(kind),
            "status": str(NoticeStatus.SENT if told else NoticeStatus.DRAFT),
            "body": body,
            "drafted_at": at,
            "drafted_by": actor,
            "approved_at": None,
            "approved_by": None,
            "means": self.means if told else "",
            "notified_at": at if told else None,
            "notified_by": actor if told else None,
            "proof": self.proof if told else "",
        }
        self.rows.notices.append(row)
        return row

    def say(self, verb: Verb, at: dt.datetime, actor: int | None, **fields: Any) -> None:
        """Apply a verb at a moment; the keyword arguments are those of the verb (note, body, outcome …)."""
        before = self.row["status"]
        require(verb, before)
        self.row["status"] = str(complaint_action[verb].target or before)
        if complaint_action[verb].target:
            self.row["version"] += 1
        if self.row["status"] in ENDS:
            self.row["closed_at"] = at
        if before == Status.WAITING:
            self.row["waiting_for"] = ""
        details = _HANDLERS[verb](self, at, actor, fields) if verb in _HANDLERS else None
        self.line(
            complaint_action[verb].event,
            at,
            actor,
            note=fields.get("note", ""),
            department=fields.get("department"),
            details=json.dumps(details) if details else NO_DETAILS,
            before=before,
        )

    def warn_if_late(self, by: dt.datetime | None = None) -> None:
        """Warn as the nightly job did when the target date had passed by this moment (unnamed: by now), once."""
        target: dt.date = self.row["target_on"]
        night = dt.datetime.combine(target + dt.timedelta(days=1), dt.time(5, 15), ISTANBUL)
        done = self.row["closed_at"] or self.row["replied_at"] or self.row["escalation"]
        if done or night > (by or self.world.now):
            return
        self.row["escalation"] = int(Escalation.TARGET_NEAR | Escalation.TARGET_PASSED)
        details = json.dumps({"level": Escalation.TARGET_PASSED.name})
        self.line(
            EventType.ESCALATED, night, None, department=self.row["responsible_department"], details=details
        )

    def _route(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        self._end_routing(at, RoutingEnd.REROUTED, "")
        self.row["responsible_department"] = values["department"]
        self.routing = self._routing(at, actor, values, RoutingRole.RESPONSIBLE)

    def _routing(self, at: dt.datetime, actor: int | None, values: dict[str, Any], role: RoutingRole) -> Row:
        row: Row = {
            "complaint": self.row["id"],
            "department": values["department"],
            "role": str(role),
            "routed_at": at,
            "routed_by": actor,
            "note": values.get("note", ""),
            "accepted_at": None,
            "accepted_by": None,
            "ended_at": None,
            "end": "",
            "reason": "",
        }
        self.rows.routings.append(row)
        return row

    def _end_routing(self, at: dt.datetime, end: RoutingEnd, reason: str) -> None:
        if self.routing is not None:
            self.routing |= {"ended_at": at, "end": str(end), "reason": reason}
            self.routing = None

    def _collaborate(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        self._routing(at, actor, values, RoutingRole.COLLABORATING)

    def _accept(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        if self.routing is not None:
            self.routing |= {"accepted_at": at, "accepted_by": actor}

    def _return(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> dict[str, Any]:
        self._end_routing(at, RoutingEnd.RETURNED, values["note"])
        self.row["responsible_department"] = None
        self.row["return_count"] += 1
        return {"return_count": self.row["return_count"]}

    def _wait(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> dict[str, Any]:
        self.row["waiting_for"] = values["waiting_for"]
        return {"for": values["waiting_for"]}

    def _comment(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        self.rows.comments.append((self.row["id"], at, actor, values["body"]))

    def _draft(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> dict[str, Any]:
        first = self.reply is None
        if self.reply is None:
            self.reply = self.notice(NoticeKind.RESULT, values["body"], at, actor, told=False)
        self.reply["body"] = values["body"]
        return {"first": first}

    def _reply_is(self, status: NoticeStatus, **values: Any) -> None:
        if self.reply is None:
            raise RuntimeError("a reply is drafted before it moves on")
        self.reply |= {"status": str(status), **values}

    def _submit(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        self._reply_is(NoticeStatus.SUBMITTED)

    def _send_back(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        self._reply_is(NoticeStatus.DRAFT)

    def _approve(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        self._reply_is(NoticeStatus.APPROVED, approved_at=at, approved_by=actor)

    def _send(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> dict[str, Any]:
        facts = {"means": self.means, "proof": self.proof, "notified_at": at, "notified_by": actor}
        self._reply_is(NoticeStatus.SENT, **facts)
        self.row |= {"replied_at": at, "result_owed": False}
        return {"means": self.means}

    def _progress(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> dict[str, Any]:
        self.notice(NoticeKind.PROGRESS, values["body"], at, actor, told=True)
        self.row["result_owed"] = True
        return {"means": self.means}

    def _extend(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        granted_on = local_date(at)
        notice = self.notice(NoticeKind.EXTENSION, values["note"], at, actor, told=True)
        if notice["means"] == DeliveryMethod.PHONE:  # 4982 m.11 wants it in writing
            notice |= {"means": str(DeliveryMethod.POST), "proof": "İadeli taahhütlü gönderi"}
        self.rows.extensions.append(
            {
                "complaint": self.row["id"],
                "granted_on": granted_on,
                "reason": values["note"],
                "granted_by": actor,
                "notice": notice,
            }
        )
        dates = self.world.dates(
            Regime(self.row["regime"]),
            Matter(self.row["matter"]),
            self.row["registered_on"],
            0,
            None,
            granted_on,
        )
        self.row |= {
            "raw_due_on": dates.raw,
            "legal_due_on": dates.legal,
            "target_on": dates.target,
            "deadline_inputs": dates.inputs,
        }

    def _forward(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        self.rows.forwardings.append(
            {
                "complaint": self.row["id"],
                "body": values["body"],
                "forwarded_on": local_date(at),
                "number": values["number"],
                "forwarded_by": actor,
                "notice": None,
            }
        )

    def _inform(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> dict[str, Any]:
        notice = self.notice(NoticeKind.FORWARDING, values["body"], at, actor, told=True)
        self.rows.forwardings[-1]["notice"] = notice
        return {"means": self.means}

    def _end(self, at: dt.datetime, actor: int | None, values: dict[str, Any]) -> None:
        self.row["outcome"] = str(values["outcome"])
        self.row["duplicate_of"] = values.get("original")
        self.row["not_examinable_reason"] = str(values.get("reason", ""))
        if body := values.get("told"):
            kind = NoticeKind.RESULT if values["outcome"] == Outcome.REJECTED else NoticeKind.CLOSING
            self.notice(kind, body, at, actor, told=True)


_HANDLERS: dict[Verb, Any] = {
    Verb.ROUTE: Story._route,
    Verb.ADD_COLLABORATOR: Story._collaborate,
    Verb.ACCEPT: Story._accept,
    Verb.RETURN: Story._return,
    Verb.PUT_ON_HOLD: Story._wait,
    Verb.COMMENT: Story._comment,
    Verb.DRAFT: Story._draft,
    Verb.SUBMIT: Story._submit,
    Verb.SEND_BACK: Story._send_back,
    Verb.APPROVE: Story._approve,
    Verb.SEND: Story._send,
    Verb.NOTIFY_PROGRESS: Story._progress,
    Verb.EXTEND: Story._extend,
    Verb.FORWARD: Story._forward,
    Verb.NOTIFY_FORWARDING: Story._inform,
    Verb.CLOSE: Story._end,
    Verb.WITHDRAW: Story._end,
    Verb.MARK_DUPLICATE: Story._end,
    Verb.MARK_NOT_EXAMINABLE: Story._end,
    Verb.REJECT: Story._end,
}
"""What a verb does besides changing the state and writing its line."""
