"""What may happen to a press release: one keyword-only function a verb, named as the verb, each one transaction."""

from __future__ import annotations

import datetime as dt
from typing import IO, Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.validation import refuse, required, short
from backend.core.words.text import clean, line, tr_fold
from backend.documents.intake import PICTURES
from backend.documents.intake import accept as accept_file
from backend.engagements.models import Engagement
from backend.events.models import Event
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import StateMachine
from backend.news import moves
from backend.news.choices import Status
from backend.news.models import Release, ReleaseLine, ReleaseMailing, ReleasePhoto
from backend.news.moves import Verb, release_action
from backend.news.story import EventType
from backend.news.writing import rewrite_waiting
from backend.organization.models import User
from backend.outbox import holding

SEQUENCE = "release"
LONGEST, TITLE, LEAD, CAPTION = 20_000, 160, 400, 300
MOST_PHOTOS = 20
FURTHEST = dt.timedelta(days=366)

_saying = StateMachine(line=ReleaseLine, of="release", moves=release_action)
move, write_line = _saying.move, _saying.write_line

HAS_PHOTOS = Q(Exists(ReleasePhoto.objects.filter(release=OuterRef("pk"))))
OnePhoto = Annotated[ReleasePhoto, Field(_("Photograph"), api="Which photograph.")]
Caption = Annotated[str, Field(_("Caption"), api="What stands below it.", max_length=CAPTION)]
Alternative = Annotated[
    str,
    Field(
        _("Alternative text"),
        api="What it shows, for those who do not see it; needed before it is published.",
        help=_("What it shows, for those who do not see it. It is needed before it is published."),
        max_length=CAPTION,
    ),
]


class Words(TypedDict, total=False):
    title: Annotated[str | None, Field(_("Heading"), api="Its title.", max_length=TITLE)]
    lead: Annotated[
        str | None,
        Field(
            _("Lead"),
            api="The sentence or two that say the most.",
            help=_("One or two sentences that say the most: who, what, where, when."),
            rows=3,
            max_length=LEAD,
        ),
    ]
    text: Annotated[
        str | None,
        Field(_("Text"), api="The text, with an empty line between paragraphs.", rows=14),
    ]


class Facts(Words, total=False):
    event: Annotated[Event | None, Field(api="The event it is about.")]
    engagement: Annotated[Engagement | None, Field(api="The engagement it is about.")]


@transaction.atomic
def draft(
    *,
    by: User | None,
    title: str,
    lead: str = "",
    text: str = "",
    event: Event | None = None,
    engagement: Engagement | None = None,
) -> Release:
    """Begin a press release. REQUIRED, INVALID."""
    facts = _checked({"title": title, "lead": lead, "text": text, "event": event, "engagement": engagement})
    row = Release(drafted_by=by, year=today().year, **facts)
    _about_one_thing(row.event, row.engagement)
    row.number = NumberSequence.take(SEQUENCE, row.year)
    row.reference = f"BB-{row.year}/{row.number}"
    row.save(force_insert=True)
    write_line(row, EventType.DRAFTED, by=by, from_status="")
    return row


@release_action(Verb.EDIT, event=EventType.EDITED, source=Status.DRAFT)
def edit(release: Release, *, by: User | None, **facts: Unpack[Facts]) -> Release:
    """Change the text of a draft, or what it is about."""
    moves.require(Verb.EDIT, release.status)
    changed = _changed(release, _checked(dict(facts)))
    _about_one_thing(changed.get("event", release.event), changed.get("engagement", release.engagement))
    move(release, Verb.EDIT, by=by, **changed)
    return release


@release_action(Verb.ATTACH, event=EventType.ATTACHED, source=Status.DRAFT, traits=Trait.CONCURRENT)
def attach(
    release: Release,
    *,
    by: User | None,
    file: Annotated[IO[bytes], Field(_("Photograph"))],
    name: str = "",
    caption: Caption = "",
    alternative_text: Alternative = "",
) -> ReleasePhoto:
    """Add a photograph.

    Where it was taken, and other hidden data, is removed. TOO_LARGE, UNSUPPORTED, INVALID for more than twenty.
    """
    moves.require(Verb.ATTACH, release.status)
    if release.photos.count() >= MOST_PHOTOS:
        message = _("A press release has at most %(most)s photographs. Take one out first.")
        raise DomainError(ErrorCode.INVALID, message % {"most": MOST_PHOTOS}, "file")
    accepted = accept_file(file, name)
    if accepted.content_type not in PICTURES:
        raise DomainError(ErrorCode.UNSUPPORTED, _("This is no photograph. JPEG, PNG and WebP are."), "file")
    photo = ReleasePhoto.keep(
        accepted,
        by=by,
        release=release,
        caption=_line(caption, "caption", CAPTION),
        alternative_text=_line(alternative_text, "alternative_text", CAPTION),
    )
    move(release, Verb.ATTACH, by=by, details={"size": photo.size})
    return photo


@release_action(Verb.DESCRIBE, event=EventType.DESCRIBED, source=Status.DRAFT, applies=HAS_PHOTOS)
def describe(
    release: Release,
    *,
    by: User | None,
    photo: OnePhoto,
    caption: Caption = "",
    alternative_text: Alternative = "",
) -> Release:
    """Change the caption and the alternative text of a photograph."""
    moves.require(Verb.DESCRIBE, release.status)
    row = _own(release, photo)
    row.caption = _line(caption, "caption", CAPTION)
    row.alternative_text = _line(alternative_text, "alternative_text", CAPTION)
    row.save(update_fields=["caption", "alternative_text"])
    move(release, Verb.DESCRIBE, by=by)
    return release


@release_action(Verb.DETACH, event=EventType.DETACHED, source=Status.DRAFT, applies=HAS_PHOTOS)
def detach(release: Release, *, by: User | None, photo: OnePhoto) -> Release:
    """Take a photograph out; its file is removed."""
    moves.require(Verb.DETACH, release.status)
    _own(release, photo).discard()
    move(release, Verb.DETACH, by=by)
    return release


@release_action(
    Verb.PUBLISH,
    event=EventType.PUBLISHED,
    source=Status.DRAFT,
    target=Status.APPROVED,
    traits=Trait.PRIMARY,
    hint=_("Everybody can read it from then on: on the web site, in the feed, and with its photographs."),
)
def publish(
    release: Release,
    *,
    by: User | None,
    publish_at: Annotated[
        dt.datetime | None,
        Field(
            _("Public from"),
            api="From when on it is public; default now.",
            help=_("Leave it empty to publish it now."),
        ),
    ] = None,
) -> Release:
    """Approve it, and publish it now or at a moment to come.

    REQUIRED without a lead or a text, or for a photograph without alternative text; INVALID for a moment that has
    passed.
    """
    moves.require(Verb.PUBLISH, release.status)
    _ready(release)
    now = timezone.now()
    if publish_at is not None and not now - dt.timedelta(minutes=1) < publish_at < now + FURTHEST:
        message = _("Choose a moment to come within a year, or leave it empty to publish now.")
        raise DomainError(ErrorCode.INVALID, message, "publish_at")
    slug = release.slug or _slug(release)
    changes: dict[str, Any] = {"approved_by": by, "published_at": max(publish_at or now, now), "slug": slug}
    move(release, Verb.PUBLISH, by=by, **changes)
    return release


@release_action(Verb.CORRECT, event=EventType.CORRECTED, source=Status.APPROVED)
def correct(
    release: Release,
    *,
    by: User | None,
    correction: Annotated[
        str,
        Field(
            _("What was corrected"),
            api="What was corrected; it is published with it.",
            help=_("One sentence; it is published with the news."),
            max_length=300,
        ),
    ],
    **words: Unpack[Words],
) -> Release:
    """Correct what is published.

    The words before it stay in the story, and what was corrected is published. Mails to the press that still wait
    leave as it reads now.
    """
    moves.require(Verb.CORRECT, release.status)
    corrected = required(correction, "correction", _("Write what was corrected."), 300)
    changed = _changed(release, _checked(dict(words)))
    for name in ("lead", "text"):
        if name in changed and not changed[name]:
            refuse(ErrorCode.REQUIRED, _("What is published has a lead and a text."), name)
    before = {name: getattr(release, name) for name in sorted(changed)}
    move(
        release,
        Verb.CORRECT,
        by=by,
        note=corrected,
        details={"before": before},
        correction=line(corrected),
        corrected_at=timezone.now(),
        **changed,
    )
    rewrite_waiting(release)
    return release


@release_action(
    Verb.WITHDRAW,
    event=EventType.WITHDRAWN,
    source=Status.APPROVED,
    target=Status.WITHDRAWN,
    traits=Trait.DESTRUCTIVE,
)
def withdraw(
    release: Release,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="Why; it is not published.", rows=2)],
) -> Release:
    """Take it back from publication: neither the text nor its photographs are public any more, and mails that wait do
    not leave."""
    moves.require(Verb.WITHDRAW, release.status)
    waiting = list(ReleaseMailing.objects.filter(holding.HELD, release=release).select_related("message"))
    kept = holding.recall_some(one.message for one in waiting)
    ReleaseMailing.objects.filter(message__in=kept).delete()
    move(release, Verb.WITHDRAW, by=by, note=required(reason, "reason", _("Write why.")))
    return release


@release_action(Verb.REWRITE, event=EventType.REWRITTEN, source=Status.WITHDRAWN, target=Status.DRAFT)
def rewrite(release: Release, *, by: User | None) -> Release:
    """Make a draft of it again, to be published anew at the same address."""
    moves.require(Verb.REWRITE, release.status)
    move(release, Verb.REWRITE, by=by, published_at=None, approved_by=None)
    return release


def _slug(release: Release) -> str:
    words = slugify(tr_fold(release.title))[:80].strip("-") or "haber"
    return f"{words}-{release.year}-{release.number}"


def _ready(release: Release) -> None:
    if not release.lead:
        raise DomainError(ErrorCode.REQUIRED, _("Write the lead first: “Change the text”."))
    if not release.text:
        raise DomainError(ErrorCode.REQUIRED, _("Write the text first: “Change the text”."))
    if release.photos.filter(alternative_text="").exists():
        message = _("A photograph has no alternative text. Say what it shows for those who do not see it.")
        raise DomainError(ErrorCode.REQUIRED, message)


def _own(release: Release, photo: ReleasePhoto) -> ReleasePhoto:
    """The photograph of this press release, locked."""
    if photo.release_id != release.pk:
        message = _("There is no such record, or you may not see it.")
        raise DomainError(ErrorCode.NOT_FOUND, message, "photo")
    return ReleasePhoto.objects.select_for_update(of=("self",)).get(pk=photo.pk)


def _changed(release: Release, facts: dict[str, Any]) -> dict[str, Any]:
    changed = {name: value for name, value in facts.items() if getattr(release, name) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    return changed


def _about_one_thing(event: Event | None, engagement: Engagement | None) -> None:
    if event is not None and engagement is not None:
        message = _("It is about an event or an engagement, not both.")
        raise DomainError(ErrorCode.INVALID, message, "engagement")


def _line(text: str, field: str, longest: int) -> str:
    result = line(text)
    if len(result) > longest:
        refuse(ErrorCode.INVALID, _("At most %(longest)s letters.") % {"longest": longest}, field)
    return result


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - set(Facts.__annotations__) - set(Words.__annotations__):
        raise TypeError(f"not facts of a press release: {', '.join(sorted(unknown))}")
    values = {name: value for name, value in facts.items() if name in ("event", "engagement")}
    if (title := facts.get("title")) is not None:
        values["title"] = line(required(title, "title", _("Write the heading."), TITLE))
    if (lead := facts.get("lead")) is not None:
        values["lead"] = _line(clean(lead), "lead", LEAD)
    if (text := facts.get("text")) is not None:
        values["text"] = short(text, "text", LONGEST)
    return values
