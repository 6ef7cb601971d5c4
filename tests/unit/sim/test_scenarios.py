"""Scenario files: what they mean, and how their mistakes are named."""

import re
from pathlib import Path

import pytest

from ecsdeploy.sim import ScenarioError, World, load_scenario, parse_scenario, scenario_names
from ecsdeploy.sim.scenario.lines import line_of
from tests.unit.sim.builders import described, image, the_service, world

SERVICE = '[[services]]\ncluster = "prod"\nname = "web"\nimage = "a.example.com/web:1"\n'
DEMANDED = {
    "breaker-stop",
    "crash-loop",
    "crash-loop-no-breaker",
    "deadlock",
    "good",
    "good-with-load-balancer",
    "image-missing",
    "latest-again",
    "scaled-to-zero",
    "secret-denied",
    "superseded",
    "throttled-reads",
    "unhealthy",
}


def _problem(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        World(parse_scenario(text, source="x.toml"))
    return str(caught.value)


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_loads_and_says_what_it_is_about(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.summary
    assert scenario.deploy_args[:2] == ("-c", "prod")
    assert scenario.expect.exit_code is not None
    assert the_service(World(scenario)).status == "ACTIVE"


def test_the_scenarios_that_are_due_are_shipped() -> None:
    assert set(scenario_names()) >= DEMANDED


def test_a_scenario_is_found_by_path_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'name = "mine"\n{SERVICE}', encoding="utf-8")
    assert load_scenario(path).name == "mine"


def test_a_scenario_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="There is no scenario `crash-lop`; did you mean `crash-loop`"):
        load_scenario("crash-lop")
    with pytest.raises(ScenarioError, match=r"`/nowhere/x.toml` cannot be read: No such file"):
        load_scenario("/nowhere/x.toml")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"{SERVICE}desierd = 2", "x.toml, line 5: `services` has no key `desierd`; did you mean `desired`?"),
        (f"sumary = 'x'\n{SERVICE}", "x.toml, line 1: A scenario has no key `sumary`; did you mean `summary`?"),
        (
            f"{SERVICE}load_balancer = {{ health_intervall = 3 }}",
            "x.toml, line 5: `services.load_balancer` has no key `health_intervall`; did you mean `health_interval`?",
        ),
        (
            f'{SERVICE}\n[images."a.example.com/web:2"]\nlogs = []\nrun = "exits"',
            "x.toml, line 8: `run` cannot be 'exits'; did you mean `exit`?",
        ),
        (
            f"{SERVICE}\n[[at]]\ntime = 1\ndo = 'deploy'\nimage='x'\n[[at]]\ntime = 2\ndo = 'scale'",
            "x.toml, line 10: `at` needs the key `desired`.",
        ),
        ("name = 'x'", "x.toml, line 1: A scenario needs at least one `[[services]]`."),
        ("[[services]]\nname = 3", "x.toml, line 2: `name` must be text."),
        (f"{SERVICE}desired = -1", "x.toml, line 5: `desired` must be 0 or more, not -1."),
        (f"{SERVICE}desired = true", "x.toml, line 5: `desired` must be a whole number."),
        (f"schema = 2\n{SERVICE}", "x.toml, line 1: Only `schema = 1` is known."),
        (
            f"{SERVICE}[[api]]\noperation = 'ListTask'\nerror = 'x'",
            "x.toml, line 6: `operation` cannot be 'ListTask'; did you mean `ListTasks`?",
        ),
        (
            f"{SERVICE}[[at]]\ntime = 1\ndo = 'scale'\ndesired = 1\nservice = 'wep'",
            "x.toml, line 9: There is no service `wep` in a cluster `prod`.",
        ),
        (
            f'{SERVICE}containers = [{{ name = "a", image = "b" }}]',
            "x.toml, line 3: The service `web` needs one of `image`, `containers` and `task_definition`.",
        ),
    ],
)
def test_a_mistake_names_file_line_key_and_the_nearest_valid_one(text: str, problem: str) -> None:
    assert _problem(text) == problem


@pytest.mark.parametrize("behaviour", ["healthy_after = 3", 'run = "unhealthy"', 'run = "target-unhealthy"'])
def test_a_health_that_nothing_looks_at_is_a_mistake(behaviour: str) -> None:
    with pytest.raises(ScenarioError, match=r"line \d+: .* needs a"):
        world("desired = 1", image(behaviour))


def test_a_definition_that_aws_would_refuse_is_a_mistake_of_the_scenario() -> None:
    definition = '{ cpu = "256", memory = "4096", networkMode = "awsvpc", requiresCompatibilities = ["FARGATE"], '
    definition += 'containerDefinitions = [{ name = "app", image = "a" }] }'
    with pytest.raises(ScenarioError, match="No Fargate configuration exists for given values: 256 CPU, 4096 memory"):
        world(f"task_definition = {definition}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("task_definition = {}", "`task_definition` needs `containerDefinitions`."),
        ("task_definition = { containerDefinitions = [{}] }", "Each of `containerDefinitions` needs a `name`"),
        ("containers = []", "`containers` must not be empty."),
        ("deployment = { maximum_percent = 50 }", "the services cannot be made: maximumPercent must be at least 100"),
        (
            'deployment = { circuit_breaker = "stop", deployment_circuit_breaker = { enable = true } }',
            "`circuit_breaker` is short for `deployment_circuit_breaker`",
        ),
        (f"{SERVICE}", "There are two services `web` in the cluster `prod`."),
    ],
)
def test_a_service_that_cannot_be_is_a_mistake_of_the_scenario(text: str, problem: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(problem)):
        world(text)


def test_services_of_one_name_in_two_clusters_share_a_family_and_keep_their_own_revision() -> None:
    w = world("desired = 1", SERVICE.replace("prod", "test"))
    images = [service.definition.containers[0]["image"] for service in w.region.services]
    assert images == ["registry.example.com/team/web:1", "a.example.com/web:1"]


def test_text_that_is_not_toml_names_the_line() -> None:
    assert _problem("[[services]\n").startswith("x.toml: this is not TOML: ")


def test_the_image_shorthand_is_one_container_with_a_port_and_a_log_group() -> None:
    container = the_service(world("desired = 1")).definition.containers[0]
    assert (container["name"], container["essential"], container["environment"]) == ("app", True, [])
    assert container["portMappings"] == [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}]
    options = container["logConfiguration"]["options"]
    assert (options["awslogs-group"], options["awslogs-stream-prefix"]) == ("/ecs/web", "web")


def test_containers_have_what_the_scenario_says() -> None:
    text = '[{ name = "app", image = "a:1", health_check = true, environment = { A = "1" }, log_group = "" }]'
    container = the_service(world(f"containers = {text}")).definition.containers[0]
    assert container["environment"] == [{"name": "A", "value": "1"}]
    assert container["healthCheck"]["command"][0] == "CMD-SHELL"
    assert "logConfiguration" not in container


def test_a_whole_definition_may_hold_members_that_botocore_does_not_know() -> None:
    definition = '{ cpu = "256", memory = "512", networkMode = "awsvpc", brandNew = { deep = [1] }, '
    definition += 'containerDefinitions = [{ name = "app", image = "a:1", alsoNew = "x" }] }'
    payload = the_service(world(f"task_definition = {definition}")).definition.payload
    assert payload["brandNew"] == {"deep": [1]}
    assert payload["containerDefinitions"][0]["alsoNew"] == "x"


def test_aws_members_of_the_configuration_are_given_in_snake_case() -> None:
    breaker = '{ enable = true, rollback = true, threshold_configuration = { type = "COUNT", value = 9 } }'
    w = world(f"desired = 1\ndeployment = {{ deployment_circuit_breaker = {breaker} }}")
    assert described(w)["deploymentConfiguration"]["deploymentCircuitBreaker"] == {
        "enable": True,
        "rollback": True,
        "resetOnHealthyTask": True,
        "thresholdConfiguration": {"type": "COUNT", "value": 9},
    }


def test_lines_are_found_through_headers_lists_and_inline_tables() -> None:
    text = 'name = "x"\n[[a]]\nk = 1\n[[a]]\nk = { deep = 2 }\n[b."c.d"]\ne = 3\n'
    assert line_of(text, ("name",)) == 1
    assert line_of(text, ("a", 0, "k")) == 3
    assert line_of(text, ("a", 1, "k", "deep")) == 5
    assert line_of(text, ("b", "c.d", "e")) == 7
    assert line_of(text, ("b", "c.d")) == 6
