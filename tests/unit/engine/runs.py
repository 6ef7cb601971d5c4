"""Runs against a scripted plane, and what came of them."""

from dataclasses import dataclass

from ecsdeploy import api
from ecsdeploy.engine.ports import Question
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.events import Event, Finished
from ecsdeploy.model.outcome import Outcome, Status
from ecsdeploy.model.request import DeployRequest, OneOff, OnFailure, PhaseBudget, RegisterRequest, Request
from tests.unit.engine.world import Listener, ScriptedPlane
from tests.unit.plan.builders import WEB, set_image

EDITS = (set_image("acme/app:2"),)
RELEASE = DeployRequest(service=WEB, edits=EDITS)
WITH_ROLLBACK = DeployRequest(service=WEB, edits=EDITS, on_failure=OnFailure.ROLLBACK)
FORCED = DeployRequest(service=WEB, force=True)
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
