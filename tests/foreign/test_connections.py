"""Connections that trickle, say nothing or break off, over HTTP on loopback: a run is never held beyond its time."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from socket import socket
from typing import Any

from tests.foreign.course import Course, Fate, Shape
from tests.foreign.driving import KEYS, RELEASE
from tests.foreign.endpoint import Endpoint
from tests.truth.foreign import LATE

TIMEOUT = 4.0
WRITES = ("RegisterTaskDefinition", "UpdateService")
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


def at_once(run: Callable[[Any], str], cases: Sequence[Any]) -> list[str]:
    """What is wrong with the runs of these cases, all on the way at once: they mostly wait."""
    with ThreadPoolExecutor(len(cases)) as pool:
        return [each for each in pool.map(run, cases) if each]


def test_t15_a_bad_connection_ends_the_run_in_time_with_nothing_done() -> None:
    def wrong(bad: Bad) -> str:
        with answering(lambda handler, over: bad(handler.connection, over)) as url:
            ended = released(url, TIMEOUT)
        told = ended.code, ended.result["status"], ended.result["exit_code"]
        return "" if told == (26, "refused", 26) else f"{bad.__name__}: {told}"

    assert at_once(wrong, BAD) == []


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


def test_a_write_whose_connection_breaks_off_is_not_sent_twice() -> None:
    def wrong(case: tuple[Bad, str]) -> str:
        bad, operation = case
        world = Endpoint(Course(Shape(), Fate()), latency=0)
        with answering(Timed(world, operation, bad, threading.Lock(), time.monotonic())) as url:
            ended = released(url, 60)
        told = ended.code, ended.result["status"], *(len(world.made(each)) for each in WRITES)
        return "" if told == (0, "succeeded", 1, 1) else f"{bad.__name__}, {operation}: {told}, {ended.stderr}"

    assert at_once(wrong, [*product((_stops_half_way, _hangs_up), WRITES)]) == []
