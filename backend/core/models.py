"""Abstract models and the one counter that the whole product shares."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cache
from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, TextField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from backend.core.localtime import today
from backend.core.operation.long_work import StopError
from backend.core.session import system
from backend.core.words.finding import Labels, pieces, reference_numbers, values_meant
from backend.core.words.text import clean, prefix_query, search_form, tr_tokens

ALIKE_LENGTH = 60


class PublicId(models.Model):
    """A row that the outside names by an unguessable key, never by its number in the table."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class TrFold(Func):
    """Search form: Turkish lower case without diacritics (`IŞIK` and `isik` are the same)."""

    function = "tr_fold"
    output_field = TextField(db_collation="C")


class TrTokens(Func):
    """The words of a text in search form: what full-text search looks at."""

    function = "tr_tokens"
    output_field = TextField(db_collation="C")


class TrPlaceWords(Func):
    """The words by which two places are compared: “4 iğdeli sokağı” and “Yayla Mah. İğdeli Sk. No: 4” have the same."""

    template = "tr_place_words(tr_address(%(expressions)s))"
    output_field = TextField(db_collation="C")


class TrSortKey(Func):
    """Sorting form: order by it under COLLATE "C" is the order of the Turkish alphabet."""

    function = "tr_sortkey"
    output_field = TextField(db_collation="C")


def sort_column(field: str) -> models.GeneratedField:
    """A stored column that sorts `field` as the Turkish alphabet does."""
    return models.GeneratedField(
        expression=TrSortKey(F(field)), output_field=models.TextField(db_collation="C"), db_persist=True
    )


def joined(*fields: str) -> models.expressions.Combinable:
    """The fields with a blank between them, as an immutable expression (`concat` is none)."""
    whole: models.expressions.Combinable = F(fields[0])
    for field in fields[1:]:
        for part in (models.Value(" "), F(field)):
            whole = Func(
                whole, part, template="(%(expressions)s)", arg_joiner=" || ", output_field=TextField()
            )
    return whole


def fold_column(*fields: str) -> models.GeneratedField:
    """A stored column that holds `fields`, joined with a blank, in search form."""
    return models.GeneratedField(
        expression=TrFold(joined(*fields)), output_field=models.TextField(db_collation="C"), db_persist=True
    )


def word_column(*fields: str) -> models.GeneratedField:
    """A stored column that holds the words of `fields` in search form, as full-text search compares them."""
    return models.GeneratedField(
        expression=SearchVector(TrTokens(joined(*fields)), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )


class Sourced(models.Model):
    """A row of the reference data, with its source and the day it was last compared with that."""

    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("compared with its source on"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_verified(self) -> bool:
        """Whether it was compared with its source; otherwise it is DOĞRULANMADI and no fact."""
        return self.checked_on is not None


class LongRun(models.Model):
    """What a row of long work says of its run. `run` counts: a worker presumed dead finds itself replaced. `seen_at` is
    the worker's last word."""

    status: models.CharField[Any, Any]
    run: models.IntegerField[Any, Any]
    seen_at: models.DateTimeField[Any, Any]
    silent_after = dt.timedelta(seconds=30)
    """A worker tells every second how far it is; after so long without a word it has died."""

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether a worker has it before it, or in hand."""
        return self.status in ("WAITING", "RUNNING")

    @property
    def is_silent(self) -> bool:
        """Whether the worker that had it in hand has died."""
        return self.status == "RUNNING" and (
            self.seen_at is None or timezone.now() - self.seen_at > self.silent_after
        )

    def take(self, **start: Any) -> None:
        """Begin the next run of a locked row; `start` are the columns of its progress."""
        values = {"run": self.run + 1, "status": "RUNNING", "seen_at": timezone.now(), **start}
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    def this_run(self) -> models.QuerySet[Self]:
        """The row, while this run of it is the one that is wanted."""
        return type(self)._default_manager.filter(pk=self.pk, run=self.run, status="RUNNING")

    def wanted(self) -> Self:
        """The row, locked, if this run is still the one that is wanted; else StopError."""
        found = self.this_run().select_for_update(of=("self",)).first()
        if found is None:
            raise StopError
        return found

    def write_progress(self, **progress: Any) -> None:
        """Write how far this run is. StopError if it is not wanted any more."""
        with system():
            if not self.this_run().update(**progress | {"seen_at": timezone.now()}):
                raise StopError


class DatedQuerySet(models.QuerySet[Any]):
    """Rows with `valid_from` and `valid_to`, the last day; null while they are in use."""

    def valid(self, on: dt.date | None = None) -> Self:
        """Those in use on a day (default: today in local time)."""
        on = on or today()
        return self.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def similar_index(field: str, name: str) -> GinIndex:
    """An index that finds words of a column that are written nearly as asked."""
    return GinIndex(OpClass(TrFold(F(field)), name="gin_trgm_ops"), name=name)


class SearchableQuerySet(models.QuerySet[Any]):
    """Queryset with full-text search through database functions (`permissions.core.lookups`): full-text search
    is not leakproof, so under a policy it would read every row that the viewer sees."""

    lookup = ""
    """The name that the functions of this table bear."""
    numbers: tuple[str, ...] = ()
    """What the numbers of these rows begin with, as GL-2026/2; a table that names some has a `reference`."""
    kinds: tuple[str, ...] = ()
    """Fields with a closed list whose words lists show, and which a search therefore finds."""

    def search(self, text: str) -> Self:
        """Turkish search by beginnings of words: `isik`, `IŞIK` and `ışık` find the same. Finds a row by its own
        number too, in any spelling, and by its kind."""
        query = prefix_query(text)
        if query is None:
            return self.none()
        found = self._matching(query)
        if numbers := reference_numbers(self.numbers, text):
            found |= Q(reference__in=numbers)
        for name in self.kinds:
            for values, rest in values_meant(labels_of(self.model._meta.label, name), text):
                words = prefix_query(rest) if rest else None
                found |= Q(**{f"{name}__in": values}) & (self._matching(words) if words else Q())
        return self.filter(found)

    def alike(self, text: str) -> Self:
        """Those whose name or title is written nearly like this, the nearest fifty."""
        return self.filter(self._found("alike", search_form(text)[:ALIKE_LENGTH]))

    def _matching(self, query: str) -> Q:
        return self._found("matching", query)

    def _found(self, way: str, text: str) -> Q:
        return Q(pk__in=RawSQL(f"SELECT app.{way}_{self.lookup}(%s)", [text]))  # noqa: S611 - constants


@cache
def labels_of(model: str, name: str) -> Labels:
    """Return the values of a field with a closed list, with their Turkish and English words in search form."""
    field: Any = apps.get_model(model)._meta.get_field(name)
    choices = field.choices or ()
    labels: dict[str, list[str]] = {str(value): [] for value, _label in choices}
    for language in ("tr", "en"):
        with override(language):
            for value, label in choices:
                labels[str(value)].append(tr_tokens(clean(str(label))))
    return tuple((value, tuple(words)) for value, words in labels.items())


def containing(rows: models.QuerySet[Any], fields: tuple[str, ...], text: str) -> Q:
    """Return the condition that each word of a text stands in one of the fields, in Turkish spelling, or names the
    kind that one of them holds. For lists without a column of words: it looks at every row of `rows`."""
    condition, words = Q(), pieces(text)
    for word in words:
        found = Q()
        for name in fields:
            if "__" not in name and getattr(rows.model._meta.get_field(name), "choices", None):
                labels = labels_of(rows.model._meta.label, name)
                meant = [value for values, _rest in values_meant(labels, word) for value in values]
                found |= Q(**{f"{name}__in": meant})
            else:
                found |= Q(Contains(TrFold(F(name)), word))
        condition &= found
    return condition if words else Q(pk__in=[])


class Contains(Func):
    """Whether a text in search form contains a piece."""

    template = "(strpos(%(expressions)s) > 0)"
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, text: Func, piece: str) -> None:
        super().__init__(text, models.Value(piece))


class NumberSequence(models.Model):
    """A gapless yearly counter: the row is locked until the transaction that took a number ends."""

    name = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["name", "year"], name="sequence_once_a_year")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}: {self.last}"

    @classmethod
    def take(cls, name: str, year: int, count: int = 1) -> int:
        """Take `count` new numbers and return the first.

        Call it last in the transaction: others wait on the row. A rolled back transaction releases its numbers: no
        gaps.
        """
        cls.objects.get_or_create(name=name, year=year)
        row = cls.objects.select_for_update().get(name=name, year=year)
        row.last += count
        row.save(update_fields=["last"])
        return row.last - count + 1
