"""The explorer finds what it is there to find: each of its rules can be broken."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.engine.settle import undo
from ecsdeploy.engine.write import lost_reply
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.rollout import machine
from ecsdeploy.rollout.machine import PHASES, Trigger
from tools.explore import watching
from tools.explore.cases import GOES_BACK, LEAVES
from tools.explore.ecs import BACK, OLD, OURS, Rules, World, begin, deploy, moves, stop
from tools.explore.search import Case, Found, Search

ALONE = Case("alone", Rules(desired=1, fails=False), LEAVES, moves=1)
WITH_OTHERS = Case("with others", Rules(desired=1, fails=False, writers=1), LEAVES, moves=1)
BACK_WITH_OTHERS = Case("back, with others", Rules(desired=1, fails=False, writers=1), GOES_BACK, moves=1)
STEPS = 60_000


def found(case: Case) -> Found:
    return Search(case, STEPS).explore()


def rule_of(case: Case) -> str:
    """The first rule that is broken."""
    return found(case).broken[0].partition("\n")[0].partition(": ")[2]


def test_every_state_of_a_small_world_holds() -> None:
    of = found(ALONE)
    assert of.exhausted
    assert not of.broken
    assert of.steps > of.looks > 100
    assert of.verdicts["succeeded"]
    assert of.verdicts["timed_out"]


def test_the_same_world_gives_the_same_counts() -> None:
    first, second = found(ALONE), found(ALONE)
    assert (first.steps, first.states, first.verdicts) == (second.steps, second.states, second.verdicts)


def test_a_success_that_is_none_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.TABLE, Trigger.SUPERSEDED, dict.fromkeys(PHASES, Status.SUCCEEDED))
    assert rule_of(WITH_OTHERS) == "no success without our COMPLETED"


def test_a_failure_told_of_a_success_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.TABLE, Trigger.COMPLETED, dict.fromkeys(PHASES, Status.FAILED))
    assert rule_of(ALONE) == "no failure is told of a success"


def test_a_write_over_others_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo.Rollback, "_is_ours", lambda *_: True)
    monkeypatch.setitem(machine.TABLE, Trigger.SUPERSEDED, dict.fromkeys(PHASES, Status.FAILED))
    assert rule_of(BACK_WITH_OTHERS).startswith("nothing of others' is written")


def test_a_second_write_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_reply.LostWrite, "find", lambda _: None)
    assert rule_of(ALONE) == "nothing is written twice"


def test_an_end_that_does_not_absorb_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def restless(state: Any, *_: object) -> tuple[Any, tuple[()]]:
        return replace(state, verdict=None), ()

    monkeypatch.setattr(watching, "advance", restless)
    assert rule_of(ALONE) == "an end absorbs"


def test_a_rollback_that_is_told_too_early_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    way = {**machine.TABLE[Trigger.OUT_OF_TIME], Phase.ROLLING_BACK: Status.SUCCEEDED}
    monkeypatch.setitem(machine.TABLE, Trigger.OUT_OF_TIME, way)
    case = ALONE._replace(request=GOES_BACK, readable=False)
    assert rule_of(case) == "a rollback that succeeded means that the old one serves"


def test_a_watch_without_an_end_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.TABLE, Trigger.OUT_OF_TIME, {})
    assert rule_of(ALONE) == "a verdict comes by the deadline + 30 s"


def test_the_small_ecs_completes_only_what_runs_alone() -> None:
    world = deploy(begin(Rules(desired=2)), OURS)
    complete = [each for each in _reachable(world, Rules(desired=2, fails=False)) if OURS in each.good]
    assert complete
    for each in complete:
        assert each.deployment(OURS).running == 2
        assert each.listed[OLD] is None


def test_the_small_ecs_goes_back_to_what_was_complete() -> None:
    rules = Rules(desired=1, breaker="rollback")
    back = [each for each in _reachable(deploy(begin(rules), OURS), rules) if each.primary == OLD]
    assert {each.records[OURS] for each in back} == {"ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"}


def test_the_small_ecs_stops_only_what_is_under_way() -> None:
    world = deploy(begin(Rules()), OURS)
    assert stop(world, OURS) is not None
    assert stop(world, OLD) is None
    assert stop(deploy(world, BACK), OURS) is None


def _reachable(world: World, rules: Rules) -> set[World]:
    found, waiting = {world}, [world]
    while waiting:
        fresh = [each for each in moves(waiting.pop(), rules) if each not in found]
        found.update(fresh)
        waiting += fresh
    return found
