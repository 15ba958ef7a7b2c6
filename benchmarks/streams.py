"""Followers and writers, measured: `python -m benchmarks.streams`.

Runs `following.py` under pytest, for the tests' databases are what it makes its own of. `--seconds`: how long each load
lasts; `--followers`, `--rates`: other loads; `--only`: `followers` or `notify`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

FILE = Path(__file__).with_name("following.py")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--followers", default="500,1000")
    options.add_argument("--rates", default="1,20,40")
    options.add_argument("--only", default="", choices=["", "followers", "notify", "inbox", "one"])
    chosen = options.parse_args()
    environment = {
        **os.environ,
        "OZELKALEM_ENVIRONMENT": "test",
        "OZELKALEM_BENCHMARK_SECONDS": str(chosen.seconds),
        "OZELKALEM_BENCHMARK_FOLLOWERS": chosen.followers,
        "OZELKALEM_BENCHMARK_RATES": chosen.rates,
    }
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:xdist", str(FILE), "-k", chosen.only]
    return subprocess.run(command, cwd=FILE.parent.parent, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
