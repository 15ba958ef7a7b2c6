"""The second wall of complaints; see `permissions.policies`."""

from backend.timeline.branches import KNOWN_CASE
from permissions.core.conditions import MINE, NEVER

COMPLAINT = f"""
    responsible_department_id = {MINE}
    OR collaborators && (select app.departments())::bigint[]
    OR id = any ((select app.shared())::bigint[])
"""


def of_complaint(table: str) -> str:
    """Visible exactly when its complaint is: the inner query is under the complaint's own policy."""
    return f"EXISTS (SELECT FROM complaints_complaint c WHERE c.id = {table}.complaint_id)"


OF_COMPLAINT = (
    "complaints_complaintline",
    "complaints_comment",
    "complaints_notice",
    "complaints_extension",
    "complaints_feenotice",
    "complaints_forwarding",
    "complaints_noticefile",
    "complaints_checklistitem",
)

FIGURES = ("complaints_reportcell", "complaints_reportchange", "complaints_reportfact")
"""What reports keep: of one's own departments. The whole house's cells are of no department, so the office's alone."""

POST = f"EXISTS (SELECT FROM complaints_complaint c WHERE c.id = complaints_socialpost.complaint_id AND {KNOWN_CASE})"
"""A post names a person: seen by who may know the person of its case."""
FILE = f"""EXISTS (SELECT FROM complaints_complaint c WHERE c.id = complaints_attachment.complaint_id
    AND (NOT complaints_attachment.is_of_post OR {KNOWN_CASE}))"""
"""A file of a case; the picture of a post names a person as the post does."""

SECURED: dict[str, str] = {
    "complaints_complaint": COMPLAINT,
    "complaints_routing": f"department_id = {MINE} OR {of_complaint('complaints_routing')}",
    **{table: of_complaint(table) for table in OF_COMPLAINT},
    **dict.fromkeys(FIGURES, f"department_id = {MINE}"),
    "complaints_attachment": FILE,
    "complaints_socialpost": POST,
    "complaints_fileimport": NEVER,
    "complaints_complaintevent": NEVER,
}
APPEND_ONLY = ("complaints_complaintline", "complaints_complaintevent")
