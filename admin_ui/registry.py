"""Every screen over a table, in one place: importing this registers them."""

from admin_ui import (  # noqa: F401
    appointments,
    citizens,
    complaints,
    grants_page,
    journals,
    leave,
    organization,
    people,
    programme_entry,
    public_days,
    tokens,
)
