"""Who takes part. The first says what is right."""

from benchmarks.contenders.base import Contender
from benchmarks.contenders.by_hand import ByHand, Thinnest
from benchmarks.contenders.graphene import GrapheneTuned, GrapheneTutorial
from benchmarks.contenders.postgraphile import PostGraphileTuned, PostGraphileUsual
from benchmarks.contenders.product import Compiled, Interpreted

ALL: tuple[type[Contender], ...] = (
    Compiled,
    ByHand,
    Thinnest,
    PostGraphileTuned,
    PostGraphileUsual,
    Interpreted,
    GrapheneTuned,
    GrapheneTutorial,
)
