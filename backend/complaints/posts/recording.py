"""Recording a post on social media with the case that it is about."""

from __future__ import annotations

import datetime as dt
from typing import IO, Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions.step import hold, journal_line
from backend.complaints.actions.working import keep
from backend.complaints.choices import Status
from backend.complaints.models import Attachment, Complaint, NoticeFile
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.posts.models import LONGEST_LINK, SocialPost, network_of
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import below, refuse, required, short, web_address
from backend.documents.intake import accept as accept_file
from backend.journal.action_table import Field, Trait
from backend.organization.models import User

LONGEST = 10_000


@complaint_action(
    Verb.RECORD_POST,
    event=EventType.POST_RECORDED,
    source=tuple(Status),
    traits=Trait.CONCURRENT,
    hint=_(
        "The answer is written below the post on the network itself; then the reply is sent by the means “On social"
        " media” with the link of the answer."
    ),
)
def record_post(
    complaint: Complaint,
    *,
    by: User | None,
    link: Annotated[
        str,
        Field(
            _("Link of the post"),
            api="The address of the post, at most 500 letters; by it the network is known.",
            max_length=LONGEST_LINK,
        ),
    ],
    author: Annotated[
        str, Field(_("Author as named there"), api="Who wrote it, as the network names them.", max_length=100)
    ] = "",
    text: Annotated[str, Field(_("Text of the post"), api="What the post says.", rows=4)] = "",
    posted_at: Annotated[
        dt.datetime | None,
        Field(_("Posted at"), api="When it was posted; by default it counts from when it is recorded."),
    ] = None,
    picture: Annotated[
        Attachment | None, Field(api="The file of the case that is the picture of the post.")
    ] = None,
    file: Annotated[
        IO[bytes] | None,
        Field(
            _("Picture of the post"),
            help=_(
                "Seen as the post is. For those who work on it, attach a picture without names to the application."
            ),
        ),
    ] = None,
) -> SocialPost:
    """Keep a post on social media with the case: link, author, text and picture.

    Seen by who may know the person of the case, the picture too. DUPLICATE if the case has it; INVALID for what is no
    web address, a moment to come, or a picture of another case or of a reply.
    """
    address = web_address(required(link, "link", _("Write the link of the post.")), "link", LONGEST_LINK)
    author, text = short(author, "author", 100), short(text, "text", LONGEST)
    if posted_at is not None and posted_at > timezone.now() + dt.timedelta(minutes=5):
        refuse(ErrorCode.INVALID, _("The moment of the post cannot lie in the future."), "posted_at")
    if picture is not None and picture.complaint_id != complaint.pk:
        refuse(ErrorCode.INVALID, _("Choose a file of this application."), "picture")
    if picture is not None and NoticeFile.objects.filter(attachment=picture).exists():
        refuse(
            ErrorCode.INVALID, _("This file goes with a reply: add the picture of the post anew."), "picture"
        )
    hold(complaint, Verb.RECORD_POST)
    if complaint.posts.filter(link=address).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("The application has this post already."), "link")
    if file is not None:
        picture = keep(complaint, accept_file(file), by=by)
    if picture is not None:
        picture.is_of_post = True
        picture.save(update_fields=["is_of_post"])
    post = SocialPost.objects.create(
        complaint=complaint,
        network=network_of(address),
        link=address,
        author=author,
        text=text,
        posted_at=posted_at,
        picture=picture,
        recorded_by=by,
    )
    details = {"post": str(post.key), "network": post.network}
    journal_line(complaint, EventType.POST_RECORDED, by=by, details=details)
    return post


class PostFields(TypedDict, total=False):
    """The facts of the post by which a case came; None counts as left out."""

    link: str
    author: str | None
    text: str | None
    posted_at: dt.datetime | None
    file: IO[bytes] | None


@transaction.atomic
def record_post_of(
    complaint: Complaint, *, by: User | None, picture: Attachment | None = None, **fields: Unpack[PostFields]
) -> SocialPost:
    """Record the post by which a new case came, with the words of the case where it has none of its own.

    Refusals name their field below `post`.
    """
    facts: Any = {name: value for name, value in fields.items() if value not in (None, "")}
    with below("post"):
        return record_post(
            complaint, by=by, picture=picture, **({"link": "", "text": complaint.body} | facts)
        )
