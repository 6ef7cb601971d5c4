"""Tells the services that apprise knows, by its addresses.

Its library is in the extra `notify`.
"""

from __future__ import annotations

from collections.abc import Callable

from apprise import Apprise, AppriseAsset, NotifyBase

_UNDELIVERED = "its service did not take the message"


def refusal(url: str, is_loopback: Callable[[str], bool]) -> str:
    """Why this address cannot be used; empty if it can. The text does not repeat it."""
    service = _service(url)
    if service is None:
        return "apprise does not know"
    plain = service.protocol and service.secure_protocol and not service.secure
    if plain and not is_loopback(str(getattr(service, "host", ""))):
        return "sends without TLS, so that others could read it"
    return ""


def send(url: str, title: str, body: str) -> str:
    """Send the message; empty if the service took it, else why it did not."""
    try:
        service = _service(url)
        return "" if service and service.notify(title=title, body=body) else _UNDELIVERED
    except Exception:  # noqa: BLE001 - a plugin of apprise may raise anything, and its text may have the address
        return _UNDELIVERED


def _service(url: str) -> NotifyBase | None:
    return Apprise.instantiate(url, asset=AppriseAsset(http_redirects=False), suppress_exceptions=True)
