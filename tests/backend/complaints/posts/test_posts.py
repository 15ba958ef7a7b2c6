"""A post on social media: kept with its case, seen by who may know the person, answered below it with a link."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from backend.complaints import actions
from backend.complaints.choices import Channel, DeliveryMethod, Status
from backend.complaints.models import Attachment, Complaint, ComplaintLine, Notice, SocialPost
from backend.complaints.posts.models import Network, network_of
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.mailboxes.conversation import ConversationMessage
from backend.retention.anonymising import forget
from permissions.core import scope
from tests.admin_ui.complaints.test_pictures import picture
from tests.backend.stories import code, petition, say
from tests.cast import Cast, as_viewer
from tests.factories import make_complaint, refetch

LINK = "https://x.com/isil_ornek/status/1990000000000000001"
ANSWER = "https://x.com/belediye/status/1990000000000000002"


def posted(cast: Cast, **fields: object) -> Complaint:
    case = make_complaint(
        "Kaldırım çöktü", to=cast.fen, accepted_by=cast.fen_clerk, channel=Channel.SOCIAL_MEDIA, **fields
    )
    say(case, "record_post", by=cast.secretary, link=LINK, author="@isil_ornek", text="Kaldırım çöktü 🌳")
    return refetch(case)


@pytest.mark.parametrize(
    ("link", "network"),
    [
        ("https://www.facebook.com/1/posts/2", Network.FACEBOOK),
        ("https://m.facebook.com./1", Network.FACEBOOK),
        ("https://X.COM/a/status/1", Network.X),
        ("https://youtu.be/abc", Network.YOUTUBE),
        ("https://notx.com/a", Network.OTHER),
        ("https://x.com.example.org/a", Network.OTHER),
    ],
)
def test_the_link_says_on_which_network_it_stands(link: str, network: Network) -> None:
    assert network_of(link) is network


def test_a_post_is_kept_once_with_its_picture(cast: Cast) -> None:
    case = make_complaint("Kaldırım çöktü")
    say(case, "record_post", by=cast.secretary, link=LINK.removeprefix("https://"), file=picture())
    with system():
        post = SocialPost.objects.get()
        assert post.picture == Attachment.objects.get(complaint=case)
        line = ComplaintLine.objects.get(verb="post_recorded")
    assert (post.link, post.network, post.recorded_by_id) == (LINK, "X", cast.secretary.pk)
    assert line.details == {"post": str(post.key), "network": "X"}
    again = {"by": cast.secretary, "link": LINK}
    assert code(lambda: actions.record_post(case, **again)) is ErrorCode.DUPLICATE


def test_what_is_no_post_is_refused_at_its_field(cast: Cast) -> None:
    case, other = make_complaint("Bir"), make_complaint("İki")
    with system():
        foreign = actions.attach(other, by=None, file=picture())
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for fields, field in (
        ({"link": ""}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "http://["}, "link"),
        ({"link": f"https://x.com/{'a' * 500}"}, "link"),
        ({"link": LINK, "author": "ş" * 101}, "author"),
        ({"link": LINK, "posted_at": tomorrow}, "posted_at"),
        ({"link": LINK, "picture": foreign}, "picture"),
    ):
        with system(), pytest.raises(DomainError) as refused:
            actions.record_post(case, by=None, **fields)
        assert refused.value.field == field, fields
    with system():
        assert not SocialPost.objects.exists()


def test_the_answer_below_it_is_sent_with_its_link(cast: Cast) -> None:
    case = posted(cast)
    for verb in ("draft", "submit"):
        say(case, verb, by=cast.fen_clerk, **({"body": "Bugün onarıldı."} if verb == "draft" else {}))
    say(case, "approve", by=cast.secretary)
    send = {"by": cast.secretary, "means": DeliveryMethod.SOCIAL}
    assert code(lambda: actions.send(refetch(case), **send)) is ErrorCode.REQUIRED
    assert code(lambda: actions.send(refetch(case), proof="yazdım", **send)) is ErrorCode.INVALID
    say(case, "send", proof=ANSWER, **send)
    assert refetch(case).status == Status.REPLIED
    with system():
        notice = Notice.objects.get(complaint=case)
        words = list(ConversationMessage.objects.filter(complaint=case).order_by("at", "pk"))
    assert (notice.means, notice.proof, notice.message_id) == ("SOCIAL", ANSWER, None)
    shown = [(one.direction, one.channel, one.means, one.text) for one in words]
    assert ("IN", "SOCIAL_MEDIA", "", "Kaldırım çöktü 🌳") in shown
    assert ("OUT", "", "SOCIAL", "Bugün onarıldı.") in shown


def test_nobody_is_answered_in_public_who_did_not_post_or_whom_a_law_owes_a_letter(cast: Cast) -> None:
    means = {"by": cast.secretary, "means": DeliveryMethod.SOCIAL, "proof": ANSWER, "body": "Neresi?"}
    called = make_complaint("Lamba")
    assert code(lambda: actions.message(called, **means)) is ErrorCode.INVALID
    written = petition()
    say(written, "record_post", by=cast.secretary, link=LINK)
    assert code(lambda: actions.message(written, **means)) is ErrorCode.INVALID


def test_who_may_not_know_the_person_sees_neither_the_post_nor_its_picture(cast: Cast) -> None:
    case = make_complaint("Kaldırım çöktü", to=cast.fen, accepted_by=cast.fen_clerk, identity_hidden=True)
    say(case, "record_post", by=cast.secretary, link=LINK, text="Kaldırım çöktü", file=picture())
    with system():
        crew = actions.attach(case, by=None, file=picture())
    for who, sees in ((cast.secretary, True), (cast.fen_clerk, False), (cast.park_clerk, False)):
        with as_viewer(who):
            assert scope.visible(SocialPost).exists() is sees, who
            assert SocialPost.objects.exists() is sees, who  # the second wall alone
            files = {file.pk for file in Attachment.objects.filter(complaint=case)}
            assert (len(files) == 2) is sees, who
            assert (crew.pk in files) is (who != cast.park_clerk), who
            assert {file.pk for file in scope.visible(Attachment).filter(complaint=case)} == files, who
            messages = scope.visible(ConversationMessage).filter(complaint=case, post__isnull=False)
            assert messages.exists() is sees, who


def test_the_picture_of_a_post_goes_with_no_reply_nor_what_went_with_one_becomes_it(cast: Cast) -> None:
    case = make_complaint("Kaldırım çöktü", to=cast.fen, accepted_by=cast.fen_clerk)
    say(case, "record_post", by=cast.secretary, link=LINK, file=picture())
    with system():
        shown = Attachment.objects.get(complaint=case)
        other = actions.attach(refetch(case), by=None, file=picture())
    draft = {"by": cast.fen_clerk, "body": "Onarıldı.", "accept_internal": True}
    assert code(lambda: actions.draft(refetch(case), enclosures=[shown], **draft)) is ErrorCode.INVALID
    say(case, "draft", enclosures=[other], **draft)
    again = {"by": cast.secretary, "link": ANSWER, "picture": other}
    assert code(lambda: actions.record_post(refetch(case), **again)) is ErrorCode.INVALID


def test_anonymising_takes_the_post_along(cast: Cast) -> None:
    case = make_complaint("Kaldırım çöktü", channel=Channel.SOCIAL_MEDIA)
    say(case, "record_post", by=cast.secretary, link=LINK, text="Kaldırım çöktü", file=picture())
    with system():
        forget("CASE", [case.pk])
        assert not SocialPost.objects.exists()
        assert not ConversationMessage.objects.filter(complaint=case, channel="SOCIAL_MEDIA").exists()
