"""Generated worlds: a service, the images it is given, what fails at the API, and what others do meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, floor

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from ecsdeploy.sim import World, parse_scenario
from ecsdeploy.sim.state.health import is_healthy
from ecsdeploy.sim.state.service import Service, Task
from tests.unit.sim.builders import REPOSITORY, Refused, deploy, the_service

# Later than that a task has counted as healthy, which clears the circuit breaker: it may crash for ever.
_BEFORE_IT_COUNTS, _BEFORE_A_TARGET_IS = 39, 25
EXAMPLES = {"ci": 10_000}
FEW = 300
# So many tests share the examples, so that two cores can; each has a seed of its own.
PARTS = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A scenario as it would stand in a file, which is what a failing test prints.

    `endless` says that its tasks crash for ever and nothing watches: such a deployment may go on as long.
    """

    text: str
    desired: int
    minimum: int
    maximum: int
    rolling: bool
    endless: bool

    def __repr__(self) -> str:
        return f"\n{self.text}"

    @property
    def lower(self) -> int:
        return ceil(self.desired * self.minimum / 100)

    @property
    def upper(self) -> int:
        return floor(self.desired * self.maximum / 100)

    @property
    def leaves_no_room(self) -> bool:
        return self.desired > 0 and self.upper <= self.desired and self.lower >= self.desired

    def begin(self) -> World:
        """The world with a deployment under way, if the API let it be."""
        w = World(parse_scenario(self.text))
        try:
            deploy(w)
        except (Refused, ConnectionResetError):
            w.clock.sleep(1)
        return w


def examples(share: float) -> int:
    """How many examples one of the parts has, of a test that takes this share of all."""
    total = EXAMPLES.get(str(settings.get_current_profile_name()), FEW)
    return max(1, round(total * share / len(PARTS)))


def check(part: int, share: float, cases: st.SearchStrategy[Case], rule: Callable[[Case], None]) -> None:
    """Hold `rule` against this part of the examples."""

    @seed(part)
    @settings(max_examples=examples(share), deadline=None, derandomize=False, database=None)
    @given(case=cases)
    def hold(case: Case) -> None:
        rule(case)

    hold()


@st.composite
def services(draw: st.DrawFn, *, rolling: bool | None = None) -> Case:
    """One service and the image `:2` that is deployed to it; nobody interferes."""
    desired, minimum = draw(st.integers(0, 5)), draw(st.integers(0, 100))
    maximum = draw(st.one_of(st.sampled_from([100, 150, 200]), st.integers(100, 250)))
    strategy = "ROLLING" if rolling else draw(st.sampled_from(["ROLLING", "ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"]))
    breaker = draw(st.sampled_from(["off", "stop", "rollback"]))
    deployment = {
        "minimum_healthy_percent": str(minimum),
        "maximum_percent": str(maximum),
        "circuit_breaker": f'"{breaker}"',
        "strategy": f'"{strategy}"',
    }
    if strategy != "ROLLING":
        deployment["bake_time_in_minutes"] = "1"
    balanced = draw(st.booleans())
    lines = [
        '[[services]]\ncluster = "prod"\nname = "web"',
        f"desired = {desired}",
        f'launch_type = "{draw(st.sampled_from(["FARGATE", "EC2"]))}"',
        f'image = "{REPOSITORY}:1"',
        f"deployment = {{ {', '.join(f'{name} = {value}' for name, value in deployment.items())} }}",
    ]
    if balanced:
        delay, grace = draw(st.integers(0, 40)), draw(st.sampled_from([0, 0, 60]))
        lines.append(
            f"load_balancer = {{ health_interval = 10, deregistration_delay = {delay}, grace_period = {grace} }}"
        )
    image = draw(_image("2", balanced=balanced))
    lines.append(image)
    return Case(
        text="\n".join(lines) + "\n",
        desired=desired,
        minimum=minimum,
        maximum=maximum,
        rolling=strategy == "ROLLING",
        endless=breaker == "off" and "after" in image and "fails = 0" in image,
    )


@st.composite
def _image(draw: st.DrawFn, tag: str, *, balanced: bool) -> str:
    runs = ["healthy", "healthy", "exit", "oom", "never-starts", "exec-format"] + ["target-unhealthy"] * balanced
    run = draw(st.sampled_from(runs))
    lines = [
        f'[images."{REPOSITORY}:{tag}"]',
        f'pull = "{draw(st.sampled_from(["ok", "ok", "ok", "not-found", "init-error"]))}"',
        f'run = "{run}"',
        f"fails = {draw(st.integers(0, 4))}",
        f"pull_seconds = {draw(st.integers(0, 30))}",
    ]
    if run in ("exit", "oom"):
        lines.append(f"after = {draw(st.integers(0, _BEFORE_A_TARGET_IS if balanced else _BEFORE_IT_COUNTS))}")
    return "\n".join(lines)


ACTS = (
    'do = "scale"\ndesired = {}',
    'do = "deploy"\nimage = "registry.example.com/team/web:3"',
    'do = "stop-deployment"',
    'do = "force-new-deployment"',
    'do = "capacity"\ntasks = {}',
    'do = "protect"\ntasks = {}',
    'do = "spot"\ntasks = {}',
    'do = "drain"\ntasks = {}',
)
FAULTS = (
    'operation = "UpdateService"\nerror = "reset-after"',
    'operation = "UpdateService"\nerror = "ThrottlingException"',
    'operation = "RegisterTaskDefinition"\nerror = "delay"\ndelay = 7',
)


@st.composite
def troubled(draw: st.DrawFn) -> Case:
    """The same with others at work, an API that fails, an account with limits."""
    case = draw(services())
    acts = draw(st.lists(st.tuples(st.integers(0, 300), st.sampled_from(ACTS), st.integers(0, 7)), max_size=3))
    more = [f"[[at]]\ntime = {time}\n{act.format(number)}\n" for time, act, number in acts]
    more += [f"[[api]]\n{fault}\n" for fault in draw(st.lists(st.sampled_from(FAULTS), max_size=1))]
    throttle = draw(st.sampled_from(["true", "false"]))
    more.append(f"[limits]\nthrottle = {throttle}\ncapacity_tasks = {draw(st.sampled_from([0, 0, 0, 6]))}\n")
    return replace(case, text=case.text + "".join(more))


def serving(w: World) -> set[str]:
    """The tasks that count as healthy."""
    now = w.clock.time()
    return {task.id for task in the_service(w).tasks if is_healthy(task, now)}


def dismissed(service: Service) -> list[Task]:
    """Tasks that the scheduler itself has told to stop, though nothing was wrong with them."""
    return [t for t in service.tasks if t.stop_code == "ServiceSchedulerInitiated" and not t.condemned]
