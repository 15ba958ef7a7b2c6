"""The WSGI application; refuses to exist on an installation that `backend.core.checks` calls unsafe."""

import logging
import os
import sys
from typing import Any

from django.core.wsgi import get_wsgi_application

from backend.core.frames import in_one_piece
from backend.postgres_system import PostgresError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

try:
    application: Any = in_one_piece(get_wsgi_application())
except PostgresError as refusal:
    sys.exit(str(refusal))

# Not at the top: they need the apps, which the lines above load.
from django.conf import settings
from django.core.signals import request_started
from django.db import DatabaseError, close_old_connections, reset_queries
from django.urls import get_resolver
from django.utils.module_loading import import_string

from backend import houses
from backend.core import checks
from backend.core.operation import tracing

try:
    if houses.is_on():  # each is looked at when it is asked for the first time
        from backend.houses.web import ByHost

        houses.every()
        application = ByHost(application, checks.refuse_unsafe_start)
    else:
        checks.refuse_unsafe_start()
except houses.HousesError as refusal:
    sys.exit(str(refusal))
except checks.UnsafeStartError as refusal:
    sys.exit(str(refusal))

# What they look at in all connections as a request begins was looked at as the one before ended.
request_started.disconnect(close_old_connections)
if not settings.DEBUG:  # only then are they kept
    request_started.disconnect(reset_queries)

tracing.begin("web")
# Screens, schema and registered documents are made ready before the workers are forked: they share that memory, and a
# new one answers at once.
get_resolver().url_patterns  # noqa: B018
if not houses.is_on():
    try:
        import_string(settings.WARM_UP)()
    except DatabaseError as error:  # older than this program, or gone meanwhile: workers make what they need
        logging.getLogger("backend").warning({"event": "not_warmed", "error": type(error).__name__})
    finally:
        checks.release_connection()
