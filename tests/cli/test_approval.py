"""`--approve` on a real pseudo-terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminals import Tty, terminal
from tests.cli.worlds import DEPLOY, service, table

QUESTION = "[a]pprove and go on, or [r]oll back?"
PACE = "5000"
CTRL_C, CTRL_D = "\x03", "\x04"
PAUSE = {
    "target_type": "PAUSE",
    "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"],
    "timeout_configuration": {"timeout_in_minutes": 5, "action": "CONTINUE"},
}


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    paused = {"strategy": "BLUE_GREEN", "bake_time_in_minutes": 1, "lifecycle_hooks": [PAUSE]}
    head = 'schema = 1\nname = "approval"\nsummary = "approval"\nseed = 7\n'
    parts = (head, service(deployment=paused, load_balancer={"health_interval": 10}))
    path = tmp_path / "approval.toml"
    path.write_text("\n".join((*parts, table("[deploy]", {"args": (*DEPLOY, "--approve", "--timeout", "1h")}))))
    return str(path)


@pytest.fixture
def tty(scenario: str) -> Iterator[Tty]:
    with terminal("demo", scenario, "--pace", PACE) as found:
        found.waits_for(QUESTION)
        yield found


def test_yes_lets_it_go_on_also_after_ctrl_c_and_other_keys_do_not(tty: Tty) -> None:
    assert not tty.hides_cursor
    tty.type(f"x{CTRL_D}\r{CTRL_C}")
    tty.waits_for("[c]ontinue?")
    tty.type("c")
    tty.waits_for("? continue")
    tty.type("A")
    assert tty.ends() == 0
    assert "or [r]oll back? approve" in tty.shown
    assert "SUCCEEDED" in tty.shown
    assert "roll back from the pause" not in tty.shown


def test_no_takes_it_back(tty: Tty) -> None:
    tty.type("r")
    assert tty.ends() == 21
    assert "or [r]oll back? roll back" in tty.shown
    assert "FAILED, rolled back by ECS." in tty.shown


def test_after_ctrl_c_the_pause_may_be_left_waiting(tty: Tty) -> None:
    tty.type(CTRL_C)
    tty.waits_for("[c]ontinue?")
    tty.type("d")
    assert tty.ends() == 130
    assert "INTERRUPTED. The deployment goes on at AWS." in tty.shown
    assert "ecs-deploy continue -c prod -n web" in tty.shown


def test_a_terminal_that_goes_away_approves_nothing(scenario: str, tmp_path: Path) -> None:
    shell = ("/bin/sh", "-c", f'trap "" HUP; "$@" 2>&1; echo $? > {tmp_path}/code', "sh")
    with terminal("demo", scenario, "--pace", PACE, shell=shell) as tty:
        tty.waits_for(QUESTION)
        os.close(tty.fd)
        tty.fd = os.open(os.devnull, os.O_RDONLY)
        os.waitpid(tty.pid, 0)
        tty.code = 0
        assert (tmp_path / "code").read_text() == "24\n"
