"""ECS Exec, against replies in the form of AWS's pages."""

import dataclasses
from collections.abc import Mapping

import pytest

from ecsdeploy.aws.control_plane import AwsControlPlane
from ecsdeploy.aws.session import open_session
from ecsdeploy.errors import AwsRefused, NoSuchResource, ReplyLost
from ecsdeploy.model.access import Access
from ecsdeploy.model.execution import Forward, Reach, ReachableContainer
from ecsdeploy.model.secrets import Secrets
from tests.unit.aws.answers import Answer, Aws, Refusal
from tests.unit.model.test_execution import picked

TASK = "arn:aws:ecs:us-east-1:123456789012:task/MyCluster/d789e94343414c25b9f6bd59eEXAMPLE"
TOKEN = "AAEAAXexampletokenvalue0123456789"
OPENED = {
    "clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/MyCluster",
    "containerArn": "arn:aws:ecs:us-east-1:123456789012:container/MyCluster/1f0c/2b",
    "containerName": "app",
    "interactive": True,
    "session": {"sessionId": "ecs-execute-command-1", "streamUrl": "wss://example.com/1", "tokenValue": TOKEN},
    "taskArn": TASK,
}
AGENT = {"lastStartedAt": 1614642584.574, "name": "ExecuteCommandAgent", "lastStatus": "RUNNING"}


def plane(answers: Mapping[str, Answer], secrets: Secrets | None = None, **access: str) -> AwsControlPlane:
    aws = Aws(answers={name: [each] for name, each in answers.items()})
    return AwsControlPlane(open_session(Access(**access), transport=aws, secrets=secrets))  # type: ignore[arg-type]


def test_a_task_shows_its_agents_and_the_ids_of_its_containers() -> None:
    containers = [
        {"name": "app", "runtimeId": "a-1", "lastStatus": "RUNNING", "managedAgents": [AGENT]},
        {"name": "side", "lastStatus": "PENDING"},
    ]
    reply = {"tasks": [{"taskArn": TASK, "enableExecuteCommand": True, "containers": containers}], "failures": []}
    assert plane({"DescribeTasks": reply}).reach("MyCluster", TASK) == Reach(
        enabled=True,
        containers=(
            ReachableContainer(name="app", runtime_id="a-1", status="RUNNING", agent="RUNNING"),
            ReachableContainer(name="side", status="PENDING"),
        ),
    )


def test_a_task_that_is_gone_is_no_task_without_ecs_exec() -> None:
    with pytest.raises(NoSuchResource, match="no longer has the task"):
        plane({"DescribeTasks": {"tasks": [], "failures": [{"reason": "MISSING"}]}}).reach("MyCluster", TASK)


def test_the_token_is_a_secret_from_the_reply_on() -> None:
    secrets = Secrets()
    session = plane({"ExecuteCommand": OPENED}, secrets=secrets).open_session("prod", picked("sh"))
    assert (session.id, session.stream_url, session.token.value) == (
        "ecs-execute-command-1",
        "wss://example.com/1",
        TOKEN,
    )
    assert TOKEN not in repr(session)
    assert secrets.mend(f"it is {TOKEN}") == "it is ***"


def test_the_plugin_finds_session_manager_by_the_region_or_is_told_where_it_is() -> None:
    """The plugin's own default is an empty endpoint, from which it finds the one of the Region and its partition."""
    session = plane({"ExecuteCommand": OPENED}, region="cn-north-1").open_session("prod", picked("sh"))
    assert (session.region, session.endpoint, session.credentials) == ("cn-north-1", "", ())
    local = plane({"ExecuteCommand": OPENED}, endpoint_url="http://127.0.0.1:4566")
    assert local.open_session("prod", picked("sh")).endpoint == "http://127.0.0.1:4566"


@pytest.mark.parametrize("session", [{}, {"sessionId": "1", "tokenValue": TOKEN}, {"streamUrl": "wss://example.com"}])
def test_a_reply_without_a_session_is_no_session(session: Mapping[str, object]) -> None:
    with pytest.raises(ReplyLost):
        plane({"ExecuteCommand": {**OPENED, "session": session}}).open_session("prod", picked("sh"))


def test_a_target_that_is_not_connected_is_explained() -> None:
    refusal = Refusal(
        code="TargetNotConnectedException",
        message="The execute command failed due to an internal error. Try again later.",
    )
    with pytest.raises(AwsRefused, match="failed due to an internal error") as refused:
        plane({"ExecuteCommand": refusal}).open_session("prod", picked("sh"))
    assert "`ssmmessages:CreateControlChannel`" in refused.value.hint


FORWARDED = dataclasses.replace(picked(), forward=Forward(remote=5432, local=15432, host="db.internal"))


def test_session_manager_is_asked_for_a_port_and_its_token_is_a_secret() -> None:
    aws = Aws(answers={"StartSession": [{"SessionId": "s-1", "StreamUrl": "wss://example.com/1", "TokenValue": TOKEN}]})
    secrets = Secrets()
    session = AwsControlPlane(open_session(Access(), transport=aws, secrets=secrets)).open_session("prod", FORWARDED)
    assert session.asked == {
        "Target": "ecs:prod_1f0c_1f0c-265927825",
        "DocumentName": "AWS-StartPortForwardingSessionToRemoteHost",
        "Parameters": {"host": ["db.internal"], "portNumber": ["5432"], "localPortNumber": ["15432"]},
    }
    assert (aws.sent[0].body, session.id, session.token.value) == (session.asked, "s-1", TOKEN)
    assert secrets.mend(f"it is {TOKEN}") == "it is ***"


@pytest.mark.parametrize(
    ("code", "says"),
    [("AccessDeniedException", "ssm:StartSession"), ("TargetNotConnected", "ssmmessages:CreateControlChannel")],
)
def test_what_keeps_a_port_from_being_forwarded_is_explained(code: str, says: str) -> None:
    arn = "arn:aws:ecs:eu-west-1:111122223333:task/prod/1f0c"
    message = (
        f"User: arn:aws:iam::111122223333:user/a is not authorized to perform: ssm:StartSession on resource: {arn}"
    )
    with pytest.raises(AwsRefused) as refused:
        plane({"StartSession": Refusal(code=code, message=message)}).open_session("prod", FORWARDED)
    assert says in f"{refused.value} {refused.value.hint}"
    assert arn in str(refused.value)
