"""Sends how a run ended to each address at once, within five seconds in all.

What fails is a reason, and no error.
"""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Sequence
from http.client import HTTPException
from importlib import resources
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from ecsdeploy import __version__
from ecsdeploy.cli.telling.addresses import Address, Form, is_loopback

if TYPE_CHECKING:
    from ecsdeploy.render.message import Message

SECONDS = 5.0
"""The most that all addresses cost together."""
_ATTEMPT_SECONDS = 2.0
_PAUSE_SECONDS = 0.5
_LATE = "it did not answer in time"
_TOO_MANY_REQUESTS = 429


def send(addresses: Sequence[Address], message: Message) -> list[str]:
    """Tell each address; for each, why that failed, or an empty text."""
    reasons = [_LATE] * len(addresses)

    def deliver(place: int, address: Address) -> None:
        reasons[place] = _delivered(address, message)

    def deliver_all() -> None:
        threads = [Thread(target=deliver, args=each, daemon=True) for each in enumerate(addresses)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # A server may send one byte a second, for ever: no time limit of a socket bounds the whole.
    waited_for = Thread(target=deliver_all, daemon=True)
    waited_for.start()
    waited_for.join(SECONDS)
    return [*reasons]


def _delivered(address: Address, message: Message) -> str:
    if address.form is Form.APPRISE:
        from ecsdeploy.cli.telling.by_apprise import send as send_by_apprise

        return send_by_apprise(address.url, message.title, message.text)
    body = message.slack if address.form is Form.SLACK else message.result
    why, may_pass = _post(address.url, body.encode())
    if why and may_pass:
        Event().wait(_PAUSE_SECONDS)
        why, _ = _post(address.url, body.encode())
    return why


def _post(url: str, body: bytes) -> tuple[str, bool]:
    """Why it failed, without the address, and whether a second attempt may help. The text is empty after a success."""
    parts = urlsplit(url)
    headers = {"Content-Type": "application/json", "User-Agent": f"ecs-deploy/{__version__}", **_login(parts)}
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    request = Request(bare, data=body, headers=headers, method="POST")  # noqa: S310 - https, or http on this machine
    try:
        with _opener(parts).open(request, timeout=_ATTEMPT_SECONDS) as reply:
            return _told(reply.status)
    except HTTPError as error:
        with error:
            return _told(error.code)
    except (OSError, HTTPException, ValueError) as error:
        return _unreached(error)


def _told(status: int) -> tuple[str, bool]:
    if 200 <= status < 300:
        return "", False
    if 300 <= status < 400:
        return f"it answered {status}, and we follow no redirect", False
    return f"it answered {status}", status >= 500 or status == _TOO_MANY_REQUESTS


def _unreached(error: Exception) -> tuple[str, bool]:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "its certificate could not be verified", False
    return _LATE if isinstance(cause, TimeoutError) else "it could not be reached", True


def _login(parts: SplitResult) -> dict[str, str]:
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


class _NoRedirects(HTTPRedirectHandler):
    """Follows none: another server must not get what is meant for this one."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """None: what answers with a redirect has failed."""


def _opener(parts: SplitResult) -> OpenerDirector:
    proxies = ProxyHandler({} if is_loopback(parts.hostname or "") else None)
    over_tls = (HTTPSHandler(context=_trust()),) if parts.scheme == "https" else ()
    return build_opener(_NoRedirects, proxies, *over_tls)


def _trust() -> ssl.SSLContext:
    """The certificates of this machine, and those that the SDK trusts: a program in one file may find no others."""
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=resources.files("botocore").joinpath("cacert.pem").read_text("ascii"))
    return context
