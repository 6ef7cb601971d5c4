"""`config show`: every setting with its value and where it came from."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.cli.commands import load
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


def test_every_setting_of_deploy_is_shown(config: Config) -> None:
    known = {option.key.replace("_", "-") for option in load("deploy").options if option.is_setting}
    assert settings(config("show", "--output", "json")).keys() == known


def test_people_get_a_line_for_each(config: Config) -> None:
    lines = [line.split() for line in config("show", "--keep", "9").stdout.splitlines()]
    assert ["keep", "9", "--keep"] in lines
    assert ["on-failure", "leave", "default"] in lines
    assert ["tag", "-", "default"] in lines


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
        pytest.param((), "`ecs-deploy config` takes one word: `show`.", id="no word"),
        pytest.param(("shwo",), "`ecs-deploy config` takes one word: `show`.", id="another word"),
        pytest.param(("show", "show"), "`ecs-deploy config` takes one word: `show`.", id="two words"),
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
    told = {name: each["values"] for name, each in found.items() if each["source"] == "default" and each["values"]}
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
        "min-stable": ["not watched"],
        "on-failure": ["leave"],
        "on-interrupt": ["ask"],
        "smoke-timeout": ["10m"],
        "timeout": ["15m"],
        "wait-until": ["complete"],
    }
