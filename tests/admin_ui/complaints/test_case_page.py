"""The page of a case: every verb has its deed, a refusal is told at its field, and nothing typed is lost."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from admin_ui.complaints.actions import STEPS
from admin_ui.core.forms import ActionForm
from admin_ui.core.stories import word_changes
from backend.complaints import actions
from backend.complaints.choices import NoticeKind, NoticeStatus, Status
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.core.session import system
from backend.outbox.models import Message
from permissions.core.viewer import CONTACTS
from permissions.models import DepartmentGrant
from tests.cast import Cast, signed_in
from tests.factories import make_body, make_category, make_citizen, make_complaint, refetch


def page_of(complaint: Complaint) -> str:
    return reverse("admin:complaints_complaint_change", args=[complaint.key])


def do(client: Client, complaint: Complaint, verb: str, **data):
    """Say a verb as the page as it now stands would."""
    with system():
        version = Complaint.objects.get(pk=complaint.pk).version
    url = reverse("admin:complaints_complaint_act", args=[complaint.key, verb])
    return client.post(url, {"version": version, **data})


def answered(cast: Cast, **fields) -> Complaint:
    complaint = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, **fields)
    with system():
        row = Complaint.objects.get(pk=complaint.pk)
        actions.draft(row, by=cast.fen_clerk, body="Lamba değiştirildi.")
        actions.submit(row, by=cast.fen_clerk)
    return refetch(complaint)


def test_every_verb_has_a_deed_with_the_parameters_of_its_action():
    assert {step.verb for step in STEPS} == set(Verb)


def test_the_whole_life_through_the_pages(cast: Cast):
    complaint = make_complaint("Lamba yanmıyor")
    office, clerk = signed_in(cast.secretary), signed_in(cast.fen_clerk)
    steps = [
        (office, "triage", {"kind": "REQUEST", "regime": "SERVICE_REQUEST", "priority": "HIGH"}),
        (office, "route", {"to": cast.fen.code, "note": "Bakınız"}),
        (clerk, "accept", {}),
        (clerk, "start", {}),
        (clerk, "put_on_hold", {"for_": "MATERIAL"}),
        (clerk, "resume", {}),
        (clerk, "comment", {"body": "Direk 14"}),
        (clerk, "draft", {"body": "Lamba değiştirildi."}),
        (clerk, "submit", {}),
        (office, "approve", {}),
        (office, "send", {"means": "EMAIL"}),
        (office, "close", {"outcome": "SOLVED"}),
    ]
    for client, verb, data in steps:
        answer = do(client, complaint, verb, **data)
        assert answer.status_code == 302, (
            verb,
            re.findall(r"ok-alert[^>]*>([^<]+)|<li>([^<]+)</li>", answer.content.decode()),
        )
    assert refetch(complaint).status == Status.CLOSED
    body = office.get(page_of(complaint)).content.decode()
    for words in ("Direk 14", "Lamba değiştirildi.", "Bakınız"):
        assert words in body


@pytest.mark.parametrize(
    ("verb", "data", "field"),
    [
        ("return", {"reason": ""}, "reason"),
        ("draft", {"body": "   "}, "body"),
        ("comment", {"body": ""}, "body"),
        ("put_on_hold", {"note": "Yedek parça bekleniyor"}, "for_"),
    ],
)
def test_a_missing_field_is_told_at_the_field_and_the_rest_stays(cast: Cast, verb, data, field):
    complaint = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    answer = do(signed_in(cast.fen_clerk), complaint, verb, **data)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in body
    for text in filter(str.strip, data.values()):
        assert text in body


def test_a_refusal_of_the_domain_keeps_the_text(cast: Cast):
    complaint = answered(cast, applicant=None)
    with system():
        actions.approve(Complaint.objects.get(pk=complaint.pk), by=cast.secretary)
    answer = do(signed_in(cast.secretary), complaint, "send", means="EMAIL", proof="Yanlış kanıt")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="id_means_error"' in body
    assert "Yanlış kanıt" in body
    assert refetch(complaint).status == Status.APPROVED


def test_the_proof_says_behind_its_label_when_it_is_needed(cast: Cast):
    complaint = answered(cast, applicant=None)
    with system():
        actions.approve(Complaint.objects.get(pk=complaint.pk), by=cast.secretary)
    body = do(signed_in(cast.secretary), complaint, "send", means="EMAIL").content.decode()
    assert re.search(
        r'for="id_proof">Tebliğ bilgisi <span class="ok-optional">\(e-posta ve SMS dışında\)<', body
    )


def test_somebody_elses_change_is_noticed_and_nothing_typed_is_lost(cast: Cast):
    complaint = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    url = reverse("admin:complaints_complaint_act", args=[complaint.key, "draft"])
    answer = signed_in(cast.fen_clerk).post(url, {"version": complaint.version - 1, "body": "Uzun bir cevap"})
    assert answer.status_code == 200
    assert "ok-alert" in answer.content.decode()
    assert "Uzun bir cevap" in answer.content.decode()


def test_what_is_previewed_is_what_is_sent(cast: Cast):
    complaint = answered(cast)
    office = signed_in(cast.secretary)
    do(office, complaint, "approve")
    shown = do(office, complaint, "send", means="EMAIL", preview="1").content.decode()
    do(office, complaint, "send", means="EMAIL")
    with system():
        sent = Message.objects.get(purpose="complaint_result")
    preview = re.search(r"<pre>(.*?)</pre>", shown, re.S)
    assert preview
    assert unescape(preview[1]).strip() == sent.body.strip()
    assert unescape(shown).count(sent.subject) >= 1


def test_a_preview_sends_nothing(cast: Cast):
    complaint = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    answer = do(signed_in(cast.secretary), complaint, "message", body="Yarın geliyoruz", preview="1")
    assert "Yarın geliyoruz" in answer.content.decode()
    with system():
        assert not Message.objects.filter(purpose="complaint_message").exists()


def test_the_preview_of_a_clerk_without_contact_permission_names_nobody(cast: Cast):
    complaint = make_complaint(to=cast.park, accepted_by=cast.park_clerk)
    answer = do(signed_in(cast.park_clerk), complaint, "draft", body="Salıncak onarıldı", preview="1")
    assert "Salıncak onarıldı" in answer.content.decode()
    assert "IŞIK" not in answer.content.decode()


def test_notes_and_messages_are_visibly_different(cast: Cast):
    complaint = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    office = signed_in(cast.secretary)
    do(office, complaint, "comment", body="İç not")
    do(office, complaint, "message", body="Vatandaşa mesaj", means="EMAIL")
    body = office.get(page_of(complaint)).content.decode()
    assert re.search(r'<li class="ok-note">(?:(?!</li>).)*İç not', body, re.S)
    assert re.search(r'<li class="ok-citizen">(?:(?!</li>).)*Vatandaşa mesaj', body, re.S)


def test_only_what_may_be_done_is_offered(cast: Cast):
    complaint = make_complaint(to=cast.fen)
    clerk = signed_in(cast.fen_clerk).get(page_of(complaint)).content.decode()
    assert "/accept/" in clerk
    assert "do=route" not in clerk
    office = signed_in(cast.secretary).get(page_of(complaint)).content.decode()
    assert "do=route" in office
    assert "/accept/" not in office


def test_a_verb_one_may_not_say_is_refused(cast: Cast):
    complaint = make_complaint(to=cast.fen)
    assert do(signed_in(cast.fen_clerk), complaint, "route", to=cast.park.code).status_code == 403
    assert refetch(complaint).responsible_department_id == cast.fen.pk


def test_an_unknown_verb_is_not_found(cast: Cast):
    complaint = make_complaint(to=cast.fen)
    assert do(signed_in(cast.fen_clerk), complaint, "explode").status_code == 404


def test_the_department_writes_and_the_office_sends_back(cast: Cast):
    complaint = answered(cast)
    assert do(signed_in(cast.secretary), complaint, "send_back", reason="Tarih yazınız").status_code == 302
    body = signed_in(cast.fen_clerk).get(f"{page_of(complaint)}?do=draft").content.decode()
    assert "Tarih yazınız" in body
    assert "Lamba değiştirildi." in body


def test_a_forwarded_case_closes_only_when_the_citizen_was_told(cast: Cast):
    body = make_body()
    complaint = make_complaint("Su borusu patladı")
    office = signed_in(cast.secretary)
    assert do(office, complaint, "forward", to=body.code, number="E-1", on="2026-01-01").status_code == 200
    from backend.core.localtime import today

    day = today().isoformat()
    assert do(office, complaint, "forward", to=body.code, number="E-1", on=day).status_code == 302
    refused = do(office, complaint, "close", outcome="FORWARDED")
    assert refused.status_code == 200
    assert "ok-alert" in refused.content.decode()
    assert do(office, complaint, "notify_forwarding", means="EMAIL").status_code == 302
    assert do(office, complaint, "close", outcome="FORWARDED").status_code == 302
    assert refetch(complaint).status == Status.CLOSED


def test_a_correction_touches_only_what_was_changed(cast: Cast):
    complaint = make_complaint(to=cast.fen)
    office = signed_in(cast.secretary)
    form = office.get(f"{page_of(complaint)}?do=correct").content.decode()
    assert "Işıklar yanmıyor" in form
    with system():
        row = Complaint.objects.get(pk=complaint.pk)
        names = ("subject", "body", "kind", "channel", "regime", "matter", "priority", "place")
        data = {name: getattr(row, name) for name in names}
    assert do(office, complaint, "correct", **data | {"subject": "Işıklar yanıyor"}).status_code == 302
    assert refetch(complaint).subject == "Işıklar yanıyor"
    with system():
        line = row.lines.get(verb="corrected")
    assert line.details["fields"] == ["subject"]


def test_saving_a_correction_does_not_take_a_category_out_of_use_away(cast: Cast):
    category = make_category("eski", "Eski konu", is_active=False)
    with system():
        complaint = make_complaint()
        Complaint.objects.filter(pk=complaint.pk).update(category=category)
    office = signed_in(cast.secretary)
    for verb in ("correct", "triage"):
        body = office.get(f"{page_of(complaint)}?do={verb}").content.decode()
        assert re.search(r'<option value="eski" selected>', body), verb


def test_files_are_attached_and_offered_through_the_gate(cast: Cast):
    from io import BytesIO

    from PIL import Image

    complaint = make_complaint(to=cast.fen)
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    picture.seek(0)
    picture.name = "çukur.png"
    assert do(signed_in(cast.fen_clerk), complaint, "attach", file=picture).status_code == 302
    body = signed_in(cast.fen_clerk).get(page_of(complaint)).content.decode()
    assert "çukur.png" in body
    assert re.search(r'href="/files/[0-9a-f-]{36}', body)


def test_sharing_lets_one_person_read(cast: Cast):
    complaint = make_complaint(to=cast.fen)
    assert do(signed_in(cast.secretary), complaint, "share", user=cast.park_clerk.username).status_code == 302
    client = signed_in(cast.park_clerk)
    assert client.get(page_of(complaint)).status_code == 200
    assert (
        do(signed_in(cast.secretary), complaint, "unshare", user=cast.park_clerk.username).status_code == 302
    )
    assert client.get(page_of(complaint)).status_code == 404


def test_a_duplicate_is_named_by_its_number_and_only_a_visible_one(cast: Cast):
    first, second, third = (make_complaint("Aynı") for _case in range(3))
    office = signed_in(cast.secretary)
    assert do(office, second, "mark_duplicate", of="1999/1").status_code == 200
    shown = do(office, second, "mark_duplicate", of=first.reference).content.decode()
    compared = shown[shown.index("ok-compared") :]
    assert compared.index(second.reference) < compared.index(first.reference)
    assert refetch(second).status == Status.NEW
    confirmed = {"of": first.reference, "confirmed": str(first.key)}
    assert f'name="confirmed" value="{first.key}"' in shown
    another = do(office, second, "mark_duplicate", **confirmed | {"of": third.reference})
    assert another.status_code == 200
    assert do(office, second, "mark_duplicate", **confirmed).status_code == 302
    assert refetch(second).duplicate_of_id == first.pk
    page = office.get(page_of(second)).content.decode()
    assert "do=reopen" in page
    assert do(office, second, "reopen", reason="Yanlışlıkla").status_code == 302
    assert refetch(second).duplicate_of_id is None


def test_a_sent_back_draft_is_started_from_and_stays_in_the_story(cast: Cast):
    complaint = answered(cast)
    office, clerk = signed_in(cast.secretary), signed_in(cast.fen_clerk)
    assert do(office, complaint, "send_back", reason="Direk numarası eksik").status_code == 302
    page = clerk.get(f"{page_of(complaint)}?do=draft").content.decode()
    assert page.index("Direk numarası eksik") < page.index('name="body"')
    assert re.search(r"<textarea[^>]*>\s*Lamba değiştirildi\.</textarea>", page)
    assert do(clerk, complaint, "draft", body="14 no.lu direkte lamba değiştirildi.").status_code == 302
    page = clerk.get(page_of(complaint)).content.decode()
    for text in ("Lamba değiştirildi.", "14 no.lu direkte lamba değiştirildi.", "Direk numarası eksik"):
        assert text in page
    assert "Cevap geri gönderildi:" not in page
    with system():
        kept = list(complaint.notices.order_by("pk").values_list("status", "body"))
    assert kept == [
        ("SET_ASIDE", "Lamba değiştirildi."),
        ("DRAFT", "14 no.lu direkte lamba değiştirildi."),
    ]
    assert do(clerk, complaint, "draft", body="Son hâli").status_code == 302
    with system():
        assert complaint.notices.count() == 2


def test_a_sent_back_draft_can_be_submitted_as_it_is(cast: Cast):
    complaint = answered(cast)
    assert do(signed_in(cast.secretary), complaint, "send_back", reason="Yanlışlıkla").status_code == 302
    assert do(signed_in(cast.fen_clerk), complaint, "submit").status_code == 302
    assert refetch(complaint).status == Status.ANSWERED


def test_progress_leaves_the_result_owed_on_the_page(cast: Cast):
    complaint = make_complaint(
        channel="PETITION", signature_given=True, to=cast.fen, accepted_by=cast.fen_clerk
    )
    office = signed_in(cast.secretary)
    assert do(office, complaint, "notify_progress", body="İnceleniyor", means="EMAIL").status_code == 302
    with system():
        assert Complaint.objects.get(pk=complaint.pk).result_owed
        notice = complaint.notices.get(kind=NoticeKind.PROGRESS)
    assert notice.status == NoticeStatus.SENT
    assert "3071 m.7" in office.get(page_of(complaint)).content.decode()


def test_forms_without_fields_are_buttons():
    for deed in STEPS:
        assert deed.needs_form == bool(set(deed.form.base_fields) - {"version"} or deed.hint)
        assert issubclass(deed.form, ActionForm)


def ambiguous(cast: Cast) -> Complaint:
    category = make_category("gurultu", "Gürültü", is_ambiguous=True)
    with system():
        for position, department in enumerate((cast.fen, cast.park, cast.cleaning)):
            category.candidate_rows.create(department=department, position=position)
    return make_complaint("Gece gürültü", category=category)


def test_the_proposed_departments_are_one_press_away_and_none_is_chosen(cast: Cast):
    complaint, client = ambiguous(cast), signed_in(cast.secretary)
    body = client.get(f"{page_of(complaint)}?do=route").content.decode()
    assert re.findall(r'<button[^>]*name="to" value="([^"]+)"', body) == [
        cast.fen.code,
        cast.park.code,
        cast.cleaning.code,
    ]
    assert re.findall(r"<option[^>]* selected[^>]*>([^<]*)", body) == ["Müdürlük seçiniz"]
    pressed = {"to": ["", cast.park.code], "collaborators": [cast.fen.code, cast.park.code]}
    assert do(client, complaint, "route", **pressed).status_code == 302
    after = refetch(complaint)
    assert (after.responsible_department_id, after.collaborators) == (cast.park.pk, [cast.fen.pk])


def test_routed_on_what_works_along_already_still_does(cast: Cast):
    complaint, client = ambiguous(cast), signed_in(cast.secretary)
    for to in (cast.park, cast.cleaning):
        answer = do(client, complaint, "route", to=to.code, collaborators=[cast.fen.code])
        assert answer.status_code == 302
    after = refetch(complaint)
    assert (after.responsible_department_id, after.collaborators) == (cast.cleaning.pk, [cast.fen.pk])


# -- what will be sent ---------------------------------------------------------------------------------
def information_request(**fields) -> Complaint:
    return make_complaint(kind="INFORMATION_REQUEST", regime="INFORMATION_4982", **fields)


def forwarded(cast: Cast) -> Complaint:
    complaint = make_complaint("Rögar kapağı kırık")
    with system():
        row = Complaint.objects.get(pk=complaint.pk)
        actions.forward(row, by=cast.secretary, to=make_body(short_code="185"), number="E-1")
    return complaint


TELLING = {
    "ask_fee": (information_request, {"amount": "1250,50", "body": "Vezneye ödeyiniz."}),
    "extend": (information_request, {"reason": "Bilgi başka birimden istenmiştir."}),
    "notify_progress": (
        lambda: make_complaint(regime="PETITION_3071", signature_given=True),
        {"body": "Keşif yapıldı."},
    ),
    "notify_forwarding": (None, {"body": "İyi günler."}),
    "reject": (information_request, {"reason": "Bilgi üçüncü kişiye aittir."}),
    "mark_not_examinable": (
        lambda: make_complaint(regime="PETITION_3071"),
        {"reason": "NO_DEFINITE_SUBJECT"},
    ),
}


@pytest.mark.parametrize("verb", TELLING)
def test_every_notice_is_previewed_as_it_will_be_sent_and_nothing_is_done(cast: Cast, verb):
    make, data = TELLING[verb]
    complaint = make() if make else forwarded(cast)
    before, office = refetch(complaint), signed_in(cast.secretary)
    data = {**data, "means": "EMAIL"}
    body = do(office, complaint, verb, **data, preview="1").content.decode()
    shown = re.search(r"<pre>(.*?)</pre>", body, re.S)
    assert shown, re.findall(r'class="ok-errors[^>]*>.*?</ul>', body, re.S)
    with system():
        assert not Message.objects.exists()
        assert not complaint.notices.exists()
        lines = complaint.lines.count()
    after = refetch(complaint)
    assert (after.status, after.version, after.legal_due_on) == (
        before.status,
        before.version,
        before.legal_due_on,
    )
    assert do(office, complaint, verb, **data).status_code == 302
    with system():
        sent = Message.objects.get()
        assert complaint.lines.count() > lines
    assert unescape(shown[1]).strip() == sent.body.strip()
    assert unescape(body).count(sent.subject) >= 1


def test_a_preview_tells_already_what_would_be_refused(cast: Cast):
    complaint = information_request(applicant=None)
    body = do(signed_in(cast.secretary), complaint, "extend", reason="…", means="EMAIL", preview="1")
    assert "e-posta adresi yok" in body.content.decode()
    assert "<pre>" not in body.content.decode()


def test_the_preview_of_a_head_without_contact_permission_names_nobody(cast: Cast):
    complaint = information_request(to=cast.park, accepted_by=cast.park_clerk)
    with system():
        DepartmentGrant.objects.filter(user=cast.park_head, permission__codename=CONTACTS).delete()
    given = {"reason": "Bilgi başka birimden istenmiştir.", "means": "EMAIL", "preview": "1"}
    body = do(signed_in(cast.park_head), complaint, "extend", **given).content.decode()
    assert "otuz iş gününe" in body
    assert "IŞIK" not in body


def test_a_preview_does_not_tell_a_head_whether_somebody_hidden_can_be_reached(cast: Cast):
    told = set()
    for email in ("ayse@example.org", ""):
        citizen = make_citizen("Ayşe", "Işık", email=email)
        case = information_request(
            to=cast.fen, accepted_by=cast.fen_clerk, applicant=citizen, identity_hidden=True
        )
        given = {"reason": "Bilgi başka birimden istenmiştir.", "means": "EMAIL", "preview": "1"}
        body = do(signed_in(cast.fen_head), case, "extend", **given).content.decode()
        letter = body.split('id="preview"')[1].split("</pre>")[0]
        told.add(letter.replace(case.reference, "…"))
    assert len(told) == 1


def test_the_deed_that_comes_next_stands_first(cast: Cast):
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    page = signed_in(cast.fen_clerk).get(f"/admin/complaints/complaint/{case.key}/change/").content.decode()
    offered = re.findall(r'data-step="(start|return)"', page)
    assert offered[:2] == ["start", "return"]


def test_a_change_of_a_text_shows_only_its_new_words():
    parts = word_changes("Lamba değişti.", "Lamba değişti. Teşekkür ederiz.")
    assert parts == [("same", "Lamba değişti. "), ("in", "Teşekkür ederiz.")]
    assert word_changes("Lamba bugün değişti.", "Lamba değişti.") == [
        ("same", "Lamba "),
        ("out", "bugün "),
        ("same", "değişti."),
    ]
