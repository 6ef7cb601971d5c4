"""What has happened so far, as one frozen value: a pure fold over the records of one run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import (
    Concluded,
    Continued,
    Delayed,
    Doomed,
    Finished,
    FoundContact,
    LostContact,
    Monitored,
    Paused,
    Progress,
    Pruned,
    Reconsidered,
    Record,
    Registered,
    RollingBack,
    Said,
    Smoke,
    Spared,
    Started,
    TaskRunning,
    Warned,
)
from ecsdeploy.model.judgement import Doom
from ecsdeploy.model.oneoff import TaskFinished, TaskSaid, TaskStarted, TaskStatus, TaskStopping
from ecsdeploy.model.outcome import Verdict
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.values import replace, value

Deed = Registered | Started | Continued | RollingBack | TaskStarted | TaskStopping
_SAID_KEPT = 3


@value(frozen=True, slots=True, kw_only=True)
class View:
    """The run up to now. `deeds` are the steps that changed something, each with its time; `said` are events of ECS.

    Once we roll back (`undoing`), new events about plan and start are about the rollback. The view keeps those of the
    release.
    """

    service: ServiceRef | None = None
    began: datetime | None = None
    planned: Planned | None = None
    revision: str = ""
    started: Started | None = None
    progress: Progress | None = None
    monitored: Monitored | None = None
    task: str = ""
    task_status: str = ""
    """The last status of the task; empty unless we wait for it."""
    task_finished: TaskFinished | None = None
    ended: tuple[str, ...] = ()
    """The one-off tasks that have stopped."""
    deeds: tuple[tuple[datetime, Deed], ...] = ()
    said: tuple[Said, ...] = ()
    undoing: bool = False
    rolling_back: RollingBack | None = None
    paused: Paused | None = None
    delayed: str = ""
    """What the deployment waits for; empty again once more tasks of the new revision are alive."""
    doomed: Doom | None = None
    lost: tuple[datetime, LostContact] | None = None
    """Since when AWS has not answered, and the last report of that; None while it answers."""
    verdict: Verdict | None = None
    """The verdict on our deployment, once we know it. The run may go on for a while."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """The one-off tasks that were started."""
        return tuple(each.task for _, each in self.deeds if isinstance(each, TaskStarted))

    @property
    def steps(self) -> tuple[str, ...]:
        return self.planned.steps if self.planned else ()

    @property
    def to_completion(self) -> bool:
        """Whether we follow the deployment to its end, not only until its tasks are healthy."""
        return self.planned is None or self.planned.until is WaitUntil.COMPLETE

    @property
    def forced(self) -> bool:
        return self.steps == ("force",)


def fold(view: View, record: Record) -> View:  # noqa: C901 - one case for an event
    """The view after one more record."""
    if view.service is None or view.began is None:
        view = replace(view, began=view.began or record.time, service=record.service)
    match record.event:
        case Planned() as event:
            return view if view.undoing else replace(view, planned=event)
        case Registered() | Started() as event:
            return _deployed(_did(view, record.time, event), event)
        case TaskStarted() as event:
            return replace(_did(view, record.time, event), task=event.task)
        case Continued() | TaskStopping() as event:
            return _did(view, record.time, event)
        case RollingBack() as event:
            undoing = view.undoing or (event.by == "us" and not event.stopped)
            return replace(_did(view, record.time, event), undoing=undoing, rolling_back=event, verdict=None)
        case Progress() as event:
            waits = view.paused if view.paused and view.paused.stage == event.stage else None
            delayed = "" if _goes_on(view.progress, event) else view.delayed
            return replace(view, progress=event, paused=waits, delayed=delayed)
        case Monitored() as event:
            return replace(view, monitored=event)
        case Paused() as event:
            return replace(view, paused=event)
        case LostContact() as event:
            return replace(view, lost=(record.time - timedelta(seconds=event.seconds), event))
        case FoundContact():
            return replace(view, lost=None)
        case Concluded(verdict=verdict):
            return replace(view, verdict=verdict)
        case TaskFinished() as event:
            return replace(view, task_finished=event, ended=(*view.ended, event.task))
        case Said() as event:
            return replace(view, said=(*view.said, event)[-_SAID_KEPT:])
        case TaskStatus() as event:
            return replace(view, task_status=event.status)
        case Delayed() as event:
            return replace(view, delayed=event.reason)
        case Doomed() as event:
            return replace(view, doomed=event.doom)
        case Reconsidered():
            return replace(view, doomed=None, verdict=None)
        case TaskRunning() | TaskSaid() | Pruned() | Spared() | Warned() | Finished() | Smoke():
            return view
        case _ as never:
            assert_never(never)


def _goes_on(before: Progress | None, now: Progress) -> bool:
    """Whether more tasks of the new revision are alive than before."""
    return before is not None and now.new.running + now.new.pending > before.new.running + before.new.pending


def _did(view: View, time: datetime, deed: Deed) -> View:
    return replace(view, deeds=(*view.deeds, (time, deed)))


def _deployed(view: View, event: Registered | Started) -> View:
    if view.undoing:
        return view
    started = event if isinstance(event, Started) else view.started
    return replace(view, revision=event.revision, started=started)
