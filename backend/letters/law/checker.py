"""The checker: every fault of a letter, with its field, what to do and the article. It never stops at the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backend.letters.law import check_marks, check_parts, check_text
from backend.letters.law.parts import Draft, Fault

Rule = Callable[[Draft], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    check_parts.subject,
    check_parts.addressees,
    check_parts.references,
    check_text.body,
    check_text.sentences,
    check_text.greeted,
    check_text.closing,
    check_text.approved,
    check_text.written_numbers,
    check_text.spelled,
    check_text.placeholders,
    check_text.occasions,
    check_parts.annexes,
    check_marks.confidentiality,
    check_marks.urgency,
    check_parts.signature,
    check_parts.number,
    check_parts.kinds,
    check_parts.requests,
)


def faults(draft: Draft) -> list[Fault]:
    """All faults, in the order in which the parts stand on paper."""
    return [fault for rule in RULES for fault in rule(draft)]


def errors(draft: Draft) -> list[Fault]:
    """Those without which the letter may not be signed."""
    return [fault for fault in faults(draft) if fault.is_error]
