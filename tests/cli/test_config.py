"""`config show`: every setting with its value and where it came from."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.cli.commands import COMMANDS, load
from tests.unit.cli.builders import Ran, ran, surroundings

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "config.schema.json").read_text("utf-8"))
FILE = 'keep = 5\nimage = ["a=nginx:1", "b=redis:2"]\ndetach = true\n[env.staging]\ncluster = "stage"\n'
Config = Callable[..., Ran]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    def shown(*words: str, file: str = FILE, variables: Mapping[str, str] | None = None) -> Ran:
        (tmp_path / "ecs-deploy.toml").write_text(file)
        return ran(("config", *words), surroundings(tmp_path, variables))

    return shown


def settings(run: Ran) -> Mapping[str, Any]:
    found = json.loads(run.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    return {each["name"]: each for each in found["settings"]}


def test_each_value_has_where_it_came_from(config: Config, tmp_path: Path) -> None:
    variables = {"ECS_DEPLOY_TIMEOUT": "5m", "ECS_DEPLOY_ENV": "staging", "AWS_REGION": "eu-west-1"}
    run = config("show", "--service-name", "web", "--output", "json", variables=variables)
    assert (run.code, run.stderr) == (0, "")
    assert {key: json.loads(run.stdout)[key] for key in ("environment", "file")} == {
        "environment": "staging",
        "file": str(tmp_path / "ecs-deploy.toml"),
    }
    told = {name: (each["values"], each["source"], each["origin"]) for name, each in settings(run).items()}
    file = tmp_path / "ecs-deploy.toml"
    assert told["service"] == (["web"], "command_line", "--service-name")
    assert told["timeout"] == (["5m"], "variable", "ECS_DEPLOY_TIMEOUT")
    assert told["env-name"] == (["staging"], "variable", "ECS_DEPLOY_ENV")
    assert told["region"] == (["eu-west-1"], "variable", "AWS_REGION")
    assert told["cluster"] == (["stage"], "file", f"cluster in [env.staging] in {file}")
    assert told["image"] == (["a=nginx:1", "b=redis:2"], "file", f"image in {file}")
    assert told["detach"] == (["true"], "file", f"detach in {file}")
    assert told["wait-until"] == (["complete"], "default", "")
    assert told["fail-fast"] == (["true"], "default", "")
    assert told["quiet"] == (["false"], "default", "")
    assert told["tag"] == ([], "default", "")


def names_of(command: str) -> set[str]:
    return {option.key.replace("_", "-") for option in load(command).options if option.is_setting}


def test_every_setting_of_every_command_is_shown(config: Config) -> None:
    run = config("show", "--output", "json", variables={"ECS_DEPLOY_SINCE": "5m"})
    assert run.stderr == ""
    rows = json.loads(run.stdout)["settings"]
    shown = {name: {row["name"] for row in rows if name in row["commands"]} for name in COMMANDS}
    assert shown == {name: names_of(name) for name in COMMANDS} | {"config": set()}
    (since,) = (row for row in rows if row["name"] == "since")
    assert (since["values"], since["origin"], since["commands"]) == (
        ["5m"],
        "ECS_DEPLOY_SINCE",
        ["logs", "doctor", "watch"],
    )
    kept = {tuple(row["commands"]): row["values"] for row in rows if row["name"] == "container"}
    assert kept[("logs",)] == ["all"]
    assert kept[("exec", "run", "init")] == ["the only one, else the only essential one"]


def test_those_of_one_command_are_shown_alone(config: Config) -> None:
    found = settings(config("show", "sim", "--output", "json", file="port = 4600\n"))
    assert found.keys() == names_of("sim")
    assert (found["port"]["values"], found["port"]["source"]) == (["4600"], "file")
    assert (found["host"]["values"], found["host"]["commands"]) == (["127.0.0.1"], ["sim"])
    lines = [line.split() for line in config("show", "prune", file="keep = 7\n").stdout.splitlines()]
    assert next(line for line in lines if line[0] == "keep")[:3] == ["keep", "7", "keep"]


def test_a_command_without_settings_says_so(config: Config) -> None:
    run = config("show", "explain")
    assert (run.code, run.stdout, run.stderr) == (0, "", "`ecs-deploy explain` has no settings.\n")


def test_people_get_a_line_for_each(config: Config) -> None:
    lines = [line.split() for line in config("show", "--keep", "9").stdout.splitlines()]
    assert ["keep", "9", "--keep"] in lines
    assert ["on-failure", "leave", "default"] in lines
    assert ["tag", "-", "default"] in lines
    assert ["grep", "-", "default", "(logs)"] in lines


@pytest.mark.parametrize("output", ["lines", "json"])
def test_secrets_are_never_shown(output: str, config: Config) -> None:
    words = ("--external-id", "hunter2hunter2", "--before", "app: login hunter3", "--output", output)
    variables = {"ECS_DEPLOY_ENDPOINT_URL": "https://me:hunter4@example.com"}
    run = config("show", *words, variables=variables)
    assert run.code == 0
    assert "hunter" not in run.stdout + run.stderr
    assert "***" in run.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "Write `ecs-deploy config show` and, if you like, a command.", id="no word"),
        pytest.param(("shwo",), "Write `ecs-deploy config show`", id="another word"),
        pytest.param(("show", "logs", "sim"), "Write `ecs-deploy config show`", id="three words"),
        pytest.param(("show", "lgos"), "`lgos` is not a command. Did you mean `logs`?", id="no command"),
        pytest.param(("show", "logs", "--keep", "3"), "`--keep` is no option of `ecs-deploy logs`.", id="not its own"),
        pytest.param(("show", "--output", "xml"), "`--output` must be one of", id="output"),
        pytest.param(("show", "--kep", "1"), "Did you mean `--keep`?", id="option"),
        pytest.param(("show", "--env-name", "stagin"), "Did you mean `staging`?", id="environment"),
    ],
)
def test_what_is_asked_wrong_is_64(words: tuple[str, ...], said: str, config: Config) -> None:
    run = config(*words)
    assert (run.code, run.stdout) == (64, "")
    assert said in run.stderr


def test_brackets_before_a_full_stop_of_the_help_are_the_default(config: Config) -> None:
    found = settings(config("show", "--output", "json", file=""))
    told = {
        name: each["values"]
        for name, each in found.items()
        if each["source"] == "default" and each["values"] and "deploy" in each["commands"]
    }
    assert {name: values for name, values in told.items() if values != ["false"]} == {
        "appspec": ["that of the last good deployment"],
        "codedeploy-application": ["found automatically"],
        "codedeploy-config": ["that of the group"],
        "codedeploy-description": ["the revision"],
        "codedeploy-group": ["found automatically"],
        "color": ["auto"],
        "copy-task-definition-tags": ["true"],
        "fail-fast": ["true"],
        "if-busy": ["fail"],
        "max-parallel": ["all"],
        "min-stable": ["not watched"],
        "on-failure": ["leave"],
        "on-interrupt": ["ask"],
        "smoke-timeout": ["10m"],
        "timeout": ["15m"],
        "wait-until": ["complete"],
    }
