"""What the simulator's page claims is so: its lists are held against the code's own, both ways."""

import re
from collections.abc import Mapping
from dataclasses import fields
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from ecsdeploy.sim import ScenarioError, World, load_scenario, parse_scenario
from ecsdeploy.sim.api.operations import OURS, served
from ecsdeploy.sim.codec.model import model_of
from ecsdeploy.sim.controls import snapshot
from ecsdeploy.sim.deployments import scheduler
from ecsdeploy.sim.endpoints import ENDPOINTS
from ecsdeploy.sim.ground import buckets, timings
from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.ground.switches import DEFAULT, Switches
from ecsdeploy.sim.scenario import read
from ecsdeploy.sim.services.beside import targets
from ecsdeploy.sim.services.legal import refusals, strategies
from ecsdeploy.sim.services.legal.unsupported import LEFT_OUT, refuse_left_out
from tests.docs.examples import fences
from tests.docs.pages import ROOT

SIMULATOR = ROOT / "docs" / "reference" / "simulator.md"
TEXT = SIMULATOR.read_text(encoding="utf-8")
SERVICE = "[[services]]\ncluster = 'b'\nname = 'b'\n"


def _section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def _rows(title: str, header: str) -> list[list[str]]:
    """The cells of the table with that header, row by row."""
    table = _section(title).split(f"\n| {header} |\n", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[1:]]


def _codes(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_the_listed_operations_are_those_that_are_answered() -> None:
    listed: dict[str, list[str]] = {}
    for service, operations in _rows("What is modelled", "Service | Operations"):
        listed.setdefault(service.split(",")[0], []).extend(_codes(operations))
    assert {service: sorted(operations) for service, operations in listed.items()} == {
        "ECS": sorted(OURS["ecs"]),
        "CodeDeploy": sorted(OURS["codedeploy"]),
        "CloudWatch Logs": sorted(OURS["logs"]),
        "CloudWatch": ["DescribeAlarms"],
        "Elastic Load Balancing": sorted(targets.OPERATIONS),
        "STS": ["GetCallerIdentity"],
    }


def test_the_endpoints_for_tests_are_those_that_are_listed() -> None:
    listed = {_codes(request)[0]: takes for request, _, takes in _rows("Endpoints for tests", "Request | Does | Takes")}
    assert set(listed) == {"GET snapshot", *(f"POST {name}" for name in ENDPOINTS)}
    for name, endpoint in ENDPOINTS.items():
        assert all(f"?{each}=" in listed[f"POST {name}"] for each in endpoint.parameters)


def test_a_snapshot_has_what_is_listed() -> None:
    told = snapshot(World(load_scenario("good")))
    (service,) = told["services"]
    listed = set(_codes(_section("Endpoints for tests")))
    assert {*told, *service, *service["deployment"], "operation", "error"} <= listed


def test_every_operation_of_ecs_is_answered_or_listed_as_refused() -> None:
    patterns = [pattern for listed, _ in _rows("What is not", "Refused | What") for pattern in _codes(listed)]
    refused = set(model_of("ecs").operation_names) - set(served("ecs"))
    matched = {pattern: {name for name in refused if fnmatchcase(name, pattern)} for pattern in patterns}
    assert [pattern for pattern, names in matched.items() if not names] == []
    assert refused - set().union(*matched.values()) == set()
    assert [name for name in served("ecs") for pattern in patterns if fnmatchcase(name, pattern)] == []


def _members() -> dict[str, dict[str, tuple[str, ...]]]:
    """Each operation of the page with the members refused there, and the values of each that are taken."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for operation, listed in _rows("What is not", "Operation | Refused"):
        taken = re.findall(r"`(\w+)`(?: \(([^)]+)\))?", listed)
        found[_codes(operation)[0]] = {member: tuple(_codes(values)) for member, values in taken}
    return found


def test_the_listed_members_are_those_that_are_refused() -> None:
    assert _members() == LEFT_OUT


@pytest.mark.parametrize(
    ("operation", "member"), [(operation, member) for operation, members in _members().items() for member in members]
)
def test_a_member_is_refused_by_its_name(operation: str, member: str) -> None:
    with pytest.raises(ApiError, match=f"{operation} with {member} is not simulated") as refusal:
        refuse_left_out(operation, {member: "anything"})
    assert refusal.value.code == "UnsupportedFeatureException"


def _values(where: str) -> list[str]:
    return next(_codes(refused) for place, refused in _rows("What is not", "Where | Refused") if place == f"`{where}`")


REQUEST = {"taskDefinition": "a", "desiredCount": 1}
CONTROLLERS = [{**REQUEST, "deploymentController": {"type": value}} for value in _values("deploymentController")]
SCHEDULING = [{"taskDefinition": "a", "schedulingStrategy": value} for value in _values("schedulingStrategy")]
LAUNCHES = [{**REQUEST, "launchType": value} for value in _values("launchType")]
PROVIDERS = {**REQUEST, "capacityProviderStrategy": [{"capacityProvider": "mine"}]}


@pytest.mark.parametrize("request_", [*CONTROLLERS, *SCHEDULING, *LAUNCHES, PROVIDERS], ids=str)
def test_a_value_is_refused_by_its_name(request_: dict[str, Any]) -> None:
    with pytest.raises(ApiError, match="is not simulated") as refusal:
        refusals.check_new(request_)
    assert refusal.value.code == "UnsupportedFeatureException"


def test_the_listed_launch_types_and_providers_are_those_that_are_refused() -> None:
    known = vars(refusals)
    assert sorted(_values("launchType")) == sorted(set(known["_LAUNCH_TYPES"]) - {"EC2", "FARGATE"})
    listed = [name for name in _values("capacityProviderStrategy") if name != "CreateCluster"]
    assert listed == list(known["_PROVIDERS"])


def test_hooks_of_rolling_are_refused() -> None:
    configuration = {"strategy": _values("lifecycleHooks")[0], "lifecycleHooks": [{"targetType": "PAUSE"}]}
    with pytest.raises(ApiError, match="not simulated") as refusal:
        strategies.check(configuration)
    assert refusal.value.code == "UnsupportedFeatureException"


def test_the_listed_timings_are_those_in_use() -> None:
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| ([\d.]+) \|", _section("Timings"), re.MULTILINE)
    in_use = {name: value for name, value in vars(timings).items() if name.isupper() and isinstance(value, float)}
    assert {name: float(seconds) for name, seconds in rows} == in_use
    gaps = ", ".join(f"{gap:g}" for gap in timings.START_FAILURE_GAPS)
    assert gaps in _section("Timings")
    assert gaps in _section("Open points")


def test_the_listed_buckets_are_those_in_use() -> None:
    rows = _rows("The account", "Burst | A second | Operations")
    in_use = vars(buckets)
    listed = [(int(burst), int(rate), _codes(operations)) for burst, rate, operations in rows]
    assert listed == [(burst, rate, names.split()) for _, burst, rate, names in in_use["_DOCUMENTED"]]
    launches = f"{in_use['_FARGATE_BURST']} tasks at once, and {in_use['_FARGATE_RATE']} a second"
    assert launches in _section("The account")
    limited = {name for _, _, names in listed for name in names}
    assert set(served("ecs")) - limited == {
        "StopServiceDeployment",
        "ContinueServiceDeployment",
        "DescribeExpressGatewayService",
        "UpdateExpressGatewayService",
        "ExecuteCommand",
    }


# Each section of a scenario with a key that is in none, so that the refusal names all that are.
STRANGE = "zzzzzzzz = 1\n"
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "top": (f"{STRANGE}{SERVICE}image = 'b:1'\n",),
    "`[[services]]`": (f"{SERVICE}image = 'b:1'\n{STRANGE}",),
    "`containers`": (f"{SERVICE}[[services.containers]]\nname = 'b'\nimage = 'b:1'\n{STRANGE}",),
    "`load_balancer`": (f"{SERVICE}image = 'b:1'\n[services.load_balancer]\n{STRANGE}",),
    "`deployment`": (f"{SERVICE}image = 'b:1'\n[services.deployment]\n{STRANGE}",),
    '`[images."REF"]`': (f"{SERVICE}image = 'b:1'\n[images.'b:1']\n{STRANGE}",),
    "`commands`": (f"{SERVICE}image = 'b:1'\n[images.'b:1'.commands.a]\n{STRANGE}",),
    '`[hooks."ARN"]`': (f"{SERVICE}image = 'b:1'\n[hooks.a]\nreturns = ['SUCCEEDED']\n{STRANGE}",),
    "`[[api]]`": (f"{SERVICE}image = 'b:1'\n[[api]]\noperation = 'RunTask'\nerror = 'x'\n{STRANGE}",),
    "`[[at]]`": tuple(
        f"{SERVICE}image = 'b:1'\n[[at]]\ntime = 1\n{needs}\n{STRANGE}"
        for needs in (
            "do = 'deploy'\nimage = 'b:2'",
            "do = 'scale'\ndesired = 1",
            "do = 'spot'\ntasks = 1",
            "do = 'signal'\nsignal = 'INT'",
            "do = 'alarm'\nalarm = 'a'",
        )
    ),
    "`[limits]`": (f"{SERVICE}image = 'b:1'\n[limits]\n{STRANGE}",),
    "`[deploy]`": (f"{SERVICE}image = 'b:1'\n[deploy]\n{STRANGE}",),
    "`[expect]`": (f"{SERVICE}image = 'b:1'\n[expect]\n{STRANGE}",),
}


def _taken(text: str) -> set[str]:
    """The keys that the reader would have taken in the place of the strange one."""
    with pytest.raises(ScenarioError, match="zzzzzzzz") as refusal:
        parse_scenario(text)
    return set(_codes(str(refusal.value).split("possible: ")[1]))


def _listed_keys() -> dict[str, set[str]]:
    """The keys of each row; what stands in brackets are values."""
    rows = _rows("Scenario files", "Section | Keys (default)")
    return {section: set(_codes(re.sub(r"\([^()]*\)", "", keys))) for section, keys in rows}


def test_every_section_is_listed() -> None:
    tables = {_codes(section)[0].strip("[]").split(".")[0] for section in SECTIONS if section != "top"}
    assert sorted(_listed_keys()) == sorted(SECTIONS)
    assert _taken(SECTIONS["top"][0]) == _listed_keys()["top"] | tables - {
        "containers",
        "load_balancer",
        "deployment",
        "commands",
    }


@pytest.mark.parametrize("section", [section for section in SECTIONS if section != "top"])
def test_the_listed_keys_are_those_that_are_read(section: str) -> None:
    read_there = set().union(*(_taken(text) for text in SECTIONS[section]))
    listed = _listed_keys()[section] - {"SUCCEEDED", "FAILED", "IN_PROGRESS", '""'}
    assert listed == read_there


def test_the_listed_actions_are_those_that_are_done() -> None:
    rows = _rows("Scenario files", "`do` | What happens | Needs")
    assert sorted(_codes(row[0])[0] for row in rows) == sorted(vars(read)["_ACTIONS"])


def test_no_part_of_a_scenario_is_refused_as_not_simulated() -> None:
    """Every action, every hook's answer and every strategy of the page is taken."""
    actions = {_codes(row[0])[0]: _codes(row[2]) for row in _rows("Scenario files", "`do` | What happens | Needs")}
    given = {"image": "'b:2'", "desired": "1", "tasks": "1", "signal": "'INT'", "alarm": "'a'"}
    for do, needs in actions.items():
        keys = "".join(f"{key} = {given[key]}\n" for key in needs if key in given)
        scenario = parse_scenario(f"{SERVICE}image = 'b:1'\n[[at]]\ntime = 1\ndo = '{do}'\n{keys}")
        assert [action.do for action in scenario.actions] == [do]
    for strategy in ("ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"):
        scenario = parse_scenario(f"{SERVICE}image = 'b:1'\ndeployment = {{ strategy = '{strategy}' }}\n")
        assert scenario.services[0].deployment["strategy"] == strategy
        assert f"`{strategy}`" in _section("Scenario files")
    for answer in vars(read)["_ANSWERS"]:
        scenario = parse_scenario(f"{SERVICE}image = 'b:1'\n[hooks.a]\nreturns = ['{answer}']\n")
        assert scenario.hooks == {"a": (answer,)}
        shown = answer or '""'
        assert f"`{shown}`" in _section("Scenario files")


def _switches() -> dict[str, tuple[str, list[str], str]]:
    """By name: the default, the other values, the reason."""
    rows = _rows("Open points", "Question | Switch | Default | Others | Why")
    return {_codes(name)[0]: (_codes(default)[0], _codes(others), why) for _, name, default, others, why in rows}


def test_every_switch_is_listed_with_its_default_and_its_reason() -> None:
    listed = _switches()
    assert {name: default for name, (default, _, _) in listed.items()} == {
        field.name: str(getattr(DEFAULT, field.name)) for field in fields(Switches)
    }
    assert [name for name, (_, _, why) in listed.items() if not why] == []


def test_every_value_of_a_switch_is_listed() -> None:
    listed = _switches()
    for name, kind in get_type_hints(Switches).items():
        default, others, _ = listed[name]
        if get_origin(kind) is Literal:
            assert {default, *others} == set(get_args(kind))
        elif kind is bool:
            assert {default, *others} == {"True", "False"}


def test_every_assumption_without_a_switch_has_a_reason() -> None:
    rows = _rows("Open points", "Question | What the model does | Why")
    assert len(rows) >= 5
    assert [row for row in rows if not all(row)] == []


def test_stale_views_are_as_listed() -> None:
    fresh, noticed = (f"{vars(scheduler)[name]:g} s" for name in ("_FRESH", "_NOTICED"))
    assert f"within {fresh} of a new deployment" in _section("Open points")
    assert f"stopped {noticed} later" in _section("Open points")
    assert World(load_scenario("good")).stale_views is False


def test_a_world_takes_switches_as_shown() -> None:
    shown = [fence.text for fence in fences(SIMULATOR) if fence.language == "python"]
    assert len(shown) == 1
    names: dict[str, Any] = {}
    exec(compile(shown[0], "simulator.md", "exec"), names)  # noqa: S102 - the page's own example
    assert names["world"].region.switches == Switches(digest_rule="first-task")


def test_the_world_begins_when_and_where_the_page_says() -> None:
    assert World(load_scenario("good")).start == 1_767_268_800
    assert "2026-01-01 at 12:00 UTC" in TEXT
    assert "account is 123456789012 and its Region us-east-1" in TEXT
