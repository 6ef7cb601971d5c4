"""A reply that drips in, a byte now and then, is given up after a total time, whatever each read took."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ecsdeploy.aws import timing
from ecsdeploy.aws.session import open_session
from ecsdeploy.errors import ReplyLost
from ecsdeploy.model.access import Access, Secret

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n"
REPLY = b'{"services": [], "failures": []}'


@contextmanager
def serving(first: bytes, drip: bytes) -> Iterator[str]:
    """A server that says `first` and then `drip` ten times a second."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(first)
                while drip and not over.wait(0.1):
                    try:
                        connection.sendall(drip)
                    except OSError:
                        break

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def ask(url: str) -> object:
    access = Access(
        region="eu-west-1", access_key=Secret("AKIAEXAMPLE"), secret_key=Secret("example"), endpoint_url=url
    )
    asked = {"cluster": "prod", "services": ["web"]}
    return open_session(access).call("ecs", "DescribeServices", asked, subject="the service `web`")["services"]


@pytest.mark.parametrize(
    ("first", "drip"),
    [
        pytest.param(HEAD + b"Content-Length: 4000\r\n\r\n", b" ", id="the body"),
        pytest.param(HEAD, b"x", id="a line of the head"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", id="chunks"),
    ],
)
def test_t15_a_reply_that_drips_in_is_given_up(first: bytes, drip: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "TOTAL_SECONDS", 0.7)
    began = time.monotonic()
    with serving(first, drip) as url, pytest.raises(ReplyLost, match="not whole after"):
        ask(url)
    assert 0.6 < time.monotonic() - began < 5


def test_t15_a_reply_that_is_whole_in_time_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "TOTAL_SECONDS", 5)
    first = HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(REPLY), REPLY)
    with serving(first, b"") as url:
        assert ask(url) == []
