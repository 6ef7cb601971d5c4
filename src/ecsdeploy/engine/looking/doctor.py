"""Reads what is wrong with a service or a task, by the same diagnosis as a deployment and `status`."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from ecsdeploy.diagnose.evidence import Evidence
from ecsdeploy.engine.commands.release import ReleaseCommand
from ecsdeploy.engine.logs.chosen import ends, the_task
from ecsdeploy.engine.looking.actions import logged_actions
from ecsdeploy.engine.looking.status import SECONDS, StatusReads, has_stopped_since, reading
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.examine import Examiner
from ecsdeploy.model.checkup import Checkup, Subject
from ecsdeploy.model.looking import DoctorRequest, StatusRequest
from ecsdeploy.model.outcome import Cause, Place
from ecsdeploy.model.report import Condition, Report
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service, Task

LOGGED = 3
"""Of so many causes the log is read."""
_WELL = (Condition.STEADY, Condition.DEPLOYING)
_AT_EASE = ("healthy", "initial", "draining", "unused", "unchecked")


class DoctorReads:
    """The reads of one look; what could not be read is kept in `unread`, a sentence each."""

    def __init__(self, run: Run, request: DoctorRequest) -> None:
        self._run = run
        self._request = request
        self._unread: list[str] = []
        self._reads = reading(run.clock, self._unread, run.clock.monotonic() + SECONDS)

    def checkup(self) -> Checkup:
        """Errors: `NoSuchResource` where the service or the task is not there; `Refused` in another account."""
        if self._request.preflight:
            return self._preflight()
        return self._of_task() if self._request.task else self._of_service()

    def _of_service(self) -> Checkup:
        """What is wrong now. A service that is steady may have had tasks that failed."""
        run, request = self._run, self._request
        asked = StatusRequest(service=request.service, expect_account=request.expect_account)
        report = StatusReads(run.plane, run.clock, asked, stopped_since=self._since(), logged=LOGGED).report()
        well = report.condition in _WELL
        causes = self._lately(report.service) if well and not report.causes else report.causes
        is_well = well and not causes and not _is_unwell_around(report)
        actions = () if is_well else logged_actions(run.plane, self._reads, report.service, self._since())
        return Checkup(
            place=report.place,
            at=report.at,
            subject=Subject.SERVICE,
            is_well=is_well,
            report=report,
            causes=causes,
            actions=actions,
            unread=(*report.unread, *self._unread),
        )

    def _since(self) -> datetime:
        """By AWS's clock."""
        return (self._run.plane.told_at() or self._run.clock.now()) - self._request.since

    def _lately(self, service: Service) -> tuple[Cause, ...]:
        """What the tasks of the revision in use ended by that have failed since then."""
        since, ref = self._since(), self._request.service
        stopped = self._reads.ask("stopped tasks", partial(self._run.plane.tasks_of_service, ref, stopped=True)) or ()
        in_use = (each for each in stopped if each.task_definition == service.task_definition)
        return self._causes(tuple(each for each in in_use if has_stopped_since(each, since)))

    def _of_task(self) -> Checkup:
        service = self._service()
        ref = self._request.service
        tasks = (*self._tasks(stopped=True), *self._tasks(stopped=False))
        task = the_task(tasks, self._request.task, service.name)
        causes = self._causes((task,)) if ends(task) else ()
        return Checkup(
            place=Place.of(service.arn, cluster=ref.short_cluster, service=service.name),
            at=self._run.clock.now(),
            subject=Subject.TASK,
            is_well=not causes and task.health != "UNHEALTHY",
            task=task,
            causes=causes,
            unread=tuple(self._unread),
        )

    def _tasks(self, *, stopped: bool) -> tuple[Task, ...]:
        return self._patience().read(partial(self._run.plane.tasks_of_service, self._request.service, stopped=stopped))

    def _causes(self, stopped: tuple[Task, ...]) -> tuple[Cause, ...]:
        """By each revision's own definition."""
        revisions = dict.fromkeys(each.task_definition for each in stopped)
        return tuple(cause for each in revisions for cause in self._of_revision(each, stopped))

    def _of_revision(self, revision: str, stopped: tuple[Task, ...]) -> tuple[Cause, ...]:
        definition = self._reads.ask("revision", partial(self._run.plane.definition, revision))
        if definition is None:
            return ()
        ours = tuple(each for each in stopped if each.task_definition == revision)
        examiner = Examiner(plane=self._run.plane, reads=self._reads, definition=definition, looks=1, logged=LOGGED)
        return examiner.evidence(Evidence(definition=definition, stopped=ours))

    def _preflight(self) -> Checkup:
        """What the checks find before a deploy of the revision in use; nothing is written."""
        service, ref = self._service(), self._request.service
        asked = DeployRequest(service=ref, force=True, expect_account=self._request.expect_account)
        plan = ReleaseCommand(run=self._run, request=asked).plan()
        return Checkup(
            place=Place.of(service.arn, cluster=ref.short_cluster, service=service.name),
            at=self._run.clock.now(),
            subject=Subject.PREFLIGHT,
            is_well=not plan.is_blocked,
            findings=plan.findings,
            held=plan.held,
        )

    def _service(self) -> Service:
        service = self._patience().read(lambda: self._run.plane.service(self._request.service))
        refuse_other_account(service.arn, self._request.expect_account)
        return service

    def _patience(self) -> Patience:
        return Patience(clock=self._run.clock, seconds=SECONDS, start=self._run.clock.monotonic())


def _is_unwell_around(report: Report) -> bool:
    """An alarm of the service is on, or a target fails its checks."""
    alarms = any(each.state == "ALARM" for each in report.alarms)
    return alarms or any(each.state not in _AT_EASE for group in report.targets for each in group.targets)
