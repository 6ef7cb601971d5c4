"""Scenario files of somebody else's: what `demo` and `sim` play of them, refuse, and say of their mistakes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ecsdeploy.cli.main import main
from tests.cli.worlds import CRASHES, NEW, RELEASE, Played, a_world, service, surroundings, table

HEAD = 'schema = 1\nname = "theirs"\n'
RELEASED = table("[deploy]", {"args": list(RELEASE)})
IMPOSSIBLE = service(deployment={"maximum_percent": 50})


def ran(folder: Path, words: Sequence[str], *parts: str) -> Played:
    """The command with the scenario of these parts in place of `FILE`."""
    (folder / "theirs.toml").write_text("\n".join((HEAD, *(parts or (service(), RELEASED)))))
    around = surroundings(folder)
    code = main(["theirs.toml" if word == "FILE" else word for word in words], around)
    assert isinstance(around.stdout, io.StringIO)
    assert isinstance(around.stderr, io.StringIO)
    return Played(code, around.stdout.getvalue(), around.stderr.getvalue(), (), a_world())


def deploys(*args: str) -> str:
    return table("[deploy]", {"args": args})


BOTH = pytest.mark.parametrize("words", [("demo", "FILE"), ("demo", "--check", "FILE")], ids=["demo", "check"])
EXPECTED = table("[expect]", {"exit_code": 0})
PAUSED = {
    "strategy": "BLUE_GREEN",
    "lifecycle_hooks": [{"target_type": "PAUSE", "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"]}],
}


@BOTH
@pytest.mark.parametrize("switch", ["--eval-image", "--eval-image="])
def test_a_scenario_runs_no_shell(words: tuple[str, ...], switch: str, tmp_path: Path) -> None:
    image = f"registry.example.com/team/web:$(touch {tmp_path}/pwned; echo 2)"
    run = ran(tmp_path, words, service(), deploys("-c", "prod", "-n", "web", "-i", image, switch), EXPECTED)
    assert (run.code, run.stdout, run.stderr.count("\n")) == (64, "", 1)
    assert "`--eval-image`" in run.stderr
    assert f"`{tmp_path}/theirs.toml`" in run.stderr
    assert not (tmp_path / "pwned").exists()


@BOTH
def test_a_scenario_runs_no_program(words: tuple[str, ...], tmp_path: Path) -> None:
    world = service(deployment=PAUSED, load_balancer={"health_interval": 10})
    smoke = ("--smoke", f"touch {tmp_path}/pwned")
    run = ran(tmp_path, words, world, deploys("deploy", *RELEASE, *smoke), EXPECTED)
    assert (run.code, run.stdout, run.stderr.count("\n")) == (64, "", 1)
    assert "`--smoke`: a scenario runs no program" in run.stderr
    assert not (tmp_path / "pwned").exists()


@BOTH
def test_a_scenario_writes_no_file(words: tuple[str, ...], tmp_path: Path) -> None:
    run = ran(tmp_path, words, service(), deploys(*RELEASE, "--debug-file=log.txt"), EXPECTED)
    assert (run.code, run.stderr.count("\n")) == (64, 1)
    assert not (tmp_path / "log.txt").exists()


@BOTH
@pytest.mark.parametrize("command", ["demo", "sim", "", "web"])
def test_a_scenario_plays_the_flag_form_or_deploy_alone(words: tuple[str, ...], command: str, tmp_path: Path) -> None:
    args = deploys(command, "demo" if not command else "theirs.toml")
    run = ran(tmp_path, words, service(), args, EXPECTED)
    assert (run.code, run.stdout, run.stderr.count("\n")) == (64, "", 1)
    assert f"not of `{command or 'demo'}`." in run.stderr
    assert f"`{tmp_path}/theirs.toml`" in run.stderr


@pytest.mark.parametrize("args", [RELEASE, ("deploy", *RELEASE)], ids=["flags", "deploy"])
def test_both_grammars_can_be_played(args: tuple[str, ...], tmp_path: Path) -> None:
    assert ran(tmp_path, ("demo", "FILE"), service(), deploys(*args)).code == 0


def test_a_scenario_takes_no_settings_of_the_folder_it_is_played_in(tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text('wait-until = "registered"\n')
    parts = (service(), deploys("deploy", *RELEASE), table("[expect]", {"final_image": NEW}))
    assert ran(tmp_path, ("demo", "--check", "FILE"), *parts).code == 0


@BOTH
@pytest.mark.parametrize("parts", [(service(),), (service(), deploys()), (service(), deploys(""))])
def test_a_scenario_without_a_command_line_says_what_is_missing(
    words: tuple[str, ...], parts: tuple[str, ...], tmp_path: Path
) -> None:
    run = ran(tmp_path, words, *parts, EXPECTED)
    assert (run.code, run.stdout) == (64, "")
    assert run.stderr == f"`{tmp_path}/theirs.toml` has no `[deploy] args`, the command line to play.\n"


def test_a_scenario_without_a_summary_leaves_nothing_dangling(tmp_path: Path) -> None:
    run = ran(tmp_path, ("demo", "FILE"))
    assert run.stderr.splitlines()[0] == "A simulation, nothing is sent to AWS"


@pytest.mark.parametrize("words", [("demo", "FILE"), ("demo", "--check", "FILE"), ("sim", "--scenario", "FILE")])
def test_a_world_that_cannot_be_is_64_in_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    run = ran(tmp_path, words, IMPOSSIBLE, RELEASED, EXPECTED)
    assert (run.code, run.stdout, run.stderr.count("\n")) == (64, "", 1)
    assert "theirs.toml" in run.stderr
    assert run.stderr.endswith("maximumPercent must be at least 100.\n")


@pytest.mark.parametrize("parts", [(service(),), (service(), RELEASED)], ids=["world alone", "nothing expected"])
def test_a_check_of_nothing_is_1(parts: tuple[str, ...], tmp_path: Path) -> None:
    run = ran(tmp_path, ("demo", "--check", "FILE"), *parts)
    assert (run.code, run.stderr) == (1, "")
    assert run.stdout.splitlines() == ["theirs", "  nothing was checked: it has no `[expect]`"]


def test_a_check_of_a_text_says_which(tmp_path: Path) -> None:
    expect = {"stdout_has": ["Service deployment", "no such"], "stdout_lacks": ["Rolling back", "New task"]}
    run = ran(tmp_path, ("demo", "--check", "FILE"), service(), RELEASED, table("[expect]", expect))
    assert run.code == 1
    assert run.stdout.splitlines()[1:] == [
        "  held    stdout_has: `Service deployment` found",
        "  broken  stdout_has: `no such` not found",
        "  held    stdout_lacks: `Rolling back` not found",
        "  broken  stdout_lacks: `New task` found",
    ]


NAMES = [
    pytest.param("god", "There is no scenario `god`. Did you mean `good`?\n", id="near"),
    pytest.param("zzz", "There is no scenario `zzz`. `ecs-deploy demo --list` lists", id="far"),
]


@pytest.mark.parametrize("command", ["demo", "sim"])
@pytest.mark.parametrize(("name", "said"), NAMES)
def test_an_unknown_name_names_the_nearest_or_the_list(command: str, name: str, said: str, tmp_path: Path) -> None:
    run = ran(tmp_path, (command, "--scenario", name))
    assert run.code == 64
    assert run.stderr.startswith(said)


@pytest.mark.parametrize("words", [("demo", "FILE"), ("demo", "missing.toml"), ("demo", "./missing")])
def test_a_mistake_in_a_file_is_not_followed_by_the_list(words: tuple[str, ...], tmp_path: Path) -> None:
    run = ran(tmp_path, words, service(nonsense=1), RELEASED)
    assert (run.code, run.stderr.count("\n")) == (64, 1)
    assert "--list" not in run.stderr


LAST = "The commands above are for AWS; here everything was simulated."


@pytest.mark.parametrize(("parts", "told"), [((CRASHES,), True), ((), False)], ids=["failure", "success"])
def test_commands_to_paste_are_said_to_be_for_aws(parts: tuple[str, ...], told: bool, tmp_path: Path) -> None:
    run = ran(tmp_path, ("demo", "FILE"), service(deployment={"circuit_breaker": "stop"}), RELEASED, *parts)
    assert (run.stderr.splitlines()[-1].strip() == LAST) is told
    assert (LAST in run.stderr) is told


def test_the_block_of_a_demo_keeps_to_the_terminal(tmp_path: Path) -> None:
    around = replace(surroundings(tmp_path), width=40)
    assert main(("demo", "crash-loop"), around) == 1
    assert isinstance(around.stderr, io.StringIO)
    block = around.stderr.getvalue().partition(" ✖ ")[2].splitlines()
    prose = [line for line in block if not line[9:].startswith(("aws ", "ecs-deploy ", "https://", "│ ", "/ecs/"))]
    assert all(len(line) <= 40 or " " not in line[9:] for line in prose[1:])
