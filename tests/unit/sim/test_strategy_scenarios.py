"""The shipped scenarios of the strategies, as far as the model alone can tell; the client's part is checked with it."""

import pytest

from ecsdeploy.sim import World, load_scenario, scenario_names
from tests.unit.sim.builders import deploy, the_service

EXPECTED = {
    "alarm-clears": "SUCCESSFUL",
    "alarm-ignored-at-start": "SUCCESSFUL",
    "alarm-rollback": "ROLLBACK_SUCCESSFUL",
    "alarm-stop": "STOPPED",
    "blue-green": "SUCCESSFUL",
    "blue-green-headless": "SUCCESSFUL",
    "blue-green-hook-failed": "ROLLBACK_SUCCESSFUL",
    "blue-green-hook-mute": "ROLLBACK_SUCCESSFUL",
    "blue-green-hook-slow": "SUCCESSFUL",
    "blue-green-pause-continue": "SUCCESSFUL",
    "canary": "SUCCESSFUL",
    "canary-alarm": "ROLLBACK_SUCCESSFUL",
    "canary-crash": "ROLLBACK_SUCCESSFUL",
    "canary-slow-scale-up": "SUCCESSFUL",
    "early-success-blocking": "SUCCESSFUL",
    "early-success-deferred": "SUCCESSFUL",
    "linear": "SUCCESSFUL",
    "linear-hook-failed": "ROLLBACK_SUCCESSFUL",
    "linear-pauses": "SUCCESSFUL",
    "linear-superseded": "STOPPED",
    "pause-timeout-rollback": "ROLLBACK_SUCCESSFUL",
    "rolling-bake": "SUCCESSFUL",
    "stop-canary": "ROLLBACK_SUCCESSFUL",
    "stop-deployment": "ROLLBACK_SUCCESSFUL",
}


def test_every_strategy_has_its_scenarios() -> None:
    assert set(scenario_names()) >= set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_our_deployment_ends_as_the_scenario_tells(name: str) -> None:
    w = World(load_scenario(name))
    deploy(w)
    ours = the_service(w).history[-1]
    w.settle()
    assert ours.status == EXPECTED[name]
