"""`--before task-definition/FAMILY`: a task of another family decides about a release."""

from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.test_before import LOG, order, ran
from tests.cli.test_express import express
from tests.cli.test_iam_command import granted, made_by
from tests.cli.worlds import DEPLOY, NEW, REVISION, WEB, a_world, behaves, fault, play, service

JOB = "registry.example.com/team/migrate:1"
FAMILY = REVISION.replace("/web", "/migrate")
MIGRATE = ("--before", "task-definition/migrate")


def definition(**members: Any) -> dict[str, Any]:
    return {
        "family": "migrate",
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
        "containerDefinitions": [
            {"name": "job", "image": JOB, "logConfiguration": {"logDriver": "awslogs", "options": LOG}}
        ],
    } | members


def world(*parts: str, job: dict[str, Any] | None = None, launch: str = "FARGATE", **members: Any) -> World:
    """A service, and beside it the family `migrate`."""
    told = {"run": "exit", "exit_code": 0, "after": 5, "logs": ["schema is at 7"]} | (job or {})
    jobs = service(name="jobs", desired=0, launch_type=launch, task_definition=definition(**members))
    return a_world(service(), jobs, behaves(JOB, **told), *parts)


def deregistered() -> World:
    there = world()
    for revision in there.region.families["migrate"].revisions:
        revision.status = "INACTIVE"
    return there


def test_the_newest_revision_of_the_family_runs_as_the_services_tasks_do() -> None:
    played = play(world(), (*DEPLOY, *MIGRATE))
    assert played.code == 0, played.said
    assert order(played) == ["RegisterTaskDefinition", "RunTask", "UpdateService"]
    asked = ran(played)
    assert asked["taskDefinition"] == f"{FAMILY}:1"
    assert asked["launchType"] == "FARGATE"
    assert asked["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
    assert "overrides" not in asked
    assert "schema is at 7" in played.stderr


@pytest.mark.parametrize(
    ("named", "overrides"),
    [
        pytest.param("task-definition/migrate:1 ./up", [{"name": "job", "command": ["./up"]}], id="a revision"),
        pytest.param("task-definition/migrate job: ./up", [{"name": "job", "command": ["./up"]}], id="a container"),
        pytest.param(f"{FAMILY}:1 ./up", [{"name": "job", "command": ["./up"]}], id="an ARN"),
    ],
)
def test_a_command_after_it_is_for_a_container_of_that_family(named: str, overrides: list[dict[str, Any]]) -> None:
    played = play(world(), (*DEPLOY, "--before", named))
    assert played.code == 0, played.said
    assert ran(played)["taskDefinition"] == f"{FAMILY}:1"
    assert ran(played)["overrides"]["containerOverrides"] == overrides


def test_a_word_that_is_no_definition_stays_a_command() -> None:
    played = play(world(), (*DEPLOY, "--before", "migrate"))
    assert ran(played)["taskDefinition"] == f"{REVISION}:2"
    assert ran(played)["overrides"]["containerOverrides"][0]["command"] == ["migrate"]


def test_a_task_of_it_that_fails_keeps_the_service_as_it_is() -> None:
    played = play(world(job={"exit_code": 3, "logs": ["no such table"]}), (*DEPLOY, *MIGRATE))
    assert (played.code, order(played)) == (20, ["RegisterTaskDefinition", "RunTask"])
    assert played.result["cause"]["container"] == "job"
    assert "no such table" in played.stderr


def test_one_after_the_release_decides_too() -> None:
    words = (*DEPLOY, "--after", "task-definition/migrate", "--on-failure", "rollback")
    played = play(world(job={"exit_code": 3}), words)
    assert (played.code, played.result["status"]) == (21, "rolled_back")
    assert ran(played)["taskDefinition"] == f"{FAMILY}:1"
    assert played.result["cause"]["container"] == "job"


def test_it_goes_before_a_forced_deployment_too() -> None:
    played = play(world(), ("deploy", *WEB, "--force-new-deployment", *MIGRATE))
    assert (played.code, order(played)) == (0, ["RunTask", "UpdateService"])


def test_a_plan_names_its_revision() -> None:
    words = (*WEB, "--image", NEW, *MIGRATE, "--after", "task-definition/migrate:1")
    played = play(world(), ("plan", *words))
    told = " ".join(played.stdout.split())
    assert "run the task of --before, of migrate:1, and go on only if it succeeds" in told
    assert "run the task of --after, of migrate:1; if it fails, so has the release" in told
    assert order(played) == []
    (planned,) = (each for each in played.events if each["type"] == "planned")
    assert (planned["before"], planned["after"]) == (f"{FAMILY}:1", f"{FAMILY}:1")


@pytest.mark.parametrize(
    ("there", "named", "said"),
    [
        pytest.param(world(), "migarte", "Did you mean `migrate`?", id="unknown"),
        pytest.param(world(), "migrate:9", "The family `migrate` has no revision 9 that ECS knows", id="no revision"),
        pytest.param(deregistered(), "migrate", "The family `migrate` has no ACTIVE revision", id="none is ACTIVE"),
        pytest.param(deregistered(), "migrate:1", "cannot run `migrate:1`: it is INACTIVE", id="INACTIVE"),
        pytest.param(
            world(requiresCompatibilities=["EC2"], launch="EC2"),
            "migrate",
            "cannot run `migrate:1`: it is not for",
            id="EC2",
        ),
    ],
)
def test_one_that_cannot_run_is_refused_before_a_write(there: World, named: str, said: str) -> None:
    played = play(there, (*DEPLOY, "--before", f"task-definition/{named}"))
    assert (played.code, order(played)) == (26, [])
    assert said in " ".join(played.stderr.split())


def test_what_cannot_be_listed_costs_only_the_name_that_is_near() -> None:
    denied = fault(operation="ListTaskDefinitionFamilies", error="AccessDeniedException", times=0)
    played = play(world(denied), (*DEPLOY, "--before", "task-definition/migarte"))
    assert (played.code, order(played)) == (26, [])
    assert "`migarte`" in played.stderr
    assert "Did you mean" not in played.stderr


def test_a_container_that_it_does_not_have_is_refused() -> None:
    played = play(world(), (*DEPLOY, "--before", "task-definition/migrate jbo: ./up"))
    assert (played.code, order(played)) == (64, [])
    assert "Did you mean `job`?" in played.stderr


def test_a_service_of_express_mode_has_such_a_task_too() -> None:
    jobs = service(name="jobs", desired=0, task_definition=definition())
    played = play(a_world(express(), jobs, behaves(JOB, run="exit", exit_code=0)), (*DEPLOY, *MIGRATE))
    assert played.code == 0, played.said
    writes = ("RunTask", "UpdateExpressGatewayService")
    assert [call.operation for call in played.world.calls if call.operation in writes] == [*writes]


@pytest.mark.parametrize("named", ["migrate", "migarte"])
def test_it_calls_what_the_policies_of_deploy_and_before_say(named: str) -> None:
    there = world()
    made = made_by(there, *DEPLOY, "--before", f"task-definition/{named}")
    assert made - granted("deploy", "before") == set()
    assert ("ecs:ListTaskDefinitionFamilies" in made) == (named == "migarte")
