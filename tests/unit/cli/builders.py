"""A command line in surroundings of its own, and what came of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ecsdeploy import api
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.engine.clock import WallClock
from ecsdeploy.engine.ports import ControlPlane, Question, Sink
from ecsdeploy.model.access import Access
from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.outcome import Outcome, Place, Status, Verdict
from ecsdeploy.model.request import DeployRequest, RegisterRequest, Request
from ecsdeploy.model.steps import Finding, Plan

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WEB = ("-c", "prod", "-n", "web")
FAMILY = ("-d", "web")
IMAGE = "registry.example.com/team/web:2"


@dataclass(frozen=True)
class Ran:
    """What a command line ended with."""

    code: int
    stdout: str
    stderr: str


def surroundings(cwd: Path = Path(), variables: Mapping[str, str] | None = None) -> Environment:
    return Environment(stdout=io.StringIO(), stderr=io.StringIO(), variables=variables or {}, cwd=cwd)


def ran(argv: tuple[str, ...], environment: Environment | None = None) -> Ran:
    around = environment or surroundings()
    code = main(argv, around)
    assert isinstance(around.stdout, io.StringIO)
    assert isinstance(around.stderr, io.StringIO)
    return Ran(code, around.stdout.getvalue(), around.stderr.getvalue())


def outcome(status: Status) -> Outcome:
    place = Place(cluster="prod", service="web", region="us-east-1", account="123456789012")
    return Outcome(verdict=Verdict(status=status), place=place, started_at=NOW, duration_seconds=1)


@dataclass
class Api:
    """Stands in for `ecsdeploy.api`: remembers what it was asked, and answers as told."""

    status: Status = Status.SUCCEEDED
    error: BaseException | None = None
    findings: tuple[Finding, ...] = ()
    endpoint: str = ""
    trace: tuple[str, ...] = ()
    accesses: list[Access] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    planned: list[Request] = field(default_factory=list)

    @property
    def deployed(self) -> DeployRequest:
        (request,) = self.requests
        assert isinstance(request, DeployRequest)
        return request

    @property
    def registered(self) -> RegisterRequest:
        (request,) = self.requests
        assert isinstance(request, RegisterRequest)
        return request

    @property
    def access(self) -> Access:
        (access,) = self.accesses
        return access

    def install(self, patch: pytest.MonkeyPatch) -> Api:
        patch.setattr(api, "connect", self._connect)
        patch.setattr(api, "deploy", self._deploy)
        patch.setattr(api, "plan", self._plan)
        return self

    def _connect(
        self, access: Access, *, transport: object, clock: object, trace: object, secrets: object, tape: object
    ) -> api.Connection:
        self.accesses.append(access)
        if callable(trace):
            for line in self.trace:
                trace(line)
        return api.Connection(plane=_no_plane(), clock=WallClock(), endpoint=self.endpoint)

    def _deploy(
        self,
        connection: api.Connection,
        request: Request,
        sink: Sink,
        question: Question | None = None,
        *,
        monitored: bool = False,
        machine: object = None,
        permit: object = None,
    ) -> Outcome:
        self.requests.append(request)
        if self.error:
            raise self.error
        return outcome(self.status)

    def _plan(self, connection: api.Connection, request: Request, sink: Sink) -> Plan:
        self.planned.append(request)
        blocked = any(each.blocking for each in self.findings)
        ended = outcome(Status.REFUSED if blocked else Status.UNCHANGED)
        sink.emit(Record(seq=1, time=ended.started_at, service=None, event=Finished(outcome=ended)))
        return Plan(steps=(), base="web:1", findings=self.findings)


def _no_plane() -> ControlPlane:
    class Nothing:
        """Nobody asks it anything: the calls that would are replaced too."""

    plane: ControlPlane = Nothing()  # type: ignore[assignment]
    return plane
