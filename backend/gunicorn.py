"""Gunicorn's settings: `gunicorn -c python:backend.gunicorn backend.wsgi`."""

import gc
import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('OZELKALEM_PORT') or 8000}"
workers = int(os.environ.get("OZELKALEM_WEB_WORKERS") or 2)
threads = int(os.environ.get("OZELKALEM_WEB_THREADS") or 4)
worker_class = "backend.web_worker.Worker"
logger_class = "backend.web_worker.Log"
# Loaded once before the workers are forked: an unsafe installation ends here, with one sentence.
preload_app = True
max_requests = 50_000
max_requests_jitter = 5_000
graceful_timeout = 20
timeout = 60
# Not settings of gunicorn's but of our worker. A client may send nothing for so long in the middle of a request; a
# reverse proxy in front takes whole requests and protects against clients that dribble.
CLIENT_SECONDS = int(os.environ.get("OZELKALEM_WEB_CLIENT_SECONDS") or 20)
# The header in which it tells how many seconds a request waited for a thread.
WAITED = "X-Ozelkalem-Waited"
control_socket_disable = True
# The query string of a request may hold a name or a number, so only the path is written.
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'


def pre_fork(_server: Any, _worker: Any) -> None:
    """What is loaded stays: no worker looks through it for garbage, or copies its pages by doing so."""
    gc.freeze()
