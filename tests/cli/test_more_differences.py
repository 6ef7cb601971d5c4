"""What differs from the bash script, D13-D22 of dropin.md, seen through whole runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.worlds import (
    NEW,
    OLD,
    RELEASE,
    SUCCESS,
    WEB,
    a_world,
    behaves,
    fault,
    limits,
    play,
    running_images,
    service,
    shipped,
    surroundings,
)

TASK = ("-d", "web", "-c", "prod", "-i", NEW, "--run-task", "--launch-type", "FARGATE")
NETWORK = ("--network-configuration", "awsvpcConfiguration={subnets=[subnet-1]}")
RUN = (*TASK, *NETWORK)
WAITED = (*RUN, "--wait-for-success", "-t", "300")
CRASHES = behaves(NEW, run="exit", exit_code=1, after=4, logs=["KeyError: 'DATABASE_URL'"])


def test_d13_a_task_that_has_started_is_0_and_not_called_executed() -> None:
    run = play(a_world(), RUN)
    assert run.code == 0
    assert any(line.startswith("Executed task: ") for line in run.lines)
    assert "executed successfully" not in run.stdout


def test_d13_a_task_that_cannot_be_placed_is_1_with_the_reason() -> None:
    run = play(a_world(service(desired=2), limits(capacity_tasks=2)), RUN)
    assert run.code == 1
    assert "executed" not in run.stdout.lower()
    assert "RESOURCE" in run.stderr or "Capacity" in run.stderr


def test_d13_any_essential_container_decides() -> None:
    both = [{"name": "sidecar", "image": "envoy:1", "essential": True}, {"name": "app", "image": OLD}]
    world = a_world(service(containers=both), behaves(NEW, run="exit", exit_code=7, after=5))
    run = play(world, WAITED)
    assert run.code == 1
    assert run.lines[-1] == "Task execution failed with exit code: 7"


def test_d13_a_task_that_never_started_is_1_with_the_reason() -> None:
    run = play(a_world(service(), behaves(NEW, pull="not-found")), WAITED)
    assert run.code == 1
    assert "executed successfully" not in run.stdout
    assert "CannotPullContainerError" in run.stderr


def test_d14_why_it_failed_is_on_stderr_and_stdout_keeps_the_script_s_lines() -> None:
    run = play(a_world(service(deployment={"circuit_breaker": "rollback"}), CRASHES), (*RELEASE, "-t", "600"))
    assert run.code == 1
    assert [line.partition(":")[0] for line in run.lines[:3]] == [
        "Using image name",
        "Current task definition",
        "New task definition",
    ]
    # Whether a look falls into the four seconds of a task that crashes is a matter of chance.
    assert {*run.lines[3:]} <= {
        "Service updated successfully, new task definition running.",
        "Waiting for service deployment to complete...",
    }
    for proof in ("E-CONTAINER-EXIT", "KeyError: 'DATABASE_URL'", "ecs-deploy logs -c prod -n web --failed"):
        assert proof in run.stderr


def test_d14_v_adds_a_log_of_the_calls() -> None:
    quiet, verbose = play(a_world(), RELEASE), play(a_world(), (*RELEASE, "-v"))
    assert verbose.stdout == quiet.stdout
    assert "UpdateService" in verbose.stderr
    assert "UpdateService" not in quiet.stderr


@pytest.mark.parametrize(
    ("operation", "error", "code"),
    [
        ("UpdateService", "AccessDeniedException", 254),
        ("DescribeServices", "AccessDeniedException", 254),
        ("RegisterTaskDefinition", "ClientException", 254),
        ("DescribeServices", "UnrecognizedClientException", 253),
        ("DescribeServices", "ExpiredTokenException", 253),
    ],
)
def test_d16_aws_s_refusal_is_254_and_credentials_253(operation: str, error: str, code: int) -> None:
    run = play(a_world(service(), fault(operation=operation, error=error, times=0)), RELEASE)
    assert run.code == code
    assert error in run.stderr.splitlines()[-1]
    assert SUCCESS not in run.stdout


@pytest.mark.parametrize(
    "words", [("-c", "nope", "-n", "web"), ("-c", "prod", "-n", "nope")], ids=["cluster", "service"]
)
def test_d16_what_does_not_exist_is_1_and_named(words: tuple[str, ...]) -> None:
    run = play(a_world(), (*words, "-i", NEW))
    assert (run.code, run.stdout) == (1, "")
    assert "`nope`" in run.stderr
    assert run.requests("RegisterTaskDefinition") == []


def test_d17_each_phase_has_the_whole_budget() -> None:
    """40 s until the first task runs, then more than 40 s until the old ones are gone: together above 60."""
    run = play(a_world(service(), behaves(NEW, pull_seconds=30)), (*RELEASE, "-t", "60"))
    assert run.code == 0
    assert run.result["duration_seconds"] > 60


def test_d17_the_time_of_the_calls_counts() -> None:
    world = a_world(service(), behaves(NEW, pull_seconds=600), limits(latency_ms=5000))
    run = play(world, (*RELEASE, "-t", "60"))
    assert run.code == 1
    assert run.result["duration_seconds"] < 60 + 60


def test_d18_percentages_are_sent_only_when_given() -> None:
    assert "deploymentConfiguration" not in play(a_world(), RELEASE).updated
    sent = play(a_world(), (*RELEASE, "-m", "50")).updated["deploymentConfiguration"]
    assert sent["minimumHealthyPercent"] == 50


def test_d19_healthy_is_enough_while_old_tasks_drain() -> None:
    whole = play(a_world(), RELEASE)
    early = play(a_world(), (*RELEASE, "--skip-deployments-check"))
    assert (whole.code, early.code) == (0, 0)
    assert early.result["duration_seconds"] < whole.result["duration_seconds"]


def test_d20_names_may_be_arns() -> None:
    prefix = "arn:aws:ecs:us-east-1:123456789012"
    run = play(a_world(), ("-c", f"{prefix}:cluster/prod", "-n", f"{prefix}:service/prod/web", "-i", NEW))
    assert (run.code, running_images(run.world)) == (0, [NEW])


@pytest.mark.parametrize("words", [RELEASE, ("deploy", *WEB, "--image", NEW)], ids=["flags", "deploy"])
def test_d20_a_dry_run_writes_nothing(words: tuple[str, ...]) -> None:
    run = play(a_world(), (*words, "--dry-run"))
    assert run.code == 0
    assert "Nothing was written." in run.stdout
    assert not [
        call.operation for call in run.world.calls if not call.operation.startswith(("Describe", "List", "Get"))
    ]


def test_d20_the_flag_form_reads_no_settings(tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text("dry-run = true\n")
    run = play(a_world(), RELEASE, surroundings(tmp_path, {"ECS_DEPLOY_DRY_RUN": "1"}))
    assert (run.code, running_images(run.world)) == (0, [NEW])


@pytest.mark.parametrize("name", ["good", "crash-loop", "superseded", "deadlock"])
def test_d21_json_takes_the_place_of_the_lines_and_knows_the_exit_code(name: str) -> None:
    world = shipped(name)
    run = play(world, (*world.scenario.deploy_args, "--output", "json"))
    objects = [json.loads(line) for line in run.lines]
    assert objects[-1]["type"] == "result"
    assert objects[-1]["exit_code"] == run.code
    assert objects == list(run.events)


@pytest.mark.parametrize("words", [("-c", "nope", "-n", "web", "-i", NEW), (*WEB, "-i", "other:1")])
def test_d21_a_refusal_has_a_result_too(words: tuple[str, ...]) -> None:
    run = play(a_world(), (*words, "--output", "json"))
    result = json.loads(run.lines[-1])
    assert (result["type"], result["status"], result["exit_code"]) == ("result", "refused", run.code)


def test_d21_a_dry_run_has_a_result_too() -> None:
    run = play(a_world(), (*RELEASE, "--dry-run", "--output", "json"))
    assert json.loads(run.lines[-1])["type"] == "result"
