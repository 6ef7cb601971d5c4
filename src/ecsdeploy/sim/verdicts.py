"""A finished run compared with its scenario's `[expect]`, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ecsdeploy.sim.scenario.values import Expect
from ecsdeploy.sim.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The result of a run of the client: exit code, result object if there is one, and what it printed."""

    exit_code: int
    result: Mapping[str, Any] | None
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One expectation: its name, what was expected, what came, and whether they are the same."""

    name: str
    expected: object
    got: object
    held: bool


def check(world: World, ran: Ran) -> tuple[Line, ...]:
    """Every line of `[expect]`, in the order of the scenario format. Settle the world before."""
    expect = world.scenario.expect
    facts = _facts(world, ran)
    claims = {name: getattr(expect, name) for name in facts}
    compared = [_same(name, claim, facts[name]) for name, claim in claims.items() if claim is not None]
    return (*compared, *_texts(expect, ran))


def _facts(world: World, ran: Ran) -> Mapping[str, object]:
    """What came of the run. The service is the scenario's first one, the image is that of its first container.

    What is told of several services is told of those that are expected, all in the first one's cluster.
    """
    spec = world.scenario.services[0]
    service = world.region.clusters[spec.cluster].services[spec.name]
    result = ran.result or {}
    expect, clusters = world.scenario.expect, world.region.clusters
    known = {each["name"]: each["status"] for each in result.get("services", ())}
    return {
        "exit_code": ran.exit_code,
        "status": result.get("status"),
        "cause": (result.get("cause") or {}).get("code"),
        "final_image": service.definition.containers[0]["image"],
        "statuses": {name: known.get(name) for name in expect.statuses or ()},
        "final_images": {
            name: clusters[spec.cluster].services[name].definition.containers[0]["image"]
            for name in expect.final_images or ()
        },
        "revisions_registered": world.tally.registered,
        "deployments_started": world.tally.started,
        "min_healthy": service.lowest_healthy,
    }


def _same(name: str, expected: object, got: object) -> Line:
    return Line(name=name, expected=expected, got=got, held=expected == got)


def _texts(expect: Expect, ran: Ran) -> Iterator[Line]:
    for stream, text in (("stdout", ran.stdout), ("stderr", ran.stderr)):
        for wanted in getattr(expect, f"{stream}_has"):
            yield _text(f"{stream}_has", wanted, wanted in text, True)
        for unwanted in getattr(expect, f"{stream}_lacks"):
            yield _text(f"{stream}_lacks", unwanted, unwanted in text, False)


def _text(name: str, text: str, found: bool, wanted: bool) -> Line:
    return Line(name=name, expected=text, got="found" if found else "not found", held=found is wanted)
