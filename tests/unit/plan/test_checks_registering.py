"""What ECS would refuse at the registration is refused in the plan."""

from typing import Any

import pytest

from ecsdeploy.plan.checks import check_registration, sentence
from tests.unit.plan.builders import container, definition_of

ROLE = "arn:aws:iam::123456789012:role/path/ecsTaskExecutionRole"
LOGGED: dict[str, Any] = {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web"}}}
FARGATE: dict[str, Any] = {"requiresCompatibilities": ["FARGATE"]}


def mapping(**ports: int) -> dict[str, Any]:
    return {"portMappings": [ports]}


@pytest.mark.parametrize(
    ("of_container", "members", "codes"),
    [
        pytest.param({}, {}, [], id="nothing"),
        pytest.param({}, {"taskRoleArn": ROLE, "executionRoleArn": "ecsTaskExecutionRole"}, [], id="an ARN and a name"),
        pytest.param({}, {"taskRoleArn": ROLE.replace("aws:", "aws-us-gov:")}, [], id="another partition"),
        pytest.param(
            {}, {"taskRoleArn": "arn:aws:iam::ACCOUNT_ID:role/x"}, ["C-ROLE-ARN"], id="a word for the account"
        ),
        pytest.param({}, {"executionRoleArn": "arn:aws:iam::11111111111:role/x"}, ["C-ROLE-ARN"], id="a digit short"),
        pytest.param(
            {}, {"taskRoleArn": "arn:aws:iam::\uff11\uff123456789012:role/x"}, ["C-ROLE-ARN"], id="wide digits"
        ),
        pytest.param({}, {"taskRoleArn": "arn:aws:iam::123456789012:user/x"}, ["C-ROLE-ARN"], id="no role"),
        pytest.param(LOGGED, FARGATE, ["C-EXECUTION-ROLE"], id="logs on Fargate without a role"),
        pytest.param(LOGGED, FARGATE | {"executionRoleArn": ROLE}, [], id="logs with one"),
        pytest.param(LOGGED, {}, [], id="logs on EC2"),
        pytest.param(mapping(containerPort=80, hostPort=8080), {"networkMode": "awsvpc"}, ["C-HOST-PORT"], id="ports"),
        pytest.param(mapping(containerPort=80, hostPort=80), {"networkMode": "awsvpc"}, [], id="equal ports"),
        pytest.param(mapping(containerPort=80), {"networkMode": "awsvpc"}, [], id="no host port"),
        pytest.param(mapping(hostPort=80), {"networkMode": "awsvpc"}, [], id="a range's host port"),
        pytest.param(mapping(containerPort=80, hostPort=0), {"networkMode": "bridge"}, [], id="ports of a bridge"),
    ],
)
def test_p01_what_the_registration_refuses(
    of_container: dict[str, Any], members: dict[str, Any], codes: list[str]
) -> None:
    definition = definition_of(container("app", "app:1", **of_container), **members)
    found = check_registration(definition, None)
    assert [each.code for each in found] == codes
    assert all(each.blocking for each in found)
    assert check_registration(definition, definition) == (), "ECS has taken what is stored"


def test_p01_it_is_said_what_is_wrong_where() -> None:
    role = definition_of(container("app", "app:1"), taskRoleArn="arn:aws:iam::ACCOUNT:role/x")
    assert sentence(*check_registration(role, None)) == (
        "The definition's `taskRoleArn` is not the ARN of a role: `arn:aws:iam::ACCOUNT:role/x`."
    )
    ports = definition_of(container("app", "app:1", **mapping(containerPort=80, hostPort=81)), networkMode="awsvpc")
    assert sentence(*check_registration(ports, None)) == (
        "In the network mode `awsvpc` a host port is the container's own, and `app` maps `80` to `81`."
    )
