"""Ends an exchange with AWS that takes too long: the SDK's read timeout begins anew with every byte that drips in."""

from __future__ import annotations

import socket
import threading
from typing import Any

from botocore import awsrequest
from botocore.exceptions import ReadTimeoutError

TOTAL_SECONDS = 20.0
"""The longest time of one call, from its first byte to the last one of the reply. The time to connect comes on top; the
SDK's connect timeout bounds it."""


def bound(client: Any) -> None:
    """Give every exchange of the client a total time; one that takes longer raises the SDK's `ReadTimeoutError`."""
    endpoint = client._endpoint  # noqa: SLF001 - the SDK has no public way to its connections
    session = endpoint.http_session
    session._pool_classes_by_scheme.update(http=_HttpPool, https=_HttpsPool)  # noqa: SLF001 - as above
    endpoint.http_session = _Timed(session)


class _Exchange:
    """One request and its reply; `cut` may come from another thread."""

    def __init__(self) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None

    def uses(self, connected: socket.socket) -> None:
        """Note the socket that the exchange uses; `TimeoutError` where it was cut before: then nothing is sent."""
        self._socket = connected
        if self.is_over:
            raise TimeoutError

    def cut(self) -> None:
        """End the stream for whoever reads it. We leave TLS alone, as another thread is using it."""
        self.is_over = True
        if self._socket is not None:
            try:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return


_UNDER_WAY = threading.local()
"""The exchange of each thread."""


class _Timed:
    """An HTTP session of the SDK whose exchanges end in time."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def send(self, request: Any) -> Any:
        exchange = _UNDER_WAY.exchange = _Exchange()
        timer = threading.Timer(TOTAL_SECONDS, exchange.cut)
        timer.daemon = True
        timer.start()
        try:
            reply = self._session.send(request)
        except Exception as error:
            if not exchange.is_over:
                raise
            raise _late(request) from error
        finally:
            timer.cancel()
        if exchange.is_over:
            raise _late(request)
        return reply

    def close(self) -> None:
        self._session.close()


def _late(request: Any) -> ReadTimeoutError:
    return ReadTimeoutError(endpoint_url=request.url, error=f"the reply was not whole after {TOTAL_SECONDS:g} s")


class _Watched:
    """A connection that tells the exchange under way which socket it uses."""

    def request(self, *arguments: Any, **options: Any) -> None:
        connection: Any = self
        if connection.sock is None:
            connection.connect()
        _UNDER_WAY.exchange.uses(connection.sock)
        super().request(*arguments, **options)  # type: ignore[misc]


class _HttpConnection(_Watched, awsrequest.AWSHTTPConnection):  # type: ignore[misc] # the SDK has no types
    """Without TLS."""


class _HttpsConnection(_Watched, awsrequest.AWSHTTPSConnection):  # type: ignore[misc] # the SDK has no types
    """With TLS."""


class _HttpPool(awsrequest.AWSHTTPConnectionPool):  # type: ignore[misc] # the SDK has no types
    ConnectionCls = _HttpConnection


class _HttpsPool(awsrequest.AWSHTTPSConnectionPool):  # type: ignore[misc] # the SDK has no types
    ConnectionCls = _HttpsConnection
