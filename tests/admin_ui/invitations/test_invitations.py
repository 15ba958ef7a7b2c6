"""The pages of invitations: what waits, the decision with its preview, flowers, and what is there already."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admin_ui.invitations.admin import STEPS
from backend.core.localtime import today
from backend.core.session import system
from backend.invitations import actions
from backend.invitations.choices import Status
from backend.invitations.models import GiftOrder, Invitation
from backend.invitations.moves import Verb
from backend.outbox.models import Message
from permissions.core import grants
from permissions.core.viewer import KEEP
from tests.cast import Cast, signed_in
from tests.days import DAY, day, dotted
from tests.factories import PDF, at, make_entry, make_invitation, refetch

LIST = "/admin/invitations/invitation/"
NEW = f"{LIST}new/"


def page_of(row: Invitation) -> str:
    return reverse("admin:invitations_invitation_change", args=[row.key])


def do(client: Client, row: Invitation, verb: str, **data: object):
    url = reverse("admin:invitations_invitation_act", args=[row.key, verb])
    return client.post(url, {"version": refetch(row).version, **data})


def new(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "principal": cast.mayors.key,
        "occasion": "OPENING",
        "title": "Dernek binası açılışı",
        "host": "Rumeli Kültür Derneği",
        "starts_at": f"{DAY}T19:00",
        **more,
    }


def test_every_verb_has_its_form_or_its_button() -> None:
    assert {step.verb for step in STEPS} == set(Verb)


def test_an_invitation_is_recorded_with_its_file_and_a_twin_asks_first(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    file = SimpleUploadedFile("davetiye.pdf", PDF, "application/pdf")
    answer = client.post(NEW, new(cast, file=file, answer_by=day(-7)))
    assert answer.status_code == 302
    body = client.get(answer["Location"]).content.decode()
    assert "davetiye.pdf" in body
    assert dotted(-7) in body
    again = client.post(NEW, new(cast, host="RUMELİ KÜLTÜR DERNEĞİ")).content.decode()
    assert f"DV-{today().year}/1" in again
    with system():
        assert Invitation.objects.count() == 1
    assert client.post(NEW, new(cast, anyway="on")).status_code == 302


def test_what_waits_for_an_answer_stands_first_and_is_the_offices(cast: Cast) -> None:
    make_invitation(cast.mayors, "Kermes")
    decided = make_invitation(cast.mayors, "Panel", starts_at=at(day(1), "19:00"))
    with system():
        actions.decline(decided, by=None, ground="PROGRAMME", means="PHONE")
    body = signed_in(cast.secretary).get(LIST).content.decode()
    assert "Kermes" in body
    assert "Panel" not in body
    assert "Panel" in signed_in(cast.mayor).get(LIST, {"tab": "all"}).content.decode()
    for user in (cast.park_clerk, cast.outsider, cast.administrator):
        assert signed_in(user).get(LIST).status_code == 404, user.username
        assert signed_in(user).get(page_of(decided)).status_code == 404
        assert do(signed_in(user), decided, "attend").status_code == 404


def test_the_letter_is_read_before_it_leaves(cast: Cast) -> None:
    row, client = make_invitation(cast.mayors), signed_in(cast.secretary)
    preview = do(client, row, "decline", ground="AWAY", body="Çelenk gönderilecektir.", preview="1")
    body = preview.content.decode()
    assert "o tarihte şehir dışında bulunacağından davetinize" in body
    assert "üzüntüsünü bildirir" in body
    assert "Sayın Suna Ak" in body
    assert refetch(row).status == Status.NEW
    with system():
        assert not Message.objects.exists()
    assert do(client, row, "decline", ground="AWAY").status_code == 302
    with system():
        assert Message.objects.count() == 1


def test_a_collision_is_told_and_what_was_typed_stays(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    make_entry(cast.mayors, "Meclis", at(DAY, "20:00"), 60)
    body = do(signed_in(cast.secretary), row, "attend", body="Teşekkürler", means="PHONE").content.decode()
    assert "Meclis" in body
    assert "Teşekkürler" in body


def test_a_decision_is_changed_on_the_page_and_the_reason_is_asked_for(cast: Cast) -> None:
    with system():
        grants.give_programme(cast.secretary, KEEP, cast.deputys, by=None)
    row, client = make_invitation(cast.mayors), signed_in(cast.secretary)
    assert do(client, row, "attend", means="PHONE").status_code == 302
    given = {"deputy": cast.deputys.key, "means": "PHONE"}
    assert do(client, row, "represent", **given).status_code == 200
    assert refetch(row).status == Status.ATTENDING
    assert do(client, row, "represent", reason="Yurt dışı", **given).status_code == 302
    body = client.get(page_of(row)).content.decode()
    for said in (
        "Başkan Yardımcısı İlker Ünal",
        "Yurt dışı",
        "Katılım kararı verildi",
        "Temsilci gönderiliyor",
    ):
        assert said in body


def test_flowers_are_ordered_and_ticked_off(cast: Cast) -> None:
    row, client = make_invitation(cast.mayors), signed_in(cast.secretary)
    form = client.get(page_of(row), {"do": "order"}).content.decode()
    assert 'value="Kültür Merkezi"' in form, "the place is proposed"
    given = {"gift": "WREATH", "address": "Kültür Merkezi", "due_at": f"{DAY}T18:00", "text": "Başkan"}
    assert do(client, row, "order", **given).status_code == 302
    assert "Kermes" not in client.get(LIST, {"tab": "orders"}).content.decode()
    with system():
        order = GiftOrder.objects.get()
    assert do(client, row, "fulfil", order=order.key).status_code == 302
    assert refetch(order).done_by == cast.secretary
    do(client, row, "drop", order=order.key)
    assert refetch(order).done_at


def test_a_button_at_an_order_that_somebody_dropped_says_so(cast: Cast) -> None:
    row, client = make_invitation(cast.mayors), signed_in(cast.secretary)
    given = {"gift": "WREATH", "address": "Kültür Merkezi", "due_at": f"{DAY}T18:00", "text": "Başkan"}
    do(client, row, "order", **given)
    answer = do(client, row, "fulfil", order=uuid4())
    assert answer.status_code == 200
    assert 'class="ok-alert" role="alert"' in answer.content.decode()


def test_what_became_confidential_in_the_programme_is_gone_for_the_others(cast: Cast) -> None:
    from backend.programme import actions as programme
    from backend.programme.models import Entry
    from permissions.core import scope

    row = make_invitation(cast.mayors, "Gizli yemek")
    with system():
        actions.attend(row, by=None, means="PHONE")
        key = Entry.objects.get().key
    with scope.session(cast.mayor), scope.authorized("MARK_CONFIDENTIAL", Entry, key) as entry:
        programme.mark_confidential(entry, by=cast.mayor, readers=[])
    assert signed_in(cast.mayor).get(page_of(row)).status_code == 200
    assert signed_in(cast.secretary).get(page_of(row)).status_code == 404
    for tab in ("waiting", "coming", "all"):
        assert "Gizli yemek" not in signed_in(cast.secretary).get(LIST, {"tab": tab}).content.decode()


def test_the_list_costs_the_same_for_more_invitations(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    make_invitation(cast.mayors)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(5):
        make_invitation(cast.mayors, f"Yemek {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_the_desk_names_what_awaits_a_decision_the_earliest_answer_first(cast: Cast) -> None:
    soon, later = today() + dt.timedelta(days=2), today() + dt.timedelta(days=40)
    at_leisure = make_invitation(cast.mayors, "Cevap günü yok")
    make_invitation(cast.mayors, "Uzak cevap", answer_by=later)
    near = make_invitation(cast.mayors, "Yakın cevap", answer_by=soon)
    answered = make_invitation(cast.mayors, "Verilmiş karar", answer_by=soon)
    make_invitation(cast.deputys, "Yardımcının daveti")
    with system():
        actions.decline(answered, by=cast.secretary, ground="PROGRAMME", means="PHONE")
    desk = signed_in(cast.secretary).get("/admin/?show=invitations").content.decode()
    heap = desk.split('<ol class="ok-rows ok-queue-rows">')[1].split("</ol>")[0]
    places = [heap.index(title) for title in ("Yakın cevap", "Cevap günü yok", "Uzak cevap")]
    assert places == sorted(places)
    assert page_of(near) in heap
    assert page_of(at_leisure) in heap
    assert "2 gün kaldı" in heap
    assert "40 gün kaldı" in heap
    assert "Verilmiş karar" not in heap
    assert "Yardımcının daveti" not in desk
    assert "Cevap bekleyen davetler" not in signed_in(cast.park_clerk).get("/admin/").content.decode()
