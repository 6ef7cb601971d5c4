"""What is released, and what must come of it: every case as a value. A new case is one more entry in `CASES`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from e2e import images
from e2e.emulator import Rule
from e2e.steps import ROLLED_BACK_BY_ECS, ROLLED_BACK_BY_US, Step, denied, failed, ran, released, updated
from e2e.world import World

UPDATES = "control: three updates by the AWS CLI"
CRASH_LOOPS = "control: three crash loops by the AWS CLI"
BREAKER = "control: the circuit breaker by the AWS CLI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Steps in a world of their own, under load. `answering` are the versions that answer, the last one at the end.

    No request may fail, but for the kinds that fail in the `control` too: there the AWS CLI does the same.
    """

    name: str
    steps: tuple[Step, ...]
    answering: tuple[str, ...]
    world: World = field(default_factory=World)
    images: Mapping[str, str] = field(default_factory=dict)
    """The image of each container of the service's definition at the end, where that matters."""
    control: str = UPDATES
    faults: tuple[Rule, ...] = ()
    denied: tuple[str, ...] | None = None
    """Where not None: run as a user with the policies of `docs/reference/iam.md`, but for these actions."""

    @property
    def is_control(self) -> bool:
        return self.name == self.control


_LATER = images.RELEASES[1:]
_V2 = images.name("v2")

CONTROLS = (
    Case(
        name=UPDATES,
        world=World(registered=_LATER[:3]),
        steps=tuple(updated(number) for number in range(2, 5)),
        answering=images.RELEASES[:4],
    ),
    Case(
        name=CRASH_LOOPS,
        world=World(breaker_rollback=True, registered=(images.BROKEN,)),
        steps=(updated(2),) * 3,
        answering=("v1",),
        control=CRASH_LOOPS,
    ),
    Case(
        name=BREAKER,
        world=World(breaker=True, registered=(images.BROKEN,)),
        steps=(updated(2),),
        answering=("v1",),
        control=BREAKER,
    ),
)

GOOD = Case(name="good release", steps=(released(_V2, 2),), answering=("v1", "v2"))
CRASH_LOOP = Case(
    name="crash loop",
    world=World(breaker_rollback=True),
    steps=(failed(images.BROKEN, told=(ROLLED_BACK_BY_ECS, "3 consecutive task failures")),),
    answering=("v1",),
    control=CRASH_LOOPS,
)
TASK_FAILED = Case(
    name="one-off task that exits 3",
    world=World(job=("sh", "-c", "echo no database; exit 3")),
    steps=(ran(1, "Task execution failed with exit code: 3", ("exits 3", "no database")),),
    answering=("v1",),
)

CASES = (
    GOOD,
    Case(
        name="ten releases in a row",
        steps=tuple(released(images.name(version), number) for number, version in enumerate(_LATER, start=2)),
        answering=images.RELEASES,
    ),
    CRASH_LOOP,
    Case(
        name="missing image",
        world=World(breaker_rollback=True),
        steps=(failed("v99", told=(ROLLED_BACK_BY_ECS, "unsuccessful image digest resolution")),),
        answering=("v1",),
    ),
    Case(
        name="rollback",
        # At 200 % the emulator finds no room for the rollback's tasks while failing ones start, and never looks again.
        world=World(maximum_percent=400),
        steps=(failed("v99", "--enable-rollback", "-t", "10", told=(ROLLED_BACK_BY_US,)),),
        answering=("v1",),
    ),
    Case(
        name="rollback after the circuit breaker",
        world=World(breaker=True),
        steps=(failed(images.BROKEN, "--enable-rollback", told=(f"FAILED, {ROLLED_BACK_BY_US}",)),),
        answering=("v1",),
        control=BREAKER,
    ),
    Case(
        name="one-off task",
        world=World(job=("sh", "-c", "echo migrated by $VERSION")),
        steps=(ran(0, "Task arn:aws:ecs:*:task/* executed successfully!"),),
        answering=("v1",),
    ),
    TASK_FAILED,
    Case(
        name="digest",
        steps=(released(images.PINNED, 2),),
        answering=("v1", "v2"),
        images={"web": images.PINNED},
    ),
    Case(
        name="two containers",
        world=World(sidecar=True),
        steps=(released(_V2, 2),),
        answering=("v1", "v2"),
        images={"web": _V2, "sidecar": images.name("v1", images.SIDECAR)},
    ),
    Case(name="IAM: the published policies", steps=(released(_V2, 2),), answering=("v1", "v2"), denied=()),
    Case(
        name="IAM: denied to update the service",
        steps=(denied("ecs:UpdateService"),),
        answering=("v1",),
        denied=("ecs:UpdateService",),
    ),
)
