"""Logs, targets and identity are ours; everything else is moto's."""

import sys
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecsdeploy.sim import ACCOUNT, World
from tests.contract.sim.clients import connect
from tests.unit.sim.builders import REPOSITORY, deploy, image, the_service
from tests.unit.sim.builders import world as a_world


@pytest.fixture
def crashed(world: World) -> World:
    """The world after a task of the crashing image has come and gone."""
    deploy(world)
    world.clock.sleep(60)
    return world


def _stream(world: World) -> str:
    task = next(t for t in world.region.clusters["prod"].tasks.values() if t.stop_code == "EssentialContainerExited")
    return f"web/app/{task.id}"


def test_log_lines_are_read_from_the_stream_of_the_task(crashed: World) -> None:
    logs = connect(crashed, "logs")
    reply = logs.get_log_events(logGroupName="/ecs/web", logStreamName=_stream(crashed), startFromHead=True)
    assert [event["message"] for event in reply["events"]] == ["one", "two words", "three"]
    stamps = [event["timestamp"] for event in reply["events"]]
    assert stamps == sorted(stamps)
    tail = logs.get_log_events(logGroupName="/ecs/web", logStreamName=_stream(crashed), limit=1)
    assert [event["message"] for event in tail["events"]] == ["three"]


def test_log_events_are_paged_until_the_token_comes_back_unchanged(crashed: World) -> None:
    logs = connect(crashed, "logs")
    page = {"logGroupName": "/ecs/web", "logStreamName": _stream(crashed), "limit": 2}
    first = logs.get_log_events(**page, startFromHead=True)
    second = logs.get_log_events(**page, nextToken=first["nextForwardToken"])
    third = logs.get_log_events(**page, nextToken=second["nextForwardToken"])
    assert [len(reply["events"]) for reply in (first, second, third)] == [2, 1, 0]
    assert third["nextForwardToken"] == second["nextForwardToken"]
    back = logs.get_log_events(**page, nextToken=second["nextBackwardToken"])
    assert back["events"] == first["events"]


def test_log_events_are_filtered_by_words_streams_and_time(crashed: World) -> None:
    logs = connect(crashed, "logs")
    found = logs.filter_log_events(
        logGroupName="/ecs/web", logStreamNames=[_stream(crashed)], filterPattern="two words"
    )
    assert [event["message"] for event in found["events"]] == ["two words"]
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName="/ecs/web", logStreamNamePrefix="web/app/", PaginationConfig={"PageSize": 2}
    )
    assert len([event for page in pages for event in page["events"]]) == 6
    late = logs.filter_log_events(logGroupName="/ecs/web", startTime=int(crashed.clock.time() * 1000))
    assert late["events"] == []


def test_log_groups_and_streams_are_described(crashed: World) -> None:
    logs = connect(crashed, "logs")
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/ecs")["logGroups"]
    assert group["logGroupName"] == "/ecs/web"
    streams = logs.describe_log_streams(logGroupName="/ecs/web", orderBy="LastEventTime", descending=True)
    assert _stream(crashed) in [stream["logStreamName"] for stream in streams["logStreams"]]
    assert streams["logStreams"][0]["lastEventTimestamp"] >= streams["logStreams"][0]["firstEventTimestamp"]


@pytest.mark.parametrize(
    ("group", "stream", "text"),
    [("/no", "x", "The specified log group does not exist."), ("/ecs/web", "x", "The specified log stream does not")],
)
def test_logs_that_are_not_there_are_not_found(crashed: World, group: str, stream: str, text: str) -> None:
    with pytest.raises(ClientError, match=f"ResourceNotFoundException.*{text}"):
        connect(crashed, "logs").get_log_events(logGroupName=group, logStreamName=stream)


def test_target_health_moves_with_the_rollout() -> None:
    balancer = "load_balancer = { health_interval = 10, deregistration_delay = 30 }"
    world = a_world(f"desired = 1\n{balancer}", image("healthy_after = 40"))
    elb = connect(world, "elbv2")
    group = the_service(world).settings["loadBalancers"][0]["targetGroupArn"]

    def states() -> list[str]:
        described = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return [target["TargetHealth"]["State"] for target in described]

    assert states() == ["healthy"]
    deploy(world)
    world.clock.sleep(50)
    assert states() == ["healthy", "initial"]
    world.clock.sleep(30)
    assert states() == ["healthy", "healthy"]
    world.clock.sleep(10)
    assert states() == ["draining", "healthy"]
    world.clock.sleep(60)
    assert states() == ["healthy"]
    gone = elb.describe_target_health(TargetGroupArn=group, Targets=[{"Id": "10.9.9.9"}])["TargetHealthDescriptions"]
    assert gone[0]["TargetHealth"] == {
        "State": "unused",
        "Reason": "Target.NotRegistered",
        "Description": "Target is not registered",
    }


def test_target_groups_of_services_are_described_with_their_checks_and_delay(world: World) -> None:
    elb = connect(world, "elbv2")
    arn = the_service(world).settings["loadBalancers"][0]["targetGroupArn"]
    (group,) = elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
    assert (group["HealthCheckIntervalSeconds"], group["HealthyThresholdCount"]) == (10, 2)
    (attribute,) = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    assert attribute == {"Key": "deregistration_delay.timeout_seconds", "Value": "30"}


def test_the_caller_has_an_identity_without_moto(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moto", None)
    assert connect(world, "sts").get_caller_identity()["Account"] == ACCOUNT


def test_without_moto_a_neighbour_names_the_command_that_installs_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name == "moto" or name.startswith("moto.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "moto", None)
    with pytest.raises(ClientError, match=r"pip install 'moto\[server\]>=5.2'"):
        connect(world, "ecr").describe_repositories()


def test_neighbours_are_motos_and_every_world_has_its_own(world: World) -> None:
    parameters, other = connect(world, "ssm"), connect(a_world(), "ssm")
    parameters.put_parameter(Name="/a", Value="1", Type="String")
    assert parameters.get_parameter(Name="/a")["Parameter"]["Value"] == "1"
    assert f":{ACCOUNT}:" in parameters.get_parameter(Name="/a")["Parameter"]["ARN"]
    with pytest.raises(ClientError, match="ParameterNotFound"):
        other.get_parameter(Name="/a")


@pytest.mark.parametrize("origin", ["https://attacker.example.com", ""])
def test_no_page_of_the_web_is_let_read_what_a_neighbour_says(world: World, origin: str) -> None:
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request"}
    status, headers, _ = world.transport("GET", "http://127.0.0.1:4599/", {**signed, "Origin": origin}, b"")
    assert status == 200
    assert [name for name in headers if name.lower().startswith("access-control-")] == []


def test_a_role_is_assumed(world: World) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/deployer"
    reply: Any = connect(world, "sts").assume_role(RoleArn=role, RoleSessionName="release")
    assert reply["Credentials"]["AccessKeyId"]
    assert f":{ACCOUNT}:assumed-role/deployer/release" in reply["AssumedRoleUser"]["Arn"]


@pytest.mark.parametrize("service", ["iam", "ecr", "elbv2", "cloudwatch"])
def test_json_and_query_neighbours_answer(world: World, service: str) -> None:
    made = connect(world, service)
    calls = {
        "iam": lambda: made.list_roles()["Roles"],
        "ecr": lambda: made.describe_repositories()["repositories"],
        "elbv2": lambda: made.describe_load_balancers()["LoadBalancers"],
        "cloudwatch": lambda: made.describe_alarms()["MetricAlarms"],
    }
    assert calls[service]() == []


def test_the_image_that_is_running_is_that_of_the_scenario(world: World) -> None:
    assert the_service(world).definition.containers[0]["image"] == f"{REPOSITORY}:1"


SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:prod/db-AbCdEf"
APP = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/team/app"


def _named() -> World:
    """A world with a revision that names one thing of each kind."""
    world = a_world(
        f'containers = [{{ name = "app", image = "{APP}:1" }}]', f'[images."{APP}:3"]\npull = "not-found"\n'
    )
    connect(world, "ecs").register_task_definition(
        family="naming",
        taskRoleArn=f"arn:aws:iam::{ACCOUNT}:role/team/task",
        containerDefinitions=[
            {
                "name": "app",
                "image": "x:1",
                "memory": 64,
                "secrets": [
                    {"name": "A", "valueFrom": f"{SECRET}:user::"},
                    {"name": "B", "valueFrom": "/prod/b:3"},
                    {"name": "C", "valueFrom": f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/prod/c"},
                ],
            }
        ],
    )
    return world


@pytest.mark.parametrize("role", ["task", "named-by-a-file-alone"])
def test_w03_every_role_is_there(role: str) -> None:
    found = connect(_named(), "iam").get_role(RoleName=role)["Role"]
    assert found["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/{role}"


@pytest.mark.parametrize("identifier", [SECRET, SECRET[:-7], "prod/db"])
def test_secrets_that_definitions_name_are_there(identifier: str) -> None:
    described = connect(_named(), "secretsmanager").describe_secret(SecretId=identifier)
    assert (described["ARN"], described["Name"]) == (SECRET, "prod/db")


def test_w03_secrets_that_no_definition_names_are_there_too() -> None:
    described = connect(_named(), "secretsmanager").describe_secret(SecretId="prod/other")
    assert described["Name"] == "prod/other"
    assert described["ARN"].startswith(f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:prod/other-")


def test_w03_log_groups_that_no_definition_names_are_there_too_until_somebody_makes_one() -> None:
    world = _named()
    logs = connect(world, "logs")

    def named(prefix: str) -> list[str]:
        return [each["logGroupName"] for each in logs.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]]

    assert named("/ecs/of-a-file-alone") == ["/ecs/of-a-file-alone"]
    assert named("/ecs/we") == ["/ecs/web"]
    logs.create_log_group(logGroupName="/ecs/made")
    assert (named("/ecs/of-a-file-alone"), named("/ecs/made")) == ([], ["/ecs/made"])


def test_w03_once_somebody_has_made_one_of_a_kind_those_are_there_that_were_made() -> None:
    world = _named()
    made = connect(world, "secretsmanager").create_secret(Name="prod/made", SecretString="x")
    described = connect(world, "secretsmanager").describe_secret(SecretId="prod/made")
    assert described["ARN"] == made["ARN"]
    iam = connect(world, "iam")
    iam.create_role(RoleName="made", Path="/team/", AssumeRolePolicyDocument="{}")
    assert iam.get_role(RoleName="made")["Role"]["Path"] == "/team/"
    assert iam.get_role(RoleName="task")["Role"]["Path"] == "/"
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_role(RoleName="named-by-a-file-alone")
    ecr = connect(world, "ecr")
    ecr.create_repository(repositoryName="team/made")
    reply = ecr.batch_get_image(repositoryName="team/made", imageIds=[{"imageTag": "1"}])
    assert (reply["images"], len(reply["failures"])) == ([], 1)


def test_w03_parameters_are_there_but_for_those_that_aws_does_not_list() -> None:
    asked = [{"Key": "Name", "Option": "Equals", "Values": ["/prod/b", "/prod/d", "/aws/reference/secretsmanager/x"]}]
    described = connect(_named(), "ssm").describe_parameters(ParameterFilters=asked)["Parameters"]
    assert [each["Name"] for each in described] == ["/prod/b", "/prod/d"]


def test_images_are_in_ecr_but_for_those_that_cannot_be_found() -> None:
    ecr = connect(_named(), "ecr")
    tags = [{"imageTag": "2"}, {"imageTag": "3"}, {"imageDigest": f"sha256:{'0' * 64}"}]
    reply = ecr.batch_get_image(repositoryName="team/app", imageIds=tags)
    assert [each["imageId"].get("imageTag") for each in reply["images"]] == ["2", None]
    assert [each["imageId"] for each in reply["failures"]] == [{"imageTag": "3"}]
    (detail,) = ecr.describe_images(repositoryName="team/app", imageIds=tags[:1])["imageDetails"]
    assert (detail["imageTags"], detail["imageDigest"]) == (["2"], reply["images"][0]["imageId"]["imageDigest"])
    (pinned,) = ecr.describe_images(repositoryName="team/app", imageIds=tags[2:])["imageDetails"]
    assert "imageTags" not in pinned
    with pytest.raises(ClientError, match="ImageNotFoundException"):
        ecr.describe_images(repositoryName="team/app", imageIds=tags)
    assert len(ecr.batch_get_image(repositoryName="team/other", imageIds=tags)["images"]) == 3


def test_nothing_scales_a_service() -> None:
    scaling = connect(a_world(), "application-autoscaling")
    assert scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []
    assert scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"] == []


def test_what_moto_does_not_have_is_said_so(world: World) -> None:
    with pytest.raises(ClientError, match="UnsupportedFeatureException") as refusal:
        connect(world, "ecr").describe_pull_through_cache_rules()
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_w07_a_schedule_with_a_task_as_its_target_stands_in_no_deployments_way(world: World, ecs: Any) -> None:
    events = connect(world, "events")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    task = {"TaskDefinitionArn": the_service(world).definition.arn, "TaskCount": 1}
    target = {"Id": "1", "Arn": the_service(world).cluster.arn, "RoleArn": "arn:aws:iam::123456789012:role/run"}
    events.put_targets(Rule="nightly", Targets=[{**target, "EcsParameters": task}])
    ecs.update_service(cluster="prod", service="web", forceNewDeployment=True)
    world.settle()
    service = ecs.describe_services(cluster="prod", services=["web"])["services"][0]
    assert [(each["rolloutState"], each["runningCount"]) for each in service["deployments"]] == [("COMPLETED", 2)]
