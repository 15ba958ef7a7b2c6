"""A flame graph of one answer: the application asked in this process, its stack looked at each millisecond it works."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from types import FrameType
from typing import Any
from zlib import crc32

import orjson

from benchmarks.installation import Installation

INTERVAL, WARM, ANSWERS = 0.001, 200, 10_000
WIDTH, LINE, LEAST = 1400, 17, 1.0
"""Of the picture: its width, the height of a frame, and the narrowest frame that is drawn."""
Stack = tuple[str, ...]


def drawn(installation: Installation, token: str, body: dict[str, Any]) -> str:
    """The picture as SVG. A process of its own: the settings of this one know another installation."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stages.flame"],
        input=orjson.dumps({"token": token, "body": body}),
        env=installation.environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.decode()


def main() -> None:
    """Read who asks what, and write the picture."""
    from backend.wsgi import application

    asked = orjson.loads(sys.stdin.buffer.read())
    token, content = asked["token"], orjson.dumps(asked["body"])

    def ask() -> None:
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/graphql/",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_AUTHORIZATION": f"Bearer {token}",
            "HTTP_ACCEPT": "application/json",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": io.BytesIO(content),
            "wsgi.url_scheme": "http",
        }
        statuses: list[str] = []

        def start(status: str, _headers: list[tuple[str, str]], _fault: Any = None) -> Any:
            statuses.append(status)

        response: Any = application(environ, start)
        list(response)
        response.close()
        if statuses != ["200 OK"]:
            raise RuntimeError(f"the answer was {statuses}")

    for _each in range(WARM):
        ask()
    with _sampled() as stacks:
        for _each in range(ANSWERS):
            ask()
    sys.stdout.write(_svg(stacks))


@contextmanager
def _sampled() -> Iterator[Counter[Stack]]:
    stacks: Counter[Stack] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        stack = []
        while frame is not None and frame.f_code.co_name != "ask":
            code = frame.f_code
            stack.append(f"{Path(code.co_filename).stem}.{code.co_qualname.replace('.<locals>', '')}")
            frame = frame.f_back
        if frame is not None:
            stacks[tuple(reversed(stack))] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    try:
        yield stacks
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _svg(stacks: Counter[Stack]) -> str:
    whole = sum(stacks.values()) or 1
    boxes = list(_boxes(stacks, 0, 0.0, WIDTH / whole))
    height = (max((depth for depth, *_rest in boxes), default=0) + 1) * LINE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="monospace" font-size="11">'
    ]
    for depth, x, width, name, count in boxes:
        y, share = height - (depth + 1) * LINE, 100 * count / whole
        fits = escape(name[: int(width / 6.7)]) if width > 20 else ""
        parts.append(
            f'<g><title>{escape(name)}: {share:.1f} %</title><rect x="{x:.1f}" y="{y}" width="{width:.1f}"'
            f' height="{LINE - 1}" fill="hsl({20 + crc32(name.partition(".")[0].encode()) % 40} 80% 68%)" rx="1"/>'
            f'<text x="{x + 2:.1f}" y="{y + 12}">{fits}</text></g>'
        )
    return "\n".join([*parts, "</svg>\n"])


def _boxes(
    stacks: Counter[Stack], depth: int, x: float, scale: float
) -> Iterator[tuple[int, float, float, str, int]]:
    """Depth, place, width, name and samples of each frame that is wide enough, those below it after it."""
    below: dict[str, Counter[Stack]] = {}
    for stack, count in stacks.items():
        if stack:
            below.setdefault(stack[0], Counter())[stack[1:]] += count
    for name, rest in sorted(below.items()):
        count = sum(rest.values())
        if count * scale >= LEAST:
            yield depth, x, count * scale, name, count
            yield from _boxes(rest, depth + 1, x, scale)
        x += count * scale


if __name__ == "__main__":
    main()
