"""Recording what a citizen brings. Intake never refuses for want of form: TCK 121, genelge 2004/12."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions.notices import CARRIED, default_means, notify
from backend.complaints.actions.staff import notify_office
from backend.complaints.actions.step import journal_line
from backend.complaints.choices import Channel, DeliveryMethod, Kind, NoticeKind, Priority, Status
from backend.complaints.danger import danger_in
from backend.complaints.law import clock
from backend.complaints.law.cimer import cimer_number
from backend.complaints.law.conditions import THROUGH_CIMER
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.locating.pointing import pointed
from backend.complaints.models import Complaint
from backend.complaints.story import EventType
from backend.complaints.teamwork.checklist import follow_category
from backend.contacts import privacy
from backend.contacts.models import Citizen, PrivacyNotice, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from backend.core.models import NumberSequence
from backend.core.validation import choice, refuse, required
from backend.core.words.text import clean, line, tr_fold
from backend.organization.models import Category, Neighbourhood, User
from backend.places.bounds import checked_point
from backend.places.choices import PointSource
from backend.stickers.models import Sticker

SEQUENCE = "complaint"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MAX_TAGS, MAX_TAG = 20, 40
MOST_RINGING, AN_HOUR = 3, dt.timedelta(hours=1)
CIMER_SOURCE = "cimer"
"""The source name of all CİMER cases, so that each CİMER number is accepted once."""

Decide = Callable[..., Callable[["Complaint"], None] | None]
DECIDES: list[Decide] = []
"""What decides of a new case by the house's own rules (`backend.routing.applying`). It is called with the case before
it is saved, `by_itself`: whether it may act, as no person of the house decides, and `may_rank`: whether it may set the
priority, which was not chosen. What it returns is called with the registered case."""

WRITTEN = (
    Channel.PETITION,
    Channel.KEP,
    Channel.WEB,
    Channel.EMAIL,
    Channel.E_MUNICIPALITY,
    Channel.E_DEVLET,
)
"""What comes in writing is taken for a petition, so that the earlier date, the law's, is the one that is kept until a
person decides otherwise."""


def tracking_code() -> str:
    """Sixty random bits in Crockford's alphabet, which avoids misreadings on the telephone: `7G2K-0QXM-4TBN`."""
    letters = "".join(secrets.choice(CROCKFORD) for _place in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def default_regime(kind: str, channel: str) -> Regime:
    """The regime to propose (handbook 1.1); a person may always choose another."""
    if channel == Channel.CIMER:
        return Regime.CIMER
    if kind == Kind.INFORMATION_REQUEST:
        return Regime.INFORMATION_4982
    return Regime.PETITION_3071 if channel in WRITTEN else Regime.SERVICE_REQUEST


def named_source(source: str, channel: str, regime: str) -> str:
    """The source as it is stored: CİMER's under one name however it is written, and never without."""
    source = clean(source)[:40]
    is_cimer = tr_fold(source) == CIMER_SOURCE or (
        not source and THROUGH_CIMER(channel=channel, regime=regime)
    )
    return CIMER_SOURCE if is_cimer else source


def named_number(number: str, *, source: str, channel: str, regime: str) -> str:
    """The number as it is stored: CİMER's in one spelling."""
    is_cimer = source == CIMER_SOURCE or THROUGH_CIMER(channel=channel, regime=regime)
    return cimer_number(number) if is_cimer else clean(number)[:60]


def check_cimer(*, channel: str, regime: str, number: str, due_on: dt.date | None) -> None:
    """Require CİMER's own number and date, which are never computed (handbook 1.1); CİMER has issued the receipt.

    REQUIRED.
    """
    if THROUGH_CIMER(channel=channel, regime=regime) and not number:
        message = _("Write the application number that CİMER gave.")
        refuse(ErrorCode.REQUIRED, message, "source_number")
    if regime == Regime.CIMER and due_on is None:
        message = _("Write the last day for the answer that CİMER shows; it is not computed here.")
        refuse(ErrorCode.REQUIRED, message, "cimer_due_on")


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Cleaned, each once, in order. INVALID for more than twenty or a longer one than forty letters."""
    result = list(dict.fromkeys(line(tag) for tag in tags))
    result = [tag for tag in result if tag]
    if len(result) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in result):
        message = _("At most twenty tags, none longer than forty letters.")
        refuse(ErrorCode.INVALID, message, "tags")
    return result


def checked_subject(subject: str) -> str:
    subject = required(subject, "subject", _("Write what it is about."))
    if len(subject) > 200:
        refuse(ErrorCode.INVALID, _("The subject may have at most 200 letters."), "subject")
    return subject


def checked_category(category: Category | None) -> None:
    if category is not None and not category.is_active:
        refuse(ErrorCode.INVALID, _("This category is no longer in use."), "category")


@transaction.atomic
def register(
    *,
    kind: str,
    channel: str,
    subject: str,
    applicant: Citizen | None,
    by: User | None,
    body: str = "",
    regime: str | None = None,
    matter: str | None = None,
    priority: str | None = None,
    category: Category | None = None,
    neighbourhood: Neighbourhood | None = None,
    place: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    point_source: PointSource = PointSource.ENTERED,
    sticker: Sticker | None = None,
    on_behalf_of: Citizen | None = None,
    identity_hidden: bool = False,
    signature_given: bool = False,
    source: str = "",
    source_number: str = "",
    source_account: User | None = None,
    cimer_due_on: dt.date | None = None,
    registered_at: dt.datetime | None = None,
    tags: Iterable[str] = (),
    privacy_notice: PrivacyNotice | None = None,
    receipt: bool = True,
    receipt_by: DeliveryMethod | None = None,
    by_rules: bool | None = None,
    recorder_has_code: bool = False,
) -> Complaint:
    """Register a case: number of the local year, tracking code, dates, first line; a receipt by `receipt_by` or e-mail.

    `registered_at` is the moment of receipt, not in the future (default now). `source` and `source_number` identify
    it in another system and are unique (DUPLICATE): per `source_account`, where that account does not see the cases
    of others, otherwise globally. `receipt=False` for cases that another system has acknowledged; the receipt omits
    the subject where a portal (`source_account`) writes to an unverified address. `privacy_notice` is the version
    that the applicant saw (KVKK m.10). A petition without name, signature or address is registered like any other; a
    CİMER case needs CİMER's number and date (`check_cimer`). Without a `priority` signs of danger propose that it is
    urgent (`danger`); of that, and of an urgent case, the office is notified. Place and category that are left out are
    taken from the `sticker` that was scanned. Without a point the register of places is asked where the address is
    (`locating`); `point_source` says where the one that came along is from. `by_rules`: whether the house's rules may
    act by themselves, which by default is where no person of the house registers it; otherwise they only propose.
    `recorder_has_code`: `by` is shown the tracking code, and may follow the case with it also out of their sight.
    """
    law = choice(Regime, regime or default_regime(kind, channel), "regime")
    moment = checked_moment(registered_at)
    if sticker is not None:
        category = category or _category_of(sticker)
        neighbourhood = neighbourhood or sticker.neighbourhood
        place = place or ", ".join(filter(None, [sticker.place, sticker.label]))
        if latitude is None and longitude is None and sticker.latitude is not None:
            latitude, longitude, point_source = sticker.latitude, sticker.longitude, PointSource.STICKER
    checked_point(latitude, longitude)
    checked_category(category)
    shown = privacy.checked(privacy_notice, Purpose.CASE, Purpose.SUGGESTION)
    system = named_source(source, channel, law)
    complaint = Complaint(
        tracking_code=tracking_code(),
        kind=choice(Kind, kind, "kind"),
        channel=choice(Channel, channel, "channel"),
        regime=law,
        matter=clock.matter_of(law, matter or _matter_by_kind(law, kind)),
        priority=choice(Priority, priority or Priority.NORMAL, "priority"),
        danger="" if priority else danger_in(f"{subject} {body}"),
        category=category,
        tags=clean_tags(tags),
        subject=checked_subject(subject),
        body=clean(body),
        **pointed(neighbourhood, clean(place)[:300], latitude, longitude, point_source),
        sticker=sticker,
        applicant=applicant,
        on_behalf_of=on_behalf_of,
        privacy_notice=shown if applicant or on_behalf_of else None,
        identity_hidden=identity_hidden,
        signature_given=signature_given,
        source=system,
        source_number=named_number(source_number, source=system, channel=channel, regime=law),
        source_account=source_account,
        cimer_due_on=cimer_due_on,
        registered_at=moment,
        registered_on=local_date(moment),
        registered_by=by,
        recorder_has_code=recorder_has_code,
        status=Status.NEW,
    )
    check_cimer(channel=channel, regime=law, number=complaint.source_number, due_on=cimer_due_on)
    refuse_second_from_source(complaint, among=source_account)
    acts = not _is_from_the_house(by) if by_rules is None else by_rules
    decided = [decide(complaint, by_itself=acts, may_rank=not priority) for decide in DECIDES]
    for field, value in clock.dates(complaint).items():
        setattr(complaint, field, value)
    _number_and_save(complaint)
    follow_category(complaint)
    details: dict[str, Any] = {"channel": complaint.channel, "regime": complaint.regime}
    if complaint.danger:
        details["danger"] = complaint.danger
    journal_line(complaint, EventType.REGISTERED, by=by, details=details, from_status="")
    if complaint.danger or complaint.priority == Priority.URGENT:
        notify_office("danger", complaint, keeps_quiet=_has_rung_often(complaint))
    if receipt and (means := receipt_by or default_means(complaint)) in CARRIED:  # CİMER has issued its own
        notify(complaint, NoticeKind.RECEIPT, by=by, means=means)
    for follow in filter(None, decided):
        follow(complaint)
    return complaint


def _category_of(sticker: Sticker) -> Category | None:
    """Return what reports at a sticker are about, while that category is in use."""
    return sticker.category if sticker.category and sticker.category.is_active else None


def checked_moment(registered_at: dt.datetime | None) -> dt.datetime:
    now = timezone.now()
    if registered_at is not None and registered_at > now + dt.timedelta(minutes=5):
        raise DomainError(
            ErrorCode.INVALID, _("The moment of receipt cannot lie in the future."), "registered_at"
        )
    return registered_at or now


def _matter_by_kind(regime: Regime, kind: str) -> Matter | None:
    asks = regime is Regime.CIMER and kind == Kind.INFORMATION_REQUEST
    return Matter.INFORMATION if asks else None


def already_registered(reference: str = "") -> DomainError:
    """The refusal of a number that the source gave once; `reference`: the case that has it."""
    if not reference:
        message = _("An application with this number of the source has already been registered.")
        return DomainError(ErrorCode.DUPLICATE, message, "source_number")
    named = _("An application with this number of the source has already been registered: %(reference)s.")
    return DomainError(ErrorCode.DUPLICATE, named % {"reference": reference}, "source_number")


def refuse_second_from_source(complaint: Complaint, *, among: User | None = None) -> None:
    """DUPLICATE, naming the case that has this number of this source already; CİMER's is one whatever the source.

    `among`: only what this account registered. No number is no key.
    """
    if not complaint.source_number:
        return
    same = Q(source=complaint.source)
    if complaint.came_through_cimer:
        same |= THROUGH_CIMER.q
    there = Complaint.objects.filter(same, source_number=complaint.source_number).exclude(pk=complaint.pk)
    if among is not None:
        there = there.filter(source_account=among)
    if (match := there.values_list("reference", flat=True).order_by("pk").first()) is not None:
        raise already_registered(match)


def _has_rung_often(complaint: Complaint) -> bool:
    """Whether so many with signs of danger came from outside within the hour that the next ones wait for the morning: a
    word is quickly written, and by whom is not known. The bell and the lists have each of them at once."""
    if _is_from_the_house(complaint.registered_by):
        return False
    since = timezone.now() - AN_HOUR
    outside = Q(registered_by=None) | Q(registered_by__is_staff=False)
    ringing = Q(priority=Priority.URGENT) | ~Q(danger="")
    rows = Complaint.objects.filter(outside, ringing, registered_at__gte=since).exclude(pk=complaint.pk)
    return len(rows.values("pk")[:MOST_RINGING]) >= MOST_RINGING


def _is_from_the_house(by: User | None) -> bool:
    return by is not None and by.is_staff


def _number_and_save(complaint: Complaint) -> None:
    """The number is taken as late as possible: everybody who registers waits on its row until we commit."""
    complaint.year = complaint.registered_on.year
    complaint.number = NumberSequence.take(SEQUENCE, complaint.year)
    complaint.reference = f"{complaint.year}/{complaint.number}"
    try:
        with transaction.atomic():
            complaint.save(force_insert=True)
    except IntegrityError as error:
        if any(name in str(error) for name in ("complaint_once_a_source", "a_cimer_number_once")):
            raise already_registered() from None
        raise
