"""Plays a case through the ordinary client."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import WorldClock, inside
from ecsdeploy.engine.follow import poller
from ecsdeploy.sim import World, parse_scenario
from ecsdeploy.sim.actions import act
from ecsdeploy.sim.scenario.values import Action
from ecsdeploy.sim.state.codedeploy import DeploymentGroup
from tests.cli.worlds import surroundings
from tests.properties.cases import EARLIER, Case
from tests.properties.tape import Replay, Tape
from tests.sdk import cheaply
from tests.truth.deployers import CodeDeployWitness, EcsWitness
from tests.truth.witness import Json, Known, Witness

SETTLES = 3 * 3600.0
"""Seconds in which what can still come of a deployment has come of it."""


KEY = "AWS_SECRET_ACCESS_KEY"
"""The variable with the caller's own secret."""


class _Stream(io.StringIO):
    """The client's JSON lines; the truth of each verdict is taken down as it is written."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness

    def write(self, text: str) -> int:
        if '"type":"concluded"' in text or '"type":"result"' in text:
            self._witness.told.append((json.loads(text), self._witness.truth(), self._witness.looked))
        return super().write(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a run said: its JSON lines, what a person reads, and the exit code."""

    code: int
    lines: tuple[str, ...]
    stdout: str
    stderr: str

    @property
    def text(self) -> str:
        return "\n".join((*self.lines, self.stdout, self.stderr))


@dataclass(slots=True, kw_only=True)
class Ran:
    """One run: what it said, what the world knew meanwhile, and what was told to it."""

    case: Case
    said: Said
    began: float
    witness: Witness
    tape: Tape
    variables: Mapping[str, str]
    _finally: list[Known] = field(default_factory=list)

    @property
    def code(self) -> int:
        return self.said.code

    @property
    def lines(self) -> tuple[str, ...]:
        return self.said.lines

    @property
    def stderr(self) -> str:
        return self.said.stderr

    @property
    def result(self) -> Json:
        return self.witness.told[-1][0]

    def finally_(self) -> Known:
        """What the world knows once it is quiet; it goes on until then."""
        if not self._finally:
            self.witness.world.settle(SETTLES)
            self._finally.append(self.witness.truth())
        return self._finally[0]

    def left_alone(self) -> Known:
        """What became of our deployment, or would have: where we have taken it back, the same run without that."""
        if len(self.witness.writes) < 2:
            return self.finally_()
        argv, words = [], iter(self.case.argv)
        for word in words:
            if word in ("--on-failure", "--on-interrupt"):
                next(words)
            elif word != "--enable-rollback":
                argv.append(word)
        return run(replace(self.case, argv=tuple(argv))).finally_()


def run(case: Case) -> Ran:
    world = World(parse_scenario(case.text))
    witness = CodeDeployWitness(world) if case.group else EcsWitness(world)
    witness.unseen = case.unseen
    _prepare(world, case)
    began, environment = world.clock.time(), inside(world, replace(surroundings(), record=_Stream(witness)))
    tape = Tape(answers=witness.transport, clock=WorldClock(world.clock), signals=environment.signals)
    with cheaply() as patch:
        patch.setattr(poller, "advance", witness.advance)
        said = _say(case, replace(environment, transport=tape.transport, clock=tape))
    world.on_signal = None
    return Ran(case=case, said=said, began=began, witness=witness, tape=tape, variables=environment.variables)


def again(ran: Ran, secrets: Mapping[str, str]) -> Said:
    """The same run with other secrets, from its tape; the caller has another key too."""
    around = surroundings(variables={**ran.variables, KEY: f"another-{ran.variables[KEY]}"})
    replay = Replay(ran.tape, secrets, around.signals)
    with cheaply():
        said = _say(ran.case, replace(around, transport=replay.transport, clock=replay))
    assert not replay.differs, replay.differs
    assert not replay.left(), f"{replay.left()} calls and sleeps fewer"
    return said


def _say(case: Case, environment: Environment) -> Said:
    code = main(case.argv, environment)
    stdout, stderr, record = (
        each.getvalue()  # type: ignore[union-attr]
        for each in (environment.stdout, environment.stderr, environment.record)
    )
    return Said(code=code, lines=tuple(record.splitlines()), stdout=stdout, stderr=stderr)


def _prepare(world: World, case: Case) -> None:
    """The deployment group as the case has it, and others who are at work already."""
    for group in _groups(world):
        group.asked.update(case.group)
    if case.busy:
        act(world.region, Action(time=0, do="deploy", cluster="prod", service="web", image=EARLIER))
        world.clock.sleep(case.busy)


def _groups(world: World) -> list[DeploymentGroup]:
    return [group for each in world.region.codedeploy.applications.values() for group in each.groups.values()]
