"""Reads the stopped tasks of our deployment and judges whether it can still succeed, and what it waits for.

The module is imported once a task of ours has stopped, or an event of ECS says what it cannot do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ecsdeploy.diagnose.doom import doomed, says_protected, suspects, until_unprotected, waiting_reason
from ecsdeploy.diagnose.waves import ecs_time, up_time
from ecsdeploy.engine.follow.confirm import Confirmation
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.judgement import Doom, Judgement
from ecsdeploy.model.service import Service, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value
from ecsdeploy.rollout.machine import WELL_SECONDS
from ecsdeploy.rollout.state import State

_WELL_AFTER = timedelta(seconds=WELL_SECONDS)
_UNHEALTHY = "health checks"


@value(frozen=True, slots=True, kw_only=True)
class Judge:
    """Judges deployments of `definition` to the service `ref`."""

    plane: ControlPlane
    clock: Clock
    ref: ServiceRef
    definition: TaskDefinition

    def judge(self, state: State, service: Service) -> Judgement:
        """Read the stopped tasks of our deployment, and judge it by them. Errors: those of the reads.

        A service that was scaled to zero is never hopeless: ECS completes its deployment whatever its tasks did.
        """
        ours = state.handle.deployment_id
        stopped, doom = self.plane.tasks_started_by(self.ref, ours, stopped=True), None
        healthy = any(self.may_have_been_well(each, state, service) for each in stopped)
        if service.desired and not healthy and self._may_be_doomed(stopped, service):
            # Read these last: a task may have begun to run since the service was read.
            alive = self.plane.tasks_started_by(self.ref, ours, stopped=False)
            healthy = self._one_is_well(alive, service, stopped)
            doom = None if healthy else self._doom(stopped, alive, service)
        return Judgement(
            stopped=stopped, doom=doom, any_healthy=healthy, waits_for=self._waits_for(state, service, stopped)
        )

    def listen(self, state: State, service: Service) -> Judgement:
        """Judge only what our deployment waits for, by ECS's events and the stopped tasks that are already known."""
        return Judgement(waits_for=self._waits_for(state, service, state.judgement.stopped), of_tasks=False)

    def _may_be_doomed(self, stopped: Sequence[Task], service: Service) -> bool:
        """Whether the stopped tasks alone show a doom. The running tasks and AWS's answers may still disprove it."""
        threshold, all_hold = service.breaker.threshold(service.desired), suspects(stopped, self.definition)
        return doomed(stopped, self.definition, threshold=threshold, confirmed=all_hold) is not None

    def _doom(self, stopped: Sequence[Task], alive: Sequence[Task], service: Service) -> Doom | None:
        """Why our deployment cannot succeed; None if it may. For some causes, we ask AWS first whether they hold."""
        threshold = service.breaker.threshold(service.desired)
        found = doomed(stopped, self.definition, alive=alive, threshold=threshold)
        if found is not None:
            return found
        doubtful = suspects(stopped, self.definition, alive=alive)
        confirmed = Confirmation(
            plane=self.plane, clock=self.clock, definition=self.definition, service=service
        ).confirmed(doubtful)
        return doomed(stopped, self.definition, alive=alive, threshold=threshold, confirmed=confirmed)

    def _waits_for(self, state: State, service: Service, stopped: Sequence[Task]) -> str:
        """What our deployment waits for, as a text; empty if nothing says."""
        fresh = [each for each in service.events if each.id not in state.old_events]
        reason = waiting_reason(stopped, fresh, self.definition) or ""
        return self._with_its_end(reason, state, service) if says_protected(reason) else reason

    def _with_its_end(self, reason: str, state: State, service: Service) -> str:
        """The reason with the time when scale-in protection ends; unchanged if we cannot read that."""
        ours = service.deployment(state.handle.deployment_id)
        reads = OptionalReads(clock=self.clock)
        ends = reads.ask("protection", lambda: self.plane.protected_until(self.ref, state.handle.deployment_id))
        if ends is None:
            return reason
        all_run = ours is not None and ours.running >= ours.desired > 0
        return until_unprotected(ends, all_run=all_run) or reason

    def _one_is_well(self, alive: Sequence[Task], service: Service, stopped: Sequence[Task]) -> bool:
        """Whether a task of ours runs and passes the health checks; without any, whether one has run long enough."""
        running = [each for each in alive if each.runs]
        if self.definition.is_checked:
            return any(each.health == "HEALTHY" for each in running)
        if service.target_groups:
            return any(self._is_a_healthy_target(running, group) for group in service.target_groups)
        now = ecs_time(stopped, alive)
        return any(up_time(each, now) >= _WELL_AFTER for each in running)

    def may_have_been_well(self, task: Task, state: State, service: Service) -> bool:
        """Whether a stopped task may have been healthy: ECS no longer says so.

        It must have run long enough. If there are health checks, ECS must also have stopped an old task, as it does
        once a new task is healthy. We cannot tell by that if there was no old task, or if traffic is shifted, as old
        tasks then run to the end.
        """
        ended = task.ended_at
        if task.started_at is None or ended is None or _UNHEALTHY in task.stopped_reason:
            return False
        checked = self.definition.is_checked or bool(service.target_groups)
        before = state.old_running
        fewer = state.last_seen is not None and state.last_seen.old.running < before
        replaced = fewer or before == 0 or service.shifts_traffic
        return ended - task.started_at >= _WELL_AFTER and (replaced or not checked)

    def _is_a_healthy_target(self, tasks: Sequence[Task], group: str) -> bool:
        """Whether one of the tasks may be a healthy target of the group.

        A target with an instance's port does not show which task it is, so any healthy one may be ours.
        """
        healthy = [target for target, state in self.plane.target_health(group).items() if state == "healthy"]
        addresses = {target.rsplit(":", 1)[0] for target in healthy}
        return any(addresses.intersection(each.addresses) if each.addresses else healthy for each in tasks)
