import json

import pytest

from ecsdeploy.aws.denial import denied
from ecsdeploy.errors import AccessDenied

CALLER = "arn:aws:sts::123456789012:assumed-role/ci/build"
SERVICE = "arn:aws:ecs:us-east-1:123456789012:service/prod/web"
ROLE = "arn:aws:iam::123456789012:role/task-role"


def denial(text: str) -> AccessDenied:
    return denied(text, "ecs:UpdateService", code="AccessDeniedException", raw="raw")


def statement(error: AccessDenied) -> dict[str, object]:
    found: dict[str, object] = json.loads(error.hint.partition("{")[1] + error.hint.partition("{")[2])
    return found


def test_f20_the_missing_action_and_resource_are_named_with_the_statement_that_allows_them() -> None:
    error = denial(
        f"User: {CALLER} is not authorized to perform: ecs:UpdateService on resource: {SERVICE} "
        "because no identity-based policy allows the ecs:UpdateService action"
    )
    assert error.message == f"`{CALLER}` may not call `ecs:UpdateService` on `{SERVICE}`."
    assert statement(error) == {"Effect": "Allow", "Action": "ecs:UpdateService", "Resource": SERVICE}


def test_f20_for_pass_role_the_role_is_named() -> None:
    error = denial(f"User: {CALLER} is not authorized to perform: iam:PassRole on resource: {ROLE}")
    assert error.message == f"`{CALLER}` may not pass the role `{ROLE}` to ECS (`iam:PassRole`)."
    assert statement(error)["Action"] == "iam:PassRole"
    assert "ecs-tasks.amazonaws.com" in error.hint


@pytest.mark.parametrize(
    "text",
    ["", "Access denied", "User is not authorized to perform this action"],
)
def test_a_denial_without_details_names_what_was_called(text: str) -> None:
    error = denial(text)
    assert error.message == "The caller may not call `ecs:UpdateService`."
    assert (error.code, error.raw, error.operation) == ("AccessDeniedException", "raw", "UpdateService")


def test_an_explicit_deny_is_not_cured_by_an_allow() -> None:
    error = denial(
        f"User: {CALLER} is not authorized to perform: ecs:UpdateService on resource: {SERVICE} "
        "with an explicit deny in a service control policy"
    )
    assert "Allow" not in error.hint


def test_a_resource_of_any_kind_stays_out_of_the_sentence() -> None:
    error = denial(f"User: {CALLER} is not authorized to perform: ecs:ListClusters on resource: *")
    assert error.message == f"`{CALLER}` may not call `ecs:ListClusters`."
    assert statement(error)["Resource"] == "*"
