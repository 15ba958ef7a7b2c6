"""Where in a reply the quoted history begins, as mail programs in Turkish and English write it."""

from __future__ import annotations

import re

_ATTRIBUTIONS = (
    # Gmail, Apple Mail and Thunderbird: "3 Ara 2026 Per 10:15 tarihinde Işıl İnce <…> şunu yazdı:", over two lines.
    r"^[^\n>]{0,200}\btarihinde\b[^\n]{0,200}(?:\n[^\n]{0,120})?\b(?:şunu|şunları|şöyle)?\s*yazdı:[ \t]*$",
    r"^(?!>)[^\n]{1,200}(?:şunu|şunları|şöyle) yazdı(?: \([^\n)]{1,60}\))?:[ \t]*$",
    r"^On [^\n]{1,200}(?:\n[^\n]{0,120})?\bwrote:[ \t]*$",
    r"^[^\n>]{1,120} wrote on [^\n]{1,80}:[ \t]*$",
    # Outlook: a rule with words, or the header of the former mail.
    r"^[ \t]*-{2,}[ \t]*(?:Orijinal|Özgün|Original) (?:Mesaj|İleti|Message)[ \t]*-{2,}[ \t]*$",
    r"^(?:_{10,}[ \t]*\n+)?[ \t]*\*?(?:Kimden|Gönderen|From)\*?:\*?[^\n]{1,300}\n+[ \t]*\*?(?:Gönderildi|Gönderilme"
    r"|Gönderme|Tarih|Sent|Date)[^\n:]{0,20}:[^\n]{1,120}$",
)
_HISTORY = re.compile("|".join(f"(?:{pattern})" for pattern in _ATTRIBUTIONS), re.MULTILINE | re.IGNORECASE)
LOOKED_AT = 100_000


def quoted_from(text: str) -> int | None:
    """Return where the history begins; None where there is none, or where all that was written stands below it."""
    found = [match.start() for match in [_HISTORY.search(text[:LOOKED_AT])] if match]
    if ">" in text and (block := _block(text)) is not None:
        found.append(block)
    start = min(found, default=None)
    return start if start is not None and text[:start].strip() else None


def _block(text: str) -> int | None:
    """Where the quoted lines begin with which the text ends."""
    at: int | None = None
    end = len(text.rstrip())
    while end > 0:
        begin = text.rfind("\n", 0, end) + 1
        line = text[begin:end]
        if line.startswith(">"):
            at = begin
        elif line.strip():
            break
        end = begin - 1
    return at
