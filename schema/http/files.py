"""Files of cases and requests, through the gate: hidden and missing are one 404, nothing is shown in the browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from backend.agreements import actions as agreements
from backend.agreements.models import Agreement, AgreementAttachment
from backend.agreements.moves import Verb as AgreementVerb
from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest, RequestAttachment
from backend.appointments.moves import Verb as RequestVerb
from backend.complaints import actions as complaints
from backend.complaints.models import Attachment, Complaint
from backend.complaints.moves import Verb
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.refusals import Refusal, refusing_as
from backend.core.session import out_of_time, system, unscoped
from backend.core.words.text import clean, tr_title
from backend.documents import disarming, scanning, typesetting
from backend.documents.intake import PICTURES
from backend.documents.models import StoredFile
from backend.engagements import actions as engagements
from backend.engagements.models import Engagement, EngagementAttachment
from backend.engagements.moves import Verb as EngagementVerb
from backend.events import actions as events
from backend.events.models import Event, EventAttachment
from backend.events.moves import Verb as EventVerb
from backend.greetings.models import PrintRun
from backend.instructions import actions as instructions
from backend.instructions.models import Instruction, InstructionAttachment
from backend.instructions.moves import Verb as InstructionVerb
from backend.invitations import actions as invitations
from backend.invitations.models import Invitation, InvitationAttachment
from backend.invitations.moves import Verb as InvitationVerb
from backend.letters import actions as letters
from backend.letters.choices import PERSONAL, AddresseeKind
from backend.letters.models import Letter, LetterAttachment
from backend.letters.moves import Verb as LetterVerb
from backend.mailboxes import actions as mailboxes
from backend.mailboxes.models import InboundFile, InboundMessage, WrittenFile
from backend.news import actions as news
from backend.news.models import Release, ReleasePhoto
from backend.news.moves import Verb as ReleaseVerb
from backend.organization.models import User
from backend.partners.models import Organisation
from backend.partners.moves import Verb as OrganisationVerb
from backend.portals.models import Scope
from backend.submissions.models import SubmissionFile
from permissions.complaints import portal as public_cases
from permissions.complaints import public
from permissions.core import scope
from permissions.core.middleware import read_form
from permissions.letters import access
from permissions.places import photos
from permissions.portals import access as portals
from permissions.submissions import brought
from schema.core.nodes import MODELS, decode, global_id, key_of
from schema.core.results import camel
from schema.http.authentication import session
from schema.http.metering import MayPass, Metered, closed, may_bring, may_send
from schema.http.request_errors import BadRequest

STATUS = {
    ErrorCode.UNAUTHENTICATED: 403,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED: 415,
    ErrorCode.WRONG_STATE: 409,
    ErrorCode.CONFLICT: 409,
    ErrorCode.TIMEOUT: 503,
}
ENVELOPE = 64 * 1024
FILES: tuple[type[StoredFile], ...] = (
    Attachment,
    RequestAttachment,
    InvitationAttachment,
    LetterAttachment,
    InstructionAttachment,
    PrintRun,
    EventAttachment,
    EngagementAttachment,
    AgreementAttachment,
    ReleasePhoto,
    SubmissionFile,
    InboundFile,
    WrittenFile,
)
OWNERS: dict[str, tuple[type[Any], str, Callable[..., StoredFile]]] = {
    "complaint": (Complaint, Verb.ATTACH, complaints.attach),
    "appointment": (AppointmentRequest, RequestVerb.ATTACH, appointments.attach),
    "invitation": (Invitation, InvitationVerb.ATTACH, invitations.attach),
    "letter": (Letter, LetterVerb.ATTACH, letters.attach),
    "instruction": (Instruction, InstructionVerb.ATTACH, instructions.attach),
    "event": (Event, EventVerb.ATTACH, events.attach),
    "event_picture": (Event, EventVerb.ADD_PICTURE, events.add_picture),
    "agreement": (Agreement, AgreementVerb.ATTACH, agreements.attach),
    "press_release": (Release, ReleaseVerb.ATTACH, news.attach),
    "engagement": (Engagement, EngagementVerb.ATTACH, engagements.attach),
}
"""What files are attached to, and how."""
MESSAGES: dict[type[Any], tuple[str, Callable[..., object], tuple[str, ...]]] = {
    Complaint: (Verb.MESSAGE, complaints.message, ("means",)),
    AppointmentRequest: (RequestVerb.MESSAGE, appointments.message, ("means",)),
    Letter: (LetterVerb.MESSAGE, mailboxes.write_about_letter, ("subject", "means", "to")),
    Organisation: (OrganisationVerb.MESSAGE, mailboxes.write_to_organisation, ("subject", "means", "to")),
}
"""How a message of a conversation is written, and what may stand in its form."""
ALONG = {
    "complaint": ("stage",),
    "event_picture": ("alternative_text", "permission"),
    "press_release": ("caption", "alternative_text"),
}
"""What may stand in the form beyond the file; what an action needs is asked for by it."""


def _answering(
    view: Callable[..., HttpResponseBase], may_pass: MayPass = closed
) -> Callable[..., HttpResponseBase]:
    """Run the view as the requester, in a transaction; refusals become a status and a message.

    `may_pass`: which clients limited to trusted documents may pass. Quotas are checked before the file is read.
    """

    def run(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        metered = Metered(request)
        response: HttpResponseBase
        try:
            metered.check_file(may_pass)
            if request.method == "POST":
                _require_small(request)
                read_form(request)
            with session(request):
                response = view(request, **arguments)
        except BadRequest as over:
            shown = {"code": over.code, "message": str(over), "field": None}
            response = JsonResponse({"errors": [shown]}, status=over.status)
        except (DomainError, DatabaseError) as fault:
            error = fault if isinstance(fault, DomainError) else out_of_time(fault)
            if error is None:
                raise
            response = _shown(request, error)
        if response.status_code == 404 and _is_followed(request):
            response = render(request, "404.html", status=404)
        if response.status_code == 503:
            response["Retry-After"] = "60"
        response.setdefault("Cache-Control", "private, no-store")
        response["X-Content-Type-Options"] = "nosniff"
        metered.set_headers(response, failed=response.status_code >= 400)
        return response

    return refusing_as(_in_this_form)(run)


def _shown(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal: a sentence for who followed a link, JSON for programs and forms."""
    if _is_followed(request):
        return _plain(error.message, STATUS.get(error.code, 400))
    return _refused(error)


def _is_followed(request: HttpRequest) -> bool:
    """Whether a person follows a link: they read a page."""
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _refused(error: DomainError) -> JsonResponse:
    shown = {"code": str(error.code), "message": str(error.message), "field": camel(error.field)}
    return JsonResponse({"errors": [shown]}, status=STATUS.get(error.code, 400))


def _in_this_form(_request: HttpRequest, refusal: Refusal, **_arguments: Any) -> HttpResponse:
    shown = {"code": refusal.code, "message": refusal.message, "field": None}
    response = JsonResponse({"errors": [shown]}, status=refusal.status)
    response["Cache-Control"] = "private, no-store"
    return response


@unscoped
@_answering
def download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file, as an attachment under the name it came with. The read log remembers it."""
    may_read = request.method == "GET" and scope.current_viewer().may("READ")
    attachment = _file(key) if may_read else None
    if attachment is None:
        return _missing()
    try:
        scanning.require_scanned(attachment.file.storage, str(attachment.file.name))
    except DomainError as unscanned:
        return _plain(unscanned.message, STATUS[unscanned.code])
    if not attachment.file.storage.exists(attachment.file.name or ""):
        return _missing()
    scope.log_access([attachment.pk], purpose="file", kind=attachment._meta.label_lower)
    return _as_attachment(attachment)


def _as_attachment(file: StoredFile) -> FileResponse:
    return FileResponse(
        file.file.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
    )


@unscoped
@_answering
def mail_original(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A mail that came in, as it came, for its readers: it is proof, so no virus scanner removes it. It is downloaded
    only, and the page warns of it. The read log remembers it."""
    may_read = request.method == "GET" and scope.current_viewer().may("READ")
    mail = scope.visible(InboundMessage).filter(key=key).exclude(file="").first() if may_read else None
    if mail is None or not mail.file.storage.exists(mail.file.name or ""):
        return _missing()
    scope.log_access([mail.pk], purpose="file", kind=mail._meta.label_lower)
    name = f"{mail.received_at:%Y-%m-%d}-{mail.key}.eml"
    return FileResponse(
        mail.file.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )


@unscoped
@_answering
def picture(request: HttpRequest, key: UUID, size: str) -> HttpResponseBase:
    """A picture shown in the browser, whole or small, to the readers of the file; other files are downloaded only.
    The read log remembers it: a small one shows faces and plates too."""
    may_read = request.method == "GET" and scope.current_viewer().may("READ")
    attachment = _file(key) if may_read else None
    if attachment is None or attachment.content_type not in PICTURES:
        return _missing()
    try:
        scanning.require_scanned(attachment.file.storage, str(attachment.file.name))
    except DomainError as unscanned:
        return _plain(unscanned.message, STATUS[unscanned.code])
    if not attachment.file.storage.exists(attachment.file.name or ""):
        return _missing()
    scope.log_access([attachment.pk], purpose="file", kind=attachment._meta.label_lower)
    response: HttpResponseBase
    if size == "small":
        response = HttpResponse(disarming.thumbnail_of(attachment.file), content_type="image/jpeg")
    else:
        response = FileResponse(attachment.file.open("rb"), content_type=attachment.content_type)
    response["Content-Disposition"] = "inline"
    return response


def _file(key: UUID) -> StoredFile | None:
    result = (scope.visible(model).filter(key=key).first() for model in FILES)
    return next((file for file in result if file is not None), None)


@unscoped
@_answering
def reply_file(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """A file that went to a citizen with a notice, for who holds the ticket of the tracking page or of a portal."""
    if request.method != "GET":
        return _missing()
    with system():
        attachment = public.sent_file(ticket)
        if attachment is None:
            return _missing()
        try:
            scanning.require_scanned(attachment.file.storage, str(attachment.file.name))
        except DomainError as unscanned:
            return _plain(unscanned.message, STATUS[unscanned.code])
        if not attachment.file.storage.exists(attachment.file.name or ""):
            return _missing()
        return _as_attachment(attachment)


@unscoped
@_answering
def letter_paper(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The frozen paper of a registered letter, shown in the browser. The read log remembers it."""
    may_read = request.method == "GET" and scope.current_viewer().may("READ")
    letter = scope.visible(Letter).filter(key=key).exclude(paper="").first() if may_read else None
    if letter is None or not letter.paper.storage.exists(letter.paper.name or ""):
        return _missing()
    scope.log_access([letter.pk], purpose="file", kind=letter._meta.label_lower)
    access.log_access([letter], "letter's paper")
    name = typesetting.file_name(_name_of(letter))
    return FileResponse(letter.paper.open("rb"), filename=name, content_type="application/pdf")


def _name_of(letter: Letter) -> str:
    """“GD-2026-3 Taziye Ömer Çalışkan”: whom it is for only where the makam writes to one person."""
    with translation.override("tr"):
        parts = [letter.document_number or letter.reference, letter.get_kind_display()]
    people = list(letter.addressees.all()[:2]) if letter.kind in PERSONAL else []
    if len(people) == 1 and people[0].kind == AddresseeKind.PERSON:
        parts.append(tr_title(f"{people[0].name} {people[0].surname}".strip()))
    return " ".join(parts)


def _missing() -> HttpResponse:
    return _plain(_("Not found."), 404)


def _plain(message: Any, status: int) -> HttpResponse:
    return HttpResponse(str(message), status=status, content_type="text/plain; charset=utf-8")


@unscoped
@csrf_exempt  # `session` asks for the browser's token; a bearer needs none
@_answering
def upload(request: HttpRequest, id: str, of: str) -> HttpResponseBase:
    """Attach the file in the form field `file` to a case or a request; of a case's photo `stage` may say whether it
    shows the place BEFORE or AFTER the work, of a picture `alternative_text` what it shows. 201 with its address."""
    if request.method != "POST":
        return _missing()
    scope.require_viewer()
    file = _sent(request)
    model, verb, attach = OWNERS[of]
    along = {name: request.POST.get(name, "") for name in ALONG.get(of, ())}
    with scope.authorized(verb, model, key_of(model, id)) as owner:
        result = attach(owner, by=scope.current_viewer().user, file=file, name=file.name or "", **along)
    url = f"/files/calendar/{result.key}/" if of == "event_picture" else f"/files/{result.key}"
    return JsonResponse({"id": global_id(result), "url": url}, status=201)


@unscoped
@csrf_exempt  # as above
@_answering
def message_with_files(request: HttpRequest, id: str) -> HttpResponseBase:
    """Write a message of the conversation of a case, a request, a letter or a partner, with the files in the form field
    `file` (ten at most), as the mutation of that verb does without them: `body`, `subject`, `means`, `to`.

    201 with the id of the matter; what the verb refuses, and UNSUPPORTED where the way carries no files.
    """
    if request.method != "POST":
        return _missing()
    scope.require_viewer()
    named = decode(id)
    model = next((one for one in MESSAGES if named and MODELS[one] == named[0]), Letter)
    verb, write, fields = MESSAGES[model]
    along = {name: clean(request.POST[name]) for name in ("body", *fields) if request.POST.get(name)}
    with scope.authorized(verb, model, key_of(model, id)) as matter:
        write(
            matter,
            by=scope.current_viewer().user,
            new_files=request.FILES.getlist("file"),
            **({"body": ""} | along),
        )
    return JsonResponse({"id": id}, status=201)


def _require_small(request: HttpRequest) -> None:
    """TOO_LARGE for what says so before it is read."""
    announced = request.headers.get("Content-Length") or "0"
    if not announced.isdecimal() or int(announced) > settings.ATTACHMENT_MAX_BYTES + ENVELOPE:
        raise DomainError(ErrorCode.TOO_LARGE, _("The file is too large."), "file")


def _sent(request: HttpRequest) -> UploadedFile:
    """The file of a form. REQUIRED."""
    file = request.FILES.get("file")
    if file is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose a file."), "file")
    return file


@unscoped
@csrf_exempt  # as above
@partial(_answering, may_pass=may_send)
def portal_upload(request: HttpRequest) -> HttpResponseBase:
    """Add the file in the form field `file` to a case that the portal brought in.

    The tracking code stands in the header `Tracking-Code` or the field `code`, never in the address.
    201 with name, type and size; FORBIDDEN, NOT_FOUND.
    """
    if request.method != "POST":
        return _missing()
    by: User | None = portals.account_with_any(Scope.SUBMIT, Scope.FOLLOW)
    if portals.speaks_with(Scope.TRACK):
        by = portals.reach()
    file = _sent(request)
    code = request.headers.get("Tracking-Code") or request.POST.get("code", "")
    result = public_cases.attach(clean(code), by=by, file=file, name=file.name or "")
    shown = {"name": result.name, "contentType": result.content_type, "size": result.size}
    return JsonResponse(shown, status=201)


@unscoped
@csrf_exempt  # as above
@partial(_answering, may_pass=may_bring)
def portal_bring(request: HttpRequest) -> HttpResponseBase:
    """Keep the file in the form field `file` for what a citizen is about to send in, for a day.

    What the portal calls the files stands in the header `Bundle` or the field `bundle`, never in the address: a random
    text of 22 letters at least. The citizen's address, if it is not the one of this request, stands in the header
    `Citizen-Address` or the field `address`: files are limited by it. 201 with token, name, type and size, and where a
    photo says that it was taken, which is kept nowhere.
    """
    if request.method != "POST":
        return _missing()
    by = portals.account(Scope.SUBMIT)
    file = _sent(request)
    bundle = request.headers.get("Bundle") or request.POST.get("bundle", "")
    address = request.headers.get("Citizen-Address") or request.POST.get("address", "")
    result = brought.bring(clean(bundle), by=by, file=file, name=file.name or "", address=clean(address))
    if isinstance(result, DomainError):  # not raised: the attempt stays counted
        return _refused(result)
    taken = photos.taken_at(file)
    shown = {
        "token": str(result.key),
        "name": result.name,
        "contentType": result.content_type,
        "size": result.size,
        "takenAt": dict(zip(("latitude", "longitude"), taken.point, strict=True)) if taken.point else None,
        "takenAtRemark": taken.remark,
    }
    return JsonResponse(shown, status=201)
