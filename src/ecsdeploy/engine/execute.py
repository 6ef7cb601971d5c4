"""Runs the steps of a plan, one call each; a write whose reply was lost is settled by looking for its effect."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from ecsdeploy.engine.patience import Patience, backoff
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.errors import AwsError, ReplyLost
from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import PointService, Register
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import dataclass
from ecsdeploy.plan.same import is_content_of

T = TypeVar("T")

SENDS = 2
"""How often a write is sent whose replies are lost, and of which no effect is to be found."""
LOOKS_FOR_EFFECT = 5
"""How often a lost write's effect is looked for: reads lag behind writes by seconds."""
REVISIONS_LOOKED_AT = 10
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Effect = tuple[Service, Deployment | None]
"""The service as it was seen, and what our write has started there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Executes steps against a control plane, with patience for what was not applied."""

    plane: ControlPlane
    patience: Patience

    def register(self, step: Register, newest_seen: int) -> TaskDefinition:
        """Register exactly once. `newest_seen` is the highest revision number known before."""
        return self._settle(
            lambda: self.plane.register(step.definition), lambda: self._find_revision(step.definition, newest_seen)
        )

    def _settle(self, send: Callable[[], T], find: Callable[[], T | None], sends: int = SENDS) -> T:
        """Send; after a lost reply look for the effect, and send again only what had none. The last loss is raised."""
        while True:
            sends -= 1
            try:
                return self.patience.write(send)
            except ReplyLost as lost:
                try:
                    found = find()
                except AwsError:
                    raise lost from None
                if found is None and not sends:
                    raise
            if found is not None:
                return found

    def _find_revision(self, sent: TaskDefinition, newest_seen: int) -> TaskDefinition | None:
        patience = self.patience.once_begun()
        for attempt in range(LOOKS_FOR_EFFECT):
            patience.clock.sleep(backoff(attempt, patience.clock))
            arns = patience.read(lambda: self.plane.revisions(sent.family))
            fresh = [arn for arn in arns if (split_revision(arn)[1] or 0) > newest_seen]
            for arn in fresh[:REVISIONS_LOOKED_AT]:
                stored = patience.read(partial(self.plane.definition, arn, tags=bool(sent.tags)))
                if is_content_of(stored, sent):
                    return stored
        return None

    def point_service(self, step: PointService, revision: str, before: tuple[str, ...]) -> tuple[Service, Handle]:
        """UpdateService exactly once; `before` holds the ids of the deployments that stood before.

        A write that may have been applied is never repeated blindly: a forced one would start a second deployment.
        """

        def send() -> Effect:
            service = self.plane.update_service(step, revision)
            return service, service.primary

        service, ours = self._settle(
            send, lambda: self._find_effect(step, revision, before), 1 if step.force else SENDS
        )
        started = ours.id if ours else ""
        return service, Handle(
            deployment_id=started, revision=revision, previous=_stood_before(service, started, before)
        )

    def _find_effect(self, step: PointService, revision: str, before: tuple[str, ...]) -> Effect | None:
        """A deployment of our revision that was not there before; somebody may have superseded it already."""
        patience, service = self.patience.once_begun(), None
        for attempt in range(LOOKS_FOR_EFFECT):
            patience.clock.sleep(backoff(attempt, patience.clock))
            service = patience.read(lambda: self.plane.service(step.service))
            listed = [each for each in service.deployments if _is_new(each, revision, before)]
            if listed:
                return service, self._first(step, service, listed, before)
        ended = self._recorded(step, service, revision, before) if service else ()
        return (service, _stood(ended[-1])) if service and ended else None

    def _first(
        self, step: PointService, service: Service, listed: Sequence[Deployment], before: tuple[str, ...]
    ) -> Deployment:
        """Ours is the first one of a revision that is new; others may have forced another of it since.

        Then ours may be listed no longer. Of a forced deployment's revision there was one before: the newest is ours.
        """
        if step.force:
            return listed[0]
        oldest = min(listed, key=lambda each: each.created_at or _LONG_AGO)
        try:
            recorded = self._recorded(step, service, oldest.task_definition, before)
        except AwsError:
            return oldest
        first = recorded[-1].deployment_id if recorded else oldest.id
        return next((each for each in listed if each.id == first), None) or _stood(recorded[-1])

    def _recorded(
        self, step: PointService, service: Service, revision: str, before: tuple[str, ...]
    ) -> tuple[PastDeployment, ...]:
        """One that is over already is listed no longer: its record is younger than what stood before."""
        stood = [each.created_at for each in service.deployments if each.id in before and each.created_at]
        if not stood:
            return ()
        past = self.patience.once_begun().read(lambda: self.plane.history(step.service))
        return tuple(each for each in past if _is_younger(each, revision, max(stood)))


def _is_new(each: Deployment, revision: str, before: tuple[str, ...]) -> bool:
    return each.id not in before and each.task_definition == revision


def _is_younger(past: PastDeployment, revision: str, than: datetime) -> bool:
    return past.revision == revision and past.created_at is not None and past.created_at > than


def _stood(past: PastDeployment) -> Deployment:
    """A deployment that is over."""
    return Deployment(id=past.deployment_id, status="INACTIVE", task_definition=past.revision)


def newest_of(family: str, *known: str) -> int:
    """The highest revision number of `family` among the ARNs known; 0 if none is of that family."""
    named = (split_revision(each) for each in known)
    return max((number or 0 for name, number in named if name == family), default=0)


def _stood_before(service: Service, ours: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """What was there when ours began, also what began after our first read: all but a primary that superseded ours."""
    listed = tuple(each.id for each in service.deployments if each.status != "PRIMARY" or each.id in before)
    return tuple(each for each in dict.fromkeys(before + listed) if each != ours)
