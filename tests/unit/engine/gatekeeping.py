"""A gatekeeper at the pause after test traffic, a program that says what it is told to, and who is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ecsdeploy.engine.atpause.keeper import Gatekeeper
from ecsdeploy.engine.atpause.ports import Approval
from ecsdeploy.engine.emit import Emitter
from ecsdeploy.errors import AwsRefused, Refused
from ecsdeploy.model.events import Warned
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.pausegate import AFTER_TEST, PauseGate
from ecsdeploy.model.request import WaitUntil, WholeBudget
from ecsdeploy.model.service import Hook
from ecsdeploy.rollout.observation import Observation, Standing
from ecsdeploy.rollout.state import State, begin
from tests.clock import StoppedClock
from tests.unit.engine.runs import a_run
from tests.unit.engine.world import Listener, ScriptedPlane
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import HANDLE, NEW, OUR_ID, SERVICE_DEPLOYMENT_ARN, deployed

SMOKE = PauseGate(smoke=("./smoke", "--fast"), smoke_seconds=5)
APPROVE = PauseGate(approve=True)
BOTH = replace(SMOKE, approve=True)
HOOK = Hook(id="h-1", status="AWAITING_ACTION", timeout_action="CONTINUE")
SUCCEEDED = Verdict(status=Status.SUCCEEDED)
Said = tuple[tuple[str, ...], int | None]
QUIET: Said = ((), None)
PASSES: Said = ((), 0)
FAILS: Said = ((), 3)
NOT_WAITING = AwsRefused("The hook is not awaiting an action.")


@dataclass(slots=True)
class ScriptedProgram:
    says: list[Said]
    clock: StoppedClock
    takes: float = 0
    """How long each look takes in a world without a time of its own."""
    has_been_ended: bool = False

    def look(self, seconds: float) -> Said:
        assert 0 < seconds <= 1
        self.clock.sleep(min(self.takes, seconds))
        return self.says.pop(0) if self.says else QUIET

    def end(self) -> None:
        self.has_been_ended = True


@dataclass(slots=True)
class ScriptedMachine:
    program: ScriptedProgram
    approval: Approval | None = None
    missing: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    def refuse_missing(self, program: str) -> None:
        if program == self.missing:
            raise Refused(f"{program} was not found")

    def start(self, words: tuple[str, ...], variables: Mapping[str, str]) -> ScriptedProgram:
        if words[0] == self.missing:
            raise FileNotFoundError(2, "No such file or directory")
        self.variables = variables
        return self.program


@dataclass(slots=True)
class Plane(ScriptedPlane):
    answers: list[tuple[str, str, bool]] = field(default_factory=list)

    def continue_deployment(self, service_deployment: str, hook: str, *, rollback: bool) -> None:
        self.do("continue_deployment", lambda: self.answers.append((service_deployment, hook, rollback)))


@dataclass(slots=True)
class Gated:
    """A gatekeeper, with all that it meets."""

    keeper: Gatekeeper
    plane: Plane
    machine: ScriptedMachine
    told: Listener

    def look(self, *awaiting: Hook, standing: Standing = Standing.IN_PROGRESS, **members: Any) -> Verdict | None:
        seen = Observation(
            standing=standing, stage=AFTER_TEST, awaiting=awaiting, service_deployment_arn=SERVICE_DEPLOYMENT_ARN
        )
        return self.keeper.attend(_state(replace(seen, **members)))

    def end(self, verdict: Verdict = SUCCEEDED) -> Verdict | None:
        return self.keeper.attend(replace(_state(None), verdict=verdict))

    def unseen(self) -> Verdict | None:
        return self.keeper.attend(_state(None))

    @property
    def warned(self) -> list[tuple[str, ...]]:
        return [(each.finding.code, *each.finding.subjects) for each in self.told.of(Warned)]


def _state(seen: Observation | None) -> State:
    state = begin(HANDLE, WholeBudget(seconds=900), WaitUntil.COMPLETE, 1000.0)
    return replace(state, last_seen=seen)


def gated(gate: PauseGate, *says: Said, approvals: tuple[bool | None, ...] = (), missing: str = "") -> Gated:
    plane, told, given = Plane(deployed=replace(deployed("IN_PROGRESS"), hooks=(HOOK,))), Listener(), list(approvals)
    run = a_run(plane, plane.clock)
    run.context = replace(run.context, emit=Emitter(told, plane.clock, None))
    run.progress = replace(run.progress, deployment_id=OUR_ID, to_revision=NEW, phase=Phase.STARTING)
    machine = ScriptedMachine(ScriptedProgram([*says], plane.clock), lambda _: given.pop(0) if given else None, missing)
    keeper = Gatekeeper(run=run, ref=WEB, service=plane.now, gate=gate, machine=machine)
    return Gated(keeper, plane, machine, told)


def paused(gate: PauseGate, *says: Said, approvals: tuple[bool | None, ...] = (), missing: str = "") -> Gated:
    """The pause has begun to wait."""
    there = gated(gate, *says, approvals=approvals, missing=missing)
    assert there.look(HOOK) is None
    return there
