"""After a deed: a sentence of what was done, and the way to the next step. What an approver changed is shown."""

from __future__ import annotations

import html
import re

from pytest_django.fixtures import Settings

from backend.core.session import system
from backend.outbox import sms
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.backend.stories import say
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, refetch


def test_the_message_after_a_deed_is_a_sentence_and_leads_to_the_next_step(cast: Cast) -> None:
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    client, url = signed_in(cast.fen_clerk), f"/admin/complaints/complaint/{case.key}/"
    sent = {"version": case.version, "body": "Çukur kapatıldı."}
    page = client.post(f"{url}draft/", sent, follow=True).content.decode()
    assert f"{case.reference}: Cevap taslağı yazıldı. " in page
    assert '<button class="ok-button" form="verb-submit">Onaya sun</button>' in page
    assert f'id="verb-submit" action="{url}submit/"' in page
    assert "“Cevap taslağı yaz” yapıldı" not in page


def test_an_approver_reads_corrects_and_sends_on_one_page(cast: Cast) -> None:
    case = make_complaint(
        to=cast.fen, accepted_by=cast.fen_clerk, applicant=make_citizen(email="ayse@example.org")
    )
    say(case, "draft", by=cast.fen_clerk, body="Çukur kapatildi.")
    say(case, "submit", by=cast.fen_clerk)
    client, url = signed_in(cast.secretary), f"/admin/complaints/complaint/{case.key}/"
    assert "Onayla ve gönder" in client.get(f"{url}change/").content.decode()
    form = client.get(f"{url}change/?do=approve_and_send").content.decode()
    assert "Çukur kapatildi.</textarea>" in form
    version = refetch(case).version
    sent = {"version": version, "body": "Çukur kapatıldı.", "means": "EMAIL"}
    seen = client.post(f"{url}approve_and_send/", sent | {"preview": "1"}).content.decode()
    assert "Çukur kapatıldı." in seen
    assert refetch(case).status == "ANSWERED", "a preview does nothing"
    page = client.post(f"{url}approve_and_send/", sent, follow=True).content.decode()
    assert "Cevap onaylandı ve gönderime verildi." in page
    assert "<del>kapatildi.</del><ins>kapatıldı.</ins>" in page
    assert refetch(case).status == "REPLIED"
    department = signed_in(cast.fen_clerk).get(f"{url}change/").content.decode()
    assert "<del>kapatildi.</del>" in department, "the department sees what was changed"


def test_the_preview_of_a_text_says_as_whom_it_leaves_and_in_how_many_parts(
    cast: Cast, settings: Settings
) -> None:
    """By the gateway in use: SMPP has no Turkish table, and pays twice as much for a text with an ş."""
    settings.SMS_SENDER = "DENEME"
    case = make_complaint(to=cast.fen, applicant=make_citizen(phone="+905321112233"))
    client, page = signed_in(cast.secretary), f"/admin/complaints/complaint/{case.key}/"
    body = "Ekibimiz yarın öğleden sonra geliyor, evde olmanızı rica ederiz. İş yarım gün sürecek."
    typed = {"version": case.version, "means": "SMS", "body": body, "preview": "1"}
    counted = []
    for port, url in (
        ("backend.outbox.sms.HttpGateway", "http://127.0.0.1:9/"),
        ("backend.outbox.smpp.SmppGateway", "smpp://belediye@127.0.0.1:9"),
    ):
        settings.SMS_PORT, settings.SMS_GATEWAY_URL = port, url
        seen = client.post(f"{page}message/", typed).content.decode()
        assert "<strong>Gönderen:</strong> DENEME" in seen
        found = re.search(r"(Tek|\d+) parça kısa mesaj.*?<pre>(.*?)</pre>", seen, re.DOTALL)
        assert found is not None
        counted.append(1 if found[1] == "Tek" else int(found[1]))
        assert counted[-1] == sms.parts(html.unescape(found[2]))
    assert counted[0] < counted[1]


def test_how_a_message_goes_is_asked_for_where_nothing_says_it(cast: Cast) -> None:
    """By the telephone alone nobody is reached by default."""
    for address, is_asked in (("", True), ("ayse@example.org", False)):
        person = make_citizen(phone="+905551234567", email=address)
        case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=person)
        client, url = signed_in(cast.secretary), f"/admin/complaints/complaint/{case.key}/"
        page = client.get(f"{url}change/?do=message").content.decode()
        means = re.search(r'<select name="means"[^>]*>\s*<option value=""[^>]*>([^<]*)', page)
        assert means is not None
        assert (" required" in means[0], means[1].strip() == "Nasıl gideceğini seçiniz") == (
            is_asked,
            is_asked,
        )
        sent = {"version": case.version, "body": "Yarın geliyoruz.", "means": ""}
        assert client.post(f"{url}message/", sent).status_code == (200 if is_asked else 302)


def test_who_may_not_know_the_citizen_answers_without_a_way(cast: Cast) -> None:
    """Neither what they wrote last nor whether they have an address is told by the form; the action finds the way."""
    person = make_citizen(phone="+905551234567", email="ayse@example.org")
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=person, identity_hidden=True)
    make_mail(make_mailbox(cast.fen), status="JOINED", complaint=case, from_address="ayse@example.org")
    client, url = signed_in(cast.fen_head), f"/admin/complaints/complaint/{case.key}/"
    page = client.get(f"{url}change/?do=message").content.decode()
    means = re.search(r'<select name="means"[^>]*>.*?</select>', page, re.DOTALL)
    assert means is not None
    assert "selected" not in means[0].replace('value="" selected', "")
    assert " required" not in means[0]
    sent = {"version": case.version, "body": "Yarın geliyoruz.", "means": ""}
    assert client.post(f"{url}message/", sent).status_code == 302
    asked = signed_in(cast.secretary).get(f"{url}change/?do=message").content.decode()
    assert '<option value="EMAIL" selected' in asked, "who may know them answers as they wrote"


def test_who_writes_a_draft_beside_another_is_refused_and_keeps_the_text(cast: Cast) -> None:
    """Two tabs, or two clerks, opened the same form: the second would have written over the first, and nobody knew."""
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    url = f"/admin/complaints/complaint/{case.key}/draft/"
    first, second = (
        {"version": case.version, "body": text} for text in ("Lamba takıldı.", "Direk yenilendi.")
    )
    assert signed_in(cast.fen_clerk).post(url, first).status_code == 302
    page = signed_in(cast.fen_head).post(url, second).content.decode()
    assert "siz açtıktan sonra değişti" in page
    assert "Direk yenilendi.</textarea>" in page
    with system():
        assert [notice.body for notice in case.notices.all()] == ["Lamba takıldı."]


def test_a_message_bears_no_day_before_its_case(cast: Cast) -> None:
    case = make_complaint(to=cast.fen, applicant=make_citizen(phone="+905321112233"))
    client, page = signed_in(cast.secretary), f"/admin/complaints/complaint/{case.key}/message/"
    typed = {
        "version": case.version,
        "means": "PHONE",
        "body": "Geliyoruz.",
        "proof": "Kendisiyle görüşüldü.",
    }
    early = client.post(page, typed | {"notified_on": "01.01.1900"}).content.decode()
    assert "o gün ile bugün arasında bir gün yazınız" in early
    assert client.post(page, typed).status_code == 302


def test_nobody_is_offered_to_take_away_what_was_not_shared(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    form = signed_in(cast.secretary).get(f"/admin/complaints/complaint/{case.key}/change/?do=unshare")
    page = form.content.decode()
    assert "Kimseyle paylaşılmış değil." in page
    assert re.findall(r'<option value="\d', page.partition('name="user"')[2].partition("</select>")[0]) == []
