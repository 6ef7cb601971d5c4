"""Pages of a list, and their tokens."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ecsdeploy.sim.ground.errors import invalid

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSize:
    """How many items a page has by default, and at most."""

    default: int = 100
    most: int = 100


def page(items: Sequence[Item], request: dict[str, Any], limits: PageSize) -> tuple[list[Item], dict[str, str]]:
    """One page of `items`, and a mapping with `nextToken` if there are more. InvalidParameterException for a bad
    request.
    """
    size = _size(request, limits)
    first = _read(request.get("nextToken"))
    rest = {"nextToken": _token(first + size)} if first + size < len(items) else {}
    return list(items[first : first + size]), rest


def _size(request: dict[str, Any], limits: PageSize) -> int:
    size = request.get("maxResults", limits.default)
    if size > limits.most:
        raise invalid(f"Max results can not be greater than {limits.most}")
    if size < 1:
        raise invalid("Max results can not be lesser than 1")
    return int(size)


def _token(offset: int) -> str:
    return urlsafe_b64encode(f"page:{offset}".encode()).decode()


def _read(token: str | None) -> int:
    if not token:
        return 0
    try:
        prefix, _, offset = urlsafe_b64decode(token.encode()).decode().partition(":")
        if prefix != "page":
            raise ValueError(token)
        return int(offset)
    except ValueError as error:
        raise invalid("Invalid token.") from error
