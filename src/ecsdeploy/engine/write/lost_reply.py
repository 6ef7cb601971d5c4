"""What a write whose reply was lost has started: looked for in the list of deployments, then in their records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ecsdeploy.engine.patience import Patience, backoff
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.errors import AwsError, EcsDeployError, NoSuchResource
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.identity import brings, is_new_of
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.model.steps import PointService
from ecsdeploy.model.values import value

LOOKS_FOR_EFFECT = 5
"""How often a lost write's effect is looked for: reads lag behind writes by seconds."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Effect = tuple[Service, str]
"""The service as it was seen, and the id of the deployment that our write has started there."""


class OvertakenError(EcsDeployError):
    """Nothing of ours was started, and somebody else's deployment, `other`, was begun since.

    It is `of` a revision or, in CodeDeploy, of a deployment group.
    """

    def __init__(self, other: str, of: str) -> None:
        super().__init__(f"`{other}` was started by somebody else.")
        self.other, self.of = other, of


@value(frozen=True, slots=True, kw_only=True)
class Stood:
    """What was there before a write: the deployments' ids, and when the youngest began, if that is known.

    `revision` is what the service was on: ECS begins nothing where that stays the same, unless it is forced to.
    """

    ids: tuple[str, ...] = ()
    newest: datetime | None = None
    revision: str = ""


def stood(service: Service) -> Stood:
    began = [each.created_at for each in service.deployments if each.created_at]
    ids = tuple(each.id for each in service.deployments)
    return Stood(ids=ids, newest=max(began, default=None), revision=service.task_definition)


@value(frozen=True, slots=True, kw_only=True)
class LostWrite:
    """Looks for the effect of pointing a service at `revision`."""

    plane: ControlPlane
    patience: Patience
    step: PointService
    revision: str
    before: Stood

    def shown(self, service: Service) -> str:
        """The id of ours as UpdateService's reply shows it; empty where its primary deployment is not ours.

        A revision that stays the same starts no deployment: then the one that brought it stands for ours.
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
        """
        primary = service.primary
        if primary is None:
            return ""
        stays = not self.step.force and revision_name(self.before.revision) == revision_name(self.revision)
        return primary.id if self._is_new(primary) or (stays and brings(primary, self.revision)) else ""

    def find(self) -> Effect | None:
        """A deployment of our revision that was not there before; somebody may have superseded it already.

        None where our write can be sent again: nothing came of it, and nobody else has deployed. `OvertakenError` where
        somebody has, and we have not; an `AwsError` or `NoSuchResource` where that cannot be told.
        """
        service = None
        for attempt in range(LOOKS_FOR_EFFECT):
            self.patience.clock.sleep(backoff(attempt, self.patience.clock))
            service = self._seen()
            if service is None:
                continue
            listed = [each for each in service.deployments if self._is_new(each)]
            if listed:
                return service, self._first(listed)
            if self._foreign(service):
                break
        if service is None:
            raise AwsError("The service is not found, and nothing tells what came of our write.")
        return self._over(service)

    def _seen(self) -> Service | None:
        """None where it is not found: the look may have been answered by what knows less."""
        try:
            return self.patience.read(lambda: self.plane.service(self.step.service))
        except NoSuchResource:
            return None

    def _is_new(self, each: Deployment) -> bool:
        return is_new_of(each, self.revision, self.before.ids)

    def _foreign(self, service: Service) -> Deployment | None:
        primary = service.primary
        return primary if primary is not None and primary.id not in self.before.ids else None

    def _over(self, service: Service) -> Effect | None:
        """What is over already is listed no longer, but recorded."""
        other, records = self._foreign(service), self._records() if self.before.newest else ()
        ours = self._younger(records)
        if ours:
            return service, ours[-1].deployment_id
        if other is None:
            return None
        if any(each.deployment_id == other.id for each in records):
            raise OvertakenError(other.id, other.task_definition)
        raise AwsError("Somebody else has deployed since, and no record tells whether we did.")

    def _first(self, listed: Sequence[Deployment]) -> str:
        """Ours is the first one of a revision that is new; others may have forced another of it since.

        Then ours may be listed no longer. Of a forced deployment's revision there was one before: the newest is ours.
        """
        if self.step.force:
            return listed[0].id
        oldest = min(listed, key=lambda each: each.created_at or _LONG_AGO)
        try:
            recorded = self._younger(self._records()) if self.before.newest else ()
        except AwsError:
            return oldest.id
        return recorded[-1].deployment_id if recorded else oldest.id

    def _records(self) -> tuple[PastDeployment, ...]:
        return self.patience.read(lambda: self.plane.history(self.step.service))

    def _younger(self, records: Sequence[PastDeployment]) -> tuple[PastDeployment, ...]:
        """Those of our revision that began after all that stood before."""
        newest = self.before.newest
        return tuple(
            each
            for each in records
            if each.revision == self.revision and each.created_at and newest and each.created_at > newest
        )
