"""Photographs, videos and documents before the application is sent: added, looked at and removed again."""

from __future__ import annotations

import base64
import secrets
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from website import api
from website.draft import Draft
from website.forms import PageForm
from website.journey import Step
from website.pages import page

STEP = "foto"
MOST = 10
ADD, REMOVE, TAKE_PLACE = "add", "remove:", "place"
PROPOSED = "photo_place"
"""Below this a draft keeps where a photo was taken until it is taken over, or the visitor goes on without it."""

TAKEN = "photo_place_taken"
"""The point that was taken over."""


class PhotosForm(PageForm):
    """What is chosen is kept at once; the page then shows it. Nothing is required."""

    file = forms.FileField(
        label=gettext_lazy("Photographs, video or documents"),
        required=False,
        widget=forms.FileInput,
    )

    @property
    def files_so_far(self) -> list[dict[str, Any]]:
        return list(files_of(self.asking.draft))

    @property
    def deed(self) -> str:
        return str(self.asking.request.POST.get("deed", ""))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        request = self.asking.request
        if self.data is not request.POST:
            return values
        if self.deed.startswith(REMOVE):
            self._remove(self.deed.removeprefix(REMOVE))
            return values
        if self.deed == TAKE_PLACE:
            _take_place(self.asking.draft)
            return values
        self.asking.draft.found.pop(PROPOSED, None)
        chosen = request.FILES.getlist("file")
        if self.deed == ADD and not chosen:
            self.add_error("file", _("Choose a photograph, a video or a document."))
        if len(chosen) + len(self.files_so_far) > MOST:
            self.add_error("file", _("Add at most ten files. You can add others once you have your number."))
        else:
            for file in chosen:
                self._bring(file)
        return values

    def _bring(self, file: UploadedFile) -> None:
        draft = self.asking.draft
        bundle = draft.found.setdefault("bundle", secrets.token_urlsafe(24))
        answer = api.bring_file(self.asking.request, bundle, file)
        if "error" in answer:
            self.add_error("file", f"{file.name}: {answer['error']}")
            return
        self._propose(answer.pop("takenAt"), answer.pop("takenAtRemark"), file.name or "")
        if all(one["token"] != answer["token"] for one in files_of(draft)):
            draft.found["files"] = [*files_of(draft), answer]
        draft.save(self.asking.request)  # also where another one of them is refused

    def _propose(self, point: dict[str, Any] | None, remark: str, name: str) -> None:
        """Keep where the photo was taken for the page, unless the visitor has shown the place on the map."""
        draft = self.asking.draft
        if draft.first("yer", "latitude") or PROPOSED in draft.found:
            return
        if point is not None:
            found = api.ask(self.asking.request, "place_at", **point)["placeAt"] or {}
            lines = [found.get("neighbourhoodName"), found.get("place")]
            draft.found[PROPOSED] = point | {"words": ", ".join(filter(None, lines)), "name": name}
        elif remark:
            draft.found[PROPOSED] = {"remark": remark, "name": name}

    @property
    def proposed(self) -> dict[str, Any] | None:
        """Where a photo was taken, or why that is not proposed."""
        found: dict[str, Any] | None = self.asking.draft.found.get(PROPOSED)
        return found

    @property
    def is_placed_by_photo(self) -> bool:
        """Whether the place of the application is that of a photo, and was not changed since."""
        draft = self.asking.draft
        taken: dict[str, list[str]] = draft.found.get(TAKEN) or {}
        return bool(taken) and draft.answers.get("yer", {}).items() >= taken.items()

    def _remove(self, key: str) -> None:
        draft = self.asking.draft
        if any(one["token"] == key for one in files_of(draft)):
            _delete(self.asking.request, draft, key)
            draft.found["files"] = [one for one in files_of(draft) if one["token"] != key]

    def summary(self) -> list[tuple[str, str]]:
        files = self.files_so_far
        count = ngettext("%(number)s file", "%(number)s files", len(files)) % {"number": len(files)}
        text = "\n".join([count, *(one["name"] for one in files)]) if files else _("none")
        return [(_("Photographs and files"), text)]

    def values(self) -> dict[str, Any]:
        return {"bundle": self.asking.draft.found.get("bundle")}


def _take_place(draft: Draft) -> None:
    """Answer the question of the place with the point of the photo, as if it were shown on the map."""
    found = draft.found.pop(PROPOSED, {})
    if "latitude" in found:
        point = {name: [str(found[name])] for name in ("latitude", "longitude")}
        draft.answers["yer"] = draft.answers.get("yer", {}) | point
        draft.found[TAKEN] = point


def files_of(draft: Draft) -> list[dict[str, Any]]:
    """What was added so far: token, name, type and size of each."""
    found: list[dict[str, Any]] = draft.found.get("files", [])
    return found


def _delete(request: HttpRequest, draft: Draft, key: str) -> None:
    api.ask(request, "brought_remove", input={"bundle": draft.found["bundle"], "token": key})


def forget(request: HttpRequest, draft: Draft) -> None:
    """Delete all that was added: the citizen gave up."""
    for one in files_of(draft):
        _delete(request, draft, one["token"])


def learn(request: HttpRequest, draft: Draft, step: Step) -> str:
    """Stay on the page where something was added or removed, and where a place is proposed."""
    if step.slug != STEP:
        return ""
    deed = request.POST.get("deed", "")
    stays = deed in (ADD, TAKE_PLACE) or deed.startswith(REMOVE) or PROPOSED in draft.found
    return reverse(f"apply_{STEP}") if stays else ""


@page
@require_safe
def thumbnail(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A small picture of a file of one's own draft."""
    draft = Draft.of(request, "apply")
    if all(one["token"] != str(key) for one in files_of(draft)):
        raise Http404
    found = api.ask(request, "brought", bundle=draft.found["bundle"], token=str(key))["portalBroughtFiles"]
    small = found[0]["thumbnail"] if found else None
    if small is None:
        raise Http404
    return HttpResponse(base64.b64decode(small), content_type="image/jpeg")
