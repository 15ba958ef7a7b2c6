"""The questions of an application, one a page."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from website import api, identity, maps, people, stickers
from website.draft import Draft
from website.forms import PageForm

KINDS = (
    ("COMPLAINT", _("Report a problem or make a complaint")),
    ("REQUEST", _("Make a request")),
    ("SUGGESTION", _("Make a suggestion")),
    ("THANKS", _("Say thank you")),
    ("INFORMATION_REQUEST", _("Ask for information or a document (Law 4982)")),
    ("PETITION", _("Send a petition (Law 3071)")),
)
WITH_PLACE = frozenset({"COMPLAINT", "REQUEST", "SUGGESTION", "PETITION"})
WITH_NAME = frozenset({"INFORMATION_REQUEST", "PETITION"})
"""What the law takes with name, surname and address alone (4982 m.6, 3071 m.4)."""
OF_DEVICES = "COMPLAINT"
"""What is written without a line: the law wants more of the others, or they can wait."""
OTHER = "other"
ABOUT_EVENT = "event"
"""Below this a draft keeps the title of the event that a suggestion is about, "" for one to come."""
LONGEST = 10_000
LONGEST_SUBJECT, LONGEST_LINE = 120, 200


def kind_of(draft: Draft) -> str:
    return draft.first("ne", "kind")


def is_named(draft: Draft) -> bool:
    """Whether the sender says who they are: by law, or because they wish so."""
    return kind_of(draft) in WITH_NAME or draft.first("kim", "who") == "NAMED"


def category_of(draft: Draft) -> str:
    """The code of the topic, "" where the municipality decides."""
    chosen = draft.first("konu", "category")
    return chosen if chosen and chosen != OTHER else draft.first("konu", "another")


def has_place(draft: Draft) -> bool:
    return kind_of(draft) in WITH_PLACE and not is_for_events(draft)


def is_for_events(draft: Draft) -> bool:
    """Whether it is a suggestion for the calendar of events: it has no topic of the list and no place."""
    return kind_of(draft) == "SUGGESTION" and ABOUT_EVENT in draft.found


def may_be_nameless(draft: Draft) -> bool:
    return kind_of(draft) not in WITH_NAME


def subject_of(draft: Draft, text: str) -> str:
    """What it is about in a line, in Turkish where it is ours: the event, or the first sentence, at most so long, cut
    between words."""
    if is_for_events(draft):
        title = draft.found[ABOUT_EVENT]
        with translation.override(settings.LANGUAGE_CODE):
            about = gettext("Suggestion about the event: %(title)s") % {"title": title}
            return about[:LONGEST_LINE] if title else gettext("Suggestion for an event")
    line = " ".join(text.split())
    for end in (". ", "! ", "? "):
        line = line.split(end, 1)[0]
    if len(line) <= LONGEST_SUBJECT:
        return line.rstrip(".")
    return line[:LONGEST_SUBJECT].rsplit(" ", 1)[0] + "…"


class KindForm(PageForm):
    kind = forms.ChoiceField(
        label=_("Kind of your application"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you would like to do."),
            "invalid_choice": _("Choose one."),
        },
    )


class TextForm(PageForm):
    text = forms.CharField(
        label=_("What you write"),
        widget=forms.Textarea(attrs={"rows": 7, "autocomplete": "off"}),
        max_length=LONGEST,
        help_text=_("In your own words. Write no names or numbers of others."),
        error_messages={
            "required": _("Write what it is about."),
            "max_length": _("Write at most 10,000 letters."),
        },
    )

    def prepare(self) -> None:
        draft = self.asking.draft
        self.is_for_events = is_for_events(draft)
        self.event = draft.found[ABOUT_EVENT] if self.is_for_events else ""

    def summary(self) -> list[tuple[str, str]]:
        return [*([(str(_("Event")), self.event)] if self.event else []), *super().summary()]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\x00", "").strip()
        if len(text) < 3:
            raise forms.ValidationError(_("Write a little more: what it is about."))
        return text


class TopicForm(PageForm):
    """What it is about: proposed from the words, else chosen from the grouped list."""

    category = forms.ChoiceField(
        label=_("The topic of it"), required=False, widget=forms.RadioSelect, choices=()
    )
    another = forms.ChoiceField(label=_("Choose from all topics"), required=False, choices=())

    def prepare(self) -> None:
        self.advice = advice_on(self)
        proposed = self.advice["categories"]
        if proposed:
            choices = [(one["code"], one["name"]) for one in proposed]
            self._choices("category", [*choices, (OTHER, _("Something else"))])
        else:
            del self.fields["category"]
        self._choices("another", [("", _("I do not know; the municipality decides")), *_topics(self)])
        self._of_the_place([one["code"] for one in proposed])

    def _of_the_place(self, proposed: list[str]) -> None:
        """Begin with what reports at the scanned place are about."""
        place = stickers.scanned(self.asking.request)
        if place and place["category"] and not self.initial.keys() & {"category", "another"}:
            if place["category"] in proposed:
                self.initial["category"] = place["category"]
            else:
                self.initial.update({"category": OTHER, "another": place["category"]})

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def summary(self) -> list[tuple[str, str]]:
        chosen = self.cleaned_data.get("category")
        name = "category" if chosen and chosen != OTHER else "another"
        text = self._text(name) if self.code() else str(_("the municipality decides"))
        return [(str(_("The topic of it")), text)]

    def code(self) -> str:
        """The code of the category, "" where the municipality decides."""
        chosen = self.cleaned_data.get("category") or ""
        if chosen and chosen != OTHER:
            return str(chosen)
        return str(self.cleaned_data.get("another") or "")

    def values(self) -> dict[str, Any]:
        return {"category": self.code()}


SURE = 0.85
"""From so sure on an address may be filled in (docs/places.md)."""


class PlaceForm(PageForm):
    neighbourhood = forms.ChoiceField(label=_("Neighbourhood (mahalle)"), required=False, choices=())
    place = forms.CharField(
        label=_("Street, number or a description"),
        required=False,
        max_length=300,
        help_text=_("For example: İğdeli Sokak 4, in front of the school."),
        error_messages={"max_length": _("Write at most 300 letters.")},
    )
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)

    def prepare(self) -> None:
        rows = api.public(self.asking.request, "neighbourhoods")["publicNeighbourhoods"]["nodes"]
        field = self.fields["neighbourhood"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("I do not know")), *((row["code"], row["name"]) for row in rows)]
        self.map_data = maps.map_data(self.asking.request)
        place = stickers.scanned(self.asking.request)
        if place and "place" not in self.initial:
            self.initial["neighbourhood"] = place["neighbourhood"] or ""
            self.initial["place"] = ", ".join(filter(None, [place["place"], place["label"]]))
        elif not self.is_bound and self.initial.get("place") and not self.initial.get("neighbourhood"):
            self._look_up_address(self.initial)  # as it stands on the page to check

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if None in (data.get("latitude"), data.get("longitude")):
            data["latitude"] = data["longitude"] = None
        if data["latitude"] is not None:
            self._look_at_point(data)
        elif data.get("place") and not data.get("neighbourhood"):
            self._look_up_address(data)
        return data

    def _look_at_point(self, data: dict[str, Any]) -> None:
        """Fill in what lies at the point and was not said; refuse a point outside the district once, and forget it."""
        point = {name: data[name] for name in ("latitude", "longitude")}
        found = api.ask(self.asking.request, "place_at", **point)["placeAt"]
        if found is None:
            self.data = {name: self.data.get(name) for name in self.data} | dict.fromkeys(point, "")
            self.add_error(
                "place",
                _(
                    "This location lies outside our district, so it was left out. Write where in the district it is;"
                    " what is elsewhere is the business of the municipality there."
                ),
            )
            return
        data["neighbourhood"] = data.get("neighbourhood") or found["neighbourhood"] or ""
        data["place"] = data.get("place") or found["place"]

    def _look_up_address(self, data: MutableMapping[str, Any]) -> None:
        """Fill in the neighbourhood of an address where only one can be meant."""
        found = api.ask(self.asking.request, "address_of", text=data["place"])["addressOf"]
        if found and found[0]["confidence"] >= SURE:
            data["neighbourhood"] = found[0]["neighbourhood"] or ""

    def summary(self) -> list[tuple[str, str]]:
        data = self.cleaned_data
        parts = [self._text("neighbourhood") if data.get("neighbourhood") else "", data.get("place") or ""]
        if data.get("latitude") is not None:
            parts.append(f"{data['latitude']:.5f}, {data['longitude']:.5f}")
        text = "\n".join(filter(None, parts))
        return [(str(_("The place of it")), text or str(_("no place")))]


NAMELESS = ("NAMELESS", _("Without a name: I look up the answer with my tracking code"))


class WhoForm(PageForm):
    who = forms.ChoiceField(
        label=_("Your name"),
        choices=(
            ("NAMED", _("I write my name: I am answered by text message or e-mail")),
            NAMELESS,
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you write your name.")},
    )

    def prepare(self) -> None:
        if not people.sends_sms(self.asking.request):
            field = self.fields["who"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [("NAMED", _("I write my name: I am answered by e-mail or telephone")), NAMELESS]

    def summary(self) -> list[tuple[str, str]]:
        return (
            [(str(_("Your name")), str(_("without a name")))] if self.cleaned_data["who"] != "NAMED" else []
        )


class ContactForm(people.ContactForm):
    """The same questions as elsewhere, with an address, and with the name that the provider of the sign-on says."""

    address = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )

    identity_hidden = forms.BooleanField(
        label=_("The department that works on it shall not learn my name"),
        help_text=_("Only the private office then sees who you are; it answers you."),
        required=False,
    )

    without_sms = _(
        "We send no text messages: without an e-mail address the private office looks at your application first,"
        " and calls you."
    )

    def prepare(self) -> None:
        super().prepare()
        if kind_of(self.asking.draft) in WITH_NAME:
            self.fields["address"].required = True
            self.fields["address"].help_text = _("The law asks for it in this kind of application.")
            self.fields["address"].error_messages |= {
                "required": _("Write your address: the law wants it for this kind of application.")
            }
        self.provider, self.identity = identity.name(), identity.of(self.asking.request)
        for name in ("first_name", "last_name") if self.identity else ():
            self.initial[name] = getattr(self.identity, name)
            self.fields[name].disabled = True  # whatever is sent: it is the provider's word

    def summary(self) -> list[tuple[str, str]]:
        hidden = self.cleaned_data["identity_hidden"]
        label = str(self.fields["identity_hidden"].label)
        rows = [row for row in super().summary() if row[0] != label]
        return [*rows, *([(label, str(_("yes")))] if hidden else [])]


def advice_on(form: PageForm) -> dict[str, Any]:
    """What the words propose: whom to call now, topics, whose it may be."""
    draft = form.asking.draft
    text, place = draft.first("anlat", "text"), draft.first("yer", "place")
    found = api.ask(form.asking.request, "advice", text=text, place=place)["publicAdvice"]
    return dict(found)


def _topics(form: PageForm) -> list[Any]:
    """All topics in their groups."""
    groups: dict[str, list[tuple[str, str]]] = {}
    rows = api.public(form.asking.request, "categories", after=None)["publicCategories"]["nodes"]
    parents = {row["group"] for row in rows}
    for row in rows:
        if row["code"] not in parents:
            groups.setdefault(row["groupName"] or "", []).append((row["code"], row["name"]))
    return [(name or str(_("Other")), topics) for name, topics in sorted(groups.items())]
