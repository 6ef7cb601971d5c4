"""ECS Exec: whether a task can be reached, and the session in one of its containers."""

from __future__ import annotations

from ecsdeploy.aws.reading import JsonObject, flag, malformed, nested, objects, text
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsRefused, NoSuchResource
from ecsdeploy.model.access import Secret
from ecsdeploy.model.arn import short_name
from ecsdeploy.model.execution import ExecSession, Picked, Reach, ReachableContainer

_AGENT = "ExecuteCommandAgent"
_NOT_CONNECTED = ("TargetNotConnectedException", "TargetNotConnected")
"""As ECS calls it, and as Session Manager does."""
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
    """ExecuteCommand, or StartSession for a port. The token of the session is a secret of the run from here on."""
    assumed = session.assumed
    identity, stream, token = _executed(session, cluster, picked) if picked.forward is None else _begun(session, picked)
    session.secrets.learn((token,))
    if not token or not stream:
        raise malformed("session", None)
    return ExecSession(
        id=identity,
        stream_url=stream,
        token=Secret(token),
        region=session.region,
        endpoint=session.named_endpoint,
        asked=picked.asked,
        credentials=tuple((name, Secret(each)) for name, each in assumed.items()),
    )


def _executed(session: Session, cluster: str, picked: Picked) -> tuple[str, str, str]:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommand.html"""
    asked: JsonObject = {
        "cluster": cluster,
        "task": picked.task,
        "container": picked.container,
        "command": picked.line,
        "interactive": True,
    }
    opened = nested(_called(session, ("ecs", "ExecuteCommand"), asked, picked), "session")
    return text(opened, "sessionId"), text(opened, "streamUrl"), text(opened, "tokenValue")


def _begun(session: Session, picked: Picked) -> tuple[str, str, str]:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartSession.html"""
    opened = _called(session, ("ssm", "StartSession"), picked.asked, picked)
    return text(opened, "SessionId"), text(opened, "StreamUrl"), text(opened, "TokenValue")


def _called(session: Session, operation: tuple[str, str], asked: JsonObject, picked: Picked) -> JsonObject:
    subject = f"container `{picked.container}` of task `{short_name(picked.task)}`"
    try:
        return session.call(*operation, asked, subject=subject)
    except AwsRefused as error:
        if error.code in _NOT_CONNECTED:
            error.hint = _ADVICE
        raise
