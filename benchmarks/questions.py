"""What is asked of every contender: what a screen or a program really asks for, in the product's own words.

`viewerCan` and the like, which no contender but the product computes, are left out. Other contenders ask for the
same fields of the same rows under their own names; `comparing.py` proves that they answer the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

INBOX = """query Inbox {
  complaints(first: 50, filter: {condition: [OPEN]}, orderBy: {field: TARGET_ON}) {
    totalCount
    nodes {
      reference subject status priority targetOn registeredAt
      category { name } neighbourhood { name } responsibleDepartment { shortName }
      applicant { firstName lastName }
      lines(first: 3) { verb at note actor { firstName lastName } }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""

NAMELESS = """query Nameless {
  complaints(first: 50, filter: {condition: [OPEN]}, orderBy: {field: TARGET_ON}) {
    totalCount
    nodes {
      reference subject status priority targetOn registeredAt
      category { name } neighbourhood { name } responsibleDepartment { shortName }
      lines(first: 3) { verb at note actor { firstName lastName } }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""

CASE = """query Case($reference: String!) {
  complaint(reference: $reference) {
    reference subject body status priority kind channel regime targetOn legalDueOn place
    category { name } neighbourhood { name } responsibleDepartment { name }
    applicant { firstName lastName phone email address }
    lines(first: 100) { verb at note actor { firstName lastName } department { shortName } }
    routings(first: 50) { department { shortName } role routedAt acceptedAt endedAt reason }
    comments(first: 50) { at body author { firstName lastName } }
    notices(first: 50) { kind status body notifiedAt }
  }
}"""

PAGE = """(first: 100, after: $%(name)s, orderBy: {field: REGISTERED_AT, direction: DESC}) {
    nodes { reference subject status targetOn registeredOn place }
    pageInfo { hasNextPage endCursor }
  }"""
DEEP = "query Deep($after: String) { complaints" + PAGE % {"name": "after"} + " }"
FLAT = (
    "query Flat($page1: String, $page2: String, $page3: String, $page4: String, $page5: String) { "
    + " ".join(f"page{n}: complaints" + PAGE % {"name": f"page{n}"} for n in range(1, 6))
    + " }"
)
"""Five pages of a hundred in one operation: the product gives no larger ones."""

SEARCH = """query Search($text: String!) {
  complaints(first: 50, search: $text) {
    nodes { reference subject status targetOn responsibleDepartment { shortName } }
    pageInfo { hasNextPage endCursor }
  }
}"""
FREQUENT, RARE = "asfalt", "ılgaz sokak 17"


@dataclass(frozen=True)
class Question:
    """A thing to ask. `given` is what it takes: a number, a text, or how many rows to pass over."""

    key: str
    title: str
    text: str
    given: dict[str, Any] = field(default_factory=dict)


def questions(reference: str, deep: int, rare: str = RARE) -> list[Question]:
    """Of somebody who sees this case, and so many cases in all before the deep page. `rare`: a street with a number,
    another one where there are too few cases for it."""
    return [
        Question("inbox", "inbox: 50 rows with everything, total", INBOX),
        Question("nameless", "the inbox without citizens (no read log)", NAMELESS),
        Question("case", "one complaint with its story", CASE, {"reference": reference}),
        Question("flat", "500 flat rows", FLAT),
        Question("deep", f"100 rows after {deep:,}", DEEP, {"skip": deep}),
        Question("frequent", f"search “{FREQUENT}”", SEARCH, {"text": FREQUENT}),
        Question("rare", f"search “{RARE}”", SEARCH, {"text": rare}),
    ]
