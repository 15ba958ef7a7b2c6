"""Approved phrases below a long text: put in by the page (`phrases.js`), or by the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self, cast

from django import forms

from admin_ui.core.forms import ActionForm
from backend.letters.case_phrases import Filled

SHOWN = 90
"""Letters of a phrase in the list."""


class PhraseArea(forms.Textarea):
    """A text area with the phrases that fit below it."""

    template_name = "admin_ui/includes/phrase_area.html"

    def __init__(self, attrs: dict[str, object], phrases: Sequence[Filled]) -> None:
        super().__init__({**attrs, "data-phrases": ""} if phrases else attrs)
        self.phrases = phrases

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        shown = [(one.code, one.text, _short(one.text)) for one in self.phrases]
        return super().get_context(name, value, attrs) | {"phrases": shown}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()}…"


class PhrasesForm(ActionForm):
    """A form whose text `phrases_in` takes the approved phrases that fit its row."""

    phrases_in = "body"

    def phrases(self, row: Any) -> Sequence[Filled]:
        raise NotImplementedError

    def prepare(self, row: Any) -> None:
        super().prepare(row)
        area = self.fields[self.phrases_in].widget
        self.fields[self.phrases_in].widget = PhraseArea(area.attrs, self.phrases(row))

    def continued(self) -> Self | None:
        """The form with the chosen phrase at the end of its text, where the button for that was pressed."""
        if "phrase" not in self.data:
            return None
        area = cast(PhraseArea, self.fields[self.phrases_in].widget)
        chosen = self.data.get(f"{self.phrases_in}_phrase", "")
        added = next((one.text for one in area.phrases if one.code == chosen), "")
        typed = self.data.get(self.phrases_in, "").rstrip()
        texts = {name: self.value_given(name) for name in self.fields}
        return type(self)(
            self.row, initial=texts | {self.phrases_in: "\n".join(filter(None, (typed, added)))}
        )
