"""A session in a container that runs (ECS Exec): what is asked for, what was picked for it, and its session."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import datetime

from ecsdeploy.model.access import Secret
from ecsdeploy.model.arn import ServiceRef, short_name
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Forward:
    """A port of the container, or of `host` as the container reaches it, at the port `local` of this machine.

    0 as `local` stands for any port that is free.
    """

    remote: int
    local: int = 0
    host: str = ""

    @property
    def document(self) -> str:
        """The document of Session Manager that forwards it."""
        return "AWS-StartPortForwardingSession" + ("ToRemoteHost" if self.host else "")

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters of that document."""
        host = {"host": [self.host]} if self.host else {}
        return {**host, "portNumber": [str(self.remote)], "localPortNumber": [str(self.local)]}


@value(frozen=True, slots=True, kw_only=True)
class ExecRequest:
    """Run `command` in a task of the service, or forward a port. Without `task` and `container`, they are picked."""

    service: ServiceRef
    command: tuple[str, ...]
    task: str = ""
    container: str = ""
    expect_account: str = ""
    forward: Forward | None = None


@value(frozen=True, slots=True, kw_only=True)
class ReachableContainer:
    """A container of a task, as ECS Exec sees it. `agent` is the status of its agent, empty if ECS shows none."""

    name: str
    runtime_id: str = ""
    status: str = ""
    agent: str = ""
    agent_reason: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether a task was started with ECS Exec, and its containers."""

    enabled: bool
    containers: tuple[ReachableContainer, ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class Picked:
    """The container in which the command will run, or whose port is forwarded; the ARNs of its task and revision."""

    place: Place
    at: datetime
    task: str
    revision: str
    health: str
    container: str
    runtime_id: str
    command: tuple[str, ...]
    forward: Forward | None = None

    @property
    def line(self) -> str:
        """The command in one line. The agent in the container splits it as a POSIX shell does, and runs no shell."""
        return shlex.join(self.command)

    @property
    def target(self) -> str:
        """Who the session is with, in the words of Session Manager."""
        return f"ecs:{self.place.cluster}_{short_name(self.task)}_{self.runtime_id}"

    @property
    def asked(self) -> dict[str, object]:
        """What Session Manager is asked for: of whom, and which port."""
        if self.forward is None:
            return {"Target": self.target}
        return {
            "Target": self.target,
            "DocumentName": self.forward.document,
            "Parameters": self.forward.parameters,
        }


@value(frozen=True, slots=True, kw_only=True)
class ExecSession:
    """A session that was opened for what was `asked`. Whoever has `token` can join it.

    `endpoint` is where Session Manager is called; an empty one is AWS's own for the Region.
    `credentials` are those of a role that we have assumed ourselves, by the names of their variables; else there are
    none, and whoever joins finds the same as we.
    """

    id: str
    stream_url: str
    token: Secret
    region: str
    endpoint: str
    asked: Mapping[str, object]
    credentials: tuple[tuple[str, Secret], ...] = ()
