"""A small ECS that chooses freely: a service, up to five deployments, and every next state that AWS documents.

It knows no time and no reason: what may happen, may happen now. Imports nothing of `ecsdeploy`, so that the judge of
the client does not share its assumptions. What each rule rests on:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

OLD, OURS, FIRST, SECOND, BACK = range(5)
"""The deployments: what stood before, ours, those of two other writers, and our own way back."""
IN_PROGRESS, COMPLETED, FAILED = "IN_PROGRESS", "COMPLETED", "FAILED"
_OVER = ("SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED")
THRESHOLD = 2
"""So many failures trip the small breaker."""
STAGES = ("SCALE_UP", "PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP")


class Rules(NamedTuple):
    """How the service is configured, and who else is at work."""

    desired: int = 2
    shifts: bool = False
    breaker: str = ""
    """Empty (off), `fail` or `rollback`."""
    alarms: bool = False
    writers: int = 0
    """How many others may deploy, once each."""
    scales: bool = False
    deletes: bool = False
    stops: bool = False
    """Others may stop our deployment."""
    pauses: bool = False
    fails: bool = True
    """Tasks may die."""


class Deployment(NamedTuple):
    rollout: str = IN_PROGRESS
    running: int = 0
    failed: int = 0


class World(NamedTuple):
    """All that is so now. A deployment is None before it begins and once it is no longer listed."""

    desired: int
    status: str = "ACTIVE"
    primary: int = OLD
    listed: tuple[Deployment | None, ...] = (None,) * 5
    records: tuple[str, ...] = ("SUCCESSFUL", "", "", "", "")
    """The status of each service deployment, empty where there is none."""
    order: tuple[int, ...] = (OLD,)
    """Which deployments began, the oldest first."""
    good: tuple[int, ...] = (OLD,)
    """Which have completed, the newest last."""
    fell: tuple[int, ...] = ()
    """Which ended by their own failures, and not for another deployment."""
    stage: int = 0
    paused: bool = False
    alarm: bool = False
    says: tuple[str, ...] = ()
    """The service's lines, the oldest first."""

    def deployment(self, which: int) -> Deployment:
        found = self.listed[which]
        assert found is not None
        return found

    @property
    def has_ended(self) -> bool:
        """Nothing is under way any more."""
        one = self.listed[self.primary]
        return self.status != "ACTIVE" or one is None or one.rollout != IN_PROGRESS


def begin(rules: Rules) -> World:
    stood = Deployment(rollout=COMPLETED, running=rules.desired)
    return World(desired=rules.desired, listed=(stood, None, None, None, None))


def deploy(world: World, which: int) -> World:
    """A new deployment becomes primary; what was under way is stopped for it."""
    records = list(world.records)
    for each in world.order:
        if records[each] and records[each] not in _OVER:
            records[each] = "STOP_REQUESTED"
    records[which] = "PENDING"
    world = world._replace(
        primary=which, order=(*world.order, which), records=tuple(records), stage=0, paused=False, alarm=False
    )
    return _put(world, which, Deployment())


def stop(world: World, which: int) -> World | None:
    """StopServiceDeployment with a rollback; None where it has ended, as AWS then refuses."""
    if world.records[which] not in ("PENDING", "IN_PROGRESS"):
        return None
    return _record(world, which, "ROLLBACK_REQUESTED")


@lru_cache(maxsize=1 << 18)
def moves(world: World, rules: Rules) -> tuple[World, ...]:
    """Every state that may be the next one."""
    return tuple(dict.fromkeys(_moves(world, rules)))


def _moves(world: World, rules: Rules) -> Iterator[World]:
    if world.status == "DRAINING":
        yield world._replace(status="INACTIVE", listed=(None,) * 5)
    if world.status != "ACTIVE":
        return
    yield from _scheduler(world, rules)
    yield from _records(world)
    yield from _failures(world, rules)
    yield from _others(world, rules)


def _scheduler(world: World, rules: Rules) -> Iterator[World]:
    """Tasks start and drain, stages go on, the deployment completes."""
    which, now = world.primary, world.deployment(world.primary)
    others = [each for each in world.order if each != which and world.listed[each] is not None]
    back = which == OLD or world.records[which] == "ROLLBACK_IN_PROGRESS"
    shifts = rules.shifts and not back
    if now.rollout == IN_PROGRESS and not _is_stopping(world, which):
        if now.running < world.desired:
            yield _put(world, which, now._replace(running=now.running + 1))
        if now.running > world.desired:
            yield _put(world, which, now._replace(running=now.running - 1))
        if shifts and now.running == world.desired and not world.paused and world.stage < len(STAGES) - 1:
            yield world._replace(stage=world.stage + 1)
        left = sum(world.deployment(each).running for each in others)
        ready = not shifts or world.stage == len(STAGES) - 1
        if now.running == world.desired and not left and ready:
            yield _completed(world, which)
    for each in others:
        other = world.deployment(each)
        may_drain = now.running > 0 or world.desired == 0 or other.rollout == FAILED
        if other.running and may_drain and (not shifts or world.stage == len(STAGES) - 1 or other.rollout == FAILED):
            yield _put(world, each, other._replace(running=other.running - 1))


def _is_stopping(world: World, which: int) -> bool:
    return world.records[which] in ("ROLLBACK_REQUESTED", "STOP_REQUESTED") and which != OLD


def _completed(world: World, which: int) -> World:
    now = world.deployment(which)._replace(rollout=COMPLETED)
    listed = tuple(now if each == which else None for each in range(5))
    records = list(world.records)
    for each in world.order:
        if records[each] == "ROLLBACK_IN_PROGRESS":
            records[each] = "ROLLBACK_SUCCESSFUL"
    if records[which] in ("PENDING", "IN_PROGRESS"):
        records[which] = "SUCCESSFUL"
    good = (*(each for each in world.good if each != which), which)
    says = (*world.says, f"completed {which} {len(world.says)}")
    return world._replace(listed=listed, records=tuple(records), good=good, says=says, paused=False)


def _records(world: World) -> Iterator[World]:
    """Service deployments follow what was decided, seconds later."""
    for each in world.order:
        status = world.records[each]
        if status == "PENDING":
            yield _record(world, each, "IN_PROGRESS")
        elif status == "STOP_REQUESTED":
            yield _record(world, each, "STOPPED")
        elif status == "ROLLBACK_REQUESTED" and each == world.primary:
            yield from _goes_back(world, each)


def _goes_back(world: World, which: int) -> Iterator[World]:
    """The most recent completed deployment becomes primary again, under its old id; without one nothing moves."""
    target = next((each for each in reversed(world.good) if each != which and world.listed[each] is not None), None)
    if target is None:
        failed = world.deployment(which)._replace(rollout=FAILED)
        yield _record(_put(world, which, failed), which, "ROLLBACK_FAILED")
        return
    world = _put(world, which, world.deployment(which)._replace(rollout=FAILED))
    world = _put(world, target, world.deployment(target)._replace(rollout=IN_PROGRESS, failed=0))
    world = _record(world, which, "ROLLBACK_IN_PROGRESS")
    yield world._replace(primary=target, stage=0, paused=False)


def _failures(world: World, rules: Rules) -> Iterator[World]:
    which, now = world.primary, world.deployment(world.primary)
    if now.rollout != IN_PROGRESS or _is_stopping(world, which):
        return
    if rules.fails and now.failed < THRESHOLD and which in (OURS, FIRST, OLD):
        yield _put(world, which, now._replace(running=max(0, now.running - 1), failed=now.failed + 1))
    tripped = rules.breaker and now.failed >= THRESHOLD
    rings = rules.alarms and which in (OURS, FIRST)
    if tripped or rings:
        yield from _fail(world, which, back=rings or rules.breaker == "rollback", rings=rings and not tripped)


def _fail(world: World, which: int, *, back: bool, rings: bool) -> Iterator[World]:
    failed = _put(world, which, world.deployment(which)._replace(rollout=FAILED))
    failed = failed._replace(alarm=rings, says=(*world.says, f"failed {which} {len(world.says)}"))
    if which == OLD:
        for each in world.order:
            if world.records[each] == "ROLLBACK_IN_PROGRESS":
                failed = _record(failed, each, "ROLLBACK_FAILED")
        yield failed
    elif back:
        yield _record(failed, which, "ROLLBACK_REQUESTED")
    else:
        yield _record(failed, which, "STOPPED")._replace(fell=(*world.fell, which))


def _others(world: World, rules: Rules) -> Iterator[World]:
    begun = [each for each in (FIRST, SECOND) if each in world.order]
    if OURS in world.order and len(begun) < rules.writers:
        yield deploy(world, (FIRST, SECOND)[len(begun)])
    if rules.scales and world.desired == rules.desired:
        yield world._replace(desired=0)
        yield world._replace(desired=max(1, rules.desired - 1))
    if rules.deletes:
        yield world._replace(status="DRAINING")
    if rules.stops and OURS in world.order and (stopped := stop(world, OURS)):
        yield stopped
    if rules.pauses and rules.shifts and world.stage == 1 and world.primary == OURS:
        if not world.paused:
            yield world._replace(paused=True)
        else:
            yield world._replace(paused=False, stage=2)
            yield _record(world, OURS, "ROLLBACK_REQUESTED")


def _put(world: World, which: int, deployment: Deployment) -> World:
    return world._replace(listed=(*world.listed[:which], deployment, *world.listed[which + 1 :]))


def _record(world: World, which: int, status: str) -> World:
    return world._replace(records=(*world.records[:which], status, *world.records[which + 1 :]))
