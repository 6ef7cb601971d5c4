"""The command `exec`: picks a container of a service that runs, and opens a session with it."""

from __future__ import annotations

from functools import partial

from ecsdeploy.engine.logs.chosen import the_task
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.model.execution import ExecRequest, ExecSession, Picked
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.service import Service, Task
from ecsdeploy.model.values import value
from ecsdeploy.plan.containers import meant_one
from ecsdeploy.plan.reaching import NOTHING, newest_task, reachable, refuse_if_down


@value(frozen=True, slots=True, kw_only=True)
class ExecCommand:
    """One session with a running container: `pick` reads, `open` asks AWS for the session."""

    run: Run
    request: ExecRequest

    def pick(self) -> Picked:
        """The task and the container. `Refused`, `NoSuchResource` or `UsageError` if the command can run in none."""
        plane, ref, patience = self.run.plane, self.request.service, self.run.patience()
        service = patience.read(lambda: plane.service(ref))
        refuse_other_account(service.arn, self.request.expect_account)
        task = self._task(service, patience)
        definition = patience.read(lambda: plane.definition(task.task_definition))
        meant = meant_one(definition, self.request.container, "the command line", "--container {}", nothing=NOTHING)
        reach = patience.read(lambda: plane.reach(ref.cluster, task.arn))
        found = reachable(reach, meant.name, task, service)
        return Picked(
            place=Place.of(service.arn, cluster=ref.short_cluster, service=service.name),
            at=self.run.clock.now(),
            task=task.arn,
            revision=task.task_definition,
            health=task.health,
            container=found.name,
            runtime_id=found.runtime_id,
            command=self.request.command,
            forward=self.request.forward,
        )

    def open(self, picked: Picked) -> ExecSession:
        """Raises `ReplyLost` if it is not known whether a session was opened; one that nobody joins ends by itself."""
        cluster = self.request.service.cluster
        return self.run.patience().write(lambda: self.run.plane.open_session(cluster, picked))

    def _task(self, service: Service, patience: Patience) -> Task:
        read = partial(self.run.plane.tasks_of_service, self.request.service)
        tasks = patience.read(partial(read, stopped=False))
        if not self.request.task:
            return newest_task(service, tasks)
        task = the_task((*tasks, *patience.read(partial(read, stopped=True))), self.request.task, service.name)
        refuse_if_down(task)
        return task
