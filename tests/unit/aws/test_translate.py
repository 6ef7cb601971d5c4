from datetime import UTC, datetime

import pytest

from ecsdeploy.aws import translate
from ecsdeploy.errors import ReplyLost
from ecsdeploy.model.service import BreakerCount, RevisionShare
from ecsdeploy.model.settings import Breaker, CapacityShare, Demands, Launch, LaunchVolume, Registry
from tests.unit.aws.answers import ARN, service

AT = 1_767_268_800.0
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_service_with_nothing_optional_has_the_defaults_of_ecs() -> None:
    found = translate.service(service())

    assert (found.strategy, found.controller, found.scheduling) == ("ROLLING", "ECS", "REPLICA")
    assert (found.minimum_healthy_percent, found.maximum_percent) == (None, None)
    assert found.breaker == Breaker()
    assert (found.deployments, found.events, found.target_groups) == ((), (), ())
    assert not found.managed_by_express
    assert found.primary is None


def test_a_service_keeps_what_decides_about_a_deployment() -> None:
    found = translate.service(
        service(
            desiredCount=4,
            runningCount=3,
            pendingCount=1,
            schedulingStrategy="DAEMON",
            resourceManagementType="ECS",
            healthCheckGracePeriodSeconds=30,
            deploymentController={"type": "CODE_DEPLOY"},
            currentServiceDeployment="the-arn",
            deploymentConfiguration={
                "minimumHealthyPercent": 0,
                "maximumPercent": 150,
                "strategy": "CANARY",
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            },
        )
    )

    assert (found.desired, found.running, found.pending) == (4, 3, 1)
    assert (found.minimum_healthy_percent, found.maximum_percent) == (0, 150)
    assert (found.strategy, found.controller, found.scheduling) == ("CANARY", "CODE_DEPLOY", "DAEMON")
    assert found.breaker == Breaker(enabled=True, rollback=True)
    assert found.managed_by_express
    assert (found.grace_seconds, found.current_service_deployment) == (30, "the-arn")


def test_p02_what_a_service_needs_of_a_definition_is_read_from_it_and_from_its_primary_deployment() -> None:
    primary = {
        "id": "ecs-svc/2",
        "status": "PRIMARY",
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
        "serviceConnectConfiguration": {"enabled": True, "services": [{"portName": "http"}, {"portName": "http"}]},
        "vpcLatticeConfigurations": [{"portName": "grpc"}, {}],
        "volumeConfigurations": [{"name": "data", "managedEBSVolume": {"roleArn": "arn:r"}}],
    }
    old = {"id": "ecs-svc/1", "status": "ACTIVE", "volumeConfigurations": [{"name": "other"}]}
    registries = [{"registryArn": "arn", "containerName": "app", "containerPort": 8080}, {"registryArn": "arn"}]
    found = translate.service(service(deployments=[old, primary], serviceRegistries=registries))
    assert found.settings.demands == Demands(
        fargate=True,
        networked=True,
        registries=(Registry(container="app", port=8080), Registry()),
        named_ports=("http", "grpc"),
        launch_volumes=(LaunchVolume(name="data", managed={"roleArn": "arn:r"}),),
    )


@pytest.mark.parametrize(
    ("members", "fargate"),
    [
        ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]}, True),
        ({"capacityProviderStrategy": [{"capacityProvider": "instances", "weight": 1}]}, False),
        ({"taskSets": [{"id": "ecs-svc/1", "status": "PRIMARY", "launchType": "FARGATE"}]}, True),
        ({"launchType": "EC2"}, False),
    ],
)
def test_p02_a_service_runs_on_fargate_by_launch_type_or_by_capacity_provider(
    members: dict[str, object], fargate: bool
) -> None:
    assert translate.service(service(**members)).settings.demands == Demands(fargate=fargate)


def test_p02_service_connect_that_is_off_names_no_port() -> None:
    connect = {"enabled": False, "services": [{"portName": "http"}]}
    off = {"id": "ecs-svc/1", "status": "PRIMARY", "serviceConnectConfiguration": connect}
    assert translate.service(service(deployments=[off])).settings.demands == Demands()


@pytest.mark.parametrize(
    ("controller", "stability", "state"),
    [
        ("EXTERNAL", "STEADY_STATE", "COMPLETED"),
        ("EXTERNAL", "STABILIZING", "IN_PROGRESS"),
        ("EXTERNAL", "MARINATING", ""),
        ("CODE_DEPLOY", "STEADY_STATE", ""),
    ],
)
def test_t07_the_stability_of_a_task_set_is_its_state(controller: str, stability: str, state: str) -> None:
    sets = [{"id": "ecs-svc/1", "status": "PRIMARY", "stabilityStatus": stability}]
    found = translate.service(service(taskSets=sets, deploymentController={"type": controller}))
    assert found.deployments[0].rollout_state == state


def test_t07_vpc_lattice_stands_in_the_deployment() -> None:
    listed = [{"id": "ecs-svc/1", "status": "PRIMARY", "vpcLatticeConfigurations": [{"portName": "http"}]}]
    assert translate.service(service(deployments=listed)).settings.is_checked_unseen
    assert not translate.service(service()).settings.is_checked_unseen


def test_p08_the_capacity_provider_strategy_is_that_of_the_primary_task_set() -> None:
    spot = [{"capacityProvider": "FARGATE_SPOT", "weight": 3}, {"capacityProvider": "FARGATE", "weight": 1, "base": 1}]
    shares = (CapacityShare(provider="FARGATE_SPOT", weight=3), CapacityShare(provider="FARGATE", weight=1, base=1))
    assert translate.service(service(capacityProviderStrategy=spot)).settings.capacity == shares
    primary = {"id": "ecs-svc/2", "status": "PRIMARY"}
    sets = [{"id": "ecs-svc/1", "status": "ACTIVE"}, {**primary, "capacityProviderStrategy": spot}]
    assert translate.service(service(taskSets=sets)).settings.capacity == shares
    lost = service(capacityProviderStrategy=spot, taskSets=[{**primary, "launchType": "FARGATE"}])
    assert translate.service(lost).settings.capacity == ()


def test_where_tasks_run_is_that_of_the_primary_task_set() -> None:
    network, other = ({"awsvpcConfiguration": {"subnets": [name]}} for name in ("subnet-1", "subnet-2"))
    constraint = {"type": "distinctInstance"}
    alone = service(
        launchType="FARGATE", platformVersion="1.4.0", networkConfiguration=network, placementConstraints=[constraint]
    )
    whole = Launch(launch_type="FARGATE", platform_version="1.4.0", network=network, constraints=(constraint,))
    assert translate.service(alone).settings.launch == whole
    primary = {"id": "ecs-svc/1", "status": "PRIMARY", "launchType": "EC2", "networkConfiguration": other}
    found = translate.service(service(networkConfiguration=network, taskSets=[primary])).settings.launch
    assert found == Launch(launch_type="EC2", network=other)
    assert translate.service(service(networkConfiguration=None)).settings.launch.network is None


def test_both_target_groups_of_a_blue_green_service_count() -> None:
    balancers = [
        {"targetGroupArn": "blue", "advancedConfiguration": {"alternateTargetGroupArn": "green"}},
        {"loadBalancerName": "classic"},
        {"targetGroupArn": "blue"},
    ]
    assert translate.service(service(loadBalancers=balancers)).target_groups == ("blue", "green")


@pytest.mark.parametrize("nameless", [{}, {"id": ""}, {"id": None}])
@pytest.mark.parametrize("member", ["deployments", "taskSets"])
def test_t05_a_deployment_without_its_id_makes_a_reply_a_lost_one(member: str, nameless: dict[str, object]) -> None:
    with pytest.raises(ReplyLost):
        translate.service(service(**{member: [{"status": "PRIMARY", **nameless}]}))


def test_deployments_keep_their_order_and_their_counts() -> None:
    found = translate.service(
        service(
            deployments=[
                {
                    "id": "ecs-svc/2",
                    "status": "PRIMARY",
                    "taskDefinition": "web:8",
                    "desiredCount": 4,
                    "pendingCount": 1,
                    "runningCount": 2,
                    "failedTasks": 3,
                    "rolloutState": "IN_PROGRESS",
                    "rolloutStateReason": "in progress.",
                    "createdAt": AT,
                    "updatedAt": AT,
                },
                {"id": "ecs-svc/1", "status": "DRAINING"},
            ]
        )
    )
    primary = found.deployments[0]

    assert [each.id for each in found.deployments] == ["ecs-svc/2", "ecs-svc/1"]
    assert (primary.desired, primary.pending, primary.running, primary.failed) == (4, 1, 2, 3)
    assert (primary.rollout_state, primary.rollout_reason) == ("IN_PROGRESS", "in progress.")
    assert (primary.created_at, primary.updated_at) == (NOON, NOON)
    assert found.deployments[1].rollout_state == ""


def test_f12_an_unknown_status_passes_as_it_is() -> None:
    assert translate.deployment({"id": "1", "status": "NEW", "rolloutState": "ODD"}).rollout_state == "ODD"
    assert translate.service_deployment({"status": "PAUSED_FOR_TEA"}).status == "PAUSED_FOR_TEA"
    assert translate.task({"lastStatus": "WARMING"}).status == "WARMING"


@pytest.mark.parametrize(
    ("breaker", "found"),
    [
        ({"enable": True, "rollback": True}, Breaker(enabled=True, rollback=True)),
        ({"thresholdConfiguration": {}}, Breaker()),
        ({"thresholdConfiguration": {"type": "COUNT", "value": 7}}, Breaker(measure="COUNT", value=7)),
    ],
)
def test_t01_a_breaker_has_its_threshold(breaker: dict[str, object], found: Breaker) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html."""
    assert translate.service(service(deploymentConfiguration={"deploymentCircuitBreaker": breaker})).breaker == found


def test_an_event_without_a_time_is_left_out() -> None:
    events = [{"id": "1", "createdAt": AT, "message": "has started 1 tasks"}, {"id": "2"}]
    found = translate.service(service(events=events)).events
    assert [(each.id, each.at, each.message) for each in found] == [("1", NOON, "has started 1 tasks")]


def test_a_service_deployment_shows_breaker_rollback_and_alarms() -> None:
    found = translate.service_deployment(
        {
            "serviceDeploymentArn": "arn",
            "status": "ROLLBACK_IN_PROGRESS",
            "statusReason": "why",
            "lifecycleStage": "BAKE_TIME",
            "targetServiceRevision": {"arn": "rev/9"},
            "rollback": {"reason": "breaker", "serviceRevisionArn": "rev/8"},
            "deploymentCircuitBreaker": {"status": "TRIGGERED", "failureCount": 3, "threshold": 3},
            "alarms": {"triggeredAlarmNames": ["5xx"]},
        }
    )

    assert (found.target_revision, found.stage, found.reason) == ("rev/9", "BAKE_TIME", "why")
    assert (found.rollback_reason, found.rollback_revision) == ("breaker", "rev/8")
    assert found.breaker == BreakerCount(status="TRIGGERED", failures=3, threshold=3)
    assert found.triggered_alarms == ("5xx",)


def test_a_service_deployment_shows_each_revisions_share_of_the_traffic() -> None:
    found = translate.service_deployment(
        {
            "status": "IN_PROGRESS",
            "targetServiceRevision": {
                "arn": "rev/9",
                "requestedTaskCount": 4,
                "runningTaskCount": 3,
                "pendingTaskCount": 1,
                "requestedTestTrafficWeight": 100.0,
                "requestedProductionTrafficWeight": 12.5,
            },
            "sourceServiceRevisions": [{"arn": "rev/8", "runningTaskCount": 4}, {}],
            "createdAt": 1.0,
            "finishedAt": 61.0,
        }
    )
    assert found.target == RevisionShare(
        revision="rev/9", requested=4, running=3, pending=1, test_weight=100, production_weight=12.5
    )
    assert found.sources == (RevisionShare(revision="rev/8", running=4),)
    assert found.created_at is not None
    assert found.finished_at is not None
    assert (found.finished_at - found.created_at).total_seconds() == 60


def test_only_the_pauses_that_wait_await_an_answer() -> None:
    details = [{"hookId": "a", "status": "AWAITING_ACTION"}, {"hookId": "b", "status": "SUCCEEDED"}]
    found = translate.service_deployment({"status": "IN_PROGRESS", "lifecycleHookDetails": details})
    assert [each.id for each in found.awaiting] == ["a"]


@pytest.mark.parametrize(("enabled", "names"), [(True, ("5xx",)), (False, ())])
def test_alarms_that_are_not_enabled_are_not_watched(enabled: bool, names: tuple[str, ...]) -> None:
    alarms = {"alarmNames": ["5xx"], "enable": enabled, "rollback": True}
    assert translate.service({"deploymentConfiguration": {"alarms": alarms}}).alarms.watched == names


def test_the_brief_of_a_service_deployment_has_no_breaker() -> None:
    found = translate.service_deployment({"status": "PENDING", "targetServiceRevisionArn": "rev/9"})
    assert (found.target_revision, found.breaker) == ("rev/9", None)


def test_a_container_that_never_ran_has_no_exit_code() -> None:
    found = translate.task({"containers": [{"name": "app", "reason": "CannotPullContainerError"}]})
    assert found.containers[0].exit_code is None
    assert found.containers[0].reason == "CannotPullContainerError"


def test_a_stopped_task_keeps_why_and_when() -> None:
    found = translate.task(
        {
            "taskArn": f"{ARN}task/prod/abc",
            "taskDefinitionArn": "web:8",
            "lastStatus": "STOPPED",
            "desiredStatus": "STOPPED",
            "startedBy": "ecs-svc/2",
            "stopCode": "EssentialContainerExited",
            "stoppedReason": "Essential container in task exited",
            "createdAt": AT,
            "startedAt": AT,
            "executionStoppedAt": AT,
            "stoppedAt": AT,
            "containers": [{"name": "app", "exitCode": 137, "image": "app:2", "imageDigest": "sha256:1"}],
        }
    )

    assert (found.id, found.started_by, found.health) == ("abc", "ecs-svc/2", "UNKNOWN")
    assert (found.stop_code, found.containers[0].exit_code) == ("EssentialContainerExited", 137)
    assert {found.created_at, found.started_at, found.execution_stopped_at, found.stopped_at} == {NOON}
    assert (found.containers[0].image, found.containers[0].digest) == ("app:2", "sha256:1")


@pytest.mark.parametrize(
    "members",
    [
        {"attachments": [{"details": [{"name": "privateIPv4Address", "value": "10.0.0.1"}]}]},
        {"containers": [{"name": "app", "networkInterfaces": [{"privateIpv4Address": "10.0.0.1"}]}]},
    ],
    ids=["attachment", "container"],
)
def test_a_task_has_the_address_of_its_network_interface(members: dict[str, object]) -> None:
    assert translate.task(members).addresses == ("10.0.0.1",)
