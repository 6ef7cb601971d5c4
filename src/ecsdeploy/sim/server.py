"""The world over HTTP on loopback.

Simulated time is wall time, times a speed.
"""

from __future__ import annotations

import errno
import json
import logging
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from urllib.parse import urlsplit

from ecsdeploy.sim.codec.wire import Reply, read_request
from ecsdeploy.sim.ground.errors import SimError
from ecsdeploy.sim.ground.ids import REGION
from ecsdeploy.sim.pace import Pace
from ecsdeploy.sim.page.routes import is_ours, respond
from ecsdeploy.sim.scenario.values import Scenario
from ecsdeploy.sim.world import KEYS, World

_log = logging.getLogger(__name__)
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_IPV4 = 4
_IS_LENGTH = re.compile(r"-?[0-9]{1,20}")
_MOST_BYTES = 8 * 1024 * 1024
_CRASHED = json.dumps({"__type": "ServerException", "message": "Service Unavailable. Please try again later."})


def environment(url: str) -> Mapping[str, str]:
    """The environment variables that point any AWS SDK at the simulator, with made-up credentials."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": KEYS,
        "AWS_SECRET_ACCESS_KEY": "throw-away-secret-of-no-account",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }


def serve(
    world: World,
    *,
    host: str,
    port: int,
    speed: float,
    on_call: Callable[[str], None] | None = None,
    begin: Callable[[Scenario], World] = World,
    beyond_loopback: bool = False,
) -> Server:
    """Listen on `host` and `port`. Calls are answered from `Server.run_forever` on.

    `on_call` gets a line for each call. `begin` makes the world that replaces this one after a reset. `host` must be
    loopback; with `beyond_loopback` it is any address of this machine, and whoever reaches it gets answers. SimError
    for another host, or for a port that is in use.
    """
    if beyond_loopback and not _is_address(host):
        raise SimError(f"`{host}` is not an IP address. To listen on every address of this machine, use 0.0.0.0.")
    if not (beyond_loopback or _is_loopback(host)):
        raise SimError(f"The simulator listens on loopback only, not on `{host}`; use 127.0.0.1.")
    pace = Pace(world, speed, begin)
    try:
        return Server(pace, (host, port), on_call)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SimError(f"Port {port} on {host} is in use; choose another one.") from error
        raise SimError(f"The simulator cannot listen on {host} port {port}: {error.strerror or error}.") from error
    except OverflowError as error:
        raise SimError(f"There is no port {port}; ports go from 0 to 65535.") from error


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def url_of(host: str, port: int) -> str:
    """The URL of a server at this address, for a client on the same machine."""
    address = ip_address(host)
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == _IPV4 else "::1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class Server:
    """An HTTP server that listens. `run_forever` returns when another thread calls `close`."""

    def __init__(self, pace: Pace, address: tuple[str, int], on_call: Callable[[str], None] | None) -> None:
        self.pace = pace
        self._http = _Http(address, pace, on_call)
        self._running = False

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        return url_of(str(self._http.server_address[0]), self.port)

    def run_forever(self) -> None:
        self._running = True
        self._http.serve_forever(poll_interval=0.1)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer in a thread until the block ends."""
        self._running = True
        thread = threading.Thread(target=self.run_forever, name="ecs-simulator", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.close()
            thread.join()

    def close(self) -> None:
        """Stop answering, and free the port."""
        if self._running:
            self._http.shutdown()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], pace: Pace, on_call: Callable[[str], None] | None) -> None:
        self.pace = pace
        self.on_call = on_call
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # The base class also asks DNS for the name of the host, which takes seconds on some machines.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        socket.socket.bind(self.socket, self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def service_actions(self) -> None:
        """Move the world. The base class calls this between two requests, and ten times a second without any."""
        try:
            self.pace.keep_up()
        except Exception:  # noqa: BLE001 - a crash of the model must not take the server down
            _log.exception("The model crashed between two calls.")

    def handle_error(self, _: object, client_address: object) -> None:
        """A client may go away in the middle of a request. That is no error."""
        _log.debug("A connection from %s ended early.", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http
    timeout = 300

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _pass_on(self) -> None:
        refusal = self._unreadable()
        if refusal:
            self._refuse(*refusal)
            return
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        headers = dict(self.headers.items())
        try:
            status, reply_headers, reply = self._answer(headers, body)
        except ConnectionResetError:
            self._tell(headers, body, "reset")
            self._reset()
            return
        except Exception:  # noqa: BLE001 - a crash of the model must not take the server down
            _log.exception("The model crashed at %s %s.", self.command, self.path)
            status, reply_headers, reply = (
                500,
                {"Content-Type": "application/x-amz-json-1.1"},
                _CRASHED.encode(),
            )
        self._tell(headers, body, str(status))
        self._send(status, reply_headers, reply)

    def _unreadable(self) -> tuple[int, str] | None:
        """The status and the message for a request that we cannot read. None if we can."""
        length = self.headers.get("Content-Length") or "0"
        if self.headers.get("Transfer-Encoding"):
            return 411, "A body needs its Content-Length."
        if not _IS_LENGTH.fullmatch(length):
            return 400, "Content-Length must be a number."
        if not 0 <= int(length) <= _MOST_BYTES:
            return 413, f"A body has {_MOST_BYTES} bytes at most."
        try:
            urlsplit(self.path)
        except ValueError:
            return 400, "The address cannot be read."
        return None

    def _answer(self, headers: Mapping[str, str], body: bytes) -> Reply:
        ours = is_ours(self.command, self.path, headers)
        answer = partial(respond, self.server.pace) if ours else self.server.pace.answer
        return answer(self.command, self.path, headers, body)

    def _tell(self, headers: Mapping[str, str], body: bytes, result: str) -> None:
        if self.server.on_call is not None and not is_ours(self.command, self.path, headers):
            request = read_request(self.command, self.path, headers, body)
            called = request.operation or f"{self.command} {self.path}"
            self.server.on_call(f"{request.service or '-'} {called} {result}")

    def _refuse(self, status: int, sentence: str) -> None:
        """Refuse the request and close the connection: we cannot tell where the next request begins."""
        self._send(status, {"Content-Type": "text/plain; charset=utf-8"}, f"{sentence}\n".encode())
        self.close_connection = True

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self) -> None:
        """Close with a TCP reset: the client sees a broken connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """The base class would write to stderr. We report calls through `on_call`."""

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _pass_on  # noqa: N815 - the base class's names
