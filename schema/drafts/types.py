"""Drafts, as they are read."""

from __future__ import annotations

import datetime as dt

from backend.drafts import models
from schema.core.fields import column
from schema.core.nodes import Node, Scoped, node_type


@node_type(models.Draft, "Draft")
class Draft(Node, Scoped):
    """What the viewer was typing (taslak). It goes when it is sent, or after four weeks."""

    page: str = column("The address that its form is sent to, such as `/admin/intake/`.")
    field: str = column("The field of the form.")
    text: str = column("The text as it was left.")
    saved_at: dt.datetime = column("When it was saved.")
