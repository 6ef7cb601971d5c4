"""The command `scale`: changes how many tasks a service runs, and waits until it is so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.upkeep.refusals import refuse_under_way
from ecsdeploy.errors import AwsError, EcsDeployError, Refused
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.outcome import Place, Status
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.scaling import ScaleRequest, ScaleStep, Scaling
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import PointService
from ecsdeploy.model.surroundings import ScalingLimits
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value
from ecsdeploy.plan.checks import check_service, sentence, todo
from ecsdeploy.rollout.scaled import judged, runs

_LOOK_EVERY = 3.0
_HEARTBEAT = 60.0
"""A CI system may end a job that writes nothing for long."""


@value(frozen=True, slots=True, kw_only=True)
class ScaleCommand:
    """One change of a service's desired count: `plan` reads, `scale` writes and waits."""

    run: Run
    request: ScaleRequest

    def plan(self) -> Scaling:
        """What would change. `Refused` for a count outside auto scaling's limits, unless these may be moved."""
        service = self._service()
        refuse_other_account(service.arn, self.request.expect_account)
        wanted = self.request.count + (service.desired if self.request.relative else 0)
        _refuse_service(service, wanted)
        limits, unread = self._limits()
        moved = _fitting(limits, wanted) if limits else None
        if limits and moved and not self.request.adjust_limits:
            raise Refused(
                f"Application Auto Scaling keeps `{service.name}` between {limits.lowest} and {limits.highest} tasks, "
                f"and would soon undo {wanted}.",
                hint="`--adjust-limits` moves the limit first. Nothing was changed.",
            )
        ref = self.request.service
        return Scaling(
            place=Place.of(service.arn, cluster=ref.short_cluster, service=service.name),
            at=self.run.clock.now(),
            revision=service.task_definition,
            before=service.desired,
            wanted=wanted,
            running=service.running,
            pending=service.pending,
            limits=limits,
            moved=moved,
            unread=unread,
        )

    def scale(self, plan: Scaling) -> Iterator[ScaleStep]:
        """Move the limit if that was planned, change the count, and tell how far the service is until it is so."""
        run, ref = self.run, self.request.service
        service = self._service()
        if service.desired not in (plan.before, plan.wanted):
            text = (
                f"Somebody else, or auto scaling, has set {service.desired} tasks since we looked. Nothing was changed."
            )
            yield _step("ended", service, plan.wanted, text=text, status=Status.SUPERSEDED)
            return
        if plan.limits and plan.moved:
            before, after = plan.limits, plan.moved
            # To send the same limits again does no harm, as for the count below.
            self._patience().repeat(lambda: run.plane.move_scaling_limits(ref, before, after))
            text = f"between {after.lowest} and {after.highest} tasks now"
            yield ScaleStep(kind="limits", wanted=plan.wanted, running=plan.running, pending=plan.pending, text=text)
        known = {each.id for each in service.events}
        if service.desired != plan.wanted:
            step = PointService(service=ref, sizing=Sizing(desired_count=plan.wanted))
            service = self._patience().repeat(lambda: run.plane.update_service(step, ""))
        yield _step("updated", service, plan.wanted)
        if self.request.detach:
            yield _step("ended", service, plan.wanted, status=Status.DETACHED)
            return
        try:
            yield from self._followed(service, plan, known)
        except EcsDeployError as error:
            text = f"How far it is, is not known: {error.message}"
            yield _step("ended", service, plan.wanted, text=text, status=Status.UNKNOWN)

    def _followed(self, service: Service, plan: Scaling, known: set[str]) -> Iterator[ScaleStep]:
        """Look until the service runs what was asked for, somebody interferes, or the time is over."""
        clock, deployment = self.run.clock, service.primary.id if service.primary else ""
        until, told, told_at = clock.monotonic() + self.request.seconds, None, clock.monotonic()
        definition = self._patience().read(lambda: self.run.plane.definition(service.task_definition))
        while True:
            service = self._patience().read(lambda: self.run.plane.service(self.request.service))
            for said in reversed([each for each in service.events if each.id not in known]):
                known.add(said.id)
                yield _step("said", service, plan.wanted, text=said.message)
            healthy = self._healthy(service, definition) if runs(service, plan.wanted) else None
            now = _step("progress", service, plan.wanted, healthy=healthy)
            if now != told or clock.monotonic() - told_at >= _HEARTBEAT:
                yield now
                told, told_at = now, clock.monotonic()
            late = clock.monotonic() >= until
            ended = judged(service, plan.wanted, deployment, healthy, self.request.seconds, late=late)
            if ended is not None:
                yield _step("ended", service, plan.wanted, healthy=healthy, text=ended[1], status=ended[0])
                return
            clock.sleep(min(_LOOK_EVERY, max(until - clock.monotonic(), 0)))

    def _healthy(self, service: Service, definition: TaskDefinition) -> int | None:
        """How many tasks pass their health checks, of the container and of every target group; None without one."""
        plane, ref, counts = self.run.plane, self.request.service, list[int]()
        if any(each.payload.get("healthCheck") for each in definition.containers):
            tasks = self._patience().read(lambda: plane.tasks_of_service(ref, stopped=False))
            counts.append(sum(each.runs and each.health == "HEALTHY" for each in tasks))
        groups: list[Mapping[str, str]] = [
            self._patience().read(partial(plane.target_health, group)) for group in service.target_groups
        ]
        if service.shifts_traffic:
            # Of two groups between which traffic shifts, one has no tasks between releases.
            groups = [each for each in groups if each] or groups
        counts += [sum(state == "healthy" for state in states.values()) for states in groups]
        return min(*counts, service.desired) if counts else None

    def _service(self) -> Service:
        return self._patience().read(lambda: self.run.plane.service(self.request.service))

    def _limits(self) -> tuple[ScalingLimits | None, str]:
        """The limits of auto scaling, and why they could not be read: that forbids nothing, and is told."""
        try:
            return self._patience().read(lambda: self.run.plane.surroundings.scaling_limits(self.request.service)), ""
        except AwsError as error:
            if self.request.adjust_limits:
                raise
            return None, error.message

    def _patience(self) -> Patience:
        """The patience of one call: contact may be lost for a while once the count was changed."""
        run = self.run
        return Patience(clock=run.clock, seconds=60, start=run.clock.monotonic(), out_of_reach=60)


def _step(
    kind: str,
    service: Service,
    wanted: int,
    *,
    healthy: int | None = None,
    text: str = "",
    status: Status | None = None,
) -> ScaleStep:
    return ScaleStep(
        kind=kind,
        wanted=wanted,
        running=service.running,
        pending=service.pending,
        healthy=healthy,
        text=text,
        status=status,
    )


def _fitting(limits: ScalingLimits, wanted: int) -> ScalingLimits | None:
    """The limits that allow `wanted` tasks; None if these do."""
    if limits.lowest <= wanted <= limits.highest:
        return None
    return ScalingLimits(lowest=min(limits.lowest, wanted), highest=max(limits.highest, wanted))


def _refuse_service(service: Service, wanted: int) -> None:
    """Raise `Refused` for a service that has no count of its own, that is being released, or for a count below 0."""
    if wanted < 0:
        raise Refused(
            f"`{service.name}` wants {service.desired} tasks: {service.desired - wanted} fewer are less than none.",
            hint="Nothing was changed.",
        )
    if service.controller == "EXTERNAL":
        raise Refused(
            f"The service `{service.name}` has the deployment controller `EXTERNAL`: another program makes its task "
            "sets, and each runs its own share of the desired count.",
            hint="Scale with that program, or change the count alone: "
            f"`aws ecs update-service --cluster {revision_name(service.cluster_arn)} --service {service.name} "
            f"--desired-count {wanted}`. Nothing was changed.",
        )
    for found in check_service(service, Sizing(desired_count=max(wanted, 1))):
        raise Refused(sentence(found), hint=f"{todo(found)} Nothing was changed.")
    if service.scheduling != "REPLICA":
        raise Refused(
            f"`{service.name}` is a {service.scheduling} service: it runs a task on every instance.",
            hint="It has no count to change. Nothing was changed.",
        )
    refuse_under_way(service)
