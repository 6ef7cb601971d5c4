"""Task sets and what else a service under the CODE_DEPLOY controller takes, through botocore."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecsdeploy.sim import World, parse_scenario

SCENARIO = """
[[services]]
cluster = "prod"
name = "web"
desired = 3
image = "registry.example.com/team/web:1"
controller = "CODE_DEPLOY"

[[services]]
cluster = "prod"
name = "own"
image = "registry.example.com/team/own:1"
"""
WEB = {"cluster": "prod", "service": "web"}
LEFT = "on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment."
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}


@pytest.fixture
def world() -> World:
    return World(parse_scenario(SCENARIO))


def _half(ecs: Any) -> Any:
    scale = {"value": 50.0, "unit": "PERCENT"}
    return ecs.create_task_set(**WEB, taskDefinition="web:1", scale=scale, externalId="mine")["taskSet"]


def _sets(ecs: Any) -> list[tuple[str, int, str]]:
    found = ecs.describe_task_sets(**WEB)["taskSets"]
    return [(s["status"], s["runningCount"], s["stabilityStatus"]) for s in found]


def test_a_task_set_runs_its_share_of_the_desired_count_rounded_up(ecs: Any, world: World) -> None:
    made = _half(ecs)
    assert (made["computedDesiredCount"], made["stabilityStatus"], made["externalId"]) == (2, "STABILIZING", "mine")
    assert made["taskSetArn"].startswith("arn:aws:ecs:us-east-1:123456789012:task-set/prod/web/ecs-svc/")
    world.clock.sleep(120)
    assert _sets(ecs) == [("PRIMARY", 3, "STEADY_STATE"), ("ACTIVE", 2, "STEADY_STATE")]
    assert ecs.describe_services(cluster="prod", services=["web"])["services"][0]["runningCount"] == 5


def test_a_task_set_begins_at_scale_0(ecs: Any) -> None:
    made = ecs.create_task_set(**WEB, taskDefinition="web:1")["taskSet"]
    assert (made["scale"], made["computedDesiredCount"]) == ({"value": 0.0, "unit": "PERCENT"}, 0)


def test_a_scale_and_the_desired_count_both_move_a_task_set(ecs: Any, world: World) -> None:
    made = _half(ecs)
    world.clock.sleep(120)
    ecs.update_service(**WEB, desiredCount=4)
    ecs.update_task_set(**WEB, taskSet=made["id"], scale={"value": 25, "unit": "PERCENT"})
    world.clock.sleep(120)
    assert _sets(ecs) == [("PRIMARY", 4, "STEADY_STATE"), ("ACTIVE", 1, "STEADY_STATE")]


def test_the_primary_is_whichever_set_one_makes_it(ecs: Any) -> None:
    made = _half(ecs)
    assert (
        ecs.update_service_primary_task_set(**WEB, primaryTaskSet=made["taskSetArn"])["taskSet"]["status"] == "PRIMARY"
    )
    assert [status for status, _, _ in _sets(ecs)] == ["PRIMARY", "ACTIVE"]
    assert ecs.describe_task_sets(**WEB)["taskSets"][0]["id"] == made["id"]


def test_a_task_set_is_deleted_once_it_is_scaled_to_zero_or_by_force(ecs: Any, world: World) -> None:
    made = _half(ecs)
    world.clock.sleep(120)
    with pytest.raises(ClientError, match="scaled above 0"):
        ecs.delete_task_set(**WEB, taskSet=made["id"])
    with pytest.raises(ClientError, match="primary task set"):
        ecs.delete_task_set(**WEB, taskSet=ecs.describe_task_sets(**WEB)["taskSets"][0]["id"], force=True)
    assert ecs.delete_task_set(**WEB, taskSet=made["id"], force=True)["taskSet"]["status"] == "DRAINING"
    world.clock.sleep(120)
    assert [status for status, _, _ in _sets(ecs)] == ["PRIMARY"]


def test_the_same_token_gives_the_same_task_set(ecs: Any) -> None:
    first = ecs.create_task_set(**WEB, taskDefinition="web:1", clientToken="t")["taskSet"]["id"]
    assert ecs.create_task_set(**WEB, taskDefinition="web:1", clientToken="t")["taskSet"]["id"] == first


def test_five_task_sets_are_the_most(ecs: Any) -> None:
    for _ in range(4):
        ecs.create_task_set(**WEB, taskDefinition="web:1")
    with pytest.raises(ClientError, match=r"5 deployments exist on the service\. Unable to create new TaskSet"):
        ecs.create_task_set(**WEB, taskDefinition="web:1")


def test_task_sets_that_are_not_there_are_failures_or_an_error(ecs: Any) -> None:
    assert ecs.describe_task_sets(**WEB, taskSets=["ecs-svc/1"])["failures"] == [
        {"arn": "ecs-svc/1", "reason": "MISSING"}
    ]
    with pytest.raises(ClientError, match="TaskSetNotFoundException"):
        ecs.update_task_set(**WEB, taskSet="ecs-svc/1", scale={"value": 1, "unit": "PERCENT"})


def test_task_sets_have_tags(ecs: Any) -> None:
    tags = [{"key": "a", "value": "1"}]
    arn = ecs.create_task_set(**WEB, taskDefinition="web:1", tags=tags)["taskSet"]["taskSetArn"]
    assert ecs.list_tags_for_resource(resourceArn=arn)["tags"] == tags
    assert "tags" not in ecs.describe_task_sets(**WEB)["taskSets"][1]
    assert ecs.describe_task_sets(**WEB, include=["TAGS"])["taskSets"][1]["tags"] == tags


def test_a_service_that_ecs_deploys_has_no_task_sets(ecs: Any) -> None:
    with pytest.raises(ClientError) as caught:
        ecs.create_task_set(cluster="prod", service="own", taskDefinition="own:1")
    assert caught.value.response["Error"]["Message"] == (
        "Amazon ECS only supports task set management on services configured to use external deployment controllers."
    )


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"taskDefinition": "web:1"}, f"Unable to update task definition {LEFT}"),
        ({"forceNewDeployment": True}, f"Cannot force a new deployment {LEFT}"),
        ({"networkConfiguration": NETWORK}, f"Unable to update network parameters {LEFT}"),
        ({"platformVersion": "1.4.0"}, f"Unable to update platform version {LEFT}"),
        ({"loadBalancers": []}, f"Unable to update load balancers {LEFT}"),
    ],
    ids=["definition", "force", "network", "platform", "balancers"],
)
def test_what_is_code_deploy_s_to_change_is_refused(ecs: Any, members: dict[str, Any], text: str) -> None:
    with pytest.raises(ClientError) as caught:
        ecs.update_service(**WEB, **members)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("InvalidParameterException", text)


def test_counts_bounds_and_grace_are_still_the_service_s_own(ecs: Any) -> None:
    service = ecs.update_service(
        **WEB,
        desiredCount=2,
        deploymentConfiguration={"minimumHealthyPercent": 50},
        healthCheckGracePeriodSeconds=9,
        propagateTags="SERVICE",
    )["service"]
    assert (service["desiredCount"], service["healthCheckGracePeriodSeconds"]) == (2, 9)
    assert service["deploymentConfiguration"]["minimumHealthyPercent"] == 50


def test_a_service_moves_from_code_deploy_to_ecs_while_nothing_is_deployed_and_not_back(ecs: Any, world: World) -> None:
    service = ecs.update_service(**WEB, deploymentController={"type": "ECS"})["service"]
    assert [d["rolloutState"] for d in service["deployments"]] == ["COMPLETED"]
    ecs.update_service(**WEB, forceNewDeployment=True)
    world.settle()
    assert ecs.list_service_deployments(**WEB)["serviceDeployments"][0]["status"] == "SUCCESSFUL"
    with pytest.raises(ClientError, match="from ECS to CODE_DEPLOY"):
        ecs.update_service(**WEB, deploymentController={"type": "CODE_DEPLOY"})


def test_a_service_does_not_move_in_mid_deployment(ecs: Any) -> None:
    _half(ecs)
    with pytest.raises(ClientError, match="while a deployment is in progress"):
        ecs.update_service(**WEB, deploymentController={"type": "ECS"})


def test_the_controller_external_is_refused_by_name(ecs: Any) -> None:
    with pytest.raises(ClientError, match=r"UnsupportedFeatureException.*deployment controller EXTERNAL"):
        ecs.update_service(**WEB, deploymentController={"type": "EXTERNAL"})


def test_a_new_service_under_code_deploy_has_one_primary_task_set(ecs: Any, world: World) -> None:
    service = ecs.create_service(
        cluster="prod",
        serviceName="new",
        taskDefinition="own:1",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=NETWORK,
        deploymentController={"type": "CODE_DEPLOY"},
    )["service"]
    assert (service["deployments"], [s["status"] for s in service["taskSets"]]) == ([], ["PRIMARY"])
    world.clock.sleep(90)
    found = ecs.describe_task_sets(cluster="prod", service="new")["taskSets"]
    assert (found[0]["runningCount"], found[0]["stabilityStatus"]) == (1, "STEADY_STATE")
    assert ecs.delete_service(cluster="prod", service="new", force=True)["service"]["status"] == "DRAINING"
    world.settle()
    assert ecs.describe_services(cluster="prod", services=["new"])["services"][0]["status"] == "INACTIVE"
