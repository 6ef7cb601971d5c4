"""A simulated account, and our control plane on it."""

from dataclasses import dataclass, replace

from ecsdeploy.aws.control_plane import AwsControlPlane
from ecsdeploy.aws.session import open_session
from ecsdeploy.model.access import Access
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import Deployment, Task
from ecsdeploy.model.steps import PointService
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.sim import World, load_scenario, parse_scenario

WEB = ServiceRef(cluster="prod", name="web")
NEW_IMAGE = "registry.example.com/team/web:2"
HEAD = 'schema = 1\nname = "contract"\nsummary = "for a contract test"\nseed = 1\n'
SERVICE = '[[services]]\ncluster = "prod"\nname = "web"\ndesired = 2\nimage = "registry.example.com/team/web:1"\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The world and the plane that calls it."""

    world: World
    plane: AwsControlPlane

    def release(self, *, force: bool = False) -> Deployment:
        """Register the definition in use with the new image and point the service at it."""
        plane = self.plane
        current = plane.definition(plane.service(WEB).task_definition)
        registered = plane.register(with_image(current, NEW_IMAGE))
        primary = plane.update_service(PointService(service=WEB, force=force), registered.arn).primary
        assert primary is not None
        return primary

    def tasks_of(self, deployment: Deployment, *, stopped: bool = False) -> tuple[Task, ...]:
        return self.plane.tasks_started_by(WEB, deployment.id, stopped=stopped)

    def operations(self) -> list[str]:
        return [call.operation for call in self.world.calls]


def account(scenario: str) -> Account:
    """The account of a scenario that comes with the simulator."""
    return _on(World(load_scenario(scenario)))


def account_where(*tables: str) -> Account:
    """An account with the service `web` in the cluster `prod`, and what the tables add."""
    return _on(World(parse_scenario("\n".join((HEAD, SERVICE, *tables)))))


def fault(operation: str, error: str, *, times: int = 1) -> str:
    return f'[[api]]\noperation = "{operation}"\nerror = "{error}"\ntimes = {times}\n'


def with_image(definition: TaskDefinition, image: str) -> TaskDefinition:
    first, *others = (dict(container.payload) for container in definition.containers)
    containers = [{**first, "image": image}, *others]
    return replace(definition, payload={**definition.payload, "containerDefinitions": containers})


def _on(world: World) -> Account:
    return Account(world=world, plane=AwsControlPlane(open_session(Access(), transport=world.transport)))
