"""Our own inputs are the options of `ecs-deploy deploy`."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.ours import translate
from action.vocabularies import OURS
from ecsdeploy.cli.options.table import SHARED
from ecsdeploy.errors import UsageError
from tests.action.steps import step
from tests.cli.test_junit import cases, suite_of
from tests.cli.worlds import NEW, a_world, running_images, shipped

WEB = {"cluster": "prod", "service": "web"}


def test_each_input_is_the_long_option_of_that_name() -> None:
    options = {name.removeprefix("--") for each in SHARED for name in each.names}
    # One variable is given with `--secret`, and several with `secrets`.
    assert set(OURS) - {"container", "secrets", "args"} <= options


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"image": "a:1"}, ("--image=a:1",), id="image"),
        pytest.param({"image": "x=a:1\ny=b:2"}, ("--image=x=a:1", "--image=y=b:2"), id="images"),
        pytest.param({"image": "a:1", "container": "app"}, ("--image=app=a:1",), id="container"),
        pytest.param({"tag": "--help"}, ("--tag=--help",), id="no text is an option"),
        pytest.param({"skip-unchanged": "True"}, ("--skip-unchanged",), id="on"),
        pytest.param({"skip-unchanged": "false"}, (), id="off"),
        pytest.param(
            {"copy-task-definition-tags": "false"}, ("--no-copy-task-definition-tags",), id="off, where it is on"
        ),
        pytest.param({"env": "A=1\n\n  app:B=x = y \n"}, ("--env=A=1", "--env=app:B=x = y"), id="env"),
        pytest.param({"env": "A=x\u2028B=1\x0bC=2\r\nD=3"}, ("--env=A=x\u2028B=1\x0bC=2", "--env=D=3"), id="lines"),
        pytest.param({"secrets": "A=/a\nB=/b"}, ("--secret=A=/a", "--secret=B=/b"), id="secrets"),
        pytest.param({"before": "app: rake db:migrate"}, ("--before=app: rake db:migrate",), id="before"),
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
        pytest.param({"env": "A=1\n\nhunter2"}, "Line 3 of the input `env` has no `=`", id="a line of env"),
        pytest.param({"secrets": "hunter2"}, "Line 1 of the input `secrets` has no `=`", id="a line of secrets"),
        pytest.param({"container": "app"}, "`container` goes with one `image`", id="container without image"),
        pytest.param({"container": "app", "image": "x=a:1"}, "`container` goes with one `image`", id="two containers"),
    ],
)
def test_what_cannot_be_used_is_said(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        translate(given)
    assert "hunter2" not in f"{caught.value.message} {caught.value.hint}"


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


EDITED = {
    **WEB,
    "image": NEW,
    "env": "LEVEL=debug\nAPI_TOKEN=cAnary-1a2b3c",
    "secrets": "DB_PASSWORD=arn:aws:ssm:us-east-1:123456789012:parameter/web/db",
}


def test_variables_and_secrets_are_set_and_no_value_is_shown(tmp_path: Path) -> None:
    done = step(shipped("good"), tmp_path, {**EDITED, "args": "--debug-file log.txt"}, whole=True)
    assert done.code == 0, done.said
    (container,) = done.played.registered["containerDefinitions"]
    assert container["environment"][-2:] == [
        {"name": "LEVEL", "value": "debug"},
        {"name": "API_TOKEN", "value": "cAnary-1a2b3c"},
    ]
    assert container["secrets"] == [
        {"name": "DB_PASSWORD", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/web/db"}
    ]
    told = done.said + done.played.stderr + str(done.played.events) + str(done.outputs)
    written = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert "API_TOKEN" in told
    assert "cAnary" not in told + written


def test_a_secret_given_in_place_of_a_reference_is_refused_and_not_shown(tmp_path: Path) -> None:
    done = step(shipped("good"), tmp_path, {**EDITED, "secrets": "DB_PASSWORD=correct horse"}, whole=True)
    assert done.code == 64
    assert "it may be the secret itself" in done.said
    assert "horse" not in done.said


@pytest.mark.parametrize(("exits", "code", "verdict"), [(0, 0, "succeeded"), (3, 20, "failed")])
def test_a_task_before_the_release_decides(exits: int, code: int, verdict: str, tmp_path: Path) -> None:
    done = step(shipped("good"), tmp_path, {**WEB, "image": NEW, "before": f"exit {exits}"})
    assert (done.code, done.outputs["verdict"]) == (code, verdict)
    assert len(done.played.requests("UpdateService")) == (0 if code else 1)
    (asked,) = done.played.requests("RunTask")
    assert asked["overrides"]["containerOverrides"][0]["command"] == ["exit", str(exits)]


NOTHING = (
    "Nothing to deploy is named. Give an image (`--image`, `--tag`, `--base`), an edit such as `--env`, `--revision` or"
    " `--force-new-deployment`."
)


@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        pytest.param({"image": NEW}, 20, "FAILED", id="ours"),
        pytest.param({"task-definition-arn": "web:1"}, 0, "web:1", id="beside AWS's inputs"),
    ],
)
def test_the_page_of_a_run_is_written_where_report_says(
    inputs: dict[str, str], code: int, said: str, tmp_path: Path
) -> None:
    report = tmp_path / "release.html"
    done = step(shipped("crash-loop-no-breaker"), tmp_path, WEB | inputs | {"report": str(report)})
    assert done.code == code, done.said
    assert said in report.read_text(encoding="utf-8")
    assert said in done.outputs["report"], "the output of that name stays the summary"


def test_inputs_that_cannot_be_used_are_in_the_report_that_was_asked_for(tmp_path: Path) -> None:
    report = tmp_path / "release.xml"
    done = step(a_world(), tmp_path, WEB | {"image": NEW, "verbose": "maybe", "junit": str(report)})
    assert (done.code, done.played.world.calls) == (64, ())
    assert cases(suite_of(report)) == {"checks command line": ("error",)}


def test_a_usage_error_of_the_command_line_has_an_exit_code_and_no_verdict(tmp_path: Path) -> None:
    done = step(a_world(), tmp_path, WEB)
    assert (done.code, done.outputs) == (64, {"exit-code": "64", "cause": NOTHING})
    errors = [line for line in done.said.splitlines() if line.startswith("::error")]
    assert errors == [f"::error title=ecs-deploy::{NOTHING}"]
