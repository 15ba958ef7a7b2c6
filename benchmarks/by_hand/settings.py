"""The product's own settings, with one address more, and plans made once: a careful person would see that planning a
statement under row security for every asker anew takes longer than running it."""

from backend.settings import *  # noqa: F403
from backend.settings import DATABASES
from benchmarks.by_hand.statements import PLANS

ROOT_URLCONF = "benchmarks.by_hand.urls"
DATABASES["default"]["OPTIONS"]["options"] = PLANS
