"""Row-level security of clients: secrets, documents and figures for administrators of the installation.

The office's role reads them too; the rules restrict it to the head of the office.
"""

_MANAGED = "(select app.administers())"

SECURED: dict[str, str] = {
    "portals_client": f"account_id = (select app.user_id()) OR {_MANAGED}",
    "portals_clientattempt": _MANAGED,
    "portals_clienthour": _MANAGED,
    "portals_clientminute": _MANAGED,
    "portals_clientsecret": _MANAGED,
    "portals_trusteddocument": _MANAGED,
    "portals_webhookattempt": _MANAGED,
    "portals_webhookdelivery": _MANAGED,
    "portals_webhookendpoint": _MANAGED,
}
"""table -> who of the departments, and of the programs, reads a row."""
