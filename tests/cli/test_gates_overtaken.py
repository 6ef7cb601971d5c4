"""A gate at a pause whose pause ends before it has decided, and what its smoke test and its approval do together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from ecsdeploy.cli.session import run
from ecsdeploy.sim import World
from ecsdeploy.sim.services.pausing import proceed
from tests.cli.worlds import DEPLOY, NEW, OLD, Played, play, running_images, shipped

SOON = 4.0


@dataclass
class Scripted:
    """A machine in the world's time.

    Its smoke test takes so many seconds, and its user answers `says` at once. Soon after the gate has begun,
    somebody else may answer the pause: `other` is that action.
    """

    seconds: float = 30
    code: int = 0
    says: bool | None = None
    other: str = ""
    world: World = field(default_factory=lambda: shipped("blue-green-pause-continue"))
    asked: int = 0
    until: float = 0
    ended: bool = False

    def refuse_missing(self, program: str) -> None:
        pass

    def start(self, words: tuple[str, ...], variables: Mapping[str, str]) -> Scripted:
        self.until = self.world.clock.time() + self.seconds
        self._let_somebody_answer()
        return self

    def look(self, seconds: float) -> tuple[tuple[str, ...], int | None]:
        return (), self.code if self.world.clock.time() >= self.until else None

    def end(self) -> None:
        self.ended = True

    def approval(self, seconds: float) -> bool | None:
        self.asked += 1
        self._let_somebody_answer()
        self.world.clock.sleep(seconds if self.says is None else 0)
        return self.says

    def _let_somebody_answer(self) -> None:
        action, self.other = self.other, ""
        if action:
            answer(self.world, action, SOON)


def answer(world: World, action: str, seconds: float) -> None:
    """Answer the pause as another person, in so many seconds, or once it waits."""

    def act() -> None:
        (record,) = world.region.clusters["prod"].services["web"].history[-1:]
        runs = record.course.runs if record.course else []
        waiting = [each.id for each in runs if each.status == "AWAITING_ACTION"]
        if not waiting:
            answer(world, action, 0.1)
        for hook in waiting:
            proceed(world.region, {"serviceDeploymentArn": record.arn, "hookId": hook, "action": action})

    world.clock.after(seconds, act)


Gated = Callable[..., Played]


@pytest.fixture
def gated(monkeypatch: pytest.MonkeyPatch) -> Gated:
    def gated(machine: Scripted, *words: str) -> Played:
        monkeypatch.setattr(run, "machine_of", lambda *_, **__: machine)
        return play(machine.world, (*DEPLOY, *words, "--timeout", "1h"))

    return gated


def ended(played: Played) -> tuple[int, str, list[str]]:
    warnings = [each.split()[0].strip(":") for each in played.result["warnings"]]
    return played.code, played.result["status"], warnings


def test_a_smoke_test_goes_on_after_somebody_has_continued_and_decides_when_it_ends(gated: Gated) -> None:
    played = gated(Scripted(other="CONTINUE"), "--smoke", "x")
    assert ended(played) == (0, "succeeded", ["W-PAUSE-OVER"])
    assert [each["exit_code"] for each in played.events if each["type"] == "smoke_ended"] == [0]


def test_a_smoke_test_that_fails_after_somebody_has_continued_takes_the_deployment_back(gated: Gated) -> None:
    played = gated(Scripted(other="CONTINUE", code=3), "--smoke", "x")
    assert ended(played) == (21, "rolled_back", ["W-PAUSE-OVER"])
    assert played.result["cause"]["code"] == "E-SMOKE-FAILED"
    assert len(played.requests("StopServiceDeployment")) == 1
    assert running_images(played.world) == [OLD]


@pytest.mark.parametrize(
    ("code", "words", "exit_code", "serves"),
    [(0, (), 0, NEW), (3, (), 20, NEW), (3, ("--on-failure", "rollback"), 21, OLD)],
    ids=["passes", "fails", "fails and goes back"],
)
def test_a_release_that_is_complete_waits_for_its_smoke_test(
    gated: Gated, code: int, words: tuple[str, ...], exit_code: int, serves: str
) -> None:
    played = gated(Scripted(other="CONTINUE", seconds=590, code=code), "--smoke", "x", *words)
    assert (played.code, running_images(played.world)) == (exit_code, [serves])
    beats = [each["seconds"] for each in played.events if each["type"] == "smoke_awaited"]
    assert [round(after - before) for before, after in pairwise(beats)] == [30] * (len(beats) - 1)
    assert "12:10:38 the deployment is complete; its smoke test still runs after 9m1" in played.stderr
    assert (played.result["cause"] or {}).get("code") == ("E-SMOKE-FAILED" if code else None)


@pytest.mark.parametrize(("code", "exit_code", "serves"), [(0, 0, NEW), (3, 21, OLD)], ids=["passes", "fails"])
def test_a_run_that_ends_with_the_traffic_waits_for_it_too(
    gated: Gated, code: int, exit_code: int, serves: str
) -> None:
    machine = Scripted(other="CONTINUE", seconds=60, code=code)
    played = gated(machine, "--smoke", "x", "--wait-until", "traffic")
    assert (played.code, running_images(played.world)) == (exit_code, [serves])


def test_a_smoke_test_ends_when_somebody_takes_the_deployment_back(gated: Gated) -> None:
    machine = Scripted(other="ROLLBACK", seconds=500)
    played = gated(machine, "--smoke", "x")
    assert (played.code, machine.ended, running_images(played.world)) == (21, True, [OLD])


@pytest.mark.parametrize(
    ("action", "words"),
    [
        pytest.param("", ("--approve",), id="the time-out goes on, and nobody has answered"),
        pytest.param("CONTINUE", ("--approve",), id="somebody else continues, and nobody here has answered"),
        pytest.param("CONTINUE", ("--smoke", "x", "--approve"), id="the smoke test passes, and nobody can be asked"),
    ],
)
def test_a_release_that_nobody_has_approved_is_no_success_and_is_left_as_it_is(
    gated: Gated, action: str, words: tuple[str, ...]
) -> None:
    played = gated(Scripted(other=action), *words, "--on-failure", "rollback")
    assert ended(played) == (24, "unknown", ["W-PAUSE-OVER"])
    assert running_images(played.world) == [NEW]
    told = " ".join(played.stderr.split())
    assert "Production is on web:2 (4 running)." in told
    assert "OUTCOME UNKNOWN: the release is complete, and its gate has not decided." in told
    assert "before `--approve` was answered" in told
    assert "ecs-deploy rollback -c prod -n web --to web:1" in told
    assert "ecs-deploy watch" not in told


def test_a_pause_that_ends_before_we_see_it_has_let_nothing_pass(gated: Gated) -> None:
    machine = Scripted()
    answer(machine.world, "CONTINUE", 0)
    played = gated(machine, "--smoke", "x")
    assert (played.code, played.result["status"], machine.until) == (24, "unknown", 0)
    assert "before `--smoke` could begin" in " ".join(played.stderr.split())


@pytest.mark.parametrize(("says", "action", "code"), [(True, "CONTINUE", 0), (False, "ROLLBACK", 21)])
def test_the_smoke_test_comes_first_and_then_the_question(gated: Gated, says: bool, action: str, code: int) -> None:
    played = gated(Scripted(says=says), "--smoke", "x", "--approve")
    assert played.code == code
    assert [each["action"] for each in played.requests("ContinueServiceDeployment")] == [action]
    order = [each["type"] for each in played.events if each["type"] in ("smoke_ended", "continued")]
    assert order == ["smoke_ended", "continued"]


def test_nobody_is_asked_after_a_smoke_test_that_fails(gated: Gated) -> None:
    machine = Scripted(code=1, says=True)
    assert (gated(machine, "--smoke", "x", "--approve").code, machine.asked) == (21, 0)
