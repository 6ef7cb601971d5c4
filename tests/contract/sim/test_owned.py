"""Neighbours that are asked about what the world owns answer from the world, or refuse by name."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecsdeploy.sim import World
from ecsdeploy.sim.services.beside.network import SECURITY_GROUP, SUBNET, VPC
from tests.contract.sim.clients import connect
from tests.unit.sim.builders import Refused, call, deploy, the_service, update
from tests.unit.sim.builders import world as a_world

WATCHED = 'alarms = { alarm_names = ["latency"], enable = true, rollback = true }'
BALANCED = "load_balancer = { health_interval = 10, deregistration_delay = 30, grace_period = 30 }"
REFUSED = "UnsupportedFeatureException"


def _group_of(w: World) -> str:
    return str(the_service(w).settings["loadBalancers"][0]["targetGroupArn"])


def test_w09_an_alarm_that_is_set_rings() -> None:
    w = a_world(f'desired = 1\ndeployment = {{ circuit_breaker = "off", bake_time_in_minutes = 5, {WATCHED} }}')
    deploy(w)
    w.clock.sleep(30)
    cloudwatch = connect(w, "cloudwatch")
    cloudwatch.set_alarm_state(AlarmName="latency", StateValue="ALARM", StateReason="a drill")
    assert cloudwatch.describe_alarms(AlarmNames=["latency"])["MetricAlarms"][0]["StateValue"] == "ALARM"
    w.settle()
    assert the_service(w).history[-1].status == "ROLLBACK_SUCCESSFUL"


def test_w09_an_alarm_of_the_world_has_a_state_and_nothing_else_to_change() -> None:
    w = a_world(f"desired = 1\ndeployment = {{ {WATCHED} }}")
    with pytest.raises(ClientError, match=f"{REFUSED}.*DeleteAlarms"):
        connect(w, "cloudwatch").delete_alarms(AlarmNames=["latency"])


def test_w09_what_is_changed_of_a_target_group_holds() -> None:
    w = a_world(f"desired = 1\n{BALANCED}")
    elb, arn = connect(w, "elbv2"), _group_of(w)
    delay = [{"Key": "deregistration_delay.timeout_seconds", "Value": "7"}]
    elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=delay)
    elb.modify_target_group(TargetGroupArn=arn, HealthCheckIntervalSeconds=15, HealthyThresholdCount=3)
    shown = elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    assert (shown["HealthCheckIntervalSeconds"], shown["HealthyThresholdCount"]) == (15, 3)
    assert (shown["Port"], shown["VpcId"]) == (80, VPC)
    assert elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"] == delay
    group = w.region.target_groups[arn]
    assert (group.deregistration_delay, group.health_interval) == (7, 15)


def test_w09_what_cannot_be_kept_of_a_target_group_is_refused_by_name() -> None:
    w = a_world(f"desired = 1\n{BALANCED}")
    elb, arn = connect(w, "elbv2"), _group_of(w)
    with pytest.raises(ClientError, match=f"{REFUSED}.*HealthCheckPath"):
        elb.modify_target_group(TargetGroupArn=arn, HealthCheckPath="/up")
    slow = [{"Key": "slow_start.duration_seconds", "Value": "30"}]
    with pytest.raises(ClientError, match=f"{REFUSED}.*slow_start"):
        elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=slow)
    with pytest.raises(ClientError, match=f"{REFUSED}.*DeleteTargetGroup"):
        elb.delete_target_group(TargetGroupArn=arn)


def test_w09_targets_that_somebody_registers_are_listed() -> None:
    w = a_world(f"desired = 1\n{BALANCED}")
    elb, arn = connect(w, "elbv2"), _group_of(w)
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": "192.0.2.7", "Port": 9000}])

    def listed() -> dict[str, str]:
        found = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return {each["Target"]["Id"]: each["TargetHealth"]["State"] for each in found}

    assert listed()["192.0.2.7"] == "initial"
    w.clock.sleep(20)
    assert listed()["192.0.2.7"] == "healthy"
    elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": "192.0.2.7"}])
    assert "192.0.2.7" not in listed()


def _made(w: World, *, balanced: bool = True) -> str:
    """A target group that somebody makes at the neighbour, behind a listener or not."""
    elb, ec2 = connect(w, "elbv2"), connect(w, "ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("ab")
    ]
    asked = {"Protocol": "HTTP", "Port": 8123, "TargetType": "ip", "HealthCheckIntervalSeconds": 12}
    group = elb.create_target_group(Name="made", VpcId=vpc, **asked)["TargetGroups"][0]["TargetGroupArn"]
    delay = [{"Key": "deregistration_delay.timeout_seconds", "Value": "11"}]
    elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=delay)
    if balanced:
        balancer = elb.create_load_balancer(Name="made", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        forward: Any = [{"Type": "forward", "TargetGroupArn": group}]
        elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
    return str(group)


def _behind(group: str) -> dict[str, Any]:
    return {"loadBalancers": [{"targetGroupArn": group, "containerName": "app", "containerPort": 8080}]}


def test_w09_a_target_group_that_somebody_made_counts_as_it_was_made() -> None:
    w = a_world("desired = 1")
    arn = _made(w)
    update(w, **_behind(arn))
    group = w.region.target_groups[arn]
    assert (group.health_interval, group.deregistration_delay) == (12, 11)
    elb = connect(w, "elbv2")
    assert elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]["Port"] == 8123
    elb.modify_target_group(TargetGroupArn=arn, HealthCheckIntervalSeconds=20)
    assert group.health_interval == 20
    w.settle()
    (target,) = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    assert target["TargetHealth"]["State"] == "healthy"


def test_w02_a_target_group_without_a_load_balancer_is_refused() -> None:
    w = a_world("desired = 1")
    with pytest.raises(Refused, match="does not have an associated load balancer"):
        update(w, **_behind(_made(w, balanced=False)))


def test_w09_what_tasks_stand_on_is_in_ec2() -> None:
    w = a_world('desired = 1\nlaunch_type = "EC2"')
    ec2 = connect(w, "ec2")
    assert ec2.describe_subnets(SubnetIds=[SUBNET])["Subnets"][0]["VpcId"] == VPC
    assert ec2.describe_security_groups(GroupIds=[SECURITY_GROUP])["SecurityGroups"][0]["VpcId"] == VPC
    assert ec2.describe_vpcs(VpcIds=[VPC])["Vpcs"][0]["State"] == "available"
    arns = call(w, "ListContainerInstances", cluster="prod")["containerInstanceArns"]
    instances = call(w, "DescribeContainerInstances", cluster="prod", containerInstances=arns)["containerInstances"]
    identity = instances[0]["ec2InstanceId"]
    (reservation,) = ec2.describe_instances(InstanceIds=[identity])["Reservations"]
    assert reservation["Instances"][0]["State"]["Name"] == "running"
    with pytest.raises(ClientError, match=f"{REFUSED}.*TerminateInstances"):
        ec2.terminate_instances(InstanceIds=[identity])


def test_w09_a_scalable_target_is_registered_for_a_service() -> None:
    w = a_world("desired = 2")
    scaling: Any = connect(w, "application-autoscaling")
    of = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
    scaling.register_scalable_target(ResourceId="service/prod/web", MinCapacity=1, MaxCapacity=4, **of)
    scaling.register_scalable_target(ResourceId="service/prod/web", MaxCapacity=6, **of)
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 6)
    with pytest.raises(ClientError, match="ECS service doesn't exist"):
        scaling.register_scalable_target(ResourceId="service/prod/no", MinCapacity=1, MaxCapacity=4, **of)
    with pytest.raises(ClientError, match=f"{REFUSED}.*PutScalingPolicy"):
        scaling.put_scaling_policy(PolicyName="p", ResourceId="service/prod/web", **of)
    scaling.deregister_scalable_target(ResourceId="service/prod/web", **of)
    assert scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []


def test_w09_a_log_group_is_made_and_what_is_not_simulated_of_logs_says_so() -> None:
    w = a_world("desired = 1")
    logs = connect(w, "logs")
    logs.create_log_group(logGroupName="/ecs/other")
    assert "/ecs/other" in [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]]
    with pytest.raises(ClientError, match="ResourceAlreadyExistsException"):
        logs.create_log_group(logGroupName="/ecs/web")
    with pytest.raises(ClientError, match=f"{REFUSED}.*DeleteLogGroup"):
        logs.delete_log_group(logGroupName="/ecs/web")


def test_w09_who_reads_with_a_lag_sees_the_alarm_ring_too() -> None:
    deployment = f'deployment = {{ circuit_breaker = "off", bake_time_in_minutes = 5, {WATCHED} }}'
    w = a_world(f"desired = 1\n{deployment}", "[limits]\nread_lag = 5")
    deploy(w)
    w.clock.sleep(30)
    connect(w, "cloudwatch").set_alarm_state(AlarmName="latency", StateValue="ALARM", StateReason="a drill")
    w.settle()
    w.clock.sleep(30)
    newest = call(w, "ListServiceDeployments", cluster="prod", service="web")["serviceDeployments"][0]
    assert newest["status"] == "ROLLBACK_SUCCESSFUL"
