"""A port of a container that is forwarded, with a program of ours in place of AWS's session-manager-plugin."""

import json
import re
import socket
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.test_exec import RESPONSE, SCHEMA, Plugin, around, enabled, execute, replay

HOSTS = "AWS-StartPortForwardingSessionToRemoteHost"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_plugin_forwards_the_port_and_no_token_stands_on_a_command_line(tmp_path: Path) -> None:
    plugin, port = Plugin(tmp_path), free_port()
    played = execute(enabled(), around(plugin, on_terminal=False), "--forward", f"{port}:80")
    asked = json.loads(plugin.argv[4])
    assert len(played.requests("StartSession")) == 1
    assert (played.code, played.requests("ExecuteCommand")) == (0, []), played.said
    assert asked["DocumentName"] == "AWS-StartPortForwardingSession"
    assert asked["Parameters"] == {"portNumber": ["80"], "localPortNumber": [str(port)]}
    assert plugin.argv[:4] == [RESPONSE, "us-east-1", "StartSession", ""]
    assert f"127.0.0.1:{port} leads to port 80 of the container" in played.stderr
    token = plugin.session["TokenValue"]
    assert token
    assert not [text for text in (*plugin.argv, played.said) if token in text]


def test_a_free_port_is_chosen_and_said_and_a_host_beyond_the_container_is_reached(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path)
    played = execute(enabled(), around(plugin), "--forward", "80")
    said = re.search(r"127\.0\.0\.1:(\d+) leads", played.stderr)
    assert said
    assert json.loads(plugin.argv[4])["Parameters"]["localPortNumber"] == [said[1]]
    port = free_port()
    beyond = execute(enabled(), around(plugin), "--forward", f"{port}:db.internal:5432")
    asked = json.loads(plugin.argv[4])
    assert (asked["DocumentName"], asked["Parameters"]["host"]) == (HOSTS, ["db.internal"])
    assert f"127.0.0.1:{port} leads to db.internal:5432" in beyond.stderr


def test_a_port_that_is_taken_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    world, plugin = enabled(), Plugin(tmp_path)
    before = len(world.calls)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        played = execute(world, around(plugin), "--forward", f"{port}:80")
    assert (played.code, len(world.calls), plugin.has_run) == (64, before, False)
    assert f"The port {port} of this machine cannot be used: Address already in use." in played.stderr


@pytest.mark.parametrize(
    "typed", ["", "0", "x", "65536", "8080:", ":80", "1:2", "8080::80", "1:-h:80", "1:a b:2", "1:a:b:2"]
)
def test_what_is_no_port_is_refused(typed: str, tmp_path: Path) -> None:
    if typed == "1:2":
        words: tuple[str, ...] = ("--forward", typed, "--", "true")
    else:
        words = (f"--forward={typed}",)
    played = execute(enabled(), around(Plugin(tmp_path)), *words)
    assert (played.code, played.requests("StartSession")) == (64, []), played.said
    assert "--forward" in played.stderr


@pytest.mark.parametrize(
    ("then", "on_terminal"),
    [("kill -INT $PPID; kill -INT $$", True), ("kill -INT $PPID; exec sleep 60", False)],
    ids=["terminal", "none"],
)
def test_ctrl_c_ends_it_and_all_went_well(then: str, on_terminal: bool, tmp_path: Path) -> None:
    environment = around(Plugin(tmp_path, then=then), on_terminal=on_terminal)
    played = execute(enabled(), environment, "--forward", "80")
    assert (played.code, "Traceback" in played.said) == (0, False), played.said


def test_a_dry_run_opens_nothing_and_its_record_says_the_same_again(tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    words = ("--forward", "80", "--dry-run", "--record", str(record), "--output", "json")
    played = execute(enabled(), around(), *words)
    found = json.loads(played.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert (found["command"], found["forward"]) == ([], {"local": 0, "host": "", "remote": 80})
    assert (played.code, played.requests("StartSession")) == (0, [])
    assert replay(record).stdout == played.stdout
    lasting = execute(enabled(), around(Plugin(tmp_path)), "--forward", "80", "--record", str(tmp_path / "other"))
    assert (lasting.code, lasting.requests("StartSession")) == (64, [])
