"""Places of a template that nobody has filled in, in a definition and in what a plan makes of it."""

from typing import Any

import pytest

from ecsdeploy.model.request import DeployRequest, RegisterRequest
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.placeholders import check_places
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy, plan_register
from tests.unit.plan.attempts import APP, RUNNING, codes
from tests.unit.plan.builders import WEB, container, definition_of, set_image, set_tag


def _found(members: dict[str, Any], task: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    definition = definition_of(container("app", "acme/app:1") | members, **task)
    return [(each.code, each.subjects) for each in check_places(definition, None)]


@pytest.mark.parametrize(
    ("members", "task", "code", "told"),
    [
        ({"image": "<IMAGE1_NAME>"}, {}, "C-PLACEHOLDER", "<IMAGE1_NAME> (containerDefinitions[app].image)"),
        ({"image": "${image}"}, {}, "C-PLACEHOLDER", "${image} (containerDefinitions[app].image)"),
        ({}, {"taskRoleArn": "{{task-role-arn}}"}, "C-PLACEHOLDER", "{{task-role-arn}} (taskRoleArn)"),
        ({}, {"requiresCompatibilities": ["{{type}}"]}, "C-PLACEHOLDER", "{{type}} (requiresCompatibilities)"),
        (
            {"environment": [{"name": "URL", "value": "<ES-URL>"}]},
            {},
            "C-PLACEHOLDER-LEFT",
            "<ES-URL> (containerDefinitions[app].environment[URL].value)",
        ),
        (
            {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-region": "{{region}}"}}},
            {},
            "C-PLACEHOLDER-LEFT",
            "{{region}} (containerDefinitions[app].logConfiguration.options.awslogs-region)",
        ),
    ],
)
def test_p04_a_place_that_is_not_filled_in_is_named(
    members: dict[str, Any], task: dict[str, Any], code: str, told: str
) -> None:
    assert _found(members, task) == [(code, (told,))]


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"environment": [{"name": "A", "value": "http://${HOST}/"}]}, id="within a value"),
        pytest.param({"environment": [{"name": "A", "value": "<html>x</html>"}]}, id="markup"),
        pytest.param({"command": ["sh", "-c", "echo ${HOME} '<html>'"]}, id="a command"),
        pytest.param({"dockerLabels": {"rule": "Host(`{{host}}`)"}}, id="a label"),
        pytest.param(
            {"logConfiguration": {"logDriver": "awsfirelens", "options": {"log_stream_name": "${ECS_TASK_ID}"}}},
            id="a log router fills it in",
        ),
        pytest.param({"stopTimeout": 30, "essential": True}, id="no text"),
    ],
)
def test_p04_what_a_program_fills_in_is_no_place(members: dict[str, Any]) -> None:
    assert _found(members, {}) == []


def test_p04_what_runs_already_has_no_places() -> None:
    definition = definition_of(container("app", "a:1", environment=[{"name": "A", "value": "${A}"}]))
    assert check_places(definition, definition) == ()


def _from_file(image: str) -> TaskDefinition:
    return TaskDefinition(payload={"family": "web", "containerDefinitions": [container("app", image)]})


def test_p04_a_file_with_places_is_refused_in_the_plan() -> None:
    facts = Facts(base=_from_file("<IMAGE>"), current=APP.arn, running=APP)
    plan = plan_deploy(DeployRequest(service=WEB), RUNNING, facts)
    assert (codes(plan.findings), plan.is_blocked) == (["C-PLACEHOLDER"], True)
    named = plan_deploy(DeployRequest(service=WEB, edits=(set_image("acme/app:2", "app"),)), RUNNING, facts)
    assert not named.is_blocked
    registered = plan_register(RegisterRequest(family="web"), Facts(base=_from_file("{{IMAGE}}"), current=""))
    assert registered.is_blocked


def test_p04_an_image_with_a_place_does_not_count_as_pinned() -> None:
    containers = [container("app", "<I>"), container("side", "side:1")]
    base = TaskDefinition(payload={"family": "web", "containerDefinitions": containers})
    plan = plan_register(RegisterRequest(family="web", edits=(set_tag("7"),)), Facts(base=base, current=""))
    assert codes(plan.findings) == ["W-TAG-NO-IMAGE", "C-PLACEHOLDER"]


def test_p06_a_changed_image_under_an_attestation_policy_is_warned_of() -> None:
    trusted = {"isolationMode": "CONFIDENTIAL_SANDBOX", "attestationPolicy": "policy"}
    base = definition_of(container("app", "acme/app:1"), trustedExecutionConfiguration=trusted)
    facts = Facts(base=base, current=base.arn, running=base)
    changed = plan_deploy(DeployRequest(service=WEB, edits=(set_image("acme/app:2"),)), RUNNING, facts)
    assert [(each.code, each.subjects, each.blocking) for each in changed.findings] == [
        ("C-ATTESTATION", ("app",), False)
    ]
    same = plan_deploy(DeployRequest(service=WEB, edits=(set_image("acme/app:1"),)), RUNNING, facts)
    assert same.findings == ()


@pytest.mark.parametrize(("status", "told"), [("INACTIVE", True), ("ACTIVE", False), ("", False)])
def test_p09_a_revision_that_is_not_active_is_said_before_it_is_forced(status: str, told: bool) -> None:
    base = definition_of(container("app", "acme/app:1"), status=status)
    plan = plan_deploy(DeployRequest(service=WEB, force=True), RUNNING, Facts(base=base, current=base.arn))
    expected = [("C-FORCED-INACTIVE", ("web:1", "INACTIVE"))] * told
    assert [(each.code, each.subjects) for each in plan.findings] == expected
