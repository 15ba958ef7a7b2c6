"""The second wall of appointments and of what was promised in them; see `permissions.policies`."""

from permissions.core.conditions import KEPT, MINE, OPEN_ENTRY
from permissions.programme.policies import of_entry

REQUEST = f"principal_id = {KEPT} OR department_id = {MINE}"


def of_request(table: str) -> str:
    """Visible exactly when its request is."""
    return f"EXISTS (SELECT FROM appointments_appointmentrequest r WHERE r.id = {table}.request_id)"


OF_REQUEST = (
    "appointments_requestline",
    "appointments_requestnotice",
    "appointments_requestattachment",
    "appointments_visit",
)

SECURED: dict[str, str] = {
    "appointments_appointmentrequest": REQUEST,
    **{table: of_request(table) for table in OF_REQUEST},
    "appointments_promise": (
        f"(({OPEN_ENTRY}) AND (department_id = {MINE} OR person_id = (select app.person_id())))"
        f" OR {of_request('appointments_promise')} OR {of_entry('appointments_promise')}"
    ),
}
WITHHELD: dict[str, str] = {"appointments_promise": OPEN_ENTRY}
APPEND_ONLY = ("appointments_requestline",)
