"""The services of compose.yaml, each a container as it is written there; then a web is killed. A part of `make image`.

They run in a network that holds nothing but loopback, where each has an address in place of a host of its own: no port
of this machine is in the way. Of images that a registry has, Debian's packages stand in (`standing_in/`).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.image import HEADERS, IMAGES, PASSWORD, PATIENCE, ROOT, limits, podman, run, say, sign_in
from tests.portal_writer import Writer, ask

FOLDER = ROOT / "deploy" / "container"
STANDING_IN = ROOT / "tests" / "deploy" / "standing_in"
WRITTEN: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = WRITTEN["services"]
NAMES = {name: f"127.77.0.{number}" for number, name in enumerate(SERVICES, 10)}
SECOND_WEB = "127.77.0.99"
"""What `--scale web=2` starts."""
OTHERS = {"database": "database", "pooler": "pgbouncer", "proxy": "proxy"}
PREFIX = "ozelkalem-trial"
PORT = 8080
CASES = 20
CLIENT = """
from backend.core.session import system
from backend.organization.models import User
from backend.portals.clients import register_client
with system():
    account = User.objects.create_user("e.belediye", first_name="e-Belediye", last_name="Deneme")
    client, secret = register_client(
        account=account, name="Deneme", contact_name="Ayşe Demir", contact_email="ayse@ozelkalem.example",
        scopes=["SUBMIT", "FOLLOW"], by=User.objects.get(username="ilk.yonetici"),
    )
print("CLIENT", client.key, secret)
"""
INSIDE = """
import os
def said(name):
    return next(line.split()[1] for line in open("/proc/1/status") if line.startswith(name))
try:
    open("/written", "w")
    is_written = True
except OSError:
    is_written = False
print(said("Uid:"), int(said("CapEff:"), 16), int(said("NoNewPrivs:")), is_written)
"""
"""Account, rights, whether it can get more, whether its root can be written: of the first process of a container."""


@dataclass
class Started:
    """A container that runs: its name for podman, and the seconds until it was healthy."""

    name: str
    seconds: float = 0.0


@dataclass
class Office:
    """What was started so far."""

    images: dict[str, str]
    place: Path
    running: dict[str, Started] = field(default_factory=dict)

    def begin(self, service: str, address: str = "", name: str = "") -> None:
        """Start a service after those it depends on; wait until it is healthy, or has ended well."""
        said = SERVICES[service]
        for other in said.get("depends_on", {}):
            if other not in self.running:
                self.begin(other)
        key = name or service
        ends = said.get("restart") == "no"
        container = f"{PREFIX}-{key}"
        command = [*podman().program, "run", "--name", container, *([] if ends else ["--detach"])]
        command += [*podman().rights, *self._flags(service, address or NAMES[service])]
        began = time.monotonic()
        run(*command, self._image(service), *said.get("command", []), stderr=subprocess.STDOUT)
        self.running[key] = Started(container)
        if not ends and "healthcheck" in said:
            self._wait(key, said["healthcheck"]["test"], address or NAMES[service])
        self.running[key].seconds = time.monotonic() - began

    def inside(self, key: str, *command: str, **environment: str) -> str:
        """What a command in a running container writes."""
        given = [part for one in environment.items() for part in ("--env", "=".join(one))]
        return run(*podman().program, "exec", *given, self.running[key].name, *command, stderr=None)

    def end(self) -> None:
        """Remove every container and volume of the trial."""
        program = podman().program
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        names = [f"{PREFIX}-{key}" for key in (*SERVICES, "web-2")]
        subprocess.run([*program, "rm", "--force", "--ignore", "--time", "5", *names], **quiet)
        volumes = [f"{PREFIX}-{name}" for name in WRITTEN["volumes"]]
        subprocess.run([*program, "volume", "rm", "--force", *volumes], **quiet)

    def _image(self, service: str) -> str:
        return self.images[OTHERS.get(service) or SERVICES[service]["build"]["target"]]

    def _flags(self, service: str, address: str) -> Iterator[str]:
        """What `compose.yaml` says of it, as podman takes it."""
        said = SERVICES[service]
        for name, at in [*NAMES.items(), ("web", SECOND_WEB)]:
            yield f"--add-host={name}:{at}"
        values = {name: interpolated(str(value)) for name, value in said.get("environment", {}).items()}
        for name, value in (values | {"OZELKALEM_BIND": address}).items():
            yield f"--env={name}={value}"
        for volume in said.get("volumes", []):
            source, target = volume.split(":", 1)
            is_file = source.startswith(".")
            yield f"--volume={self._file(source) if is_file else f'{PREFIX}-{source}'}:{target}"
        if said.get("read_only"):
            yield "--read-only"
        yield from (f"--tmpfs={one}" for one in said.get("tmpfs", []))
        yield from (f"--cap-drop={one.lower()}" for one in said.get("cap_drop", []))
        yield from (f"--security-opt={one.removesuffix(':true')}" for one in said.get("security_opt", []))
        yield from (f"--user={said['user']}" for _ in range("user" in said))
        yield from (f"--shm-size={said['shm_size']}" for _ in range("shm_size" in said))

    def _file(self, source: str) -> Path:
        """A copy that every account may read, whatever this checkout lies in."""
        kept = self.place / Path(source).name
        shutil.copyfile(FOLDER / source, kept)
        kept.chmod(0o644)
        return kept

    def _wait(self, key: str, test: list[str], address: str) -> None:
        command = ["sh", "-c", test[1]] if test[0] == "CMD-SHELL" else test[1:]
        # Each listens at an address of its own, and not at that of the whole machine.
        command = [part.replace("http://127.0.0.1:", f"http://{address}:") for part in command]
        asked = [*podman().program, "exec", self.running[key].name, *command]
        end = time.monotonic() + PATIENCE
        while (done := subprocess.run(asked, capture_output=True, text=True, check=False)).returncode:
            if time.monotonic() > end or "container state improper" in done.stderr:
                say(run(*podman().program, "logs", self.running[key].name, stderr=subprocess.STDOUT))
                raise SystemExit(f"{key} is not healthy: {done.stderr or done.stdout}")
            time.sleep(0.2)


def interpolated(text: str) -> str:
    """A value of compose.yaml where the shell sets nothing."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def images(products: list[str], base: str) -> dict[str, str]:
    """The product's images by their targets, and those of other makers from the same base with Debian's packages."""
    result = dict(zip(IMAGES, products, strict=True))
    files = {
        "database": STANDING_IN / "Containerfile.database",
        "pgbouncer": FOLDER / "Containerfile.pgbouncer",
        "proxy": STANDING_IN / "Containerfile.proxy",
    }
    for name, file in files.items():
        result[name] = f"localhost/ozelkalem-{name}"
        run(
            "buildah", "build", "--isolation", "chroot", "--network", "host", "--quiet", "--layers", *limits(),
            "--build-arg", f"BASE={base}", "--tag", result[name], "--file", str(file), str(file.parent),
        )  # fmt: skip
    return result


@contextmanager
def office(made: dict[str, str], place: Path) -> Iterator[Office]:
    """Start what `compose up --scale web=2` starts, in the order in which it does."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    started = Office(made, place)
    started.end()
    try:
        for service, said in SERVICES.items():
            if "profiles" not in said and service not in started.running and service != "proxy":
                started.begin(service)
        started.begin("web", SECOND_WEB, "web-2")
        started.begin("proxy")
        yield started
    finally:
        started.end()


def trial(started: Office) -> Iterator[str]:
    """Sign in and bring in cases through the proxy while a web is killed: each is acknowledged, and there after."""
    for key, one in started.running.items():
        if SERVICES.get(key, {}).get("restart") != "no":
            yield f"{key}: up after {one.seconds:.1f} s"
    closed = {key: started.inside(key, ".venv/bin/python", "-c", INSIDE).split()
              for key in ("web", "web-2", "worker", "stream")}  # fmt: skip
    assert set(map(tuple, closed.values())) == {("10001", "0", "1", "False")}, closed
    for key in ("database", "pooler", "proxy"):
        account = started.inside(key, "sh", "-c", "awk '/^Uid|^CapEff/ {print $2}' /proc/1/status").split()
        assert account[0] != "0", f"{key} is root"
        assert int(account[1], 16) == 0, f"{key} has rights: {account[1]}"
        refused = started.inside(key, "sh", "-c", "(: > /written) 2>/dev/null || echo refused")
        assert refused.strip() == "refused", f"the root of {key} can be written"
    yield "each: no root account, no right of the kernel, a root that is read only"
    enter = ("sh", "deploy/container/enter.sh")
    started.inside(
        "web", *enter, "createsuperuser", "--database", "owner", "--no-input", "--username", "ilk.yonetici",
        "--email", "a@ozelkalem.example",
        DATABASE_OWNER_HOST="database:5432", DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )  # fmt: skip
    HEADERS["Host"] = f"127.0.0.1:{PORT}"
    yield f"signed in through the proxy: {sign_in(PORT).removeprefix(f'http://127.0.0.1:{PORT}')}"
    said = started.inside("web", *enter, "shell", "--no-imports", "--command", CLIENT)
    _word, key, secret = next(line for line in said.splitlines() if line.startswith("CLIENT ")).split()
    writer = Writer(PORT, key, secret, "trial", follows=True)
    for _ in range(CASES):
        writer.write()
    run(*podman().program, "kill", "--signal", "KILL", started.running["web"].name, stderr=subprocess.DEVNULL)
    began = time.monotonic()
    writer.write()
    went_on = time.monotonic() - began
    for _ in range(CASES):
        writer.write()
    assert not writer.wrong, writer.wrong
    assert set(writer.statuses) == {200}, writer.statuses
    kept = started.inside(
        "database",
        "psql",
        "-XAtU",
        "postgres",
        "ozelkalem",
        "-c",
        "SELECT count(*) FROM complaints_complaint",
    )
    assert int(kept) == len(writer.acknowledged) == 2 * CASES + 1
    yield f"a web killed: the next answer after {went_on:.1f} s, {kept.strip()} cases acknowledged and kept"
    status, _body = ask(PORT, "GET", "/")
    assert status == 200


def main() -> int:
    """In a network of its own: start, use, and say what was found."""
    run("ip", "link", "set", "lo", "up")
    with office(json.loads(sys.argv[1]), Path(sys.argv[2])) as started:
        for line in trial(started):
            say(line)
    return 0


def carry_out(products: list[str], base: str, place: Path) -> int:
    """Build the other images, and do it where nobody else listens; 1 if something was not as it should be."""
    made = json.dumps(images(products, base))
    command = ["unshare", "--net", sys.executable, "-m", "tests.deploy.composed", made, str(place)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
