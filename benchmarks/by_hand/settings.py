"""The product's own settings, with one address more."""

from backend.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.by_hand.urls"
