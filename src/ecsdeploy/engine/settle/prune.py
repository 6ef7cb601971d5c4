"""Deregisters old revisions after a success, but none that something may still need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError, Refused
from ecsdeploy.model.arn import revision_name, split_revision
from ecsdeploy.model.events import Pruned, Spared
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.revisions import sort_out

T = TypeVar("T")

MOST_CLUSTERS = 100
"""The most clusters that we look through: each takes three calls or more."""
MOST_AT_ONCE = 20
"""The most revisions that one run deregisters. A large family takes several releases to shrink."""
BETWEEN_SECONDS = 2.0
"""Seconds between two: in the whole account, registering and deregistering share 20 tokens, refilled by one a second.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
"""
PRUNE_SECONDS = 90.0
"""How long all of the pruning may take: the release has succeeded, and its pipeline waits."""


def prune(run: Run, keep: int, what: str) -> None:
    """Prune the family of the run's revision; that one and the one before it stay. `what` is the word for them."""
    new = run.progress.to_revision
    protected = {run.progress.from_revision: f"the {what} before this one", new: f"this {what}"}
    pruner = Pruner(plane=run.plane, patience=run.patience(), emit=run.emit)
    pruner.prune(split_revision(new)[0], keep, protected)


@value(frozen=True, slots=True, kw_only=True)
class Pruner:
    """Keeps the newest ACTIVE revisions of a family, and those in use in this account and Region.

    A revision is in use if a service or running task of any cluster has it, or an EventBridge rule or schedule starts
    it. We cannot find out what else starts it, for example a state machine or a script.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
    """

    plane: ControlPlane
    patience: Patience
    emit: Emitter

    def prune(self, family: str, keep: int, protected: dict[str, str]) -> None:
        """Deregister all but the `keep` newest revisions. Raises no error: it ends with a warning.

        `protected` maps ARNs of revisions that must stay to the reason.
        """
        try:
            sorted_out = self.sorted_out(family, self.active(family), keep, protected)
        except EcsDeployError as error:
            self.emit.warn("W-USERS-UNKNOWN", family, str(error).rstrip("."))
            return
        try:
            self._take(family, sorted_out)
        except EcsDeployError as error:
            self.emit.warn("W-NOT-PRUNED", family, str(error).rstrip("."))

    def active(self, family: str) -> tuple[str, ...]:
        """The ARNs of its ACTIVE revisions, the newest first."""
        return self._asked(lambda: self.plane.revisions(family))

    def sorted_out(
        self, family: str, active: Sequence[str], keep: int, protected: Mapping[str, str]
    ) -> tuple[tuple[str, str], ...]:
        """The revisions beyond the `keep` newest, each with who needs it. Raises if one user cannot be asked.

        Nobody is asked if nothing would go anyway.
        """
        asks = any(not by for _, by in sort_out(active, keep, protected))
        return sort_out(active, keep, self._in_use(family) | dict(protected) if asks else protected)

    def _in_use(self, family: str) -> dict[str, str]:
        """The revisions in use: ARN or `family:revision` to who uses it. Raises if one read fails."""
        clusters = self._asked(self.plane.clusters)
        if len(clusters) > MOST_CLUSTERS:
            raise Refused(f"the account has more than {MOST_CLUSTERS} clusters")
        starts = self._asked(lambda: self.plane.starts(clusters, family))
        in_use = {revision_name(each.revision): each.who for each in starts}
        for cluster in clusters:
            in_use |= self._asked(partial(self.plane.revisions_in_use, cluster, family))
        return in_use

    def _take(self, family: str, sorted_out: tuple[tuple[str, str], ...]) -> None:
        """Deregister what nobody needs, one by one. If there is too much for this run, the next one goes on."""
        free = [revision for revision, by in sorted_out if not by]
        self.emit(*(Spared(revision=revision, by=by) for revision, by in sorted_out if by))
        for number, revision in enumerate(free[:MOST_AT_ONCE]):
            if number:
                self.patience.clock.sleep(BETWEEN_SECONDS)
            self.emit(Pruned(revision=revision))
            self.deregister(revision)
        if len(free) > MOST_AT_ONCE:
            self.emit.warn("W-PRUNED-IN-PART", family, str(len(free) - MOST_AT_ONCE))

    def deregister(self, revision: str) -> None:
        """Deregister this one."""
        # To deregister twice does no harm, so that we may repeat it after a lost reply.
        self._briefly().repeat(lambda: self.plane.deregister(revision))

    def _asked(self, call: Callable[[], T]) -> T:
        """The answer of a read."""
        return self._briefly().read(call)

    def _briefly(self) -> Patience:
        """The patience of one call: PRUNE_SECONDS at most."""
        return replace(self.patience, seconds=min(self.patience.seconds, PRUNE_SECONDS))
