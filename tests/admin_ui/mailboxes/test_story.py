"""What a citizen wrote by e-mail stands in the story of the case and of the request, with what was written to them."""

from __future__ import annotations

from backend.core.session import system
from backend.mailboxes import joining
from backend.organization.models import User
from backend.outbox.models import Message
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.backend.stories import say
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, make_request, refetch

AYSE = "ayse@example.org"
SWITCH = 'name="story-of" value="messages"'
EVENT = "Vatandaş e-posta ile yazdı"


def page(person: User, url: str) -> str:
    return str(signed_in(person).get(url).content.decode())


def test_a_case_shows_one_conversation(cast: Cast) -> None:
    citizen = make_citizen(email=AYSE)
    case = make_complaint(to=cast.park, accepted_by=cast.park_clerk, applicant=citizen)
    url = f"/admin/complaints/complaint/{case.key}/change/"
    assert SWITCH not in page(cast.secretary, url), "there is none yet"
    say(case, "message", by=cast.park_head, body="Hangi bank?", means="EMAIL")
    mail = make_mail(make_mailbox(cast.office), "Re: bank", from_address=AYSE, text="Girişteki <b>bank</b>.")
    with system():
        joining.join(mail, case, by=cast.secretary)
    seen = page(cast.secretary, url)
    assert SWITCH in seen
    assert seen.index("Hangi bank?") > 0
    heard = seen[seen.index('<li class="ok-heard">') :]
    assert "Re: bank" in heard
    assert "Girişteki &lt;b&gt;bank&lt;/b&gt;." in heard
    assert "Re: bank.txt</a>" in heard, "with its files"
    assert EVENT not in seen, "the mail stands there itself"
    assert ">vatandaşa bildirildi</span>" in seen, "what the citizen has is marked"
    known = page(cast.park_head, url)
    assert "Girişteki" in known
    unknown = page(cast.park_clerk, url)
    assert "Girişteki" not in unknown, "a mail names its sender"
    assert EVENT in unknown, "but they learn that there is one"


def test_a_message_that_did_not_arrive_is_marked(cast: Cast) -> None:
    case = make_complaint(to=cast.park, accepted_by=cast.park_clerk, applicant=make_citizen(email=AYSE))
    say(case, "message", by=cast.park_head, body="Hangi bank?", means="EMAIL")
    with system():
        Message.objects.update(status=Message.Status.FAILED)
    seen = page(cast.secretary, f"/admin/complaints/complaint/{case.key}/change/")
    assert '<span class="ok-badge ok-red">teslim edilemedi</span>' in seen


def test_an_automatic_reply_is_marked(cast: Cast) -> None:
    case = make_complaint(applicant=make_citizen(email=AYSE))
    make_mail(make_mailbox(cast.office), "Otomatik yanıt", status="JOINED", complaint=case, kind="AUTO_REPLY")
    seen = page(cast.secretary, f"/admin/complaints/complaint/{case.key}/change/")
    assert '<span class="ok-badge ok-grey">Otomatik cevap</span>' in seen


def test_a_request_shows_what_its_applicant_wrote(cast: Cast) -> None:
    request = make_request(cast.mayors, applicant=make_citizen(email=AYSE))
    mail = make_mail(make_mailbox(cast.office), "Re: randevu", from_address=AYSE, text="Üç kişiyiz.")
    with system():
        joining.join(mail, request, by=cast.secretary)
    seen = page(cast.secretary, f"/admin/appointments/appointmentrequest/{request.key}/change/")
    assert "Üç kişiyiz." in seen
    assert "Talep sahibi e-posta ile yazdı" not in seen


def test_the_form_of_joining_begins_with_the_case_that_the_mail_may_belong_to(cast: Cast) -> None:
    case = make_complaint(applicant=make_citizen(email=AYSE))
    mail = make_mail(make_mailbox(cast.office), f"{case.reference} hakkında", from_address=AYSE)
    client, url = signed_in(cast.secretary), f"/admin/mailboxes/inboundmessage/{mail.key}/"
    form = client.get(f"{url}change/?do=join").content.decode()
    assert f'value="{case.reference}"' in form
    wrong = client.post(f"{url}join/", {"version": 1, "complaint": "1999/1"}).content.decode()
    assert "Böyle bir kayıt yok" in wrong
    client.post(f"{url}join/", {"version": 1, "complaint": case.reference})
    assert refetch(mail).complaint_id == case.pk
