"""A watch that is bound to a revision, where the endpoint says what no simulator of ours would."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import settings

from tests.foreign.course import Fate, Shape
from tests.foreign.driving import WEB, Told, run
from tests.foreign.generated import Case, case
from tests.truth.foreign import every, untrue

PARTS = range(4)
SEEDS = {"ci": 200}
FEW = 40
GOES_BACK = Shape(desired=2, breaker=True, goes_back=True)
WELL, CRASHES = Fate(), Fate(bad=100_000, life=4)


def watched(of: Case, *words: str, later: float = 0) -> Told | None:
    """Begin a release, leave it alone for so long, and watch its revision; None where none was begun."""
    world = of.play().world
    ours = [each for each in world.course.history if each.by == "us"]
    if not ours:
        return None
    world.course.pass_by(later)
    world.calls = []
    revision = of.names.definition_arn(ours[0].revision).rpartition("/")[2]
    return run(world, "watch", *WEB, "--revision", revision, "-t", "120", *words, "--output", "json")


def faults(of: Case, told: Told) -> Iterator[str]:
    """What is not as it must be: nothing is written, and no end is told that has not come."""
    yield from every(of, told)
    yield from (f"{each.operation} was called" for each in told.world.applied())
    if told.status not in ("refused", "unknown", "timed_out"):
        yield from untrue(of, told)
    if told.status in ("refused", "unknown") and not of.bends and of.records:
        yield f"`{told.status}`, though all was answered"


def begun(seed: int) -> Case:
    return replace(case(seed), goes_back=False, flags=("--detach",))


@pytest.mark.properties
@pytest.mark.parametrize("later", [0, 7200])
@pytest.mark.parametrize("part", PARTS)
def test_no_end_is_told_that_has_not_come(part: int, later: float) -> None:
    seeds = SEEDS.get(str(settings.get_current_profile_name()), FEW) // len(PARTS)
    for seed in range(part * seeds, (part + 1) * seeds):
        of = begun(seed)
        told = watched(of, "--wait-for-start", "20s", later=later)
        assert told is None or [*faults(of, told)] == [], f"seed {seed}: {told.status}"


@pytest.mark.parametrize("later", [0, 600])
@pytest.mark.parametrize("records", [True, False])
@pytest.mark.parametrize(("fate", "end"), [(WELL, "succeeded"), (CRASHES, "rolled_back")], ids=["well", "crashes"])
def test_what_has_ended_is_told_where_the_endpoint_tells_it(
    fate: Fate, end: str, *, records: bool, later: float
) -> None:
    of = Case(shape=GOES_BACK, fate=fate, records=records, flags=("--detach",))
    told = watched(of, later=later)
    assert told is not None
    gone = later and not records and end == "rolled_back"
    assert told.status == ("unknown" if gone else end), told.stderr
    assert [*faults(of, told)] == []
