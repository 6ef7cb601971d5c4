"""Our `watch` after somebody else's deploy: the write of the Action, of Terraform and of the AWS CLI, then our verdict.

All three begin a deployment by the same call (UpdateService, or CodeDeploy's CreateDeployment), so one column stands
for each of them with our watch instead of its own wait.
"""

import io
from contextlib import suppress
from pathlib import Path

from bench.verdicts.caller import Caller, Refusal
from bench.verdicts.entries import Entry
from bench.verdicts.ours import Tape, budget_of, with_latency
from bench.verdicts.rules import begin
from bench.verdicts.subject import subject
from bench.verdicts.truth import truth_of, watching
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.sim import Scenario, World

NAME = "then our watch"
_ATTEMPTS = 5
"""The AWS CLI's: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-retries.html"""


def play(scenario: Scenario, knowable: float | None) -> Entry:
    """One scenario; whether the other tool could write is seen too, as it may fail where its write was carried out."""
    world = World(with_latency(scenario))
    tape, fill = Tape(world), subject(world, registers=True)
    with suppress(Refusal):
        begin(Caller(world=world, attempts=_ATTEMPTS), fill)
    _watch(world, tape, fill["revision"])
    world.on_signal = None
    world.settle()
    truth = truth_of(world, told=tape.told, budget=budget_of(scenario))
    after = None if truth.began is None else tape.told - truth.began
    return Entry(
        program=NAME,
        scenario=scenario.name,
        truth=truth.fate,
        verdict=tape.verdict,
        right=truth.admits(tape.verdict),
        late=None if after is None or knowable is None else after - knowable,
        calls=watching(world.calls, tape.calls),
        watched=after or 0.0,
    )


def _watch(world: World, tape: Tape, revision: str) -> None:
    spec = world.scenario.services[0]
    quiet = Environment(stdout=io.StringIO(), stderr=io.StringIO(), variables={}, cwd=Path(), record=tape)
    words = ("watch", "-c", spec.cluster, "-n", spec.name, "--revision", revision)
    main((*words, "-t", f"{budget_of(world.scenario):.0f}s"), inside(world, quiet))
