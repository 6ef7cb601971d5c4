"""What the shell is told when somebody presses Tab."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable

import pytest

from ecsdeploy.cli.click.completion import script
from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.environment import COMPLETE, SHELLS
from ecsdeploy.cli.options.table import OPTIONS
from ecsdeploy.diagnose.table import BY_CODE
from ecsdeploy.sim import scenario_names
from tests.unit.cli.builders import IMAGE, WEB, Api, Ran, ran, surroundings

Tab = Callable[[str], list[str]]
every_shell = pytest.mark.parametrize("shell", SHELLS)


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Tab:
    """What bash offers for a line of which the last word is incomplete."""

    def press(line: str) -> list[str]:
        words = line.split(" ")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        run = asked("bash_complete")
        assert (run.code, run.stderr) == (0, ""), run
        return [offered.partition(",")[2] for offered in run.stdout.split()]

    return press


def asked(what: str) -> Ran:
    return ran((), surroundings(variables={COMPLETE: what}))


OFFERS = [
    pytest.param("ecs-deploy rol", ["rollback"], id="a command"),
    pytest.param("ecs-deploy ", [*COMMANDS], id="every command"),
    pytest.param("ecs-deploy deploy --wait-u", ["--wait-until"], id="an option of a command"),
    pytest.param("ecs-deploy deploy -to 7 --wait-u", ["--wait-until"], id="after an option that deploy has not"),
    pytest.param("ecs-deploy deploy --wait-until h", ["healthy"], id="a value of a command's option"),
    pytest.param("ecs-deploy status --output ", ["lines", "json"], id="every value"),
    pytest.param("ecs-deploy deploy --base r", ["r", "running"], id="a word or a file"),
    pytest.param("ecs-deploy deploy -c ", [], id="a cluster: AWS is not asked"),
    pytest.param("ecs-deploy --enable-r", ["--enable-rollback"], id="an option of the flag form"),
    pytest.param("ecs-deploy -c prod --enable-r", ["--enable-rollback"], id="a later one of the flag form"),
    pytest.param("ecs-deploy -to 7 --skip-d", ["--skip-deployments-check"], id="after a short one of two letters"),
    pytest.param("ecs-deploy -c prod ro", [], id="no command after an option"),
    pytest.param("ecs-deploy --run-task --launch-type F", ["FARGATE"], id="a value of the flag form"),
    pytest.param("ecs-deploy --task-definition-file def", ["def"], id="a file"),
    pytest.param("ecs-deploy completion z", ["zsh"], id="a shell"),
    pytest.param("ecs-deploy explain E-EXEC-FORMAT", ["E-EXEC-FORMAT"], id="a code"),
    pytest.param("ecs-deploy demo crash-loop-p", ["crash-loop-p", "crash-loop-patience"], id="a scenario, or a file"),
    pytest.param("ecs-deploy demo --scenario crash-l", ["crash-l"], id="a file, by its option"),
    pytest.param("ecs-deploy nonsense --", ["--help"], id="nothing of a command that there is not"),
]


@pytest.mark.parametrize(("line", "offered"), OFFERS)
def test_the_word_is_completed(line: str, offered: list[str], tab: Tab) -> None:
    assert tab(line) == offered


def test_every_option_of_the_flag_form_is_offered(tab: Tab) -> None:
    names = {name for option in OPTIONS for name in option.spellings if name.startswith("--")}
    assert set(tab("ecs-deploy --")) == names


def test_there_is_something_to_offer() -> None:
    assert "E-EXEC-FORMAT" in BY_CODE
    assert "crash-loop" in scenario_names()


@every_shell
def test_the_script_is_printed_by_the_command_and_by_the_variable(shell: str) -> None:
    printed = ran(("completion", shell))
    assert printed == asked(f"{shell}_source")
    assert (printed.code, printed.stdout, printed.stderr) == (0, f"{script(shell, 'ecs-deploy')}\n", "")
    assert f"{COMPLETE}={shell}_complete" in printed.stdout


def test_a_variable_left_over_keeps_nobody_from_a_release(api: Api) -> None:
    run = ran((*WEB, "-i", IMAGE), surroundings(variables={COMPLETE: "bash_complete"}))
    assert run.code == 0
    assert len(api.requests) == 1


@pytest.mark.parametrize("what", ["bash", "bash_", "tcsh_source", "_source", "1"])
def test_a_variable_that_asks_for_nothing_is_told(what: str) -> None:
    run = asked(what)
    assert (run.code, run.stdout) == (1, "")
    assert f"`{COMPLETE}` is `{what}`" in run.stderr


@pytest.mark.parametrize("variables", [{}, {"COMP_WORDS": "ecs-deploy"}, {"COMP_WORDS": "x", "COMP_CWORD": "y"}])
def test_a_shell_that_says_not_what_was_typed_is_told(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COMP_WORDS", "COMP_CWORD"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    run = asked("bash_complete")
    assert (run.code, run.stdout) == (1, "")
    assert "`COMP_WORDS`" in run.stderr


@pytest.mark.parametrize("words", [(), ("tcsh",), ("bash", "zsh")])
def test_completion_is_for_one_of_three_shells(words: tuple[str, ...]) -> None:
    run = ran(("completion", *words))
    assert (run.code, run.stdout) == (64, "")
    assert "`bash`, `zsh`, `fish`" in run.stderr


PROGRAM = """
import sys
from ecsdeploy.cli.main import main
code = main([])
heavy = {"botocore", "rich", "moto", "jinja2"} & sys.modules.keys()
sys.exit(code or (f"loaded {sorted(heavy)}" if heavy else 0))
"""


@pytest.mark.parametrize("line", ["ecs-deploy ", "ecs-deploy rollback --to ", "ecs-deploy -c "])
def test_completing_loads_no_sdk_and_so_asks_nobody(line: str) -> None:
    around = {COMPLETE: "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(shlex.split(line)))}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=around, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
