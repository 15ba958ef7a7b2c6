"""The product's data under another surface: graphene-django and guardian, without Strawberry and the second wall.

Connects as the owner of the tables, as a Django application usually does: what may be seen is decided in Python.
BENCHMARK_PEER says which of the two ways of writing it is served.
"""

import os

from backend.settings import *  # noqa: F403
from backend.settings import DATABASES, INSTALLED_APPS

WAY = os.environ.get("BENCHMARK_PEER", "tutorial")
NOT_NEEDED = (
    "unfold",
    "admin_ui",
    "schema",
    "strawberry",
    "allauth",
    "axes",
    "csp",
    "whitenoise",
    "django_prom",
    "django_str",
)
DATABASES = {"default": DATABASES["owner"]}
INSTALLED_APPS = [
    *(name for name in INSTALLED_APPS if not name.startswith(NOT_NEEDED)),
    "graphene_django",
]
# What `startproject` writes; the tuned one keeps what an answer to a program needs.
_COMMON = "django.middleware.common.CommonMiddleware"
MIDDLEWARE = {
    "tutorial": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        _COMMON,
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    "tuned": [_COMMON],
}[WAY]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ROOT_URLCONF = "benchmarks.graphene_peer.urls"
GRAPHENE = {
    "SCHEMA": f"benchmarks.graphene_peer.{WAY}.schema",
    "RELAY_CONNECTION_MAX_LIMIT": 500,
    "DJANGO_CHOICE_FIELD_ENUM_CONVERT": WAY == "tutorial",
}
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "axes.W001", "axes.W003"]
