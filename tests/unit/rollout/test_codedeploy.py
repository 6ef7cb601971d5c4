"""What a look at a deployment of CodeDeploy says, and the verdicts that follow."""

from dataclasses import replace

import pytest

from ecsdeploy.model.codedeploy import CodeDeployment, CodeDeploySnapshot, EcsTarget, LifecycleEvent, Route, TaskSet
from ecsdeploy.model.events import Counts, RollingBack
from ecsdeploy.model.judgement import Doom, Judgement, Rule
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import WaitUntil, WholeBudget
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.rollout.codedeploy import observe_code_deploy
from ecsdeploy.rollout.machine import ROLLBACK_GRACE_SECONDS, advance
from ecsdeploy.rollout.observation import Standing
from ecsdeploy.rollout.state import State, begin
from tests.unit.rollout.builders import NEW, OLD, OLD_ID, event, old, service_with

GREEN_ID = "ecs-svc/2000000000000000002"
MOVING = CodeDeployment(id="d-1", status="InProgress")
BACK = CodeDeployment(id="d-2", status="InProgress", rolls_back="d-1")
FAILED = CodeDeployment(id="d-1", status="Failed", error_code="TIMEOUT", error_message="It timed out.")
STOPPED = CodeDeployment(id="d-1", status="Stopped", error_code="MANUAL_STOP", error_message="Stopped.")
BLUE = TaskSet(id=OLD_ID, label="Blue", desired=2, running=2, weight=100)


def _target(*events: tuple[str, str], running: int = 0) -> EcsTarget:
    green = TaskSet(id=GREEN_ID, label="Green", desired=2, running=running, pending=2 - running)
    return EcsTarget(
        events=tuple(LifecycleEvent(name=name, status=status) for name, status in events), task_sets=(BLUE, green)
    )


def _service() -> Service:
    green = Deployment(id=GREEN_ID, status="ACTIVE", task_definition=NEW, desired=2, running=1)
    return replace(service_with(old("", status="PRIMARY"), green), controller="CODE_DEPLOY", task_definition=OLD)


def _standing(ours: CodeDeployment, **more: object) -> Standing:
    return observe_code_deploy(CodeDeploySnapshot(deployment=ours, **more)).standing  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["Created", "Queued", "InProgress", "Baking", "Ready", "Simmering"])
def test_a_status_that_ends_nothing_means_in_progress(status: str) -> None:
    assert _standing(replace(MOVING, status=status)) is Standing.IN_PROGRESS


@pytest.mark.parametrize("status", ["Created", "Queued", "Baking", "Ready", "Simmering"])
def test_a_status_that_is_not_work_is_shown_as_it_is(status: str) -> None:
    assert observe_code_deploy(CodeDeploySnapshot(deployment=replace(MOVING, status=status))).stage == status


@pytest.mark.parametrize(
    ("ours", "target", "stage"),
    [
        (MOVING, _target(("BeforeInstall", "Succeeded"), ("Install", "InProgress")), "Install"),
        (MOVING, _target(("Roast", "InProgress")), "Roast"),
        (MOVING, _target(("Install", "Succeeded"), ("AllowTraffic", "Pending")), ""),
        (replace(MOVING, awaits_termination=True), _target(("AllowTraffic", "Succeeded")), "TerminationWait"),
        (FAILED, _target(("Install", "Failed")), ""),
    ],
)
def test_the_stage_is_the_lifecycle_event_under_way(ours: CodeDeployment, target: EcsTarget, stage: str) -> None:
    assert observe_code_deploy(CodeDeploySnapshot(deployment=ours, target=target)).stage == stage


def test_success_is_code_deploy_s_own_word() -> None:
    assert _standing(replace(MOVING, status="Succeeded")) is Standing.COMPLETED


@pytest.mark.parametrize(
    ("rollback", "standing"),
    [
        (None, Standing.ROLLING_BACK),
        (BACK, Standing.ROLLING_BACK),
        (replace(BACK, status="Brewing"), Standing.ROLLING_BACK),
        (replace(BACK, status="Succeeded"), Standing.ROLLED_BACK),
        (replace(BACK, status="Failed"), Standing.ROLLBACK_FAILED),
        (replace(BACK, status="Stopped"), Standing.ROLLBACK_FAILED),
    ],
)
@pytest.mark.parametrize("ours", [FAILED, STOPPED])
def test_how_the_rollback_s_own_deployment_stands_is_how_ours_stands(
    ours: CodeDeployment, rollback: CodeDeployment | None, standing: Standing
) -> None:
    assert _standing(replace(ours, rollback_id="d-2"), rollback=rollback) is standing


@pytest.mark.parametrize(
    ("ours", "events", "expected"),
    [
        (FAILED, {"DEPLOYMENT_FAILURE"}, (Standing.FAILED, True)),
        (FAILED, {"DEPLOYMENT_STOP_ON_REQUEST"}, (Standing.FAILED, False)),
        (STOPPED, {"DEPLOYMENT_STOP_ON_REQUEST"}, (Standing.FAILED, True)),
        (STOPPED, {"DEPLOYMENT_FAILURE"}, (Standing.STOPPED, False)),
        (replace(STOPPED, error_code="ALARM_ACTIVE"), {"DEPLOYMENT_STOP_ON_ALARM"}, (Standing.FAILED, True)),
        (replace(STOPPED, error_code="ALARM_ACTIVE"), {"DEPLOYMENT_STOP_ON_REQUEST"}, (Standing.STOPPED, False)),
    ],
)
def test_a_rollback_is_waited_for_where_the_setting_asks_for_one(
    ours: CodeDeployment, events: set[str], expected: tuple[Standing, bool]
) -> None:
    seen = observe_code_deploy(CodeDeploySnapshot(deployment=replace(ours, rolls_back_on=frozenset(events))))
    assert (seen.standing, seen.will_roll_back) == expected


def test_a_rollback_is_waited_for_where_we_have_asked_for_one() -> None:
    seen = observe_code_deploy(CodeDeploySnapshot(deployment=STOPPED, stopped_by_us=True))
    assert (seen.standing, seen.will_roll_back) == (Standing.FAILED, True)


def test_the_counts_are_those_of_the_two_task_sets() -> None:
    seen = observe_code_deploy(CodeDeploySnapshot(deployment=MOVING, target=_target(running=1)))
    assert (seen.new, seen.old) == (Counts(desired=2, running=1, pending=1), Counts(desired=2, running=2))
    assert (seen.task_set, seen.a_task_runs, seen.healthy) == (GREEN_ID, True, False)


def test_until_there_are_two_task_sets_the_service_says_what_runs() -> None:
    before = replace(service_with(old("", status="PRIMARY")), controller="CODE_DEPLOY")
    seen = observe_code_deploy(CodeDeploySnapshot(deployment=replace(MOVING, status="Queued"), service=before))
    assert (seen.new, seen.old, seen.a_task_runs) == (Counts(), Counts(desired=2, running=2), False)
    assert observe_code_deploy(CodeDeploySnapshot(deployment=MOVING)).old == Counts()


def test_the_new_version_is_healthy_once_it_is_installed() -> None:
    installed = _target(("Install", "Succeeded"), running=2)
    assert observe_code_deploy(CodeDeploySnapshot(deployment=MOVING, target=installed)).healthy
    waiting = replace(MOVING, awaits_termination=True)
    assert observe_code_deploy(CodeDeploySnapshot(deployment=waiting)).healthy


def test_a_failure_says_why_and_what_serves() -> None:
    failed = LifecycleEvent(name="BeforeAllowTraffic", status="Failed", message="The function said no.")
    target = EcsTarget(events=(LifecycleEvent(name="Install", status="Failed"), failed))
    service = replace(_service(), events=(event(1),))
    seen = observe_code_deploy(CodeDeploySnapshot(deployment=FAILED, target=target, service=service))
    assert seen.reason == "It timed out. (TIMEOUT) BeforeAllowTraffic: The function said no."
    assert (seen.serving, seen.events, seen.deployer) == (OLD, (event(1),), "codedeploy")
    bare = observe_code_deploy(CodeDeploySnapshot(deployment=replace(MOVING, status="Failed")))
    assert (bare.reason, bare.serving, bare.events) == ("", "", ())


def test_what_it_goes_back_to_is_the_other_task_set_s_revision() -> None:
    ours = replace(FAILED, rollback_id="d-2")
    seen = observe_code_deploy(CodeDeploySnapshot(deployment=ours, target=_target(), service=_service()))
    assert seen.rollback_to == OLD
    assert observe_code_deploy(CodeDeploySnapshot(deployment=ours)).rollback_to == ""


def test_x02_whichever_task_set_is_listed_first_the_one_that_is_not_ours_is_gone_back_to() -> None:
    before, green = _service().deployments
    ours = CodeDeploySnapshot(deployment=replace(FAILED, rollback_id="d-2"), target=_target())
    for listed in ((before, green), (green, before)):
        seen = observe_code_deploy(replace(ours, service=replace(_service(), deployments=listed)))
        assert seen.rollback_to == OLD


@pytest.mark.parametrize(
    ("ours", "events", "has_traffic"),
    [
        (MOVING, (), False),
        (MOVING, (("AllowTraffic", "InProgress"),), False),
        (MOVING, (("AllowTraffic", "Succeeded"),), True),
        (replace(MOVING, awaits_termination=True), (), True),
    ],
    ids=["nothing", "is shifting", "has shifted", "old tasks are about to end"],
)
def test_x02_all_traffic_is_ours_once_it_was_allowed_or_old_tasks_are_about_to_end(
    ours: CodeDeployment, events: tuple[tuple[str, str], ...], has_traffic: bool
) -> None:
    seen = observe_code_deploy(CodeDeploySnapshot(deployment=ours, target=_target(*events)))
    assert seen.has_traffic is has_traffic


def test_x02_a_task_set_that_starts_serves_nobody_and_its_weight_is_shown() -> None:
    seen = observe_code_deploy(CodeDeploySnapshot(deployment=MOVING, target=_target()))
    assert (seen.a_task_runs, seen.traffic) == (False, 0)
    shifting = EcsTarget(task_sets=(TaskSet(id=GREEN_ID, label="Green", desired=2, running=2, weight=10),))
    assert observe_code_deploy(CodeDeploySnapshot(deployment=MOVING, target=shifting)).traffic == 10
    unknown = observe_code_deploy(CodeDeploySnapshot(deployment=MOVING))
    assert (unknown.task_set, unknown.traffic) == ("", None)


def test_x02_until_there_are_two_task_sets_tasks_that_start_are_counted_too() -> None:
    starts = service_with(replace(old("", status="PRIMARY"), running=1, pending=1))
    seen = observe_code_deploy(CodeDeploySnapshot(deployment=MOVING, service=starts))
    assert seen.old == Counts(desired=2, running=1, pending=1)


def test_x02_tasks_that_cannot_start_end_the_wait_under_code_deploy_too() -> None:
    doom = Doom(code="E-IMAGE-NOT-FOUND", what="", rule=Rule.PERMANENT, tasks=(), because="", link="")
    hopeless = CodeDeploySnapshot(deployment=MOVING, target=_target(), judgement=Judgement(doom=doom))
    state, _ = advance(replace(_begun(), ends_early=True), hopeless, 5)
    assert state.verdict is not None
    assert (state.verdict.status, state.verdict.doom) == (Status.FAILED, doom)


def test_x02_a_rollback_of_code_deploy_is_believed_at_the_first_look() -> None:
    """CodeDeploy names our deployment and the one that took it back: no list may be older than our write."""
    ours = replace(FAILED, rollback_id="d-2")
    back = CodeDeploySnapshot(deployment=ours, rollback=replace(BACK, status="Succeeded"), service=_service())
    state, _ = advance(_begun(), back, 5)
    assert state.verdict is not None
    assert state.verdict.status is Status.ROLLED_BACK


def _begun() -> State:
    handle = Handle(deployment_id="d-1", revision=NEW)
    return begin(handle, WholeBudget(seconds=600), WaitUntil.COMPLETE, 0)


def test_f46_the_machine_follows_code_deploy_to_its_rollback() -> None:
    state, _ = advance(_begun(), CodeDeploySnapshot(deployment=MOVING, target=_target(running=1)), 5)
    assert state.phase is Phase.WAITING
    rolling = CodeDeploySnapshot(deployment=replace(FAILED, rollback_id="d-2"), rollback=BACK, service=_service())
    state, told = advance(state, rolling, 10)
    (back,) = (each for each in told if isinstance(each, RollingBack))
    assert (back.by, back.to_revision, state.verdict) == ("codedeploy", OLD, None)
    done = replace(rolling, rollback=replace(BACK, status="Succeeded"))
    state, _ = advance(state, done, 15)
    assert state.verdict == Verdict(
        status=Status.ROLLED_BACK, reason="It timed out. (TIMEOUT)", serving=OLD, phase=Phase.ROLLING_BACK
    )


def test_f46_a_rollback_that_does_not_come_is_a_failure() -> None:
    expected = CodeDeploySnapshot(deployment=replace(FAILED, rolls_back_on=frozenset({"DEPLOYMENT_FAILURE"})))
    state, _ = advance(_begun(), expected, 5)
    assert state.verdict is None
    state, _ = advance(state, expected, 5 + ROLLBACK_GRACE_SECONDS)
    assert state.verdict is not None
    assert state.verdict.status is Status.FAILED


def test_f46_a_stop_without_a_rollback_is_believed_when_it_is_seen_twice() -> None:
    stopped = CodeDeploySnapshot(deployment=STOPPED)
    state, _ = advance(_begun(), stopped, 5)
    assert state.verdict is None
    state, _ = advance(state, stopped, 10)
    assert state.verdict is not None
    assert state.verdict.status is Status.STOPPED


def test_a_group_is_busy_until_its_newest_deployment_has_ended() -> None:
    route = Route(application="a", group="g")
    assert route.busy_with == ""
    assert replace(route, newest="d-1", newest_status="Ready").busy_with == "d-1"
    assert replace(route, newest="d-1", newest_status="Stopped").busy_with == ""
    assert str(route) == "a/g"
