"""The second wall of settings; see `permissions.policies`: reference data to which lines are only added."""

SECURED: dict[str, str] = {}
APPEND_ONLY = ("configuration_settingchange",)
