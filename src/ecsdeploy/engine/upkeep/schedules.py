"""The command `schedules`: tells what starts tasks of a service's family, and moves that to its revision."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.upkeep.refusals import family_of, refuse_under_way
from ecsdeploy.errors import Refused
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.service import Service
from ecsdeploy.model.timetables import Moved, Planned, SchedulesRequest, Timetable
from ecsdeploy.model.values import value
from ecsdeploy.plan.revisions import serves_or_moves

_SECONDS = 90.0


@value(frozen=True, slots=True, kw_only=True)
class SchedulesCommand:
    """What starts tasks of one family: `plan` reads, `move` writes."""

    run: Run
    request: SchedulesRequest

    def plan(self) -> Timetable:
        """All that starts tasks of the family. Raises if a rule or schedule cannot be read: it might be one."""
        patience, plane, ref = self._patience(), self.run.plane, self.request.service
        service = patience.read(lambda: plane.service(ref))
        refuse_other_account(service.arn, self.request.expect_account)
        family = family_of(service)
        if self.request.to_running:
            _refuse_unsettled(service)
        clusters = patience.read(plane.clusters)
        found = patience.read(lambda: plane.starts(clusters, family))
        return Timetable(
            place=Place.of(service.arn, cluster=ref.short_cluster, service=service.name),
            at=self.run.clock.now(),
            family=family,
            revision=service.task_definition,
            starts=tuple(
                Planned(start=each, fate=each.fate(service.cluster_arn, service.task_definition)) for each in found
            ),
        )

    def move(self, agreed: Timetable) -> Iterator[Moved]:
        """Move each, and tell it; one that somebody has changed since the plan stays as it is."""
        for start in agreed.moves:
            # To give it the same revision twice does no harm, so that we may repeat it after a lost reply.
            move = partial(self.run.plane.move_start, start, agreed.revision)
            yield Moved(start=start, left=not self._patience().repeat(move))

    def _patience(self) -> Patience:
        run = self.run
        return Patience(clock=run.clock, seconds=_SECONDS, start=run.clock.monotonic())


def _refuse_unsettled(service: Service) -> None:
    """Raise `Refused` unless the service's revision serves."""
    refuse_under_way(service)
    if not serves_or_moves(service):
        raise Refused(
            f"The release of `{revision_name(service.task_definition)}` has failed; `{service.name}` does not run it.",
            hint="Release a good one first, or `ecs-deploy rollback`. Nothing was changed.",
        )
