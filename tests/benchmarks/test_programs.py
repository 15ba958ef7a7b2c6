"""The programs of the benchmark begin by themselves, as they are called and not as pytest imports them."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.installation import ROOT


def test_who_asks_the_database_can_sign_it() -> None:
    """What `python -m benchmarks` signs tickets with is there without the settings of the tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    signing = "from benchmarks import asking; print(asking.sign('enter', '1').rpartition('.')[2])"
    done = subprocess.run(
        [sys.executable, "-c", signing],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "1", done.stderr
