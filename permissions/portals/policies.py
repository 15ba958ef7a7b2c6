"""Row-level security of clients: secrets, documents and figures for administrators of the installation.

The office's role reads them too; the rules restrict it to the head of the office.
"""

from permissions.core.conditions import ADMINISTERS, OWN

SECURED: dict[str, str] = {
    "portals_apitoken": f"{OWN} OR {ADMINISTERS}",
    "portals_idempotentresponse": OWN,
    "portals_client": f"account_id = (select app.user_id()) OR {ADMINISTERS}",
    "portals_clientattempt": ADMINISTERS,
    "portals_clienthour": ADMINISTERS,
    "portals_clientminute": ADMINISTERS,
    "portals_clientsecret": ADMINISTERS,
    "portals_trusteddocument": ADMINISTERS,
    "portals_webhookattempt": ADMINISTERS,
    "portals_webhookdelivery": ADMINISTERS,
    "portals_webhookendpoint": ADMINISTERS,
}
"""table -> who of the departments, and of the programs, reads a row."""

WITHHELD: dict[str, str] = {"portals_idempotentresponse": OWN}
