"""A rule's target or a schedule gets another revision, and nothing else of it changes."""

import json

import pytest

from ecsdeploy.errors import AwsRefused
from ecsdeploy.model.timetables import Start, StartKind
from tests.unit.aws.answers import ARN, Aws, aws, plane_on

OLD, NEW = f"{ARN}task-definition/web:3", f"{ARN}task-definition/web:7"
RULE = Start(
    kind=StartKind.RULE, name="nightly", group="orders", cluster=f"{ARN}cluster/prod", revision=OLD, target="2"
)
SCHEDULE = Start(kind=StartKind.SCHEDULE, name="weekly", group="jobs", cluster=f"{ARN}cluster/prod", revision=OLD)
OTHER = {"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:queue"}
TARGET = {
    "Id": "2",
    "Arn": f"{ARN}cluster/prod",
    "RoleArn": "arn:aws:iam::123456789012:role/run",
    "Input": '{"containerOverrides": []}',
    "EcsParameters": {"TaskDefinitionArn": OLD, "TaskCount": 2, "NotInTheSdkYet": {"a": [1, None]}},
    "RetryPolicy": {"MaximumRetryAttempts": 3},
    "AlsoNotInTheSdkYet": True,
}
MOVED = {**TARGET, "EcsParameters": {**TARGET["EcsParameters"], "TaskDefinitionArn": NEW}}  # type: ignore[dict-item]
WEEKLY = {
    "Arn": "arn:aws:scheduler:us-east-1:123456789012:schedule/jobs/weekly",
    "Name": "weekly",
    "GroupName": "jobs",
    "CreationDate": 1764500000.5,
    "LastModificationDate": 1764500000.5,
    "StartDate": 1764500000.25,
    "Description": "every week",
    "State": "DISABLED",
    "ScheduleExpression": "rate(7 days)",
    "ScheduleExpressionTimezone": "Europe/Vienna",
    "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
    "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1",
    "Target": TARGET,
    "NotInTheSdkYet": {"b": 2},
}
UNIVERSAL = "arn:aws:scheduler:::aws-sdk:ecs:runTask"


def moved(transport: Aws, start: Start) -> bool:
    return plane_on(transport).move_start(start, NEW)


def sent(transport: Aws, operation: str) -> dict[str, object]:
    (one,) = [each.body for each in transport.sent if each.operation == operation]
    return one


def test_the_whole_target_is_sent_with_all_that_the_sdk_does_not_know() -> None:
    transport = aws(
        ListTargetsByRule=[{"Targets": [OTHER], "NextToken": "2"}, {"Targets": [TARGET]}],
        PutTargets={"FailedEntryCount": 0, "FailedEntries": []},
    )
    assert moved(transport, RULE)
    assert sent(transport, "PutTargets") == {"Rule": "nightly", "EventBusName": "orders", "Targets": [MOVED]}


def test_the_whole_schedule_is_sent_with_all_that_the_sdk_does_not_know() -> None:
    transport = aws(GetSchedule=WEEKLY, UpdateSchedule={"ScheduleArn": WEEKLY["Arn"]})
    assert moved(transport, SCHEDULE)
    left_out = {"Arn", "CreationDate", "LastModificationDate"}
    (update,) = [each for each in transport.sent if each.operation == "UpdateSchedule"]
    kept = {name: member for name, member in WEEKLY.items() if name not in left_out}
    assert {**update.body, "Name": "weekly"} == {**kept, "Target": MOVED}
    assert update.url.endswith("/schedules/weekly")
    assert {name.lower(): text for name, text in update.headers.items()}["content-type"] == "application/json"


@pytest.mark.parametrize(("named", "expected"), [("web:3", "web:7"), (OLD, NEW)])
def test_a_universal_target_keeps_its_other_input(named: str, expected: str) -> None:
    given = {"Cluster": "prod", "TaskDefinition": named, "Count": 2, "Tags": [{"Key": "ü", "Value": "1"}]}
    universal = {"Arn": UNIVERSAL, "RoleArn": TARGET["RoleArn"], "Input": json.dumps(given)}
    transport = aws(GetSchedule={**WEEKLY, "Target": universal}, UpdateSchedule={})
    start = Start(kind=StartKind.SCHEDULE, name="weekly", group="jobs", cluster="prod", revision=named)
    assert moved(transport, start)
    target = sent(transport, "UpdateSchedule")["Target"]
    assert isinstance(target, dict)
    assert json.loads(target["Input"]) == {**given, "TaskDefinition": expected}
    assert {**target, "Input": ""} == {**universal, "Input": ""}


@pytest.mark.parametrize("start", [RULE, SCHEDULE], ids=["rule", "schedule"])
@pytest.mark.parametrize(("revision", "expected"), [(NEW, True), (f"{ARN}task-definition/web:5", False)])
def test_what_was_changed_since_is_not_written(start: Start, revision: str, expected: bool) -> None:
    target = {**TARGET, "EcsParameters": {"TaskDefinitionArn": revision}}
    transport = aws(ListTargetsByRule={"Targets": [target]}, GetSchedule={**WEEKLY, "Target": target})
    assert moved(transport, start) is expected
    assert {"PutTargets", "UpdateSchedule"}.isdisjoint(transport.operations)


def test_a_target_that_is_gone_is_left() -> None:
    assert not moved(aws(ListTargetsByRule={"Targets": [OTHER]}), RULE)


def test_an_entry_that_eventbridge_refuses_is_an_error() -> None:
    failed = {"TargetId": "2", "ErrorCode": "ManagedRuleException", "ErrorMessage": "Rule is managed."}
    transport = aws(
        ListTargetsByRule={"Targets": [TARGET]}, PutTargets={"FailedEntryCount": 1, "FailedEntries": [failed]}
    )
    with pytest.raises(AwsRefused, match="refused the target `2` of EventBridge rule `nightly`: Rule is managed"):
        moved(transport, RULE)
