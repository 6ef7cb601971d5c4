"""CodeDeploy for ECS, through botocore: lifecycle events, the shift of traffic, waits, stops and rollbacks."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecsdeploy.sim import World, parse_scenario
from ecsdeploy.sim.actions import act
from ecsdeploy.sim.api.operations import served
from ecsdeploy.sim.scenario.values import Action
from tests.contract.sim.clients import Line, connect
from tests.contract.sim.codedeployed import (
    NAMES,
    NO,
    SCENARIO,
    TARGET,
    create,
    images_of,
    info_of,
    new_revision,
    target_of,
    weights_of,
)
from tests.unit.sim.builders import the_service


@pytest.fixture
def world() -> World:
    return World(parse_scenario(SCENARIO))


@pytest.fixture(scope="session")
def codedeploy_line() -> Line:
    return Line("codedeploy")


@pytest.fixture
def codedeploy(world: World, codedeploy_line: Line) -> Any:
    codedeploy_line.world = world
    return codedeploy_line.client


def test_a_service_under_code_deploy_has_task_sets_and_no_deployments(ecs: Any) -> None:
    service = ecs.describe_services(cluster="prod", services=["web"])["services"][0]
    assert service["deployments"] == []
    assert service["deploymentController"] == {"type": "CODE_DEPLOY"}
    (task_set,) = service["taskSets"]
    assert (task_set["status"], task_set["stabilityStatus"]) == ("PRIMARY", "STEADY_STATE")
    assert (task_set["runningCount"], task_set["computedDesiredCount"], task_set["scale"]["value"]) == (2, 2, 100.0)
    assert ecs.list_service_deployments(cluster="prod", service="web")["serviceDeployments"] == []


def test_the_console_s_application_and_group_are_there(codedeploy: Any) -> None:
    assert codedeploy.list_applications()["applications"] == ["AppECS-prod-web"]
    assert codedeploy.get_application(applicationName="AppECS-prod-web")["application"]["computePlatform"] == "ECS"
    group = codedeploy.get_deployment_group(**NAMES)["deploymentGroupInfo"]
    assert group["ecsServices"] == [{"clusterName": "prod", "serviceName": "web"}]
    (pair,) = group["loadBalancerInfo"]["targetGroupPairInfoList"]
    assert [each["name"] for each in pair["targetGroups"]] == ["prod-web", "prod-web-2"]
    assert codedeploy.list_deployment_groups(applicationName="AppECS-prod-web")["deploymentGroups"] == [
        "DgpECS-prod-web"
    ]


def test_a_deployment_goes_through_its_lifecycle_events_in_order(codedeploy: Any, ecs: Any, world: World) -> None:
    identity = create(codedeploy, ecs)
    assert info_of(codedeploy, identity)["status"] == "Queued"
    with pytest.raises(ClientError, match="DeploymentNotStartedException"):
        codedeploy.list_deployment_targets(deploymentId=identity)
    world.clock.sleep(10)
    assert info_of(codedeploy, identity)["status"] == "InProgress"
    assert codedeploy.list_deployment_targets(deploymentId=identity)["targetIds"] == [TARGET]
    events = {e["lifecycleEventName"]: e["status"] for e in target_of(codedeploy, identity)["lifecycleEvents"]}
    assert (events["BeforeInstall"], events["Install"], events["AfterInstall"]) == (
        "Succeeded",
        "InProgress",
        "Pending",
    )
    world.settle()
    events = {e["lifecycleEventName"]: e["status"] for e in target_of(codedeploy, identity)["lifecycleEvents"]}
    assert events == {
        "BeforeInstall": "Succeeded",
        "Install": "Succeeded",
        "AfterInstall": "Succeeded",
        "AllowTestTraffic": "Skipped",
        "AfterAllowTestTraffic": "Skipped",
        "BeforeAllowTraffic": "Succeeded",
        "AllowTraffic": "Succeeded",
        "AfterAllowTraffic": "Succeeded",
    }
    info = info_of(codedeploy, identity)
    assert (info["status"], info["creator"], info["computePlatform"]) == ("Succeeded", "user", "ECS")
    assert info["completeTime"] > info["startTime"] > info["createTime"]
    assert images_of(ecs)[0] == "2"
    codedeploy.get_waiter("deployment_successful").wait(deploymentId=identity)


def test_the_app_spec_of_a_deployment_is_read_by_its_hash(codedeploy: Any, ecs: Any) -> None:
    identity = create(codedeploy, ecs)
    revision = info_of(codedeploy, identity)["revision"]
    assert "content" not in revision["appSpecContent"]
    application = NAMES["applicationName"]
    found = codedeploy.get_application_revision(applicationName=application, revision=revision)["revision"]
    assert found["appSpecContent"]["sha256"] == revision["appSpecContent"]["sha256"]
    assert "TargetService" in found["appSpecContent"]["content"]
    revision["appSpecContent"]["sha256"] = "0" * 64
    with pytest.raises(ClientError, match="RevisionDoesNotExistException"):
        codedeploy.get_application_revision(applicationName=application, revision=revision)


def test_green_is_primary_after_the_shift_and_blue_goes_when_its_wait_is_over(
    codedeploy: Any, ecs: Any, world: World
) -> None:
    identity = create(codedeploy, ecs)
    world.clock.sleep(30)
    assert weights_of(codedeploy, identity) == {"Blue": 100.0, "Green": 0.0}
    while not info_of(codedeploy, identity)["instanceTerminationWaitTimeStarted"]:
        world.clock.sleep(5)
    assert weights_of(codedeploy, identity) == {"Blue": 0.0, "Green": 100.0}
    assert images_of(ecs) == ["2", "1"]
    sets = ecs.describe_task_sets(cluster="prod", service="web")["taskSets"]
    assert [each["status"] for each in sets] == ["PRIMARY", "ACTIVE"]
    assert sets[0]["externalId"] == identity
    assert sets[0]["loadBalancers"][0]["targetGroupArn"] != sets[1]["loadBalancers"][0]["targetGroupArn"]
    world.clock.sleep(290)
    assert info_of(codedeploy, identity)["status"] == "InProgress"
    world.clock.sleep(20)
    assert info_of(codedeploy, identity)["status"] == "Succeeded"
    world.clock.sleep(120)
    assert images_of(ecs) == ["2"]


@pytest.mark.parametrize(
    ("config", "weights"),
    [
        ("CodeDeployDefault.ECSCanary10Percent5Minutes", [10.0, 100.0]),
        ("CodeDeployDefault.ECSLinear10PercentEvery1Minutes", [float(w) for w in range(10, 101, 10)]),
    ],
)
def test_traffic_is_shifted_by_the_configuration(
    codedeploy: Any, ecs: Any, world: World, config: str, weights: list[float]
) -> None:
    identity = create(codedeploy, ecs, deploymentConfigName=config)
    seen = [0.0]
    world.clock.sleep(5)
    while not info_of(codedeploy, identity)["instanceTerminationWaitTimeStarted"]:
        world.clock.sleep(10)
        weight = weights_of(codedeploy, identity).get("Green", 0.0)
        if weight != seen[-1]:
            seen.append(weight)
    assert seen[1:] == weights


def test_green_that_is_not_stable_within_an_hour_fails_the_deployment_which_is_rolled_back(
    codedeploy: Any, ecs: Any, world: World
) -> None:
    identity = create(codedeploy, ecs, "bad")
    world.clock.sleep(3500)
    assert info_of(codedeploy, identity)["status"] == "InProgress"
    world.settle()
    info = info_of(codedeploy, identity)
    assert (info["status"], info["errorInformation"]["code"]) == ("Failed", "TIMEOUT")
    back = info_of(codedeploy, info["rollbackInfo"]["rollbackDeploymentId"])
    assert (back["creator"], back["status"]) == ("codeDeployRollback", "Succeeded")
    assert back["rollbackInfo"]["rollbackTriggeringDeploymentId"] == identity
    world.clock.sleep(120)
    assert images_of(ecs) == ["1"]


def test_a_hook_that_returns_failed_fails_the_deployment(codedeploy: Any, ecs: Any, world: World) -> None:
    identity = create(codedeploy, ecs, hooks=[{"AfterInstall": NO}])
    world.settle()
    assert info_of(codedeploy, identity)["errorInformation"]["code"] == "HOOK_EXECUTION_FAILURE"
    events = {e["lifecycleEventName"]: e["status"] for e in target_of(codedeploy, identity)["lifecycleEvents"]}
    assert (events["AfterInstall"], events["AllowTraffic"]) == ("Failed", "Skipped")
    world.clock.sleep(120)
    assert images_of(ecs) == ["1"]


def test_a_deployment_is_stopped_and_rolled_back_on_request(codedeploy: Any, ecs: Any, world: World) -> None:
    identity = create(codedeploy, ecs, autoRollbackConfiguration={"enabled": False})
    world.clock.sleep(30)
    reply = codedeploy.stop_deployment(deploymentId=identity, autoRollbackEnabled=True)
    assert reply["status"] == "Succeeded"
    info = info_of(codedeploy, identity)
    assert (info["status"], info["errorInformation"]["code"]) == ("Stopped", "MANUAL_STOP")
    world.settle()
    world.clock.sleep(120)
    assert images_of(ecs) == ["1"]
    with pytest.raises(ClientError, match="DeploymentAlreadyCompletedException"):
        codedeploy.stop_deployment(deploymentId=identity)


def test_without_a_rollback_both_task_sets_stay(codedeploy: Any, ecs: Any, world: World) -> None:
    identity = create(codedeploy, ecs, autoRollbackConfiguration={"enabled": False})
    world.clock.sleep(30)
    codedeploy.stop_deployment(deploymentId=identity)
    world.settle()
    assert "rollbackInfo" not in info_of(codedeploy, identity)
    assert images_of(ecs) == ["1", "2"]


def test_one_deployment_at_a_time_runs_in_a_group(codedeploy: Any, ecs: Any) -> None:
    identity = create(codedeploy, ecs)
    with pytest.raises(ClientError, match=f"already has an active Deployment '{identity}'") as caught:
        create(codedeploy, ecs)
    assert caught.value.response["Error"]["Code"] == "DeploymentLimitExceededException"


def test_waiting_for_the_end_of_blue_can_be_cut_short(codedeploy: Any, ecs: Any, world: World) -> None:
    identity = create(codedeploy, ecs)
    with pytest.raises(ClientError, match="DeploymentIsNotInReadyStateException"):
        codedeploy.continue_deployment(deploymentId=identity, deploymentWaitType="TERMINATION_WAIT")
    while not info_of(codedeploy, identity)["instanceTerminationWaitTimeStarted"]:
        world.clock.sleep(5)
    codedeploy.continue_deployment(deploymentId=identity, deploymentWaitType="TERMINATION_WAIT")
    assert info_of(codedeploy, identity)["status"] == "Succeeded"


def _ready_group(codedeploy: Any) -> dict[str, str]:
    codedeploy.create_application(applicationName="mine", computePlatform="ECS")
    codedeploy.create_deployment_group(
        applicationName="mine",
        deploymentGroupName="own",
        serviceRoleArn="arn:aws:iam::123456789012:role/x",
        ecsServices=[{"clusterName": "prod", "serviceName": "web"}],
        blueGreenDeploymentConfiguration={
            "deploymentReadyOption": {"actionOnTimeout": "STOP_DEPLOYMENT", "waitTimeInMinutes": 10},
            "terminateBlueInstancesOnDeploymentSuccess": {"action": "KEEP_ALIVE"},
        },
    )
    return {"applicationName": "mine", "deploymentGroupName": "own"}


def test_a_deployment_that_is_ready_waits_to_be_continued(codedeploy: Any, ecs: Any, world: World) -> None:
    names = _ready_group(codedeploy)
    identity = codedeploy.create_deployment(**names, revision=new_revision(ecs))["deploymentId"]
    world.clock.sleep(200)
    assert info_of(codedeploy, identity)["status"] == "Ready"
    assert weights_of(codedeploy, identity) == {"Blue": 100.0, "Green": 0.0}
    codedeploy.continue_deployment(deploymentId=identity, deploymentWaitType="READY_WAIT")
    world.clock.sleep(10)
    assert info_of(codedeploy, identity)["status"] == "Succeeded"
    assert images_of(ecs) == ["2", "1"]


def test_a_deployment_that_nobody_continues_is_stopped(codedeploy: Any, ecs: Any, world: World) -> None:
    identity = codedeploy.create_deployment(**_ready_group(codedeploy), revision=new_revision(ecs))["deploymentId"]
    world.settle()
    assert info_of(codedeploy, identity)["status"] == "Stopped"


def test_deployments_are_listed_and_read_in_batches(codedeploy: Any, ecs: Any, world: World) -> None:
    first = create(codedeploy, ecs)
    world.settle()
    second = create(codedeploy, ecs, "3")
    assert codedeploy.list_deployments(**NAMES)["deployments"] == [second, first]
    assert codedeploy.list_deployments(**NAMES, includeOnlyStatuses=["Succeeded"])["deployments"] == [first]
    batch = codedeploy.batch_get_deployments(deploymentIds=[first, second])["deploymentsInfo"]
    assert [info["status"] for info in batch] == ["Succeeded", "Queued"]
    reply = codedeploy.batch_get_deployment_targets(deploymentId=first, targetIds=[TARGET])
    assert [target["deploymentTargetType"] for target in reply["deploymentTargets"]] == ["ECSTarget"]
    group = codedeploy.batch_get_deployment_groups(
        applicationName="AppECS-prod-web", deploymentGroupNames=["DgpECS-prod-web"]
    )["deploymentGroupsInfo"][0]
    assert group["lastSuccessfulDeployment"]["deploymentId"] == first
    assert group["lastAttemptedDeployment"]["deploymentId"] == second


def test_configurations_are_named_made_and_read(codedeploy: Any) -> None:
    assert "CodeDeployDefault.ECSAllAtOnce" in codedeploy.list_deployment_configs()["deploymentConfigsList"]
    route = {"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": 30, "linearInterval": 2}}
    codedeploy.create_deployment_config(deploymentConfigName="mine", computePlatform="ECS", trafficRoutingConfig=route)
    info = codedeploy.get_deployment_config(deploymentConfigName="mine")["deploymentConfigInfo"]
    assert info["trafficRoutingConfig"] == route


def test_an_app_spec_may_be_yaml(codedeploy: Any, ecs: Any, world: World) -> None:
    content = (
        "version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      Properties:\n"
        "        TaskDefinition: web:1\n        LoadBalancerInfo: {ContainerName: app, ContainerPort: 8080}\n"
    )
    revision = {"revisionType": "AppSpecContent", "appSpecContent": {"content": content}}
    identity = codedeploy.create_deployment(**NAMES, revision=revision)["deploymentId"]
    world.settle()
    assert info_of(codedeploy, identity)["status"] == "Succeeded"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"applicationName": "no"}, "ApplicationDoesNotExistException"),
        ({"deploymentGroupName": "no"}, "DeploymentGroupDoesNotExistException"),
        ({"deploymentConfigName": "no"}, "DeploymentConfigDoesNotExistException"),
        ({"revision": {"revisionType": "S3", "s3Location": {"bucket": "b"}}}, "InvalidRevisionException"),
        (
            {"revision": {"revisionType": "AppSpecContent", "appSpecContent": {"content": "{"}}},
            "InvalidRevisionException",
        ),
    ],
)
def test_a_deployment_that_cannot_be_is_refused_by_code_deploy_s_own_error(
    codedeploy: Any, ecs: Any, members: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as caught:
        codedeploy.create_deployment(**(NAMES | {"revision": new_revision(ecs)} | members))
    assert caught.value.response["Error"]["Code"] == code


def test_a_service_under_ecs_s_own_controller_is_not_code_deploy_s(codedeploy: Any, ecs: Any) -> None:
    ecs.update_service(cluster="prod", service="web", deploymentController={"type": "ECS"})
    with pytest.raises(ClientError, match="InvalidECSServiceException"):
        create(codedeploy, ecs)


def test_an_operation_out_of_scope_says_so_by_name(codedeploy: Any) -> None:
    with pytest.raises(ClientError, match=r"UnsupportedFeatureException.*DeleteApplication"):
        codedeploy.delete_application(applicationName="AppECS-prod-web")
    assert "DeleteApplication" not in served("codedeploy")


def test_the_first_deployment_starts_what_others_do(world: World) -> None:
    scenario = SCENARIO + '[[at]]\ntime = 10\ndo = "scale"\ndesired = 3\n'
    world = World(parse_scenario(scenario))
    create(connect(world, "codedeploy"), connect(world))
    world.clock.sleep(11)
    assert world.region.clusters["prod"].services["web"].desired == 3


def test_others_deploy_through_the_group_when_it_is_not_at_work() -> None:
    deploys = '[[at]]\ntime = {}\ndo = "deploy"\nimage = "registry.example.com/team/web:{}"\n'
    world = World(parse_scenario(SCENARIO + deploys.format(30, 3) + deploys.format(900, 4)))
    ecs, codedeploy = connect(world), connect(world, "codedeploy")
    create(codedeploy, ecs)
    world.settle()
    world.clock.sleep(120)
    assert [each.status for each in world.region.codedeploy.deployments.values()] == ["Succeeded", "Succeeded"]
    assert images_of(ecs) == ["4"]


def test_without_a_group_others_cannot_deploy() -> None:
    scenario = SCENARIO.replace('"CODE_DEPLOY"', '"CODE_DEPLOY"\ndeployment_group = false')
    world = World(parse_scenario(scenario))
    act(
        world.region,
        Action(time=0, do="deploy", cluster="prod", service="web", image="registry.example.com/team/web:3"),
    )
    assert not world.region.codedeploy.deployments


def test_w02_names_over_a_hundred_characters_are_refused(world: World) -> None:
    codedeploy = connect(world, "codedeploy")
    with pytest.raises(ClientError, match="InvalidApplicationNameException"):
        codedeploy.create_application(applicationName="a" * 101, computePlatform="ECS")
    codedeploy.create_application(applicationName="a" * 100, computePlatform="ECS")


@pytest.mark.parametrize("named", [True, False], ids=["named", "not named"])
def test_w06_an_appspec_without_capacity_providers_takes_those_of_the_service_away(
    codedeploy: Any, ecs: Any, world: World, named: bool
) -> None:
    service = the_service(world)
    for settings in (service.settings, service.primary.revision.settings):
        del settings["launchType"]
        settings["capacityProviderStrategy"] = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    revision = new_revision(ecs)
    if named:
        document = json.loads(revision["appSpecContent"]["content"])
        chosen = [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]
        document["Resources"][0]["TargetService"]["Properties"]["CapacityProviderStrategy"] = chosen
        revision["appSpecContent"]["content"] = json.dumps(document)
    codedeploy.create_deployment(**NAMES, revision=revision)
    world.settle()
    described = ecs.describe_services(cluster="prod", services=["web"])["services"][0]
    kept = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    for shown in (described, described["taskSets"][0]):
        found = (shown.get("capacityProviderStrategy"), shown.get("launchType"))
        assert found == ((kept, None) if named else (None, "FARGATE"))
