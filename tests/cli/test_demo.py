"""`ecs-deploy demo` and `ecs-deploy sim`."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import PacedClock, WorldClock
from ecsdeploy.sim import Scenario, Server, SimError, World, scenario_names, serve, several_names
from tests.cli.worlds import NEW, RELEASE, SUCCESS, a_world, service, surroundings, table


def demo(*words: str, around: Environment | None = None) -> tuple[int, str, str]:
    environment = around or surroundings()
    code = main(("demo", *words), environment)
    assert isinstance(environment.stdout, io.StringIO)
    assert isinstance(environment.stderr, io.StringIO)
    return code, environment.stdout.getvalue(), environment.stderr.getvalue()


def test_the_command_line_is_shown_first_and_its_exit_code_is_ours() -> None:
    code, stdout, stderr = demo("--scenario", "crash-loop")
    first, second, *_ = stderr.splitlines()
    assert code == 1
    assert first.startswith("A simulation")
    assert second == "$ ecs-deploy -c prod -n web -i registry.example.com/team/web:2 -t 600"
    assert SUCCESS not in stdout


def test_a_good_release_is_the_default() -> None:
    code, stdout, _ = demo()
    assert (code, stdout.splitlines()[-1]) == (0, SUCCESS)


def test_who_names_no_scenario_is_told_what_else_there_is() -> None:
    told = "Next: `ecs-deploy demo crash-loop` shows a failure explained; `ecs-deploy demo --list` lists the scenarios."
    assert demo()[2].splitlines()[-1] == told
    assert told not in demo("good")[2]
    assert told not in demo("--quiet")[2]


def test_json_ends_with_the_result() -> None:
    code, stdout, _ = demo("--scenario", "crash-loop", "--output", "json")
    result = json.loads(stdout.splitlines()[-1])
    assert (code, result["type"], result["status"], result["exit_code"]) == (1, "result", "rolled_back", 1)
    assert result["cause"]["code"] == "E-CONTAINER-EXIT"
    assert "exit code 1" in result["cause"]["evidence"]
    assert "KeyError: 'DATABASE_URL'" in result["cause"]["evidence"]


def test_how_it_is_shown_is_passed_on() -> None:
    _, _, stderr = demo("-v", "--quiet", "--color", "never")
    assert stderr.splitlines()[1].endswith("-t 600 --color never --quiet --verbose")
    assert "UpdateService" in stderr


def test_the_list_has_a_line_for_each_scenario() -> None:
    code, stdout, _ = demo("--list")
    assert code == 0
    assert [line.split()[0] for line in stdout.splitlines()] == [*scenario_names(), *several_names()]


def scenario_file(folder: Path, name: str, **expect: object) -> Path:
    head = f'schema = 1\nname = "{name}"\nsummary = "one of ours"\n'
    parts = (head, service(), table("[deploy]", {"args": list(RELEASE)}), table("[expect]", expect))
    path = folder / f"{name}.toml"
    path.write_text("\n".join(parts))
    return path


def test_a_broken_expectation_is_shown_with_what_came(tmp_path: Path) -> None:
    scenario_file(tmp_path, "held", exit_code=0)
    scenario_file(tmp_path, "wrong", exit_code=7, final_image=NEW)
    code, stdout, _ = demo("--check", str(tmp_path))
    assert code == 1
    assert "  held    exit_code: 0" in stdout.splitlines()
    assert "  broken  exit_code: expected 7, got 0" in stdout.splitlines()
    assert demo("--check", str(tmp_path / "held.toml"), "good")[0] == 0


WRONG = [
    pytest.param(("--scenario", "no-such"), id="unknown name"),
    pytest.param(("--scenario", "broken.toml"), id="broken file"),
    pytest.param(("--check", "empty"), id="empty folder"),
    pytest.param(("good", "unhealthy"), id="two at a time"),
    pytest.param(("--pace", "0"), id="pace"),
    pytest.param(("--output", "live"), id="output"),
    pytest.param(("--wat",), id="option"),
]


@pytest.mark.parametrize("words", WRONG)
def test_what_cannot_be_played_is_64_in_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("schema = 1\nnonsense = 2\n")
    (tmp_path / "empty").mkdir()
    code, stdout, stderr = demo(*words, around=surroundings(tmp_path))
    assert (code, stdout, stderr.count("\n")) == (64, "", 1)


def test_the_user_s_aws_settings_stay_outside() -> None:
    variables = {"AWS_PROFILE": "mine", "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "http://elsewhere"}
    assert demo(around=surroundings(variables=variables))[0] == 0


def test_only_a_terminal_without_a_chosen_output_is_paced(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    terminal = replace(surroundings(), stderr_is_terminal=True)
    for words in ((), ("--output", "lines"), ("--output", "json")):
        assert demo(*words, around=terminal)[0] == 0
        assert bool(slept) is (words == ())
        slept.clear()


def test_a_paced_clock_divides_the_wait_and_not_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    clock = PacedClock(WorldClock(a_world().clock), 20)
    before, started = clock.now(), clock.monotonic()
    clock.sleep(10)
    assert waited == [0.5]
    assert clock.monotonic() - started == 10
    assert (clock.now() - before).total_seconds() == 10
    assert before.utcoffset() is not None


COMMAND = (sys.executable, "-m", "ecsdeploy")


@pytest.fixture
def simulator() -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    process = subprocess.Popen(
        [*COMMAND, "sim", "--port", "0", "--speed", "100", "-v"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    exports = [process.stdout.readline().removeprefix("export ").strip() for _ in range(5)]
    yield process, {name: value.strip("'") for name, _, value in (line.partition("=") for line in exports)}
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_simulator_serves_until_it_is_interrupted(
    simulator: tuple[subprocess.Popen[str], dict[str, str]], number: int
) -> None:
    process, exports = simulator
    port = exports["AWS_ENDPOINT_URL"].rpartition(":")[2]
    printed = subprocess.run(
        [*COMMAND, "sim", "--print-env", "--port", port], capture_output=True, text=True, check=True
    )
    assert f"export AWS_ENDPOINT_URL=http://127.0.0.1:{port}" in printed.stdout.splitlines()
    deployed = subprocess.run(
        [*COMMAND, *RELEASE, "-t", "600"], capture_output=True, text=True, check=False, env={**os.environ, **exports}
    )
    assert (deployed.returncode, deployed.stdout.splitlines()[-1:]) == (0, [SUCCESS])
    assert deployed.stderr.startswith(f"Endpoint: http://127.0.0.1:{port} ")
    process.send_signal(number)
    _, stderr = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "UpdateService" in stderr
    assert stderr.splitlines()[1] == f"To look at it: http://127.0.0.1:{port}/"
    assert stderr.splitlines()[-1] == "The simulator has stopped."


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ((), None),
        (("--start", "2025-06-01T08:00:00+02:00"), datetime(2025, 6, 1, 6, tzinfo=UTC)),
        (("--start", "2025-06-01"), datetime(2025, 6, 1, tzinfo=UTC)),
    ],
    ids=["now", "with a zone", "a day"],
)
def test_w08_a_served_world_begins_now_or_when_it_is_told_and_so_it_begins_again(
    words: tuple[str, ...], begins: datetime | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[World] = []

    def serve(world: World, *, begin: Callable[[Scenario], World], **_: object) -> None:
        begun.extend((world, begin(world.scenario)))
        raise SimError("It is not served.")

    monkeypatch.setattr("ecsdeploy.sim.serve", serve)
    assert main(("sim", *words), surroundings()) == 64
    for world in begun:
        assert abs(world.clock.time() - (begins or datetime.now(UTC)).timestamp()) < 60


def test_a_simulator_beyond_loopback_says_who_can_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    def on_loopback(world: World, *, host: str, beyond_loopback: bool, **_: object) -> Server:
        asked.append((host, beyond_loopback))
        server = serve(world, host="127.0.0.1", port=0, speed=1)
        monkeypatch.setattr(server, "run_forever", lambda: None)
        return server

    monkeypatch.setattr("ecsdeploy.sim.serve", on_loopback)
    for words, warns in ((("--listen", "192.0.2.1"), True), ((), False)):
        around = surroundings(variables={"ECS_DEPLOY_LISTEN": "192.0.2.1"})
        assert main(("sim", *words), around) == 0
        assert isinstance(around.stderr, io.StringIO)
        said = around.stderr.getvalue()
        assert ("Warning: whoever reaches 192.0.2.1 port" in said) is warns
        assert "`ECS_DEPLOY_LISTEN` is not a setting, and is ignored." in said
    assert asked == [("192.0.2.1", True), ("127.0.0.1", False)]


def test_no_simulator_to_print_is_1_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecsdeploy.cli.commands.sim._PATIENCE", -1)
    around = surroundings()
    assert main(("sim", "--print-env", "--port", "1"), around) == 1
    assert isinstance(around.stderr, io.StringIO)
    assert "127.0.0.1:1" in around.stderr.getvalue()


@pytest.mark.parametrize("words", [("--host", "0.0.0.0"), ("--port", "{taken}")], ids=["host", "port"])  # noqa: S104
def test_a_simulator_that_cannot_listen_says_why_once(words: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        around = surroundings()
        assert main(("sim", *(word.format(taken=port) for word in words)), around) == 64
    assert isinstance(around.stderr, io.StringIO)
    said = around.stderr.getvalue()
    assert ".." not in said
    assert said.count("listen") + said.count("in use") == 1


SIM_WRONG = [
    ("--host", "0.0.0.0"),  # noqa: S104 - it is refused
    ("--host", "example.com"),
    ("--listen", "example.com"),
    ("--listen", "192.0.2.1", "--host", "127.0.0.1"),
    ("--listen", "192.0.2.1"),
    ("--port", "70000"),
    ("--port", "x"),
    ("--speed", "0"),
    ("--speed", "nan"),
    ("--seed", "x"),
    ("--start", "yesterday"),
    ("--start", "1066-10-14"),
    ("--scenario", "no-such"),
]


@pytest.mark.parametrize("words", SIM_WRONG, ids=" ".join)
def test_what_cannot_be_simulated_is_64_in_one_line(words: tuple[str, ...]) -> None:
    around = surroundings()
    assert main(("sim", *words), around) == 64
    assert isinstance(around.stderr, io.StringIO)
    assert around.stderr.getvalue().count("\n") == 1
