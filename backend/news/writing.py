"""The mail of a press release: its text as the release reads now, and the link by which an address leaves the lists."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core import signing

from backend.configuration.office import configured
from backend.core import sealing
from backend.news.models import Release, ReleaseMailing
from backend.outbox import actions as outbox
from backend.outbox import holding
from backend.outbox.models import Message
from backend.outbox.plan import Draft

TEMPLATE = "news/mail/release.txt"
_ABOUT = b"ozelkalem/press/1"


def signer() -> signing.Signer:
    return signing.Signer(salt="news.press", sep=".")


def digest_of(address: str) -> str:
    """What says that two spellings are one address, and not which one to a reader without the key.

    The key is the one that is never changed (NATIONAL_ID_KEY): who left the lists stays away from them.
    """
    key = sealing.key(_ABOUT, "index")
    return hmac.new(key, address.strip().lower().encode(), sha256).hexdigest()


def token_for(address: str) -> str:
    """The key to leaving the lists, which an address gets with each mail."""
    return signer().sign(digest_of(address))


def mail_facts(release: Release) -> dict[str, Any]:
    """What the mails of a release have in common."""
    home = settings.PUBLIC_URL.rstrip("/")
    photos = release.photos.exclude(alternative_text="")
    return {
        "title": release.title,
        "lead": release.lead,
        "text": release.text,
        "correction": release.correction,
        "page": f"{home}/haberler/{release.slug}/" if release.slug else "",
        "photos": [
            {"words": one.caption or one.alternative_text, "url": f"{home}/files/news/{one.key}/"}
            for one in photos
        ],
        "mail": configured.MUNICIPALITY_EMAIL,
        "home": home,
    }


def written(facts: dict[str, Any], name: str, address: str) -> Draft:
    """The mail with these facts to one address."""
    link = f"{facts['home']}/haberler/ayril/{token_for(address)}/"
    subject, body = outbox.render(TEMPLATE, facts | {"leave": link})
    return Draft(name, Message.Channel.EMAIL, address, subject, body)


def rewrite_waiting(release: Release) -> int:
    """Make the mails that wait for their moment read as the release does now; how many.

    They are of its present edition then, which goes to no address twice. A mail that has left stays as it was.
    """
    rows = ReleaseMailing.objects.filter(holding.HELD, release=release).select_related("message")
    waiting = holding.waiting(row.message for row in rows)
    facts = mail_facts(release) if waiting else {}
    for message in waiting:
        mail = written(facts, "", message.address)
        message.subject, message.body = mail.subject[:200], mail.body
        message.save(update_fields=["subject", "body"])
    ReleaseMailing.objects.filter(message__in=waiting).update(corrected_at=release.corrected_at)
    return len(waiting)
