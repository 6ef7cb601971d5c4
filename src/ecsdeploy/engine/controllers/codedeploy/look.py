"""The looks at a deployment of CodeDeploy: each makes only the calls that may tell something at that moment."""

from __future__ import annotations

from ecsdeploy.engine.follow.judging import judge_of
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied, AwsError, EcsDeployError, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.codedeploy import CodeDeployment, CodeDeploySnapshot, EcsTarget
from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Look, Unseen
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.reads import LastReads, plan_reads
from ecsdeploy.rollout.state import State


@value(frozen=True, slots=True, kw_only=True)
class CodeDeployLooker:
    """Looks at one deployment of CodeDeploy; without a `definition`, its tasks are not judged."""

    run: Run
    ref: ServiceRef
    definition: TaskDefinition | None

    def look(self, state: State) -> Look:
        """The reads of one poll; `Unseen` if our deployment, or its rollback, cannot be read."""
        plane = self.run.plane.codedeploy
        try:
            ours = plane.deployment(state.handle.deployment_id)
            target = self._reads.ask("target", lambda: plane.target(self.ref, ours.id))
            if ours.status == "Succeeded":
                return CodeDeploySnapshot(deployment=ours, target=target)
            service = self._service(ours, target)
            return CodeDeploySnapshot(
                deployment=ours,
                target=target,
                rollback=plane.deployment(ours.rollback_id) if ours.rollback_id else None,
                service=service,
                judgement=None if ours.ended else self._judgement(state, service, target),
                stopped_by_us=self.run.progress.asked_back == ours.id,
            )
        except (AwsError, NoSuchResource) as error:
            return Unseen(error=error)

    def look_beside(self, look: Look) -> None:
        """Read nothing: CodeDeploy's own events tell how traffic moves."""

    def _service(self, ours: CodeDeployment, target: EcsTarget | None) -> Service | None:
        """The service, if we need it now: for ECS's events while tasks start, and for what serves after the end."""
        install = target.event("Install") if target else None
        if not ours.ended and install is not None and install.status not in ("Pending", "InProgress"):
            return None
        return self._reads.ask("service", lambda: self.run.plane.service(self.ref))

    def _judgement(self, state: State, service: Service | None, target: EcsTarget | None) -> Judgement | None:
        """The judgement of the tasks of the new task set, in place of an ECS deployment."""
        green = target.side("Green") if target else None
        if service is None or green is None or self.definition is None:
            return None
        state = replace(state, handle=replace(state.handle, deployment_id=green.id))
        planned = plan_reads(state, service, LastReads(), self.run.clock.monotonic(), checked=False)
        if not (planned.stopped or planned.lines):
            return None
        judge = judge_of(self.run, self.ref, self.definition)
        if not planned.stopped:
            return judge.listen(state, service)
        return self._reads.ask("tasks", lambda: judge.judge(state, service))

    @property
    def _reads(self) -> OptionalReads:
        """The optional reads: if AWS denies one or finds nothing, we warn once. Any other error fails the look."""
        spares = (AccessDenied, NoSuchResource)
        return OptionalReads(clock=self.run.clock, spares=spares, note=self._note)

    def _note(self, _what: str, error: EcsDeployError | None) -> None:
        if error is not None:
            self.run.emit.warn_once("W-UNREADABLE", error.message)
