"""Which task a command runs in, and why it cannot run in one."""

from datetime import UTC, datetime, timedelta

import pytest

from ecsdeploy.errors import Refused
from ecsdeploy.model.execution import Reach, ReachableContainer
from ecsdeploy.model.service import Deployment, Service, Task
from ecsdeploy.model.values import replace
from ecsdeploy.plan.reaching import newest_task, reachable, refuse_if_down

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ARN = "arn:aws:ecs:eu-west-1:111122223333"
OLD, NEW = (f"{ARN}:task-definition/web:{number}" for number in (1, 2))


def deployment(name: str, status: str, revision: str) -> Deployment:
    return Deployment(id=name, status=status, task_definition=revision)


SERVICE = Service(
    arn=f"{ARN}:service/prod/web",
    name="web",
    cluster_arn=f"{ARN}:cluster/prod",
    status="ACTIVE",
    task_definition=NEW,
    desired=2,
    running=2,
    pending=0,
    deployments=(deployment("new", "PRIMARY", NEW), deployment("old", "ACTIVE", OLD)),
)


def task(name: str, by: str = "new", minute: int | None = 0, status: str = "RUNNING", health: str = "UNKNOWN") -> Task:
    return Task(
        arn=f"{ARN}:task/prod/{name}",
        task_definition=NEW if by == "new" else OLD,
        status=status,
        desired_status="RUNNING",
        health=health,
        started_by=by,
        started_at=None if minute is None else NOON + timedelta(minutes=minute),
    )


@pytest.mark.parametrize(
    ("tasks", "picked"),
    [
        pytest.param((task("a", minute=1), task("b", minute=2), task("c", "old", minute=3)), "b", id="newest"),
        pytest.param((task("a", health="HEALTHY"), task("b", minute=2)), "a", id="healthy"),
        pytest.param((task("a", health="UNHEALTHY", minute=2), task("b")), "b", id="not-known-to-be-unhealthy"),
        pytest.param((task("a", health="UNHEALTHY"),), "a", id="unhealthy-if-it-is-the-only-one"),
        pytest.param((task("a"), task("b", minute=None)), "a", id="one-without-a-time"),
        pytest.param((task("a", minute=2, status="PENDING"), task("b")), "b", id="only-what-runs"),
        pytest.param((replace(task("a", minute=2), desired_status="STOPPED"), task("b")), "b", id="not-what-goes"),
    ],
)
def test_the_newest_healthy_task_of_the_newest_deployment_is_picked(tasks: tuple[Task, ...], picked: str) -> None:
    assert newest_task(SERVICE, tasks).id == picked


def test_without_a_primary_deployment_the_services_revision_counts() -> None:
    found = newest_task(replace(SERVICE, deployments=()), (task("a"), task("b", "old", minute=2)))
    assert found.id == "a"


@pytest.mark.parametrize(
    ("service", "tasks", "says"),
    [
        pytest.param(SERVICE, (task("a", "old"),), ("(`web:2`) runs", "`a` (web:1)"), id="only-old-ones"),
        pytest.param(
            replace(SERVICE, task_definition=OLD),
            (task("a", "old"), task("b", "old")),
            ("(`web:2`) runs", "one of an older deployment: `a` (web:1), `b` (web:1)."),
            id="what-the-primary-deployment-has",
        ),
        pytest.param(
            SERVICE,
            (task("a", "old", status="PENDING"), task("b", status="STOPPED")),
            ("No task of `web` runs. `ecs-deploy doctor",),
            id="one-of-another-deployment-starts",
        ),
        pytest.param(
            replace(SERVICE, deployments=(), task_definition=OLD), (task("a"),), ("(`web:1`) runs",), id="no-primary"
        ),
        pytest.param(
            SERVICE, (task("a", status="PENDING"),), ("yet: one is starting. Try again later.",), id="one-starts"
        ),
        pytest.param(
            SERVICE, (task("a", status="PENDING"), task("b", status="PULLING")), ("yet: 2 are starting",), id="start"
        ),
        pytest.param(
            replace(SERVICE, desired=0), (), ("desired count is 0", "`ecs-deploy scale -c prod -n web --to 1`"), id="0"
        ),
        pytest.param(SERVICE, (), ("No task of `web` runs. `ecs-deploy doctor -c prod -n web` says why.",), id="none"),
    ],
)
def test_no_task_is_refused_with_the_reason(service: Service, tasks: tuple[Task, ...], says: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        newest_task(service, tasks)
    said = f"{refused.value.message} {refused.value.hint}"
    assert [each for each in says if each not in said] == []


@pytest.mark.parametrize(
    ("down", "says"),
    [
        (replace(task("a", status="STOPPED"), stopped_reason="Out of memory."), "`a` has stopped: Out of memory."),
        (replace(task("a"), desired_status="STOPPED"), "`a` is about to stop."),
        (task("a", status="PENDING"), "`a` is PENDING."),
        (replace(task("a", status="STOPPED"), stopped_reason="...and out, X."), "`a` has stopped: ...and out, X."),
    ],
)
def test_a_task_that_does_not_run_is_refused(down: Task, says: str) -> None:
    refuse_if_down(task("a"))
    with pytest.raises(Refused) as refused:
        refuse_if_down(down)
    assert refused.value.message == f"The task {says}"
    assert refused.value.hint == "Name another with `--task`. No session was opened."


APP = ReachableContainer(name="app", runtime_id="a-1", status="RUNNING", agent="RUNNING")


def reached(*containers: ReachableContainer, enabled: bool = True) -> ReachableContainer:
    return reachable(Reach(enabled=enabled, containers=containers), "app", task("a"), SERVICE)


def test_a_container_with_an_agent_can_be_reached_and_ecs_decides_where_none_is_shown() -> None:
    assert reached(APP) == APP
    assert reached(replace(APP, agent="")).name == "app"


WAIT = "Try again in a few seconds. "
NEEDS = "It needs a root file system that it can write, and a task role that allows `ssmmessages`. "


@pytest.mark.parametrize(
    ("containers", "says", "todo"),
    [
        ((), "is not among its containers yet.", ""),
        ((replace(APP, status="STOPPED"),), "is STOPPED.", ""),
        ((replace(APP, status=""),), "is not among its containers yet.", ""),
        ((replace(APP, runtime_id=""),), "is RUNNING.", ""),
        ((replace(APP, agent="PENDING"),), "is PENDING.", WAIT),
        ((replace(APP, agent="STOPPED", agent_reason="It crashed, X."),), "is STOPPED: It crashed, X.", NEEDS),
    ],
)
def test_a_container_that_cannot_be_reached_is_refused(
    containers: tuple[ReachableContainer, ...], says: str, todo: str
) -> None:
    with pytest.raises(Refused) as refused:
        reached(*containers)
    assert refused.value.message.endswith(says)
    assert refused.value.hint == f"{todo}No session was opened."


def test_a_task_without_ecs_exec_is_refused_with_what_turns_it_on() -> None:
    with pytest.raises(Refused) as refused:
        reached(APP, enabled=False)
    assert refused.value.message == "The task `a` was started without ECS Exec (`enableExecuteCommand`)."
    asked = "--cluster prod --service web --enable-execute-command --force-new-deployment"
    assert asked in refused.value.hint


def test_where_another_deploys_exec_is_turned_on_when_the_service_is_created() -> None:
    service = replace(SERVICE, controller="EXTERNAL")
    with pytest.raises(Refused) as refused:
        reachable(Reach(enabled=False, containers=()), "app", task("a"), service)
    assert "ECS takes that only when the service is created" in refused.value.hint
