"""Plays a case through the ordinary client."""

import io
import json
from dataclasses import dataclass, replace

from ecsdeploy.cli.commands.simulated import inside
from ecsdeploy.cli.main import main
from ecsdeploy.engine import watch
from ecsdeploy.sim import World, parse_scenario
from ecsdeploy.sim.actions import act
from ecsdeploy.sim.codedeploy.estate import Group
from ecsdeploy.sim.scenario.values import Action
from tests.cli.worlds import surroundings
from tests.properties.cases import EARLIER, Case
from tests.properties.cheap import cheaply
from tests.properties.deployers import CodeDeployWitness, EcsWitness
from tests.properties.witness import Json, Truth, Witness

SETTLES = 3 * 3600.0
"""Seconds in which what can still come of a deployment has come of it."""


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
class Ran:
    """One run: what it said, what the world knew meanwhile, and the world once it is quiet."""

    case: Case
    code: int
    lines: tuple[str, ...]
    stderr: str
    began: float
    witness: Witness
    finally_: Truth

    @property
    def result(self) -> Json:
        return self.witness.told[-1][0]


def run(case: Case) -> Ran:
    world = World(parse_scenario(case.text))
    witness = CodeDeployWitness(world) if case.group else EcsWitness(world)
    witness.unseen = case.unseen
    _prepare(world, case)
    began, around = world.clock.time(), replace(surroundings(), record=None, stdout=_Stream(witness))
    environment = replace(inside(world, around), transport=witness.transport)
    with cheaply(witness.transport) as patch:
        patch.setattr(watch, "advance", witness.advance)
        code = main((*case.argv, "--output", "json"), environment)
    lines, world.on_signal = tuple(environment.stdout.getvalue().splitlines()), None  # type: ignore[attr-defined]
    world.settle(SETTLES)
    return Ran(
        case=case,
        code=code,
        lines=lines,
        stderr=environment.stderr.getvalue(),  # type: ignore[attr-defined]
        began=began,
        witness=witness,
        finally_=witness.truth(),
    )


def _prepare(world: World, case: Case) -> None:
    """The deployment group as the case has it, and others who are at work already."""
    for group in _groups(world):
        group.asked.update(case.group)
    if case.busy:
        act(world.region, Action(time=0, do="deploy", cluster="prod", service="web", image=EARLIER))
        world.clock.sleep(case.busy)


def _groups(world: World) -> list[Group]:
    return [group for each in world.region.codedeploy.applications.values() for group in each.groups.values()]
