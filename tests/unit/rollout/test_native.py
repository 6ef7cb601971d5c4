"""What one look says about the tasks of our deployment, and where ECS goes back to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.model.outcome import Share
from ecsdeploy.model.service import BreakerCount, Service, ServiceDeployment, ServiceEvent
from ecsdeploy.model.settings import Balanced, ServiceSettings
from ecsdeploy.model.snapshot import Snapshot
from ecsdeploy.rollout.native import observe
from ecsdeploy.rollout.observation import Observation, Standing
from tests.unit.rollout.builders import (
    FOREIGN,
    FOREIGN_ID,
    HANDLE,
    NEW,
    NOON,
    OLD,
    OLD_ID,
    OUR_ID,
    TARGET_GROUP,
    deployed,
    event,
    foreign,
    look,
    old,
    ours,
    running_task,
    service_with,
)


def seen(snapshot: Snapshot) -> Observation:
    return observe(snapshot, HANDLE, seen=True)


WELL = (running_task(1, health="HEALTHY"), running_task(2, health="HEALTHY"))
BALANCED = service_with(ours(running=2), target_groups=(TARGET_GROUP,))
PAIRED = service_with(ours(running=2), target_groups=(TARGET_GROUP, "the alternate one"), strategy="BLUE_GREEN")
ADDRESSED = (running_task(1, address="10.0.0.1"), running_task(2, address="10.0.0.2"))

TASKS: dict[str, tuple[Snapshot, bool, bool]] = {
    "none runs": (look(ours()), False, False),
    "not listed": (look(old(status="PRIMARY")), False, False),
    "one runs": (look(ours(running=1)), True, False),
    "all run": (look(ours(running=2)), True, True),
    "all run, their health cannot be read": (look(ours(running=2), checked=True), True, False),
    "all run, health not known": (look(ours(running=2), tasks=(running_task(1),), checked=True), False, False),
    "one is healthy": (look(ours(running=2), tasks=(WELL[0], running_task(2)), checked=True), True, False),
    "all are healthy": (look(ours(running=2), tasks=WELL, checked=True), True, True),
    "healthy ones on their way out": (
        look(ours(running=2), tasks=(running_task(1, health="HEALTHY", status="STOPPING"),), checked=True),
        False,
        False,
    ),
    "targets not read": (look(service=BALANCED), True, False),
    "one target healthy": (
        look(service=BALANCED, tasks=ADDRESSED, targets=({"10.0.0.1:80": "healthy", "10.0.0.2:80": "initial"},)),
        True,
        False,
    ),
    "all targets healthy": (
        look(service=BALANCED, tasks=ADDRESSED, targets=({"10.0.0.1:80": "healthy", "10.0.0.2:80": "healthy"},)),
        True,
        True,
    ),
    "all targets healthy in one group of a pair": (
        look(service=PAIRED, tasks=ADDRESSED, targets=({"10.0.0.1:80": "healthy", "10.0.0.2:80": "healthy"}, {})),
        True,
        True,
    ),
    "no targets healthy in either group of a pair": (
        look(service=PAIRED, tasks=ADDRESSED, targets=({}, {})),
        True,
        False,
    ),
    "x02 all targets healthy, by IPv6": (
        look(
            service=BALANCED,
            tasks=(running_task(1, address="fd00::1"), running_task(2, address="fd00::2")),
            targets=({"fd00::1:80": "healthy", "fd00::2:80": "healthy"},),
        ),
        True,
        True,
    ),
    "healthy targets of others": (
        look(service=BALANCED, tasks=ADDRESSED, targets=({"10.0.0.8:80": "healthy", "10.0.0.9:80": "healthy"},)),
        True,
        False,
    ),
    "instances healthy": (
        look(
            service=BALANCED,
            tasks=(running_task(1), running_task(2)),
            targets=({"i-1:32768": "healthy", "i-1:32769": "healthy"},),
        ),
        True,
        True,
    ),
    "instances healthy, of which one may be of a task that stops": (
        replace(
            look(
                service=BALANCED,
                tasks=(running_task(1), running_task(2)),
                targets=({"i-1:32768": "healthy", "i-1:32769": "healthy"},),
            ),
            lately_running=3,
        ),
        True,
        False,
    ),
    "fewer instances than tasks healthy": (
        look(
            service=BALANCED,
            tasks=(running_task(1), running_task(2)),
            targets=({"i-1:32768": "healthy", "i-1:32769": "unhealthy"},),
        ),
        True,
        False,
    ),
}


@pytest.mark.parametrize(("snapshot", "a_task_runs", "healthy"), TASKS.values(), ids=TASKS)
def test_the_new_revisions_tasks(snapshot: Snapshot, a_task_runs: bool, healthy: bool) -> None:
    observation = seen(snapshot)
    assert (observation.a_task_runs, observation.healthy) == (a_task_runs, healthy)


@pytest.mark.parametrize(
    ("snapshot", "target"),
    [
        pytest.param(look(ours(), old()), "", id="no rollback"),
        pytest.param(look(ours(), old(), deployed=deployed("ROLLBACK_REQUESTED")), "", id="requested, not named"),
        pytest.param(
            look(ours(), old(), deployed=deployed("ROLLBACK_IN_PROGRESS", rollback_to=OLD_ID)),
            OLD,
            id="named while ours is still primary",
        ),
        pytest.param(look(old("IN_PROGRESS", status="PRIMARY")), OLD, id="primary again"),
        pytest.param(
            look(old(status="PRIMARY"), deployed=deployed("ROLLBACK_IN_PROGRESS", rollback_to=FOREIGN_ID)),
            OLD,
            id="named, but not listed",
        ),
        pytest.param(look(foreign(), ours()), "", id="somebody else's"),
    ],
)
def test_where_ecs_goes_back_to(snapshot: Snapshot, target: str) -> None:
    assert seen(snapshot).rollback_to == target


@pytest.mark.parametrize(
    ("snapshot", "standing"),
    [
        pytest.param(look(old(status="PRIMARY")), Standing.NOT_SEEN, id="f13 the old one only, and steady"),
        pytest.param(look(), Standing.NOT_SEEN, id="no deployment at all"),
        pytest.param(look(ours("COMPLETED", running=2)), Standing.COMPLETED, id="listed the first time"),
    ],
)
def test_before_it_was_ever_listed(snapshot: Snapshot, standing: Standing) -> None:
    assert observe(snapshot, HANDLE, seen=False).standing is standing


@pytest.mark.parametrize(
    ("running", "desired", "settled"),
    [(0, 0, False), (1, 1, False), (2, 2, True)],
)
def test_t07_a_classic_load_balancers_deployment_is_settled_with_all_tasks_of_the_service(
    running: int, desired: int, *, settled: bool
) -> None:
    """The first look may come before it has any, and when the old one, which had none either, is gone."""
    shown = seen(look(ours("", running=running, desired=desired)))
    assert (shown.standing, shown.settled) == (Standing.IN_PROGRESS, settled)


BEGAN = NOON + timedelta(seconds=10)
STATELESS = replace(ours("", running=2), created_at=BEGAN)
STEADY = "(service web) has reached a steady state."


@pytest.mark.parametrize(
    ("line", "standing"),
    [
        (event(11, STEADY), Standing.COMPLETED),
        (event(10, STEADY), Standing.IN_PROGRESS),
        (event(9, STEADY), Standing.IN_PROGRESS),
        (event(11, "(service web) registered 1 targets in (target-group x)"), Standing.IN_PROGRESS),
    ],
    ids=["since ours began", "x02 of that very instant", "of before", "another line"],
)
def test_t07_without_a_state_ecs_own_line_of_after_our_write_tells_completion(
    line: ServiceEvent, standing: Standing
) -> None:
    assert seen(look(service=service_with(STATELESS, events=(line,)))).standing is standing
    assert seen(look(service=service_with(ours("", running=2), events=(line,)))).standing is Standing.IN_PROGRESS


def test_t07_what_its_own_record_shows_under_way_is_not_settled() -> None:
    assert not seen(look(STATELESS, deployed=deployed("IN_PROGRESS"))).settled


@pytest.mark.parametrize(
    "settings",
    [
        ServiceSettings(lattice=("arn:aws:vpc-lattice:eu-west-1:1:targetgroup/tg-1",)),
        ServiceSettings(balanced=(Balanced(container="app", port=80),)),
    ],
)
def test_t07_what_only_ecs_checks_is_healthy_once_ecs_says_so(settings: ServiceSettings) -> None:
    service = replace(service_with(STATELESS), settings=settings)
    for events, healthy in (((), False), ((event(11, STEADY),), True)):
        shown = seen(look(service=replace(service, events=events)))
        assert (shown.checked, shown.healthy) == (True, healthy)


COMPLETION = "(service web) (deployment {}) deployment completed."
ENDED_FIRST: dict[str, tuple[Service, Standing]] = {
    "the list": (service_with(foreign(), ours("COMPLETED", status="ACTIVE", running=2)), Standing.COMPLETED),
    "the list, it failed": (service_with(foreign(), ours("FAILED", status="ACTIVE")), Standing.FAILED),
    "its line": (service_with(foreign(), events=(event(5, COMPLETION.format(OUR_ID)),)), Standing.COMPLETED),
    "another's line": (service_with(foreign(), events=(event(5, COMPLETION.format(FOREIGN_ID)),)), Standing.SUPERSEDED),
    "nothing": (service_with(foreign(), ours(status="ACTIVE", running=1)), Standing.SUPERSEDED),
}


@pytest.mark.parametrize(("service", "standing"), ENDED_FIRST.values(), ids=ENDED_FIRST)
def test_t08_what_shows_that_ours_ended_first_is_believed_first(service: Service, standing: Standing) -> None:
    assert seen(look(service=service)).standing is standing


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("ROLLBACK_REQUESTED", Standing.ROLLING_BACK),
        ("ROLLBACK_IN_PROGRESS", Standing.ROLLING_BACK),
        ("ROLLBACK_SUCCESSFUL", Standing.ROLLED_BACK),
        ("ROLLBACK_FAILED", Standing.SUPERSEDED),
        ("STOPPED", Standing.SUPERSEDED),
        ("IN_PROGRESS", Standing.SUPERSEDED),
        ("SUCCESSFUL", Standing.COMPLETED),
    ],
)
def test_what_ecs_takes_back_was_not_superseded_unless_that_cut_the_rollback_off(
    status: str, standing: Standing
) -> None:
    observation = seen(look(foreign(), deployed=deployed(status)))
    assert (observation.standing, observation.by) == (standing, FOREIGN_ID)


TRIPPED, MONITORS = (BreakerCount(status=status, failures=3, threshold=3) for status in ("TRIGGERED", "MONITORING"))
STOPPED = deployed("STOPPED")


@pytest.mark.parametrize(
    ("record", "ended", "standing"),
    [
        pytest.param(replace(STOPPED, breaker=TRIPPED), -0.2, Standing.FAILED, id="the circuit breaker"),
        pytest.param(replace(STOPPED, triggered_alarms=("web-5xx",)), -0.2, Standing.FAILED, id="an alarm"),
        pytest.param(replace(STOPPED, breaker=TRIPPED), 0.0, Standing.SUPERSEDED, id="at once"),
        pytest.param(replace(STOPPED, breaker=TRIPPED), None, Standing.SUPERSEDED, id="nobody says when"),
        pytest.param(replace(STOPPED, breaker=MONITORS), -0.2, Standing.SUPERSEDED, id="perhaps by another one"),
        pytest.param(STOPPED, -0.2, Standing.SUPERSEDED, id="no breaker"),
        pytest.param(deployed("ROLLBACK_FAILED", breaker=TRIPPED), -0.2, Standing.SUPERSEDED, id="cut off"),
    ],
)
def test_f31_what_had_failed_before_others_began_was_not_superseded(
    record: ServiceDeployment, ended: float | None, standing: Standing
) -> None:
    finished = None if ended is None else NOON + timedelta(seconds=ended)
    theirs = replace(foreign(), created_at=NOON)
    assert seen(look(theirs, deployed=replace(record, finished_at=finished))).standing is standing


def served(service: Service) -> Observation:
    return seen(look(service=service))


def test_t12_what_serves_is_counted_not_picked() -> None:
    both = service_with(ours(running=8, desired=10), old(running=2, desired=10), desired=10)
    mine, theirs = Share(revision=NEW, running=8), Share(revision=OLD, running=2)
    assert served(both).serves == (mine, theirs)
    behind_a_balancer = replace(both, target_groups=(TARGET_GROUP,))
    assert served(behind_a_balancer).serves == (replace(mine, checked=True), theirs)
    few = service_with(ours(running=1), old(running=2))
    assert [each.revision for each in served(few).serves] == [OLD, NEW]
    assert served(service_with(ours(running=2))).serves == (Share(revision=NEW, running=2),)
    assert served(service_with(ours(), foreign(running=1), old(running=2))).serves == (
        Share(revision=OLD, running=2),
        Share(revision=FOREIGN, running=1),
    )


def test_t12_where_others_alone_serve_the_revision_is_enough() -> None:
    assert served(service_with(ours(), old(running=2))).serves == ()
    assert served(service_with(ours(), old(running=2))).serving == OLD
    assert served(service_with(ours("COMPLETED", running=2), old(running=1))).serves == ()
    shifted = service_with(ours(running=2), old(running=2), strategy="CANARY")
    assert served(shifted).serves == (), "its weights say what serves"
    taken_back = service_with(ours("FAILED", status="ACTIVE", running=1), old(status="PRIMARY"))
    assert served(taken_back).serves == ()


def test_the_alarms_that_ecs_names_are_kept() -> None:
    rung = replace(deployed("ROLLBACK_IN_PROGRESS"), triggered_alarms=("web-5xx", "web-latency"))
    assert seen(look(ours("FAILED"), old(), deployed=rung)).alarms == ("web-5xx", "web-latency")
    assert seen(look(ours("FAILED"), old())).alarms == ()


@pytest.mark.parametrize("status", ["DRAINING", "INACTIVE"])
def test_a_service_that_is_deleted_is_the_reason_whatever_its_deployment_says(status: str) -> None:
    shown = seen(look(service=service_with(ours("FAILED"), status=status), deployed=deployed("STOPPED", reason="No.")))
    assert shown.reason == f"The service web is being deleted: its status is {status}."


def test_which_revision_serves_follows_from_where_ours_stands() -> None:
    shifted = deployed("IN_PROGRESS", stage="BAKE_TIME", traffic=100)
    beside = service_with(ours("IN_PROGRESS", running=2), old(), strategy="CANARY")
    assert seen(look(service=beside, deployed=shifted)).serving == NEW
    assert seen(look(service=beside, deployed=deployed("IN_PROGRESS", traffic=10))).serving == OLD
    assert seen(look(ours("COMPLETED", running=2), old())).serving == ""
    assert seen(look(service=service_with(ours(running=2), old(), status="DRAINING"))).serving == ""
    assert seen(look(ours(), old(running=0))).serving == ""


def test_whether_anybody_checks_follows_from_load_balancers_too() -> None:
    assert [seen(look(service=each)).checked for each in (BALANCED, service_with(ours(running=2)))] == [True, False]


TWO = ("one", "two")
ONE_HEALTHY: tuple[dict[str, str], ...] = ({"10.0.0.1:80": "healthy", "10.0.0.2:80": "healthy"}, {})


@pytest.mark.parametrize(
    ("strategy", "groups", "targets", "healthy"),
    [
        pytest.param("ROLLING", TWO, ONE_HEALTHY, False, id="rolling needs both"),
        pytest.param("ROLLING", TWO, ONE_HEALTHY[:1] * 2, True, id="rolling has both"),
        pytest.param("BLUE_GREEN", TWO, ONE_HEALTHY, True, id="a pair needs one"),
        pytest.param("BLUE_GREEN", TWO * 2, (*ONE_HEALTHY, {}, {}), False, id="two pairs need two"),
        pytest.param("CANARY", ("one",), ({},), False, id="one alone is needed"),
    ],
)
def test_tasks_are_healthy_in_as_many_target_groups_as_the_strategy_puts_them(
    strategy: str, groups: tuple[str, ...], targets: tuple[dict[str, str], ...], healthy: bool
) -> None:
    service = service_with(ours(running=2), target_groups=groups, strategy=strategy)
    assert seen(look(service=service, tasks=ADDRESSED, targets=targets)).healthy is healthy


@pytest.mark.parametrize(("mine", "others", "has_traffic"), [(2, 0, True), (2, 1, False), (1, 0, False), (1, 1, False)])
def test_under_rolling_all_traffic_is_ours_once_our_healthy_tasks_are_alone(
    mine: int, others: int, has_traffic: bool
) -> None:
    assert seen(look(ours(running=mine), old(running=others))).has_traffic is has_traffic


def test_what_serves_is_counted_by_revision_over_all_its_deployments() -> None:
    forced = replace(old(running=3), id=FOREIGN_ID)
    assert served(service_with(ours(running=4), old(running=2), forced)).serves == (
        Share(revision=OLD, running=5),
        Share(revision=NEW, running=4),
    )
