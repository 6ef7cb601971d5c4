"""What is ticked off: the checks that could be made, and found nothing."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.model.request import OnFailure, Sizing, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Balanced, ServiceSettings
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.surroundings import Resource, ResourceType, ScalingLimits, StoredImage, TargetGroup
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.attempt import Known
from ecsdeploy.plan.checks.preflight import check
from ecsdeploy.plan.checks.sentences import MEANINGS, tick
from tests.unit.plan.attempts import APP, REGISTRY, RUNNING, attempt, codes, fargate, known, secret
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import NOON, TARGET_GROUP

IMAGE = f"{REGISTRY}/team/app:1"
ARM = fargate(runtimePlatform={"cpuArchitecture": "ARM64"}, cpu="256", memory="512")
FARGATE: dict[str, object] = {"requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512"}
GROUP = TargetGroup(check_seconds=1, drain_seconds=1)
LIMITS = ScalingLimits(lowest=1, highest=9)
LATER = NOON.replace(year=2030)
BACK = {"on_failure": OnFailure.ROLLBACK}
ALONE = {"wait_until": WaitUntil.REGISTERED}


def balanced(port: int) -> Service:
    return replace(RUNNING, settings=ServiceSettings(balanced=(Balanced(container="app", port=port),)))


def _held(
    facts: Known, definition: TaskDefinition = APP, service: Service = RUNNING, **asked: Any
) -> tuple[Finding, ...]:
    return check(attempt(service, definition, **asked), facts).held


@pytest.mark.parametrize(
    ("stored", "ticked"),
    [
        pytest.param({}, ["C-FARGATE-SIZE", "C-DEADLOCK"], id="not asked"),
        pytest.param({IMAGE: None}, ["C-FARGATE-SIZE", "C-DEADLOCK"], id="missing"),
        pytest.param(
            {IMAGE: StoredImage(digest="sha256:1")},
            ["C-FARGATE-SIZE", "C-IMAGE-MISSING", "C-DEADLOCK"],
            id="of an unknown platform",
        ),
        pytest.param(
            {IMAGE: StoredImage(digest="sha256:1", platforms=("linux/arm64",))},
            ["C-FARGATE-SIZE", "C-IMAGE-MISSING", "C-IMAGE-PLATFORM", "C-DEADLOCK"],
            id="of the platform",
        ),
        pytest.param(
            {IMAGE: StoredImage(digest="sha256:1", platforms=("linux/amd64",))},
            ["C-FARGATE-SIZE", "C-IMAGE-MISSING", "C-DEADLOCK"],
            id="of another platform",
        ),
    ],
)
def test_an_image_is_ticked_off_where_its_registry_has_it(stored: Any, ticked: list[str]) -> None:
    assert codes(_held(known(images=stored), ARM)) == ticked


def test_the_room_of_a_rolling_deployment_is_no_matter_of_other_strategies() -> None:
    assert _held(known(), service=replace(RUNNING, strategy="BLUE_GREEN")) == ()


def test_resources_are_ticked_off_by_type() -> None:
    resources = {secret("a"): True, secret("b"): True, Resource(type=ResourceType.ROLE, name="r"): False}
    assert [
        (each.code, each.subjects) for each in _held(known(resources=resources), sizing=Sizing(desired_count=0))
    ] == [("C-SECRET-MISSING", ("a", "b"))]


@pytest.mark.parametrize(
    ("service", "ticked"),
    [
        (balanced(80), []),
        (RUNNING, []),
        (balanced(8080), ["C-BALANCED-PORT"]),
    ],
)
def test_the_balanced_port_is_ticked_off_where_one_is_balanced_and_mapped(service: Service, ticked: list[str]) -> None:
    serves = fargate(cpu="256", memory="512")
    first = {**serves.containers[0].payload, "portMappings": [{"containerPort": 8080}]}
    serves = replace(serves, payload={**serves.payload, "containerDefinitions": [first]})
    assert codes(_held(known(), serves, service)) == ["C-FARGATE-SIZE", "C-DEADLOCK", *ticked]


@pytest.mark.parametrize(
    ("facts", "asked", "ticked"),
    [
        pytest.param(known(newest=APP), {}, ["C-NEWER-REVISION", "C-DEADLOCK"], id="newest"),
        pytest.param(known(newest=APP), {"revision": "web:1"}, ["C-DEADLOCK"], id="another was asked for"),
        pytest.param(known(target_groups={TARGET_GROUP: None}), {}, ["C-DEADLOCK"], id="a target group that is gone"),
        pytest.param(
            known(target_groups={TARGET_GROUP: GROUP}),
            {},
            ["C-DEADLOCK", "C-TARGET-GROUP-MISSING", "C-TIMEOUT"],
            id="a target group",
        ),
        pytest.param(
            known(target_groups={TARGET_GROUP: GROUP}),
            {"wait_until": WaitUntil.STARTED},
            ["C-DEADLOCK", "C-TARGET-GROUP-MISSING"],
            id="nobody waits",
        ),
        pytest.param(
            known(limits=ScalingLimits(lowest=1, highest=9)), {}, ["C-DEADLOCK", "C-SCALING-LIMITS"], id="limits"
        ),
        pytest.param(known(), BACK, ["C-DEADLOCK"], id="a way back that is not known"),
        pytest.param(
            known(target=APP),
            BACK,
            ["C-DEADLOCK", "C-NO-ROLLBACK-TARGET"],
            id="a way back",
        ),
        pytest.param(
            known(target=replace(APP, payload={**APP.payload, "status": "INACTIVE"})),
            BACK,
            ["C-DEADLOCK"],
            id="a way back that is not active",
        ),
        pytest.param(
            known(expire_at=NOON.replace(year=2030)),
            {},
            ["C-DEADLOCK", "C-CREDENTIALS-EXPIRE"],
            id="credentials that last",
        ),
        pytest.param(known(expire_at=NOON), {}, ["C-DEADLOCK"], id="credentials that do not"),
        pytest.param(
            known(newest=APP), {"wait_until": WaitUntil.REGISTERED}, ["C-NEWER-REVISION"], id="registering alone"
        ),
    ],
)
def test_what_surrounds_the_service_is_ticked_off(facts: Known, asked: dict[str, Any], ticked: list[str]) -> None:
    assert codes(_held(facts, **asked)) == ticked


def test_the_base_is_not_called_the_newest_where_a_newer_one_differs_in_images_alone() -> None:
    newer = definition_of(container("app", "acme/app:2"), revision=2)
    checked = check(replace(attempt(), running=APP), known(newest=newer))
    assert (checked.findings, codes(checked.held)) == ((), ["C-DEADLOCK"])
    assert codes(check(replace(attempt(), running=APP), known(newest=APP)).held) == ["C-NEWER-REVISION", "C-DEADLOCK"]


def test_what_was_looked_at_is_ticked_off_in_words() -> None:
    serves = container("app", IMAGE, portMappings=[{"containerPort": 80}])
    definition = definition_of(serves, container("side", f"{IMAGE}0"), **FARGATE)
    resources = {secret("a"): True, secret("b"): True, Resource(type=ResourceType.ROLE, name="r"): True}
    stored = StoredImage(digest="sha256:1", platforms=("linux/amd64",))
    facts = known(
        newest=APP,
        target=APP,
        images={IMAGE: stored, f"{IMAGE}0": stored},
        resources=resources,
        target_groups={TARGET_GROUP: GROUP, f"{TARGET_GROUP}0": GROUP},
        limits=LIMITS,
        expire_at=LATER,
    )
    checked = check(attempt(replace(balanced(80), desired=1), definition, on_failure=OnFailure.ROLLBACK), facts)
    assert checked.findings == ()
    assert [tick(each) for each in checked.held] == [
        "Fargate has the size",
        "ECR has the images (2)",
        "built for linux/amd64",
        "role exists",
        "secrets exist (2)",
        "based on the newest revision",
        "room to exchange tasks",
        "target groups exist (2)",
        "the balanced port is mapped",
        "within auto scaling's limits",
        "a version to go back to",
        "the timeout suffices",
        "the credentials last",
    ]


def test_only_what_can_be_ticked_off_has_words_for_it() -> None:
    ticked = {code for code in MEANINGS if tick(Finding(code=code, subjects=("x",)))}
    assert ticked == {
        *("C-FARGATE-SIZE", "C-IMAGE-MISSING", "C-IMAGE-PLATFORM", "C-DEADLOCK", "C-TARGET-GROUP-MISSING"),
        *("C-ROLE-MISSING", "C-SECRET-MISSING", "C-PARAMETER-MISSING", "C-LOG-GROUP-MISSING", "C-BALANCED-PORT"),
        *("C-NEWER-REVISION", "C-NO-ROLLBACK-TARGET", "C-SCALING-LIMITS", "C-TIMEOUT", "C-CREDENTIALS-EXPIRE"),
    }


def test_what_was_found_is_told_beside_what_held() -> None:
    checked = check(attempt(balanced(80)), known(newest=APP))
    assert codes(checked.findings) == ["C-BALANCED-PORT"]
    assert codes(checked.held) == ["C-NEWER-REVISION", "C-DEADLOCK"]
