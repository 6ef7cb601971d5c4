"""What EventBridge and its Scheduler start, from replies in the shapes of AWS's API references."""

import json

import pytest

from ecsdeploy.aws.timetables import MOST_CALLS
from ecsdeploy.errors import AccessDenied, AwsError, Refused, ReplyLost
from ecsdeploy.model.arn import revision_name
from tests.unit.aws.answers import ARN, Answer, Aws, Refusal, aws, plane_on

CLUSTERS = (f"{ARN}cluster/prod", f"{ARN}cluster/staging")
BUSES: Answer = {"EventBuses": [{"Name": "default"}]}


def revision(name: str) -> str:
    return f"{ARN}task-definition/{name}"


def account(**answers: Answer | list[Answer]) -> Aws:
    """One without rules or schedules, unless told otherwise."""
    nothing: dict[str, Answer | list[Answer]] = {
        "ListEventBuses": BUSES,
        "ListRuleNamesByTarget": {"RuleNames": []},
        "ListSchedules": {"Schedules": []},
    }
    return aws(**nothing | answers)


def started(transport: Aws, family: str = "web") -> dict[str, str]:
    return {revision_name(each.revision): each.who for each in plane_on(transport).starts(CLUSTERS, family)}


def test_t18_a_rule_is_found_by_the_cluster_that_is_its_target() -> None:
    transport = account(
        ListRuleNamesByTarget=[{"RuleNames": ["nightly"]}, {"RuleNames": ["nightly"]}],
        ListTargetsByRule={
            "Targets": [
                {"Id": "1", "Arn": CLUSTERS[0], "EcsParameters": {"TaskDefinitionArn": revision("web:3")}},
                {"Id": "2", "Arn": "arn:aws:sqs:us-east-1:123456789012:queue"},
                {"Id": "3", "Arn": CLUSTERS[1], "EcsParameters": {"TaskDefinitionArn": revision("batch:9")}},
            ]
        },
    )
    assert started(transport) == {"web:3": "EventBridge rule `nightly`"}
    assert [each.body.get("TargetArn") for each in transport.sent if each.operation == "ListRuleNamesByTarget"] == [
        *CLUSTERS
    ]
    assert transport.operations.count("ListTargetsByRule") == 1


def test_t18_every_bus_is_asked_and_every_page_is_read() -> None:
    transport = account(
        ListEventBuses={"EventBuses": [{"Name": "default"}, {"Name": "orders"}]},
        ListRuleNamesByTarget=[{"RuleNames": ["a"], "NextToken": "2"}, {"RuleNames": ["b"]}, {"RuleNames": []}],
        ListTargetsByRule={"Targets": []},
    )
    assert started(transport) == {}
    asked = [
        (each.body["EventBusName"], each.body.get("Rule")) for each in transport.sent if "Targets" in each.operation
    ]
    assert asked == [("default", "a"), ("default", "b")]
    assert {each.body["EventBusName"] for each in transport.sent if "Names" in each.operation} == {"default", "orders"}


@pytest.mark.parametrize(
    ("listed", "target", "expected"),
    [
        pytest.param(CLUSTERS[0], {"EcsParameters": {"TaskDefinitionArn": revision("web:3")}}, "web:3", id="of ECS"),
        pytest.param(
            "arn:aws:scheduler:::aws-sdk:ecs:runTask",
            {"Input": json.dumps({"Cluster": "prod", "TaskDefinition": "web:4"})},
            "web:4",
            id="universal",
        ),
        pytest.param(CLUSTERS[0], {"EcsParameters": {"TaskDefinitionArn": revision("web")}}, "web", id="the newest"),
        pytest.param("arn:aws:scheduler:::aws-sdk:ecs:runTask", {"Input": "[1]"}, "", id="no object"),
        pytest.param("arn:aws:scheduler:::aws-sdk:ecs:runTask", {"Input": "<x>"}, "", id="no JSON"),
    ],
)
def test_t18_a_schedule_tells_its_revision_only_when_it_is_asked_for(
    listed: str, target: dict[str, object], expected: str
) -> None:
    transport = account(
        ListSchedules={"Schedules": [{"Name": "nightly", "GroupName": "jobs", "Target": {"Arn": listed}}]},
        GetSchedule={"Name": "nightly", "Target": {"Arn": listed, **target}},
    )
    assert started(transport) == ({expected: "schedule `nightly`"} if expected else {})
    assert transport.sent[-1].url.endswith("/schedules/nightly?groupName=jobs")


def test_t18_a_schedule_of_something_else_is_left_alone() -> None:
    other = {"Name": "mail", "GroupName": "default", "Target": {"Arn": "arn:aws:lambda:us-east-1:1:function:mail"}}
    transport = account(ListSchedules={"Schedules": [other]})
    assert started(transport) == {}
    assert "GetSchedule" not in transport.operations


def test_t18_a_reply_without_its_list_does_not_say_that_there_is_none() -> None:
    with pytest.raises(ReplyLost):
        started(account(ListSchedules={}))


def test_t18_a_denial_is_no_empty_list() -> None:
    with pytest.raises(AccessDenied):
        started(account(ListRuleNamesByTarget=Refusal(code="AccessDeniedException", message="No.")))


def test_t18_a_list_that_names_a_page_twice_is_not_whole() -> None:
    again: Answer = {"Schedules": [], "NextToken": "more"}
    with pytest.raises(AwsError, match="names the same page twice"):
        started(account(ListSchedules=again))


def test_t18_what_would_take_too_many_calls_is_refused() -> None:
    endless: list[Answer] = [{"Schedules": [], "NextToken": str(number)} for number in range(MOST_CALLS)]
    transport = account(ListSchedules=endless)
    with pytest.raises(Refused, match="more than 300 calls"):
        started(transport)
    assert len(transport.sent) == MOST_CALLS
