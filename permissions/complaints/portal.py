"""Citizens' access to their own case, directly or through a portal: submit, read, act.

A citizen presents the tracking code. A portal reaches only the cases its own account brought in: any other code does
not exist for it. The view is `public.Tracked`: the citizen's words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints import actions
from backend.complaints.actions import citizens
from backend.complaints.actions.registering import checked_subject
from backend.complaints.choices import Channel, NoticeKind, NoticeStatus
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Attachment, Complaint, ComplaintLine, ComplaintQuerySet, Notice
from backend.complaints.posts.recording import PostFields
from backend.complaints.story import EventType
from backend.configuration.office import configured
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen, PrivacyNotice, Purpose
from backend.contacts.sealing import checked as checked_national_id
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.validation import below, noting, refuse, short
from backend.core.words.languages import Language
from backend.documents.intake import PICTURES
from backend.journal.messages import Part, number
from backend.mailboxes.conversation import name_of
from backend.organization.models import Category, User
from backend.outbox.holding import LEFT
from backend.places.bounds import checked_point
from backend.portals.models import Scope
from backend.submissions import brought
from backend.submissions.keeping import hand_over
from permissions.complaints.public import (
    IS_HELD,
    SHOWN,
    STEPS,
    UNDONE,
    Line,
    PublicStep,
    Tracked,
    happened,
    note_wrong_code,
    plain_code,
    shown,
)
from permissions.core.access_log import log_access
from permissions.events.public_suggestions import Taken
from permissions.portals import access as portals
from permissions.portals.public_lists import neighbourhood_with, notice_with
from permissions.stickers.public import sticker_with

CHANNELS = (
    Channel.WEB,
    Channel.E_MUNICIPALITY,
    Channel.E_DEVLET,
    Channel.PHONE,
    Channel.WHATSAPP,
    Channel.MUHTAR,
    Channel.FIELD_TEAM,
    Channel.SOCIAL_MEDIA,
)
"""The ways by which a portal hears of something. What comes on paper, by KEP or CİMER is registered by the office."""
LONGEST = 10_000
SENT_ALONG = dt.timedelta(hours=1)


def submit(
    *,
    by: User,
    kind: str,
    subject: str,
    text: str = "",
    category: str = "",
    neighbourhood: str = "",
    contact: dict[str, Any] | None = None,
    privacy_notice: str = "",
    channel: str = "",
    source_number: str = "",
    post: PostFields | None = None,
    place: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    place_code: str = "",
    identity_hidden: bool = False,
    signature_given: bool = False,
    registered_at: dt.datetime | None = None,
    files: str = "",
) -> Taken:
    """Register a citizen's case through a portal, as intake does (`actions.register`).

    `category`, `neighbourhood`, `place_code` and `privacy_notice` are public codes. Without `contact` the case is
    anonymous and followed by its code alone. With it the version of the privacy notice is required (KVKK m.10), and
    a new record of the person is created, which the office merges: a portal cannot probe for known people.
    `post`: the one on social media by which the portal heard of it; a picture among the files is its picture.
    `source_number`: the portal's own, accepted once. `files`: what it calls those that were brought before. REQUIRED,
    INVALID, DUPLICATE.
    """
    channel = channel or (Channel.SOCIAL_MEDIA if post else Channel.WEB)
    if channel not in CHANNELS or (post and channel != Channel.SOCIAL_MEDIA):
        message = _("By this way a portal brings nothing in; the office registers it.")
        refuse(ErrorCode.INVALID, message, "channel")
    checked_subject(subject)
    body = short(text, "text", LONGEST)
    checked_point(latitude, longitude)
    with system():
        with noting():
            about = _category(category)
        with noting():
            where = neighbourhood_with(neighbourhood)
        scanned = None
        with noting():
            scanned = sticker_with(place_code)
        if contact:
            check_contact(contact)
        with noting():
            notice = _shown_notice(privacy_notice, contact)
        case = actions.register(
            kind=kind,
            channel=channel,
            regime=_regime(kind, channel, contact),
            subject=subject,
            body=body,
            category=about,
            neighbourhood=where,
            privacy_notice=notice,
            applicant=recorded_contact(contact, by=by) if contact else None,
            source=by.username[:40] if source_number else "",
            source_number=source_number,
            source_account=by,
            by=by,
            place=place,
            latitude=latitude,
            longitude=longitude,
            sticker=scanned,
            identity_hidden=identity_hidden,
            signature_given=signature_given,
            registered_at=registered_at,
        )
        if files:
            hand_over(brought.waiting(files, by=by), case, by=by)
        if post:
            picture = case.attachments.filter(content_type__in=PICTURES).order_by("pk").first()
            actions.record_post_of(case, by=by, picture=picture, **post)
        return Taken(case.reference, case.tracking_code)


def _regime(kind: str, channel: str, contact: dict[str, Any] | None) -> Regime:
    """What the law takes it for. A report without a name is no petition (3071 m.4), but is looked after."""
    regime = actions.default_regime(kind, channel)
    return Regime.SERVICE_REQUEST if regime is Regime.PETITION_3071 and not contact else regime


def _category(code: str) -> Category | None:
    if not code:
        return None
    row = Category.objects.filter(code=code, is_active=True).first()
    if row is None:
        message = _("There is no such category. Choose one of the list of categories.")
        raise DomainError(ErrorCode.INVALID, message, "category")
    return row


def _shown_notice(code: str, contact: dict[str, Any] | None) -> PrivacyNotice | None:
    if contact and not code:
        message = _("Name the version of the privacy notice that was shown to the citizen (KVKK m.10).")
        raise DomainError(ErrorCode.REQUIRED, message, "privacy_notice")
    return notice_with(code, Purpose.CASE, Purpose.SUGGESTION) if code else None


def check_contact(contact: dict[str, Any]) -> None:
    """Refuse what is wrong with the sender of a portal's request, before anything is recorded."""
    facts = {name: value for name, value in contact.items() if value is not None}
    facts.pop("language", None)
    place, number = facts.pop("neighbourhood", ""), facts.pop("national_id", "")
    with below("contact"):
        contacts.checked_facts(facts)
        with noting():
            neighbourhood_with(place)
        if number.strip():
            with noting():
                checked_national_id(number)


def recorded_contact(contact: dict[str, Any], *, by: User) -> Citizen:
    """Record the sender of a portal's request. Refusals name their field below `contact`."""
    values = {name: value for name, value in contact.items() if value is not None}
    language = values.pop("language", None)
    place = values.pop("neighbourhood", "")
    with below("contact"):
        return contacts.record(
            by=by,
            languages=[language] if language and language != Language.TR else [],
            neighbourhood=neighbourhood_with(place),
            tell_of_others=False,
            **values,
        )


# -- what a portal sees --------------------------------------------------------------------------------------
def brought_by(account: User) -> ComplaintQuerySet:
    """The cases that an account brought in, for a list, with `is_held`; to be read under the role of the house."""
    rows = Complaint.objects.filter(registered_by=account).select_related("category")
    return rows.annotate(is_held=IS_HELD)


def followed(code: str, by: User | None) -> Tracked | None:
    """The citizen's view of a case that the account brought in (`by` None: of any case); None for any other code."""
    with system():
        case = case_of(code, by)
        if case is None and by is None:
            note_wrong_code()
        result = None if case is None else shown(case, by=by)
    note_shown([case] if case else [])
    return result


def note_shown(cases: Iterable[Complaint]) -> None:
    """The read log remembers whose cases a portal was shown."""
    log_access([case.applicant_id for case in cases if case.applicant_id], purpose="portal")


@dataclass(frozen=True)
class Update:
    """One thing that happened to a case, in the citizen's words."""

    id: str
    reference: str
    at: dt.datetime
    is_open: bool
    text: str


def updates(
    account: User, start: dt.datetime, end: dt.datetime, *, references: Collection[str] = (), most: int = 100
) -> tuple[list[Update], dt.datetime | None]:
    """What happened to the cases that an account brought in, the oldest first, in a fixed number of statements; and
    from when on to ask for more. To be read under the role of the house."""
    own: Any = {"complaint__registered_by": account}
    if references:
        own["complaint__reference__in"] = references
    lines = ComplaintLine.objects.filter(**own, verb__in=(*STEPS, EventType.RECALLED, EventType.UNDONE))
    sent = Notice.objects.filter(LEFT, **own, status=NoticeStatus.SENT, notified_at__isnull=False)
    notices = sent.annotate(there_at=Coalesce("held_until", "notified_at"))
    moments = [
        *lines.filter(at__range=(start, end)).order_by("at", "pk").values_list("at", "complaint")[: most + 1],
        *notices.filter(there_at__range=(start, end))
        .order_by("there_at", "pk")
        .values_list("there_at", "complaint")[: most + 1],
    ]
    moments.sort()
    begun = {case for _at, case in moments[:most]}
    cases = {row.pk: row for row in brought_by(account).filter(pk__in=begun)}
    story: dict[int, list[Line]] = {pk: [] for pk in cases}
    known = UNDONE | Q(verb__in=(*STEPS, EventType.RECALLED))
    for pk, verb, at in (
        lines.filter(known, complaint__in=cases)
        .exclude(verb=EventType.CITIZEN_ADDED, actor=account)
        .order_by("at", "pk")
        .values_list("complaint", "verb", "at")
    ):
        story[pk].append((verb, at))
    own_words: dict[int, list[ComplaintLine]] = {pk: [] for pk in cases}
    for line in lines.filter(complaint__in=cases, verb=EventType.CITIZEN_ADDED, actor=account).order_by("pk"):
        own_words[line.complaint_id].append(line)
    texts: dict[int, list[Any]] = {pk: [] for pk in cases}
    shown_kinds = Q(kind__in=SHOWN) | Q(kind=NoticeKind.MESSAGE, on_tracking_page=True)
    for row in notices.filter(shown_kinds, complaint__in=cases).order_by("there_at", "pk"):
        texts[row.complaint_id].append(row)
    note_shown(cases.values())
    found = [
        one for pk, case in cases.items() for one in _updates_of(case, story[pk], texts[pk], own_words[pk])
    ]
    within = sorted((one for one in found if start <= one.at <= end), key=lambda one: (one.at, one.id))
    following = within[most].at if len(within) > most else moments[most][0] if len(moments) > most else None
    return within[:most], following


def name_of_added(case: Complaint, line: ComplaintLine) -> str:
    """The name of what was added, as the program that added it knows it: in its updates, messages and webhooks."""
    return f"{case.reference.replace('/', '-')}-{name_of(case.key, number(Part.ADDED, line.pk))}"


def last_added(case: Complaint, by: User) -> str:
    """The name of what an account last added to a case, or ""."""
    with system():
        lines = case.lines.filter(verb=EventType.CITIZEN_ADDED, actor=by)
        last = lines.order_by("-at", "-pk").first()
    return name_of_added(case, last) if last else ""


def _updates_of(
    case: Any, lines: list[Line], notices: list[Any], added: list[ComplaintLine]
) -> Iterator[Update]:
    """Each kind of step once, each notice with its text, which stands for the step that it is, and what the program
    itself added."""
    reference = case.reference.replace("/", "-")
    first: dict[PublicStep, dt.datetime] = {}
    turns = [(at, STEPS[verb]) for verb, at in happened(lines, case.is_held)]
    for at, step in turns:
        first.setdefault(step, at)
    texts = {IS_STEP[NoticeKind(row.kind)] for row in notices if row.kind in IS_STEP}

    def is_open(moment: dt.datetime) -> bool:
        ends = [
            step for at, step in turns if at <= moment and step in (PublicStep.CLOSED, PublicStep.REOPENED)
        ]
        return not ends or ends[-1] is PublicStep.REOPENED

    for step, at in first.items():
        if step not in texts:
            yield Update(f"{reference}-{step.value}", reference, at, is_open(at), str(step.label))
    for row in notices:
        yield Update(f"{reference}-{row.key}", reference, row.there_at, is_open(row.there_at), row.body)
    for line in added:
        yield Update(name_of_added(case, line), reference, line.at, is_open(line.at), line.note)


IS_STEP = {
    NoticeKind.RESULT: PublicStep.REPLIED,
    NoticeKind.PROGRESS: PublicStep.PROGRESS_NOTIFIED,
    NoticeKind.EXTENSION: PublicStep.EXTENDED,
    NoticeKind.FEE: PublicStep.FEE_ASKED,
    NoticeKind.FORWARDING: PublicStep.FORWARDING_TOLD,
}
"""The notice whose text says what a step is."""


# -- what the citizen does -----------------------------------------------------------------------------------
def add(code: str, *, by: User | None, text: str) -> Tracked:
    """`citizens.add`, to the case of this code. NOT_FOUND."""
    with _acting(code, by) as case:
        return shown(citizens.add(case, by=by, text=text), by=by)


def withdraw(code: str, *, by: User | None, reason: str = "") -> Tracked:
    """`citizens.withdraw`, of the case of this code. NOT_FOUND."""
    with _acting(code, by) as case:
        return shown(citizens.withdraw(case, by=by, reason=reason), by=by)


def rate(code: str, *, by: User | None, rating: int, remark: str = "") -> Tracked:
    """`citizens.rate`, of the case of this code. NOT_FOUND."""
    with _acting(code, by) as case:
        return shown(citizens.rate(case, by=by, rating=rating, remark=remark), by=by)


def reopen(code: str, *, by: User | None, reason: str) -> Tracked:
    """`citizens.reopen`, of the case of this code. NOT_FOUND."""
    with _acting(code, by) as case:
        return shown(citizens.reopen(case, by=by, reason=reason), by=by)


def attach(code: str, *, by: User | None, file: IO[bytes], name: str = "") -> Attachment:
    """`citizens.add_file`, to the case of this code. NOT_FOUND.

    A portal sends along what belongs to a case within the hour; later it answers, which needs FOLLOW (FORBIDDEN).
    """
    with _acting(code, by) as case:
        if by is not None and case.registered_at < timezone.now() - SENT_ALONG:
            portals.account(Scope.FOLLOW)
        return citizens.add_file(case, by=by, file=file, name=name)


@contextmanager
def _acting(code: str, by: User | None) -> Iterator[Complaint]:
    """The case of a code, locked; all of what is done or nothing."""
    with system(), transaction.atomic():
        case = case_of(code, by, lock=True)
        if case is None:
            if by is None:
                note_wrong_code()
            message = _("No application has this code. Check it letter by letter, or call %(phone)s.")
            raise DomainError(ErrorCode.NOT_FOUND, message % {"phone": configured.MUNICIPALITY_PHONE}, "code")
        yield case


def case_of(code: str, by: User | None, *, lock: bool = False) -> Complaint | None:
    """The case of a tracking code, that the account brought in (`by`) or anybody; under the role of the house."""
    plain = plain_code(code)
    if plain is None:
        return None
    rows = (
        Complaint.objects.filter(tracking_code=plain)
        if by is None
        else brought_by(by).filter(tracking_code=plain)
    )
    return (rows.select_for_update(of=("self",)) if lock else rows).first()
