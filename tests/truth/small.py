"""What may be told of a run in the small ECS of `tools.explore`, which knows neither time nor reasons.

Each rule returns the words of the rule that is broken, or an empty text.
"""

from ecsdeploy.model.outcome import Outcome, Status, Verdict
from tools.explore.ecs import BACK, OLD, OURS, World

_FAILURES = frozenset(
    {Status.FAILED, Status.STOPPED, Status.ROLLED_BACK, Status.ROLLBACK_FAILED, Status.TIMED_OUT, Status.SUPERSEDED}
)


def broken_by_result(outcome: Outcome, world: World) -> str:
    """Of the result of a whole run."""
    report = outcome.rollback
    if report is not None and report.status is Status.ROLLED_BACK and not _went_back(world):
        return "a rollback that succeeded means that the old one serves"
    return _false_success(outcome.verdict, world)


def broken_by_verdict(verdict: Verdict, world: World, *, shown: bool) -> str:
    """Of the verdict of a watch of our release; `shown` is whether a read had shown its completion."""
    # Nothing serves any more where the service is deleted: that is no success.
    if verdict.status in _FAILURES and shown and world.status == "ACTIVE":
        return "no failure is told of a success"
    return _false_success(verdict, world)


def _false_success(verdict: Verdict, world: World) -> str:
    claims = verdict.status is Status.SUCCEEDED
    return "no success without our COMPLETED" if claims and OURS not in world.good else ""


def _went_back(world: World) -> bool:
    """The old revision was completed again after ours was taken back, or ours never began."""
    undone = world.records[OURS] == "ROLLBACK_SUCCESSFUL" and OLD in world.good
    return undone or BACK in world.good or OURS not in world.order
