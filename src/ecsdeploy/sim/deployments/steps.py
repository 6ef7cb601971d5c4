"""The steps of a BLUE_GREEN, LINEAR or CANARY deployment, and those of its rollback.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ecsdeploy.sim.ground.strategies import ALL, shifts
from ecsdeploy.sim.state.courses import Step
from ecsdeploy.sim.state.service import Course

Json = dict[str, Any]
_MINUTE = 60.0


def forward(configuration: Json, *, reconcile: bool) -> tuple[Step, ...]:
    """Every step of a deployment, in order. `reconcile` says that several revisions are ACTIVE."""
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


def backward(course: Course) -> tuple[Step, ...]:
    """The steps of a rollback: traffic that has moved goes back, then the new revision is cleaned up.

    If the old revision was being cleaned up, it is scaled up again before it gets traffic.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
    """
    back: list[Step] = [Step(stage="SCALE_UP")] if course.cleaning else []
    if course.production > 0:
        back.append(Step(stage="PRODUCTION_TRAFFIC_SHIFT"))
    if course.test > 0:
        back.append(Step(stage="TEST_TRAFFIC_SHIFT"))
    return (*back, Step(stage="CLEAN_UP"))


def turn_back(course: Course) -> None:
    """Begin the rollback of a course."""
    course.steps, course.at = backward(course), 0
    course.entered, course.working, course.reversing = False, False, True
