"""What is true by the simulated world's own record, and which verdicts are right then."""

import json

import pytest

from ecsdeploy.sim import World
from ecsdeploy.sim.services.definitions import add_revision
from tests.cli.worlds import NEW, RELEASE, a_world, behaves, later, play, service
from tests.truth.fates import Fate, Truth, starts, truth_of

CRASHES = behaves(NEW, run="exit", after=4)
BREAKER = service(deployment={"circuit_breaker": "rollback"})
STOP = service(deployment={"circuit_breaker": "stop"})
TIGHT = service(deployment={"minimum_healthy_percent": 100, "maximum_percent": 100})
OTHER = "registry.example.com/team/web:3"
BUDGET = 600.0


def _truth(*parts: str, options: tuple[str, ...] = ("-t", "600", "--no-preflight")) -> Truth:
    world = a_world(*parts)
    play(world, (*RELEASE, *options))
    world.on_signal = None
    world.settle()
    return truth_of(world, told=world.calls[-1].time, budget=BUDGET)


@pytest.mark.parametrize(
    ("parts", "fate"),
    [
        pytest.param((), Fate.SUCCEEDED, id="good"),
        pytest.param((BREAKER, CRASHES), Fate.ROLLED_BACK, id="breaker-rolls-back"),
        pytest.param((STOP, CRASHES), Fate.FAILED, id="breaker-stops"),
        pytest.param((service(), CRASHES), Fate.STUCK, id="crash-loop-for-ever"),
        pytest.param((TIGHT,), Fate.STUCK, id="deadlock"),
        pytest.param((service(), later(20, "deploy", image=OTHER)), Fate.SUPERSEDED, id="superseded"),
        pytest.param((service(), later(20, "delete-service")), Fate.FAILED, id="deleted"),
        pytest.param((service(), later(20, "stop-deployment")), Fate.ROLLED_BACK, id="stopped-with-rollback"),
        pytest.param((service(), later(20, "expire-credentials")), Fate.UNKNOWN, id="credentials-expire"),
        pytest.param((service(), later(20, "signal", signal="INT")), Fate.INTERRUPTED, id="interrupted"),
    ],
)
def test_truth_is_what_the_world_s_record_says(parts: tuple[str, ...], fate: Fate) -> None:
    assert _truth(*parts).fate is fate


def test_what_the_program_itself_put_back_is_rolled_back() -> None:
    assert _truth(service(), CRASHES, options=("-t", "60", "--enable-rollback")).fate is Fate.ROLLED_BACK


def _update(world: World, revision: str) -> None:
    body = json.dumps({"cluster": "prod", "service": "web", "taskDefinition": revision}).encode()
    target = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.UpdateService"}
    status, _, reply = world.transport("POST", "http://sim.invalid/", target, body)
    assert status == 200, reply


@pytest.mark.parametrize(("parts", "fate"), [((), Fate.ROLLED_BACK), ((TIGHT,), Fate.ROLLBACK_FAILED)])
def test_a_way_back_by_a_deployment_of_its_own_is_one_too(parts: tuple[str, ...], fate: Fate) -> None:
    world = a_world(*parts)
    definitions = world.region.families["web"].revisions
    changed = add_revision(world.region, dict(definitions[-1].payload)).arn
    for revision in (changed, definitions[0].arn):
        _update(world, revision)
        world.clock.sleep(30)
    world.settle()
    assert truth_of(world, told=world.clock.time(), budget=BUDGET).fate is fate
    assert starts(world) == [world.start, world.start + 30]


def test_a_write_that_was_sent_twice_started_one_deployment() -> None:
    world = a_world()
    changed = add_revision(world.region, dict(world.region.families["web"].revisions[0].payload)).arn
    _update(world, changed)
    world.clock.sleep(1)
    _update(world, changed)
    assert starts(world) == [world.start]


def test_what_goes_on_when_the_budget_is_over_has_timed_out() -> None:
    slow = behaves(NEW, healthy_after=900)
    truth = _truth(service(load_balancer={"health_interval": 10}), slow)
    assert (truth.fate, truth.at_last) == (Fate.TIMED_OUT, Fate.SUCCEEDED)
    assert truth.admits("timed_out")
    assert not truth.admits("failed")
    assert not truth.admits("succeeded")


def test_a_budget_that_is_over_does_not_make_an_end_that_was_seen_wrong() -> None:
    world = a_world()
    play(world, (*RELEASE, "-t", "600"))
    assert truth_of(world, told=world.clock.time(), budget=10).fate is Fate.SUCCEEDED


def test_no_deployment_is_a_refusal() -> None:
    world = a_world()
    play(world, ("-c", "prod", "-n", "nope", "-i", NEW))
    assert truth_of(world, told=world.clock.time(), budget=BUDGET) == Truth(
        fate=Fate.REFUSED, at_last=Fate.REFUSED, began=None
    )


@pytest.mark.parametrize("fate", Fate)
def test_success_is_said_of_nothing_but_a_success(fate: Fate) -> None:
    truth = Truth(fate=fate, at_last=fate, began=0.0)
    assert truth.admits("succeeded") is (fate is Fate.SUCCEEDED)
    assert truth.admits_light(green=True) is (fate is Fate.SUCCEEDED)
    assert truth.admits_light(green=False) is (fate is not Fate.SUCCEEDED)


def test_an_early_failure_is_right_where_nothing_else_can_come() -> None:
    for fate in (Fate.ROLLED_BACK, Fate.STUCK, Fate.FAILED):
        assert Truth(fate=fate, at_last=fate, began=0.0).admits("failed")
        assert Truth(fate=Fate.TIMED_OUT, at_last=fate, began=0.0).admits("failed")
    assert not Truth(fate=Fate.SUPERSEDED, at_last=Fate.SUPERSEDED, began=0.0).admits("failed")
