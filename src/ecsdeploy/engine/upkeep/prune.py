"""The command `prune`: says which old revisions may go, and deregisters those that were agreed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.prepare.history import usable
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.prune import BETWEEN_SECONDS, MOST_AT_ONCE, PRUNE_SECONDS, Pruner
from ecsdeploy.engine.upkeep.refusals import family_of
from ecsdeploy.errors import NoSuchResource
from ecsdeploy.model.arn import ServiceRef, split_revision
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.pruning import Dropped, Needed, PruneRequest, Pruning
from ecsdeploy.model.service import Service
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.revisions import candidates


@value(frozen=True, slots=True, kw_only=True)
class PruneCommand:
    """One pruning that the user asked for: `plan` reads, `deregister` writes."""

    run: Run
    request: PruneRequest

    def plan(self) -> Pruning:
        """What may go. Raises if somebody who may use a revision cannot be asked: then nothing may."""
        family, protected = self._meant()
        pruner = self._pruner()
        active = pruner.active(family)
        if not active:
            raise NoSuchResource(
                f"The family `{family}` has no ACTIVE revision.", hint="Look at its name. Nothing was changed."
            )
        refuse_other_account(active[0], self.request.expect_account)
        sorted_out = pruner.sorted_out(family, active, self.request.keep, protected)
        ref = self.request.service
        return Pruning(
            family=family,
            place=Place.of(active[0], cluster=ref.short_cluster if ref else "", service=ref.short_name if ref else ""),
            at=self.run.clock.now(),
            keep=self.request.keep,
            active=len(active),
            free=tuple(revision for revision, by in sorted_out if not by),
            needed=tuple(Needed(revision=revision, by=by) for revision, by in sorted_out if by),
        )

    def deregister(self, agreed: Pruning) -> Iterator[Dropped]:
        """Deregister what may go, the oldest first; tell each that is gone, or that somebody has begun to use.

        Before every twentieth we ask again who uses what: a large family takes minutes.
        """
        for start in range(0, len(agreed.free), MOST_AT_ONCE):
            now = self.plan()
            needed = {each.revision: each.by for each in now.needed}
            pruner = self._pruner()
            for place, revision in enumerate(agreed.free[start : start + MOST_AT_ONCE]):
                if revision not in now.free:
                    yield Dropped(revision=revision, by=needed.get(revision, "it is no longer ACTIVE"))
                    continue
                if start + place:
                    self.run.clock.sleep(BETWEEN_SECONDS)
                pruner.deregister(revision)
                yield Dropped(revision=revision)

    def _pruner(self) -> Pruner:
        """A pruner whose calls may be repeated from now on."""
        run = self.run
        patience = Patience(clock=run.clock, seconds=PRUNE_SECONDS, start=run.clock.monotonic(), notice=run.notice)
        return Pruner(plane=run.plane, patience=patience, emit=run.emit)

    def _meant(self) -> tuple[str, Mapping[str, str]]:
        """The family, and the revisions that stay although nothing runs them now, with the reason."""
        ref = self.request.service
        if ref is None:
            return split_revision(self.request.family)[0], {}
        service = self.run.patience().read(lambda: self.run.plane.service(ref))
        refuse_other_account(service.arn, self.request.expect_account)
        return family_of(service, "Name the family with `--family`. "), self._way_back(ref, service)

    def _way_back(self, ref: ServiceRef, service: Service) -> Mapping[str, str]:
        """What `rollback` would put back."""
        run = self.run
        run.progress = replace(run.progress, controller=service.deployer)
        history = deployer_of(service.deployer).finder.history(run, ref, None)
        good = usable(run, candidates(history, in_use=service.task_definition))
        return {good.revision: f"`rollback` of `{service.name}`"} if good else {}
