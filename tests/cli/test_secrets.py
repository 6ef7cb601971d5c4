"""No secret is ever shown: not in text, JSON, logs or exceptions."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest

from ecsdeploy.cli.main import main
from tests.cli.worlds import (
    CRASHES,
    NEW,
    OLD,
    RELEASE,
    WEB,
    a_world,
    fault,
    play,
    service,
    shipped,
    surroundings,
)

KEY_ID, SECRET = "AKIAHUNTERHUNTER0001", "HunterHunterHunterHunterHunterHunter0002"
VALUE, TOKEN, EXTERNAL = "hunter-environment-value-3", "hunter-option-value-4", "hunter-external-id-5"
SECRETS = (KEY_ID, SECRET, VALUE, TOKEN, EXTERNAL)
KEYS = ("-k", KEY_ID, "-s", SECRET)

DEFINITION = {
    "containerDefinitions": [
        {
            "name": "app",
            "image": OLD,
            "memory": 128,
            "environment": [{"name": "DATABASE_URL", "value": VALUE}],
            "command": ["serve", "--token", TOKEN],
        }
    ]
}
SERVICE = service(launch_type="EC2", task_definition=DEFINITION, deployment={"circuit_breaker": "stop"})

WORLDS = [
    pytest.param((SERVICE,), id="success"),
    pytest.param((SERVICE, CRASHES), id="failure"),
    pytest.param((SERVICE, fault(operation="RegisterTaskDefinition", error="ClientException", times=0)), id="register"),
    pytest.param((SERVICE, fault(operation="UpdateService", error="AccessDeniedException", times=0)), id="denied"),
    pytest.param((SERVICE, fault(operation="DescribeServices", error="http-500", times=0)), id="server error"),
    pytest.param((SERVICE, fault(operation="DescribeServices", error="InvalidSignatureException", times=0)), id="keys"),
    pytest.param((SERVICE, fault(operation="UpdateService", error="reset-after", times=1)), id="lost reply"),
]
SHOWN = [(), ("-v",), ("--output", "json", "-v"), ("--dry-run", "-v"), ("--enable-rollback", "-v", "--color", "always")]


@pytest.mark.parametrize("parts", WORLDS)
@pytest.mark.parametrize("shown", SHOWN, ids=" ".join)
def test_f66_no_output_shows_keys_or_values_of_a_definition(
    parts: tuple[str, ...], shown: tuple[str, ...], tmp_path: Path
) -> None:
    words = (*RELEASE, *KEYS, "-t", "200", "--external-id", EXTERNAL, "--debug-file", "log.txt", *shown)
    run = play(a_world(*parts), words, surroundings(tmp_path))
    everything = run.said + json.dumps(run.events) + (tmp_path / "log.txt").read_text()
    assert run.world.calls
    assert [secret for secret in SECRETS if secret in everything] == []


def test_a_lossy_registration_names_the_member_without_its_value() -> None:
    world = a_world(SERVICE)
    world.forget_members = {"containerDefinitions", "environment"}
    run = play(world, (*RELEASE, "-v"))
    assert [secret for secret in SECRETS if secret in run.said + json.dumps(run.events)] == []


def test_an_assumed_role_s_keys_are_not_logged(tmp_path: Path) -> None:
    """The reply of AssumeRole holds them; the script's `-v` printed them five times."""
    world = a_world(SERVICE)
    replies: list[bytes] = []
    answer = world.transport

    def listen(method: str, url: str, headers: object, body: bytes) -> tuple[int, object, bytes]:
        status, reply_headers, reply = answer(method, url, headers, body)  # type: ignore[arg-type]
        if b"AssumeRole" in body:
            replies.append(reply)
        return status, reply_headers, reply

    world.transport = listen  # type: ignore[method-assign,assignment]
    role = "arn:aws:iam::123456789012:role/deployer"
    words = (*RELEASE, "-a", role, "--external-id", EXTERNAL, "-v", "--debug-file", "log.txt")
    run = play(world, words, surroundings(tmp_path))
    assert run.code == 0
    (reply,) = replies
    said = run.said + json.dumps(run.events) + (tmp_path / "log.txt").read_text()
    for name in ("SecretAccessKey", "SessionToken"):
        value = reply.decode().partition(f"<{name}>")[2].partition("<")[0]
        assert value
        assert value not in said
    assert EXTERNAL not in said


@pytest.mark.parametrize(
    "words",
    [
        (*WEB, *KEYS),
        (*WEB, "-i", "A/B", *KEYS),
        (*WEB, "-i", NEW, *KEYS, "--wat"),
        (*WEB, "-i", NEW, *KEYS, "-t", "soon"),
        ("deploy", *WEB, "--image", NEW, "--external-id", EXTERNAL, "--keep", "x"),
    ],
)
def test_a_usage_error_shows_no_secret(words: tuple[str, ...]) -> None:
    run = play(a_world(), words)
    assert run.code != 0
    assert [secret for secret in SECRETS if secret in run.said] == []


def test_keys_on_the_command_line_are_warned_of_at_each_use() -> None:
    run = play(a_world(), (*RELEASE, *KEYS))
    assert run.code == 0
    assert run.stderr.splitlines()[0].startswith("Warning: other processes can see keys given with `-k` and `-s`")


def test_an_unexpected_exception_shows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def explode(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError(f"aws_secret_access_key={SECRET} id {KEY_ID}")

    monkeypatch.setattr("ecsdeploy.api.deploy", explode)
    run = play(a_world(), (*RELEASE, *KEYS, "-v", "--debug-file", "log.txt"), surroundings(tmp_path))
    assert run.code == 1
    assert [secret for secret in SECRETS if secret in run.said + (tmp_path / "log.txt").read_text()] == []


@pytest.mark.parametrize("name", ["crash-loop", "secret-denied"])
def test_a_demo_s_own_keys_are_not_shown_either(name: str) -> None:
    world = shipped(name)
    run = play(world, (*world.scenario.deploy_args, "-v"))
    assert "AKIASIMULATOREXAMPLE" not in run.said


@pytest.mark.parametrize("content", ["[default]\naws_secret_access_key {0}\n", "{0}\n", "[default]\na = b\na = {0}\n"])
def test_s04_no_line_of_a_malformed_credentials_file_is_shown(
    content: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "credentials").write_text(content.format(SECRET))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    around = surroundings(tmp_path)
    assert main((*RELEASE, "-v", "--debug-file", "log.txt"), around) != 0
    said = "".join(stream.getvalue() for stream in (around.stdout, around.stderr) if isinstance(stream, StringIO))
    assert "cannot be understood in line" in said
    assert SECRET not in said + (tmp_path / "log.txt").read_text()
