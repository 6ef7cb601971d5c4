"""Identifiers and ARNs in AWS's form, from a generator with a seed."""

from __future__ import annotations

import random
import string
from collections.abc import Container

REGION = "us-east-1"
ACCOUNT = "123456789012"
# The caller, as GetCallerIdentity and `createdBy` show it.
CALLER = f"arn:aws:iam::{ACCOUNT}:user/simulator"
_SUFFIX = string.ascii_letters + string.digits + "-_"


class Ids:
    """A stream of identifiers. The same seed gives the same stream."""

    __slots__ = ("_random", "_requests")

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - identifiers, not secrets
        # Request ids have their own stream: more reads must not change other identifiers.
        self._requests = random.Random(seed ^ 0x5EED)  # noqa: S311 - likewise

    def hexadecimal(self) -> str:
        """A task or attachment id: 32 hexadecimal digits."""
        return f"{self._random.getrandbits(128):032x}"

    def number(self) -> str:
        """The 19 digits in which the ids of a deployment and of its service revision end."""
        return str(self._random.randrange(10**18, 10**19))

    def suffix(self) -> str:
        """The last part of a service deployment's ARN: 21 characters."""
        return "".join(self._random.choices(_SUFFIX, k=21))

    def deployment(self) -> str:
        """The id of a CodeDeploy deployment: `d-` and nine characters."""
        return "d-" + "".join(self._random.choices(string.ascii_uppercase + string.digits, k=9))

    def uuid(self) -> str:
        return _dashed(self._random.getrandbits(128))

    def request(self) -> str:
        return _dashed(self._requests.getrandbits(128))

    def address(self, taken: Container[str]) -> str:
        """A private IPv4 address that is not in `taken`: from the first subnet if one is free there, else from
        another.
        """
        address = f"10.0.{self._random.randrange(1, 32)}.{self._random.randrange(4, 250)}"
        while address in taken:
            network = f"10.{self._random.randrange(1, 250)}.{self._random.randrange(256)}"
            address = f"{network}.{self._random.randrange(4, 250)}"
        return address


def _dashed(bits: int) -> str:
    digits = f"{bits:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def arn(*path: str, service: str = "ecs") -> str:
    """`arn:aws:ecs:<region>:<account>:<path joined by slashes>`."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{'/'.join(path)}"


def last_part(identifier: str) -> str:
    """The name or id at the end of an ARN. A bare name comes back unchanged."""
    return identifier.rsplit("/", 1)[-1]
