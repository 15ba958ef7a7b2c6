"""Details on the page of a batch: numbers, recipients with their outcome, print runs, story."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.display import badge
from admin_ui.core.stories import StoryItem, of_lines
from backend.contacts.models import Citizen
from backend.core.operation.worker import worker_lives
from backend.greetings import delivery, duplicate_detection, numbers, paper
from backend.greetings.choices import Channel, Decision, Outcome, Reason, Source, Status
from backend.greetings.models import Batch, BatchLine, PrintRun, Recipient
from backend.greetings.moves import Verb
from backend.greetings.story import EventType
from backend.outbox.models import Message
from backend.outbox.plan import Draft
from permissions.core import scope

SHOWN, FORESEEN = 50, 5_000
FOLLOWED_SECONDS = 2
STATUS_TONES = {
    Status.PREPARING: "blue",
    Status.WAITING: "orange",
    Status.RUNNING: "blue",
    Status.STOPPED: "grey",
    Status.FAILED: "red",
    Status.DONE: "green",
    Status.CANCELLED: "grey",
}
TONES = {
    Outcome.PENDING: "blue",
    Outcome.SENT: "green",
    Outcome.NO_ADDRESS: "red",
    Outcome.DECEASED: "grey",
    Outcome.FLAGGED: "orange",
    Outcome.LEFT_OUT: "grey",
    Outcome.ALREADY_GREETED: "grey",
    Outcome.REFUSED: "red",
}
WOULD = {Outcome.SENT: gettext_lazy("Would be sent")}
"""Labels of expected outcomes, where they differ from the outcome itself."""


def status_badge(row: Batch) -> str:
    if numbers.is_silent(row):
        return badge(_("No answer"), "red")
    return badge(row.get_status_display(), STATUS_TONES[Status(row.status)])


def details(request: HttpRequest, row: Batch) -> dict[str, object]:
    counts = numbers.outcomes(row)
    able = scope.allowed_actions(row)
    runs = scope.visible(PrintRun).filter(batch=row).order_by("-uploaded_at", "-pk")
    undelivered = numbers.undelivered(row)
    is_printing = row.status == Status.RUNNING and not counts[Outcome.PENDING]
    printed, on_paper = numbers.on_paper(row) if is_printing else (0, 0)
    return {
        "title": row.title,
        "status": status_badge(row),
        "channels": [Channel(channel).label for channel in row.channels],
        "cards": [_card(outcome, counts[outcome], row) for outcome in Outcome if counts[outcome]],
        "total": sum(counts.values()),
        "settled": sum(counts.values()) - counts[Outcome.PENDING],
        "share": 100 * printed // on_paper if on_paper else numbers.share(counts),
        "is_printing": is_printing,
        "printed": printed,
        "on_paper": on_paper,
        "undelivered": undelivered,
        "follow": FOLLOWED_SECONDS if row.is_under_way else 0,
        "is_silent": numbers.is_silent(row),
        "is_without_worker": row.status == Status.WAITING and not worker_lives(),
        **_foreseen(row, counts),
        "runs": [(run, _forms(row, run)) for run in runs],
        "can_add": Verb.ADD in able,
        "can_remove": Verb.REMOVE in able,
        "can_decide": Verb.DECIDE in able,
        "recipients_url": reverse("admin:greetings_batch_recipients", args=[row.key]),
        "say_url": reverse("admin:greetings_batch_say_of", args=[row.key]),
        "decisions": Decision,
        "story": _story(row),
        **_recipients(request, row, counts),
    }


def _card(outcome: Outcome, count: int, row: Batch) -> dict[str, object]:
    url = f"{reverse('admin:greetings_batch_change', args=[row.key])}?outcome={outcome.value}#recipients"
    return {"count": count, "label": outcome.label, "tone": TONES[outcome], "url": url}


def _foreseen(row: Batch, counts: dict[str, int]) -> dict[str, object]:
    """Expected outcomes of the open recipients, and how many would wait."""
    if row.is_under_way or row.status == Status.CANCELLED or not 0 < counts[Outcome.PENDING] <= FORESEEN:
        return {}
    found = delivery.foreseen(row)
    result, verdicts = found.outcomes, found.flagged
    keys = [verdict.recipient.pk for verdict in verdicts[:SHOWN]]
    seen = set(scope.visible(Recipient).filter(pk__in=keys).values_list("pk", flat=True))
    flagged = [verdict for verdict in verdicts[:SHOWN] if verdict.recipient.pk in seen]
    _note(one.recipient.citizen for one in flagged)
    return {
        "foreseen_channels": [(one.label, found.channels[one]) for one in Channel if found.channels[one]],
        "samples": _samples(row, found.samples),
        "foreseen": [(WOULD.get(one, one.label), result[one], TONES[one]) for one in Outcome if result[one]],
        "flagged": [(one, Reason(one.reason).label) for one in flagged],
        "more_flagged": max(0, len(verdicts) - SHOWN) if flagged else 0,
    }


def _samples(row: Batch, verdicts: list[delivery.Verdict]) -> list[Draft]:
    """The first messages as they will be, of recipients that the viewer sees."""
    seen = set(
        scope.visible(Recipient)
        .filter(pk__in=[one.recipient.pk for one in verdicts])
        .values_list("pk", flat=True)
    )
    shown = [one for one in verdicts if one.recipient.pk in seen]
    _note(one.recipient.citizen for one in shown)
    return [delivery.message_to(row, one) for one in shown]


def _note(people: Iterable[Citizen | None]) -> None:
    scope.log_access([person.pk for person in people if person], "admin: list of a greeting")


def _forms(row: Batch, run: PrintRun) -> list[tuple[str, object]]:
    return [
        (reverse("admin:greetings_batch_paper", args=[row.key, run.key, form]), label)
        for form, label in paper.FORMS.items()
    ]


def _recipients(request: HttpRequest, row: Batch, counts: dict[str, int]) -> dict[str, object]:
    """One page of the list, of one outcome if asked for; of who is not settled yet what would become of them now."""
    asked = request.GET.get("outcome", "")
    matches = scope.visible(Recipient).filter(batch=row)
    if asked in Outcome.values:
        matches = matches.filter(outcome=asked)
    text = request.GET.get("page", "1")
    number = int(text) if text.isdecimal() and len(text) < 6 and int(text) else 1
    of = matches.select_related("citizen", "department", "body", "message").order_by("pk")
    page = list(of[(number - 1) * SHOWN : number * SHOWN + 1])
    shown = page[:SHOWN]
    verdicts = {one.recipient.pk: one for one in delivery.look(row, [r for r in shown if _is_open(r)])}
    likes = {pk: one.like for pk, one in verdicts.items() if one.like} | _likes(row, shown)
    _note([*(one.citizen for one in shown), *likes.values()])
    here = {"outcome": asked} if asked in Outcome.values else {}
    return {
        "recipients": [_line(row, one, verdicts.get(one.pk)) | {"like": likes.get(one.pk)} for one in shown],
        "sample": next(
            (verdict.text for verdict in verdicts.values() if verdict.text.body or verdict.text.sms_text),
            None,
        ),
        "asked": asked,
        "narrowed": here,
        "outcomes": [(one.value, one.label, counts[one]) for one in Outcome if counts[one]],
        "back": f"?{urlencode({**here, 'page': number})}",
        "previous": f"?{urlencode({**here, 'page': number - 1})}#recipients" if number > 1 else "",
        "following": f"?{urlencode({**here, 'page': number + 1})}#recipients" if len(page) > SHOWN else "",
        "hides_people": not scope.current_viewer().sees_all_contacts,
    }


def _likes(batch: Batch, shown: list[Recipient]) -> dict[int, Citizen]:
    """Of those who were flagged for it: the record that may be theirs too."""
    rows = [one for one in shown if one.outcome == Outcome.FLAGGED and one.reason == Reason.ALIKE]
    greeted = duplicate_detection.before(batch, rows, [row.citizen for row in rows if row.citizen])
    values = {row.pk: greeted.like(row.citizen) for row in rows if row.citizen}
    return {pk: citizen for pk, citizen in values.items() if citizen}


def _is_open(row: Recipient) -> bool:
    return row.outcome == Outcome.PENDING


def _line(batch: Batch, row: Recipient, verdict: delivery.Verdict | None) -> dict[str, object]:
    outcome = verdict.outcome if verdict else Outcome(row.outcome)
    reason = verdict.reason if verdict else row.reason
    label = WOULD.get(outcome, outcome.label) if verdict else outcome.label
    channel = verdict.channel if verdict else row.channel
    return {
        "row": row,
        "name": (verdict.name if verdict else "") or row.name or str(row),
        "office": " · ".join(filter(None, (row.title, row.organisation))),
        "source": Source(row.source).label,
        "badge": badge(label, TONES[outcome]),
        "reason": Reason(reason).label if reason else "",
        "channel": Channel(channel).label if channel else "",
        "address": (verdict.address if verdict else row.address).replace("\n", ", "),
        "is_bounced": bool(row.message and row.message.status == Message.Status.FAILED),
        "look": reverse("admin:greetings_batch_look", args=[batch.key, row.key])
        if outcome == Outcome.SENT and batch.body
        else "",
    }


def _story(row: Batch) -> list[StoryItem]:
    lines = scope.visible(BatchLine).filter(batch=row).select_related("actor").order_by("at", "pk")
    return of_lines(lines, EventType, _facts)


def _facts(line: BatchLine) -> list[str]:
    details, result = line.details, []
    if "source" in details:
        result.append(str(Source(details["source"]).label))
        named = details.get("named", details.get("added", 0) + details.get("there", 0))
        result.append(_("%(count)s named") % {"count": named})
    if "decision" in details:
        result.append(f"{Decision(details['decision']).label}: {details['count']}")
    if "removed" in details:
        result.append(str(details["removed"]))
    if "letters" in details:
        result.append(_("%(n)s letters") % {"n": details["letters"]})
        result.append(f"SHA-256 {details['sha256'][:12]}…")
    if line.verb == EventType.FINISHED:
        result += [f"{Outcome(name).label}: {count}" for name, count in details.items() if count]
    return result
