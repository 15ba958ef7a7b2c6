"""The journey of an application: its steps, and how it is sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from website import api, identity, stickers
from website.apply import affected, forms, photos
from website.draft import Draft
from website.journey import Journey, Refused, Sent, Step
from website.people import contact_of, refused_at


def send(request: HttpRequest, draft: Draft, values: dict[str, Any]) -> Sent | Refused:
    """File the submission: without a name it has its number at once, else the sender's code is waited for.

    Of somebody who signed on it is known who it is, so it has its number at once and is signed (3071 m.4).
    """
    kind, text = values["ne"]["kind"], values["anlat"]["text"]
    sent: dict[str, Any] = {
        "kind": "REQUEST" if kind == "PETITION" else kind,
        "subject": forms.subject_of(draft, text),
        "text": text,
        "category": values.get("konu", {}).get("category") or None,
    }
    place = values.get("yer", {})
    sent |= {name: place.get(name) or None for name in ("neighbourhood", "place", "latitude", "longitude")}
    scanned = stickers.scanned(request)
    if scanned and place and place.get("neighbourhood", "") == (scanned["neighbourhood"] or ""):
        sent["placeCode"] = scanned["code"]
    sent["files"] = values.get(photos.STEP, {}).get("bundle")
    contact = values.get("iletisim")
    if contact:
        sent["privacyNotice"] = contact["privacy_notice"]
        sent["identityHidden"] = contact["identity_hidden"] or None
        sent["contact"] = contact_of(contact) | {"postalAddress": contact["address"] or None}
    sent = {name: value for name, value in sent.items() if value is not None}
    known = identity.of(request) if contact else None
    if known:
        return _signed(request, draft, sent, known)
    payload = api.ask(request, "submission_file", draft.key, input=sent)["submissionFile"]
    if payload["errors"]:
        return Refused(payload["errors"])
    stickers.forget(request)
    if payload["reference"]:
        return Sent("apply_done", {"reference": payload["reference"], "code": payload["trackingCode"]})
    way = "" if not contact else "email" if contact["email"] else "phone"
    kept = {"is_code_sent": "isCodeSent", "is_repeated": "isRepeated", "receipt": "receipt"}
    return Sent("apply_confirm", {"way": way} | {name: payload[named] for name, named in kept.items()})


def _signed(
    request: HttpRequest, draft: Draft, sent: dict[str, Any], known: identity.Identity
) -> Sent | Refused:
    """Submit it for somebody who signed on."""
    contact = dict(sent["contact"])
    contact["address"] = contact.pop("postalAddress")
    contact["nationalId"] = known.national_id or None
    contact = {name: value for name, value in contact.items() if value is not None}
    sent = {**sent, "contact": contact, "signatureGiven": True}
    payload = api.ask(request, "submit", draft.key, input=sent)["portalComplaintSubmit"]
    if payload["errors"]:
        return Refused(payload["errors"])
    stickers.forget(request)
    return Sent("apply_done", {"reference": payload["reference"], "code": payload["trackingCode"]})


def learn(request: HttpRequest, draft: Draft, step: Step) -> str:
    return affected.learn(request, draft, step) or photos.learn(request, draft, step)


JOURNEY = Journey(
    name="apply",
    base="basvuru/",
    title=_("Application"),
    steps=[
        Step("ne", _("What would you like to do?"), forms.KindForm),
        Step("anlat", _("What is it about?"), forms.TextForm, template="website/apply/text.html"),
        Step(
            "konu", _("Which topic fits best?"), forms.TopicForm, forms.has_place, "website/apply/topic.html"
        ),
        Step(
            "yer",
            _("Where is it?"),
            forms.PlaceForm,
            forms.has_place,
            "website/apply/place.html",
            has_map=True,
        ),
        Step(
            "benzer",
            _("Is it one of these?"),
            affected.NearForm,
            affected.is_any_near,
            "website/apply/near.html",
        ),
        Step(
            photos.STEP,
            _("Do you have photographs or a video?"),
            photos.PhotosForm,
            forms.has_place,
            "website/apply/photos.html",
        ),
        Step("kim", _("Do you want to write your name?"), forms.WhoForm, forms.may_be_nameless),
        Step(
            "iletisim",
            _("How do we reach you?"),
            forms.ContactForm,
            forms.is_named,
            "website/apply/contact.html",
        ),
    ],
    send=send,
    learn=learn,
    forget=photos.forget,
    stays=lambda draft: forms.kind_of(draft) == forms.OF_DEVICES,
    send_button=_("Send my application"),
    check_template="website/apply/check.html",
    fields={
        "kind": ("ne", "kind"),
        "contact": ("kim", "who"),
        "subject": ("anlat", "text"),
        "text": ("anlat", "text"),
        "category": ("konu", "another"),
        "neighbourhood": ("yer", "neighbourhood"),
        "place": ("yer", "place"),
        "placeCode": ("yer", "place"),
        "latitude": ("yer", "place"),
        "longitude": ("yer", "place"),
        "files": (photos.STEP, "file"),
        **refused_at("iletisim"),
        "contact.postalAddress": ("iletisim", "address"),
        "contact.address": ("iletisim", "address"),
        "contact.nationalId": ("iletisim", ""),
    },
)
