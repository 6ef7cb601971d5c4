"""Services under each strategy, and what a test asks of a deployment on its way."""

from collections.abc import Callable, Iterator
from typing import Any

from ecsdeploy.sim import World
from ecsdeploy.sim.deployments.quiet import is_quiet
from ecsdeploy.sim.state.service import Course, Deployment
from tests.unit.sim.builders import call, seconds, the_service, world

BALANCER = "load_balancer = { health_interval = 10, deregistration_delay = 30 }"
SMOKE = "arn:aws:lambda:us-east-1:123456789012:function:smoke"
LONG = 3 * 24 * 3600.0


def service(deployment: str, *, desired: int = 2, balanced: bool = True) -> str:
    """TOML of a service with this `deployment` table."""
    return f"desired = {desired}\n{BALANCER if balanced else ''}\ndeployment = {{ {deployment} }}"


def blue_green(more: str = "", **how: Any) -> World:
    return world(service(f'strategy = "BLUE_GREEN", bake_time_in_minutes = 5{", " * bool(more)}{more}'), **how)


def lambda_hook(*stages: str) -> str:
    names = ", ".join(f'"{stage}"' for stage in stages)
    return f'lifecycle_hooks = [{{ hook_target_arn = "{SMOKE}", lifecycle_stages = [{names}] }}]'


def pause(stage: str, *, minutes: int = 5, action: str = "ROLLBACK") -> str:
    timeout = f'{{ timeout_in_minutes = {minutes}, action = "{action}" }}'
    hook = f'target_type = "PAUSE", lifecycle_stages = ["{stage}"], timeout_configuration = {timeout}'
    return f"lifecycle_hooks = [{{ {hook} }}]"


def answers(*returns: str) -> str:
    listed = ", ".join(f'"{answer}"' for answer in returns)
    return f'[hooks."{SMOKE}"]\nreturns = [{listed}]\n'


def record(w: World, age: int = 0) -> dict[str, Any]:
    """The newest service deployment as it is described, or an older one."""
    arn = the_service(w).history[-1 - age].arn
    reply = call(w, "DescribeServiceDeployments", serviceDeploymentArns=[arn])
    found: dict[str, Any] = reply["serviceDeployments"][0]
    return found


def course(w: World, age: int = 0) -> Course:
    found = the_service(w).history[-1 - age].course
    assert found is not None
    return found


def weights(w: World) -> tuple[float, float]:
    """Test and production weight of the new revision."""
    target = record(w)["targetServiceRevision"]
    return target["requestedTestTrafficWeight"], target["requestedProductionTrafficWeight"]


def every_event(w: World, limit: float = LONG) -> Iterator[World]:
    """The world after each of its events, until it is quiet."""
    while not is_quiet(w.region) and seconds(w) < limit:
        w.clock.step()
        yield w


def until(w: World, reached: Callable[[World], bool]) -> None:
    """Let events happen until the world is so, if it is not already."""
    if reached(w):
        return
    for _ in every_event(w):
        if reached(w):
            return
    raise AssertionError("The world became quiet before that.")


def at_stage(name: str) -> Callable[[World], bool]:
    return lambda w: course(w).stage == name


def history(w: World) -> list[tuple[str | None, float, float]]:
    """Each stage with the weights the new revision has in it, as they come."""
    seen: list[tuple[str | None, float, float]] = []
    for _ in every_event(w):
        found = course(w)
        state = (found.stage, found.test, found.production)
        if found.stage is not None and (not seen or seen[-1] != state):
            seen.append(state)
    return seen


def stages(w: World) -> list[str]:
    names = [name for name, _, _ in history(w) if name]
    return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]


def running(deployment: Deployment) -> int:
    return sum(task.last_status == "RUNNING" and task.wanted for task in deployment.tasks)
