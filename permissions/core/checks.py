"""Every table has a rule, or is named as one that needs none."""

from typing import Any

import pghistory.models
from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register

from permissions.policies import OPEN_TO_APP, SECURED
from permissions.rules import RULES


@register(Tags.models)
def every_table_has_a_rule(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if model._meta.proxy or not model._meta.managed:
            continue
        if table not in SECURED and table not in OPEN_TO_APP:
            errors.append(
                Error(
                    f"{table} has no policy.",
                    hint="Name it in permissions/policies.py.",
                    id="permissions.E001",
                )
            )
        is_history = issubclass(model, pghistory.models.Event)
        if table in SECURED and model not in RULES and not is_history:
            errors.append(
                Error(
                    f"{table} has no rule.",
                    hint="Give its model a row in permissions/rules.py.",
                    id="permissions.E002",
                )
            )
    return errors
