"""How a service stands: what is under way, what ECS takes back, and whether its tasks run."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.model.service import Deployment, PastDeployment, Service
from tests.unit.rollout.builders import NOON, old, ours, running_task, service_with

RUNNING = service_with(old(status="PRIMARY"))
GONE_BACK = (old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE"))
ON_ITS_WAY, GOING_BACK, ENDED = {"can_be_stopped"}, {"goes_back", "is_taken_back"}, {"has_ended"}
MEANINGS = {
    "PENDING": ON_ITS_WAY,
    "IN_PROGRESS": ON_ITS_WAY,
    "STOP_REQUESTED": ON_ITS_WAY,
    "SUCCESSFUL": {*ENDED, "has_succeeded"},
    "STOPPED": {*ENDED, "was_stopped"},
    "ROLLBACK_REQUESTED": GOING_BACK,
    "ROLLBACK_IN_PROGRESS": GOING_BACK,
    "ROLLBACK_SUCCESSFUL": {*ENDED, "is_taken_back", "was_rolled_back"},
    "ROLLBACK_FAILED": {*ENDED, "is_taken_back"},
    "A_NEW_WORD": set[str](),
}


@pytest.mark.parametrize(("status", "meant"), MEANINGS.items())
def test_a_status_means_what_aws_says_of_it_and_an_unknown_one_means_nothing(status: str, meant: set[str]) -> None:
    past = PastDeployment(arn="sd/1", status=status, revision="web:1", deployment_id="ecs-svc/1")
    assert {each for each in set().union(*MEANINGS.values()) if getattr(past, each)} == meant


def test_a_task_ended_when_its_containers_did_and_else_when_its_host_was_clean() -> None:
    task = replace(running_task(1), stopped_at=NOON + timedelta(seconds=30))
    assert replace(task, execution_stopped_at=NOON).ended_at == NOON
    assert task.ended_at == task.stopped_at
    assert running_task(1).ended_at is None


@pytest.mark.parametrize(
    ("status", "runs", "stopped"), [("RUNNING", True, False), ("STOPPED", False, True), ("PENDING", False, False)]
)
def test_a_task_runs_or_has_stopped_or_neither(status: str, *, runs: bool, stopped: bool) -> None:
    task = replace(running_task(1), status=status)
    assert (task.runs, task.has_stopped) == (runs, stopped)


def _running(number: int, state: str = "COMPLETED", controller: str = "ECS") -> Service:
    """Of two tasks that are wanted, so many run."""
    service = service_with(old(state, status="PRIMARY", running=number))
    return replace(service, controller=controller)


@pytest.mark.parametrize(
    ("service", "whole"),
    [
        pytest.param(_running(2), True, id="all of them"),
        pytest.param(_running(3), True, id="more than are wanted"),
        pytest.param(_running(1), False, id="one of two"),
        pytest.param(_running(0), False, id="none"),
        pytest.param(_running(0, "FAILED"), False, id="none, of a failed release"),
        pytest.param(_running(0, "IN_PROGRESS"), True, id="ECS is about to start them"),
        pytest.param(_running(1, "IN_PROGRESS", "CODE_DEPLOY"), False, id="CodeDeploy starts none for what is there"),
        pytest.param(_running(2, "", "CODE_DEPLOY"), True, id="all of them under CodeDeploy"),
        pytest.param(service_with(), False, id="nothing was ever deployed"),
        pytest.param(service_with(old(running=2)), False, id="only an old deployment is left"),
    ],
)
def test_a_service_runs_whole_when_all_tasks_run_or_ecs_sees_to_them(service: Service, whole: bool) -> None:
    assert service.runs_whole is whole


def test_a_service_is_busy_while_its_primary_deployment_is_in_progress() -> None:
    assert service_with(ours(), old()).under_way == ours()
    assert RUNNING.under_way is None
    assert service_with().under_way is None


def test_a_classic_load_balancers_service_is_busy_while_the_old_deployment_is_listed() -> None:
    assert service_with(ours(""), old("")).under_way == ours("")
    assert service_with(ours("")).under_way is None


LATER = NOON + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("deployments", "found"),
    [
        pytest.param((old("IN_PROGRESS", status="PRIMARY"),), False, id="nothing has failed"),
        pytest.param((ours("FAILED"), old()), False, id="not primary"),
        pytest.param((ours("FAILED", status="ACTIVE"),), False, id="no primary"),
        pytest.param(GONE_BACK, False, id="times unknown"),
        pytest.param((GONE_BACK[0], replace(GONE_BACK[1], created_at=LATER)), True, id="younger than the primary"),
        pytest.param((GONE_BACK[0], replace(GONE_BACK[1], created_at=NOON)), False, id="of the same time"),
        pytest.param(
            (replace(GONE_BACK[0], created_at=LATER), replace(GONE_BACK[1], created_at=NOON)), False, id="older"
        ),
    ],
)
def test_ecs_takes_back_what_has_failed_and_is_younger_than_the_primary(
    deployments: tuple[Deployment, ...], *, found: bool
) -> None:
    assert (service_with(*deployments).taken_back is not None) is found


def test_of_several_that_failed_ecs_takes_back_the_newest() -> None:
    first, last = (
        replace(GONE_BACK[1], id=f"ecs-svc/{each}", created_at=NOON + timedelta(hours=each)) for each in (1, 2)
    )
    assert service_with(GONE_BACK[0], first, last).taken_back == last
    assert service_with(last, GONE_BACK[0], first).taken_back == last
