"""What a mail is: written by a person, sent by a machine that answers, returned, or sent to a list.

Pure, and of any message: what is broken in it counts as not there. A strong sign decides (RFC 3834, RFC 3464, RFC 2919,
headers of known servers); of weak ones, such as a subject, it takes two: a person may write “Otomatik yanıt” too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message as Part

from backend.calendars.replies import Reply, reply_in
from backend.core.words.text import clean, tr_fold
from backend.mailboxes.charsets import content_of, decoded, header_text, parameter, type_of
from backend.mailboxes.choices import Kind


@dataclass(frozen=True)
class Bounced:
    """A mail that was returned. `message_id`: of the mail, "" where the report does not say; `address`: whom it did not
    reach; `reason`: the server's words, in a line; `is_permanent`: False while the server still tries."""

    message_id: str
    address: str
    reason: str
    is_permanent: bool


_NO = frozenset({"", "no", "none", "false", "0"})
_ROBOT_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-Mail-Autoreply",
    "X-MS-Exchange-Inbox-Rules-Loop",
    "X-MS-Exchange-Generated-Message-Source",
    "X-Cron-Env",
    "Auto-Responded",
)
_MAILS = frozenset({"message/rfc822", "message/global"})
_HEADERS = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_LIST_HEADERS = (
    "List-Id",
    "List-Post",
    "List-Unsubscribe",
    "Mailing-List",
    "X-Mailing-List",
    "X-Campaign-Id",
)
_DAEMONS = re.compile(r"^(mailer-?daemon|postmaster|mail-?delivery|mdaemon|microsoftexchange[0-9a-f]*)\b")
_NO_REPLY = re.compile(
    r"^(no-?_?reply|do-?not-?reply|yanitlama(yin)?|cevaplama(yin)?|auto(reply|responder)|otomatik)\b"
)
_AWAY = re.compile(
    r"^\s*(otomatik (yanit|cevap)|ofis disi|ofis disinda|isyeri disinda|izindeyim|automatic reply|auto(matic)?[- ]?"
    r"(reply|response)|autoreply|out of (the )?office|vacation|abwesenheit|reponse automatique)\b"
)
_RETURNED = re.compile(
    r"undeliver|returned mail|failure notice|delivery (status notification|failure|has failed|problem)"
    r"|mail delivery (failed|system|subsystem)|delivery failed|message could not be delivered|nondeliverable"
    r"|iletilemedi|teslim edilemedi|iletim (hatasi|basarisiz)|gonderilemedi|ulastirilamadi"
)
_WARNING = re.compile(r"delayed|still being retried|warning: message|no need to resend|gecik")
_TEXTS = re.compile(
    r"qmail-send program|created automatically by mail delivery software|this is the mail system at host"
    r"|message that you sent could not be delivered|delivery to the following recipients? failed"
    r"|could not be delivered to (one or more|the following)|did not reach the following recipient"
    r"|iletiniz (su|asagidaki) alici\w* (iletilemedi|teslim edilemedi)|i'm afraid i wasn't able to deliver"
    r"|e-postaniz .{0,60}(iletilemedi|teslim edilemedi)"
)
_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_ID_LINE = re.compile(r"^[ \t>]*Message-Id:\s*(<[!-;=?-~]{3,250}>)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_CODE = re.compile(
    r"(?<![\d.])([245]\d\d[ -](?:[245]\.\d{1,3}\.\d{1,3})?[^\r\n]{0,160}|[45]\.\d{1,3}\.\d{1,3}[^\r\n]{0,160})"
)
_REFUSED = re.compile(r"(?<![\d.])(?:4[25]\d[ -]|5[05]\d[ -]|[45]\.[0-7]\.\d{1,3}(?!\.?\d))")
"""The code of a server that did not take a mail, or not yet."""
READ, BEGINNING = 100_000, 1000
"""So many letters of a text are looked through, and so many are what a server says before it cites the mail."""
MOST_PARTS, LONGEST_HEADER = 50, 4000
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]{2,20})(?=\s|$)", re.IGNORECASE)
_CHECKED = re.compile(r"\s(smtp\.mailfrom|header\.[di])\s*=\s*([^\s;]{1,320})", re.IGNORECASE)


def kind_of(message: Part, *, is_returned: bool = False) -> Kind:
    """What the mail is. `is_returned`: it came to the address of a message of ours for what is returned."""
    if bounce_of(message, is_returned=is_returned) is not None:
        return Kind.BOUNCE
    if _is_report(message):  # read, relayed, or a complaint about spam: a machine's, and nothing was returned
        return Kind.AUTO_REPLY
    submitted = _word(message, "Auto-Submitted")
    if submitted == "auto-replied":
        return Kind.AUTO_REPLY
    precedence = _word(message, "Precedence")
    if precedence == "list" or any(_header(message, name) for name in _LIST_HEADERS):
        return Kind.LIST
    is_strong = (
        submitted not in _NO
        or precedence in ("auto_reply", "auto-reply", "bulk", "junk")
        or any(_word(message, name) not in _NO for name in _ROBOT_HEADERS)
        or _header(message, "X-POST-MessageClass").startswith("9")
        or _has_no_sender(message)
    )
    return Kind.AUTO_REPLY if is_strong or _weak_signs(message) > 1 else Kind.MESSAGE


def is_acknowledgement(message: Part) -> bool:
    """Whether a machine says no more than that a mail arrived, or that its owner is away (RFC 3834)."""
    is_away = _AWAY.match(_fold(_header(message, "Subject"))) is not None
    return _word(message, "Auto-Submitted") == "auto-replied" or is_away


def bounce_of(message: Part, *, is_returned: bool = False) -> Bounced | None:
    """The mail that this one says was returned or is delayed; None where it says nothing of the kind.

    `is_returned`: only machines write to where it came, so a server's code does, without words that are known. One
    without a code may be of a machine that answers for a person.
    """
    parts = list(_parts(message))
    report = next((part for part in parts if _type(part) in _REPORTS), None)
    if report is not None:
        return _reported(message, report, parts)
    failed = _header(message, "X-Failed-Recipients")
    text = _text(parts)
    is_ours = is_returned and _is_of_a_server(message) and _REFUSED.search(text) is not None
    if not (failed or is_ours or _is_old_return(message, parts)):
        return None
    address = _ADDRESS.search(failed or text)
    code = _CODE.search(text)
    reason = code[1] if code else _header(message, "Subject")
    is_delayed = _WARNING.search(_fold(f"{_header(message, 'Subject')}\n{text[:BEGINNING]}")) is not None
    return Bounced(_original_id(message, parts), address[0] if address else "", _line(reason), not is_delayed)


def is_only_thanks(text: str) -> bool:
    """Whether a text says nothing but thanks, and so asks for nothing."""
    words = re.findall(r"\w+", _fold(text))
    return (
        0 < len(words) <= 12
        and any(word in _THANKS for word in words)
        and all(word in _POLITE for word in words)
    )


_OF_THANKS = """tesekkur tesekkurler tesekkurlerimi tesekkurlerimizi sagolun sagol saolun eyvallah minnettarim thanks
    thank"""
_OF_POLITENESS = """cok ederim ederiz ediyorum ediyoruz sunarim sunariz size sizlere herkese hepinize var olun ol allah
    razi olsun iyi gunler calismalar aksamlar hayirli isler kolay gelsin selamlar saygilar saygilarimla saygilarimizla
    ilgi ilginiz ilginize icin bilgi bilgilendirme bilgilendirmeniz cevabiniz yardiminiz emeginize saglik
    ellerinize sayin merhaba yetkili tamam baskanim baskan efendim you very much so many for your help reply
    best regards ok okay"""
_THANKS = frozenset(_OF_THANKS.split())
_POLITE = _THANKS | frozenset(_OF_POLITENESS.split())


# -- what a calendar program answers ------------------------------------------------------------------------------
def calendar_reply(message: Part) -> Reply | None:
    """The answer to an invitation that a mail brings; None where it brings none, or several that differ."""
    found = {
        reply
        for part in _parts(message)
        if _type(part) in ("text/calendar", "application/ics") and (reply := reply_in(content_of(part)))
    }
    return found.pop() if len(found) == 1 else None


# -- what servers found of its sender -----------------------------------------------------------------------------
def verdicts(raw: str, from_address: str) -> tuple[str, dict[str, str]]:
    """(the server that checked, method → result): RFC 8601. "" for a server that does not write its name.

    A result counts at the beginning of its part alone: what stands behind it, in quotes or in comments, the sender may
    have written. Of SPF and DMARC, two that differ are a failure; a mail has several signatures, of which one may do.
    Where the sender's domain has no DMARC, `bestguesspass` says, as some servers do, that it would have passed.
    """
    first, *parts = bare(_line(raw, len(raw)))[0].split(";")
    name = ""
    if _RESULT.match(first):
        parts = [first, *parts]
    else:
        name = next(iter(first.lower().split()), "")[:200]
    found: dict[str, str] = {}
    is_aligned = False
    for part in parts:
        if (match := _RESULT.match(part)) is None:
            continue
        method, result = match[1].lower(), match[2].lower()
        if method == "dkim":
            found[method] = "pass" if "pass" in (result, found.get(method)) else found.get(method, result)
        else:
            found[method] = result if found.get(method, result) == result else "fail"
        if result == "pass" and method != "dmarc":
            is_aligned = is_aligned or _is_aligned(method, part[match.end() :], from_address)
    if is_aligned and found.get("spf") != "fail" and found.get("dmarc", "none") == "none":
        found["dmarc"] = "bestguesspass"
    return name, found


def _is_aligned(method: str, properties: str, from_address: str) -> bool:
    """Whether what was checked is the domain of the sender, or one below it."""
    wanted = "header." if method == "dkim" else "smtp."
    checked = [value for key, value in _CHECKED.findall(properties) if key.lower().startswith(wanted)]
    domains = {value.rpartition("@")[2].strip("<>.").lower() for value in checked}
    ours = from_address.rpartition("@")[2]
    return bool(ours and domains) and all(one == ours or one.endswith(f".{ours}") for one in domains)


def bare(text: str) -> tuple[str, bool]:
    """A header without its quoted words and comments, and whether each of them ends: what they say is no syntax."""
    kept, depth, is_quoted, is_escaped = list[str](), 0, False, False
    for letter in text:
        if is_escaped:
            is_escaped = False
        elif letter == "\\" and (is_quoted or depth):
            is_escaped = True
        elif letter == '"' and not depth:
            is_quoted = not is_quoted
            kept.append(" ")
        elif letter == "(" and not is_quoted:
            depth += 1
            kept.append(" ")
        elif letter == ")" and depth:
            depth -= 1
        elif not is_quoted and not depth:
            kept.append(letter)
    return "".join(kept), not is_quoted and not depth


# -- reports ------------------------------------------------------------------------------------------------------
def _reported(message: Part, report: Part, parts: list[Part]) -> Bounced | None:
    """Of a report on delivery (RFC 3464): the recipient that it failed for, else one for whom it is delayed."""
    blocks = _blocks(report)
    for action, is_permanent in (("failed", True), ("delayed", False)):
        for block in blocks:
            if _word(block, "Action") == action:
                address = _ADDRESS.search(_header(block, "Original-Recipient") or "") or _ADDRESS.search(
                    _header(block, "Final-Recipient")
                )
                words = _header(block, "Diagnostic-Code").partition(";")[2] or _header(block, "Status")
                return Bounced(
                    _original_id(message, parts), address[0] if address else "", _line(words), is_permanent
                )
    return None


def _blocks(report: Part) -> list[Part]:
    payload = report.get_payload()
    blocks = [block for block in payload if isinstance(block, Part)] if isinstance(payload, list) else []
    if (
        _type(report) != "message/delivery-status" and blocks
    ):  # the library reads an international one as a mail
        rest = str(blocks[0].get_payload())[:READ]
        blocks += [message_from_string(block) for block in re.split(r"\n\s*\n", rest)]
    return blocks


def _is_report(message: Part) -> bool:
    return _type(message) in ("multipart/report", "message/disposition-notification")


def _original_id(message: Part, parts: list[Part]) -> str:
    """The Message-ID of the mail that was returned, from what came with the report."""
    for part in parts:
        payload = part.get_payload()
        carried = payload[0] if _type(part) in _MAILS and isinstance(payload, list) and payload else None
        if isinstance(carried, Part) and (found := _ID.search(_header(carried, "Message-ID"))):
            return found[0]
    texts = [part for part in parts if _type(part) in _HEADERS]
    texts += [part for part in parts if _type(part).startswith("text/")]
    if named := next(filter(None, (_ID_LINE.search(_content(part)) for part in texts)), None):
        return named[1]
    for name in ("X-Original-Message-ID", "In-Reply-To", "References"):
        if ids := _ID.findall(_header(message, name)):
            return str(ids[-1])
    return ""


def _is_old_return(message: Part, parts: list[Part]) -> bool:
    """Whether a server of before RFC 3464 returns a mail: from a daemon, or without a sender, in words of servers."""
    is_daemon = bool(_DAEMONS.match(_local_part(message)))
    if not is_daemon and not _has_no_sender(message):
        return False
    if _RETURNED.search(_fold(_header(message, "Subject"))):
        return True
    return bool(_TEXTS.search(_fold(_text(parts))))


def _is_of_a_server(message: Part) -> bool:
    """Whether a server wrote it, and not a program that answers for a person."""
    is_server = _has_no_sender(message) or bool(_DAEMONS.match(_local_part(message)))
    return is_server and not is_acknowledgement(message) and not _is_report(message)


# -- what a mail consists of --------------------------------------------------------------------------------------
def _parts(message: Part) -> Iterator[Part]:
    """The mail and its parts, without those of a mail that it carries."""
    waiting, count = [message], 0
    while waiting and count < MOST_PARTS:
        part, count = waiting.pop(0), count + 1
        yield part
        payload = part.get_payload()
        if isinstance(payload, list) and _type(part).startswith("multipart/"):
            waiting += [one for one in payload if isinstance(one, Part)]


def _text(parts: list[Part]) -> str:
    return "\n".join(_content(part) for part in parts if _type(part) == "text/plain")[:READ]


def _type(part: Part) -> str:
    return type_of(_raw(part, "Content-Type"))


def _content(part: Part) -> str:
    return decoded(content_of(part)[:READ], parameter(_raw(part, "Content-Type"), "charset"))[0]


def _raw(message: Part, name: str) -> str:
    """A header as it came. The library's own objects raise what they like, or take minutes, over what is hostile."""
    values = (str(value) for key, value in message.raw_items() if key.lower() == name.lower())
    return next(values, "")[:LONGEST_HEADER]


def _header(message: Part, name: str) -> str:
    """A header in a line; "" where there is none."""
    return _line(header_text(_raw(message, name)), LONGEST_HEADER)


def _word(message: Part, name: str) -> str:
    """The first word of a header, without what follows a semicolon or a comment."""
    return re.split(r"[;(\s]", _header(message, name).lower().strip(), maxsplit=1)[0]


def _line(text: str, most: int = 200) -> str:
    return " ".join(text.split())[:most]


def _fold(text: str) -> str:
    return tr_fold(clean(text[:READ]))


def _local_part(message: Part) -> str:
    addresses = _ADDRESS.findall(_header(message, "From"))
    name = addresses[-1] if addresses else _header(message, "From").strip("<> ")
    return str(name).rpartition("@")[0].lower() or str(name).lower()


def _has_no_sender(message: Part) -> bool:
    """Whether its envelope has no sender: what must not be answered (RFC 5321 4.5.5)."""
    return _header(message, "Return-Path").replace(" ", "") == "<>"


def _weak_signs(message: Part) -> int:
    return sum(
        (
            bool(_AWAY.match(_fold(_header(message, "Subject")))),
            bool(_header(message, "X-Auto-Response-Suppress")),
            bool(_NO_REPLY.match(_local_part(message)) or _DAEMONS.match(_local_part(message))),
        )
    )
