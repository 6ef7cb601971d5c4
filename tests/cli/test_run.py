"""One-off tasks through the command line, in virtual time: what they are like, what is told of them, how they end."""

import json
import re
from typing import Any, NoReturn

import pytest

from ecsdeploy.errors import Terminated
from ecsdeploy.sim import World
from tests.cli.worlds import NEW, OLD, Played, a_world, behaves, fault, play, service

LOG = {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app"}
WRITES = ("RegisterTaskDefinition", "RunTask", "StopTask", "UpdateService")
LIKE = ("run", "-c", "prod", "--like-service", "web")
MIGRATE = (*LIKE, "--", "./manage.py", "migrate")


def world(*parts: str, essential: bool = False, **told: Any) -> World:
    app = {"name": "app", "image": OLD, "logConfiguration": {"logDriver": "awslogs", "options": LOG}}
    side = {"name": "side", "image": "registry.example.com/infra/side:1", "essential": essential}
    whole: dict[str, Any] = {
        "family": "web",
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
        "containerDefinitions": [app, side],
    }
    job = {"run": "exit", "exit_code": 0, "after": 5, "logs": ["Applying orders.0007_total... OK"]}
    jobs = {"commands": {"./manage.py migrate": job | told}}
    return a_world(service(task_definition=whole), behaves(OLD, **jobs), behaves(NEW, **jobs), *parts)


def writes(played: Played) -> list[str]:
    return [call.operation for call in played.world.calls if call.operation in WRITES]


def asked(played: Played) -> dict[str, Any]:
    (request,) = played.requests("RunTask")
    return dict(request)


def test_a_task_runs_as_the_services_own_do_and_registers_nothing() -> None:
    played = play(world(), MIGRATE)
    assert (played.code, writes(played)) == (0, ["RunTask"])
    request = asked(played)
    assert request["taskDefinition"].endswith("task-definition/web:1")
    assert (request["launchType"], request["platformVersion"], request["count"]) == ("FARGATE", "LATEST", 1)
    assert request["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
    assert request["overrides"] == {"containerOverrides": [{"name": "app", "command": ["./manage.py", "migrate"]}]}


def test_it_shows_what_the_task_writes_and_stdout_has_its_arn() -> None:
    played = play(world(), MIGRATE)
    assert "run web:1 (changed: command) cluster=prod" in played.stderr
    assert re.search(r"\d\d:\d\d:\d\d app/[0-9a-f]{8} Applying orders.0007_total... OK\n", played.stderr)
    assert re.search(r"SUCCEEDED task [0-9a-f]{32} of web:1 has exited 0 in ", played.stderr)
    assert re.fullmatch(r"arn:aws:ecs:us-east-1:123456789012:task/prod/[0-9a-f]{32}\n", played.stdout)


def test_edits_that_an_override_can_say_are_overrides() -> None:
    sizes = ("--cpu", "128", "--task-cpu", "512", "--task-memory", "1 GB")
    played = play(world(), (*LIKE, "--env", "MODE=once", *sizes, "--", "./manage.py", "migrate"))
    assert (played.code, writes(played)) == (0, ["RunTask"])
    (container,) = asked(played)["overrides"]["containerOverrides"]
    assert container["environment"] == [{"name": "MODE", "value": "once"}]
    assert (container["cpu"], asked(played)["overrides"]["cpu"], asked(played)["overrides"]["memory"]) == (
        128,
        "512",
        "1024",
    )


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(("--image", NEW), id="image"),
        pytest.param(("--entrypoint", "sh -c"), id="entry point"),
        pytest.param(("--secret", "TOKEN=/web/token"), id="secret"),
        pytest.param(("--patch", '[{"op":"add","path":"/containerDefinitions/app/user","value":"1"}]'), id="patch"),
    ],
)
def test_an_edit_that_no_override_can_say_takes_a_revision(edit: tuple[str, ...]) -> None:
    played = play(world(), (*LIKE, *edit, "--", "./manage.py", "migrate"))
    assert (played.code, writes(played)) == (0, ["RegisterTaskDefinition", "RunTask"])
    assert asked(played)["taskDefinition"].endswith("task-definition/web:2")
    assert asked(played)["overrides"]["containerOverrides"] == [{"name": "app", "command": ["./manage.py", "migrate"]}]
    assert "command" not in played.registered["containerDefinitions"][0]


def test_a_task_that_fails_is_20_with_its_cause_or_its_own_code() -> None:
    there: dict[str, Any] = {"exit_code": 3, "logs": ["column total already exists"]}
    played = play(world(**there), MIGRATE)
    assert (played.code, played.result["status"], played.result["exit_code"]) == (20, "failed", 20)
    assert played.result["cause"]["code"] == "E-CONTAINER-EXIT"
    assert "column total already exists" in played.stderr
    own = play(world(**there), (*LIKE, "--propagate-exit-code", "--", "./manage.py", "migrate"))
    assert (own.code, own.result["status"], own.result["exit_code"]) == (3, "failed", 3)


def test_several_tasks_all_have_to_succeed() -> None:
    played = play(world(), (*LIKE, "--count", "3", "--", "./manage.py", "migrate"))
    assert (played.code, asked(played)["count"]) == (0, 3)
    assert "SUCCEEDED 3 tasks of web:1 have exited 0" in played.stderr
    assert len(played.stdout.splitlines()) == 3
    assert len([each for each in played.events if each["type"] == "task_finished"]) == 3


def test_tasks_that_find_no_place_make_it_a_failure() -> None:
    played = play(world("[limits]\ncapacity_tasks = 4\n"), (*LIKE, "--count", "3", "--", "./manage.py", "migrate"))
    assert (played.code, played.result["status"]) == (20, "failed")
    assert "ECS started 2 of 3 tasks" in played.stderr


def test_without_waiting_the_task_goes_on_and_is_named() -> None:
    played = play(world(after=4000), (*LIKE, "--detach", "--", "./manage.py", "migrate"))
    assert (played.code, played.result["status"]) == (0, "detached")
    assert "DETACHED. The task goes on at AWS." in played.stderr
    assert "aws ecs stop-task --cluster prod --task " in played.stderr
    assert ":task/prod/" in played.stdout


def test_a_task_that_does_not_end_in_time_goes_on_and_is_named() -> None:
    played = play(world(after=4000), (*LIKE, "--timeout", "5m", "--", "./manage.py", "migrate"))
    assert (played.code, played.result["status"]) == (22, "timed_out")
    assert "aws ecs stop-task --cluster prod --task " in played.stderr


@pytest.mark.parametrize(("signal", "code"), [(KeyboardInterrupt, 130), (Terminated, 143)])
def test_a_signal_leaves_the_task_to_go_on_where_nobody_can_be_asked(signal: type[BaseException], code: int) -> None:
    there = world(after=4000)

    def interrupt() -> NoReturn:
        raise signal

    there.clock.after(30, interrupt)
    played = play(there, MIGRATE)
    assert (played.result["status"], writes(played)) == ("interrupted", ["RunTask"])
    assert "The task goes on at AWS." in played.stderr
    assert played.code in (code, 130)


FAMILY = ("run", "-c", "prod", "--family", "web")
NETWORK = ("--subnets", "subnet-1, subnet-2", "--security-groups", "sg-1", "--assign-public-ip")


def test_a_family_runs_in_the_network_that_is_named() -> None:
    played = play(world(), (*FAMILY, *NETWORK, "--", "./manage.py", "migrate"))
    assert played.code == 0
    assert asked(played)["launchType"] == "FARGATE"
    assert asked(played)["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1", "subnet-2"],
        "securityGroups": ["sg-1"],
        "assignPublicIp": "ENABLED",
    }


def test_what_is_named_of_the_network_takes_the_place_of_the_services() -> None:
    played = play(world(), (*LIKE, "--security-groups", "sg-9", "--", "./manage.py", "migrate"))
    network = asked(played)["networkConfiguration"]["awsvpcConfiguration"]
    assert network["securityGroups"] == ["sg-9"]
    assert network["subnets"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("run", "--like-service", "web"), "No cluster is named", id="no cluster"),
        pytest.param(("run", "-c", "prod"), "It is not said what to run", id="nothing to run"),
        pytest.param((*LIKE, "--family", "web"), "both say what to run", id="two things to run"),
        pytest.param((*LIKE, "--count", "11"), "`--count` must be a number of tasks", id="too many"),
        pytest.param((*LIKE, "--count", "0"), "`--count` must be a number of tasks", id="none"),
        pytest.param((*LIKE, "--image", NEW, "--tag", "2"), "both say what to run", id="two images"),
        pytest.param((*LIKE, "--command", "a", "--", "b"), "both give a command", id="two commands"),
        pytest.param((*LIKE, "--detach", "--propagate-exit-code"), "waits for the tasks", id="code of what goes on"),
        pytest.param((*LIKE, "--subnets", "a,,b"), "`--subnets` has an empty name", id="empty subnet"),
        pytest.param((*FAMILY,), "no subnet is named", id="no network"),
        pytest.param((*FAMILY, "--security-groups", "sg-1"), "no subnet is named", id="half a network"),
        pytest.param((*LIKE, "--container", "ap", "--", "a"), "No container is called `ap`", id="no container"),
        pytest.param((*LIKE, "true"), "There is a word too many before `--`", id="no dashes"),
        pytest.param((*LIKE, "--"), "No command stands after `--`. Name one, or", id="dashes alone"),
        pytest.param((*LIKE, "--", ""), "No command stands after `--`. Name one, or", id="an empty command"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(words: tuple[str, ...], told: str) -> None:
    played = play(world(), words)
    assert (played.code, writes(played)) == (64, [])
    assert told in played.stderr.replace("\n   ", " ")


@pytest.mark.parametrize("words", [("--image", NEW), ()])
def test_a_size_that_fargate_does_not_have_is_refused_before_a_write(words: tuple[str, ...]) -> None:
    played = play(world(), (*LIKE, *words, "--task-cpu", "300", "--", "true"))
    assert (played.code, writes(played)) == (26, [])
    assert "Fargate has no size of `300` CPU units" in " ".join(played.stderr.split())


def test_an_edit_that_finds_nothing_to_change_is_refused() -> None:
    played = play(world(), (*LIKE, "--unset-env", "NOT_THERE"))
    assert (played.code, writes(played)) == (26, [])
    assert "NOT_THERE" in played.stderr


def test_a_network_for_tasks_without_one_is_refused() -> None:
    there = a_world(
        service(
            launch_type="EC2", task_definition={"containerDefinitions": [{"name": "app", "image": OLD, "memory": 64}]}
        )
    )
    played = play(there, (*LIKE, "--subnets", "subnet-1"))
    assert (played.code, writes(played)) == (64, [])
    assert "only for `awsvpc`" in played.stderr


def test_where_several_are_essential_one_has_to_be_named() -> None:
    played = play(world(essential=True), MIGRATE)
    assert (played.code, writes(played)) == (64, [])
    assert "Write `--container app` or `--container side`." in played.stderr
    named = play(world(essential=True), (*LIKE, "--container", "app", "--env", "A=1", "--", "./manage.py", "migrate"))
    assert named.code == 0
    (container,) = asked(named)["overrides"]["containerOverrides"]
    assert (container["name"], len(container["environment"])) == ("app", 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("run", "-c", "prod", "--like-service", "wbe"), "`wbe`", id="service"),
        pytest.param(("run", "-c", "prod", "--family", "wbe", *NETWORK), "Did you mean `web`?", id="family"),
        pytest.param(("run", "-c", "prd", "--family", "web", *NETWORK), "`prd`", id="cluster"),
    ],
)
def test_what_is_not_there_is_named(words: tuple[str, ...], told: str) -> None:
    played = play(world(), words)
    assert (played.code, writes(played)) == (26, [])
    assert told in played.stderr


def test_who_may_not_run_a_task_is_refused() -> None:
    played = play(world(fault(operation="RunTask", error="AccessDeniedException", times=0)), MIGRATE)
    assert (played.code, played.result["status"]) == (26, "refused")
    assert "ecs:RunTask" in played.stderr


def test_a_lost_reply_before_a_refusal_is_unknown() -> None:
    """The task may run: to say that nothing was changed would be to guess."""
    lost = fault(operation="RunTask", error="reset-after")
    denied = fault(operation="RunTask", error="AccessDeniedException", after=1, times=0)
    played = play(a_world(service(), lost, denied), (*LIKE, "--", "true"))
    assert (played.code, played.result["status"]) == (24, "unknown")
    assert "Nothing was changed" not in played.said


def test_another_account_is_refused() -> None:
    played = play(world(), (*LIKE, "--expect-account", "999999999999", "--", "true"))
    assert (played.code, writes(played)) == (26, [])


def test_a_secret_in_the_command_is_not_shown() -> None:
    played = play(world(), (*LIKE, "--", "echo", "--token", "cAnary-1a2b3c"))
    assert played.code == 0
    assert "cAnary-1a2b3c" not in played.said + str(played.events)


def test_json_has_every_event_and_the_result_last() -> None:
    played = play(world(), (*LIKE, "--output", "json", "--", "./manage.py", "migrate"))
    types = [json.loads(line)["type"] for line in played.lines]
    assert [types[0], types[-1]] == ["planned", "result"]
    assert {"task_started", "task_status", "task_said", "task_finished", "concluded"} <= {*types}
