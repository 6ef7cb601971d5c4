"""Closed pipes and signals, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.cli.session.streams import unbreakable
from tests.cli.worlds import (
    NEW,
    RELEASE,
    SUCCESS,
    WEB,
    a_world,
    behaves,
    fault,
    later,
    play,
    running_images,
    service,
    surroundings,
)

COMMAND = (sys.executable, "-m", "ecsdeploy")
DEMO = (*COMMAND, "demo", "--output", "lines")


@pytest.mark.parametrize(("scenario", "code"), [("good", 0), ("crash-loop", 1)])
def test_f28_a_reader_that_goes_away_changes_nothing(scenario: str, code: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen([*DEMO, "--scenario", scenario], stdout=writer, stderr=subprocess.PIPE, text=True) as process:
        os.close(writer)
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == code
    assert "BrokenPipe" not in stderr
    assert "Exception" not in stderr


def test_f28_neither_stream_is_needed() -> None:
    shell = ["/bin/sh", "-c", '"$0" -m ecsdeploy demo >&- 2>&-', sys.executable]
    assert subprocess.run(shell, check=False, timeout=30).returncode == 0


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--version",), 1),
        (("--help",), 1),
        (("plan", "--help"), 1),
        (("demo", "--list"), 1),
        (("demo", "good", "--output", "json"), 1),
        (("demo", "good"), 0),
        (("demo", "crash-loop"), 1),
        (("demo", "crash-loop", "--output", "json"), 1),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else str(each),
)
def test_m07_output_that_cannot_be_written_is_said(words: tuple[str, ...], code: int) -> None:
    """A success fails by it where the output was its point; a deployment has its own end."""
    with FULL.open("w") as full:
        done = subprocess.run([*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert done.stderr.count("The output is not complete, it could not be written: No space left on device.") == 1
    assert "Exception" not in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("status", *WEB), 1),
        (("plan", *WEB, "--image", NEW, "--exit-code"), 1),
        ((*RELEASE, "--dry-run"), 1),
        (("deploy", *WEB, "--image", NEW, "--output", "json"), 1),
        (("deploy", *WEB, "--image", NEW), 0),
        (("deploy", *WEB, "--image", NEW, "--expect-account", "999999999999"), 26),
    ],
    ids=["status", "plan", "dry-run", "json", "lines", "refused"],
)
def test_m07_what_is_written_nowhere_decides_only_where_it_was_the_point(words: tuple[str, ...], code: int) -> None:
    with FULL.open("w") as full:
        around = replace(surroundings(), stdout=unbreakable(full))
        assert main(words, inside(a_world(), around)) == code


def test_f70_an_ascii_terminal_gets_no_error() -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    words = [*DEMO, "--scenario", "crash-loop"]
    done = subprocess.run(words, capture_output=True, check=False, timeout=30, env=environment)
    assert done.returncode == 1
    assert done.stderr.isascii()


@pytest.fixture
def hangups() -> Iterator[None]:
    """A process inherits which signals are ignored; `nohup` has this one."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.usefixtures("hangups")
def test_f25_an_interrupt_while_waiting_says_where_things_stand(number: int, code: int, tmp_path: Path) -> None:
    """Against a server: only there does time pass."""
    server = subprocess.Popen(
        [*COMMAND, "sim", "--port", "0", "--speed", "1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        exports = [server.stdout.readline().removeprefix("export ").strip() for _ in range(5)]
        environment = os.environ | {name: value for name, _, value in (line.partition("=") for line in exports)}
        said = tmp_path / "stderr"
        with said.open("w") as stderr:
            client = subprocess.Popen([*COMMAND, *RELEASE], stdout=subprocess.DEVNULL, stderr=stderr, env=environment)
        deadline = time.monotonic() + 20
        while "started ecs-svc/" not in said.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        client.send_signal(number)
        assert client.wait(timeout=10) == code
        text = said.read_text()
        assert "Traceback" not in text
        assert "Nothing was changed" not in text
        assert "ecs-deploy watch " in text
    finally:
        server.kill()
        server.communicate()


def test_an_interrupt_before_the_first_write_changes_nothing() -> None:
    world = a_world()
    answer = world.transport
    calls = 0

    def interrupt(method: str, url: str, headers: object, body: bytes) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return answer(method, url, headers, body)  # type: ignore[arg-type]

    world.transport = interrupt  # type: ignore[method-assign,assignment]
    run = play(world, RELEASE)
    assert (run.code, run.requests("RegisterTaskDefinition")) == (130, [])
    assert "othing was changed" in run.stderr


@pytest.mark.parametrize(("name", "code"), [("INT", 130), ("TERM", 143)])
def test_a_signal_of_a_scenario_ends_the_run_as_a_real_one_does(name: str, code: int) -> None:
    run = play(a_world(service(), later(20, "signal", signal=name), later(900, "signal", signal="INT")), RELEASE)
    assert (run.code, run.result["status"], run.result["exit_code"]) == (code, "interrupted", code)
    assert run.requests("StopServiceDeployment") == []


def _shown(text: str, start: str) -> list[str]:
    return [line for line in text.splitlines() if line.lstrip(" ·✖").startswith(start)]


def test_a_mistake_of_ours_in_mid_deploy_says_what_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(*_: object, **__: object) -> float:
        raise ZeroDivisionError("divided")

    monkeypatch.setattr("ecsdeploy.engine.follow.poller.pause", mistaken)
    run = play(a_world(), (*RELEASE, "--output", "json"))
    result = json.loads(run.lines[-1])
    assert (run.code, result["type"], result["status"], result["exit_code"]) == (1, "result", "unknown", 1)
    assert result["error"]["type"] == "Bug"
    assert "The deployment goes on at AWS." in run.stderr
    for told in ("registered web:2", f"started {result['deployment_id']}", "ecs-deploy watch", "ecs-deploy rollback"):
        assert told in run.stderr
    assert "Unexpected error, a bug in ecs-deploy: `ZeroDivisionError`: divided." in run.stderr


REFUSALS = [
    pytest.param(fault(operation="DescribeServices", error="AccessDeniedException", times=0), "", id="first read"),
    pytest.param(fault(operation="RegisterTaskDefinition", error="AccessDeniedException", times=0), "", id="register"),
    pytest.param(
        fault(operation="UpdateService", error="AccessDeniedException", times=0),
        "REFUSED. No service was changed; web:2 is registered and unused.",
        id="update",
    ),
]


@pytest.mark.parametrize(("denied", "stands"), REFUSALS)
def test_a_denial_says_once_where_it_leaves_things(denied: str, stands: str) -> None:
    run = play(a_world(service(), denied), RELEASE)
    assert run.code == 254
    assert len(_shown(run.stderr, "REFUSED")) <= 1
    assert stands in run.stderr
    assert run.stderr.count("web:2 is registered") == bool(stands)


def test_a_forced_deployment_that_was_denied_has_no_unused_revision() -> None:
    denied = fault(operation="UpdateService", error="AccessDeniedException", times=0)
    run = play(a_world(service(), denied), (*WEB, "--force-new-deployment"))
    assert (run.code, "unused" in run.stderr) == (254, False)
    assert "Nothing was changed." in run.stderr


def test_a_lost_write_is_settled_by_looking() -> None:
    run = play(a_world(service(), fault(operation="UpdateService", error="reset-after")), RELEASE)
    assert (run.code, run.lines[-1], running_images(run.world)) == (0, SUCCESS, [NEW])


def test_waiting_for_the_start_alone_detaches() -> None:
    run = play(a_world(service(), behaves(NEW, pull_seconds=600)), (*RELEASE, "--detach"))
    assert (run.code, run.result["status"]) == (0, "detached")
    assert SUCCESS not in run.stdout
