"""What the first lines of help need is all that they load."""

import json
import subprocess
import sys

import pytest

from ecsdeploy.cli.commands import COMMANDS

HEAVY = (
    "asyncio",
    "boto3",
    "botocore",
    "click",
    "concurrent",
    "jinja2",
    "jsonpatch",
    "junitparser",
    "moto",
    "rich",
    "tomllib",
    "urllib3",
)

PROGRAM = """
import contextlib, io, json, sys
from ecsdeploy.cli.main import main
with contextlib.redirect_stdout(io.StringIO()) as shown:
    code = main(sys.argv[1:])
print(json.dumps({"code": code, "shown": bool(shown.getvalue()), "loaded": sorted(sys.modules)}))
"""


def _loaded_by(*argv: str) -> set[str]:
    """The heavy libraries that a process has loaded after running this command."""
    return set(HEAVY) & _modules_of(*argv)


def _modules_of(*argv: str, code: int = 0) -> set[str]:
    run = subprocess.run([sys.executable, "-c", PROGRAM, *argv], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout.splitlines()[-1])
    assert answer["code"] == code
    assert answer["shown"] or code
    return set(answer["loaded"])


@pytest.mark.parametrize("flag", ["--help", "-h", "--version"])
def test_flag_form_says_what_it_is_without_any_library(flag: str) -> None:
    assert _loaded_by(flag) == set()


@pytest.mark.parametrize("argv", ["deploy --help", "explain E-DEADLOCK", "completion bash"])
def test_what_needs_no_aws_loads_neither_the_sdk_nor_the_terminal(argv: str) -> None:
    assert _loaded_by(*argv.split()) <= {"click"}


@pytest.mark.parametrize(("argv", "code"), [("deploy -c prod", 64), ("-c prod -n web -i acme/web:1 -t soon", 1)])
def test_what_is_asked_wrong_is_told_without_what_carries_it_out(argv: str, code: int) -> None:
    loaded = _modules_of(*argv.split(), code=code)
    assert {each for each in loaded if each.startswith(("ecsdeploy.engine", "ecsdeploy.api"))} == set()


@pytest.mark.parametrize("output", ["lines", "json"])
def test_a_run_that_is_not_drawn_loads_no_terminal_library(output: str) -> None:
    assert "rich" not in _loaded_by("demo", "--output", output)


def test_a_release_loads_the_library_of_reports_only_when_one_is_asked_for() -> None:
    assert "junitparser" not in _loaded_by("demo")


def test_a_good_release_loads_no_cause_of_a_failure() -> None:
    """They are three dozen modules, and a thirtieth of its CPU time."""
    loaded = _modules_of("demo", "--check", "good")
    assert {each for each in loaded if each.startswith("ecsdeploy.diagnose")} == set()


def test_a_release_of_an_image_alone_loads_nothing_that_edits_other_parts() -> None:
    loaded = _modules_of("demo", "--check", "good")
    assert {"ecsdeploy.cli.words.variables", "ecsdeploy.plan.variables", "ecsdeploy.plan.parts"} & loaded == set()


def test_a_release_by_ecs_itself_loads_nothing_of_codedeploy() -> None:
    loaded = {each for each in _modules_of("demo", "--check", "good") if "codedeploy" in each}
    assert {each for each in loaded if not each.startswith("ecsdeploy.sim.")} == set()


@pytest.mark.parametrize(
    ("argv", "loaded"),
    [
        pytest.param("--help", set(), id="the help of the program"),
        pytest.param("explain E-DEADLOCK", {"explain"}, id="a command"),
        pytest.param("plan --help", {"deploy", "plan"}, id="a command that is another one not carried out"),
    ],
)
def test_commands_that_are_not_asked_for_are_not_loaded(argv: str, loaded: set[str]) -> None:
    modules = _modules_of(*argv.split())
    assert {name for name in COMMANDS if f"ecsdeploy.cli.commands.{name}" in modules} == loaded
