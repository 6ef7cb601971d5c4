"""The course of a BLUE_GREEN, LINEAR or CANARY deployment: its steps in order, and how far it has come.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ecsdeploy.sim.ground.clock import Timer

if TYPE_CHECKING:
    from ecsdeploy.sim.state.service import Deployment

Json = dict[str, Any]
Stage = Literal[
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
    "BAKE_TIME",
    "CLEAN_UP",
]
ALL = 100.0
_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage, or one step of a shift: `weight` is the new revision's per cent then, `rest` the seconds to bake."""

    stage: Stage
    weight: float = 0.0
    rest: float = 0.0


@dataclass(slots=True)
class HookRun:
    """One execution of a lifecycle hook, as `lifecycleHookDetails` shows it."""

    id: str
    hook: Json
    stage: Stage
    status: str
    expires_at: float | None = None
    reason: str = ""

    @property
    def kind(self) -> str:
        return str(self.hook.get("targetType") or "AWS_LAMBDA")

    @property
    def target(self) -> str:
        return str(self.hook.get("hookTargetArn") or "")

    @property
    def open(self) -> bool:
        return self.status in ("IN_PROGRESS", "AWAITING_ACTION")

    @property
    def timeout_action(self) -> str:
        return str((self.hook.get("timeoutConfiguration") or {}).get("action") or "ROLLBACK")


@dataclass(slots=True)
class Course:
    """Where a deployment that shifts traffic stands; `test` and `production` are the new revision's weights.

    `managed` says whether there is traffic that ECS shifts: a service without a load balancer has none. `working` is
    a step whose hooks are done and whose work is not; `entered` is false until the first step has begun, either way.
    """

    green: Deployment
    blue: Deployment | None
    steps: tuple[Step, ...]
    managed: bool
    at: int = 0
    entered: bool = False
    working: bool = False
    reversing: bool = False
    test: float = 0.0
    production: float = 0.0
    stage: Stage | None = None
    runs: list[HookRun] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    limit: Timer | None = None

    @property
    def step(self) -> Step:
        return self.steps[self.at]

    @property
    def scaled_up(self) -> bool:
        """Whether the new revision's tasks are to run by now."""
        return any(step.stage == "SCALE_UP" for step in self.steps[: self.at + 1])

    @property
    def cleaning(self) -> bool:
        return self.step.stage == "CLEAN_UP"

    def halt(self) -> None:
        """Nothing that was arranged happens any more; hooks that are still open are nobody's business now."""
        for timer in self.timers:
            timer.cancel()
        self.timers = []
        if self.limit is not None:
            self.limit.cancel()
        self.runs = [run for run in self.runs if not run.open]

    def turn_back(self) -> None:
        """From here on, everything is undone."""
        self.steps, self.at = backward(self), 0
        self.entered, self.working, self.reversing = False, False, True


def forward(configuration: Json, *, reconcile: bool) -> tuple[Step, ...]:
    """Every step of a deployment, in order."""
    return tuple(_forward(configuration, reconcile))


def _forward(configuration: Json, reconcile: bool) -> Iterator[Step]:
    if reconcile:
        yield Step(stage="RECONCILE_SERVICE")
    yield Step(stage="PRE_SCALE_UP")
    yield Step(stage="SCALE_UP")
    yield Step(stage="POST_SCALE_UP")
    yield Step(stage="TEST_TRAFFIC_SHIFT", weight=ALL)
    yield Step(stage="POST_TEST_TRAFFIC_SHIFT")
    for weight, rest in shifts(configuration):
        yield Step(stage="PRE_PRODUCTION_TRAFFIC_SHIFT", weight=weight)
        yield Step(stage="PRODUCTION_TRAFFIC_SHIFT", weight=weight, rest=rest)
    yield Step(stage="POST_PRODUCTION_TRAFFIC_SHIFT")
    yield Step(stage="BAKE_TIME", rest=_MINUTE * float(configuration.get("bakeTimeInMinutes") or 0))
    yield Step(stage="CLEAN_UP")


def shifts(configuration: Json) -> tuple[tuple[float, float], ...]:
    """The weights that production traffic takes, each with the seconds to bake; none once all of it has shifted.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html and
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
    """
    match configuration["strategy"]:
        case "LINEAR":
            linear = configuration["linearConfiguration"]
            rest = _MINUTE * linear["stepBakeTimeInMinutes"]
            return tuple((weight, rest if weight < ALL else 0.0) for weight in _linear(float(linear["stepPercent"])))
        case "CANARY":
            canary = configuration["canaryConfiguration"]
            first, rest = float(canary["canaryPercent"]), _MINUTE * canary["canaryBakeTimeInMinutes"]
            return ((first, rest), (ALL, 0.0)) if first < ALL else ((ALL, 0.0),)
        case _:
            return ((ALL, 0.0),)


def _linear(percent: float) -> Iterator[float]:
    """Multiples of the step, rounded to tenths as AWS takes them, and all of it in the end."""
    count = 1
    while round(percent * count, 1) < ALL:
        yield round(percent * count, 1)
        count += 1
    yield ALL


def backward(course: Course) -> tuple[Step, ...]:
    """The steps of a rollback: the stages whose traffic has moved, in reverse, then the new revision goes.

    A former revision that was being cleaned up is scaled up again before it gets traffic.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
    """
    back: list[Step] = [Step(stage="SCALE_UP")] if course.cleaning else []
    if course.production > 0:
        back.append(Step(stage="PRODUCTION_TRAFFIC_SHIFT"))
    if course.test > 0:
        back.append(Step(stage="TEST_TRAFFIC_SHIFT"))
    return (*back, Step(stage="CLEAN_UP"))
