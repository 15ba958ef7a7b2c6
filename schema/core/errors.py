"""Every code of a refusal: when it comes, what a client does then, and a sentence that people read with it.

`docs/errors.md` is written from here (`manage.py graphql_sdl`), and so are the descriptions of `UserErrorCode`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext


@dataclass(frozen=True)
class ErrorKind:
    """`example` is a msgid in use."""

    term: str
    when: str
    then: str
    example: str

    @property
    def description(self) -> str:
        return f"{self.when} (tr: {self.term}). {self.then}."


ERROR_KINDS: dict[str, ErrorKind] = {
    "NOT_FOUND": ErrorKind(
        "bulunamadı",
        "Hidden or missing; the answer does not tell which",
        "Take the row off the screen",
        "There is no such record, or you may not see it.",
    ),
    "FORBIDDEN": ErrorKind(
        "yetki yok",
        "Seen, but not allowed to the viewer",
        "Offer only what `viewerCan` names",
        "You are not allowed to do this.",
    ),
    "INVALID": ErrorKind(
        "geçersiz", "A value cannot be right", "Show the sentence at `field`", "Nothing was changed."
    ),
    "REQUIRED": ErrorKind(
        "gerekli", "Something is missing", "Show the sentence at `field`", "Choose who signs."
    ),
    "WRONG_STATE": ErrorKind(
        "durum uygun değil",
        "Not possible in the state the row is in",
        "Read the row again: `viewerCan` names what is possible",
        "It stands in the programme already.",
    ),
    "CONFLICT": ErrorKind(
        "çakışma",
        "Another change came first (`version`), or it clashes with what is there",
        "Read the row again and ask; where a time is taken `freeTimes` names others",
        "Somebody sits there.",
    ),
    "OUT_OF_TIME": ErrorKind(
        "süresi geçti",
        "The time for it is over, or has not come",
        "Do not repeat it",
        "It has not begun yet.",
    ),
    "TOO_LARGE": ErrorKind("çok büyük", "Too long or too big", "Shorten it", "The text is too long."),
    "UNSUPPORTED": ErrorKind(
        "desteklenmiyor",
        "Not for this kind of row, file or channel",
        "Choose another kind",
        "This kind of application cannot be extended.",
    ),
    "DUPLICATE": ErrorKind(
        "mükerrer",
        "It is already there, such as a `sourceNumber`",
        "Take a repeated request as done",
        "They take part already.",
    ),
    "UNAUTHENTICATED": ErrorKind("oturum açılmamış", "Not signed in", "Sign in", "Please sign in."),
    "UNUSUAL": ErrorKind(
        "olağan dışı",
        "Possible, but unusual, such as on a holiday, or like a record that is there already",
        "Ask the person concerned, and send it again with the input that `field` names set to true",
        "%(day)s is a public holiday: %(name)s.",
    ),
    "OVER_LIMIT": ErrorKind(
        "sınır aşıldı", "More than is allowed at once", "Ask for less", "At most one year at a time."
    ),
    "TIMEOUT": ErrorKind(
        "süre aşıldı",
        "It took too long and was stopped; nothing was changed",
        "Narrow it and say it again",
        "This took too long and was stopped. Ask for less at a time (a narrower filter, a shorter period), or try"
        " again a little later.",
    ),
    "UNAVAILABLE": ErrorKind(
        "şu anda ulaşılamıyor",
        "The database is away or takes nothing more, or a disk is full",
        "Say it again after `Retry-After` seconds, under the same Idempotency-Key",
        "The system cannot be reached at the moment. Try again in a minute.",
    ),
    "INTERNAL": ErrorKind(
        "iç hata",
        "A fault on our side; it has been recorded",
        "Say so, and repeat it later",
        "Something went wrong on our side. It has been recorded.",
    ),
}
TOP_LEVEL: list[tuple[str, str, str, str]] = [
    (
        "BAD_REQUEST",
        "400, 405, 408, 415, 422",
        "It is no GraphQL request: method, content type, JSON, operation",
        "Mend it",
    ),
    (
        "GRAPHQL_VALIDATION_FAILED",
        "400, 422; 200 in `application/json`",
        "The document does not fit the schema, or cannot be read",
        "Mend it",
    ),
    (
        "OVER_LIMIT",
        "400, 422; 200 in `application/json`",
        "The operation costs more than `GRAPHQL_LIMITS`; the sentence names the limit",
        "Ask for less",
    ),
    (
        "RATE_LIMITED",
        "429 with `Retry-After`",
        "The client used up its requests or its cost of this minute (`RateLimit`, `RateLimit-Policy`)",
        "Repeat it after `Retry-After` seconds",
    ),
    (
        "DOCUMENT_NOT_TRUSTED",
        "403",
        "The client may ask only documents that it registered beforehand, and this is none, or another address than"
        " GraphQL's",
        "Register it; or have that address opened to the client",
    ),
    (
        "PERSISTED_QUERY_NOT_FOUND",
        "400 for `documentId`, 200 for Apollo's `persistedQuery`",
        "There is no document of this SHA-256 that the client registered",
        "Register it, or send the text",
    ),
    ("UNAUTHENTICATED", "401", "Not signed in, or the token is wrong, expired or revoked", "Sign in"),
    (
        "FORBIDDEN",
        "403",
        "No CSRF token, no second factor, a token without the scope, or a field that is not for the viewer",
        "Ask for the right",
    ),
    ("TOO_LARGE", "413", "The body is larger than 1 MB, of a subscription than 16 kB", "Send less"),
    (
        "INVALID",
        "200 with `path`, else 400",
        "An argument of a query cannot be right (`extensions.field`)",
        "Mend it",
    ),
    (
        "NOT_FOUND",
        "200 with `path`, else 400",
        "A row that an argument names is hidden or missing",
        "Choose another",
    ),
    (
        "TIMEOUT",
        "503",
        "A statement ran longer than `OZELKALEM_STATEMENT_SECONDS`; nothing was written",
        "Narrow it",
    ),
    (
        "BUSY",
        "503 with `Retry-After`",
        "The request waited for a thread and was not begun",
        "Repeat it later",
    ),
    (
        "UNAVAILABLE",
        "503 with `Retry-After`, or an event, the last one",
        "The database is away or takes nothing more, or a disk is full",
        "Repeat it after `Retry-After` seconds, a mutation under the same `Idempotency-Key`",
    ),
    (
        "RESYNC_REQUIRED",
        "200, an event",
        "A subscription: too much has happened since the last id, or too long ago",
        "Ask by query what is shown; go on following",
    ),
    (
        "TOO_SLOW",
        "200, the last event",
        "A subscription: what was sent lay unread",
        "Read faster; come again with the last id",
    ),
    (
        "CONFLICT",
        "409",
        "Another request with this `Idempotency-Key` is on its way",
        "Repeat it a moment later",
    ),
    ("DUPLICATE", "422", "The `Idempotency-Key` was used for another request", "Take a new key"),
    ("INTERNAL", "500, or 200 with `path`", "A fault on our side; it has been recorded", "Say so"),
]
"""(code, HTTP status, when, what a client does)"""

HEAD = """# Error codes
Written by `manage.py graphql_sdl` from `schema/core/errors.py`; a test holds it against the code and the server's
answers.

Branch on the code, never on the sentence: sentences are in the language of `Accept-Language` (Turkish by default) and
get better over time. A refusal stands in one of two places:

1. **In the payload of a mutation**: HTTP 200, `errors { code message field }` (`UserErrorCode`). Nothing was changed.
   `field` is the input field it is about as the client wrote it (`dueOn`, `promises.0.dueOn`), or null.
2. **At the top level**: `errors[] { message path extensions { code field } }`. Without `path` nothing was run, and the
   HTTP status is the one below; with `path` this field is null and the others are answered (200). To whom accepts
   `application/graphql-response+json` a document that cannot be run has a status of its own; in `application/json`,
   which `*/*` gets, it is 200: look at `errors`.

Files (`/files/…`) answer `{"errors": [{code, message, field}]}` with 400, 401, 403, 404, 409, 413, 415 or 503.
"""


def markdown() -> str:
    """The whole page."""
    rows = [
        f"| `{code}` | {one.when} | {one.then} | {_translated(one.example, 'tr')} | {_translated(one.example, 'en')} |"
        for code, one in ERROR_KINDS.items()
    ]
    top = [f"| `{code}` | {status} | {when} | {then} |" for code, status, when, then in TOP_LEVEL]
    return "\n".join(
        [
            HEAD,
            "## In a payload",
            "| code | when | what a client does | for example | in English |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "## At the top level (`extensions.code`)",
            "| code | HTTP status | when | what a client does |",
            "|---|---|---|---|",
            *top,
            "",
        ]
    )


def _translated(msgid: str, language: str) -> str:
    with translation.override(language):
        return gettext(msgid).replace("%(day)s", "01.01.2027").replace("%(name)s", "Yılbaşı")
