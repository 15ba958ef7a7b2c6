"""The WSGI application; refuses to exist on an installation that `backend.core.checks` calls unsafe."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

application = get_wsgi_application()

from backend.core import checks  # noqa: E402  (needs the apps, which the line above loads)

try:
    checks.refuse_unsafe_start()
except checks.UnsafeStartError as refusal:
    sys.exit(str(refusal))
