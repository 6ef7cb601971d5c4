"""The pipelines of the page about CI are what their systems take, and release when they are run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from tests.cli.servers import Served, served
from tests.cli.test_github_job import NAMES, read_outputs
from tests.docs.examples import fences
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "how-to" / "release-from-ci.md"
COMMIT = "3f1c2d4e5f60718293a4b5c6d7e8f90123456789"
IMAGE = f"registry.example.com/team/web:{COMMIT}"
GITHUB, GITLAB = ".github/workflows/release.yml", ".gitlab-ci.yml"
COMPONENT = f"{GITLAB}, with the component"
BUILDKITE, CIRCLECI, JENKINS = ".buildkite/pipeline.yml", ".circleci/config.yml", "Jenkinsfile"
SCHEMAS = {
    GITHUB: "vendor.github-workflows",
    GITLAB: "vendor.gitlab-ci",
    COMPONENT: "vendor.gitlab-ci",
    BUILDKITE: "vendor.buildkite",
    CIRCLECI: "vendor.circle-ci",
}
WORLD = """
schema = 1
name = "ci"
[[services]]
cluster = "prod"
name = "web"
image = "registry.example.com/team/web:1"
desired = 2
"""
CRASHES = f"""
[images."{IMAGE}"]
run = "exit"
after = 4
"""


@dataclass(frozen=True)
class Job:
    """The script of a snippet and the variables that its system, and the snippet itself, give it."""

    script: str
    variables: Mapping[str, str]


def snippet(name: str) -> str:
    """The block of the page that begins with the file's name."""
    (text,) = [fence.text for fence in fences(PAGE) if fence.text.splitlines()[0] in (f"# {name}", f"// {name}")]
    return text


def job(name: str) -> Job:
    text = snippet(name)
    if name == JENKINS:
        (script,) = re.findall(r"sh '(.*)'", text)
        (region,) = re.findall(r"AWS_REGION = '(.*)'", text)
        return Job(script, {"GIT_COMMIT": COMMIT, "AWS_REGION": region})
    parsed: Any = YAML(typ="safe").load(text)
    match name:
        case ".gitlab-ci.yml, with the component":
            told = component()[1]["release"]
            given = {"CI_COMMIT_SHA": COMMIT, "AWS_TOKEN": "token"}
            named = {key: value.replace("$CI_COMMIT_SHA", COMMIT) for key, value in told["variables"].items()}
            return Job("\n".join(told["script"]), {**given, **named})
        case ".github/workflows/release.yml":
            (step,) = [each for each in parsed["jobs"]["release"]["steps"] if each.get("id") == "release"]
            return Job(step["run"], {"GITHUB_SHA": COMMIT, "GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": "output"})
        case ".gitlab-ci.yml":
            told = parsed["release"]
            return Job("\n".join(told["script"]), {"CI_COMMIT_SHA": COMMIT, "AWS_TOKEN": "token", **told["variables"]})
        case ".buildkite/pipeline.yml":
            (told,) = parsed["steps"]
            # https://buildkite.com/docs/agent/cli/reference/pipeline#environment-variable-substitution
            return Job(told["command"].replace("$$", "$"), {"BUILDKITE_COMMIT": COMMIT, **told["env"]})
        case _:
            told = parsed["jobs"]["release"]
            (run,) = [each["run"]["command"] for each in told["steps"] if "run" in each]
            given = {"CIRCLE_SHA1": COMMIT, "CIRCLE_OIDC_TOKEN_V2": "token"}
            return Job(run, {**given, **told["environment"]})


def component() -> tuple[Any, Any]:
    """GitLab's component: what it declares, and its job with the inputs of the page."""
    header, body = (ROOT / "templates" / "release.yml").read_text(encoding="utf-8").split("\n---\n")
    declared: Any = YAML(typ="safe").load(header)
    (included,) = YAML(typ="safe").load(snippet(COMPONENT))["include"]
    defaults = {name: told["default"] for name, told in declared["spec"]["inputs"].items() if "default" in told}
    inputs = {**defaults, **included["inputs"]}
    assert inputs.keys() == declared["spec"]["inputs"].keys()
    return declared, YAML(typ="safe").load(
        re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: inputs[found[1]], body)
    )


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the tool in it, on an agent that has its system's own program."""
    for folder in ("tools", "bin"):
        executable(tmp_path / folder / "ecs-deploy", f'exec "{Path(sys.executable).parent}/ecs-deploy" "$@"')
    executable(tmp_path / "bin" / "buildkite-agent", '[ "$1 $2" = "oidc request-token" ] && printf token')
    (tmp_path / "temporary").mkdir()
    return tmp_path


def run(name: str, folder: Path, world: Served) -> subprocess.CompletedProcess[str]:
    told = job(name)
    paths = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "TMPDIR": str(folder / "temporary")}
    around = {"CI": "true", "HOME": str(folder), **paths, **told.variables, **world.exports}
    shell = ("bash", "-eo", "pipefail", "-c", told.script)
    return subprocess.run(shell, cwd=folder, env=around, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def a_world(folder: Path, *, works: bool) -> Iterator[Served]:
    """Where the new image works, or not."""
    (folder / "world.toml").write_text(WORLD if works else WORLD + CRASHES, encoding="utf-8")
    with served(folder, speed=300, scenario=str(folder / "world.toml")) as serving:
        yield serving


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_snippet_is_what_its_system_takes(name: str, tmp_path: Path) -> None:
    file = tmp_path / "pipeline.yml"
    file.write_text(snippet(name), encoding="utf-8")
    assert_valid(SCHEMAS[name], file)


def test_the_component_is_what_gitlab_takes(tmp_path: Path) -> None:
    for number, part in enumerate(component()):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(part), encoding="utf-8")
        assert_valid(SCHEMAS[GITLAB], file)


def test_no_input_of_the_component_is_code() -> None:
    body = (ROOT / "templates" / "release.yml").read_text(encoding="utf-8").split("\n---\n")[1]
    (job_of_it,) = YAML(typ="safe").load(body).values()
    assert not [line for line in job_of_it["script"] if "$[[" in line]


def assert_valid(schema: str, file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("name", "works"),
    [(GITLAB, True), (GITLAB, False), (COMPONENT, True), (BUILDKITE, False), (CIRCLECI, True), (JENKINS, True)],
)
def test_a_snippet_releases_and_leaves_its_report(name: str, works: bool, checkout: Path) -> None:
    with a_world(checkout, works=works) as world:
        done = run(name, checkout, world)
    failed = 21 if "ecs-deploy deploy" in job(name).script else 1
    assert done.returncode == (0 if works else failed), done.stdout + done.stderr
    (suite,) = ET.fromstring((checkout / "release.xml").read_bytes())  # noqa: S314 - our own
    assert (suite.attrib["failures"], suite.attrib["errors"]) == ("0" if works else "1", "0")
    assert [each.attrib["value"] for each in suite.iter("property") if each.attrib["name"] == "image app"] == [IMAGE]
    tokens = [each.read_text(encoding="utf-8") for each in (checkout / "temporary").iterdir()]
    assert tokens == ([] if name == JENKINS else ["token"])


@pytest.mark.parametrize("works", [True, False])
def test_githubs_snippet_releases_and_hands_on_what_it_reads(works: bool, checkout: Path) -> None:
    with a_world(checkout, works=works) as world:
        done = run(GITHUB, checkout, world)
    assert done.returncode == (0 if works else 1), done.stdout + done.stderr
    told = read_outputs((checkout / "output").read_text(encoding="utf-8"))
    assert told["verdict"] == ("succeeded" if works else "rolled_back")
    assert done.stderr.count("\n::error title=") == (not works)


def test_outputs_that_the_page_reads_are_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"steps\.release\.outputs\.([\w-]+)", text)) <= set(NAMES)
    listed = text.split("[outputs](../reference/output.md#in-a-job-of-a-ci-system): ")[1].split(". Pass")[0]
    assert re.findall(r"`([\w-]+)`", listed) == NAMES
