import pytest

from ecsdeploy.errors import Refused, ReplyLost
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.steps import RunTask
from tests.unit.aws.answers import ARN, WEB, Aws, aws, plane_on

OURS = "ecs-svc/1"
REVISION = f"{ARN}task-definition/web:8"


def task(name: str, *, started_by: str = OURS) -> dict[str, object]:
    return {"taskArn": f"{ARN}task/prod/{name}", "taskDefinitionArn": REVISION, "startedBy": started_by}


def run(transport: Aws, **order: object) -> object:
    step = RunTask(one_off=OneOff(cluster="prod", **order))  # type: ignore[arg-type]
    return plane_on(transport).run_task(step, REVISION, "token-1")


def test_running_tasks_are_asked_for_by_who_started_them_alone() -> None:
    transport = aws(ListTasks={"taskArns": ["a"]}, DescribeTasks={"tasks": [task("a")]})
    found = plane_on(transport).tasks_started_by(WEB, OURS, stopped=False)

    assert [each.id for each in found] == ["a"]
    assert transport.sent[0].body == {"cluster": "prod", "startedBy": OURS, "maxResults": 100}


def test_stopped_tasks_are_those_of_the_service_that_the_deployment_started() -> None:
    transport = aws(
        ListTasks={"taskArns": ["a", "b"]},
        DescribeTasks={"tasks": [task("a"), task("b", started_by="ecs-svc/0")]},
    )
    found = plane_on(transport).tasks_started_by(WEB, OURS, stopped=True)

    assert [each.id for each in found] == ["a"]
    asked = transport.sent[0].body
    assert (asked["serviceName"], asked["desiredStatus"]) == ("web", "STOPPED")
    assert "startedBy" not in asked


def test_without_tasks_none_is_described() -> None:
    transport = aws(ListTasks={"taskArns": []})
    assert plane_on(transport).tasks_started_by(WEB, OURS, stopped=False) == ()
    assert transport.operations == ["ListTasks"]


def test_f50_all_pages_are_listed_and_tasks_described_in_hundreds() -> None:
    arns = [f"{ARN}task/prod/{number}" for number in range(230)]
    transport = aws(
        ListTasks=[{"taskArns": arns[:100], "nextToken": "more"}, {"taskArns": arns[100:]}],
        DescribeTasks=[
            {"tasks": [task(str(number)) for number in range(start, min(start + 100, 230))]} for start in (0, 100, 200)
        ],
    )
    found = plane_on(transport).tasks_started_by(WEB, OURS, stopped=False)

    assert len(found) == 230
    described = [each.body["tasks"] for each in transport.sent if each.operation == "DescribeTasks"]
    assert described == [arns[:100], arns[100:200], arns[200:]]


def test_f14_a_missing_task_is_left_out() -> None:
    reply = {"tasks": [task("a")], "failures": [{"arn": "b", "reason": "MISSING"}]}
    assert [each.id for each in plane_on(aws(DescribeTasks=reply)).tasks("prod", ("a", "b"))] == ["a"]


def test_a_one_off_task_is_started_once_for_its_token() -> None:
    transport = aws(RunTask={"tasks": [task("a")], "failures": []})
    run(transport)
    assert transport.sent[0].body == {
        "cluster": "prod",
        "taskDefinition": REVISION,
        "count": 1,
        "startedBy": "ecs-deploy",
        "clientToken": "token-1",
    }


def test_a_one_off_task_goes_where_it_was_told_to() -> None:
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "newThing": 1}}
    transport = aws(RunTask={"tasks": [task("a")]})
    run(transport, launch_type="FARGATE", platform_version="1.4.0", network_configuration=network)
    sent = transport.sent[0].body
    assert (sent["launchType"], sent["platformVersion"]) == ("FARGATE", "1.4.0")
    assert sent["networkConfiguration"] == network


@pytest.mark.parametrize(
    ("failures", "words"),
    [
        ([{"reason": "RESOURCE:MEMORY"}], r"not? .*enough memory left \(`RESOURCE:MEMORY`\)\."),
        ([{"reason": "RESOURCE:MEMORY"}, {"reason": "RESOURCE:MEMORY"}], r"left \(`RESOURCE:MEMORY`\)\.$"),
        ([{"reason": "AGENT"}, {"reason": "RESOURCE:CPU"}], r"`AGENT`\); .*`RESOURCE:CPU`"),
        ([{"reason": "ODD", "detail": "Something new."}], "`ODD`, Something new."),
    ],
    ids=["known", "repeated", "several", "unknown"],
)
def test_f68_a_task_that_was_not_placed_is_refused_with_the_reason_in_words(
    failures: list[dict[str, str]], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        run(aws(RunTask={"tasks": [], "failures": failures}))


def test_f12_neither_a_task_nor_a_failure_is_a_lost_reply() -> None:
    with pytest.raises(ReplyLost):
        run(aws(RunTask={}))
