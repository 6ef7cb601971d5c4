"""How verdicts are measured: what is true by the world's own record, what is right then, and when it could be known."""

import pytest

from bench.verdicts.__main__ import measure
from bench.verdicts.entries import Entry, totals
from bench.verdicts.truth import Fate, Truth, truth_of
from tests.cli.worlds import NEW, RELEASE, a_world, behaves, later, play, service

CRASHES = behaves(NEW, run="exit", after=4)
BREAKER = service(deployment={"circuit_breaker": "rollback"})
STOP = service(deployment={"circuit_breaker": "stop"})
TIGHT = service(deployment={"minimum_healthy_percent": 100, "maximum_percent": 100})
OTHER = "registry.example.com/team/web:3"
BUDGET = 600.0
HANDFUL = ("alarm-stop", "crash-loop", "denied-update", "good", "superseded", "throttled-reads")


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


@pytest.mark.parametrize("name", HANDFUL)
def test_no_verdict_comes_before_it_can_be_known(name: str) -> None:
    entry = measure(name)
    assert entry.right, entry.line()
    assert entry.late is None or -0.5 < entry.late < 10, entry.line()


def test_totals_are_of_one_program_and_its_right_verdicts() -> None:
    def entry(program: str, *, late: float, right: bool = True) -> Entry:
        return Entry(
            program=program,
            scenario="good",
            truth="succeeded",
            verdict="succeeded",
            right=right,
            knowable=80,
            late=late,
            calls=20,
            watched=80,
        )

    entries = [entry("ours", late=1), entry("ours", late=2), entry("ours", late=9, right=False), entry("aws", late=5)]
    found = totals("ours", entries)
    assert (found.right, found.of, found.median_late, found.worst_late) == (2, 3, 1.5, 2)
    assert found.calls_per_second == 0.25
    assert not found.holds
