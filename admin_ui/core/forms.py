"""Forms that keep what was typed: a refusal of the domain becomes a message at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode


class OfficeForm(forms.Form):
    """Labels above fields, errors at fields, no colons."""

    required_css_class = "ok-required"
    is_read_first = False
    """What stands above the fields decides: the cursor, which would scroll it away, goes into a wrong field alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            # Also a choice: going back, a browser would put the last caller's neighbourhood into an empty form.
            is_restored = isinstance(field, forms.CharField) or isinstance(field.widget, forms.Select)
            if is_restored and not isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs.setdefault("autocomplete", "off")
            if field.help_text:
                field.widget.attrs.setdefault("aria-describedby", f"id_{name}_help")

    def replace(self, **values: str) -> None:
        """Change what was sent, for the form that is shown again."""
        data = cast(QueryDict, self.data).copy()
        for name, value in values.items():
            data[name] = value
        self.data = data

    def focus(self, *, is_new: bool = False) -> None:
        """Put the cursor into the first field that is wrong, or else the first one, unless something is read first;
        of a form that records something new into the first one that is not filled in."""
        fields = [one for one in self.visible_fields() if not one.field.disabled]
        wrong = [one for one in fields if self.is_bound and one.errors]
        empty = [one for one in fields if is_new and one.value() in (None, "", [])]
        for one in (wrong or ([] if self.is_read_first else empty or fields))[:1]:
            one.field.widget.attrs["autofocus"] = True

    def refuse(self, error: DomainError) -> None:
        """Show the domain's sentence at the field it is about, or above the form."""
        name = error.field or ""
        shown = name in self.fields and not self.fields[name].widget.is_hidden
        self.add_error(name if shown else None, str(error))

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """What the domain refuses in the block is shown in the form, but for what the viewer may not do at all."""
        try:
            yield
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN or (error.code, error.field) == (ErrorCode.NOT_FOUND, "id"):
                raise
            self.refuse(error)


class ConfirmedForm(OfficeForm):
    """A form that joins a record to another one, named by `other_field`: both are shown side by side and confirmed
    first. Naming another record asks again.
    """

    above = "admin_ui/includes/compared.html"
    other_field = ""
    question: str | Promise = ""
    compared: Mapping[str, object] | None = None
    """Both records for the page that asks the question: `heads` of (title, address), `rows` of (label, texts)."""
    confirmed = forms.CharField(widget=forms.HiddenInput, required=False)

    def unconfirmed(self) -> Any:
        """The similar record, unless the user confirmed the difference by submitting again."""
        other = self.cleaned_data[self.other_field]
        key = str(other.key)
        if self.cleaned_data["confirmed"] == key:
            return None
        self.replace(confirmed=key)
        return other


FOR_NEXT = {"data-draft": "offer"}
"""Of a text about who calls: what was left unfinished is offered and not put there, since the next one is another."""


def explained[F: forms.Field](
    field: F, why: str | Promise = "", law: str = "", when: str | Promise = ""
) -> F:
    """Put a “?” at a field: what a newcomer does not know of it, and the article that it follows from. `when` it is
    needed stands behind the label."""
    setattr(field, "why", why)  # noqa: B010 - Django's fields declare none of these
    setattr(field, "law", law)  # noqa: B010
    setattr(field, "when", when)  # noqa: B010
    return field


def is_explained(field: forms.Field) -> bool:
    """Whether a “?” stands at the field."""
    return bool(getattr(field, "why", "") or getattr(field, "law", ""))


def text_area(rows: int = 6, **attrs: object) -> forms.Textarea:
    """A long text, saved as a draft while it is typed (`drafts.js`)."""
    return forms.Textarea(attrs={"rows": rows, "data-draft": "", **attrs})


def optional(choices: Any, empty: Any) -> list[tuple[str, Any]]:
    """Choices with a first one that chooses nothing."""
    return [("", empty), *choices]


class ActionForm(OfficeForm):
    """The form of an action on a row; `version` says which state of the row the user saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    above, below = "", ""
    """Templates of what stands above and below the fields."""
    preview: tuple[str, str] | None = None
    """(subject, text) of the message that it would send, once that was asked for."""
    shortcuts: Sequence[tuple[str, str, str]] = ()
    """(field, value, text) of buttons that send the form with this value at once."""

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        self.row = row
        kwargs["initial"] = {
            "version": row.version,
            **self.starting(row),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.prepare(row)
        self._keep_files()

    def _keep_files(self) -> None:
        """A file that was chosen stays chosen when the part of the page is drawn anew, of this row in this state."""
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.FileInput):
                kept = {"id": f"id_{name}_{self.row.pk}_{self.row.version}", "hx-preserve": "true"}
                field.widget.attrs.update(kept)

    def starting(self, row: Any) -> dict[str, object]:
        return {}

    def prepare(self, row: Any) -> None: ...

    @property
    def wants_preview(self) -> bool:
        """Whether the button was pressed that shows the message and does nothing."""
        return "preview" in self.data

    def continued(self) -> Self | None:
        """The form to be shown again where a button was pressed that only fills it in."""
        return None

    def value_given(self, name: str) -> object:
        """What was sent for a field, as it is typed; a list where it takes several."""
        widget = self.fields[name].widget
        return widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def show(self, row: Any) -> None:
        """Show the form again against the current version of the row, so that submitting it again acts on that
        version."""
        self.replace(version=str(row.version))

    def values(self) -> dict[str, object]:
        """What the action is called with."""
        hidden = ("version", "confirmed")
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden}


class NoteForm(ActionForm):
    note = forms.CharField(label=_("Note"), widget=text_area(3), required=False)


class ReasonForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), widget=text_area(3))


class AttachForm(ActionForm):
    """A file, under its own name."""

    file = forms.FileField(label=_("File"))

    def values(self) -> dict[str, object]:
        return {"file": self.cleaned_data["file"], "name": self.cleaned_data["file"].name}
