"""What a plan tells of the service that it meets, of its size, and of values that may be secret."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.model.difference import Difference, How
from ecsdeploy.model.request import DeployRequest, RegisterRequest, Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Breaker
from ecsdeploy.model.steps import Plan, Setting
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy, plan_register
from tests.unit.plan.attempts import codes
from tests.unit.plan.builders import WEB, container, definition_of, set_image
from tests.unit.rollout.builders import OLD, foreign, old, service_with

MIXED = replace(
    service_with(old(status="PRIMARY", running=3), foreign(running=1), desired=4),
    minimum_healthy_percent=75,
    maximum_percent=125,
    breaker=Breaker(enabled=True, rollback=True),
)
EDITED = {"edits": (set_image("app:2"),)}
EXISTING = {"revision": "web:1"}
FORCED = {"force": True}
KINDS = pytest.mark.parametrize("asked", [EDITED, EXISTING, FORCED], ids=["edited", "existing", "forced"])


def _variable(value: str, image: str = "app:1", **members: object) -> TaskDefinition:
    return definition_of(container("app", image, environment=[{"name": "KEY", "value": value}]), **members)


FACTS = Facts(base=_variable("old"), current=OLD)


def _plan(asked: dict[str, Any], service: Service = MIXED, facts: Facts = FACTS) -> Plan:
    return plan_deploy(DeployRequest(service=WEB, **asked), service, facts)


@KINDS
def test_every_plan_tells_what_it_starts_from_and_the_service_that_it_meets(asked: dict[str, Any]) -> None:
    plan = _plan(asked)
    assert plan.base == OLD
    assert plan.setting == Setting(
        desired=4,
        minimum_healthy_percent=75,
        maximum_percent=125,
        breaker=Breaker(enabled=True, rollback=True),
        running=4,
        running_compared=3,
    )


@KINDS
def test_f22_no_plan_is_for_another_account_than_expected(asked: dict[str, Any]) -> None:
    assert "C-ACCOUNT" in codes(_plan({**asked, "expect_account": "444455556666"}).findings)
    assert "C-ACCOUNT" not in codes(_plan({**asked, "expect_account": "111122223333"}).findings)


@pytest.mark.parametrize("asked", [EDITED, EXISTING], ids=["edited", "existing"])
def test_a_size_is_told_as_it_is_and_as_it_is_asked_for(asked: dict[str, Any]) -> None:
    sizing = Sizing(desired_count=6, minimum_healthy_percent=50, maximum_percent=200)
    assert _plan({**asked, "sizing": sizing}).resized == (
        Difference(member="desiredCount", how=How.CHANGED, before="4", after="6"),
        Difference(member="minimumHealthyPercent", how=How.CHANGED, before="75", after="50"),
        Difference(member="maximumPercent", how=How.CHANGED, before="125", after="200"),
    )
    unset = replace(MIXED, minimum_healthy_percent=None, maximum_percent=None)
    assert [each.before for each in _plan({**asked, "sizing": sizing}, unset).resized] == ["4", "", ""]


@pytest.mark.parametrize("asked", [EDITED, EXISTING], ids=["edited", "existing"])
@pytest.mark.parametrize(("show", "values"), [(False, ("#cba0", "#1150")), (True, ("old", "new"))])
def test_values_are_fingerprints_unless_they_are_asked_for(
    asked: dict[str, Any], show: bool, values: tuple[str, str]
) -> None:
    facts = Facts(base=_variable("new"), current=OLD, running=_variable("old"))
    found = [each for each in _plan({**asked, "show_values": show}, facts=facts).differences if each.name == "KEY"]
    assert [(each.before, each.after) for each in found] == [values]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        pytest.param({**EDITED, "sizing": Sizing(desired_count=0)}, ["W-SCALED-TO-ZERO"], id="asked for"),
        pytest.param({**FORCED, "sizing": Sizing(desired_count=0)}, [], id="not sent with a forced deployment"),
        pytest.param(FORCED, [], id="as it is"),
    ],
)
def test_only_a_size_that_is_sent_can_leave_nothing_to_watch(asked: dict[str, Any], told: list[str]) -> None:
    assert codes(_plan(asked).findings) == told


@pytest.mark.parametrize(
    ("base", "running"),
    [
        pytest.param(_variable("${KEY}"), None, id="in the revision that the release starts from"),
        pytest.param(
            _variable("${KEY}", taskDefinitionArn=""), _variable("${KEY}"), id="in the revision that runs, and a file"
        ),
        pytest.param(
            _variable("${KEY}"), _variable("${KEY}", "app:0"), id="in the revision that runs, and the one started from"
        ),
    ],
)
def test_p04_a_place_that_ecs_has_taken_before_is_not_told_again(
    base: TaskDefinition, running: TaskDefinition | None
) -> None:
    assert codes(_plan(EDITED, facts=Facts(base=base, current=OLD, running=running)).findings) == []


def test_p04_a_place_in_what_starts_over_is_told_although_the_base_has_it() -> None:
    facts = Facts(base=_variable("${KEY}"), current=OLD, running=_variable("1"))
    assert codes(_plan(EDITED, facts=facts).findings) == ["C-PLACEHOLDER-LEFT"]


def test_p01_what_ecs_has_taken_before_is_refused_in_a_file_alone() -> None:
    odd = {"taskRoleArn": "arn:aws:iam::1:role/web"}
    stored = Facts(base=_variable("1", **odd), current=OLD)
    assert codes(_plan(EDITED, facts=stored).findings) == []
    file = Facts(base=_variable("1", taskDefinitionArn="", **odd), current="file.json", running=_variable("1"))
    assert codes(_plan(EDITED, facts=file).findings) == ["C-ROLE-ARN"]


def test_p04_a_file_alone_is_told_of_with_its_places() -> None:
    facts = Facts(base=_variable("${KEY}", taskDefinitionArn=""), current="file.json")
    assert codes(plan_register(RegisterRequest(family="web"), facts).findings) == ["C-PLACEHOLDER-LEFT"]
