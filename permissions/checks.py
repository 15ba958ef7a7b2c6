"""Every table has a rule, or is named as one that needs none; every verb has an action and a rule."""

from typing import Any

import pghistory.models
from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register

from permissions.core.registry import RULES, VERB_TABLES
from permissions.policies import OPEN_TO_APP, SECURED


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
                    hint="Name it in permissions/<service>/policies.py, or in OPEN of permissions/policies.py.",
                    id="permissions.E001",
                )
            )
        is_history = issubclass(model, pghistory.models.Event)
        if table in SECURED and model not in RULES and not is_history:
            errors.append(
                Error(
                    f"{table} has no rule.",
                    hint="Give its model a row in permissions/<service>/rules.py.",
                    id="permissions.E002",
                )
            )
    return errors


@register(Tags.models)
def every_verb_has_an_action_and_a_rule(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{model.__name__}: {verb} {what}.",
            hint="Declare it on its action, and name in permissions/<service>/rules.py who may do it.",
            id="permissions.E003",
        )
        for model, table in VERB_TABLES.items()
        for verb in table.verbs
        for what, has in (("has no action", verb in table.actions), ("has no rule", verb in table.rules))
        if not has
    ]
