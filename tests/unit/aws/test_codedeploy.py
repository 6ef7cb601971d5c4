"""CodeDeploy's calls as they leave, and its replies as the engine gets them."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from ecsdeploy.aws import translate
from ecsdeploy.errors import AwsRefused, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.codedeploy import CodeDeployment, LifecycleEvent, Route, TaskSet
from tests.unit.aws.answers import ARN, WEB, Aws, Refusal, aws, plane_on, service

AT, NOON = 1_767_268_800.0, datetime(2026, 1, 1, 12, tzinfo=UTC)
GROUP = {
    "applicationName": "AppECS-prod-web",
    "deploymentGroupName": "DgpECS-prod-web",
    "ecsServices": [{"clusterName": "prod", "serviceName": "web"}],
    "lastAttemptedDeployment": {"deploymentId": "d-2", "status": "InProgress", "createTime": AT},
    "lastSuccessfulDeployment": {"deploymentId": "d-1", "status": "Succeeded"},
    "blueGreenDeploymentConfiguration": {
        "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": 5},
        "deploymentReadyOption": {"actionOnTimeout": "STOP_DEPLOYMENT", "waitTimeInMinutes": 10},
    },
    "deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce",
    "autoRollbackConfiguration": {"enabled": True, "events": ["DEPLOYMENT_FAILURE"]},
    "alarmConfiguration": {"enabled": True, "alarms": [{"name": "web-5xx"}]},
}
ROUTE = Route(
    application="AppECS-prod-web",
    group="DgpECS-prod-web",
    newest="d-2",
    newest_status="InProgress",
    newest_at=NOON,
    newest_good="d-1",
    wait_seconds=300,
    ready_seconds=600,
    shift="CodeDeployDefault.ECSAllAtOnce",
    rolls_back_on=("DEPLOYMENT_FAILURE",),
    alarms=("web-5xx",),
)
NO_APPLICATION = Refusal(code="ApplicationDoesNotExistException", message="No application found for name: x")
REFUSED = Refusal(code="InvalidApplicationNameException", message="The application name is invalid.")
DENIED = Refusal(code="AccessDeniedException", message="not authorized to perform: codedeploy:GetDeploymentGroup")


def _info(identifier: str, **members: object) -> dict[str, object]:
    return {"deploymentId": identifier, "status": "Succeeded", **members}


def test_the_group_of_the_console_s_names_is_found_at_once() -> None:
    transport = aws(GetDeploymentGroup={"deploymentGroupInfo": GROUP})
    assert plane_on(transport).codedeploy.routes(WEB) == (ROUTE,)
    assert transport.operations == ["GetDeploymentGroup"]
    assert transport.sent[0].body == {
        "applicationName": "AppECS-prod-web",
        "deploymentGroupName": "DgpECS-prod-web",
    }


def test_p08_names_are_cut_as_the_console_cuts_them() -> None:
    transport = aws(GetDeploymentGroup={"deploymentGroupInfo": GROUP}, ListApplications={"applications": []})
    plane_on(transport).codedeploy.routes(ServiceRef(cluster="c" * 60, name="s" * 50))
    assert transport.sent[0].body == {
        "applicationName": f"AppECS-{'c' * 46}-{'s' * 46}",
        "deploymentGroupName": f"DgpECS-{'c' * 46}-{'s' * 46}",
    }


@pytest.mark.parametrize(
    "first", [REFUSED, NO_APPLICATION, DENIED, {"deploymentGroupInfo": {**GROUP, "ecsServices": []}}]
)
def test_any_other_group_is_looked_for_among_the_applications_for_ecs(first: Refusal | dict[str, object]) -> None:
    transport = aws(
        GetDeploymentGroup=first,
        ListApplications=[{"applications": ["a"], "nextToken": "more"}, {"applications": ["b", "c"]}],
        BatchGetApplications={
            "applicationsInfo": [
                {"applicationName": "a", "computePlatform": "Lambda"},
                {"applicationName": "b", "computePlatform": "ECS"},
                {"applicationName": "c", "computePlatform": "ECS"},
            ]
        },
        ListDeploymentGroups=[{"deploymentGroups": ["g", "h"]}, {"deploymentGroups": []}],
        BatchGetDeploymentGroups={
            "deploymentGroupsInfo": [
                {**GROUP, "applicationName": "b", "deploymentGroupName": "g"},
                {**GROUP, "ecsServices": [{"clusterName": "prod", "serviceName": "worker"}]},
            ]
        },
    )
    (found,) = plane_on(transport).codedeploy.routes(WEB)
    assert str(found) == "b/g"
    assert transport.sent[2].body == {"nextToken": "more"}
    asked = [each.body for each in transport.sent if each.operation == "BatchGetDeploymentGroups"]
    assert asked == [{"applicationName": "b", "deploymentGroupNames": ["g", "h"]}]


def test_a_group_that_keeps_the_old_version_does_not_wait() -> None:
    ending = {"terminateBlueInstancesOnDeploymentSuccess": {"action": "KEEP_ALIVE", "terminationWaitTimeInMinutes": 5}}
    group = {**GROUP, "blueGreenDeploymentConfiguration": ending}
    (found,) = plane_on(aws(GetDeploymentGroup={"deploymentGroupInfo": group})).codedeploy.routes(WEB)
    assert found.wait_seconds == 0


def test_a_deployment_is_made_of_content_and_hash() -> None:
    transport = aws(CreateDeployment={"deploymentId": "d-3"})
    assert plane_on(transport).codedeploy.create(ROUTE, "{}", "ecs-deploy: web:2") == "d-3"
    assert transport.sent[0].body == {
        "applicationName": "AppECS-prod-web",
        "deploymentGroupName": "DgpECS-prod-web",
        "description": "ecs-deploy: web:2",
        "revision": {
            "revisionType": "AppSpecContent",
            "appSpecContent": {"content": "{}", "sha256": sha256(b"{}").hexdigest()},
        },
    }
    assert transport.sent[0].headers["X-Amz-Target"] == "CodeDeploy_20141006.CreateDeployment"


def test_a_stop_asks_for_a_rollback() -> None:
    transport = aws(StopDeployment={"status": "Pending"})
    plane_on(transport).codedeploy.stop("d-1")
    assert transport.sent[0].body == {"deploymentId": "d-1", "autoRollbackEnabled": True}


def test_a_deployment_is_read_with_what_decides_about_it() -> None:
    info = _info(
        "d-1",
        status="Stopped",
        applicationName="a",
        deploymentGroupName="g",
        creator="user",
        errorInformation={"code": "MANUAL_STOP", "message": "Stopped."},
        revision={"revisionType": "AppSpecContent", "appSpecContent": {"sha256": "abc"}},
        rollbackInfo={"rollbackDeploymentId": "d-2", "rollbackTriggeringDeploymentId": "d-0"},
        autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_FAILURE"]},
        instanceTerminationWaitTimeStarted=True,
        createTime=AT,
    )
    assert plane_on(aws(GetDeployment={"deploymentInfo": info})).codedeploy.deployment("d-1") == CodeDeployment(
        id="d-1",
        status="Stopped",
        application="a",
        group="g",
        creator="user",
        error_code="MANUAL_STOP",
        error_message="Stopped.",
        appspec_hash="abc",
        rollback_id="d-2",
        rolls_back="d-0",
        rolls_back_on=frozenset({"DEPLOYMENT_FAILURE"}),
        awaits_termination=True,
        created_at=NOON,
    )


def test_a_rollback_setting_that_is_off_has_no_events() -> None:
    off = _info("d-1", autoRollbackConfiguration={"enabled": False, "events": ["DEPLOYMENT_FAILURE"]})
    plane = plane_on(aws(GetDeployment={"deploymentInfo": off}))
    assert plane.codedeploy.deployment("d-1").rolls_back_on == frozenset()


def test_a_deployment_that_is_not_there_is_no_resource() -> None:
    transport = aws(GetDeployment=Refusal(code="DeploymentDoesNotExistException", message="d-9 could not be found"))
    with pytest.raises(NoSuchResource, match="CodeDeploy deployment `d-9`"):
        plane_on(transport).codedeploy.deployment("d-9")


TARGET = {
    "lifecycleEvents": [
        {"lifecycleEventName": "Install", "status": "Succeeded"},
        {"lifecycleEventName": "BeforeAllowTraffic", "status": "Failed", "diagnostics": {"message": "No."}},
    ],
    "taskSetsInfo": [
        {"identifer": "ecs-svc/1", "taskSetLabel": "Blue", "desiredCount": 2, "runningCount": 2, "trafficWeight": 90.0},
        {"identifer": "ecs-svc/2", "taskSetLabel": "Green", "desiredCount": 2, "pendingCount": 1, "runningCount": 1},
    ],
}


def test_a_target_is_the_service_with_its_events_and_two_task_sets() -> None:
    transport = aws(BatchGetDeploymentTargets={"deploymentTargets": [{"ecsTarget": TARGET}]})
    found = plane_on(transport).codedeploy.target(WEB, "d-1")
    assert found is not None
    assert found.event("Install") == LifecycleEvent(name="Install", status="Succeeded")
    assert found.event("BeforeAllowTraffic") == LifecycleEvent(
        name="BeforeAllowTraffic", status="Failed", message="No."
    )
    assert found.side("Blue") == TaskSet(id="ecs-svc/1", label="Blue", desired=2, running=2, weight=90)
    assert found.side("Green") == TaskSet(id="ecs-svc/2", label="Green", desired=2, pending=1, running=1)
    assert transport.sent[0].body == {"deploymentId": "d-1", "targetIds": ["prod:web"]}


def _target_after(answer: Refusal | dict[str, object]) -> Aws:
    return aws(BatchGetDeploymentTargets=answer)


def test_until_it_has_begun_a_deployment_has_no_target() -> None:
    begun = Refusal(code="DeploymentNotStartedException", message="The deployment d-1 has not started yet")
    assert plane_on(_target_after(begun)).codedeploy.target(WEB, "d-1") is None
    assert plane_on(_target_after({"deploymentTargets": []})).codedeploy.target(WEB, "d-1") is None
    with pytest.raises(AwsRefused):
        plane_on(_target_after(Refusal(code="InvalidDeploymentIdException"))).codedeploy.target(WEB, "d-1")


def test_an_app_spec_is_read_by_its_hash() -> None:
    content = json.dumps({"version": 0.0})
    transport = aws(GetApplicationRevision={"revision": {"appSpecContent": {"content": content, "sha256": "abc"}}})
    of = CodeDeployment(id="d-1", status="Succeeded", application="a", appspec_hash="abc")
    assert plane_on(transport).codedeploy.appspec(of) == content
    assert transport.sent[0].body == {
        "applicationName": "a",
        "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"sha256": "abc"}},
    }


def test_deployments_come_newest_first_in_batches_of_twenty_five() -> None:
    names = [f"d-{number}" for number in range(30)]
    transport = aws(
        ListDeployments={"deployments": names},
        BatchGetDeployments=[
            {"deploymentsInfo": [_info(name, createTime=AT + n) for n, name in enumerate(names[:25])]},
            {"deploymentsInfo": [_info(name) for name in names[25:]]},
        ],
    )
    found = plane_on(transport).codedeploy.deployments(ROUTE, NOON)
    assert [each.id for each in found[:2]] == ["d-24", "d-23"]
    assert len(found) == 30
    assert transport.sent[0].body == {
        "applicationName": "AppECS-prod-web",
        "deploymentGroupName": "DgpECS-prod-web",
        "createTimeRange": {"start": AT},
    }
    plane_on(transport).codedeploy.deployments(ROUTE)
    assert "createTimeRange" not in transport.sent[-3].body


def test_t09_deployments_are_listed_page_by_page() -> None:
    names = [[f"d-{page}-{number}" for number in range(100)] for page in range(2)]
    transport = aws(
        ListDeployments=[{"deployments": names[0], "nextToken": "2"}, {"deployments": names[1]}],
        BatchGetDeployments={"deploymentsInfo": [_info("d-1")]},
    )
    plane = plane_on(transport).codedeploy
    first, token = plane.deployments_page(ROUTE)
    _, last = plane.deployments_page(ROUTE, token)
    assert (len(first), token, last) == (4, "2", "")
    asked = [each.body.get("nextToken") for each in transport.sent if each.operation == "ListDeployments"]
    assert asked == [None, "2"]


def test_code_deploy_deploys_blue_green_whatever_the_service_says() -> None:
    under = {"deploymentController": {"type": "CODE_DEPLOY"}}
    rolling = service(**under, deploymentConfiguration={"strategy": "ROLLING", "maximumPercent": 100})
    assert translate.service(rolling).strategy == "BLUE_GREEN"
    assert translate.service(service(**under)).strategy == "BLUE_GREEN"


def test_task_sets_stand_where_deployments_would() -> None:
    """A service that ECS does not deploy has no deployments, and what its PRIMARY task set runs is in use."""
    sets = [
        {"id": "ecs-svc/2", "status": "ACTIVE", "taskDefinition": f"{ARN}task-definition/web:9"},
        {
            "id": "ecs-svc/1",
            "status": "PRIMARY",
            "taskDefinition": f"{ARN}task-definition/web:8",
            "computedDesiredCount": 2,
            "runningCount": 1,
            "pendingCount": 1,
        },
    ]
    found = translate.service(service(taskSets=sets, deployments=[]))
    assert found.primary is not None
    assert (found.primary.id, found.primary.desired, found.primary.running, found.primary.pending) == (
        "ecs-svc/1",
        2,
        1,
        1,
    )
    assert found.task_definition == f"{ARN}task-definition/web:8"
