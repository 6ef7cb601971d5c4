"""Generated releases of several services: whatever happens, nothing else is touched, and the verdict follows from them.

Who judges is the world, at its end, and none of the client's own values.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.sim import World, parse_scenario
from tests.cli.worlds import behaves, fault, limits, service, surroundings, table
from tests.sdk import cheaply
from tests.truth.exit_codes import WORST_OF_SEVERAL

EXAMPLES = {"ci": 400}
FEW = 40
PARTS = range(4)
SETTLES = 3 * 3600.0
NAMES = ("web", "worker", "cron", "api", "mail", "search", "feed", "auth")
BYSTANDER = "payments"
_CALLS = (
    "DescribeServices",
    "DescribeServiceDeployments",
    "DescribeTaskDefinition",
    "UpdateService",
    "RegisterTaskDefinition",
)
_WRITES = ("RegisterTaskDefinition", "UpdateService", "UpdateService", "StopServiceDeployment")
_OPEN = frozenset({"rollback_failed", "unknown", "timed_out", "superseded", "interrupted", "busy"})
"""Verdicts that say that a service may not be as it was."""

pytestmark = pytest.mark.properties
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """A scenario as it would stand in a file, and the command line."""

    names: tuple[str, ...]
    text: str
    argv: tuple[str, ...]
    policy: str
    disturbed: frozenset[str]
    """The services that others are at work on."""
    signalled: bool

    def __repr__(self) -> str:
        return f"\n# {' '.join(self.argv)}\n{self.text}"


@st.composite
def fleets(draw: st.DrawFn) -> Fleet:
    names = NAMES[: draw(st.integers(2, len(NAMES)))]
    parts = [
        service(name=name, image=f"team/{name}:1", desired=draw(st.integers(1, 3)), **_ways(draw)) for name in names
    ]
    parts.append(service(name=BYSTANDER, image="team/web:1"))
    for name in names:
        bad = draw(st.sampled_from([False] * 4 + [True]))
        if bad:
            run = draw(st.sampled_from(["exit", "never-starts", "oom"]))
            parts.append(behaves(f"team/{name}:2", run=run, **({} if run == "never-starts" else {"after": 4})))
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        error = draw(
            st.sampled_from(["ThrottlingException", "http-500", "reset", "reset-after", "AccessDeniedException"])
        )
        parts.append(
            fault(operation=draw(st.sampled_from(_CALLS)), error=error, times=draw(st.sampled_from([1, 1, 2, 4])))
        )
    if draw(st.integers(0, 2)) == 0:
        lost = draw(st.sampled_from(["reset", "reset-after"]))
        parts.append(fault(operation=draw(st.sampled_from(_WRITES)), error=lost, times=1))
    disturbed = set[str]()
    for _ in range(draw(st.sampled_from([0, 0, 0, 1]))):
        name = draw(st.sampled_from(names))
        do = draw(st.sampled_from(["deploy", "delete-service", "stop-deployment"]))
        image = {"image": f"team/{name}:9"} if do == "deploy" else {}
        at = draw(st.integers(1, 200))
        parts.append(table("[[at]]", {"time": at, "do": do, "cluster": "prod", "service": name, **image}))
        disturbed.add(name)
    signals = draw(st.sampled_from([0, 0, 0, 1, 2]))
    for _ in range(signals):
        act = {"time": draw(st.integers(0, 240)), "do": "signal", "cluster": "prod", "service": names[0]}
        parts.append(table("[[at]]", act | {"signal": draw(st.sampled_from(["INT", "TERM"]))}))
    parts.append(limits(latency_ms=draw(st.sampled_from([0, 0, 80])), throttle=draw(st.booleans())))
    policy = draw(st.sampled_from(["rollback"] * 3 + ["rollback-failed", "leave"]))
    argv = ["deploy", "-c", "prod", "-t", "600", "--on-failure", policy]
    argv += [word for name in names for word in ("-n", name)]
    argv += [word for name in names for word in ("--image", f"team/{name}:2")]
    argv += ["--no-preflight"] * draw(st.booleans())
    if draw(st.booleans()):
        argv += ["--canary", draw(st.sampled_from(names))]
    if draw(st.booleans()):
        argv += ["--max-parallel", str(draw(st.integers(1, 3)))]
    if signals:
        argv += ["--on-interrupt", draw(st.sampled_from(["rollback", "detach"]))]
    head = f'schema = 1\nname = "fleet"\nsummary = "fleet"\nseed = {draw(st.integers(1, 9))}\n'
    return Fleet(
        names=names,
        text="\n".join((head, *parts)),
        argv=(*argv, "--output", "json"),
        policy=policy,
        disturbed=frozenset(disturbed),
        signalled=bool(signals),
    )


def _ways(draw: st.DrawFn) -> dict[str, object]:
    breaker = draw(st.sampled_from(["off", "off", "stop", "rollback"]))
    strategy = draw(st.sampled_from(["ROLLING"] * 4 + ["BLUE_GREEN"]))
    balanced = {"load_balancer": {"deregistration_delay": 0}} if strategy != "ROLLING" else {}
    return {"deployment": {"circuit_breaker": breaker, "strategy": strategy}, **balanced}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    lines: tuple[Json, ...]
    stderr: str
    world: World

    @property
    def result(self) -> Json:
        return self.lines[-1]

    @property
    def statuses(self) -> dict[str, str]:
        return {each["name"]: each["status"] for each in self.result["services"]}


def run(fleet: Fleet, world: World) -> Ran:
    around = surroundings()
    environment = inside(world, around)
    with cheaply():
        code = main(fleet.argv, environment)
    lines = tuple(json.loads(line) for line in around.stdout.getvalue().splitlines())  # type: ignore[attr-defined]
    return Ran(code=code, lines=lines, stderr=around.stderr.getvalue(), world=world)  # type: ignore[attr-defined]


def serving(world: World, name: str) -> set[str]:
    """The images whose tasks run for the service; the one of its definition, if it runs none."""
    found = world.region.clusters["prod"].services.get(name)
    if found is None:
        return set()
    return {each["image"].rpartition(":")[2] for each in found.definition.containers}


def written_to(world: World) -> set[str]:
    """The services that were updated, or whose deployment was stopped."""
    updated = {call.request["service"] for call in world.calls if call.operation == "UpdateService"}
    stops = (call.request["serviceDeploymentArn"] for call in world.calls if call.operation == "StopServiceDeployment")
    return updated | {arn.split("/")[-2] for arn in stops}


def judged(fleet: Fleet) -> None:
    world = World(parse_scenario(fleet.text))
    ran = run(fleet, world)
    assert ran.lines, ran.stderr
    assert ran.result["type"] == "release_result", ran.lines[-1]
    assert [each["seq"] for each in ran.lines] == [*range(1, len(ran.lines) + 1)]
    results = [each for each in ran.lines if each["type"] == "result"]
    assert len(results) == len(fleet.names), "one result a service"
    assert written_to(world) <= set(fleet.names), "only what was named is written to"
    codes = [each["exit_code"] for each in ran.result["services"]]
    worst = next(code for code in WORST_OF_SEVERAL if code in codes)
    by_signal = fleet.signalled and ran.code in (130, 143) and worst in (130, 143, 129, 21, 27, 26, 0)
    assert by_signal or ran.code == worst, (ran.code, codes)
    assert "Traceback" not in ran.stderr
    world.on_signal = None
    world.settle(SETTLES)
    for name, status in ran.statuses.items():
        if name in fleet.disturbed:
            continue
        if status in ("succeeded", "unchanged"):
            assert serving(world, name) == {"2"}, f"{name}: {status}"
        elif status in ("rolled_back", "refused"):
            assert serving(world, name) == {"1"}, f"{name}: {status}"
    if fleet.policy == "rollback" and not fleet.signalled and ran.code != 0:
        for name in written_to(world) - fleet.disturbed:
            assert serving(world, name) == {"1"} or ran.statuses[name] in _OPEN, f"{name} was not taken back"
    if ran.code == 0 and not fleet.disturbed:
        _again(fleet, world)


def _again(fleet: Fleet, world: World) -> None:
    """The same command after a success writes nothing."""
    before = len(world.calls)
    again = run(fleet, world)
    assert again.code == 0
    written = {call.operation for call in world.calls[before:]} & {"RegisterTaskDefinition", "UpdateService"}
    assert not written, "a release that is made again deploys nothing twice"


@pytest.mark.parametrize("part", PARTS)
def test_a_release_of_several_is_true_and_touches_nothing_else(part: int) -> None:
    count = max(1, EXAMPLES.get(str(settings.get_current_profile_name()), FEW) // len(PARTS))

    @seed(part)
    @settings(
        max_examples=count,
        phases=(Phase.generate, Phase.shrink),
        deadline=None,
        derandomize=False,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(fleet=fleets())
    def held(fleet: Fleet) -> None:
        judged(fleet)

    held()
