"""An ECS that hears a stop whose reply is lost, and shows what came of it late."""

from dataclasses import dataclass

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import ServiceDeployment
from tests.unit.engine.world import ScriptedPlane
from tests.unit.rollout.builders import deployed, old, service_with


@dataclass(slots=True)
class Hearing(ScriptedPlane):
    """What came of the stop is to be seen only in the third read of the record after it."""

    unseen: int = 2

    def service_deployment(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        if self.made("stop_deployment"):
            self.unseen -= 1
        if self.unseen < 0:
            self.deployed = deployed("ROLLBACK_SUCCESSFUL")
            self.now = service_with(old(status="PRIMARY"))
        return ScriptedPlane.service_deployment(self, ref, deployment_id)
