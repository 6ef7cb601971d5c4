"""What the way back of a release hands over: what is to be watched next, or how it ended."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

from ecsdeploy.engine.follow.poller import Ended
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.reprieve import certain
from ecsdeploy.errors import CredentialsError, EcsDeployError, NoSuchResource, ReplyLost, Unreachable
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import Budget, DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.state import State, begin_rollback


class Way(Enum):
    """How a service goes back."""

    STOPPED = auto()
    """We have had our deployment stopped, and it is taken back."""
    TAKEN_BACK = auto()
    """ECS had taken it back before we could."""
    RELEASED = auto()
    """We have released the baseline again."""


@value(frozen=True, slots=True, kw_only=True)
class Going:
    """The service is on its way back to `baseline`, by the deployment of this `handle`, which is to be watched."""

    way: Way
    handle: Handle
    baseline: Baseline
    told: frozenset[str]
    """The ids of ECS's events that have been told already."""
    seen: bool = False
    """The deployment was seen before."""
    phase: Phase
    verdict: Verdict | None
    """What held before, where this way puts nothing back and another one is taken."""

    def state(self, run: Run, budget: Budget) -> State:
        """The state in which its watch begins."""
        state = begin_rollback(self.handle, budget, run.clock.monotonic(), self.told, seen=self.seen)
        phase = Phase.WAITING if self.way is Way.TAKEN_BACK else Phase.ROLLING_BACK
        return replace(state, phase=phase, back_seconds=run.progress.back_seconds)


@value(frozen=True, slots=True, kw_only=True)
class Reprieved:
    """The release need not go back: it may succeed after all, and is followed on from `state`."""

    state: State


Turn = Going | RollbackReport | Reprieved | None
"""What the way back has come to; None where there is nothing of ours to undo."""


@value(frozen=True, slots=True, kw_only=True)
class Undoing:
    """A release that is to be undone: `ours` is what we started, `before` the service that it was begun on."""

    request: DeployRequest
    before: Service
    baseline: Baseline | None
    ours: Handle
    told: frozenset[str]
    """The ids of ECS's events that have been told already."""
    spares_success: bool = False
    """A release that turns out to have completed by now is left alone, and reported as succeeded."""
    confirm: Callable[[], State | None] = certain
    """Looks once more, right before the write: the state to follow on from where the release need not go back."""


class Undo(Protocol):
    """The way back of one release; how that ended is left in `run.progress.rollback`."""

    def begin(self) -> Turn:
        """Put the service back. An error on the way is a failed rollback, told with its reason."""
        ...

    def ended(self, going: Going, ended: Ended) -> Turn:
        """What follows once the watch of `going` is over."""
        ...

    def restore_sizing(self) -> None:
        """After ECS's own rollback: put back what the release changed of the service beside its revision."""
        ...


def begin_way(run: Run, going: Going) -> Going:
    """From here on a signal leaves the way back going on."""
    run.progress = replace(run.progress, phase=Phase.ROLLING_BACK, verdict=None)
    if going.way is not Way.TAKEN_BACK:
        stopped = going.way is Way.STOPPED
        run.emit(RollingBack(by="us", to_revision=going.baseline.revision, stopped=stopped))
    return going


def recorded(run: Run, baseline: Baseline, turn: Callable[[], Turn]) -> Turn:
    """What `turn` comes to. An error on the way is a failed rollback; how it ended is left in `run.progress`."""
    try:
        found = turn()
    except NoSuchResource:
        # The service has been deleted: that is the verdict, and nothing is left to put back.
        return None
    except EcsDeployError as error:
        found = _failed(baseline, error)
    if isinstance(found, RollbackReport) and found.status is not Status.SUCCEEDED:
        run.progress = replace(run.progress, rollback=found)
    return found


def _failed(baseline: Baseline, error: EcsDeployError) -> RollbackReport:
    """An error on the way is no end of it: the failure that led here stands. Who is silent has not said no."""
    silent = isinstance(error, ReplyLost | Unreachable | CredentialsError)
    status = Status.UNKNOWN if silent else Status.ROLLBACK_FAILED
    return RollbackReport(by="us", to_revision=baseline.revision, status=status, reason=error.message)
