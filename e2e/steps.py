"""The commands of the cases, and what each must say: the lines of the flag form on stdout, the verdict on stderr."""

from dataclasses import dataclass

from e2e import images
from e2e.world import CLUSTER, JOB, SERVICE, SUBNET

REVISION = "arn:aws:ecs:us-east-1:000000000000:task-definition/"
ROLLED_BACK_BY_ECS = "FAILED, rolled back by ECS. Production is on web:1"
ROLLED_BACK_BY_US = "rolled back by ecs-deploy. Production is on web:1"

_WEB = ("-c", CLUSTER, "-n", SERVICE)
_NETWORK = f"awsvpcConfiguration={{subnets=[{SUBNET}]}}"
_ONE_OFF = ("-c", CLUSTER, "-d", JOB, "--run-task", "--wait-for-success", "--network-configuration", _NETWORK)
_ONE_RUNS = (
    "Service updated successfully, new task definition running.",
    "Waiting for service deployment to complete...",
)
_UNHURRIED = ("ERROR: New task definition not running within * seconds", "Checking task status every 10 seconds. *")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command. `said` are its lines on stdout, with `*` for what differs; `told` is found on stderr.

    `maybe` are lines that are there or not, and as often as time has it: a failing task may be met while it runs.
    """

    command: tuple[str, ...]
    program: str = "ecs-deploy"
    code: int = 0
    said: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()


def released(image: str, number: int) -> Step:
    """A good release of the image as revision `number`."""
    said = (*_begun(image, number), *_ONE_RUNS, "Service deployment successful.")
    return Step(command=(*_WEB, "-i", image), said=said)


def failed(version: str, *options: str, told: tuple[str, ...]) -> Step:
    """A release that fails; with `--enable-rollback` we go back, and say so."""
    image = images.name(version)
    back = (f"Rolling back to {REVISION}web:1",) if "--enable-rollback" in options else ()
    said = (*_begun(image, 2), *back)
    return Step(command=(*_WEB, "-i", image, *options), code=1, said=said, told=told, maybe=(*_ONE_RUNS, *_UNHURRIED))


def denied(action: str) -> Step:
    """A release by a user who may not do `action`, which comes after the registration."""
    image = images.name("v2")
    return Step(command=(*_WEB, "-i", image), code=254, said=_begun(image, 2), told=(f"may not call `{action}`",))


def ran(code: int, last: str, told: tuple[str, ...] = ()) -> Step:
    """A one-off task that ends, with `last` as the last line."""
    image = images.name("v2")
    started = (f"Run task: {REVISION}{JOB}:2", "Executed task: arn:aws:ecs:*:task/*")
    said = (*_begun(image, 2, JOB), *started, "Task finished with status: STOPPED", last)
    return Step(command=(*_ONE_OFF, "-i", image), code=code, said=said, told=told, maybe=_UNHURRIED)


def updated(number: int) -> Step:
    """The control: what a release of revision `number` is to the AWS CLI, which does not wait."""
    asked = ("ecs", "update-service", "--cluster", CLUSTER, "--service", SERVICE, "--task-definition", f"web:{number}")
    return Step(program="aws", command=(*asked, "--query", "service.serviceName"), said=('"web"',))


def _begun(image: str, number: int, family: str = "web") -> tuple[str, ...]:
    return (
        f"Using image name: {image}",
        f"Current task definition: {REVISION}{family}:{number - 1}",
        f"New task definition: {REVISION}{family}:{number}",
    )
