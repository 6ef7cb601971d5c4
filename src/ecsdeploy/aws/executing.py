"""ECS Exec: whether a task can be reached, and the session in one of its containers."""

from __future__ import annotations

from ecsdeploy.aws.reading import JsonObject, flag, malformed, nested, objects, text
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsRefused, NoSuchResource
from ecsdeploy.model.access import Secret
from ecsdeploy.model.arn import short_name
from ecsdeploy.model.execution import ExecSession, Picked, Reach, ReachableContainer

_AGENT = "ExecuteCommandAgent"
_NOT_CONNECTED = "TargetNotConnectedException"
_ADVICE = (
    "The task role must allow `ssmmessages:CreateControlChannel`, `CreateDataChannel`, `OpenControlChannel` and"
    " `OpenDataChannel`; the container must reach Session Manager, through a VPC endpoint where there is no route to"
    " the internet; and its agent must run. See"
    " https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec-troubleshooting.html"
)


def reach(session: Session, cluster: str, task: str) -> Reach:
    """What DescribeTasks says of the task; `NoSuchResource` if it is gone.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedAgent.html
    """
    asked = {"cluster": cluster, "tasks": [task]}
    found = objects(session.call("ecs", "DescribeTasks", asked, subject=f"task `{short_name(task)}`"), "tasks")
    if not found:
        raise NoSuchResource(f"ECS no longer has the task `{short_name(task)}`.", hint="No session was opened.")
    return Reach(
        enabled=flag(found[0], "enableExecuteCommand"),
        containers=tuple(_container(each) for each in objects(found[0], "containers")),
    )


def _container(source: JsonObject) -> ReachableContainer:
    agents = (each for each in objects(source, "managedAgents") if text(each, "name") == _AGENT)
    agent: JsonObject = next(agents, {})
    return ReachableContainer(
        name=text(source, "name"),
        runtime_id=text(source, "runtimeId"),
        status=text(source, "lastStatus"),
        agent=text(agent, "lastStatus"),
        agent_reason=text(agent, "reason"),
    )


def open_session(session: Session, cluster: str, picked: Picked) -> ExecSession:
    """ExecuteCommand. The token of the session is a secret of the run from here on.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommand.html
    """
    asked: JsonObject = {
        "cluster": cluster,
        "task": picked.task,
        "container": picked.container,
        "command": picked.line,
        "interactive": True,
    }
    assumed = session.assumed
    opened = nested(_execute(session, asked, picked), "session")
    token = text(opened, "tokenValue")
    session.secrets.learn((token,))
    if not token or not text(opened, "streamUrl"):
        raise malformed("session", None)
    return ExecSession(
        id=text(opened, "sessionId"),
        stream_url=text(opened, "streamUrl"),
        token=Secret(token),
        region=session.region,
        endpoint=session.named_endpoint,
        target=picked.target,
        credentials=tuple((name, Secret(each)) for name, each in assumed.items()),
    )


def _execute(session: Session, asked: JsonObject, picked: Picked) -> JsonObject:
    subject = f"container `{picked.container}` of task `{short_name(picked.task)}`"
    try:
        return session.call("ecs", "ExecuteCommand", asked, subject=subject)
    except AwsRefused as error:
        if error.code == _NOT_CONNECTED:
            error.hint = _ADVICE
        raise
