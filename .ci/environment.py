"""Make the Python environment: find uv or install it into the checkout, then install what uv.lock says.

Runs with the machine's own python3 and nothing else; several at once wait for each other. OZELKALEM_PYTHON
names another Python version, which gets an environment of its own (.venv-3.13).
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
OLDEST_UV = (0, 8)


def main() -> None:
    """Bring the environment up to date; quick when it already is."""
    if sys.version_info < (3, 11):  # noqa: UP036  (this file meets the Python of the machine)
        sys.exit(
            f"python3 is {sys.version.split()[0]}: install Python 3.11 or newer and put it first on PATH."
        )
    with open(ROOT / ".ci" / "environment.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = os.environ.get("OZELKALEM_PYTHON")
        folder = ROOT / (f".venv-{wanted}" if wanted else ".venv")
        command = [uv(), "sync", "--frozen", "--quiet"]
        if not folder.exists():
            print(f"Creating {folder.name}: the packages of uv.lock are downloaded once.", flush=True)
            command += ["--python", wanted or sys.executable]
        environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(folder)}
        environment.pop("VIRTUAL_ENV", None)
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        sys.exit(done.returncode)


def uv() -> str:
    """Return a uv that understands the lock file: the one on PATH, else one of the checkout's own."""
    found = shutil.which("uv")
    if found and recent(found):
        return found
    own = TOOLS / "bin" / "uv"
    if not own.exists():
        print("Installing uv into .tools.", flush=True)
        python = TOOLS / "bin" / "python"
        try:
            subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
            subprocess.run([str(python), "-m", "pip", "install", "--quiet", "uv"], check=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(TOOLS, ignore_errors=True)
            sys.exit(
                "uv could not be installed: install python3-venv and let pip reach its index, or install uv."
            )
    return str(own)


def recent(program: str) -> bool:
    """Say whether this uv is new enough."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"(\d+)\.(\d+)", answer)
    return version is not None and tuple(map(int, version.groups())) >= OLDEST_UV


if __name__ == "__main__":
    main()
