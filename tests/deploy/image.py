"""`make image`: build both images from a bootstrapped Debian, start them read-only and without any right, ask their
health, sign in, let one learn and the other propose, and print their sizes and how long a start takes; then all
services of compose.yaml (`composed`)."""

from __future__ import annotations

import atexit
import http.cookiejar
import json
import os
import re
import resource
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from backend import postgres

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "var" / "image"
PACKAGES = "python3,python3-venv,ca-certificates"
MOST_BYTES = 250 * 1024 * 1024
"""Above the base, of the image that serves."""
LIBRARIES = """
import brotli, lxml.etree, nh3, PIL.Image, PIL._imaging, pikepdf, typst, cryptography.fernet, holidays, phonenumbers
import boto3, ldap3, pyhanko.sign, signxml, storages.backends.s3, opentelemetry.sdk.trace
import opentelemetry.exporter.otlp.proto.http.trace_exporter
assert boto3.client("s3", region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="a")
assert typst.compile(b"= Merhaba", format="pdf").startswith(b"%PDF")
assert holidays.Turkey(years=2027)
assert PIL.Image.new("RGB", (9, 9)).tobytes()
"""
"""What was stripped still works."""
ROUTER = "/var/lib/ozelkalem/router"
LEARNS = f"""
from backend.complaints.suggestion import Catalogue
from backend.triage.learning import fitting, weights
texts = [("lamba yanmıyor", "lamba"), ("direk karanlık", "lamba"), ("dallar uzadı", "ağaç"), ("ağaç kurudu", "ağaç")]
examples = [fitting.Example(text, {{"about": label}}) for _ in range(30) for text, label in texts]
open("{ROUTER}", "wb").write(weights.dump(fitting.fit(examples, Catalogue(()), ["about"]).weights))
"""
PROPOSES = f"""
import hashlib, importlib.util
assert importlib.util.find_spec("numpy") is None
from backend.complaints.suggestion import Catalogue
from backend.triage.learning.weights import load
content = open("{ROUTER}", "rb").read()
router = load(content, hashlib.sha256(content).hexdigest())
print(*router.guesses("about", router.counted("sokakta lamba yanmıyor", Catalogue(()))))
"""
"""What one image learned with scikit-learn, the other says without it."""
IMAGES = {"office": "ozelkalem", "worker": "ozelkalem-worker"}
"""The images that compose.yaml names, by target."""
SERVER = Path("/usr/lib/postgresql/17/bin")
PASSWORD = secrets.token_urlsafe(16)
HEADERS = {"Host": "ozelkalem.example"}
PATIENCE = 240.0


def run(*command: str, **more: object) -> str:
    """Run a command; what it writes is its answer."""
    done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE, **more)  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(f"{' '.join(command)[:200]}: ended with {done.returncode}\n{done.stdout}")
    return str(done.stdout)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def limits() -> list[str]:
    """The limits of this process: a sandbox lets nobody raise them."""
    kinds = {"nproc": resource.RLIMIT_NPROC, "nofile": resource.RLIMIT_NOFILE}
    pairs = {name: resource.getrlimit(kind) for name, kind in kinds.items()}
    return [part for name, (soft, hard) in pairs.items() for part in ("--ulimit", f"{name}={soft}:{hard}")]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def base() -> str:
    """The base image of Debian's packages, made once a machine: no registry of images is asked."""
    if not run("buildah", "images", "--quiet", "--filter", "reference=localhost/ozelkalem-base").strip():
        root = WORK / "base"
        shutil.rmtree(root, ignore_errors=True)
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "trixie", str(root))
        shutil.rmtree(root / "var/cache/apt/archives", ignore_errors=True)
        made = run("buildah", "from", "scratch").strip()
        run("buildah", "add", "--quiet", made, str(root), "/")
        run(
            "buildah",
            "config",
            "--env",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            made,
        )
        run("buildah", "commit", "--quiet", made, "localhost/ozelkalem-base")
        run("buildah", "rm", made)
        shutil.rmtree(root)
    return "localhost/ozelkalem-base"


def build(of: str, target: str) -> str:
    """Build a target as an installation does, but for where packages of Python come from: as on this machine."""
    image = f"localhost/{IMAGES[target]}"
    version = run("git", "log", "-1", "--format=%h, %cd", "--date=short", cwd=ROOT).strip()
    certificates = os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")
    shared = ["--volume", f"{certificates}:/tmp/certificates.pem:ro"] if Path(certificates).exists() else []
    own = [f"{name}=/tmp/certificates.pem" for name in ("SSL_CERT_FILE", "PIP_CERT")] if shared else []
    arguments = [part for one in (f"BASE={of}", f"VERSION={version}", *own) for part in ("--build-arg", one)]
    run(
        "buildah", "build", "--isolation", "chroot", "--network", "host", "--quiet", "--layers", *limits(), *shared,
        *arguments, "--target", target, "--tag", image, "--file", "deploy/container/Containerfile", ".", cwd=ROOT,
    )  # fmt: skip
    return image


def weight(image: str) -> int:
    """The bytes of its files."""
    made = run("buildah", "from", image).strip()
    try:
        return int(run("du", "-sb", run("buildah", "mount", made).strip()).split()[0])
    finally:
        run("buildah", "umount", made)
        run("buildah", "rm", made)


class Container:
    """Commands of the image, as the user of the image, with a read-only root; the network is this machine's.

    Podman where this machine lets it; else the image's files in a mount namespace of their own, by chroot.
    """

    def __init__(self, image: str, data: Path, settings: dict[str, str], shared: list[str]) -> None:
        variables = [f"{name}={value}" for name, value in settings.items()]
        mounts = [f"{data}:/var/lib/ozelkalem", *(one if ":" in one else f"{one}:{one}" for one in shared)]
        self.command = [
            *podman().program,
            "run",
            "--rm",
            *podman().rights,
            *CLOSED,
            *(part for one in variables for part in ("--env", one)),
            *(part for one in mounts for part in ("--volume", one)),
            image,
        ]
        if podman().refusal:
            root = run("buildah", "mount", holder(image)).strip()
            kept = json.loads(run("buildah", "inspect", "--type", "image", image))["OCIv1"]["config"]["Env"]
            self.command = [
                "unshare",
                "--mount",
                "--propagation",
                "private",
                sys.executable,
                "-c",
                CHROOT,
                root,
            ]
            self.command += [
                json.dumps(mounts),
                json.dumps(dict(one.split("=", 1) for one in [*kept, *variables])),
            ]

    def run(self, *arguments: str) -> str:
        return run(*self.command, *arguments)

    @contextmanager
    def serving(self, what: str = "web") -> Iterator[subprocess.Popen[bytes]]:
        with subprocess.Popen([*self.command, what]) as process:
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise


CLOSED = [
    "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--tmpfs", "/tmp",
]  # fmt: skip
"""What `compose.yaml` says of each container of the image."""
WAYS: tuple[tuple[list[str], list[str]], ...] = (
    (["podman"], ["--cgroups", "disabled"]),
    # Where the kernel has control groups of both versions at once, which crun refuses.
    (["podman", "--cgroup-manager", "cgroupfs", "--runtime", "runc"], []),
)
CHROOT = """
import ctypes, json, os, subprocess, sys
root, mounts, environment = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
mount = lambda *words: subprocess.run(["mount", *words], check=True)
mount("--bind", root, root)
mount("-t", "tmpfs", "-o", "mode=1777", "tmp", root + "/tmp")
for place in mounts:
    outside, _, inside = place.partition(":")
    os.makedirs(root + inside, exist_ok=True)
    mount("--bind", outside, root + inside)
mount("-t", "proc", "proc", root + "/proc")
mount("--rbind", "/dev", root + "/dev")
mount("-o", "remount,bind,ro", root)
os.chroot(root)
os.chdir("/opt/ozelkalem")
libc = ctypes.CDLL(None)
for capability in range(41):
    libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
os.setgroups([])
os.setgid(10001)
os.setuid(10001)
try:
    open("/opt/ozelkalem/written", "w")
    sys.exit("the root can be written")
except OSError:
    pass
os.execve("/bin/sh", ["/bin/sh", "/opt/ozelkalem/deploy/container/enter.sh", *sys.argv[4:]], environment)
"""


@dataclass(frozen=True)
class Podman:
    """How podman runs something here; `refusal`: what it says where it may run nothing, in whichever way."""

    program: list[str]
    rights: list[str]
    """What each `run` needs on this machine."""
    refusal: str = ""


@cache
def podman() -> Podman:
    """Find the first way in which it runs the image."""
    for program, more in WAYS:
        rights = ["--network", "host", *limits(), *more]
        asked = [*program, "run", "--rm", *rights, *CLOSED, "localhost/ozelkalem", "help"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if not done.returncode:
            return Podman(program, rights)
    return Podman(program, rights, done.stderr.strip().splitlines()[-1])


@cache
def holder(image: str) -> str:
    """A container whose files are mounted, and removed in the end."""
    made = run("buildah", "from", image).strip()
    atexit.register(run, "buildah", "rm", made)
    return made


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=HEADERS | headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def sign_in(port: int) -> str:
    """Sign in through the form; the address where it ends."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    headers = HEADERS | {"Referer": f"http://{HEADERS['Host']}/"}  # an opener's own headers leave out Host
    at = f"http://127.0.0.1:{port}/accounts/login/"
    with browser.open(urllib.request.Request(at, headers=headers), timeout=60) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "login": "ilk.yonetici", "password": PASSWORD}
    sent = urllib.request.Request(at, urllib.parse.urlencode(form).encode(), headers)
    with browser.open(sent, timeout=60) as page:
        assert page.status == 200
        return str(page.url)


def probed(
    image: str, worker: str, files: Path, settings: dict[str, str], shared: list[str]
) -> Iterator[str]:
    """Start worker and stream too, and ask each at its port for monitors, as compose and Kubernetes do."""
    for what, of in (("worker", worker), ("stream", image)):
        port = free_port()
        own = {
            "OZELKALEM_MONITOR_PORT": str(port),
            "OZELKALEM_METRICS_TOKEN": PASSWORD,
            "OZELKALEM_STREAM_PORT": str(free_port()),
        }
        with Container(of, files, settings | own, shared).serving(what) as process:
            began = time.monotonic()
            while ask(port, "/health/live/")[0] != 200:
                assert process.poll() is None, f"{what} ended"
                assert time.monotonic() - began < PATIENCE, f"{what} does not answer"
                time.sleep(0.05)
            status, text = ask(port, "/metrics", Authorization=f"Bearer {PASSWORD}")
            assert status == 200
            yield f"{what} {len(text.splitlines())} lines of metrics"


def trial(image: str, worker: str) -> dict[str, str]:
    """Start them on a PostgreSQL of their own, and use them."""
    place = WORK / "trial"
    shutil.rmtree(place, ignore_errors=True)
    files = place / "files"
    files.mkdir(parents=True)
    os.chown(files, 10001, 10001)
    port = free_port()
    with postgres.using(place / "postgres", durable=False):
        folder = postgres.connection(place / "postgres").host
        Path(folder).chmod(0o711)  # the account of the image is another one, which has a password
        next(Path(folder).glob(".s.PGSQL.*[0-9]")).chmod(0o777)
        settings = {
            "OZELKALEM_SECRET_KEY": secrets.token_hex(40),
            "OZELKALEM_NATIONAL_ID_KEY": secrets.token_hex(24),
            "OZELKALEM_ALLOWED_HOSTS": HEADERS["Host"],
            "OZELKALEM_HTTPS": "0",
            "OZELKALEM_BIND": "127.0.0.1",
            "OZELKALEM_PORT": str(port),
            "DATABASE_URL": postgres.url(place / "postgres"),
        }
        owner = {
            "DATABASE_OWNER_URL": postgres.url(place / "postgres", "owner"),
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }
        shared = [folder]
        commands = Container(image, files, settings | owner, shared)
        commands.run("migrate")
        shell = ("shell", "--no-imports", "--command")
        commands.run(*shell, LIBRARIES)
        Container(worker, files, settings | owner, shared).run(*shell, LEARNS)
        proposed = commands.run(*shell, PROPOSES).strip()
        assert proposed.startswith("Guess(label='lamba'"), proposed
        commands.run(
            "createsuperuser",
            "--database",
            "owner",
            "--no-input",
            "--username",
            "ilk.yonetici",
            "--email",
            "a@ozelkalem.example",
        )
        began = time.monotonic()
        with Container(image, files, settings, shared).serving() as process:
            while (live := ask(port, "/health/live/"))[0] != 200:
                assert process.poll() is None, "it ended"
                assert time.monotonic() - began < PATIENCE, f"it does not answer: {live}"
                time.sleep(0.05)
            started = time.monotonic() - began
            status, health = ask(port, "/health/")
            found = {
                "start": f"{started:.1f} s until /health/live/ answers 200",
                "health": f"{status} {json.loads(health).get('problems', health)}",
                "proposed": proposed,
                "probes": ", ".join(probed(image, worker, files, settings, shared)),
                "signed in": sign_in(port).removeprefix(f"http://127.0.0.1:{port}"),
            }
        backups = place / "backups"
        backups.mkdir()
        os.chown(backups, 10001, 10001)
        keeper = Container(image, files, settings | owner, [*shared, f"{backups}:/var/lib/backups"])
        found["backup"] = keeper.run("backup").strip().splitlines()[-1]
        [kept] = backups.iterdir()
        keeper.run("restore", f"/var/lib/backups/{kept.name}", "--replace")
        return found


def main() -> int:
    """Print what was found; 1 if the image that serves is too large or nobody can sign in."""
    missing = [
        program for program in ("debootstrap", "buildah", "podman", "runc") if shutil.which(program) is None
    ]
    if missing:
        raise SystemExit(f"Install Debian's {', '.join(missing)}.")
    if not (SERVER / "postgres").exists():
        raise SystemExit(
            "Install Debian's postgresql-17: the version of compose.yaml, which the image's pg_dump reads."
        )
    os.environ["OZELKALEM_PG_BINDIR"] = str(SERVER)
    os.environ.setdefault("STORAGE_DRIVER", "vfs")  # it needs no right of the kernel that a sandbox refuses
    WORK.mkdir(parents=True, exist_ok=True)
    of = base()
    image, worker = (build(of, target) for target in IMAGES)
    sizes = {name: weight(name) for name in (of, image, worker)}
    above = sizes[image] - sizes[of]
    say(f"size: {above / 2**20:.0f} MB above the base ({sizes[of] / 2**20:.0f} MB); the worker's"
        f" {(sizes[worker] - sizes[image]) / 2**20:.0f} MB more, with which the router learns")  # fmt: skip
    refusal = podman().refusal
    say(f"podman: {refusal} (so its files by chroot)" if refusal else f"run by: {' '.join(podman().program)}")
    found = trial(image, worker)
    for name, value in found.items():
        say(f"{name}: {value}")
    from tests.deploy import composed

    failed = composed.carry_out([image, worker], of, WORK / "composed") if not refusal else 0
    return int(above > MOST_BYTES or "/login/" in found["signed in"] or failed)


if __name__ == "__main__":
    sys.exit(main())
