"""Our `watch` after somebody else's deploy: the write of the Action, of Terraform and of the AWS CLI, then our verdict.

All three begin a deployment by the same call (UpdateService, or CodeDeploy's CreateDeployment), so one run stands for
each of them with our watch instead of its own wait.
"""

from contextlib import suppress

from ecsdeploy.cli.main import main
from ecsdeploy.sim import Scenario, World
from tests.others.caller import Caller, Refusal
from tests.others.deploys import begin
from tests.others.subject import subject
from tests.sdk import cheaply
from tests.truth.scenario import Played, Tape, budget_of, judged, surroundings, with_latency

_ATTEMPTS = 5
"""The AWS CLI's: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-retries.html"""


def play(scenario: Scenario) -> Played:
    """One scenario; whether the other tool could write is seen too, as it may fail where its write was carried out."""
    world = World(with_latency(scenario))
    tape, fill = Tape(world), subject(world, registers=True)
    with suppress(Refusal):
        begin(Caller(world=world, attempts=_ATTEMPTS), fill)
    spec = world.scenario.services[0]
    words = ("watch", "-c", spec.cluster, "-n", spec.name, "--revision", fill["revision"])
    with cheaply():
        main((*words, "-t", f"{budget_of(scenario):.0f}s"), surroundings(world, tape))
    return judged(world, tape)


def reason_to_leave_out(scenario: Scenario) -> str:
    """Why a scenario says nothing about a program of others; empty where it does."""
    return "signals go to our own process" if any(action.signal for action in scenario.actions) else ""
