"""The addresses of `--notify`.

Each is a secret, as whoever has it can write to the channel. No message shows one.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value

_SLACK = "slack+"


class Form(Enum):
    """What somebody is told: the JSON result, a message as Slack reads it, or one that apprise passes on."""

    RESULT = "result"
    SLACK = "slack"
    APPRISE = "apprise"


@value(frozen=True, slots=True)
class Address:
    """Whom to tell, and in which form."""

    url: str
    form: Form


def read_addresses(texts: Iterable[str], origin: str) -> tuple[Address, ...]:
    """The addresses in their order. Raises a `UsageError` for what cannot be used, and does not repeat it."""
    return tuple(_read(text, origin) for text in dict.fromkeys(filter(None, texts)))


def _read(text: str, origin: str) -> Address:
    if not (text.isascii() and text.isprintable() and "://" in text and " " not in text):
        raise _unusable(origin)
    url = text.removeprefix(_SLACK)
    if not url.lower().startswith(("https://", "http://")):
        return _of_apprise(text, origin)
    parts = _parts(url, origin)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise UsageError(
            f"{origin} has an `http` address, and others could read what is sent there.",
            hint="Use `https`; `http` is for this machine alone (127.0.0.1, ::1, localhost).",
        )
    return Address(url, Form.RESULT if url == text else Form.SLACK)


def _parts(url: str, origin: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        if parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise _unusable(origin)


def _unusable(origin: str) -> UsageError:
    return UsageError(
        f"{origin} has a value that is no address.", hint="It takes `https://...`, or `slack+https://...` for Slack."
    )


def _of_apprise(text: str, origin: str) -> Address:
    try:
        from ecsdeploy.cli.telling.by_apprise import refusal
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "apprise":
            raise
        raise UsageError(
            f"{origin} has an address that is neither `https` nor `slack+https`, and others need the extra `notify` of"
            " ecsdeploy, which is not installed.",
            hint="docs/how-to/install.md says how to install it.",
        ) from None
    why = refusal(text, is_loopback)
    if why:
        raise UsageError(f"{origin} has an address that {why}.")
    return Address(text, Form.APPRISE)


def is_loopback(host: str) -> bool:
    """Whether the host of an address is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
