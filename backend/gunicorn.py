"""Gunicorn's settings: `gunicorn -c python:backend.gunicorn backend.wsgi`."""

import gc
import os
import signal
import sys
from pathlib import Path
from typing import Any

from backend import environment

bind = f"{os.environ.get('OZELKALEM_BIND') or '127.0.0.1'}:{os.environ.get('OZELKALEM_PORT') or 8000}"
workers = int(os.environ.get("OZELKALEM_WEB_WORKERS") or 2)
threads = int(os.environ.get("OZELKALEM_WEB_THREADS") or 4)
worker_class = "backend.web_worker.Worker"
logger_class = "backend.web_worker.Log"
# Loaded once before the workers are forked: an unsafe installation ends here, with one sentence.
preload_app = True
max_requests = 50_000
max_requests_jitter = 5_000
graceful_timeout = int(os.environ.get("OZELKALEM_WEB_GRACEFUL_SECONDS") or 20)
timeout = 60
# Not settings of gunicorn's but of our worker. A client may send nothing for so long in the middle of a request; a
# reverse proxy in front takes whole requests and protects against clients that dribble.
CLIENT_SECONDS = int(os.environ.get("OZELKALEM_WEB_CLIENT_SECONDS") or 20)
# The header in which it tells how many seconds a request waited for a thread.
WAITED = "X-Ozelkalem-Waited"
control_socket_disable = True
# Where the processes share their metrics; prometheus_client reads the same variable when it is imported.
METRICS_FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

environment.end_on_sigterm()
gc.set_threshold(*environment.GARBAGE)  # before the application is loaded; the workers inherit it


def pre_exec(server: Any) -> None:
    """On SIGUSR2 (`systemctl reload`): begin what lies at the same path by now, a link to another version, with its own
    environment."""
    start = server.START_CTX
    python = Path(start["cwd"], Path(sys.prefix).name, "bin", "python")
    start[0] = str(python) if python.exists() else sys.executable
    start["args"] = [start[0], "-m", "gunicorn", *start["args"][2:]]


def post_worker_init(worker: Any) -> None:
    """Once the new version serves, the one before may end; both take requests from the same socket meanwhile."""
    before = os.environ.get("GUNICORN_PID")
    if before and worker.age == 1:
        from gunicorn.systemd import sd_notify

        sd_notify(f"MAINPID={worker.ppid}\nREADY=1", worker.log)
        os.kill(int(before), signal.SIGTERM)


def pre_fork(_server: Any, _worker: Any) -> None:
    """What is loaded stays: no worker looks through it for garbage, or copies its pages by doing so."""
    gc.freeze()


def child_exit(_server: Any, _worker: Any) -> None:
    """The counts of a worker that has ended are kept, its files are not."""
    if METRICS_FOLDER:
        from backend.core.operation.metrics_files import merge_ended

        merge_ended(Path(METRICS_FOLDER))
