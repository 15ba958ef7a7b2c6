"""What `startproject` writes, and guardian; connects as the owner of the tables, as is usual."""

from backend.settings import *  # noqa: F403
from backend.settings import DATABASES, INSTALLED_APPS
from benchmarks.graphene_peer.settings import NOT_NEEDED

DATABASES = {"default": DATABASES["owner"]}
INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    *(name for name in INSTALLED_APPS if not name.startswith(NOT_NEEDED)),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
ROOT_URLCONF = "benchmarks.stock_admin.urls"
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "axes.W001", "axes.W003"]
