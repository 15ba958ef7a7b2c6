"""Make the Python environment: find uv or install it into the checkout, then install what uv.lock says.

Any python3 >= 3.9 runs this file; the environment gets the newest Python of SUPPORTED on PATH or of pyenv, or the one
that OZELKALEM_PYTHON names, in an environment of its own (.venv-3.13). Several at once wait for each other.

`--production` leaves out what only developers need, and takes it away where it is; it brings every extra.
`--python` prints the version that `make test-full` proves: the oldest one on PATH.
`--found` prints the program of each that is found, the newest first.
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
SUPPORTED = ("3.14", "3.13", "3.12")
NO_PYTHON = (
    "No Python {oldest} or newer was found on PATH. Install one: on Debian 13 and Ubuntu 24.04\n"
    "'apt-get install python3 python3-venv', elsewhere python{newest} of python.org or of your package manager;\n"
    "or name the version of one that you have: OZELKALEM_PYTHON={newest}."
)


def main() -> None:
    """Bring the environment up to date; quick when it already is."""
    if sys.version_info < (3, 9):  # noqa: UP036  (this file meets the Python of the machine)
        sys.exit("python3 is %s: 3.9 or newer is needed to begin." % sys.version.split()[0])  # noqa: UP031
    wanted = os.environ.get("OZELKALEM_PYTHON")
    if "--python" in sys.argv:
        print(wanted or next(iter(found(reversed(SUPPORTED), pyenv=False)), ("",))[0])
        return
    if "--found" in sys.argv:
        print("\n".join(program for _, program in found(SUPPORTED)))
        return
    python = dict(found([wanted] if wanted else SUPPORTED))
    if not python and not wanted:
        sys.exit(NO_PYTHON.format(oldest=SUPPORTED[-1], newest=SUPPORTED[0]))
    with open(ROOT / ".ci" / "environment.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = ROOT / (f".venv-{wanted}" if wanted else ".venv")
        if supported(folder) is False:
            print(f"{folder.name} has a Python that is too old: it is made anew.", flush=True)
            shutil.rmtree(folder)
        # Compiled once here, for some environments (PYTHONDONTWRITEBYTECODE) keep nothing of what they compile.
        command = [uv(), "sync", "--frozen", "--quiet", "--compile-bytecode"]
        if "--production" in sys.argv:
            command += ["--no-dev", "--all-extras"]  # what a setting asks for is there after each update
        if not folder.exists():
            print(f"Creating {folder.name}: the packages of uv.lock are downloaded once.", flush=True)
            command += ["--python", next(iter(python.values()), wanted)]
        environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(folder)}
        environment.pop("VIRTUAL_ENV", None)
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        sys.exit(done.returncode)


def found(versions, pyenv=True):  # type: ignore[no-untyped-def]
    """Yield (version, program) of each that starts: the stub of a version manager may be there without its Python.

    Python is looked for on PATH, then among those that pyenv has built, some without optimisation (1.6 times slower).
    """
    for version in versions:
        for folder in [*os.environ.get("PATH", "").split(os.pathsep), *(_of_pyenv(version) if pyenv else ())]:
            program = os.path.join(folder, f"python{version}")
            if os.access(program, os.X_OK) and _says(program, version):
                yield version, program
                break


def _of_pyenv(version: str):  # type: ignore[no-untyped-def]
    """List the folders of a version that pyenv has built, the last patch first: its stub may not start it."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    patches = root.glob("versions/%s.*/bin" % version)  # noqa: UP031
    return [str(one) for one in sorted(patches, key=lambda one: _patch(one.parent.name), reverse=True)]


def _patch(version: str) -> int:
    digits = re.search(r"(\d+)$", version)
    return int(digits.group(1)) if digits else -1


def _says(program: str, version: str) -> bool:
    question = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([program, "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == version


def supported(folder: Path):  # type: ignore[no-untyped-def]
    """Return whether the environment there has a supported Python; None without an environment."""
    python = folder / "bin" / "python"
    if not python.exists():
        return None
    answer = subprocess.run(
        [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() in SUPPORTED


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
