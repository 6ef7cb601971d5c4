"""Where a rollback goes: to what was released with success, not to the number before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.model.steps import PointService, Register, Step
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.kept import is_same_content
from ecsdeploy.plan.planner import plan_deploy
from ecsdeploy.plan.revisions import candidates, check_revision, check_stays, has_run, revision_meant, way_back
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import ARN, NOON, foreign, old, ours, service_with

REVISION = f"{ARN}task-definition/web:{{}}".format
RUNNING = service_with(old(status="PRIMARY"))


def past(number: int, status: str = "SUCCESSFUL") -> PastDeployment:
    return PastDeployment(arn=f"sd/{number}", status=status, revision=REVISION(number), deployment_id="ecs-svc/1")


def test_only_what_succeeded_is_known_good_and_each_revision_comes_once() -> None:
    history = (past(1), past(9, "ROLLBACK_SUCCESSFUL"), past(8, "STOPPED"), past(7), past(7), past(5))
    assert found(*history, in_use=1) == [7, 5]


def found(*history: PastDeployment, in_use: int = 0) -> list[int]:
    on = REVISION(in_use) if in_use else ""
    return [split_revision(each.revision)[1] or 0 for each in candidates(history, in_use=on)]


def ran(*numbers: int) -> tuple[PastDeployment, ...]:
    """Releases that succeeded, newest first."""
    return tuple(map(past, numbers))


LEFT: dict[str, tuple[tuple[PastDeployment, ...], int, list[int]]] = {
    "a rollback": (ran(2, 3, 2, 1), 2, [1]),
    "a rollback of which the history does not know yet": (ran(3, 2, 1), 2, [1]),
    "two rollbacks": (ran(1, 2, 3, 2, 1), 1, []),
    "a rollback over two": (ran(1, 3, 2, 1), 1, []),
    "a release after a rollback": (ran(4, 2, 3, 2, 1), 4, [2, 1]),
    "a step forward again after a rollback": (ran(4, 3, 2, 3, 2), 4, [3, 2]),
    "one that was forced again": (ran(3, 3, 2), 3, [2]),
    "revisions that were not released in order": (ran(5, 6, 4), 5, [6, 4]),
    "one that ECS took back at its newest try": ((past(4), past(3, "ROLLBACK_SUCCESSFUL"), *ran(2, 3)), 4, [2]),
    "one whose newest try was stopped": ((past(4), past(3, "STOPPED"), *ran(3, 2)), 4, [3, 2]),
    "tries that failed": ((*[past(each, "STOPPED") for each in range(30, 8, -1)], *ran(8, 7)), 30, [8, 7]),
}


@pytest.mark.parametrize(("history", "in_use", "good"), LEFT.values(), ids=LEFT)
def test_t09_what_a_rollback_left_is_not_known_good(
    history: tuple[PastDeployment, ...], in_use: int, good: list[int]
) -> None:
    assert found(*history, in_use=in_use) == good


def test_t09_a_history_is_read_no_further_than_needed() -> None:
    history = iter(ran(3, 2, 1))
    assert next(candidates(history, in_use=REVISION(3))) == past(2)
    assert [*history] == [past(1)]


def test_t09_a_history_is_read_no_further_where_no_revision_is_in_use() -> None:
    history = iter(ran(3, 2, 1))
    assert next(candidates(history)) == past(3)
    assert [*history] == [past(2), past(1)]


def test_t09_another_family_is_gone_back_to_unless_it_was_left() -> None:
    api = replace(past(1), revision=f"{ARN}task-definition/api:9")
    assert [*candidates((past(1), api), in_use=REVISION(1))] == [api]
    assert [*candidates((past(1), api, past(1)), in_use=REVISION(1))] == []


def test_t09_whether_a_revision_has_run_is_told_by_its_newest_success_else_by_any_try() -> None:
    tried = past(2, "STOPPED")
    assert has_run((past(3), tried, past(2)), "web:2") == past(2)
    assert has_run((past(3), tried), REVISION(2)) == tried
    assert has_run((past(3),), "web:2") is None


def test_a_deployment_whose_revision_is_not_told_is_passed_over() -> None:
    assert [*candidates((replace(past(7), revision=""),))] == []


@pytest.mark.parametrize(("to", "meant"), [("7", "web:7"), ("web:7", "web:7"), (REVISION(7), REVISION(7))])
def test_a_number_is_a_revision_of_the_services_own_family(to: str, meant: str) -> None:
    assert revision_meant(to, RUNNING) == meant


@pytest.mark.parametrize(("status", "told"), [("ACTIVE", False), ("", False), ("INACTIVE", True)])
def test_a_revision_that_is_not_active_is_told(status: str, told: bool) -> None:
    definition = definition_of(container("app", "app:1"), taskDefinitionArn=REVISION(7), status=status)
    assert [each.code for each in check_revision(definition)] == ["C-REVISION-INACTIVE"] * told


def test_f44_a_copy_is_deployed_of_a_revision_that_is_not_active() -> None:
    base = definition_of(container("app", "app:7"), taskDefinitionArn=REVISION(7), status="INACTIVE")
    facts = Facts(base=base, current=REVISION(1))
    plan = plan_deploy(DeployRequest(service=WEB, revision="web:7", copies_inactive=True), RUNNING, facts)
    assert plan.steps == (Register(definition=base), PointService(service=WEB))
    assert [each.code for each in plan.findings] == ["C-REVISION-INACTIVE"]
    assert not plan.is_blocked


def test_a_revision_that_is_not_active_is_refused_where_none_is_to_be_registered() -> None:
    base = definition_of(container("app", "app:7"), taskDefinitionArn=REVISION(7), status="INACTIVE")
    plan = plan_deploy(DeployRequest(service=WEB, revision="web:7"), RUNNING, Facts(base=base, current=REVISION(1)))
    assert [each.code for each in plan.findings] == ["C-REVISION-NOT-ACTIVE"]
    assert plan.is_blocked
    assert not any(isinstance(step, Register) for step in plan.steps)


def test_an_existing_revision_is_deployed_as_it_is() -> None:
    facts = Facts(base=definition_of(container("app", "app:7"), taskDefinitionArn=REVISION(7)), current=REVISION(1))
    plan = plan_deploy(DeployRequest(service=WEB, revision="web:7"), RUNNING, facts)
    assert plan.steps == (PointService(service=WEB, revision=REVISION(7)),)
    assert [(each.container, each.after) for each in plan.changes] == [("app", "app:7")]
    assert plan.has_changes
    assert not plan.is_blocked


def test_content_is_the_same_only_when_neither_has_more() -> None:
    small, large = definition_of(container("app", "app:1")), definition_of(container("app", "app:1", cpu=256))
    assert is_same_content(small, small)
    assert not is_same_content(small, large)
    assert not is_same_content(large, small)


def listed(*deployments: Deployment, on: int = 2) -> Service:
    return replace(service_with(*deployments), task_definition=REVISION(on))


GONE_BACK = (old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE"))
NEWER = replace(foreign(), rollout_state="COMPLETED", status="ACTIVE", created_at=NOON + timedelta(seconds=1))
THEIRS, BACK = replace(foreign(), rollout_state=""), old("", status="PRIMARY")
REPLACED = replace(ours("", status="ACTIVE", running=1), created_at=NOON + timedelta(seconds=1))
WAYS_BACK = {
    "what runs": (RUNNING, 1),
    "another's release runs": (listed(ours(), old()), 1),
    "another's release has failed": (listed(ours("FAILED"), old()), 1),
    "the newest of those that were complete": (listed(ours(), old(), NEWER), 3),
    "what runs, although a newer one is listed too": (listed(old(status="PRIMARY"), NEWER), 1),
    "a Classic load balancer's, replaced, of one task": (listed(ours(""), old("", running=1)), 1),
    "a Classic load balancer's, alone": (listed(ours("")), 2),
    "a Classic load balancer's, replaced": (listed(ours(""), old("")), 1),
    "t09 the older of two of a Classic load balancer's": (listed(THEIRS, REPLACED, old("")), 1),
    "t09 a Classic load balancer's that never ran": (listed(THEIRS, ours("", status="ACTIVE", pending=2)), 7),
    "t09 a Classic load balancer's that was left": (listed(BACK, REPLACED, on=1), 7),
    "ECS takes another's release back": (listed(*GONE_BACK, on=1), 7),
    "nothing else is listed, and it has failed": (listed(ours("FAILED")), 7),
    "another controller's": (replace(listed(ours("FAILED")), controller="CODE_DEPLOY"), 2),
}


@pytest.mark.parametrize(("service", "revision"), WAYS_BACK.values(), ids=WAYS_BACK)
def test_the_way_back_leads_to_what_is_known_to_be_good(service: Service, revision: int) -> None:
    assert way_back(service, REVISION(7)) == REVISION(revision)


def test_without_a_history_the_way_back_leads_to_what_runs_unless_that_has_failed() -> None:
    assert way_back(listed(ours()), "") == REVISION(2)
    assert way_back(listed(), "") == REVISION(2)
    assert way_back(listed(ours("FAILED")), "") == ""


def test_a_release_after_a_failed_one_has_no_baseline_where_nothing_is_known_to_be_good() -> None:
    facts = Facts(base=definition_of(container("app", "app:7"), taskDefinitionArn=REVISION(7)), current=REVISION(2))
    request = DeployRequest(service=WEB, revision="web:7")
    assert plan_deploy(request, listed(ours("FAILED")), facts).baseline is None
    known = plan_deploy(request, listed(ours("FAILED")), replace(facts, known_good=REVISION(1))).baseline
    assert known is not None
    assert known.revision == REVISION(1)


CLASSIC = replace(ours("", running=2), desired=2)
STAYS = {
    "in health": (listed(old(status="PRIMARY"), on=7), "C-REVISION-IN-USE"),
    "complete, and short of a task since": (listed(old(status="PRIMARY", running=1), on=7), "C-REVISION-IN-USE"),
    "under way": (listed(ours(), old(), on=7), "C-REVISION-IN-USE"),
    "failed": (listed(ours("FAILED"), on=7), "C-REVISION-IN-USE-FAILED"),
    "a Classic load balancer's, all of it": (listed(CLASSIC, on=7), "C-REVISION-IN-USE"),
    "a Classic load balancer's, in part": (listed(replace(CLASSIC, running=1), on=7), "C-REVISION-IN-USE-FAILED"),
    "a Classic load balancer's, one too many": (listed(replace(CLASSIC, pending=1), on=7), "C-REVISION-IN-USE-FAILED"),
    "never deployed": (listed(on=7), "C-REVISION-IN-USE-FAILED"),
    "another": (listed(ours("FAILED"), on=8), ""),
}


@pytest.mark.parametrize(("service", "code"), STAYS.values(), ids=STAYS)
def test_t09_a_revision_that_stays_the_same_is_told_to_start_nothing(service: Service, code: str) -> None:
    facts = Facts(base=definition_of(container("app", "app:7"), taskDefinitionArn=REVISION(7)), current=REVISION(7))
    plan = plan_deploy(DeployRequest(service=WEB, revision="web:7"), service, facts)
    assert [(each.code, each.subjects) for each in plan.findings] == ([(code, ("web", "web:7"))] if code else [])
    assert plan.is_blocked is code.endswith("FAILED")


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(PointService(service=WEB, revision=REVISION(7), force=True), id="forced"),
        pytest.param(PointService(service=WEB), id="a revision that is registered first"),
        pytest.param(PointService(service=WEB, force=True), id="a forced one that is registered first"),
        pytest.param(Register(definition=definition_of()), id="the service is not touched"),
    ],
)
def test_t09_a_step_that_starts_a_deployment_in_any_case_is_not_told_of(step: Step) -> None:
    assert check_stays(step, listed(ours("FAILED"), on=7)) == ()
