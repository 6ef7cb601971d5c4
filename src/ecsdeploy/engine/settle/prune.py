"""Deregisters old revisions after a success, sparing every one that something may still need."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError, Refused
from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.events import Pruned, Spared
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.revisions import sort_out

T = TypeVar("T")

MOST_CLUSTERS = 100
"""Each costs three calls and more: an account with more clusters is not looked through."""
MOST_AT_ONCE = 20
"""So many revisions go after one release; a family that has grown for years shrinks over several."""
BETWEEN_SECONDS = 2.0
"""Between two: registering and deregistering share a bucket of 20, refilled with one a second, in the whole account.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
"""
PRUNE_SECONDS = 90.0
"""All of it, at most: the release has succeeded, and its pipeline waits."""


def prune(run: Run, keep: int, what: str) -> None:
    """Prune the family of the run's revision; that one and the one before it stay. `what` is the word for them."""
    new = run.progress.to_revision
    protected = {run.progress.from_revision: f"the {what} before this one", new: f"this {what}"}
    pruner = Pruner(plane=run.plane, patience=run.patience(), emit=run.emit)
    pruner.prune(split_revision(new)[0], keep, protected)


@value(frozen=True, slots=True, kw_only=True)
class Pruner:
    """Keeps the `keep` newest ACTIVE revisions of a family, and those in use in this account and Region.

    A family belongs to no cluster: in use is what the services and running tasks of any cluster have, and what rules of
    EventBridge and schedules start. Nobody can be asked what else may start one, as a state machine or a script does.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
    """

    plane: ControlPlane
    patience: Patience
    emit: Emitter

    def prune(self, family: str, keep: int, protected: dict[str, str]) -> None:
        """Pruning never changes a verdict: an error ends it with a warning.

        `protected` maps revision ARNs to the reason why they must stay.
        """
        try:
            revisions = self._asked(lambda: self.plane.revisions(family))
            asks = any(not by for _, by in sort_out(revisions, keep, protected))
            needed = self._in_use(family) | protected if asks else protected
        except EcsDeployError as error:
            self.emit.warn("W-USERS-UNKNOWN", family, str(error).rstrip("."))
            return
        try:
            self._take(family, sort_out(revisions, keep, needed))
        except EcsDeployError as error:
            self.emit.warn("W-NOT-PRUNED", family, str(error).rstrip("."))

    def _in_use(self, family: str) -> dict[str, str]:
        """Who uses which revision: all of them are known, or the error is raised."""
        clusters = self._asked(self.plane.clusters)
        if len(clusters) > MOST_CLUSTERS:
            raise Refused(f"the account has more than {MOST_CLUSTERS} clusters")
        in_use = self._asked(lambda: self.plane.revisions_started(clusters, family))
        for cluster in clusters:
            in_use |= self._asked(partial(self.plane.revisions_in_use, cluster, family))
        return in_use

    def _take(self, family: str, sorted_out: tuple[tuple[str, str], ...]) -> None:
        """One after the other, slowly; what is left is left to the next release."""
        free = [revision for revision, by in sorted_out if not by]
        self.emit(*(Spared(revision=revision, by=by) for revision, by in sorted_out if by))
        for number, revision in enumerate(free[:MOST_AT_ONCE]):
            if number:
                self.patience.clock.sleep(BETWEEN_SECONDS)
            self._deregister(revision)
        if len(free) > MOST_AT_ONCE:
            self.emit.warn("W-PRUNED-IN-PART", family, str(len(free) - MOST_AT_ONCE))

    def _deregister(self, revision: str) -> None:
        self.emit(Pruned(revision=revision))
        # Deregistering twice does no more than once, so a lost reply is no reason to stop.
        self._asked(lambda: self.plane.deregister(revision))

    def _asked(self, call: Callable[[], T]) -> T:
        return replace(self.patience, seconds=min(self.patience.seconds, PRUNE_SECONDS)).read(call)
