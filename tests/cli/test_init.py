"""Settings and a CI job, made from a live service and read back by the tool itself."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from ecsdeploy.cli.main import main
from ecsdeploy.sim import World
from tests.cli.test_exec import of_two
from tests.cli.worlds import OLD, REPOSITORY, WEB, Played, a_world, fault, play, service, shipped, surroundings
from tests.docs.test_ci_snippets import assert_valid

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "init.schema.json").read_text("utf-8"))
FILES = {"github": ".github/workflows/release.yml", "gitlab": ".gitlab-ci.yml"}
COMMITS = {"github": "$GITHUB_SHA", "gitlab": "$CI_COMMIT_SHA"}


def init(folder: Path, *words: str, world: World | None = None) -> Played:
    return play(world or shipped("good"), ("init", *WEB, *words), surroundings(folder))


def job(folder: Path, ci: str) -> Any:
    parsed: Any = YAML(typ="safe").load((folder / FILES[ci]).read_text(encoding="utf-8"))
    return parsed["jobs"]["release"] if ci == "github" else parsed["release-web"]


@pytest.mark.parametrize("ci", FILES)
def test_the_job_is_what_its_system_takes_and_holds_no_key(ci: str, tmp_path: Path) -> None:
    played = init(tmp_path, "--ci", ci)
    assert (played.code, played.lines) == (0, ["ecs-deploy.toml", FILES[ci]])
    assert_valid(f"vendor.{ci}-{'workflows' if ci == 'github' else 'ci'}", tmp_path / FILES[ci])
    text = (tmp_path / FILES[ci]).read_text(encoding="utf-8")
    assert "<<" not in text
    assert re.findall(r"(?i)access.key|secrets\.", text) == []
    assert "arn:aws:iam::123456789012:role/DEPLOY_ROLE # CHANGE" in text
    assert f'tools/ecs-deploy deploy --image "{REPOSITORY}:{COMMITS[ci]}"' in text
    assert {each.operation for each in played.world.calls} == {
        "DescribeServices",
        "DescribeTaskDefinition",
        "ListServiceDeployments",
    }


def test_the_settings_are_read_back_as_they_were_found(tmp_path: Path) -> None:
    init(tmp_path)
    around = surroundings(tmp_path)
    assert main(("config", "show", "--output", "json"), around) == 0
    shown = {each["name"]: each for each in json.loads(around.stdout.getvalue())["settings"]}  # type: ignore[attr-defined]
    values = {name: each["values"] for name, each in shown.items() if each["source"] == "file"}
    assert values == {
        "cluster": ["prod"],
        "service": ["web"],
        "region": ["us-east-1"],
        "expect-account": ["123456789012"],
        "timeout": ["15m"],
        "on-failure": ["rollback"],
    }


@pytest.mark.parametrize("ci", FILES)
def test_the_job_releases_by_the_settings_alone(ci: str, tmp_path: Path) -> None:
    world = a_world()
    init(tmp_path, "--ci", ci, world=world)
    told = job(tmp_path, ci)
    script = told["steps"][-1]["run"] if ci == "github" else told["script"][-1]
    words = script.replace(COMMITS[ci], "2").replace('"', "").split()
    released = play(world, words[1:], surroundings(tmp_path))
    assert (released.code, released.result["status"]) == (0, "succeeded")
    assert released.result["images"] == {"app": f"{REPOSITORY}:2"}


def test_the_time_limits_follow_from_how_long_releases_take(tmp_path: Path) -> None:
    world = a_world(service(load_balancer={"deregistration_delay": 900}, image=OLD))
    play(world, ("deploy", *WEB, "--force-new-deployment", "--timeout", "1h", "--no-preflight"))
    init(tmp_path, "--ci", "gitlab", world=world)
    text = (tmp_path / "ecs-deploy.toml").read_text(encoding="utf-8")
    minutes = int(tomllib.loads(text)["timeout"].removesuffix("m"))
    assert minutes >= 30
    assert re.search(r"# The longest of the last \d releases took \d+m\d\ds\.", text)
    assert job(tmp_path, "gitlab")["timeout"] == f"{3 * minutes + 5}m"


def test_a_file_that_is_there_is_left_and_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / ".gitlab-ci.yml").write_text("mine: {}\n", encoding="utf-8")
    played = init(tmp_path, "--ci", "gitlab")
    assert (played.code, played.stdout, played.world.calls) == (64, "", ())
    assert "`.gitlab-ci.yml` is there already." in played.stderr
    assert [each.name for each in tmp_path.iterdir()] == [".gitlab-ci.yml"]
    assert (tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8") == "mine: {}\n"
    assert init(tmp_path, "--ci", "gitlab", "--overwrite").code == 0
    assert job(tmp_path, "gitlab")["resource_group"] == "prod/web"


def test_a_link_is_a_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").symlink_to(tmp_path / "elsewhere")
    assert init(tmp_path).code == 64
    assert not (tmp_path / "elsewhere").exists()


def test_a_dry_run_prints_and_writes_nothing(tmp_path: Path) -> None:
    played = init(tmp_path, "--ci", "github", "--dry-run")
    assert [line for line in played.lines if line.startswith("---")] == [
        "--- ecs-deploy.toml",
        f"--- {FILES['github']}",
    ]
    found = json.loads(init(tmp_path, "--ci", "github", "--dry-run", "--output", "json").stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert found["written"] is False
    assert found["files"][0]["text"] in played.stdout
    assert [*tmp_path.iterdir()] == []


def test_what_is_told_after_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text("", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / ".git").mkdir()
    played = init(inner, "--ci", "github")
    assert f"`{tmp_path / 'ecs-deploy.toml'}` no longer counts in this folder" in played.stderr
    assert f"reads its file in the root of the repository alone: move it to `{tmp_path}`." in played.stderr
    policy = "ecs-deploy iam --for deploy,rollback -c prod -n web --region us-east-1 --expect-account 123456789012"
    assert f"`{policy}`" in played.stderr


@pytest.mark.parametrize(
    ("scenario", "said", "needs"),
    [
        ("good", "", "deploy,rollback"),
        (
            "express",
            "Express mode manages `web`: a release goes through it, and it takes",
            "deploy,rollback,express",
        ),
        ("code-deploy", "CodeDeploy deploys `web`, and ECS has no record of", "deploy,rollback,codedeploy"),
    ],
)
def test_who_deploys_the_service_is_said_where_it_is_not_ecs(
    scenario: str, said: str, needs: str, tmp_path: Path
) -> None:
    told = init(tmp_path, "--ci", "github", world=shipped(scenario)).stderr
    assert said in told
    assert f"`ecs-deploy iam --for {needs} -c prod" in told
    assert ("Express" in told, "CodeDeploy" in told) == (scenario == "express", scenario == "code-deploy")


def test_one_of_several_images_is_chosen_by_its_container(tmp_path: Path) -> None:
    world = a_world(of_two())
    refused = init(tmp_path, world=world)
    assert (refused.code, [*tmp_path.iterdir()]) == (64, [])
    assert "Write `--container app` or `--container side`. Nothing was written." in refused.stderr
    assert init(tmp_path, "--container", "side", world=world).code == 0


def test_releases_that_may_not_be_read_cost_a_line(tmp_path: Path) -> None:
    denied = fault(operation="ListServiceDeployments", error="AccessDeniedException", times=0)
    played = init(tmp_path, world=a_world(service(), denied))
    assert (played.code, played.lines) == (0, ["ecs-deploy.toml"])
    assert "Not read: how long its releases took: " in played.stderr


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / ".github").write_text("", encoding="utf-8")
    played = init(tmp_path, "--ci", "github")
    assert played.code == 64
    assert "`.github/workflows/release.yml` cannot be written: " in played.stderr
    assert "Nothing was written." in played.stderr
    assert [each.name for each in tmp_path.iterdir()] == [".github"]


def test_another_account_is_refused(tmp_path: Path) -> None:
    assert init(tmp_path, "--expect-account", "111122223333").code == 26
    assert [*tmp_path.iterdir()] == []
