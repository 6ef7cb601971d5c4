"""The commands that only look, where no simulator of ours answers."""

import io
import json
from pathlib import Path

import pytest

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from tests.foreign.course import Fate, Shape
from tests.foreign.driving import KEYS, WEB, run
from tests.foreign.generated import Case
from tests.foreign.shapes import IMAGE

GOES_BACK = Shape(desired=2, breaker=True, goes_back=True)


@pytest.mark.parametrize("records", [True, False])
@pytest.mark.parametrize(
    ("fate", "status"), [(Fate(), "SUCCESSFUL"), (Fate(bad=100_000, life=4), "ROLLBACK_SUCCESSFUL")]
)
def test_history_is_what_the_endpoint_keeps_and_nothing_is_written(fate: Fate, status: str, *, records: bool) -> None:
    of = Case(shape=GOES_BACK, fate=fate, records=records)
    world = of.play().world
    world.calls = []
    found = json.loads(run(world, "history", *WEB, "--output", "json").stdout)
    assert [each.operation for each in world.applied()] == []
    revisions = [each["revision"].rpartition(":")[2] for each in found["releases"]]
    if records:
        kept = list(reversed(world.course.history))
        assert found["source"] == "service_deployments"
        assert revisions == [str(each.revision) for each in kept]
        assert found["releases"][0]["status"] == status == kept[0].record
    else:
        assert found["source"] == "revisions"
        assert revisions == ["2", "1"]


@pytest.mark.parametrize(
    ("fate", "code", "cause"), [(Fate(), 0, []), (Fate(bad=100_000, life=4), 20, ["E-CONTAINER-EXIT"])]
)
def test_doctor_finds_what_the_release_has_failed_by_and_nothing_is_written(
    fate: Fate, code: int, cause: list[str]
) -> None:
    world = Case(shape=GOES_BACK, fate=fate).play().world
    world.calls = []
    told = run(world, "doctor", *WEB, "--output", "json")
    found = json.loads(told.stdout)
    assert [each.operation for each in world.applied()] == []
    assert (told.code, [each["code"] for each in found["causes"]]) == (code, cause)


def test_a_release_is_rehearsed_on_what_the_endpoint_has_and_nothing_is_written() -> None:
    world = Case(shape=GOES_BACK).play().world
    world.calls = []
    around = Environment(
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        variables=KEYS,
        cwd=Path(),
        transport=world.transport,
        clock=world,
    )
    # `run` would answer every session from here, those of the simulated world too.
    code = main(("rehearse", *WEB, "--image", IMAGE, "--fault", "crash-loop", "--output", "json"), around)
    assert isinstance(around.stdout, io.StringIO)
    found = json.loads(around.stdout.getvalue())
    assert [each.operation for each in world.applied()] == []
    good, failed = found["plays"]
    assert (code, good["status"], good["lowest"], good["highest"]) == (0, "succeeded", 2, 4)
    assert (failed["status"], failed["serves"]) == ("rolled_back", "old")
    assert (found["region"], found["premises"][0]["seconds"]) == ("us-west-2", 20)
