"""Deregisters old revisions after a success, sparing every one that something may still need."""

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.events import Pruned, Spared
from ecsdeploy.model.values import dataclass
from ecsdeploy.plan.keep import sort_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruner:
    """Keeps the `keep` newest ACTIVE revisions of a family, and all that are in use in `cluster`."""

    plane: ControlPlane
    patience: Patience
    emit: Emitter

    def prune(self, family: str, keep: int, cluster: str, protected: dict[str, str]) -> None:
        """Pruning never changes a verdict: an error ends it with a warning.

        `protected` maps revision ARNs to the reason why they must stay.
        """
        try:
            revisions = self.patience.read(lambda: self.plane.revisions(family))
            in_use = self._in_use(cluster, family) if len(revisions) > keep else {}
            for revision, by in sort_out(revisions, keep, protected | in_use):
                self._take(revision, by)
        except EcsDeployError as error:
            self.emit.warn("W-NOT-PRUNED", family, str(error))

    def _in_use(self, cluster: str, family: str) -> dict[str, str]:
        if not cluster:
            return {}
        return self.patience.read(lambda: self.plane.revisions_in_use(cluster, family))

    def _take(self, revision: str, by: str) -> None:
        if by:
            self.emit(Spared(revision=revision, by=by))
            return
        self.emit(Pruned(revision=revision))
        # Deregistering twice does no more than once, so a lost reply is no reason to stop.
        self.patience.read(lambda: self.plane.deregister(revision))
