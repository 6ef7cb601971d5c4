"""What `scale` changes, what it refuses to change, and when it says that the service is so."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from ecsdeploy.engine.upkeep.scale import ScaleCommand
from ecsdeploy.errors import AwsError, AwsRefused, Refused, Throttled, Unreachable
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Place, Status
from ecsdeploy.model.scaling import ScaleRequest, ScaleStep, Scaling
from ecsdeploy.model.service import Service, ServiceEvent, Task
from ecsdeploy.model.surroundings import ScalingLimits
from tests.unit.engine.neighbours import Neighbours
from tests.unit.engine.runs import a_run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import NOON, OLD, ours, service_with

OF_TASK_SETS = (
    "The service `web` has the deployment controller `EXTERNAL`: another program makes its task sets, and each runs its"
    " own share of the desired count."
)
OTHERWISE = (
    "Scale with that program, or change the count alone: `aws ecs update-service --cluster prod --service web"
    " --desired-count 3`. Nothing was changed."
)
FEW = ScalingLimits(lowest=2, highest=4)
DENIED = AwsRefused("No.")
CHECKED = definition_of(container("app", "acme/app:1", healthCheck={"command": ["true"]}))


class OurLimits(Neighbours):
    """The limits of our service, and of no other one."""

    def scaling_limits(self, ref: ServiceRef) -> ScalingLimits | None:
        assert ref == WEB
        return super().scaling_limits(ref)


@dataclass(slots=True)
class Plane(ScriptedPlane):
    """With tasks that pass their health checks, or do not, and limits that can be moved."""

    health: list[str] = field(default_factory=list)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    moved: list[tuple[ServiceRef, ScalingLimits, ScalingLimits]] = field(default_factory=list)

    def tasks_of_service(self, ref: ServiceRef, *, stopped: bool) -> tuple[Task, ...]:
        assert (ref, stopped) == (WEB, False)
        runs = Task(arn="t", task_definition=OLD, status="RUNNING", desired_status="RUNNING")
        going = replace(runs, status="STOPPED", health="HEALTHY")
        return (*(replace(runs, health=each) for each in self.health), going)

    def target_health(self, group: str) -> Mapping[str, str]:
        return self.groups[group]

    def move_scaling_limits(self, ref: ServiceRef, before: ScalingLimits, after: ScalingLimits) -> None:
        self.do("move_scaling_limits", lambda: self.moved.append((ref, before, after)))


def scaling(plane: ScriptedPlane, count: int, **asked: Any) -> ScaleCommand:
    return ScaleCommand(run=a_run(plane, plane.clock), request=ScaleRequest(service=WEB, count=count, **asked))


def scaled(plane: ScriptedPlane, count: int, **asked: Any) -> list[ScaleStep]:
    command = scaling(plane, count, **asked)
    return [*command.scale(command.plan())]


def counts(running: int, pending: int = 0) -> Any:
    return lambda now: replace(now, running=running, pending=pending)


def same(now: Service) -> Service:
    return now


def step(kind: str, running: int, pending: int = 0, **members: Any) -> ScaleStep:
    return ScaleStep(kind=kind, wanted=4, running=running, pending=pending, **members)


def test_the_plan_tells_what_there_is_and_what_is_wanted() -> None:
    plane = ScriptedPlane()
    plane.now = replace(plane.now, desired=3, running=2, pending=1)
    assert scaling(plane, 2, relative=True).plan() == Scaling(
        place=Place(cluster="prod", service="web", region="eu-west-1", account="111122223333"),
        at=NOON.replace(minute=16, second=40),
        revision=plane.now.task_definition,
        before=3,
        wanted=5,
        running=2,
        pending=1,
    )
    assert plane.writes == []


@pytest.mark.parametrize(
    ("count", "moved"),
    [(1, (1, 4)), (2, None), (3, None), (4, None), (6, (2, 6)), (0, (0, 4))],
)
def test_a_limit_of_auto_scaling_moves_only_if_it_is_in_the_way_and_that_is_asked(
    count: int, moved: tuple[int, int] | None
) -> None:
    plane = ScriptedPlane(surroundings=OurLimits(limits=FEW))
    plan = scaling(plane, count, adjust_limits=True).plan()
    assert plan.limits == FEW
    assert plan.moved == (ScalingLimits(lowest=moved[0], highest=moved[1]) if moved else None)
    if moved is None:
        assert scaling(plane, count).plan() == plan
        return
    with pytest.raises(Refused) as refused:
        scaling(plane, count).plan()
    told = f"Application Auto Scaling keeps `web` between 2 and 4 tasks, and would soon undo {count}."
    assert refused.value.message == told
    assert refused.value.hint == "`--adjust-limits` moves the limit first. Nothing was changed."


def test_limits_that_cannot_be_read_forbid_nothing_unless_they_are_to_be_moved() -> None:
    plane = ScriptedPlane()
    plane.surroundings.fails["limits"] = DENIED
    plan = scaling(plane, 9).plan()
    assert (plan.limits, plan.moved, plan.unread) == (None, None, "No.")
    with pytest.raises(AwsError):
        scaling(plane, 9, adjust_limits=True).plan()


@pytest.mark.parametrize(
    ("now", "asked", "message", "hint", "status"),
    [
        (
            {},
            {"count": -3, "relative": True},
            "`web` wants 2 tasks: 3 fewer are less than none.",
            "Nothing was changed.",
            None,
        ),
        (
            {"scheduling": "DAEMON"},
            {"count": 3},
            "`web` is a DAEMON service: it runs a task on every instance.",
            "It has no count to change. Nothing was changed.",
            None,
        ),
        (
            {"controller": "EXTERNAL"},
            {"count": 3},
            OF_TASK_SETS,
            OTHERWISE,
            None,
        ),
        (
            {"deployments": (ours(),)},
            {"count": 3},
            f"A deployment of `web` is under way, `{ours().id}`.",
            "Wait for it: `ecs-deploy watch`. Nothing was changed.",
            Status.BUSY,
        ),
    ],
)
def test_what_has_no_count_to_change_is_refused(
    now: Any, asked: Any, message: str, hint: str, status: Status | None
) -> None:
    plane = ScriptedPlane()
    plane.now = replace(plane.now, **now)
    with pytest.raises(Refused) as refused:
        scaling(plane, **asked).plan()
    assert (refused.value.message, refused.value.hint, plane.writes) == (message, hint, [])
    assert status is None or refused.value.status is status


def test_a_service_that_is_gone_and_another_account_are_refused() -> None:
    plane = ScriptedPlane()
    with pytest.raises(Refused, match="999999999999"):
        scaling(plane, 3, expect_account="999999999999").plan()
    plane.now = replace(plane.now, status="INACTIVE")
    with pytest.raises(Refused) as refused:
        scaling(plane, 0).plan()
    assert "INACTIVE" in refused.value.message
    assert refused.value.hint.endswith(" Nothing was changed.")


def test_a_count_that_somebody_has_set_since_the_plan_is_left_alone() -> None:
    plane = ScriptedPlane()
    command = scaling(plane, 2, relative=True)
    planned = command.plan()
    plane.now = replace(plane.now, desired=9)
    (ended,) = command.scale(planned)
    text = "Somebody else, or auto scaling, has set 9 tasks since we looked. Nothing was changed."
    assert ended == step("ended", 2, text=text, status=Status.SUPERSEDED)
    assert plane.writes == []


def test_it_tells_each_change_until_the_service_is_so() -> None:
    plane = ScriptedPlane()
    said = ServiceEvent(id="e-2", message="(service web) has started 2 tasks.", at=NOON)
    plane.now = replace(plane.now, events=(ServiceEvent(id="e-1", message="before", at=NOON),))
    plane.happen(
        same,
        lambda now: replace(now, pending=2, events=(said, *now.events)),
        same,
        counts(4),
    )
    began = plane.clock.seconds
    assert scaled(plane, 4) == [
        step("updated", 2),
        step("said", 2, 2, text=said.message),
        step("progress", 2, 2),
        step("progress", 4),
        step("ended", 4, status=Status.SUCCEEDED),
    ]
    (update,) = plane.updates
    assert (update[0].sizing.desired_count, update[1]) == (4, "")
    assert plane.clock.seconds - began == 6


def test_it_tells_once_a_minute_that_nothing_happens_and_ends_in_time() -> None:
    plane = ScriptedPlane()
    steps = scaled(plane, 4, seconds=100)
    assert steps[1:3] == [step("progress", 2)] * 2
    assert steps[3:] == [
        step(
            "ended",
            2,
            text="After 100 s 2 of 4 tasks run; ECS goes on. `ecs-deploy doctor` says why.",
            status=Status.TIMED_OUT,
        )
    ]
    assert plane.clock.seconds == 1100
    assert [each.kind for each in scaled(ScriptedPlane(), 4, seconds=60)] == [
        "updated",
        "progress",
        "progress",
        "ended",
    ]
    soon = ScriptedPlane()
    scaled(soon, 4, seconds=9.5)
    assert soon.clock.seconds == 1009.5


def test_limits_are_moved_before_the_count() -> None:
    plane = Plane()
    plane.surroundings.limits = FEW
    limits, *_, ended = scaled(plane, 6, adjust_limits=True, detach=True)
    after = ScalingLimits(lowest=2, highest=6)
    assert plane.moved == [(WEB, FEW, after)]
    assert plane.calls.index("move_scaling_limits") < plane.calls.index("update_service")
    assert limits == replace(step("limits", 2, text="between 2 and 6 tasks now"), wanted=6)
    assert ended == replace(step("ended", 2, status=Status.DETACHED), wanted=6)
    assert [each.kind for each in scaled(plane, 4, detach=True)] == ["updated", "ended"]
    assert len(plane.moved) == 1


def test_a_count_that_is_set_already_is_not_sent() -> None:
    plane = ScriptedPlane()
    plane.now = replace(plane.now, desired=4)
    plane.happen(same, counts(4))
    assert [each.kind for each in scaled(plane, 4)] == ["updated", "progress", "ended"]
    assert plane.writes == []


def test_after_the_write_what_cannot_be_seen_is_unknown() -> None:
    plane = ScriptedPlane()
    plane.fail("definition", DENIED)
    assert scaled(plane, 4)[-1] == step("ended", 2, text="How far it is, is not known: No.", status=Status.UNKNOWN)


@pytest.mark.parametrize(
    ("health", "groups", "shifts", "healthy"),
    [
        (["HEALTHY"] * 4, {}, False, 4),
        (["HEALTHY"] * 3 + ["UNKNOWN"], {}, False, 3),
        (["HEALTHY"] * 5, {}, False, 4),
        (["HEALTHY"] * 4, {"one": 3}, False, 3),
        (["HEALTHY"] * 4, {"one": 4, "two": 2}, False, 2),
        (None, {"one": 4, "two": 0}, False, 0),
        (None, {"one": 4, "two": 0}, True, 4),
        (None, {"one": 0, "two": 0}, True, 0),
        (None, {}, False, None),
    ],
)
def test_what_checks_the_tasks_must_find_all_of_them_healthy(
    health: list[str] | None, groups: dict[str, int], shifts: bool, healthy: int | None
) -> None:
    plane = Plane(health=health or [])
    plane.groups = {name: {f"{name}{each}": "healthy" for each in range(many)} for name, many in groups.items()}
    if not shifts:
        plane.groups = {name: {**states, "odd": "draining"} for name, states in plane.groups.items()}
    if health is not None:
        plane.keep(CHECKED)
    strategy = "BLUE_GREEN" if shifts else "ROLLING"
    plane.now = replace(plane.now, running=4, target_groups=tuple(groups), strategy=strategy)
    steps = scaled(plane, 4, seconds=10)
    assert (steps[1].healthy, steps[-1].healthy) == (healthy, healthy)
    assert steps[-1].status is (Status.SUCCEEDED if healthy in (4, None) else Status.TIMED_OUT)


def test_nobody_asks_for_health_before_all_tasks_run() -> None:
    plane = Plane(health=["HEALTHY"] * 2)
    plane.keep(CHECKED)
    assert scaled(plane, 4, seconds=0)[1].healthy is None


@pytest.mark.parametrize("error", [Unreachable("Gone."), Throttled("Slow.")])
def test_contact_may_be_lost_for_a_minute(error: AwsError) -> None:
    plane = ScriptedPlane()
    plane.fail("service", error, times=ALWAYS, after=2)
    assert scaled(plane, 4)[-1].status is Status.UNKNOWN
    assert plane.clock.seconds == 1060


def test_a_service_of_codedeploy_has_no_deployment_to_begin_with() -> None:
    plane = ScriptedPlane()
    plane.now = replace(plane.now, deployments=())
    plane.happen(same, counts(4))
    assert scaled(plane, 4)[-1].status is Status.SUCCEEDED


def test_a_service_without_tasks_can_be_given_some() -> None:
    plane = ScriptedPlane()
    plane.now = replace(plane.now, desired=0, running=0)
    assert scaling(plane, 2).plan().wanted == 2


def test_a_deleted_service_is_told() -> None:
    plane = ScriptedPlane()
    plane.happen(same, lambda now: replace(service_with(ours()), status="DRAINING", desired=now.desired))
    assert scaled(plane, 4)[-1].status is Status.FAILED
