"""Finds the deployment that a write has started whose reply was lost: in the service, then in its history."""

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
"""How often we look for the effect of a lost write: reads lag behind writes by seconds."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Effect = tuple[Service, str]
"""The service as we read it, and the id of the deployment that our write has started."""


class OvertakenError(EcsDeployError):
    """Our write started nothing, and somebody else has started the deployment `other` meanwhile.

    `of` is its revision or, for CodeDeploy, its deployment group.
    """

    def __init__(self, other: str, of: str) -> None:
        super().__init__(f"`{other}` was started by somebody else.")
        self.other: str = other
        self.of: str = of


@value(frozen=True, slots=True, kw_only=True)
class Stood:
    """What the service had before a write."""

    ids: tuple[str, ...] = ()
    """The ids of the deployments."""
    newest: datetime | None = None
    """When the newest one began; None if ECS does not say."""
    revision: str = ""
    """The ARN of the service's task definition. If a write leaves it the same, ECS starts nothing unless forced to."""


def stood(service: Service) -> Stood:
    """What this service has, to compare with after the write."""
    began = [each.created_at for each in service.deployments if each.created_at]
    ids = tuple(each.id for each in service.deployments)
    return Stood(ids=ids, newest=max(began, default=None), revision=service.task_definition)


@value(frozen=True, slots=True, kw_only=True)
class LostWrite:
    """Looks for the deployment that an update to `revision` has started; `before` is what the service had before it."""

    plane: ControlPlane
    patience: Patience
    step: PointService
    revision: str
    before: Stood

    def shown(self, service: Service) -> str:
        """The id of our deployment in UpdateService's reply; empty if its primary deployment is not ours.

        If the revision stays the same, ECS starts no deployment: then the primary one of that revision counts as ours.
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
        """
        primary = service.primary
        if primary is None:
            return ""
        stays = not self.step.force and revision_name(self.before.revision) == revision_name(self.revision)
        return primary.id if self._is_new(primary) or (stays and brings(primary, self.revision)) else ""

    def find(self) -> Effect | None:
        """The service, and the id of our deployment, which somebody may have superseded already.

        None if the write has started nothing and nobody else has deployed: then it may be sent again. `OvertakenError`
        if only somebody else has deployed; `AwsError` or `NoSuchResource` if we cannot tell.
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
            raise AwsError("The service was not found, so it is not known whether our update arrived.")
        return self._over(service)

    def _seen(self) -> Service | None:
        """The service; None if this read did not find it, as reads lag behind writes."""
        try:
            return self.patience.read(lambda: self.plane.service(self.step.service))
        except NoSuchResource:
            return None

    def _is_new(self, each: Deployment) -> bool:
        return is_new_of(each, self.revision, self.before.ids)

    def _foreign(self, service: Service) -> Deployment | None:
        """The primary deployment if it was not there before the write; the caller knows that it is not ours."""
        primary = service.primary
        return primary if primary is not None and primary.id not in self.before.ids else None

    def _over(self, service: Service) -> Effect | None:
        """The effect by the history: the service no longer lists a deployment that has ended, or was superseded.

        None and errors as of `find`.
        """
        other, records = self._foreign(service), self._records() if self.before.newest else ()
        ours = self._younger(records)
        if ours:
            return service, ours[-1].deployment_id
        if other is None:
            return None
        if any(each.deployment_id == other.id for each in records):
            raise OvertakenError(other.id, other.task_definition)
        raise AwsError("Somebody else has deployed since, and the history does not show whether our update arrived.")

    def _first(self, listed: Sequence[Deployment]) -> str:
        """The id of ours among the new deployments of our revision.

        * A forced deployment repeats a revision that others may repeat too: the newest one is ours.
        * Otherwise we registered the revision, and nobody deployed it before us: the oldest one is ours. If the service
          no longer lists it, the history has it.
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
        """The past deployments of our revision that began after all those that the service had before."""
        newest = self.before.newest
        return tuple(
            each
            for each in records
            if each.revision == self.revision and each.created_at and newest and each.created_at > newest
        )
