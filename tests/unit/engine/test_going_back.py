"""`rollback` and `stop`: where a service goes back to, what is refused and in which words, and what a signal leaves."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ecsdeploy import api
from ecsdeploy.errors import AwsRefused, NoSuchResource, Refused, ReplyLost, Throttled
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.request import RollbackRequest, WholeBudget
from ecsdeploy.model.service import PastDeployment
from ecsdeploy.model.steps import Plan
from tests.unit.engine.happenings import completes, ecs_goes_back, goes_on
from tests.unit.engine.others_at_work import API, BACK, STOP, busy, of_number, past, settled, stopping
from tests.unit.engine.runs import REVISION, run
from tests.unit.engine.world import ALWAYS, Listener, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import NOON, OUR_ID, old, ours, service_with


def planned(plane: ScriptedPlane, request: RollbackRequest) -> Plan:
    return api.plan(api.Connection(plane=plane, clock=plane.clock), request, Listener())


def refusal(plane: ScriptedPlane, request: RollbackRequest) -> tuple[str, str]:
    """What a run says that is refused: it has written nothing."""
    ran = run(plane, request)
    assert isinstance(ran.error, Refused)
    assert (ran.status, plane.writes, plane.made("stop_deployment")) == (Status.REFUSED, [], 0)
    return ran.error.message, ran.error.hint


def unknown_family() -> ScriptedPlane:
    plane = settled()
    plane.store[API] = definition_of(container("app", "acme/api:9"), family="api", taskDefinitionArn=API)
    return plane


def taken_back(*, revision: str = REVISION(4)) -> ScriptedPlane:
    """The newest release was taken back, and ECS has ended that; revision 3 runs."""
    plane = settled()
    newest = PastDeployment(arn="sd/4", status="ROLLBACK_SUCCESSFUL", revision=revision, deployment_id="ecs-svc/4")
    plane.past = (newest, *plane.past)
    return plane


def rolling_back() -> ScriptedPlane:
    """ECS takes the deployment of revision 2 back."""
    plane = busy()
    record = PastDeployment(arn="sd/2", status="ROLLBACK_IN_PROGRESS", revision=REVISION(2), deployment_id=OUR_ID)
    plane.past = (record,)
    began = replace(ours("FAILED", status="ACTIVE"), created_at=NOON + timedelta(seconds=1))
    plane.now = service_with(old("IN_PROGRESS", status="PRIMARY"), began)
    return plane


UNCHANGED = "Nothing was changed."
FURTHER = f"To go further back, name the revision with `--to`. {UNCHANGED}"
OF_NO_USE = "is known that succeeded, was not rolled back, and has a revision that still exists"
REFUSALS: dict[str, tuple[ScriptedPlane, RollbackRequest, str, str]] = {
    "nothing to stop": (
        ScriptedPlane(),
        STOP,
        "No deployment of `web` is under way that could be stopped.",
        "`ecs-deploy rollback` puts a finished release back. " + UNCHANGED,
    ),
    "another family, that never ran here": (
        unknown_family(),
        replace(BACK, to=API),
        "The service `web` uses the family `web`, and is not known to have run `api:9`.",
        f"A rollback goes to what the service has run; `--to N` names revision N of its own family. {UNCHANGED}",
    ),
    "nothing known good": (
        ScriptedPlane(),
        BACK,
        f"No earlier release of `web` {OF_NO_USE}; it runs `web:1`.",
        f"Name the revision to go back to with `--to`. {UNCHANGED}",
    ),
    "taken back already": (
        taken_back(),
        BACK,
        "The newest release of `web`, `web:4`, was rolled back already; it runs `web:3`.",
        FURTHER,
    ),
    "taken back already, of a revision that is not told": (
        taken_back(revision=""),
        BACK,
        "The newest release of `web`, `ecs-svc/4`, was rolled back already; it runs `web:3`.",
        FURTHER,
    ),
}


@pytest.mark.parametrize(("plane", "request_", "message", "hint"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_gone_back_from_is_refused_in_plain_words(
    plane: ScriptedPlane, request_: RollbackRequest, message: str, hint: str
) -> None:
    assert refusal(plane, request_) == (message, hint)


def test_a_plan_of_what_ecs_takes_back_already_is_refused() -> None:
    plane = rolling_back()
    with pytest.raises(Refused) as refused:
        planned(plane, BACK)
    assert (refused.value.message, refused.value.hint) == (
        f"ECS is already rolling back `{OUR_ID}`; there is nothing to do.",
        "Follow it with `ecs-deploy watch`. Nothing was changed.",
    )


def test_a_plan_names_where_it_goes_and_writes_nothing() -> None:
    plane = settled()
    assert planned(plane, BACK).steps == planned(plane, replace(BACK, to="2")).steps
    assert (plane.writes, plane.made("stop_deployment")) == ([], 0)
    elsewhere = rolling_back()
    elsewhere.keep(of_number(1))
    assert planned(elsewhere, replace(BACK, to=REVISION(1))).baseline is not None, "where to go was said"


RELEASED = NOON - timedelta(days=3)


@pytest.mark.parametrize("other", [False, True], ids=["of its own family", "of another family"])
@pytest.mark.parametrize("released", [RELEASED, None], ids=["released", "never released, as far as is known"])
def test_a_plan_tells_when_the_revision_was_released(other: bool, released: datetime | None) -> None:
    plane, revision = unknown_family(), API if other else REVISION(2)
    if released:
        plane.past = (past(3), replace(past(2), revision=revision, created_at=released))
    elif other:
        plane.past = (replace(past(2), revision=revision, created_at=None),)
    else:
        plane.past = (past(3),)
    assert run(plane, replace(BACK, to=revision)).told.of(Planned)[0].released == released


def test_a_revision_of_its_own_family_need_not_have_run() -> None:
    plane = settled()
    plane.past = ()
    ran = run(plane, replace(BACK, to="2"))
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(2))


def test_without_a_listed_way_back_the_history_is_waited_for() -> None:
    plane = settled()
    plane.fail("history", Throttled("Slow down."), times=3, takes=10, after=1)
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(2))


def test_with_a_listed_way_back_the_history_is_not_waited_for() -> None:
    plane = settled()
    plane.now = replace(plane.now, deployments=(replace(ours("FAILED"), task_definition=REVISION(3)), old()))
    plane.fail("history", Throttled("Slow down."), times=ALWAYS)
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(1))
    assert ran.seconds < 60


def test_a_rollback_has_the_time_that_it_was_given() -> None:
    plane = settled()
    plane.courses = [[goes_on]]
    ran = run(plane, replace(BACK, budget=WholeBudget(seconds=120)))
    assert (ran.status, ran.outcome.verdict.limit_seconds) == (Status.TIMED_OUT, 120)


def test_a_rollback_is_checked_only_where_that_was_asked_for() -> None:
    asked = []
    for preflight in (True, False):
        plane = settled()
        plane.keep(of_number(2, executionRoleArn="arn:aws:iam::111122223333:role/execution"))
        run(plane, replace(BACK, preflight=preflight))
        asked.append(("role", "execution") in plane.surroundings.calls)
    assert asked == [True, False]


@pytest.mark.parametrize("error", [ReplyLost("Reset."), NoSuchResource("Gone."), AwsRefused("No.")])
def test_where_a_failed_release_goes_back_to_is_not_looked_for_for_long(error: Exception) -> None:
    """Nothing is listed as complete: the history would tell, and is done without."""
    plane = settled()
    failed = replace(ours("FAILED"), task_definition=REVISION(3))
    plane.now = replace(service_with(failed), task_definition=REVISION(3))
    plane.fail("history", error, times=ALWAYS)
    ran = run(plane, replace(BACK, to=REVISION(2)))
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(2))
    assert ran.seconds < 60


def test_where_a_failed_release_of_a_rollback_goes_is_read_in_the_history() -> None:
    plane = settled()
    failed = replace(ours("FAILED"), task_definition=REVISION(3))
    plane.now = replace(service_with(failed), task_definition=REVISION(3))
    plane.past = (past(3, "STOPPED"), past(2), past(1))
    assert run(plane, replace(BACK, to=REVISION(1))).told.of(Planned)[0].back == REVISION(2)


SIGNALS = {
    "before anything": ("service", 0, Phase.PLANNING),
    "once it is stopped": ("definition", 0, Phase.ROLLING_BACK),
    "while it goes back": ("service", 2, Phase.ROLLING_BACK),
}


@pytest.mark.parametrize(("call", "after", "phase"), SIGNALS.values(), ids=SIGNALS)
def test_a_signal_leaves_a_rollback_to_aws_and_says_how_far_it_was(call: str, after: int, phase: Phase) -> None:
    plane = stopping(goes_on, ecs_goes_back)
    plane.fail(call, KeyboardInterrupt(), after=after)
    ran = run(plane, STOP)
    assert (ran.status, ran.outcome.verdict.phase) == (Status.INTERRUPTED, phase)
    assert plane.made("stop_deployment") == (phase is not Phase.PLANNING)
    assert plane.writes == []


def test_what_is_stopped_is_told_as_ours_and_followed() -> None:
    plane = stopping(ecs_goes_back, completes)
    ran = run(plane, STOP)
    assert ran.told.of(RollingBack)[0] == RollingBack(by="us", to_revision="", stopped=True)
    assert (ran.outcome.deployment_id, plane.made("stop_deployment"), plane.writes) == (OUR_ID, 1, [])


def test_what_ecs_takes_back_already_is_followed_and_not_stopped() -> None:
    plane = rolling_back()
    plane.happen(completes)
    ran = run(plane, BACK)
    assert (ran.status, plane.made("stop_deployment"), plane.writes) == (Status.ROLLED_BACK, 0, [])
    assert (ran.outcome.deployment_id, ran.outcome.warnings) == (OUR_ID, (f"W-GOES-BACK {OUR_ID}",))


def test_a_stop_asks_for_nothing_twice() -> None:
    plane = stopping(ecs_goes_back, completes)
    run(plane, STOP)
    assert plane.calls[:6] == [
        "service",
        "history",
        "service_deployment",
        "stop_deployment",
        "definition",
        "service",
    ]


def test_a_stop_is_asked_for_as_long_as_there_is_time() -> None:
    plane = stopping(ecs_goes_back, completes)
    plane.fail("stop_deployment", Throttled("Slow down."), times=4, takes=15)
    ran = run(plane, replace(STOP, budget=WholeBudget(seconds=600)))
    assert (ran.error, plane.made("stop_deployment")) == (None, 5)


def test_what_has_no_record_cannot_be_stopped() -> None:
    assert refusal(busy(), STOP) == (
        f"ECS shows no service deployment of `{OUR_ID}`, which is under way: it cannot be stopped.",
        "`ecs-deploy rollback` puts the service back by an update. Nothing was changed.",
    )


def test_a_stop_is_followed_for_the_time_that_it_was_given() -> None:
    ran = run(stopping(goes_on), replace(STOP, budget=WholeBudget(seconds=120)))
    assert (ran.status, ran.outcome.verdict.limit_seconds) == (Status.TIMED_OUT, 120)
    assert ran.seconds < 150


@pytest.mark.parametrize("request_", [STOP, BACK])
def test_in_another_account_nothing_is_stopped_or_put_back(request_: RollbackRequest) -> None:
    message, _ = refusal(stopping(), replace(request_, expect_account="999999999999"))
    assert "999999999999" in message


def test_a_record_of_codedeploy_s_is_none_that_ecs_takes_back() -> None:
    """Its groups go back by deployments of their own."""
    plane = ScriptedPlane(now=replace(rolling_back().now, controller="CODE_DEPLOY"), past=rolling_back().past)
    plane.codedeploy.groups = ()
    ran = run(plane, BACK)
    assert (isinstance(ran.error, NoSuchResource), plane.made("history")) == (True, 0)


def test_what_has_no_record_is_put_back_by_an_update() -> None:
    plane = busy()
    plane.past, plane.courses = (past(1),), [[completes]]
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.to_revision, plane.made("stop_deployment")) == (Status.SUCCEEDED, REVISION(1), 0)


def test_whoever_says_where_to_go_stops_nothing() -> None:
    plane = stopping()
    plane.courses = [[completes]]
    ran = run(plane, replace(BACK, to=REVISION(1)))
    assert (ran.status, plane.made("stop_deployment"), plane.writes) == (Status.SUCCEEDED, 0, ["update_service"])


def test_a_plan_of_what_the_list_alone_shows_to_be_taken_back_is_refused() -> None:
    plane = rolling_back()
    plane.past = ()
    with pytest.raises(Refused, match="rolling back"):
        planned(plane, BACK)


def test_of_releases_without_an_active_revision_the_first_that_still_exists_is_copied() -> None:
    plane = settled()
    plane.past = (past(3), past(2), past(1))
    del plane.store[REVISION(2)]
    plane.keep(of_number(1, status="INACTIVE"))
    plane.fail("definition", NoSuchResource("Gone."))
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.images) == (Status.SUCCEEDED, (("app", "acme/app:1"),))
    assert plane.writes == ["register", "update_service"]


def test_of_very_many_releases_only_fifty_are_tried() -> None:
    plane = settled()
    plane.past = tuple(past(number) for number in range(103, 2, -1))
    plane.now = replace(plane.now, task_definition=REVISION(103))
    for number in range(3, 104):
        plane.keep(of_number(number, status="ACTIVE" if number == 103 else "INACTIVE"))
    planned(plane, BACK)
    assert plane.made("definition") < 60


def limit_back(plane: ScriptedPlane) -> float:
    """The seconds that a rollback that does not end has been given."""
    plane.courses = [[goes_on]]
    ran = run(plane, replace(BACK, budget=WholeBudget(seconds=30)))
    assert ran.status is Status.TIMED_OUT
    return ran.outcome.verdict.limit_seconds


def test_a_way_back_has_at_least_the_time_that_its_own_settings_take() -> None:
    slow = container("app", "acme/app:2", healthCheck={"command": ["CMD", "true"], "startPeriod": 300})
    plain, checked, graced, unread = settled(), settled(), settled(), settled()
    checked.keep(definition_of(slow, taskDefinitionArn=REVISION(2)))
    graced.now = replace(graced.now, grace_seconds=600)
    unread.fail("definition", Throttled("Slow down."), takes=1, after=1)
    unread.keep(definition_of(slow, taskDefinitionArn=REVISION(2)))
    bare = limit_back(plain)
    assert (limit_back(checked) - bare >= 300, limit_back(graced) - bare, limit_back(unread) - bare >= 300) == (
        True,
        600,
        True,
    )
