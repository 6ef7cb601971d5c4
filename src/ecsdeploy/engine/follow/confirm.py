"""Asks AWS whether what a stopped task missed really does not exist: an image, secret, parameter, role or log group.

A read that fails confirms nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecsdeploy.diagnose.doom import Suspect
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.errors import CredentialsError
from ecsdeploy.model.service import Service
from ecsdeploy.model.surroundings import Resource, ResourceType
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value
from ecsdeploy.plan.checks.naming import ecr_images, resources_of

_IMAGES = frozenset({"E-IMAGE-NOT-FOUND", "E-DIGEST-NOT-FOUND", "E-PULL-DENIED"})
_NEEDS: Mapping[str, ResourceType] = {
    "E-SECRET-NOT-FOUND": ResourceType.SECRET,
    "E-PARAMETER-NOT-FOUND": ResourceType.PARAMETER,
    "E-LOG-GROUP-NOT-FOUND": ResourceType.LOG_GROUP,
    "E-REGISTRY-AUTH": ResourceType.ROLE,
    "E-SECRET": ResourceType.ROLE,
    "E-LOG-DENIED": ResourceType.ROLE,
}
"""What does not exist if a cause holds. A deleted role looks like a role without permissions."""


@value(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Asks for what `definition` names, as a task of `service` needs it."""

    plane: ControlPlane
    clock: Clock
    definition: TaskDefinition
    service: Service

    def confirmed(self, suspects: frozenset[Suspect]) -> frozenset[Suspect]:
        """The suspects of which AWS says that the thing they miss does not exist."""
        return frozenset(each for each in suspects if self._is_confirmed(*each))

    def _is_confirmed(self, code: str, container: str) -> bool:
        if code in _IMAGES:
            return self._is_image_missing(container)
        resources = resources_of(self.definition, self.service.arn)
        return any(self._is_missing(each) for each in resources if each.type is _NEEDS.get(code))

    def _is_image_missing(self, container: str) -> bool:
        """Whether ECR lacks the container's image. False for an image elsewhere, as we ask no other registry."""
        image = next(iter(ecr_images((self.definition.images.get(container, ""),))), None)
        if image is None:
            return False
        around, where, identifier = self.plane.surroundings, image.repository, image.identifier
        return self._denies(lambda: around.images(where, (identifier,)).get(identifier, image) is not None)

    def _is_missing(self, resource: Resource) -> bool:
        around = self.plane.surroundings
        match resource.type:
            case ResourceType.ROLE:
                return self._denies(lambda: around.role_exists(resource.name))
            case ResourceType.SECRET:
                return self._denies(lambda: around.secret_exists(resource.name, region=resource.region))
            case ResourceType.PARAMETER:
                return self._denies(
                    lambda: resource.name in around.parameters_that_exist((resource.name,), region=resource.region)
                )
            case ResourceType.LOG_GROUP:
                return self._denies(lambda: around.log_group_exists(resource.name, region=resource.region))

    def _denies(self, is_there: Callable[[], bool]) -> bool:
        """Whether AWS answers no. Raises `CredentialsError`, as no other read would work either."""
        return OptionalReads(clock=self.clock, raises=(CredentialsError,)).ask("it", is_there) is False
