"""Runs against a scripted plane, and what came of them."""

from dataclasses import dataclass, replace

from ecsdeploy import api
from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.ports import Clock, ControlPlane, Question
from ecsdeploy.engine.progress import RunProgress
from ecsdeploy.engine.run import Context, Run
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Event, Finished
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.outcome import Outcome, Place, Status
from ecsdeploy.model.request import (
    DeployRequest,
    OnFailure,
    PhaseBudget,
    RegisterRequest,
    Request,
    Sizing,
)
from tests.unit.engine.world import Listener, ScriptedPlane
from tests.unit.plan.builders import WEB, set_image

EDITS = (set_image("acme/app:2"),)
RELEASE = DeployRequest(service=WEB, edits=EDITS)
WITH_ROLLBACK = DeployRequest(service=WEB, edits=EDITS, on_failure=OnFailure.ROLLBACK)
FORCED = DeployRequest(service=WEB, force=True)
SIZED = replace(WITH_ROLLBACK, sizing=Sizing(desired_count=5, maximum_percent=150))
REGISTRATION = RegisterRequest(family="web", cluster="prod", edits=EDITS)
ONE_OFF = RegisterRequest(
    family="web", cluster="prod", edits=EDITS, run=OneOff(cluster="prod", wait=True), budget=PhaseBudget(seconds=90)
)
REVISION = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:{}".format


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that is over: its outcome, what was told, the error that it raised, and how long it took."""

    outcome: Outcome
    told: Listener
    error: EcsDeployError | None
    seconds: float

    @property
    def status(self) -> Status:
        return self.outcome.verdict.status

    @property
    def events(self) -> list[Event]:
        return self.told.events


def a_run(plane: ControlPlane, clock: Clock, budget_seconds: float = 90, *, service: ServiceRef | None = None) -> Run:
    """A run of which nothing is known yet, and whose events nobody hears."""
    context = Context(
        plane=plane,
        clock=clock,
        emit=Emitter(Listener(), clock, service),
        budget_seconds=budget_seconds,
        started_at=clock.now(),
        started=clock.monotonic(),
    )
    place = Place(cluster="prod", service="web", region="", account="")
    return Run(context=context, progress=RunProgress(place=place, time_began=context.started))


def run(plane: ScriptedPlane, request: Request = RELEASE, question: Question | None = None) -> Ran:
    """Do it. Whatever happens, the last event is the only `Finished`, and events are numbered without a gap."""
    told, begun = Listener(), plane.clock.seconds
    error: EcsDeployError | None = None
    try:
        api.deploy(api.Connection(plane=plane, clock=plane.clock), request, told, question)
    except EcsDeployError as raised:
        error = raised
    (finished,) = told.of(Finished)
    assert told.events[-1] is finished
    assert finished.error is error
    assert [each.seq for each in told.records] == list(range(1, len(told.records) + 1))
    return Ran(outcome=finished.outcome, told=told, error=error, seconds=plane.clock.seconds - begun)
