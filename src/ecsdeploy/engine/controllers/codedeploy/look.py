"""One look at a deployment of CodeDeploy: no more calls than can tell something at that moment."""

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
    """Looks at one deployment; without its `definition`, tasks are not judged."""

    run: Run
    ref: ServiceRef
    definition: TaskDefinition | None

    def look(self, state: State) -> Look:
        """All the reads of one poll."""
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
        """CodeDeploy's own words tell what its load balancer does."""

    def _service(self, ours: CodeDeployment, target: EcsTarget | None) -> Service | None:
        """While tasks start, ECS's events say what CodeDeploy does not; at the end the service says what serves."""
        install = target.event("Install") if target else None
        if not ours.ended and install is not None and install.status not in ("Pending", "InProgress"):
            return None
        return self._reads.ask("service", lambda: self.run.plane.service(self.ref))

    def _judgement(self, state: State, service: Service | None, target: EcsTarget | None) -> Judgement | None:
        """What the tasks of the new task set say: it stands for the deployment that ECS would have made."""
        green = target.side("Green") if target else None
        if service is None or green is None or self.definition is None:
            return None
        state = replace(state, handle=replace(state.handle, deployment_id=green.id))
        wanted = plan_reads(state, service, LastReads(), self.run.clock.monotonic(), checked=False)
        if not (wanted.stopped or wanted.lines):
            return None
        judge = judge_of(self.run, self.ref, self.definition)
        if not wanted.stopped:
            return judge.listen(state, service)
        return self._reads.ask("tasks", lambda: judge.judge(state, service))

    @property
    def _reads(self) -> OptionalReads:
        """What is denied or not there is done without, and warned of once; a read that failed fails the look."""
        spares = (AccessDenied, NoSuchResource)
        return OptionalReads(clock=self.run.clock, spares=spares, note=self._note)

    def _note(self, _what: str, error: EcsDeployError | None) -> None:
        if error is not None:
            self.run.emit.warn_once("W-UNREADABLE", error.message)
