import pytest

from ecsdeploy.errors import Lossy, NoSuchResource, ReplyLost, UsageError
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.aws.answers import ARN, Refusal, aws, plane_on

APP = {"name": "app", "image": "app:2"}


def definition(*, tags: tuple[tuple[str, str], ...] = (), **members: object) -> TaskDefinition:
    return TaskDefinition(payload={"family": "web", "containerDefinitions": [APP], **members}, tags=tags)


def registered(**members: object) -> dict[str, object]:
    """The reply to a registration, with what ECS adds."""
    return {
        "taskDefinition": {
            "taskDefinitionArn": f"{ARN}task-definition/web:8",
            "family": "web",
            "revision": 8,
            "status": "ACTIVE",
            "containerDefinitions": [{**APP, "cpu": 0, "essential": True, "environment": []}],
            **members,
        }
    }


def test_a_definition_keeps_members_that_the_sdk_does_not_know() -> None:
    raw = {"family": "web", "newThing": {"a": [1]}, "containerDefinitions": [{**APP, "newer": True}]}
    assert plane_on(aws(DescribeTaskDefinition={"taskDefinition": raw})).definition("web:7").payload == raw


def test_tags_stand_beside_the_definition_and_are_asked_for_only_when_wanted() -> None:
    reply = {"taskDefinition": {"family": "web"}, "tags": [{"key": "team", "value": "a"}, {"key": "bare"}]}
    transport = aws(DescribeTaskDefinition=reply)
    plane = plane_on(transport)

    assert plane.definition("web:7", tags=True).tags == (("team", "a"), ("bare", ""))
    plane.definition("web:7")
    assert [each.body for each in transport.sent] == [
        {"taskDefinition": "web:7", "include": ["TAGS"]},
        {"taskDefinition": "web:7"},
    ]


def test_a_definition_that_does_not_exist_is_named() -> None:
    answer = Refusal(code="ClientException", message="Unable to describe task definition.")
    with pytest.raises(NoSuchResource, match="task definition `web:99`"):
        plane_on(aws(DescribeTaskDefinition=answer)).definition(f"{ARN}task-definition/web:99")


@pytest.mark.parametrize("reply", [{}, {"taskDefinition": None}, {"taskDefinition": []}])
def test_f12_a_reply_without_a_definition_is_a_lost_reply(reply: dict[str, object]) -> None:
    with pytest.raises(ReplyLost, match="`taskDefinition`"):
        plane_on(aws(DescribeTaskDefinition=reply)).definition("web")
    with pytest.raises(ReplyLost, match="`taskDefinition`"):
        plane_on(aws(RegisterTaskDefinition=reply)).register(definition())


def test_a_registration_sends_all_but_nulls_and_what_only_ecs_sets() -> None:
    transport = aws(RegisterTaskDefinition=registered(newThing=[1]))
    plane_on(transport).register(
        definition(
            newThing=[1],
            pidMode=None,
            revision=7,
            registeredAt=1.5,
            containerDefinitions=[{**APP, "command": None}],
        )
    )
    assert transport.sent[0].body == {"family": "web", "containerDefinitions": [APP], "newThing": [1]}


def test_a_registration_sends_tags_only_when_there_are_any() -> None:
    transport = aws(RegisterTaskDefinition=registered())
    plane = plane_on(transport)
    plane.register(definition(tags=(("team", "a"),)))
    plane.register(definition())

    assert transport.sent[0].body["tags"] == [{"key": "team", "value": "a"}]
    assert "tags" not in transport.sent[1].body


def test_a_registration_returns_the_new_revision() -> None:
    found = plane_on(aws(RegisterTaskDefinition=registered())).register(definition())
    assert (found.arn, found.revision) == (f"{ARN}task-definition/web:8", 8)


def test_a_wrong_definition_is_not_sent_at_all() -> None:
    transport = aws(RegisterTaskDefinition=registered())
    with pytest.raises(UsageError, match="`cpu` must be a string"):
        plane_on(transport).register(definition(cpu=256))
    assert transport.sent == []


def test_f64_a_member_that_did_not_survive_is_named_with_the_revision() -> None:
    with pytest.raises(Lossy) as caught:
        plane_on(aws(RegisterTaskDefinition=registered())).register(
            definition(newThing=[1], containerDefinitions=[{**APP, "newer": True}])
        )
    assert caught.value.message == (
        "ECS did not keep `containerDefinitions[app].newer`, `newThing` in `web:8`; no service was touched."
    )


def test_f64_tags_beside_the_definition_are_no_loss() -> None:
    plane_on(aws(RegisterTaskDefinition=registered())).register(definition(tags=(("team", "a"),)))


def test_revisions_are_of_exactly_this_family_and_newest_first() -> None:
    pages: list[dict[str, object]] = [
        {
            "taskDefinitionArns": [f"{ARN}task-definition/{name}" for name in ("web:9", "web-api:12")],
            "nextToken": "web::9",
        },
        {"taskDefinitionArns": [f"{ARN}task-definition/{name}" for name in ("web:10", "web:2")]},
    ]
    transport = aws(ListTaskDefinitions=[*pages])
    found = plane_on(transport).revisions("web")

    assert found == tuple(f"{ARN}task-definition/web:{number}" for number in (10, 9, 2))
    assert transport.sent[0].body["status"] == "ACTIVE"
    assert transport.sent[1].body["nextToken"] == "web::9"


def test_deregistering_names_the_revision() -> None:
    transport = aws(DeregisterTaskDefinition={"taskDefinition": {}})
    plane_on(transport).deregister(f"{ARN}task-definition/web:2")
    assert transport.sent[0].body == {"taskDefinition": f"{ARN}task-definition/web:2"}
