"""Signals to real processes: the question on a terminal, and what is sent, how soon, where there is none."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.servers import Served, served
from tests.cli.terminals import COMMAND, Tty, terminal
from tests.cli.worlds import DEPLOY, NEW, RELEASE, a_world, behaves, play, service

CTRL_C = "\x03"
QUESTION = "[d]etach (in 10 s), [r]oll back, or [c]ontinue?"
NEVER_STARTS = behaves(NEW, pull_seconds=9000)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as found:
        yield found


def asked(tty: Tty) -> Tty:
    """Ctrl-C while the new tasks start."""
    tty.waits_for("4 starting")
    tty.type(CTRL_C)
    tty.waits_for(QUESTION)
    assert not tty.hides_cursor
    return tty


def test_m03_the_question_leaves_the_state_on_screen() -> None:
    with terminal("demo", "--pace", "10") as tty:
        stands, _, question = asked(tty).shown.partition("Interrupted.")
        assert "4 starting" in stands
        assert "Ctrl-C: " not in stands
        assert "[c]ontinue?" in question
        tty.type("d")
        assert tty.ends() == 130


def test_f25_to_continue_goes_on_to_the_verdict_in_a_region_that_comes_back() -> None:
    with terminal("demo", "--pace", "10") as tty:
        asked(tty).type("c")
        tty.waits_for("? continue")
        tty.waits_for("Ctrl-C: ")
        assert tty.hides_cursor
        assert tty.ends() == 0
        assert "✔ SUCCEEDED" in tty.shown
        assert not tty.hides_cursor


def test_f25_to_detach_says_how_to_go_on_and_how_to_undo() -> None:
    with terminal("demo", "--pace", "10") as tty:
        asked(tty).type("x")
        tty.type("D")
        assert tty.ends() == 130
        assert "INTERRUPTED. The deployment goes on at AWS." in tty.shown
        assert "ecs-deploy watch " in tty.shown
        assert "ecs-deploy rollback " in tty.shown


def test_f25_to_roll_back_is_awaited() -> None:
    with terminal("demo", "--pace", "20") as tty:
        asked(tty).type("r")
        assert tty.ends() == 130
        assert "INTERRUPTED, rolled back by ecs-deploy. Production is on web:2" in tty.shown
        assert "rollback completed" in tty.shown


def test_f25_ctrl_c_once_more_detaches() -> None:
    with terminal("demo", "--pace", "10") as tty:
        asked(tty).waits_for("(in  9 s)")
        tty.type(CTRL_C)
        assert tty.ends() == 130
        assert "INTERRUPTED. The deployment goes on at AWS." in tty.shown
        assert not tty.hides_cursor


def test_a_ctrl_c_that_bounces_cuts_no_report(server: Served) -> None:
    with subprocess.Popen([*COMMAND, *DEPLOY], stderr=subprocess.PIPE, env=server.variables, text=True) as client:
        try:
            server.waits_for("UpdateService")
            client.send_signal(signal.SIGINT)
            time.sleep(0.02)
            client.send_signal(signal.SIGINT)
            _, told = client.communicate(timeout=20)
        finally:
            client.kill()
    assert client.returncode == 130
    assert "INTERRUPTED. The deployment goes on at AWS." in told
    assert told.count("INTERRUPTED") == 1
    assert "ecs-deploy watch " in told


def test_f25_time_runs_while_the_question_stands_and_sigterm_ends_it(server: Served) -> None:
    with terminal(*DEPLOY, "--output", "lines", variables=server.exports) as tty:
        tty.waits_for("starting")
        tty.type(CTRL_C)
        tty.waits_for(QUESTION)
        tty.waits_for("(in  7 s)")
        tty.send(signal.SIGTERM)
        assert tty.ends() == 143
        assert "INTERRUPTED." in tty.shown


@pytest.mark.parametrize("words", [("--no-input",), ("--on-interrupt", "detach")], ids=" ".join)
def test_f25_who_wants_no_question_gets_none(words: tuple[str, ...], server: Served) -> None:
    with terminal(*DEPLOY, *words, variables=server.exports) as tty:
        tty.waits_for("starting")
        tty.type(CTRL_C)
        assert tty.ends() == 130
        assert b"[c]ontinue" not in tty.written


def test_f26_sigterm_with_little_time_left_sends_one_stop_and_the_whole_result(server: Served) -> None:
    words = (*DEPLOY, "--on-failure", "rollback", "--output", "json")
    with subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, env=server.variables, text=True) as client:
        try:
            server.waits_for("UpdateService")
            # ECS attaches a service deployment seconds after the update.
            time.sleep(3)
            client.send_signal(signal.SIGTERM)
            out, _ = client.communicate(timeout=2.5)
        finally:
            client.kill()
    result = json.loads(out.splitlines()[-1])
    assert (client.returncode, result["type"], result["exit_code"]) == (143, "result", 143)
    assert (result["status"], result["rollback"]["by"]) == ("interrupted", "us")
    assert server.calls("StopServiceDeployment") == 1
    assert server.calls("UpdateService") == 1


def test_f25_sighup_only_ever_detaches(server: Served) -> None:
    with terminal(*DEPLOY, "--on-failure", "rollback", variables=server.exports) as tty:
        tty.waits_for("starting")
        tty.send(signal.SIGHUP)
        assert tty.ends() == 129
        assert (server.calls("StopServiceDeployment"), server.calls("UpdateService")) == (0, 1)


@pytest.mark.parametrize("words", [(), ("--on-interrupt", "rollback")], ids=["plain", "on-interrupt"])
def test_f27_no_signal_no_rollback(words: tuple[str, ...]) -> None:
    """A poll's own timeout, however long, is no wish to go back."""
    run = play(a_world(service(), NEVER_STARTS), (*RELEASE, "-t", "120", *words))
    assert run.result["status"] == "timed_out"
    assert (len(run.requests("UpdateService")), run.requests("StopServiceDeployment")) == (1, [])
    assert run.result["rollback"] is None


def test_f28_head_takes_its_lines_and_the_deployment_is_carried_out() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m ecsdeploy demo 2>/dev/null | head -n 1', COMMAND[0]],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == (f"Using image name: {NEW}\n", "")
