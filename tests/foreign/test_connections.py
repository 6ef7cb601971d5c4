"""Connections that trickle, say nothing or break off, over HTTP on loopback: a run is never held beyond its time."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Any

import pytest

from tests.foreign.course import Course, Fate, Shape
from tests.foreign.driving import KEYS, RELEASE
from tests.foreign.endpoint import Endpoint
from tests.truth.foreign import LATE

TIMEOUT = 4.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 4000\r\n"
SPEED = 12.0
"""Seconds of the course in one of ours."""


def _trickles(connection: socket, over: threading.Event) -> None:
    """A byte now and then, so that no wait for the next one is long."""
    connection.sendall(HEAD + b"\r\n{")
    while not over.wait(0.1):
        connection.sendall(b" ")


def _trickles_its_head(connection: socket, over: threading.Event) -> None:
    connection.sendall(HEAD)
    while not over.wait(0.1):
        connection.sendall(b"X-More: 1\r\n")


def _is_silent(connection: socket, over: threading.Event) -> None:
    over.wait(600)


def _stops_half_way(connection: socket, over: threading.Event) -> None:
    connection.sendall(HEAD + b'\r\n{"services": [{"serviceName": "my-ht')


def _hangs_up(connection: socket, over: threading.Event) -> None:
    """It reads the request and closes."""


def _speaks_another_language(connection: socket, over: threading.Event) -> None:
    connection.sendall(b"220 smtp.example.net ESMTP\r\n")


Bad = Callable[[socket, threading.Event], None]
BAD = (
    _trickles,
    _trickles_its_head,
    _is_silent,
    _stops_half_way,
    _hangs_up,
    _speaks_another_language,
)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave are what this is about."""


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler, threading.Event], None]) -> Iterator[str]:
    """The address of a server on loopback, each of whose requests gets `answer`."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, over)
            self.close_connection = True

        def log_message(self, *words: object) -> None:
            pass

    with _Quiet(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        over.set()
        server.shutdown()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    code: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def result(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.stdout.splitlines()[-1])
        return told


def released(url: str, timeout: float) -> Ended:
    """A release in a process of its own; one that does not end a minute after its deadline is a failure."""
    began = time.monotonic()
    words = [
        sys.executable,
        "-m",
        "ecsdeploy",
        *RELEASE,
        "--output",
        "json",
        "--endpoint-url",
        url,
        "-t",
        f"{timeout:.0f}",
    ]
    done = subprocess.run(
        words, env=os.environ | dict(KEYS), capture_output=True, text=True, timeout=timeout + LATE, check=False
    )
    return Ended(code=done.returncode, stdout=done.stdout, stderr=done.stderr, seconds=time.monotonic() - began)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.__name__.strip("_"))
def test_t15_a_bad_connection_ends_the_run_in_time_with_nothing_done(bad: Bad) -> None:
    with answering(lambda handler, over: bad(handler.connection, over)) as url:
        ended = released(url, TIMEOUT)
    assert (ended.code, ended.result["status"], ended.result["exit_code"]) == (26, "refused", 26)


@dataclass(slots=True)
class Timed:
    """An endpoint in real time, of which one call gets a bad connection after it was carried out."""

    world: Endpoint
    operation: str
    bad: Bad
    lock: threading.Lock
    began: float
    spent: bool = False

    def __call__(self, handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        with self.lock:
            passed, self.began = time.monotonic() - self.began, time.monotonic()
            self.world.course.pass_by(passed * SPEED)
            status, headers, reply = self.world.transport("POST", "/", dict(handler.headers), body)
            bad = not self.spent and self.world.calls[-1].operation == self.operation
            self.spent = self.spent or bad
        if bad:
            self.bad(handler.connection, over)
            return
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(reply))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(reply)


@pytest.mark.parametrize("operation", ["RegisterTaskDefinition", "UpdateService"])
@pytest.mark.parametrize("bad", [_stops_half_way, _hangs_up], ids=["stops_half_way", "hangs_up"])
def test_a_write_whose_connection_breaks_off_is_not_sent_twice(bad: Bad, operation: str) -> None:
    world = Endpoint(Course(Shape(), Fate()), latency=0)
    with answering(Timed(world, operation, bad, threading.Lock(), time.monotonic())) as url:
        ended = released(url, 60)
    assert (ended.code, ended.result["status"]) == (0, "succeeded"), ended.stderr
    assert len(world.made("RegisterTaskDefinition")) == len(world.made("UpdateService")) == 1
