"""Asks ECS to stop a deployment and roll it back; after a lost reply, we look whether ECS has begun to."""

from __future__ import annotations

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.patience import Patience, backoff
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, ReplyLost
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import ServiceDeployment
from ecsdeploy.model.values import value

LOOKS = 4
"""How often we look for the effect of a lost stop, within fifteen seconds: reads lag behind writes by seconds."""
LOOK_SECONDS = 5.0
"""How long one read of such a look is repeated."""


@value(frozen=True, slots=True, kw_only=True)
class Stopping:
    """The stop of the service deployment `arn`, which belongs to the deployment `deployment_id` of a service.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
    """

    run: Run
    ref: ServiceRef
    deployment_id: str
    arn: str

    def ask(self, patience: Patience) -> None:
        """Return once ECS has accepted the stop. `AwsError` if ECS refused it, or if we see no effect of it.

        A second stop changes nothing, so we repeat it after a lost reply. If no repetition is answered, we look for the
        effect: if the stop has arrived, the caller must not roll back a second time with an update.
        """
        lost = False

        def send() -> None:
            nonlocal lost
            try:
                self.run.plane.stop_deployment(self.arn)
            except ReplyLost:
                lost = True
                raise

        try:
            patience.read(send)
        except AwsError:
            if not (lost and self._was_heard()):
                raise

    def _was_heard(self) -> bool:
        """Whether the service deployment or the service shows a rollback; both lag behind by seconds."""
        clock = self.run.clock
        for attempt in range(LOOKS):
            clock.sleep(backoff(attempt, clock))
            deployed = self._deployed()
            if (deployed is not None and deployed.is_taken_back) or self._is_listed_back():
                return True
            if deployed is not None and deployed.has_ended:
                return False
        return False

    def _deployed(self) -> ServiceDeployment | None:
        """The service deployment; None if it cannot be read."""
        return self._reads().ask("record", lambda: self.run.plane.service_deployment(self.ref, self.deployment_id))

    def _is_listed_back(self) -> bool:
        """Whether the service lists our deployment as one that ECS rolls back."""
        service = self._reads().ask("service", lambda: self.run.plane.service(self.ref))
        failed = service.taken_back if service else None
        return failed is not None and failed.id == self.deployment_id

    def _reads(self) -> OptionalReads:
        return OptionalReads(clock=self.run.clock, again=LOOK_SECONDS, notice=self.run.notice)
