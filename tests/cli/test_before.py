"""`--before`: a task of the new revision decides whether the service is touched at all."""

from __future__ import annotations

import re
from typing import Any, NoReturn

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import DEPLOY, NEW, OLD, WEB, Played, a_world, behaves, fault, play, service

LOG = {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app"}
MIGRATE = ("--before", "./manage.py migrate --noinput")


def migration(**members: Any) -> dict[str, Any]:
    told = {"run": "exit", "exit_code": 0, "after": 5, "logs": ["Applying orders.0007_total... OK"]}
    return {"commands": {"./manage.py migrate --noinput": told | members}}


def world(*parts: str, migrate: Any = None, essential: bool = False, **members: Any) -> World:
    app = {"name": "app", "image": OLD, "logConfiguration": {"logDriver": "awslogs", "options": LOG}}
    side = {"name": "side", "image": "registry.example.com/infra/side:1", "essential": essential}
    definition = {
        "family": "web",
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
        "containerDefinitions": [app, side],
    }
    return a_world(service(task_definition=definition, **members), behaves(NEW, **(migrate or migration())), *parts)


def ran(played: Played) -> dict[str, Any]:
    (request,) = played.requests("RunTask")
    return dict(request)


def order(played: Played) -> list[str]:
    writes = ("RegisterTaskDefinition", "RunTask", "UpdateService")
    return [call.operation for call in played.world.calls if call.operation in writes]


def interrupt() -> NoReturn:
    raise KeyboardInterrupt


def test_the_task_runs_as_the_services_own_do_before_the_service_is_touched() -> None:
    played = play(world(), (*DEPLOY, *MIGRATE))
    assert played.code == 0
    assert order(played) == ["RegisterTaskDefinition", "RunTask", "UpdateService"]
    asked = ran(played)
    assert asked["taskDefinition"].endswith("task-definition/web:2")
    assert asked["launchType"] == "FARGATE"
    assert asked["platformVersion"] == "LATEST"
    assert asked["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
    assert asked["overrides"] == {
        "containerOverrides": [{"name": "app", "command": ["./manage.py", "migrate", "--noinput"]}]
    }
    assert played.result["status"] == "succeeded"


def test_its_exit_codes_and_what_it_said_are_told() -> None:
    played = play(world(), (*DEPLOY, *MIGRATE))
    assert "has stopped, exit code 0" in played.stderr
    assert re.search(r"12:00:\d\d app/[0-9a-f]{8} Applying orders.0007_total... OK\n", played.stderr)
    assert "SUCCEEDED web:2 2/2 running in " in played.stderr
    (said,) = (each for each in played.events if each["type"] == "task_said")
    assert (said["container"], said["message"]) == ("app", "Applying orders.0007_total... OK")
    assert said["at"] < said["time"]


def test_it_calls_what_its_policy_says_and_no_more() -> None:
    gated, plain = (
        {call.operation for call in play(world(), words).world.calls} for words in ((*DEPLOY, *MIGRATE), DEPLOY)
    )
    assert gated - plain <= {"RunTask", "DescribeTasks", "FilterLogEvents"}
    assert "RunTask" in gated - plain


def test_it_is_looked_at_every_second_at_first() -> None:
    played = play(world(), (*DEPLOY, *MIGRATE))
    looks = [call for call in played.world.calls if call.operation == "DescribeTasks"]
    assert len(looks) > 10


@pytest.mark.parametrize("form", [DEPLOY, (*WEB, "-i", NEW, "-t", "300")], ids=["deploy", "flag form"])
def test_a_task_that_fails_keeps_the_service_as_it_is(form: tuple[str, ...]) -> None:
    lost = migration(exit_code=3, logs=["django.db.utils.ProgrammingError: column total already exists"])
    played = play(world(migrate=lost), (*form, *MIGRATE, "--on-failure", "rollback"))
    assert played.code == (20 if form is DEPLOY else 1)
    assert order(played) == ["RegisterTaskDefinition", "RunTask"]
    assert played.result["status"] == "failed"
    assert played.result["cause"]["code"] == "E-CONTAINER-EXIT"
    assert "FAILED: the task before the release did not succeed. No service was changed; web:2" in played.stderr
    assert "is registered and unused." in played.stderr.replace("\n   ", " ")
    assert "column total already exists" in played.stderr
    assert "exit code 3" in played.stderr + played.stdout


@pytest.mark.parametrize(
    ("migrate", "cause"),
    [
        pytest.param({"pull": "not-found"}, "E-IMAGE-NOT-FOUND", id="no image"),
        pytest.param({"pull": "init-error", "reason": "unable to pull secrets"}, "", id="no secret"),
        pytest.param(migration(run="oom"), "E-OUT-OF-MEMORY", id="no memory"),
    ],
)
def test_a_task_that_never_started_or_was_killed_has_a_cause(migrate: dict[str, Any], cause: str) -> None:
    played = play(world(migrate=migrate), (*DEPLOY, *MIGRATE))
    assert (played.code, played.result["status"]) == (20, "failed")
    assert played.requests("UpdateService") == []
    assert cause in played.result["cause"]["code"]


def test_a_task_that_finds_no_place_is_a_failure_with_its_reason() -> None:
    played = play(world("[limits]\ncapacity_tasks = 2\n"), (*DEPLOY, *MIGRATE))
    assert (played.code, played.result["status"]) == (20, "failed")
    assert "the limit on Fargate tasks of this account is reached" in played.stderr
    assert played.requests("UpdateService") == []


def test_who_may_not_run_a_task_is_refused() -> None:
    denied = fault(operation="RunTask", error="AccessDeniedException", times=0)
    played = play(world(denied), (*DEPLOY, *MIGRATE))
    assert (played.code, played.result["status"]) == (26, "refused")
    assert played.requests("UpdateService") == []


@pytest.mark.parametrize("form", [DEPLOY, (*WEB, "-i", NEW, "-t", "900")], ids=["deploy", "flag form"])
def test_a_long_task_is_spoken_of_each_minute(form: tuple[str, ...]) -> None:
    played = play(world(migrate=migration(after=300)), (*form, *MIGRATE))
    assert played.code == 0
    assert 5 <= played.stderr.count(" is RUNNING") <= 7


def test_a_task_that_does_not_end_in_time_goes_on_and_is_named() -> None:
    played = play(world(migrate=migration(after=4000)), (*DEPLOY, *MIGRATE, "--timeout", "5m"))
    assert (played.code, played.result["status"]) == (22, "timed_out")
    told = played.stderr.replace("\n   ", " ")
    assert "the task has not stopped. The task goes on at AWS. No service was changed; web:2 is" in told
    assert "aws ecs stop-task --cluster prod --task " in told
    assert played.requests("UpdateService") == []


@pytest.mark.parametrize("more", [(), ("--on-failure", "rollback")], ids=["leave", "rollback"])
def test_ctrl_c_leaves_the_task_to_go_on_and_names_it(more: tuple[str, ...]) -> None:
    there = world(migrate=migration(after=4000))
    there.clock.after(30, interrupt)
    played = play(there, (*DEPLOY, *MIGRATE, *more))
    assert (played.code, played.result["status"]) == (130, "interrupted")
    told = played.stderr.replace("\n   ", " ")
    assert "INTERRUPTED. The task goes on at AWS. No service was changed; web:2 is registered and unused." in told
    assert "aws ecs stop-task --cluster prod --task " in told
    assert order(played) == ["RegisterTaskDefinition", "RunTask"]
    assert played.requests("StopTask") == []


def test_the_container_is_named_before_the_command() -> None:
    played = play(world(essential=True), (*DEPLOY, "--before", "app: ./manage.py migrate --noinput"))
    assert played.code == 0
    assert ran(played)["overrides"]["containerOverrides"][0]["name"] == "app"


def test_where_several_are_essential_one_has_to_be_named() -> None:
    played = play(world(essential=True), (*DEPLOY, *MIGRATE))
    assert played.code == 64
    assert "several essential containers, and `--before` names none. Write `app: COMMAND` or `side: COMMAND`." in (
        played.stderr
    )
    assert order(played) == []


def test_an_existing_revision_is_tried_first_too() -> None:
    there = world(history=[NEW])
    played = play(there, ("deploy", *WEB, "--revision", "web:1", "--before", "exit 4"))
    assert played.code == 20
    assert ran(played)["taskDefinition"].endswith("task-definition/web:1")
    assert "Nothing was changed." in played.stderr


def test_a_plan_says_that_it_would_run() -> None:
    played = play(world(), ("plan", *WEB, "--image", NEW, *MIGRATE))
    assert "run one task of the new revision with the command of --before" in played.stdout.replace(
        "\n           ", " "
    )
    assert order(played) == []


def test_a_release_that_is_there_already_runs_no_task() -> None:
    there = world()
    assert play(there, (*DEPLOY, *MIGRATE)).code == 0
    again = play(there, (*DEPLOY, *MIGRATE, "--skip-unchanged"))
    assert again.result["status"] == "unchanged"
    assert len(again.requests("RunTask")) == 1


def test_a_secret_in_the_command_is_not_shown() -> None:
    played = play(world(), (*DEPLOY, "--before", "echo --token cAnary-1a2b3c"))
    assert played.code == 0
    assert "cAnary-1a2b3c" not in played.said + str(played.events)
