"""UpdateExpressGatewayService exactly once: its reply names no deployment, so we look for the one that it started."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ecsdeploy.engine.patience import Patience, backoff
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.engine.write.execute import Writer, stood_before
from ecsdeploy.engine.write.lost_reply import OvertakenError, Stood
from ecsdeploy.errors import NoSuchResource
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import UpdateExpress
from ecsdeploy.model.values import value
from ecsdeploy.plan.express import is_carried

LOOKS = 8
"""How often we look for the deployment: Express mode may change other resources before it starts one."""

Effect = tuple[Service, str, str]
"""The service as we read it, and the id and the revision of the deployment that our write has started."""


@value(slots=True, kw_only=True)
class ExpressWrite:
    """One update through Express mode. `before` is what the service had before it."""

    plane: ControlPlane
    patience: Patience
    step: UpdateExpress
    revision: str
    """The ARN of the revision to deploy; empty until ECS has told which one it made."""
    before: Stood

    def made(self, writer: Writer) -> tuple[Service, Handle]:
        """Make the update, and return the service and the handle of our deployment.

        `OvertakenError` if only somebody else has deployed; `ReplyLost` if we do not know whether it was applied.
        """
        service, ours, revision = writer.settle(self._send, self._find)
        previous = stood_before(service, ours, self.before.ids)
        return service, Handle(deployment_id=ours, revision=revision, previous=previous)

    def _send(self) -> None:
        """Returns None, as the reply shows no deployment; but it may name the revision."""
        self.revision = self.plane.update_express(self.step, self.revision) or self.revision

    def _find(self) -> Effect | None:
        """The effect; None if the service has no new deployment. Errors: as of `made`, and those of the reads."""
        for attempt in range(LOOKS):
            self.patience.clock.sleep(backoff(attempt, self.patience.clock))
            service = self._seen()
            if service is None:
                continue
            fresh = [each for each in service.deployments if each.id not in self.before.ids]
            ours = next((each for each in fresh if self._is_ours(each.task_definition)), None)
            if ours is not None:
                return service, ours.id, ours.task_definition
            if fresh:
                return self._recorded(service, fresh)
        return None

    def _recorded(self, service: Service, others: Sequence[Deployment]) -> Effect:
        """The effect by the history: somebody else's deployment may have superseded ours already."""
        known = {each.id for each in others}
        records = self.patience.read(lambda: self.plane.history(self.step.service))
        newer = [each for each in records if each.deployment_id not in self.before.ids]
        for each in newer:
            if each.deployment_id not in known and each.revision and self._is_ours(each.revision):
                return service, each.deployment_id, each.revision
        other = others[0]
        raise OvertakenError(other.id, other.task_definition)

    def _is_ours(self, revision: str) -> bool:
        """Whether a revision is the one that we asked for: by its ARN or, if that is not known, by its content."""
        if self.revision or self.step.definition is None:
            return revision_name(revision) == revision_name(self.revision)
        return is_carried(self.patience.read(partial(self.plane.definition, revision)), self.step.definition)

    def _seen(self) -> Service | None:
        """The service; None if this read did not find it, as reads lag behind writes."""
        try:
            return self.patience.read(lambda: self.plane.service(self.step.service))
        except NoSuchResource:
            return None
