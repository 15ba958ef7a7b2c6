"""The second wall of the router; see `permissions.policies`. What was learned, and what was proposed of each case, is
of all cases: for who sees all of them. A version, which holds no text, is the administrators' too."""

from permissions.core.conditions import ADMINISTERS, NEVER

SECURED: dict[str, str] = {"triage_routerversion": ADMINISTERS, "triage_routerproposal": NEVER}
