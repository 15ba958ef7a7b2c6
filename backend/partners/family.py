"""A key of a row that belongs to an organisation, read from the other side over all records of the same organisation.

What was recorded for a record that was merged into another stays with it; who asks any of them for their rows gets
those of all, as the page of a partner shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.fields.related_descriptors import ReverseManyToOneDescriptor
from django.utils.functional import cached_property

from backend.partners.models import OfOrganisations

KEYS = ArrayField(models.BigIntegerField())


class _Members(models.Func):
    """The keys of all records of the organisation with this key."""

    template = "(SELECT app.organisations_of(ARRAY[%(expressions)s]))"
    output_field = KEYS


class OfFamily(ReverseManyToOneDescriptor):
    """The rows of all records of an organisation; for many organisations in two statements."""

    @cached_property
    def related_manager_cls(self) -> Any:
        base: Any = super().related_manager_cls
        field: Any = self.rel.field

        class FamilyManager(base):
            def _apply_rel_filters(self, queryset: Any) -> Any:
                return queryset.filter(field.of_owner(models.Value(self.instance.pk)))

            def get_prefetch_querysets(self, instances: Sequence[Any], querysets: Any = None) -> Any:
                rows = querysets[0] if querysets else self.model._default_manager.all()
                owners = type(instances[0])._default_manager.filter(pk__in=[one.pk for one in instances])
                members = dict(owners.values_list("pk", _Members("pk")))
                everyone = {key for keys in members.values() for key in keys}
                found = list(rows.filter(**{f"{field.name}__in": everyone}))
                result = [each for owner in members for each in self._of(owner, members[owner], found)]
                return result, attrgetter("family_owner"), attrgetter("pk"), False, self.rel_name, False

            rel_name = self.rel.get_accessor_name()

            @staticmethod
            def _of(owner: int, keys: Sequence[int], found: list[Any]) -> list[Any]:
                """Those of one organisation, in the order in which they were found: one may be of several. Of each
                record as many were read as are asked for of all (`OwnedList`)."""
                own = [copy(row) for row in found if getattr(row, field.attname) in keys]
                for row in own:
                    row.family_owner = owner
                asked = getattr(own[0], "asked_of_owner", None) if own else None
                return own if asked is None else own[: max(asked, 1)]

        return FamilyManager


class FamilyKey(models.ForeignKey):
    """A key of an organisation whose rows are read from the other side as `OfFamily` has it."""

    related_accessor_class = OfFamily

    def of_owner(self, owner: Any) -> models.Q:
        """Which rows belong to an organisation, by an expression for its key."""
        keys = models.Func(owner, template="ARRAY[%(expressions)s]::bigint[]", output_field=KEYS)
        return models.Q(OfOrganisations(models.F(self.name), keys))
