"""Room to deploy in, limits, load balancers, and what others did."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.model.request import FromRunning, OnFailure, Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Balanced, ServiceSettings
from ecsdeploy.model.surroundings import ScalingLimits, TargetGroup
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.existence import check_balancing
from ecsdeploy.plan.checks.history import check_busy, check_newest, check_way_back
from ecsdeploy.plan.checks.room import check_deadlock, check_limits, check_zones
from ecsdeploy.plan.checks.sentences import sentence
from tests.unit.plan.attempts import APP, REGISTRY, RUNNING, attempt, codes, known, only
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import NOON, OLD, TARGET_GROUP, foreign, old, service_with


def _sized(desired: int, minimum: int | None, maximum: int | None, running: int | None = None) -> Service:
    return replace(
        RUNNING,
        desired=desired,
        minimum_healthy_percent=minimum,
        maximum_percent=maximum,
        running=desired if running is None else running,
    )


@pytest.mark.parametrize(
    ("service", "sizing", "stuck"),
    [
        pytest.param(_sized(3, 67, 100), Sizing(), True, id="67 % of three are three"),
        pytest.param(_sized(1, 50, 100), Sizing(), True, id="half of one is one"),
        pytest.param(_sized(4, 100, 100), Sizing(), True, id="neither more nor less"),
        pytest.param(_sized(3, 100, 133), Sizing(), True, id="a third is not one more"),
        pytest.param(_sized(3, 66, 100), Sizing(), False, id="one may stop"),
        pytest.param(_sized(3, 100, 134), Sizing(), False, id="one more may start"),
        pytest.param(_sized(3, None, None), Sizing(), False, id="the defaults of ECS"),
        pytest.param(_sized(3, None, 100), Sizing(), True, id="the default minimum"),
        pytest.param(_sized(3, 67, 100), Sizing(maximum_percent=200), False, id="asked for more"),
        pytest.param(_sized(3, 50, 200), Sizing(minimum_healthy_percent=100, maximum_percent=100), True, id="asked"),
        pytest.param(_sized(2, 100, 100), Sizing(desired_count=4), True, id="more tasks than before"),
        pytest.param(_sized(2, 100, 100), Sizing(desired_count=0), False, id="to zero"),
        pytest.param(_sized(2, 100, 100, running=0), Sizing(), False, id="nothing runs"),
        pytest.param(replace(_sized(2, 100, 100, running=0), pending=1), Sizing(), True, id="one is about to run"),
        pytest.param(
            replace(_sized(2, 100, 100, running=1), pending=1), Sizing(), True, id="one runs, one is about to"
        ),
        pytest.param(_sized(1, 100, 100, running=1), Sizing(), True, id="the only one"),
        pytest.param(replace(_sized(2, 100, 100), strategy="BLUE_GREEN"), Sizing(), False, id="both in full"),
        pytest.param(replace(_sized(2, 100, 100), controller="CODE_DEPLOY"), Sizing(), False, id="CodeDeploy's own"),
        pytest.param(replace(_sized(2, 100, 100), scheduling="DAEMON"), Sizing(), False, id="f48 one per instance"),
    ],
)
def test_a_release_without_room_is_refused_before_anything_is_written(
    service: Service, sizing: Sizing, stuck: bool
) -> None:
    findings = list(check_deadlock(attempt(service, sizing=sizing)))
    assert [(each.code, each.blocking) for each in findings] == [("C-DEADLOCK", True)] * stuck


def test_a_forced_deployment_has_the_room_of_the_service() -> None:
    going = attempt(_sized(1, 100, 100), sizing=Sizing(maximum_percent=200), force=True)
    assert sentence(only(check_deadlock(going))).startswith(
        "With 1 desired, minimum 100 % and maximum 100 % leave ECS no"
    )


def test_without_percentages_of_its_own_a_service_has_those_of_ecs() -> None:
    assert attempt(_sized(3, None, None)).percentages == (100, 200)
    assert attempt(_sized(3, 0, 150)).percentages == (0, 150)


REBALANCING = replace(RUNNING, settings=ServiceSettings(rebalances_zones=True))


@pytest.mark.parametrize(
    ("maximum", "service", "refused"),
    [(100, REBALANCING, True), (101, REBALANCING, False), (None, REBALANCING, False), (100, RUNNING, False)],
)
def test_zones_cannot_be_rebalanced_without_room(maximum: int | None, service: Service, refused: bool) -> None:
    findings = check_zones(attempt(service, sizing=Sizing(maximum_percent=maximum)))
    assert codes(findings) == ["C-ZONE-REBALANCING"] * refused


@pytest.mark.parametrize(("asked", "warned"), [(1, True), (2, False), (8, False), (9, True), (None, False)])
def test_a_count_outside_the_limits_of_auto_scaling_is_warned_of(asked: int | None, warned: bool) -> None:
    going = attempt(sizing=Sizing(desired_count=asked))
    assert codes(check_limits(going, known(limits=ScalingLimits(lowest=2, highest=8)))) == ["C-SCALING-LIMITS"] * warned
    assert list(check_limits(going, known())) == []


BALANCED = service_with(old(status="PRIMARY"), target_groups=(TARGET_GROUP, f"{TARGET_GROUP}0"))


def test_target_groups_that_are_gone_are_refused() -> None:
    facts = known(target_groups={TARGET_GROUP: None, f"{TARGET_GROUP}0": TargetGroup(check_seconds=1)})
    assert only(check_balancing(attempt(BALANCED), facts)).subjects == (TARGET_GROUP,)
    assert list(check_balancing(attempt(BALANCED), known())) == []


def _serving(*mappings: object) -> TaskDefinition:
    return definition_of(container("app", "app:1", portMappings=list(mappings)))


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        pytest.param(_serving({"containerPort": 80}, {"containerPort": 8080}), None, id="mapped"),
        pytest.param(_serving({"containerPortRange": "8000-8100"}), None, id="in a range"),
        pytest.param(_serving({"containerPort": 80}), "C-BALANCED-PORT", id="another port"),
        pytest.param(_serving({"containerPortRange": "1-2"}, "8080", {}), "C-BALANCED-PORT", id="other kinds"),
        pytest.param(APP, "C-BALANCED-PORT", id="no ports"),
        pytest.param(definition_of(container("web", "app:1")), "C-BALANCED-CONTAINER", id="another container"),
    ],
)
def test_the_balanced_container_and_port_must_be_in_the_definition(definition: TaskDefinition, code: str) -> None:
    service = replace(RUNNING, settings=ServiceSettings(balanced=(Balanced(container="app", port=8080),)))
    findings = list(check_balancing(attempt(service, definition), known()))
    assert [(each.code, each.blocking) for each in findings] == ([(code, True)] if code else [])


def _registered_by(name: str, arn: str) -> TaskDefinition:
    return definition_of(container("app", "app:1"), taskDefinitionArn=arn, registeredBy=name, revision=3)


def test_f32_a_deployment_that_runs_is_told_with_who_and_since_when() -> None:
    other = replace(foreign(), created_at=NOON)
    facts = known(newest=_registered_by("arn:aws:iam::1:user/mo", other.task_definition))
    finding = only(check_busy(attempt(service_with(other, old())), facts))
    assert not finding.blocking
    assert sentence(finding) == (
        f"A deployment of the service `web` is running already: `{other.id}`, to `web:3` since 2026-11-22T12:00:00Z, "
        "registered by arn:aws:iam::1:user/mo."
    )


def test_what_is_not_known_of_a_running_deployment_is_said_to_be_so() -> None:
    finding = only(check_busy(attempt(service_with(foreign(), old())), known()))
    assert finding.subjects[3:] == ("an unknown time", "somebody unknown")


def test_a_service_at_rest_is_not_busy() -> None:
    assert list(check_busy(attempt(), known())) == []


@pytest.mark.parametrize(
    ("number", "asked", "warned"),
    [
        pytest.param(2, {}, True, id="newer"),
        pytest.param(1, {}, False, id="the same"),
        pytest.param(2, {"force": True}, False, id="nothing is registered"),
        pytest.param(2, {"revision": "web:1"}, False, id="an existing one is deployed"),
        pytest.param(2, {"base": FromRunning.LATEST}, False, id="meant"),
    ],
)
def test_a_newer_revision_that_is_passed_over_is_warned_of(number: int, asked: dict[str, Any], warned: bool) -> None:
    newest = definition_of(taskDefinitionArn=OLD[:-1] + str(number), revision=number)
    findings = list(check_newest(attempt(**asked), known(newest=newest)))
    assert codes(findings) == ["C-NEWER-REVISION"] * warned
    assert list(check_newest(attempt(**asked), known())) == []
    if warned:
        assert findings[0].subjects == ("web:2", "web:1", "all of them")


def _newer(*containers: dict[str, object], **members: object) -> TaskDefinition:
    return definition_of(*containers, **{**members, "taskDefinitionArn": OLD[:-1] + "2", "revision": 2})


VARIABLE: dict[str, Any] = {"environment": [{"name": "LEVEL", "value": "debug"}]}


@pytest.mark.parametrize(
    ("newest", "failed", "said"),
    [
        pytest.param(_newer(container("app", "acme/app:9")), False, None, id="images alone"),
        pytest.param(_newer(container("app", "acme/app:9")), True, None, id="images alone, and failed"),
        pytest.param(
            _newer(container("app", "acme/app:9", **VARIABLE), cpu="256"),
            False,
            "The newest revision is `web:2`, and the release starts from `web:1`; these changes of it are not "
            "deployed: `environment LEVEL` of `app`, `cpu`.",
            id="more",
        ),
        pytest.param(
            _newer(container("app", "acme/app:1"), container("side", "side:1")),
            True,
            "The newest revision `web:2` was released and failed, or was rolled back; the release starts from `web:1`;"
            " these changes of it are not deployed: `container` of `side`.",
            id="failed",
        ),
    ],
)
def test_p05_a_newer_revision_is_told_where_more_than_images_is_new(
    newest: TaskDefinition, failed: bool, said: str | None
) -> None:
    going = replace(attempt(), running=APP)
    findings = list(check_newest(going, known(newest=newest, newest_failed=failed)))
    assert [sentence(each) for each in findings] == ([said] if said else [])


IMAGE = f"{REGISTRY}/team/app:1"
TARGET = definition_of(container("app", IMAGE), status="ACTIVE")


@pytest.mark.parametrize(
    ("service", "facts", "expected"),
    [
        pytest.param(RUNNING, known(), [], id="nothing known against it"),
        pytest.param(RUNNING, known(target=TARGET), [], id="active"),
        pytest.param(service_with(old("")), known(target=TARGET), [], id="a classic load balancer"),
        pytest.param(service_with(foreign()), known(), ["C-NO-ROLLBACK-TARGET"], id="f43 the first deployment"),
        pytest.param(
            RUNNING,
            known(target=definition_of(status="INACTIVE")),
            ["C-ROLLBACK-INACTIVE"],
            id="f44 deregistered",
        ),
        pytest.param(RUNNING, known(target=TARGET, images={IMAGE: None}), ["C-ROLLBACK-IMAGE"], id="f44 image gone"),
    ],
)
def test_the_way_back_must_be_open(service: Service, facts: Any, expected: list[str]) -> None:
    assert codes(check_way_back(attempt(service, on_failure=OnFailure.ROLLBACK), facts)) == expected


def test_f43_what_the_history_knows_to_be_good_is_a_way_back() -> None:
    known_good = replace(attempt(service_with(foreign()), on_failure=OnFailure.ROLLBACK), known_good=OLD)
    assert list(check_way_back(known_good, known())) == []


def test_who_does_not_go_back_needs_no_way_back() -> None:
    assert list(check_way_back(attempt(service_with(foreign())), known())) == []
    forced = attempt(service_with(foreign()), force=True, on_failure=OnFailure.ROLLBACK)
    assert list(check_way_back(forced, known())) == []
