"""A command in a running container, with a program of ours in place of AWS's session-manager-plugin."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.cli.environment import Environment
from ecsdeploy.sim import World
from tests.cli.worlds import NEW, OLD, WEB, Played, a_world, behaves, fault, play, service, surroundings
from tests.unit.cli.builders import Ran, ran
from tests.unit.sim.builders import call

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "exec.schema.json").read_text("utf-8"))
NEWEST = "1.2.707.0"
RESPONSE = "AWS_SSM_START_SESSION_RESPONSE"
PLUGIN = """#!/bin/sh
if [ "$1" = --version ]; then echo "{version}"; exit 0; fi
printf '%s\\n' "$@" > "{seen}/argv"
env > "{seen}/env"
if [ -t 0 ]; then echo yes > "{seen}/terminal"; fi
{then}
"""


class Plugin:
    """The fake plugin in a folder of its own, and what it saw."""

    def __init__(self, folder: Path, version: str = NEWEST, then: str = "exit 0") -> None:
        self.folder = folder
        program = folder / "session-manager-plugin"
        program.write_text(PLUGIN.format(version=version, seen=folder, then=then))
        program.chmod(0o755)

    @property
    def has_run(self) -> bool:
        return (self.folder / "argv").exists()

    @property
    def argv(self) -> list[str]:
        return (self.folder / "argv").read_text().splitlines()

    @property
    def variables(self) -> dict[str, str]:
        pairs = (line.partition("=") for line in (self.folder / "env").read_text().splitlines())
        return {name: text for name, _, text in pairs}

    @property
    def session(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.variables[RESPONSE])
        return found


def around(plugin: Plugin | None = None, *, on_terminal: bool = True, **variables: str) -> Environment:
    path = f"{plugin.folder}:/usr/bin:/bin" if plugin else "/nowhere"
    return replace(surroundings(variables={"PATH": path, **variables}), stdin_is_terminal=on_terminal)


def enabled(*parts: str) -> World:
    """A world whose service was deployed with ECS Exec some minutes ago."""
    world = a_world(*parts)
    call(world, "UpdateService", cluster="prod", service="web", enableExecuteCommand=True, forceNewDeployment=True)
    world.clock.sleep(400)
    return world


def execute(world: World, environment: Environment, *words: str) -> Played:
    return play(world, ("exec", *WEB, *words), environment)


def replay(record: Path) -> Ran:
    return ran(("replay", str(record)))


def test_the_plugin_joins_the_session_and_no_token_stands_on_a_command_line(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path)
    played = execute(enabled(), around(plugin), "--", "sh", "-c", "echo $HOME it's")
    (asked,) = played.requests("ExecuteCommand")
    task = asked["task"].rpartition("/")[2]
    assert asked["command"] == """sh -c 'echo $HOME it'"'"'s'"""
    assert asked["interactive"] is True
    assert plugin.argv[:4] == [RESPONSE, "us-east-1", "StartSession", ""]
    assert json.loads(plugin.argv[4])["Target"].startswith(f"ecs:prod_{task}_{task}-")
    assert plugin.argv[5:] == [""]
    assert {*plugin.session} == {"SessionId", "StreamUrl", "TokenValue"}
    assert plugin.session["StreamUrl"].startswith("wss://")
    assert (played.code, played.stdout) == (0, "")
    assert f"container app of task {task} (web:1): sh -c" in played.stderr
    assert not [text for text in (*plugin.argv, played.said) if plugin.session["TokenValue"] in text]


def test_the_exit_code_is_that_of_the_plugin(tmp_path: Path) -> None:
    assert execute(enabled(), around(Plugin(tmp_path, then="exit 7"))).code == 7
    assert execute(enabled(), around(Plugin(tmp_path, then="kill -9 $$"))).code == 137


def test_keys_belong_to_the_session_on_a_terminal(tmp_path: Path) -> None:
    """Ctrl-C reaches every process of the terminal: the plugin, which has its own use for it, and us."""
    then = "trap 'exit 5' INT; kill -INT $PPID; kill -INT $$"
    assert execute(enabled(), around(Plugin(tmp_path, then=then))).code == 5


def test_without_a_terminal_an_interrupt_ends_the_plugin_and_us(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, then="kill -INT $PPID; exec sleep 60")
    played = execute(enabled(), around(plugin, on_terminal=False), "--", "true")
    assert played.code == 130
    assert "what was started goes on at AWS" in played.stderr


def test_a_profile_reaches_the_plugin(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path)
    assert execute(enabled(), around(plugin), "--profile", "ops").code == 0
    assert plugin.argv[3] == "ops"


def test_the_plugin_has_the_credentials_of_a_role_that_we_assumed(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path)
    role = ("--assume-role", "arn:aws:iam::123456789012:role/ops", "--profile", "base")
    assert execute(enabled(), around(plugin), *role).code == 0
    assert plugin.argv[3] == ""
    given = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
    assert given <= plugin.variables.keys()


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("", "The program `session-manager-plugin` is missing"),
        ("1.2.497.0", "is of version 1.2.497.0, and would need the secret token on its command line"),
        ("1.2.30", "is of version 1.2.30,"),
        ("none of yours", "is of version unknown,"),
    ],
)
def test_a_plugin_that_is_missing_or_old_is_named_before_anything_is_asked(
    tmp_path: Path, version: str, says: str
) -> None:
    world = a_world()
    plugin = Plugin(tmp_path, version=version) if version else None
    played = execute(world, around(plugin))
    assert (played.code, played.stdout, world.calls) == (64, "", ())
    assert says in played.stderr
    assert "session-manager-working-with-install-plugin.html" in played.stderr


def test_without_a_terminal_a_command_runs_and_a_shell_does_not(tmp_path: Path) -> None:
    """The plugin ends at once where stdin is no terminal."""
    plugin = Plugin(tmp_path)
    refused = execute(enabled(), around(plugin, on_terminal=False))
    assert (refused.code, plugin.has_run, refused.requests("ExecuteCommand")) == (64, False, [])
    assert "A shell needs a terminal, and stdin is none. Name a command after `--`" in refused.stderr
    assert execute(enabled(), around(plugin, on_terminal=False), "--", "true").code == 0
    assert (plugin.folder / "terminal").exists()


def test_a_dry_run_needs_no_plugin_and_opens_nothing() -> None:
    world = enabled()
    played = execute(world, around(on_terminal=False), "--dry-run", "--output", "json")
    found = json.loads(played.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert (found["container"], found["command"], found["service"]) == ("app", ["/bin/sh"], "web")
    assert (played.code, played.stderr, played.requests("ExecuteCommand")) == (0, "", [])


def test_the_newest_deployment_is_picked_and_an_older_task_can_be_named(tmp_path: Path) -> None:
    world, plugin = enabled(service(desired=2), behaves(NEW, run="exit", exit_code=1, after=4)), Plugin(tmp_path)
    old = [each.id for each in world.region.clusters["prod"].tasks.values() if each.last_status == "RUNNING"]
    play(world, ("deploy", *WEB, "--image", NEW, "--detach", "--no-preflight"))
    world.clock.sleep(120)
    refused = execute(world, around(plugin))
    assert (refused.code, refused.requests("ExecuteCommand")) == (26, [])
    assert "No task of the newest deployment of `web` (`web:2`) runs." in refused.stderr
    assert f"`{old[0]}` (web:1)" in refused.stderr
    named = execute(world, around(plugin), "--task", old[0][:8])
    assert named.code == 0
    assert f"task {old[0]} (web:1)" in named.stderr


TWO = [{"name": name, "image": OLD, "memory": 64} for name in ("app", "side")]


def of_two(**members: object) -> str:
    """A service with two containers."""
    definition = {"family": "web", "containerDefinitions": [TWO[0], {**TWO[1], **members}]}
    return service(launch_type="EC2", task_definition=definition)


def test_one_of_several_containers_must_be_named(tmp_path: Path) -> None:
    world, plugin = enabled(of_two()), Plugin(tmp_path)
    played = execute(world, around(plugin))
    assert (played.code, played.requests("ExecuteCommand")) == (64, [])
    assert "Write `--container app` or `--container side`. No session was opened." in played.stderr
    assert execute(world, around(plugin), "--container", "side").code == 0
    unknown = execute(world, around(plugin), "--container", "sid")
    assert (unknown.code, "Did you mean `side`?" in unknown.stderr) == (64, True)
    assert execute(enabled(of_two(essential=False)), around(plugin)).requests("ExecuteCommand")[0]["container"] == "app"


@pytest.mark.parametrize(
    ("world", "code", "says"),
    [
        pytest.param(a_world, 26, "was started without ECS Exec (`enableExecuteCommand`)", id="not-enabled"),
        pytest.param(
            lambda: enabled(of_two(readonlyRootFilesystem=True)),
            26,
            "The agent of ECS Exec in the container `side` of the task",
            id="no-agent",
        ),
        pytest.param(lambda: a_world(service(desired=0)), 26, "its desired count is 0", id="no-tasks"),
        pytest.param(
            lambda: enabled(of_two(), fault(operation="ExecuteCommand", error="TargetNotConnectedException")),
            26,
            "The task role must allow `ssmmessages:CreateControlChannel`",
            id="not-connected",
        ),
        pytest.param(
            lambda: enabled(of_two(), fault(operation="ExecuteCommand", error="AccessDeniedException")),
            26,
            "may not call `ecs:ExecuteCommand`",
            id="denied",
        ),
    ],
)
def test_what_keeps_a_command_from_running_is_said(tmp_path: Path, world: object, code: int, says: str) -> None:
    assert callable(world)
    plugin = Plugin(tmp_path)
    there = world()
    words = ("--container", "side") if len(there.region.families["web"].revisions[0].containers) > 1 else ()
    played = execute(there, around(plugin), *words)
    assert (played.code, played.stdout, plugin.has_run) == (code, "", False)
    assert says in played.stderr


def test_another_account_is_refused_before_a_session(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path)
    played = execute(enabled(), around(plugin), "--expect-account", "111122223333")
    assert (played.code, played.requests("ExecuteCommand"), plugin.has_run) == (26, [], False)


def test_neither_the_token_nor_a_secret_of_the_command_is_logged(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, then="exit 3")
    log = tmp_path / "log"
    url = "postgres://app:hunter-9z8y7x6w5v@db.example.com/web"
    words = ("-v", "--debug-file", str(log), "--output", "json", "--", "psql", url)
    played = execute(enabled(), around(plugin), *words)
    said = played.said + log.read_text()
    assert "ecs:ExecuteCommand" in said
    assert (plugin.session["TokenValue"] in said, "hunter-9z8y7x6w5v" in said) == (False, False)
    assert played.requests("ExecuteCommand")[0]["command"].endswith(url)


def test_a_session_cannot_be_recorded(tmp_path: Path) -> None:
    plugin, world = Plugin(tmp_path), enabled()
    asked = len(world.calls)
    played = execute(world, around(plugin), "--record", str(tmp_path / "record"), "--", "login", "hunter-9z8y7x6w5v")
    assert (played.code, (tmp_path / "record").exists(), plugin.has_run) == (64, False, False)
    assert len(world.calls) == asked
    assert "A session is between the plugin and the container, so the run cannot be recorded." in played.stderr
    assert "`--dry-run` records how the task is chosen." in played.stderr


@pytest.mark.parametrize("words", [(), ("--task", "ffff")], ids=["picked", "refused"])
def test_how_the_task_is_chosen_is_recorded_and_says_the_same_again(words: tuple[str, ...], tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    secret = "hunter-9z8y7x6w5v"
    command = ("--dry-run", "--record", str(record), *words, "--", "psql", f"postgres://app:{secret}@db/web")
    played = execute(enabled(), around(), *command)
    assert played.code == (26 if words else 0), played.said
    text = record.read_text()
    assert ('"operation":"DescribeTasks"' in text, '"operation":"ExecuteCommand"' in text, secret in text) == (
        True,
        False,
        False,
    )
    again = replay(record)
    assert (again.code, again.stdout, again.stderr.splitlines()[2:]) == (
        played.code,
        played.stdout,
        played.stderr.splitlines(),
    )


def test_a_record_that_would_open_a_session_is_not_played(tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    execute(enabled(), around(), "--dry-run", "--record", str(record))
    record.write_text(record.read_text().replace('"dry_run":["true"]', '"dry_run":[""]'))
    again = replay(record)
    assert again.code == 64
    assert "cannot be recorded" in again.stderr
