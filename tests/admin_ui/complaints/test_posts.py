"""Posts on social media at the desk: taken down at intake and on the page of a case, read in its story."""

from __future__ import annotations

import uuid

from django.test import Client

from backend.complaints.models import Attachment, Complaint, SocialPost
from backend.core.session import system
from tests.admin_ui.complaints.test_pictures import picture
from tests.cast import Cast, signed_in
from tests.factories import make_complaint

LINK = "https://x.com/isil_ornek/status/1990000000000000001"


def taken(client: Client, **fields: object):
    given = {
        "once": str(uuid.uuid4()),
        "kind": "COMPLAINT",
        "channel": "SOCIAL_MEDIA",
        "subject": "Kaldırım çöktü",
    }
    return client.post("/admin/intake/", given | {"body": "Kaldırım çöktü 🌳"} | fields)


def test_a_post_is_taken_down_with_its_picture_and_stands_in_the_story(cast: Cast) -> None:
    desk = signed_in(cast.secretary)
    answer = taken(desk, post_link=LINK, post_author="@isil_ornek", post_file=picture())
    assert answer.status_code == 302
    with system():
        post, file = SocialPost.objects.select_related("complaint").get(), Attachment.objects.get()
    assert (post.text, post.picture_id) == ("Kaldırım çöktü 🌳", file.pk)
    page = desk.get(f"/admin/complaints/complaint/{post.complaint.key}/change/").content.decode()
    for shown in (f'href="{LINK}" target="_blank" rel="noreferrer noopener"', "@isil_ornek", "X (Twitter)"):
        assert shown in page
    again = taken(desk, post_link=LINK)
    assert (again.status_code, f"{post.complaint.reference} başvurusunda" in again.content.decode()) == (
        200,
        True,
    )
    with system():
        assert Complaint.objects.count() == 1


def test_what_is_wrong_with_the_post_is_shown_at_its_field_and_nothing_is_recorded(cast: Cast) -> None:
    desk = signed_in(cast.secretary)
    for fields, why in (
        ({"post_author": "@isil"}, "Gönderinin bağlantısını yazınız."),
        ({"post_link": "yok"}, "Geçerli bir web adresi değil."),
    ):
        page = taken(desk, **fields)
        assert (page.status_code, why in page.content.decode()) == (200, True), fields
    with system():
        assert not Complaint.objects.exists()
    assert (
        taken(desk, channel="PHONE", post_link="yok").status_code == 302
    )  # of another channel it is not asked


def test_a_post_is_recorded_on_the_page_of_a_case(cast: Cast) -> None:
    case, desk = make_complaint("Çukur", to=cast.fen), signed_in(cast.secretary)
    fields = {"link": LINK, "author": "@isil_ornek", "text": "Çukur", "file": picture()}
    answer = desk.post(f"/admin/complaints/complaint/{case.key}/record_post/", fields)
    assert answer.status_code == 302, answer.content.decode()
    with system():
        assert SocialPost.objects.get().picture is not None
