"""The second wall of retention; see `permissions.policies`."""

from permissions.core.conditions import NEVER

OF_RETENTION = (
    "retention_destructionitem",
    "retention_destructionline",
    "retention_destructionrun",
    "retention_erasurejob",
    "retention_legalhold",
    "retention_retentionrule",
    "retention_subjectrequest",
    "retention_subjectrequestline",
)
"""Retention and destruction are the private office's alone."""

SECURED: dict[str, str] = dict.fromkeys(OF_RETENTION, NEVER)
APPEND_ONLY = ("retention_destructionline", "retention_subjectrequestline")
