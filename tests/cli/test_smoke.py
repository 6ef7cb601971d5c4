"""`--smoke` and `--approve`: what decides at the pause after test traffic."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import (
    DEPLOY,
    NEW,
    OLD,
    Json,
    Played,
    a_world,
    fault,
    play,
    running_images,
    service,
    shipped,
)

BALANCER = {"health_interval": 10, "healthy_threshold": 2, "deregistration_delay": 30, "grace_period": 60}
TOLD = ("TEST_URL", "REVISION", "SERVICE", "CLUSTER", "DEPLOYMENT")


def program(folder: Path, *lines: str) -> Path:
    """A smoke test that this Python runs."""
    path = folder / "smoke"
    path.write_text("\n".join((f"#!{sys.executable} -S", "import os, sys, time", *lines)))
    path.chmod(0o700)
    return path


def smoke(world: World, folder: Path, *lines: str, words: tuple[str, ...] = ()) -> Played:
    path = program(folder, *lines)
    return play(world, (*DEPLOY, "--smoke", f"{path} --fast 'two words'", "--timeout", "1h", *words))


def unpaused(*parts: str, **members: object) -> World:
    deployment = {"strategy": "BLUE_GREEN", "bake_time_in_minutes": 1, **members}
    return a_world(service(deployment=deployment, load_balancer=BALANCER), *parts)


def answers(played: Played) -> list[str]:
    return [each["action"] for each in played.requests("ContinueServiceDeployment")]


def hooks(played: Played) -> list[list[Json]]:
    """The hooks that each update has set."""
    asked = [each.get("deploymentConfiguration") or {} for each in played.requests("UpdateService")]
    return [each["lifecycleHooks"] for each in asked if "lifecycleHooks" in each]


def test_a_smoke_test_that_succeeds_lets_the_deployment_go_on(tmp_path: Path) -> None:
    show = (
        "print(*sys.argv[1:], sep='|')",
        f"for name in {TOLD}: print(name, os.environ['ECS_DEPLOY_' + name], flush=True)",
    )
    played = smoke(shipped("blue-green-pause-continue"), tmp_path, *show)
    assert (played.code, answers(played), running_images(played.world)) == (0, ["CONTINUE"], [NEW])
    said = [each["message"] for each in played.events if each["type"] == "smoke_said"]
    assert said[0] == "--fast|two words"
    told = dict(each.split(" ", 1) for each in said[1:])
    assert told["TEST_URL"].startswith("http://prod-web-")
    assert told["TEST_URL"].endswith(".us-east-1.elb.amazonaws.com:8080/")
    assert (told["SERVICE"], told["CLUSTER"]) == ("web", "prod")
    assert told["REVISION"].endswith("task-definition/web:2")
    assert told["DEPLOYMENT"] == played.result["deployment_id"]
    assert "smoke: --fast|two words" in played.stderr
    assert "smoke test has ended, exit code 0" in played.stderr


def test_a_smoke_test_that_fails_takes_the_deployment_back(tmp_path: Path) -> None:
    played = smoke(shipped("blue-green-pause-continue"), tmp_path, "print('checkout: 500')", "sys.exit(3)")
    assert (played.code, answers(played), running_images(played.world)) == (21, ["ROLLBACK"], [OLD])
    assert (played.result["status"], played.result["cause"]["code"]) == ("rolled_back", "E-SMOKE-FAILED")
    assert "failed: it exited with 3" in played.result["cause"]["summary"]
    assert "│ checkout: 500" in played.stderr


def test_without_a_pause_nothing_is_written(tmp_path: Path) -> None:
    played = smoke(unpaused(), tmp_path)
    assert (played.code, played.requests("RegisterTaskDefinition")) == (26, [])
    assert "has no PAUSE hook at `POST_TEST_TRAFFIC_SHIFT`" in played.stderr
    assert "--add-pause" in played.stderr


@pytest.mark.parametrize("exit_code", [0, 1])
def test_a_pause_that_was_added_is_shown_and_taken_away_at_the_end(tmp_path: Path, exit_code: int) -> None:
    played = smoke(unpaused(), tmp_path, f"sys.exit({exit_code})", words=("--add-pause",))
    assert (played.code, len(answers(played))) == (21 if exit_code else 0, 1)
    assert "~ lifecycleHooks →" in play(unpaused(), ("plan", *DEPLOY[1:], "--smoke", "x", "--add-pause")).stdout
    added, restored = hooks(played)
    assert (added[0]["targetType"], added[0]["lifecycleStages"]) == ("PAUSE", ["POST_TEST_TRAFFIC_SHIFT"])
    assert restored == []


def test_rolling_out_has_no_test_traffic_to_decide_at(tmp_path: Path) -> None:
    played = smoke(a_world(), tmp_path, words=("--add-pause",))
    assert (played.code, played.requests("RegisterTaskDefinition")) == (26, [])
    assert "the strategy `ROLLING` of the service `web` shifts none" in played.stderr.replace("\n   ", "")


def test_with_codedeploy_it_is_refused(tmp_path: Path) -> None:
    played = smoke(shipped("code-deploy"), tmp_path)
    assert (played.code, played.requests("RegisterTaskDefinition")) == (26, [])
    assert "AfterAllowTestTraffic" in played.stderr


def test_a_program_that_is_missing_is_found_before_anything_is_written() -> None:
    played = play(shipped("blue-green-pause-continue"), (*DEPLOY, "--smoke", "./no-such-program"))
    assert (played.code, played.requests("RegisterTaskDefinition")) == (26, [])
    assert "The program `./no-such-program` of `--smoke` was not found." in played.stderr


def test_approval_without_a_terminal_is_refused_before_anything_is_written() -> None:
    played = play(shipped("blue-green-pause-continue"), (*DEPLOY, "--approve"))
    assert (played.code, played.requests("RegisterTaskDefinition")) == (26, [])
    assert "nobody can be asked" in played.stderr


def test_a_deployment_that_is_not_ours_is_not_taken_for_one_that_has_passed(tmp_path: Path) -> None:
    world = shipped("blue-green-pause-continue")
    assert play(world, (*DEPLOY, "--detach")).code == 0
    played = smoke(world, tmp_path, words=("--skip-unchanged",))
    assert (played.code, answers(played)) == (26, [])
    assert "cannot decide about it" in " ".join(played.stderr.split())


def test_ctrl_c_ends_it_and_says_that_the_added_pause_stays(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    lines = ("import signal", "os.kill(os.getppid(), signal.SIGINT)", "time.sleep(1)", f"open({str(mark)!r}, 'w')")
    played = smoke(unpaused(), tmp_path, *lines, words=("--add-pause", "--on-interrupt", "detach"))
    assert (played.code, answers(played), mark.exists()) == (130, [], False)
    assert [each["finding"]["code"] for each in played.events if each["type"] == "warned"] == ["W-PAUSE-LEFT"]


def test_it_is_ended_with_its_children_after_its_time(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    lines = (
        "print('begun', flush=True)",
        f"if not os.fork(): time.sleep(4); open({str(mark)!r}, 'w')",
        "time.sleep(9)",
    )
    played = smoke(shipped("blue-green-pause-continue"), tmp_path, *lines, words=("--smoke-timeout", "1s"))
    assert (played.code, answers(played)) == (21, ["ROLLBACK"])
    assert "failed: it took longer than 1 s" in played.result["cause"]["summary"]
    ended = [each for each in played.events if each["type"] == "smoke_ended"]
    assert [(each["exit_code"], each["why"]) for each in ended] == [(None, "it took longer than 1 s")]


def test_an_address_that_cannot_be_read_is_told_from_none(tmp_path: Path) -> None:
    hooks = [{"target_type": "PAUSE", "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"]}]
    world = unpaused(fault(operation="DescribeRules", error="AccessDeniedException"), lifecycle_hooks=hooks)
    played = smoke(world, tmp_path, "assert os.environ['ECS_DEPLOY_TEST_URL'] == ''")
    assert played.code == 0
    assert any(each.startswith("W-TEST-URL-UNREAD") for each in played.result["warnings"])


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--smoke", "x", "--detach"), id="left at once"),
        pytest.param(("--smoke", "x", "--wait-until", "healthy"), id="left early"),
        pytest.param(("--add-pause",), id="nothing decides"),
        pytest.param(("--smoke", "'"), id="no words"),
        pytest.param(("--smoke", "''"), id="no program"),
        pytest.param(("--smoke", "x", "--smoke-timeout", "soon"), id="no time"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: tuple[str, ...]) -> None:
    assert play(a_world(), (*DEPLOY, *words)).code == 64
