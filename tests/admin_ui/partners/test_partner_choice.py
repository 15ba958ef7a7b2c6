"""Linking a request or an invitation with the record of the organisation it comes from: chosen in the form, proposed on
the page from what was said, and never shown to who does not see that organisation."""

from __future__ import annotations

import pytest
from django.urls import reverse

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest, Promise
from backend.core.session import system
from backend.events import actions as events
from backend.invitations.models import Invitation
from backend.partners import actions as partners
from backend.partners.models import Organisation, Role
from schema.core.nodes import global_id
from tests.admin_ui.appointments.test_appointments import call, requests
from tests.cast import Cast, signed_in
from tests.days import DAY, date
from tests.factories import (
    make_citizen,
    make_event,
    make_invitation,
    make_organisation,
    make_request,
    make_role,
    refetch,
)
from tests.schema.client import Asking


@pytest.fixture
def school(cast: Cast) -> Organisation:
    return make_organisation("İnönü İlkokulu", "SCHOOL", short_name="İnönü İ.O.", departments=(cast.park,))


def _page(row: AppointmentRequest | Invitation) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.key])


def _correct(client, row, **data: object):
    url = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_act", args=[row.key, "correct"])
    return client.post(url, {"version": refetch(row).version, **data})


def _link(client, row, to: Organisation):
    url = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_act", args=[row.key, "link_partner"])
    given = {"partner": to.name, "partner_of": to.name, "partner_key": str(to.key)}
    return client.post(url, {"version": refetch(row).version, **given})


def _facts(**more: object) -> dict[str, object]:
    return {"subject": "Bahçe", "kind": "REQUEST", "channel": "PHONE", "party_size": 1, **more}


def test_a_call_names_the_record_of_the_institution(cast: Cast, school: Organisation) -> None:
    client = signed_in(cast.secretary)
    said = {"first_name": "Zeynep", "last_name": "Ak"}
    assert call(client, cast, partner="İnönü İ.O.", **said).status_code == 302
    (row,) = requests()
    assert (row.organisation, row.partner_id) == ("İnönü İlkokulu", school.pk)
    assert "İnönü İlkokulu" in client.get(_page(row)).content.decode()
    other = {"first_name": "Can", "last_name": "Ak", "partner": "Bilinmeyen Dernek"}
    assert call(client, cast, **other).status_code == 302, "who is not on record is kept as written"
    assert (requests()[1].organisation, requests()[1].partner_id) == ("Bilinmeyen Dernek", None)


def test_the_page_says_whom_the_words_seem_to_mean_and_one_press_links_them(
    cast: Cast, school: Organisation
) -> None:
    row = make_request(cast.mayors, "Bahçe", organisation="inönü ilkokulu")
    client = signed_in(cast.secretary)
    page = client.get(_page(row)).content.decode()
    assert "Bu, İnönü İlkokulu olabilir." in page
    assert f'name="partner_key" value="{school.key}"' in page
    with system():
        actions.withdraw(refetch(row), by=None)
    assert _link(client, row, school).status_code == 302, "what is over is linked too"
    assert (refetch(row).partner_id, refetch(row).organisation) == (school.pk, "inönü ilkokulu")
    after = client.get(_page(row)).content.decode()
    assert "olabilir" not in after
    assert reverse("admin:partners_organisation_change", args=[school.key]) in after
    organisation = client.get(reverse("admin:partners_organisation_change", args=[school.key]))
    assert row.reference in organisation.content.decode(), "and the organisation leads back"


def test_who_does_not_see_the_organisation_is_told_nothing_of_it(cast: Cast, school: Organisation) -> None:
    """Fen İşleri keeps the deputy's programme and does not work with the school."""
    linked = make_request(cast.deputys, "Bahçe", partner=school)
    said = make_request(cast.deputys, "Duvar", organisation="İnönü İlkokulu")
    client = signed_in(cast.fen_clerk)
    assert "İnönü" not in client.get(_page(linked)).content.decode()
    assert "olabilir" not in client.get(_page(said)).content.decode()
    assert _link(client, said, school).status_code == 200
    assert refetch(said).partner_id is None
    assert _correct(client, linked, **_facts(subject="Duvar", partner="")).status_code == 302
    assert refetch(linked).partner_id == school.pk, "what one does not see one does not take away"


def test_an_invitation_names_the_record_of_its_host(cast: Cast, school: Organisation) -> None:
    client = signed_in(cast.secretary)
    given = {
        "principal": cast.mayors.key,
        "occasion": "OPENING",
        "title": "Okul şenliği",
        "host": "İnönü İ.O.",
        "starts_at": f"{DAY}T19:00",
    }
    assert client.post("/admin/invitations/invitation/new/", given).status_code == 302
    with system():
        row = Invitation.objects.get()
    assert (row.host, row.partner_id) == ("İnönü İlkokulu", school.pk)
    page = client.get(_page(row)).content.decode()
    assert "İnönü İlkokulu" in page
    form = client.get(f"{_page(row)}?do=correct").content.decode()
    assert 'value="İnönü İlkokulu"' in form
    other = make_invitation(cast.mayors, "Kermes", "İnönü İlkokulu")
    assert "Bu, İnönü İlkokulu olabilir." in client.get(_page(other)).content.decode()


def test_what_was_written_is_offered_on_the_page_of_the_organisation(cast: Cast) -> None:
    firm = make_organisation("Ilıca Yapı Sanayi ve Ticaret A.Ş.", "COMPANY")
    over = make_request(cast.mayors, "Okul bahçesi", organisation="ilica yapi a.s.")
    short = make_invitation(cast.mayors, "Temel atma", "Ilıca Yapı")
    other = make_request(cast.mayors, "Spor", organisation="Ilıca Spor Kulübü")
    with system():
        Promise.objects.create(request=over, text="İki bank", due_on=date(30))
        actions.withdraw(refetch(over), by=None)
    url = reverse("admin:partners_organisation_change", args=[firm.key])
    client = signed_in(cast.secretary)
    assert "Ilıca Yapı Sanayi ve Ticaret A.Ş. olabilir" in client.get(_page(over)).content.decode()
    page = client.get(url).content.decode()
    assert "Bu adla yazılmış 2 kayıt bağlı değil" in page
    assert "Bu sayfa eksik olabilir" in page
    assert over.reference in page
    assert short.reference in page
    assert other.reference not in page
    mayor = signed_in(cast.mayor).get(url).content.decode()
    assert "Bu sayfa eksik olabilir" in mayor
    link = reverse("admin:partners_organisation_link_written", args=[firm.key])
    for chosen in ([], ["x"], [str(other.key)]):
        assert client.post(link, {"row": chosen}).status_code == 302
    assert refetch(other).partner_id is None
    for _twice in range(2):
        client.post(link, {"row": [str(over.key), str(short.key)]})
    assert (refetch(over).partner_id, refetch(short).partner_id) == (firm.pk, firm.pk)
    page = client.get(url).content.decode()
    assert "bağlı değil" not in page
    assert "İki bank" in page


def test_a_merged_record_still_leads_to_the_request(cast: Cast, school: Organisation) -> None:
    row = make_request(cast.mayors, "Bahçe", partner=school)
    stands = make_organisation("İnönü Ortaokulu", "SCHOOL")
    with system():
        partners.merge(refetch(school), by=None, into=refetch(stands))
    client = signed_in(cast.secretary)
    page = client.get(reverse("admin:partners_organisation_change", args=[stands.key])).content.decode()
    assert row.reference in page
    with system():
        partners.undo_merge(refetch(school), by=None)
    page = client.get(reverse("admin:partners_organisation_change", args=[stands.key])).content.decode()
    assert row.reference not in page


def test_who_was_written_with_its_name_is_offered_as_its_person(cast: Cast) -> None:
    """Guests, and addressees of greetings: until they have a role there, the page says that it may be incomplete."""
    firm = make_organisation("Ilıca Yapı Sanayi ve Ticaret A.Ş.", "COMPANY")
    guest, known, other = make_citizen("Işıl", "Öz"), make_citizen("Can", "Ak"), make_citizen("Ece", "Su")
    make_role(firm, known, title="Müdür")
    event = make_event(cast.mayors)
    with system():
        events.add_guest(event, by=None, person=guest, title="Genel Müdür", organisation="ilica yapi a.s.")
        events.add_guest(event, by=None, person=known, title="Müdür", organisation="Ilıca Yapı")
        events.add_guest(event, by=None, person=other, title="Başkan", organisation="Ilıca Spor Kulübü")
    url = reverse("admin:partners_organisation_change", args=[firm.key])
    client = signed_in(cast.office_head)
    before = client.get(url).content.decode()
    assert "1 kişi bu adla yazılmış" in before
    assert f'name="row" value="{guest.key}"' in before
    assert str(other.key) not in before
    people = "unlinkedPeople { title text mayLink person { fullName } }"
    asked = f"query($o: ID) {{ partyCard(organisation: $o) {{ {people} }} }}"
    (one,) = Asking(cast.office_head).data(asked, o=global_id(firm))["partyCard"]["unlinkedPeople"]
    assert one == {
        "title": "Genel Müdür",
        "text": "ilica yapi a.s.",
        "mayLink": True,
        "person": {"fullName": "Işıl ÖZ"},
    }
    link = reverse("admin:partners_organisation_link_people", args=[firm.key])
    nothing = client.post(link, {"row": [str(other.key), "x"]}, follow=True).content.decode()
    assert "Hiçbir kayıt bağlanmadı" in nothing
    for _twice in range(2):
        client.post(link, {"row": [str(guest.key)]})
    with system():
        (role,) = Role.objects.filter(organisation=firm, person=guest)
    assert (role.kind, role.title) == ("CONTACT", "Genel Müdür")
    assert "bu adla yazılmış" not in client.get(url).content.decode()
    park = make_organisation("Ilıca Park", departments=(cast.park,))
    with system():
        events.add_guest(event, by=None, person=make_citizen("Gizli", "Konuk"), organisation="Ilıca Park")
    page = reverse("admin:partners_organisation_change", args=[park.key])
    assert "Gizli" not in signed_in(cast.park_clerk).get(page).content.decode(), "whose list one does not see"
