"""What is asked before a release, and that no answer is no obstacle."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ecsdeploy.engine.prepare.gather import gather_definition
from ecsdeploy.engine.prepare.preflight import MOST_SECONDS, preflight
from ecsdeploy.errors import AccessDenied, AwsRefused, NoSuchResource, Refused, ReplyLost, Throttled, Unreachable
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.request import DeployRequest, FromRunning, IfBusy, OnFailure, Sizing, WaitUntil, WholeBudget
from ecsdeploy.model.service import PastDeployment, Service
from ecsdeploy.model.settings import Balanced, ServiceSettings
from ecsdeploy.model.steps import Finding, Plan, Register
from ecsdeploy.model.surroundings import ScalingLimits
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.engine.happenings import at_once, completes, started
from tests.unit.engine.runs import FORCED, RELEASE, WITH_ROLLBACK, a_run, run
from tests.unit.engine.world import ScriptedPlane
from tests.unit.plan.attempts import REGISTRY, RUNNING, codes, only
from tests.unit.plan.builders import WEB, container, definition_of, set_image
from tests.unit.rollout.builders import OLD, TARGET_GROUP, old, service_with

PLAIN = definition_of(container("app", "acme/app:2"))
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
FULL = definition_of(
    container(
        "app",
        f"{REGISTRY}/team/app:2",
        secrets=[{"valueFrom": f"{SECRET}:user::"}, {"valueFrom": "/a"}, {"valueFrom": "/b"}],
        logConfiguration={"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web"}},
    ),
    container("side", f"{REGISTRY}/team/side:1"),
    container("init", f"{REGISTRY}/team/app:3"),
    executionRoleArn="arn:aws:iam::111122223333:role/execution",
)
BALANCED = service_with(old(status="PRIMARY"), target_groups=(TARGET_GROUP,))


def _check(
    plane: ScriptedPlane, definition: TaskDefinition = PLAIN, service: Service = RUNNING, **asked: Any
) -> tuple[Finding, ...]:
    request = DeployRequest(service=WEB, **asked)
    under_way = a_run(plane, plane.clock, request.budget.seconds, service=WEB)
    facts = gather_definition(plane, under_way.patience(), request, service.task_definition)
    plan = Plan(steps=(Register(definition=definition),), base=facts.current)
    return preflight(under_way, request, service, facts, plan).findings


def test_a_plain_release_costs_no_question_of_its_own() -> None:
    plane = ScriptedPlane()
    assert _check(plane) == ()
    assert (plane.calls, plane.surroundings.calls) == (["definition"], [])


@pytest.mark.parametrize(
    "asked",
    [{"force": True}, {"base": FromRunning.LATEST}, {"revision": OLD}],
    ids=["force", "base latest", "an existing revision"],
)
def test_what_needs_no_question_asks_none(asked: dict[str, Any]) -> None:
    plane = ScriptedPlane()
    assert _check(plane, **asked) == ()
    assert plane.calls == ["definition"]
    assert plane.surroundings.calls == []


def test_what_is_named_is_asked_for_and_repositories_and_parameters_at_once() -> None:
    plane = ScriptedPlane()
    assert _check(plane, FULL) == ()
    assert plane.surroundings.calls == [
        ("images", "team/app", "2", "3"),
        ("images", "team/side", "1"),
        ("role", "execution"),
        ("secret", SECRET, "eu-west-1"),
        ("log_group", "/ecs/web", "eu-west-1"),
        ("parameters", "eu-west-1", "/a", "/b"),
    ]


def test_what_is_missing_is_found() -> None:
    plane = ScriptedPlane()
    plane.surroundings.gone = frozenset({"3", "execution", SECRET, "/ecs/web", "/b"})
    findings = _check(plane, FULL)
    assert codes(findings) == [
        "C-IMAGE-MISSING",
        "C-ROLE-MISSING",
        "C-SECRET-MISSING",
        "C-PARAMETER-MISSING",
        "C-LOG-GROUP-MISSING",
    ]
    assert findings[0].subjects == (f"{REGISTRY}/team/app:3",)
    assert findings[3].subjects == ("/b",)
    assert all(each.blocking for each in findings)


EVERYTHING = ("images", "role", "secret", "parameters", "log_group", "target_groups", "limits")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (AccessDenied("No."), "access denied"),
        (AwsRefused("Unknown operation."), "no answer"),
        (Unreachable("No route."), "no answer"),
        (ReplyLost("Silence."), "no answer"),
        (Throttled("Slow down."), "no answer"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
def test_f21_no_answer_is_not_missing_and_costs_one_note(error: Exception, why: str) -> None:
    plane = ScriptedPlane()
    plane.surroundings.fails = dict.fromkeys(EVERYTHING, error)
    plane.fail("definition", error)
    plane.fail("definition", error, after=1)
    finding = only(_check(plane, FULL, BALANCED, sizing=Sizing(desired_count=2)))
    assert (finding.code, finding.blocking) == ("C-UNCHECKED", False)
    assert finding.subjects == tuple(
        f"{what} ({why})"
        for what in (
            "newest revision of web",
            "images of team/app",
            "images of team/side",
            "role execution",
            f"secret {SECRET}",
            "log group /ecs/web",
            "parameters /a, /b",
            "target groups",
            "limits of auto scaling",
        )
    )


def test_a_family_without_an_active_revision_has_none_that_is_passed_over() -> None:
    plane = ScriptedPlane()
    for after in (0, 1):
        plane.fail("definition", NoSuchResource("None."), after=after)
    assert _check(plane) == ()
    assert plane.made("definition") == 3


def test_reads_that_are_slow_do_not_hold_up_a_release() -> None:
    plane = ScriptedPlane()
    plane.fail("definition", ReplyLost("Silence."))
    plane.fail("definition", ReplyLost("Silence."), takes=MOST_SECONDS, after=1)
    finding = only(_check(plane, FULL))
    assert finding.subjects[:2] == ("newest revision of web (no answer)", "images of team/app (no time left)")
    assert plane.surroundings.calls == []


def test_the_load_balancer_is_asked_where_the_service_has_one() -> None:
    plane = ScriptedPlane()
    settings = ServiceSettings(balanced=(Balanced(container="web", port=80),))
    service = replace(BALANCED, grace_seconds=60, settings=settings)
    findings = _check(plane, PLAIN, service, budget=WholeBudget(seconds=99))
    assert codes(findings) == ["C-BALANCED-CONTAINER", "C-TIMEOUT"]
    assert findings[1].subjects == ("100", "99")
    assert plane.surroundings.calls == [("target_groups", TARGET_GROUP), ("drain", TARGET_GROUP)]


def test_a_target_group_that_is_gone_is_not_asked_for_its_delay() -> None:
    plane = ScriptedPlane()
    plane.surroundings.gone = frozenset({TARGET_GROUP})
    assert codes(_check(plane, PLAIN, BALANCED)) == ["C-TARGET-GROUP-MISSING"]
    assert ("drain", TARGET_GROUP) not in plane.surroundings.calls


def test_who_does_not_wait_is_not_told_how_long_it_takes() -> None:
    plane = ScriptedPlane()
    assert _check(plane, PLAIN, BALANCED, wait_until=WaitUntil.STARTED, budget=WholeBudget(seconds=1)) == ()
    assert plane.surroundings.calls == [("target_groups", TARGET_GROUP)]


def test_registering_alone_asks_for_what_the_definition_names() -> None:
    plane = ScriptedPlane()
    _check(plane, FULL, BALANCED, wait_until=WaitUntil.REGISTERED, sizing=Sizing(desired_count=9))
    assert {call for call, *_ in plane.surroundings.calls} == {"images", "role", "secret", "log_group", "parameters"}


def test_auto_scaling_is_asked_only_about_a_count() -> None:
    plane = ScriptedPlane()
    plane.surroundings.limits = ScalingLimits(lowest=2, highest=4)
    assert codes(_check(plane, sizing=Sizing(desired_count=9))) == ["C-SCALING-LIMITS"]
    assert plane.surroundings.calls == [("limits",)]


def test_the_rebalancing_of_zones_needs_more_than_a_tight_maximum() -> None:
    plane = ScriptedPlane()
    service = replace(RUNNING, settings=ServiceSettings(rebalances_zones=True))
    tight = Sizing(minimum_healthy_percent=0, maximum_percent=100)
    assert codes(_check(plane, PLAIN, service, sizing=tight)) == ["C-ZONE-REBALANCING"]


def _revision(number: int, image: str, **members: object) -> TaskDefinition:
    arn = f"{OLD[:-1]}{number}"
    return definition_of(container("app", image), taskDefinitionArn=arn, revision=number, **members)


def test_the_newest_revision_is_that_to_go_back_to_without_another_question() -> None:
    plane = ScriptedPlane()
    plane.keep(_revision(1, f"{REGISTRY}/team/app:1", status="ACTIVE"))
    plane.surroundings.gone = frozenset({"1"})
    findings = _check(plane, definition_of(container("app", f"{REGISTRY}/team/app:2")), on_failure=OnFailure.ROLLBACK)
    assert codes(findings) == ["C-ROLLBACK-IMAGE"]
    assert plane.calls == ["definition"]
    assert plane.surroundings.calls == [("images", "team/app", "2", "1")]


def test_f44_a_revision_to_go_back_to_that_is_not_the_newest_is_read() -> None:
    plane = ScriptedPlane()
    plane.keep(_revision(1, "acme/app:1", status="INACTIVE"))
    plane.keep(_revision(2, "acme/app:2", status="ACTIVE"))
    findings = _check(plane, on_failure=OnFailure.ROLLBACK)
    assert codes(findings) == ["C-ROLLBACK-INACTIVE"]
    assert plane.calls == ["definition", "definition"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("ROLLBACK_SUCCESSFUL", "C-NEWER-FAILED"),
        ("STOPPED", "C-NEWER-FAILED"),
        ("SUCCESSFUL", "C-NEWER-REVISION"),
        ("", "C-NEWER-REVISION"),
    ],
)
def test_p05_the_history_is_read_where_a_newer_revision_would_be_passed_over(status: str, code: str) -> None:
    plane = ScriptedPlane()
    newer = plane.keep(_revision(2, "acme/app:2", status="ACTIVE", cpu="256"))
    past = PastDeployment(arn="arn", status=status, revision=newer.arn, deployment_id="ecs-svc/2")
    plane.past = (past,) if status else ()
    assert codes(_check(plane)) == [code]
    assert plane.made("history") == 1


@pytest.mark.parametrize("error", [AccessDenied("No."), ReplyLost("No.")])
def test_p05_a_history_that_cannot_be_read_is_no_matter(error: Exception) -> None:
    plane = ScriptedPlane()
    plane.keep(_revision(2, "acme/app:2", status="ACTIVE", cpu="256"))
    plane.fail("history", error)
    assert codes(_check(plane)) == ["C-NEWER-REVISION"]


def test_p05_a_failure_that_the_service_shows_needs_no_history() -> None:
    plane = ScriptedPlane()
    newer = plane.keep(_revision(2, "acme/app:2", status="ACTIVE", cpu="256"))
    failed = replace(old(status="ACTIVE"), id="ecs-svc/2", task_definition=newer.arn, rollout_state="FAILED")
    service = service_with(old(status="PRIMARY"), failed)
    assert codes(_check(plane, service=service)) == ["C-NEWER-FAILED"]
    assert plane.made("history") == 0


def test_p05_nobody_s_history_is_asked_for_under_code_deploy() -> None:
    plane = ScriptedPlane()
    plane.keep(_revision(2, "acme/app:2", status="ACTIVE", cpu="256"))
    service = replace(service_with(old(status="PRIMARY")), controller="CODE_DEPLOY")
    assert codes(_check(plane, service=service)) == ["C-NEWER-REVISION"]
    assert plane.made("history") == 0


def test_f18_credentials_that_expire_before_the_timeout_are_told() -> None:
    plane = ScriptedPlane()
    plane.surroundings.expire_at = plane.clock.now() + timedelta(seconds=899)
    assert codes(_check(plane)) == ["C-CREDENTIALS-EXPIRE"]


@pytest.mark.parametrize("definition", [OLD, ""], ids=["with a definition", "its task sets have their own"])
@pytest.mark.parametrize("asked", [RELEASE, FORCED, WITH_ROLLBACK], ids=["release", "forced", "with rollback"])
def test_f46_a_service_under_a_controller_of_somebodys_own_is_refused(asked: DeployRequest, definition: str) -> None:
    plane = ScriptedPlane()
    plane.now = replace(plane.now, controller="EXTERNAL", task_definition=definition)
    ran = run(plane, asked)
    assert isinstance(ran.error, Refused)
    assert (ran.status, ran.error.exit_code, plane.writes) == (Status.REFUSED, 26, [])
    assert ran.error.message == (
        "The service `web` has the deployment controller `EXTERNAL`: another program deploys it, with task sets, and "
        "ECS takes no task definition for it."
    )


def test_f15_a_service_that_drains_is_refused_before_a_revision_is_registered() -> None:
    plane = ScriptedPlane()
    plane.now = replace(plane.now, status="DRAINING")
    ran = run(plane)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])
    assert plane.surroundings.calls == []


def test_without_preflight_the_definition_in_use_is_the_only_one_that_is_read() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.keep(_revision(2, "acme/app:2"))
    ran = run(plane, replace(RELEASE, preflight=False))
    assert (ran.status, ran.outcome.warnings, plane.made("definition")) == (Status.SUCCEEDED, (), 1)


def test_the_plan_is_checked_anew_after_another_deployment_was_waited_for() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.now = started("ecs-svc/7000000000000000000", OLD)(plane.now)
    plane.happen(at_once(completes, lambda service: replace(service, desired=0)))
    ran = run(plane, replace(RELEASE, if_busy=IfBusy.WAIT))
    assert [codes(each.findings) for each in ran.told.of(Planned)] == [["C-BUSY"], ["W-SCALED-TO-ZERO"]]


def test_content_that_runs_already_is_not_checked() -> None:
    plane = ScriptedPlane()
    plane.keep(_revision(1, f"{REGISTRY}/team/app:1"))
    plane.surroundings.gone = frozenset({"1"})
    same = (set_image(f"{REGISTRY}/team/app:1"),)
    assert run(plane, replace(RELEASE, edits=same, skip_unchanged=True)).status is Status.UNCHANGED
    assert run(plane, replace(RELEASE, edits=same)).status is Status.REFUSED
