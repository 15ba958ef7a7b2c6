"""The second wall of press releases; see `permissions.policies`. What is published is read under the office's role."""

from permissions.core.conditions import NEVER

SECURED: dict[str, str] = {
    "news_release": NEVER,
    "news_releasephoto": NEVER,
    "news_releaseline": NEVER,
    "news_releasemailing": NEVER,
    "news_pressoptout": NEVER,
}
APPEND_ONLY = ("news_releaseline",)
