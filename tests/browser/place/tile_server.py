"""A double of a tile server on loopback: squares (XYZ), a WMS and a file of PMTiles, all of one picture; or dead."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SIDE = 256


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def blue() -> bytes:
    """A PNG of 256 by 256 points of one blue."""
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\x20\x60\xd0" * SIDE) * SIDE
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _varint(number: int) -> bytes:
    found = bytearray()
    while number >= 0x80:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def pmtiles(picture: bytes) -> bytes:
    """A file of PMTiles (version 3, without compression) in which each square down to zoom 19 is this picture."""
    every = (4**20 - 1) // 3
    root = b"".join(map(_varint, (1, 0, every, len(picture), 1)))  # one entry: id, run, length, offset + 1
    notes, first = b"{}", 127
    places = (
        first,
        len(root),
        first + len(root),
        len(notes),
        0,
        0,
        first + len(root) + len(notes),
        len(picture),
    )
    head = b"PMTiles\x03" + struct.pack("<8Q3Q", *places, every, 1, 1)
    head += struct.pack("<6B", 1, 1, 1, 2, 0, 19)  # clustered, no compression twice, PNG, its zooms
    head += struct.pack("<4iB2i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000, 0, 0, 0)
    assert len(head) == first
    return head + root + notes + picture


class TileServer:
    """What was asked, and whether it answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_dead = False
        self.picture = blue()
        self.file = pmtiles(self.picture)
        self.address = ""

    def answer(self, path: str, asked_bytes: str) -> tuple[int, str, bytes, str]:
        """Status, type, content, and the range of bytes that it is."""
        self.asked.append(path)
        if self.is_dead:
            return 503, "text/plain", b"", ""
        if ".pmtiles" not in path:
            return 200, "image/png", self.picture, ""
        first, _dash, last = asked_bytes.removeprefix("bytes=").partition("-")
        begin, end = int(first or 0), min(int(last or len(self.file) - 1), len(self.file) - 1)
        part = self.file[begin : end + 1]
        return 206, "application/octet-stream", part, f"bytes {begin}-{end}/{len(self.file)}"


@contextmanager
def serving() -> Iterator[TileServer]:
    """Run the double for a block, at a port of its own."""
    double = TileServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, content, which = double.answer(self.path, self.headers.get("Range", ""))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Access-Control-Allow-Origin", "*")
            if which:
                self.send_header("Content-Range", which)
            self.end_headers()
            self.wfile.write(content)

        def do_OPTIONS(self) -> None:
            self.send_response(204)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "range")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing; what was asked is kept."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
