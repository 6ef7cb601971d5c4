"""Our own inputs are the options of `ecs-deploy deploy`."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.ours import translate
from action.vocabularies import OURS
from ecsdeploy.cli.options.table import SHARED
from ecsdeploy.errors import UsageError
from tests.action.steps import step
from tests.cli.worlds import NEW, a_world, running_images, shipped

WEB = {"cluster": "prod", "service": "web"}


def test_each_input_is_the_long_option_of_that_name() -> None:
    options = {name.removeprefix("--") for each in SHARED for name in each.names}
    assert set(OURS) - {"container", "args"} <= options


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"image": "a:1"}, ("--image=a:1",), id="image"),
        pytest.param({"image": "x=a:1\ny=b:2"}, ("--image=x=a:1", "--image=y=b:2"), id="images"),
        pytest.param({"image": "a:1", "container": "app"}, ("--image=app=a:1",), id="container"),
        pytest.param({"tag": "--help"}, ("--tag=--help",), id="no text is an option"),
        pytest.param({"skip-unchanged": "True"}, ("--skip-unchanged",), id="on"),
        pytest.param({"skip-unchanged": "false"}, (), id="off"),
        pytest.param({"args": "--keep 3 --tag 'a b'"}, ("--keep", "3", "--tag", "a b"), id="args"),
    ],
)
def test_inputs_become_words(given: dict[str, str], words: tuple[str, ...]) -> None:
    assert translate(given).commands == (("deploy", *words),)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"dry-run": "yes"}, "`dry-run` must be `true` or `false`, not `yes`", id="switch"),
        pytest.param({"args": "'a"}, "`args` cannot be split into words: no closing quotation", id="args"),
        pytest.param({"args": "--quiet --help"}, "With `--help` in the input `args` nothing would be", id="help"),
        pytest.param({"container": "app"}, "`container` goes with one `image`", id="container without image"),
        pytest.param({"container": "app", "image": "x=a:1"}, "`container` goes with one `image`", id="two containers"),
    ],
)
def test_what_cannot_be_used_is_said(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        translate(given)


def test_a_release_and_its_outputs(tmp_path: Path) -> None:
    done = step(shipped("good"), tmp_path, {**WEB, "image": NEW}, whole=True)
    assert (done.code, running_images(done.played.world)) == (0, [NEW])
    outputs = dict(done.outputs)
    assert outputs.pop("report").startswith("### ecs-deploy: web (prod)")
    assert outputs.pop("deployment-id").startswith("ecs-svc/")
    revision = outputs.pop("to-revision")
    assert revision.endswith(":task-definition/web:3")
    assert outputs == {
        "verdict": "succeeded",
        "exit-code": "0",
        "from-revision": revision.replace("web:3", "web:2"),
        "task-definition-arn": revision,
    }


def test_a_failure_has_its_cause(tmp_path: Path) -> None:
    done = step(shipped("crash-loop"), tmp_path, {**WEB, "image": NEW})
    assert (done.code, done.outputs["verdict"], done.outputs["exit-code"]) == (21, "rolled_back", "21")
    assert done.outputs["cause-code"] == "E-CONTAINER-EXIT"
    assert done.outputs["cause"].startswith('container "app" exits 1 about 4 s after start')
    assert [line for line in done.said.splitlines() if line.startswith("::")] == [
        line for line in done.played.stderr.splitlines() if line.startswith("::error title=ecs-deploy%3A web (prod)::")
    ]


NOTHING = (
    "Nothing to deploy is named. Give `--image`, `--tag`, `--base`, `--env`, `--secret`, `--revision` or"
    " `--force-new-deployment`."
)


def test_a_usage_error_of_the_command_line_has_an_exit_code_and_no_verdict(tmp_path: Path) -> None:
    done = step(a_world(), tmp_path, WEB)
    assert (done.code, done.outputs) == (64, {"exit-code": "64", "cause": NOTHING})
    errors = [line for line in done.said.splitlines() if line.startswith("::error")]
    assert errors == [f"::error title=ecs-deploy::{NOTHING}"]
