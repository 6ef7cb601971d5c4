"""The rules can fail: whatever else is told of a run, or done in it, is found out."""

import json
from dataclasses import replace

import pytest

from tests.foreign.course import Fate, Shape
from tests.foreign.driving import Told
from tests.foreign.endpoint import Call
from tests.foreign.generated import Case
from tests.truth.exit_codes import CODES
from tests.truth.foreign import faults

WELL = Case()
TRIPS = Case(shape=Shape(breaker=True), fate=Fate(bad=100_000))
GOES_BACK = Case(shape=Shape(breaker=True, goes_back=True), fate=Fate(bad=100_000))
HANGS = Case(fate=Fate(hangs=True), timeout=60)
RIGHT = {
    "well": (WELL, {"succeeded", "unchanged", "detached"}),
    "trips": (TRIPS, {"failed", "stopped", "unchanged", "detached"}),
    "goes back": (GOES_BACK, {"rolled_back", "failed", "stopped", "unchanged", "detached"}),
    "hangs": (HANGS, {"timed_out", "failed", "unchanged", "detached"}),
}
"""What may be told of each run. A release is never told as unchanged or detached: that holds of the grammar."""


def told_as(told: Told, status: str) -> Told:
    *before, last = told.record.splitlines()
    said = json.loads(last) | {"status": status, "exit_code": CODES[status]}
    return replace(told, record="\n".join([*before, json.dumps(said)]), code=CODES[status])


@pytest.mark.parametrize("run", RIGHT)
@pytest.mark.parametrize("status", sorted(CODES))
def test_what_is_told_of_a_run_is_held_against_the_truth(run: str, status: str) -> None:
    case, right = RIGHT[run]
    found = faults(case, told_as(case.play(), status))
    assert (found == []) is (status in right), found


@pytest.mark.parametrize(
    "lie",
    [
        {"record": ""},
        {"code": 1},
        {"code": 24},
        {"seconds": 1e6},
        {"stderr": "Unexpected error, a bug in ecs-deploy: `KeyError`."},
        {"stdout": "DB_PASSWORD=cnry-environment"},
    ],
    ids=str,
)
def test_a_result_a_code_a_time_or_a_secret_that_is_wrong(lie: dict[str, object]) -> None:
    assert faults(WELL, replace(WELL.play(), **lie)) != []  # type: ignore[arg-type]


def test_two_results() -> None:
    told = WELL.play()
    assert faults(WELL, replace(told, record=told.record + told.record.splitlines()[-1])) != []


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("RegisterTaskDefinition", {}),
        ("DeregisterTaskDefinition", {"taskDefinition": "amazon-ecs-sample:1"}),
        ("StopServiceDeployment", {"serviceDeploymentArn": "arn:aws:ecs:x:1:service-deployment/a/b/NCWGC2ZR1"}),
        ("UpdateService", {"taskDefinition": "amazon-ecs-sample:1"}),
        ("UpdateService", {"taskDefinition": "amazon-ecs-sample:9"}),
        ("DeleteService", {}),
    ],
)
def test_a_write_too_many(operation: str, request_: dict[str, object]) -> None:
    told = WELL.play()
    world = told.world
    call = Call(operation=operation, request=request_, at=world.course.now, applied=True)
    call.stood = world.course.primary.number
    world.calls.append(call)
    assert faults(WELL, told) != []
