"""Strategies through the SDK: botocore's shapes in both directions, and what the neighbours say meanwhile."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecsdeploy.sim import World
from tests.contract.sim.clients import Line, connect
from tests.unit.sim.builders import deploy, the_service
from tests.unit.sim.builders import world as a_world
from tests.unit.sim.strategies import at_stage, blue_green, pause, service, until, weights

CANARY = 'strategy = "CANARY", canary_configuration = { canary_percent = 2.5, canary_bake_time_in_minutes = 5 }'
ALARMED = 'alarms = { enable = true, rollback = true, alarm_names = ["web-5xx"] }'


def _record(ecs: Any, world: World) -> dict[str, Any]:
    arn = the_service(world).history[-1].arn
    found: dict[str, Any] = ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]
    return found


def test_a_deployment_that_shifts_traffic_is_described_with_stage_weights_and_hooks(line: Line) -> None:
    world = line.world = a_world(service(f"{CANARY}, {pause('PRE_PRODUCTION_TRAFFIC_SHIFT')}, {ALARMED}"))
    ecs = line.client
    deploy(world)
    until(world, at_stage("PRE_PRODUCTION_TRAFFIC_SHIFT"))
    hook = _record(ecs, world)["lifecycleHookDetails"][0]
    assert hook["expiresAt"].timestamp() == world.clock.time() + 300
    ecs.continue_service_deployment(
        serviceDeploymentArn=the_service(world).history[-1].arn, hookId=hook["hookId"], action="CONTINUE"
    )
    until(world, lambda w: weights(w)[1] == 2.5)
    record = _record(ecs, world)
    (source,) = record["sourceServiceRevisions"]
    assert record["lifecycleStage"] == "PRODUCTION_TRAFFIC_SHIFT"
    assert record["targetServiceRevision"]["requestedProductionTrafficWeight"] == 2.5
    assert source["requestedProductionTrafficWeight"] == 97.5
    assert (source["runningTaskCount"], source["requestedTestTrafficWeight"]) == (2, 0.0)
    assert record["alarms"] == {"status": "MONITORING", "alarmNames": ["web-5xx"], "triggeredAlarmNames": []}
    assert record["deploymentConfiguration"]["canaryConfiguration"]["canaryPercent"] == 2.5


def test_an_answer_to_no_pause_is_an_error_of_the_sdk(line: Line) -> None:
    line.world = blue_green(pause("POST_SCALE_UP"))
    with pytest.raises(ClientError, match="ServiceDeploymentNotFoundException"):
        line.client.continue_service_deployment(serviceDeploymentArn="arn:x", hookId="ecs-pause-x")


def test_a_service_is_created_with_a_strategy_and_goes_through_all_stages(line: Line) -> None:
    world = line.world = blue_green()
    ecs = line.client
    made = the_service(world)
    reply = ecs.create_service(
        cluster="prod",
        serviceName="worker",
        taskDefinition="web",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=made.settings["networkConfiguration"],
        deploymentConfiguration={"strategy": "LINEAR", "bakeTimeInMinutes": 1},
    )["service"]
    assert reply["deploymentConfiguration"]["linearConfiguration"] == {
        "stepPercent": 10.0,
        "stepBakeTimeInMinutes": 6,
    }
    world.settle()
    brief = ecs.list_service_deployments(cluster="prod", service="worker")["serviceDeployments"]
    assert [item["status"] for item in brief] == ["SUCCESSFUL"]


def test_listener_rules_show_the_weights_and_both_groups_their_targets() -> None:
    world = a_world(service(CANARY))
    elb = connect(world, "elbv2")
    deploy(world)
    until(world, lambda w: weights(w)[1] == 2.5)
    (balancer,) = the_service(world).settings["loadBalancers"]
    advanced = balancer["advancedConfiguration"]
    blue, green = balancer["targetGroupArn"], advanced["alternateTargetGroupArn"]
    (rule,) = elb.describe_rules(RuleArns=[advanced["productionListenerRule"]])["Rules"]
    (action,) = rule["Actions"]
    shown = {group["TargetGroupArn"]: group["Weight"] for group in action["ForwardConfig"]["TargetGroups"]}
    assert shown == {green: 25, blue: 975}
    for group in (blue, green):
        health = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        assert [target["TargetHealth"]["State"] for target in health] == ["healthy", "healthy"]


def test_alarms_are_described_as_the_deployment_sees_them() -> None:
    world = a_world(service(ALARMED), '[[at]]\ntime = 5\ndo = "alarm"\nalarm = "web-5xx"\n')
    cloudwatch = connect(world, "cloudwatch")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["web-5xx"])["MetricAlarms"]
    assert (alarm["AlarmName"], alarm["StateValue"]) == ("web-5xx", "OK")
    deploy(world)
    world.clock.sleep(6)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["web-5xx"], StateValue="ALARM")["MetricAlarms"]
    assert alarm["StateUpdatedTimestamp"].timestamp() == world.start + 5
    assert cloudwatch.describe_alarms(AlarmNames=["other"])["MetricAlarms"] == []


def test_alarms_are_described_in_the_query_protocol_too() -> None:
    world = a_world(service(ALARMED))
    scope = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/monitoring/aws4_request"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": scope}
    body = b"Action=DescribeAlarms&AlarmNames.member.1=web-5xx"
    status, _, reply = world.transport("POST", "http://sim/", headers, body)
    assert status == 200
    assert b"<AlarmName>web-5xx</AlarmName>" in reply
    assert b"<StateValue>OK</StateValue>" in reply


def test_who_listens_on_the_bus_hears_of_the_deployment() -> None:
    world = blue_green(pause("POST_SCALE_UP", action="CONTINUE"))
    sqs, events = connect(world, "sqs"), connect(world, "events")
    queue = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="ecs", EventPattern=json.dumps({"source": ["aws.ecs"]}))
    events.put_targets(Rule="ecs", Targets=[{"Id": "1", "Arn": arn}])
    deploy(world)
    world.settle()
    heard = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        heard += [json.loads(message["Body"]) for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert sorted(event["detail"]["eventName"] for event in heard) == [
        "HOOK_AWAITING_ACTION",
        "HOOK_TIMED_OUT",
        "SERVICE_DEPLOYMENT_COMPLETED",
        "SERVICE_DEPLOYMENT_IN_PROGRESS",
    ]
    assert {event["source"] for event in heard} == {"aws.ecs"}
    assert len(world.region.bus) == 4
