"""A port that is to be forwarded: what was typed of it, and a port of this machine for it."""

from __future__ import annotations

import dataclasses
import socket

from ecsdeploy.errors import UsageError
from ecsdeploy.model.execution import Forward

_LOOPBACK = "127.0.0.1"
_LAST_PORT = 65535
_MOST_BEFORE = 2
"""LOCAL and HOST."""
_NOTHING = "No session was opened."


def forward_of(typed: str) -> Forward:
    """REMOTE, LOCAL:REMOTE or LOCAL:HOST:PORT; a `UsageError` for anything else."""
    *before, remote = typed.split(":")
    local, host = (*before, "", "")[:2]
    numbers = (remote, local) if before else (remote,)
    if (
        len(before) > _MOST_BEFORE
        or not all(map(_is_port, numbers))
        or (len(before) == _MOST_BEFORE and not _is_host(host))
    ):
        raise UsageError(
            f"`--forward {typed}` names no port to forward.",
            hint=f"Write REMOTE, LOCAL:REMOTE or LOCAL:HOST:PORT, with ports from 1 to {_LAST_PORT}. {_NOTHING}",
        )
    return Forward(remote=int(remote), local=int(local or 0), host=host)


def _is_port(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= len(str(_LAST_PORT)) and 1 <= int(typed) <= _LAST_PORT


def _is_host(typed: str) -> bool:
    return typed.isascii() and typed.replace("-", "").replace(".", "").replace("_", "").isalnum() and typed[0] != "-"


def with_local_port(forward: Forward) -> Forward:
    """The same with a port of this machine that is free; a `UsageError` if the one that was named is taken."""
    with socket.socket() as probe:
        # The plugin listens with this option too, which lets a port be used again right after a session.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, forward.local))
        except OSError as error:
            raise UsageError(
                f"The port {forward.local} of this machine cannot be used: {error.strerror}.",
                hint=f"Name another before the `:`, or none, and a free one is chosen. {_NOTHING}",
            ) from None
        return dataclasses.replace(forward, local=probe.getsockname()[1])
