"""Time against the timeout and the credentials; and all the checks together."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ecsdeploy.model.request import PhaseBudget, Sizing, WaitUntil, WholeBudget
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import ServiceSettings
from ecsdeploy.model.surroundings import TargetGroup
from ecsdeploy.plan.checks.attempt import Known
from ecsdeploy.plan.checks.duration import check_credentials, check_timeout, seconds_back
from ecsdeploy.plan.checks.preflight import check_all
from tests.unit.plan.attempts import RUNNING, attempt, codes, fargate, known, only
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import NOON, TARGET_GROUP, foreign, old, service_with

BALANCED = replace(RUNNING, target_groups=(TARGET_GROUP,), grace_seconds=60)
GROUP = TargetGroup(check_seconds=150, drain_seconds=300)


BAKES = replace(BALANCED, settings=ServiceSettings(bake_seconds=600))


def _groups(*groups: TargetGroup | None) -> Known:
    return known(target_groups={f"{TARGET_GROUP}{number}": group for number, group in enumerate(groups)})


@pytest.mark.parametrize(
    ("service", "facts", "needed"),
    [
        pytest.param(BALANCED, _groups(GROUP), "510", id="grace, checks and draining"),
        pytest.param(BAKES, _groups(GROUP), "510", id="not bake time, which comes on top"),
        pytest.param(BALANCED, _groups(None, GROUP), "510", id="one of two groups"),
        pytest.param(BALANCED, _groups(replace(GROUP, drain_seconds=None)), "510", id="the default delay"),
        pytest.param(
            BALANCED, _groups(GROUP, replace(GROUP, check_seconds=20, drain_seconds=900)), "1110", id="the slowest"
        ),
    ],
)
def test_f67_a_timeout_below_what_the_settings_take_is_warned_of(service: Service, facts: Known, needed: str) -> None:
    finding = only(check_timeout(attempt(service, budget=WholeBudget(seconds=500)), facts))
    assert (finding.subjects, finding.blocking) == ((needed, "500"), False)


@pytest.mark.parametrize(
    ("asked", "facts"),
    [
        pytest.param({"budget": WholeBudget(seconds=510)}, _groups(GROUP), id="just enough"),
        pytest.param({"budget": PhaseBudget(seconds=9)}, known(), id="nothing known"),
        pytest.param({"budget": PhaseBudget(seconds=9)}, _groups(), id="no load balancer"),
        pytest.param({"budget": PhaseBudget(seconds=0.5)}, known(), id="a moment, and nothing to wait for"),
        pytest.param(
            {"budget": PhaseBudget(seconds=0.5), "sizing": Sizing(desired_count=0)},
            known(),
            id="a moment, and no tasks",
        ),
        pytest.param(
            {"budget": PhaseBudget(seconds=9), "wait_until": WaitUntil.STARTED}, _groups(GROUP), id="detached"
        ),
        pytest.param(
            {"budget": PhaseBudget(seconds=9), "sizing": Sizing(desired_count=0)}, _groups(GROUP), id="no tasks"
        ),
        pytest.param(
            {"budget": PhaseBudget(seconds=210), "wait_until": WaitUntil.HEALTHY},
            _groups(GROUP),
            id="the last draining is not waited for",
        ),
    ],
)
def test_a_timeout_that_suffices_or_does_not_count_is_not_warned_of(asked: dict[str, Any], facts: Known) -> None:
    assert list(check_timeout(attempt(BALANCED, **asked), facts)) == []


@pytest.mark.parametrize(
    ("strategy", "maximum", "needed"),
    [("ROLLING", 150, "960"), ("ROLLING", 200, "510"), ("ROLLING", 100, "960"), ("CANARY", 150, "510")],
)
def test_tasks_that_are_exchanged_in_rounds_take_longer(strategy: str, maximum: int, needed: str) -> None:
    service = replace(BALANCED, maximum_percent=maximum, strategy=strategy)
    finding = only(check_timeout(attempt(service, budget=WholeBudget(seconds=500)), _groups(GROUP)))
    assert finding.subjects[0] == needed


@pytest.mark.parametrize(
    ("desired", "maximum", "needed"), [(5, 140, "1410"), (4, 150, "960"), (3, 140, "1410"), (1, 150, "510")]
)
def test_the_last_round_may_be_smaller(desired: int, maximum: int, needed: str) -> None:
    service = replace(BALANCED, desired=desired, maximum_percent=maximum)
    finding = only(check_timeout(attempt(service, budget=WholeBudget(seconds=500)), _groups(GROUP)))
    assert finding.subjects[0] == needed


@pytest.mark.parametrize(
    ("seconds", "wait_until", "warned"),
    [(899, WaitUntil.COMPLETE, True), (900, WaitUntil.COMPLETE, False), (899, WaitUntil.STARTED, False)],
)
def test_f18_credentials_that_expire_too_soon_are_warned_of(seconds: int, wait_until: WaitUntil, warned: bool) -> None:
    facts = known(expire_at=NOON + timedelta(seconds=seconds))
    findings = list(check_credentials(attempt(wait_until=wait_until), facts))
    assert codes(findings) == ["C-CREDENTIALS-EXPIRE"] * warned
    if warned:
        assert findings[0].subjects == ("2026-11-22T12:14:59Z", "2026-11-22T12:15:00Z")


def test_credentials_without_an_end_are_not_warned_of() -> None:
    assert list(check_credentials(attempt(), known())) == []


BAD = fargate(cpu="1", memory="1")
BUSY = service_with(foreign(running=1), old())


def test_what_blocks_comes_first_and_what_was_not_read_last() -> None:
    going = attempt(BUSY, BAD, sizing=Sizing(maximum_percent=100))
    findings = check_all(going, known(unread=("role app (access denied)",)))
    assert codes(findings) == ["C-FARGATE-SIZE", "C-DEADLOCK", "C-BUSY", "C-UNCHECKED"]


def test_registering_alone_has_nothing_to_do_with_the_service() -> None:
    going = attempt(BUSY, BAD, sizing=Sizing(maximum_percent=100), wait_until=WaitUntil.REGISTERED)
    assert codes(check_all(going, known())) == ["C-FARGATE-SIZE"]


def test_an_ordinary_release_has_no_findings() -> None:
    assert check_all(attempt(), known()) == ()


CHECKED = definition_of(container("app", "acme/app:1", healthCheck={"startPeriod": 100}))
QUICK = definition_of(container("app", "acme/app:1", healthCheck={"interval": 5, "retries": 2}))


@pytest.mark.parametrize(
    ("service", "facts", "needed"),
    [
        pytest.param(RUNNING, known(), 60, id="tasks have to start"),
        pytest.param(BALANCED, _groups(GROUP), 60 + 60 + 150 + 300, id="grace, checks and draining"),
        pytest.param(BALANCED, known(), 60 + 60 + 300, id="the default delay where nothing could be read"),
        pytest.param(BAKES, _groups(GROUP), 60 + 60 + 150 + 300 + 600, id="bake time too"),
        pytest.param(RUNNING, known(target=CHECKED), 60 + 100 + 90, id="the containers' own checks"),
        pytest.param(RUNNING, known(target=QUICK), 60 + 10, id="the containers' own checks, quick ones"),
        pytest.param(
            replace(BALANCED, minimum_healthy_percent=50, maximum_percent=100),
            _groups(GROUP),
            60 + 60 + 2 * 450,
            id="round after round",
        ),
    ],
)
def test_t04_a_rollback_s_own_time_follows_from_the_service_s_settings(
    service: Service, facts: Known, needed: float
) -> None:
    assert seconds_back(attempt(service=service), facts) == needed
