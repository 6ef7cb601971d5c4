"""The steps of a rollback: each gives what to watch next, or how the rollback ended, and the verdict after it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

from ecsdeploy.engine.follow.poller import EndedWatch
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.reprieve import certain
from ecsdeploy.errors import CredentialsError, EcsDeployError, NoSuchResource, ReplyLost, Unreachable
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import UNDER_WAY, Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import Budget, DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.state import State, begin_rollback


class Way(Enum):
    """How a service gets back to its baseline."""

    STOPPED = auto()
    """We had ECS or CodeDeploy stop our deployment, and it rolls back."""
    TAKEN_BACK = auto()
    """ECS had begun its own rollback before we could."""
    RELEASED = auto()
    """We released the baseline again, in a new deployment."""


@value(frozen=True, slots=True, kw_only=True)
class Going:
    """The service goes back to `baseline`. We are to watch the deployment of `handle`."""

    way: Way
    handle: Handle
    baseline: Baseline
    told: frozenset[str]
    """Ids of the ECS events that were told before."""
    seen: bool = False
    """Whether a look has shown this deployment before."""
    phase: Phase
    verdict: Verdict | None
    """The phase and verdict before this way. They hold again if it puts nothing back and we try another one."""

    def state(self, run: Run, budget: Budget) -> State:
        """The state in which the watch begins."""
        state = begin_rollback(self.handle, budget, run.clock.monotonic(), self.told, seen=self.seen)
        phase = Phase.WAITING if self.way is Way.TAKEN_BACK else Phase.ROLLING_BACK
        return replace(state, phase=phase, back_seconds=run.progress.back_seconds)


@value(frozen=True, slots=True, kw_only=True)
class Reprieved:
    """We do not roll back: the release may succeed after all, and we watch it on from `state`."""

    state: State


Turn = Going | RollbackReport | Reprieved | None
"""The result of a step: what to watch next, or the end of the rollback; None if there is nothing of ours to undo."""


@value(frozen=True, slots=True, kw_only=True)
class Undoing:
    """A release to roll back. `ours` is the deployment that we started, `before` the service as it was before that."""

    request: DeployRequest
    before: Service
    baseline: Baseline | None
    ours: Handle
    told: frozenset[str]
    """Ids of the ECS events that were told before."""
    spares_success: bool = False
    """Whether a release that has completed by now is left alone, and reported as succeeded."""
    confirm: Callable[[], State | None] = certain
    """Looks once more, right before the write. Returns the state to watch on from if we must not roll back."""


class Undo(Protocol):
    """The rollback of one release. A rollback that did not succeed leaves its report in `run.progress.rollback`."""

    def begin(self) -> Turn:
        """Put the service back. Raises no error: it returns one as the report of a failed rollback."""
        ...

    def ended(self, going: Going, ended: EndedWatch) -> Turn:
        """The step after the watch of `going`, which ended as `ended`."""
        ...

    def restore_sizing(self) -> None:
        """After ECS's own rollback: put back what else the release changed of the service, as its desired count."""
        ...


def begin_way(run: Run, undoing: Undoing, way: Way, handle: Handle, baseline: Baseline, *, seen: bool = False) -> Going:
    """Note and tell that the rollback has begun. A signal that comes from now on lets it go on."""
    going = Going(
        way=way,
        handle=handle,
        baseline=baseline,
        told=undoing.told,
        seen=seen,
        phase=run.progress.phase,
        verdict=run.progress.verdict,
    )
    run.progress = replace(run.progress, phase=Phase.ROLLING_BACK, verdict=None)
    if going.way is not Way.TAKEN_BACK:
        stopped = going.way is Way.STOPPED
        run.emit(RollingBack(by="us", to_revision=going.baseline.revision, stopped=stopped))
    return going


def recorded(run: Run, baseline: Baseline, turn: Callable[[], Turn]) -> Turn:
    """Take the step `turn`. An error becomes the report of a failed rollback.

    A rollback that did not succeed leaves its report in `run.progress.rollback`.
    """
    try:
        found = turn()
    except NoSuchResource:
        # The service was deleted: the verdict says so, and there is nothing to put back.
        return None
    except EcsDeployError as error:
        found = _failed(baseline, error)
    if isinstance(found, RollbackReport) and found.status is not Status.SUCCEEDED:
        run.progress = replace(run.progress, rollback=found)
    return found


def _failed(baseline: Baseline, error: EcsDeployError) -> RollbackReport:
    """The report of a rollback that ended in `error`: ROLLBACK_FAILED, or UNKNOWN if AWS gave no answer."""
    silent = isinstance(error, ReplyLost | Unreachable | CredentialsError)
    status = Status.UNKNOWN if silent else Status.ROLLBACK_FAILED
    return RollbackReport(by="us", to_revision=baseline.revision, status=status, reason=error.message)


def final_verdict(verdict: Verdict, report: RollbackReport | None, limit: float, *, was_answered: bool) -> Verdict:
    """The final verdict of a failure after its rollback, which `report` describes; None if none was begun.

    `was_answered`: the user pressed Ctrl-C and asked for it. `limit` is how many seconds the rollback had.
    """
    if report is None or report.status is Status.SUPERSEDED:
        return verdict
    if report.status is Status.SUCCEEDED:
        return Verdict(status=Status.SUCCEEDED, phase=verdict.phase)
    final = after_rollback(verdict, report, limit)
    asked = was_answered and final.status is Status.ROLLED_BACK
    return replace(final, status=verdict.status) if asked else final


def after_rollback(verdict: Verdict, report: RollbackReport, limit: float) -> Verdict:
    """The final verdict of a release that we rolled back: what `report` says, in the words of `verdict`.

    If the rollback is still under way, the verdict is that the rollback's time ran out.
    """
    if report.status == UNDER_WAY:
        serving = report.to_revision if report.running else verdict.serving
        late = replace(verdict, phase=Phase.ROLLING_BACK, limit_seconds=limit, doom=None)
        return replace(late, status=Status.TIMED_OUT, serving=serving, serves=())
    serving = report.to_revision if report.status is Status.ROLLED_BACK else ""
    return replace(verdict, status=report.status, serving=serving, serves=())
