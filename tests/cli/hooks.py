"""A webhook on loopback that answers as it is told, and keeps what it got."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any

TOKEN = "T0PSECRETT0KEN/B00deadbeef/hunter"
"""The part of an address that makes it a secret; it looks like any path."""


@dataclass
class Hook:
    """`answers` are the status codes, the last of them for ever; 0 never answers."""

    answers: tuple[int, ...]
    port: int = 0
    got: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/{TOKEN}"

    @property
    def bodies(self) -> list[Any]:
        return [body for _, _, body in self.got]

    def answer(self) -> int:
        return self.answers[min(len(self.got), len(self.answers)) - 1]


@contextmanager
def listening(*answers: int, location: str = "") -> Iterator[Hook]:
    hook = Hook(answers or (200,))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.got.append((self.path, dict(self.headers), json.loads(body)))
            status = hook.answer()
            if not status:
                hook.over.wait(10)
                return
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        hook.port = server.server_port
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield hook
        finally:
            hook.over.set()
            server.shutdown()
            thread.join()
