"""Taking a request, from whatever channel; setting it right; writing and filing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO, Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments import moves
from backend.appointments.actions.notices import default_means, means_of_message, notify
from backend.appointments.actions.parameters import ToldBy
from backend.appointments.actions.step import move, write_line
from backend.appointments.choices import OPEN, Channel, Kind, NoticeKind, Status
from backend.appointments.models import AppointmentRequest, RequestAttachment, RequestNotice
from backend.appointments.moves import Verb, appointment_action
from backend.appointments.story import EventType
from backend.contacts import privacy
from backend.contacts.models import Citizen, PrivacyNotice, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.validation import choice, refuse, required, short
from backend.core.words.text import clean
from backend.documents.intake import AcceptedFile, accept_along
from backend.documents.intake import accept as accept_file
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import changed_meanwhile
from backend.notifications import staff
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox import holding
from backend.partners.actions import standing
from backend.partners.models import Organisation
from backend.programme.keepers import keepers
from backend.programme.models import Principal

SEQUENCE = "appointment_request"


class EssentialFields(TypedDict, total=False):
    subject: Annotated[str | None, Field(_("Subject"), api="What it is about, in a line.", max_length=200)]
    kind: Annotated[str | None, Field(_("Kind"), api="What for."), Kind]
    channel: Annotated[str | None, Field(_("Channel"), api="How they asked."), Channel]
    applicant: Annotated[Citizen | None, Field(api="Who asks.")]


class Facts(TypedDict, total=False):
    organisation: Annotated[
        str | None,
        Field(_("Institution"), api="For which organisation, as the applicant names it.", max_length=160),
    ]
    partner: Annotated[
        Organisation | None, Field(_("Record of the institution"), api="The record of that organisation.")
    ]
    party_size: Annotated[int, Field(_("How many people?"), api="How many people come.")]
    companion_names: Annotated[
        str | None,
        Field(
            _("Names of companions"),
            api="Who comes along, by name; never required. Seen by who may know the applicant.",
            why=_("For the gate and the desk. Only names, and only if they wish."),
            law="6698 m. 4",
            max_length=300,
        ),
    ]
    wish: Annotated[
        str | None, Field(_("Wish for a time"), api="What they wish of the time.", max_length=200)
    ]
    wished_from: Annotated[
        dt.date | None,
        Field(
            _("Not before"),
            api="The first day they could come.",
            why=_("Free times are offered from this day on."),
        ),
    ]
    wished_until: Annotated[dt.date | None, Field(_("Not after"), api="The last day they could come.")]
    plate: Annotated[
        str | None,
        Field(
            _("Car plate"),
            api="The plate of their car.",
            why=_("For the gate alone. No visitor is asked for a T.C. identity number."),
            law="6698 m. 4",
            max_length=20,
        ),
    ]
    body: Annotated[
        str | None,
        Field(
            _("What does the caller say?"),
            api="The words of the request.",
            why=_(
                "What the meeting does not need is not written: illness, faith and politics are special data."
            ),
            law="6698 m. 4, 6",
            rows=3,
        ),
    ]


class CorrectFields(EssentialFields, Facts, total=False): ...


@transaction.atomic
def receive(
    principal: Principal,
    *,
    by: User | None,
    channel: str,
    kind: str,
    subject: str,
    applicant: Citizen | None = None,
    requested_by: User | None = None,
    privacy_notice: PrivacyNotice | None = None,
    receipt: bool = True,
    registered_at: dt.datetime | None = None,
    **facts: Unpack[Facts],
) -> AppointmentRequest:
    """Record a request: number of the local year, first line, and a receipt by e-mail where there is an address.

    An internal request (INTERNAL) names the member of staff, otherwise the applicant, who saw `privacy_notice` (KVKK
    m.10). `registered_at`: when it came in, if not now. REQUIRED, INVALID.
    """
    way = choice(Channel, channel, "channel")
    person, field = (requested_by, "requested_by") if way is Channel.INTERNAL else (applicant, "applicant")
    if person is None:
        raise DomainError(ErrorCode.REQUIRED, _("Say who asks for the appointment."), field)
    if not principal.is_active:
        raise DomainError(ErrorCode.INVALID, _("This programme is no longer kept."), "principal")
    values = checked_facts({"channel": way, "kind": kind, "subject": subject} | facts)
    check_wish(values.get("wished_from"), values.get("wished_until"))
    shown = privacy.checked(privacy_notice, Purpose.APPOINTMENT)
    request = AppointmentRequest(
        principal=principal,
        applicant=None if way is Channel.INTERNAL else applicant,
        requested_by=requested_by if way is Channel.INTERNAL else None,
        privacy_notice=None if way is Channel.INTERNAL else shown,
        registered_by=by,
        registered_at=registered_at or timezone.now(),
        year=today().year,
        **values,
    )
    request.number = NumberSequence.take(SEQUENCE, request.year)
    request.reference = f"RT-{request.year}/{request.number}"
    request.save(force_insert=True)
    write_line(request, EventType.RECEIVED, by=by, details={"channel": way.value}, from_status="")
    if receipt and (means := default_means(request)):
        notify(request, NoticeKind.RECEIVED, by=by, means=means)
    to = staff.recipients(None, *keepers(principal.pk)) or staff.heads(staff.private_office())
    staff.hand_over(to, "appointments/requested", request, by)
    return request


def checked_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. TypeError for what is none."""
    if unknown := set(facts) - set(CorrectFields.__annotations__):
        raise TypeError(f"not facts of a request: {', '.join(sorted(unknown))}")
    checked = dict(facts)
    if "channel" in checked:
        checked["channel"] = choice(Channel, checked["channel"], "channel")
    if "kind" in checked:
        checked["kind"] = choice(Kind, checked["kind"], "kind")
    if "subject" in checked:
        checked["subject"] = required(checked["subject"], "subject", _("Write what it is about."), 200)
    for field, longest in (("organisation", 160), ("companion_names", 300), ("wish", 200), ("plate", 20)):
        if field in checked:
            checked[field] = short(checked[field], field, longest)
    if "partner" in checked:
        checked["partner"] = standing(checked["partner"])
    if "body" in checked:
        checked["body"] = clean(checked["body"] or "")
    if not 1 <= checked.get("party_size", 1) <= 500:
        refuse(ErrorCode.INVALID, _("Between one and five hundred people can come."), "party_size")
    return checked


def check_wish(start: dt.date | None, end: dt.date | None) -> None:
    if start and end and end < start:
        refuse(ErrorCode.INVALID, _("The last day lies before the first."), "wished_until")


@appointment_action(Verb.CORRECT, event=EventType.CORRECTED, source=OPEN)
def correct(
    request: AppointmentRequest, *, by: User | None, **facts: Unpack[CorrectFields]
) -> AppointmentRequest:
    """Set facts right.

    The story names the fields. A request from the house keeps who asked.
    """
    moves.require(Verb.CORRECT, request.status)
    if request.requested_by_id and {"channel", "applicant"} & set(facts):
        raise DomainError(ErrorCode.INVALID, _("A request from the house keeps who asked."), "channel")
    if facts.get("channel") == Channel.INTERNAL:
        raise DomainError(ErrorCode.INVALID, _("Take a request from the house anew."), "channel")
    if "applicant" in facts and facts["applicant"] is None:
        raise DomainError(ErrorCode.REQUIRED, _("Say who asks for the appointment."), "applicant")
    changed = {
        field: value
        for field, value in checked_facts(dict(facts)).items()
        if getattr(request, field) != value
    }
    check_wish(
        changed.get("wished_from", request.wished_from), changed.get("wished_until", request.wished_until)
    )
    if changed:
        move(request, Verb.CORRECT, by=by, details={"fields": sorted(changed)}, **changed)
    return request


@appointment_action(
    Verb.LINK_PARTNER,
    event=EventType.PARTNER_LINKED,
    source=tuple(Status),
    applies=~Q(organisation=""),
    traits=Trait.CONCURRENT,
    hint=_("What was written stays; promises and meetings then stand on the page of the institution too."),
)
def link_partner(
    request: AppointmentRequest,
    *,
    by: User | None,
    partner: Annotated[
        Organisation, Field(_("Record of the institution"), api="The record of the organisation it names.")
    ],
) -> AppointmentRequest:
    """The organisation that was written is this one.

    In any state. INVALID where it is linked with that record already.
    """
    moves.require(Verb.LINK_PARTNER, request.status)
    row = standing(partner)
    if request.partner_id == row.pk:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."), "partner")
    move(request, Verb.LINK_PARTNER, by=by, partner=row)
    return request


@appointment_action(
    Verb.MESSAGE,
    event=EventType.MESSAGED,
    source=tuple(Status),
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    notifies=True,
)
def message(
    request: AppointmentRequest,
    *,
    by: User | None,
    body: Annotated[str, Field(_("Message"), api="The text, without salutation.", rows=5)],
    means: ToldBy = "",
    new_files: Annotated[Sequence[IO[bytes]], Field(_("New files"))] = (),
) -> AppointmentRequest:
    """Write to the applicant.

    In any state. An e-mail or SMS waits for thirty seconds and can be taken back until then.
    """
    text = required(body, "body", _("Write the message."))
    way = means or means_of_message(request)
    text = outbox.bounded(text, way)
    files = [keep(request, file, by=by) for file in accept_along(new_files, "new_files")]
    notify(request, NoticeKind.MESSAGE, by=by, means=way, body=text, held=holding.until(), files=files)
    move(request, Verb.MESSAGE, by=by)
    return request


@appointment_action(
    Verb.UNSEND,
    event=EventType.MESSAGE_TAKEN_BACK,
    source=tuple(Status),
    applies=Q(Exists(RequestNotice.objects.filter(holding.HELD, request=OuterRef("pk")))),
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    takes_back=(Verb.MESSAGE,),
)
def take_back(request: AppointmentRequest, *, by: User | None) -> RequestNotice:
    """Take back one's messages to the applicant that have not left yet; without any of one's own, the newest.

    It is as if they were never written; files that went along stay with the request. WRONG_STATE once they have left.
    """
    rows = RequestNotice.objects.filter(holding.HELD, request=request).select_for_update(of=("self",))
    found = rows.select_related("message").order_by("notified_at", "pk")
    waiting = holding.of_one(list(found), by, "notified_by_id")
    holding.recall(row.message for row in waiting)
    RequestNotice.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    move(request, Verb.UNSEND, by=by)
    return waiting[-1]


@appointment_action(Verb.ATTACH, event=EventType.ATTACHED, source=tuple(Status), traits=Trait.CONCURRENT)
def attach(
    request: AppointmentRequest,
    *,
    by: User | None,
    file: Annotated[IO[bytes], Field(_("File"))],
    name: str = "",
) -> RequestAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    accepted = accept_file(file, name)
    if not AppointmentRequest.objects.filter(pk=request.pk).update(version=F("version") + 1):
        raise changed_meanwhile()
    return keep(request, accepted, by=by)


def keep(request: AppointmentRequest, accepted: AcceptedFile, *, by: User | None) -> RequestAttachment:
    """Keep a file that was accepted, and write its line."""
    attachment = RequestAttachment.keep(accepted, by=by, request=request)
    write_line(request, EventType.ATTACHED, by=by, details={"size": attachment.size})
    return attachment
