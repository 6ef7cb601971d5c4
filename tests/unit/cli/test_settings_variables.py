"""Variables that begin as a setting's do, and are none."""

from datetime import timedelta
from pathlib import Path

import pytest

from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.settings import with_settings
from ecsdeploy.model.request import WatchRequest
from tests.unit.cli.builders import IMAGE, WEB, Api, ran, surroundings


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "ECS_DEPLOY_ON_FAILUR",
            "Warning: `ECS_DEPLOY_ON_FAILUR` is not a setting, and is ignored. Did you mean `ECS_DEPLOY_ON_FAILURE`?\n",
        ),
        ("ECS_DEPLOY_XYZZY", "Warning: `ECS_DEPLOY_XYZZY` is not a setting, and is ignored.\n"),
        ("ECS_DEPLOY_SHOW_VALUES", "Warning: `ECS_DEPLOY_SHOW_VALUES` is not a setting, and is ignored."),
    ],
)
def test_t20_a_variable_that_nothing_reads_is_told(name: str, said: str, api: Api) -> None:
    run = ran(("deploy", *WEB, "--image", IMAGE), surroundings(variables={name: "rollback"}))
    assert run.code == 0
    assert run.stderr.startswith(said)


def test_t20_a_setting_of_another_command_is_no_slip(api: Api) -> None:
    around = surroundings(variables={"ECS_DEPLOY_ON_FAILURE": "rollback", "ECS_DEPLOY": "x"})
    assert ran(("watch", *WEB), around).stderr == ""


def test_t20_the_flag_form_reads_none_and_tells_none(api: Api) -> None:
    around = surroundings(variables={"ECS_DEPLOY_ON_FAILUR": "rollback"})
    assert ran((*WEB, "-i", IMAGE), around).stderr == ""


def test_a_setting_has_the_same_kind_of_value_in_every_command() -> None:
    """One file, and one set of variables, serve them all.

    Some commands take several services, and others one; a rehearsal's page is no setting.
    """
    kinds: dict[str, set[tuple[bool, ...]]] = {}
    for option in (option for name in COMMANDS for option in load(name).options):
        kinds.setdefault(option.key, set()).add(
            (option.is_switch, option.many, option.is_setting, option.is_of_one_run)
        )
    assert {key for key, found in kinds.items() if len(found) > 1} == {"cluster", "report", "service"}


TYPED_ALONE = {
    "help": "it is about the program",
    "version": "it is about the program",
    "list": "it is about the program",
    "diff": "it is two words",
    "follow": "nothing left over somewhere makes a job go on for ever",
    "check": "it is another thing to do",
    "print_env": "it is another thing to do",
    "plan": "one plan is executed once",
    "out": "it goes with `plan`",
    "rollback": "it is the answer to a pause",
    "show_values": "nothing left over somewhere shows secrets",
    "yes": "nothing left over somewhere agrees to a change",
    "count": "nothing left over somewhere scales a service",
    "adjust_limits": "it goes with `count`",
    "to_running": "nothing left over somewhere moves a schedule",
    "for": "it is what is asked",
    "ci": "it is what is asked",
    "overwrite": "nothing left over somewhere replaces files",
    "allow_write": "nothing left over somewhere lets an agent write",
    "listen": "nothing left over somewhere opens the simulator to others",
    "record": "it is asked for before anything is read, and one file has one run",
    "env": "it is a list of texts with any letters in them; its variable chooses the environment",
    "unset_env": "it goes with `env`",
    "secret": "it is a list of texts with any letters in them",
    "unset_secret": "it goes with `secret`",
    "replace_env": "it goes with `env`",
    "command": "it belongs to one release, as do all that follow",
    "entrypoint": "it goes with `command`",
    "cpu": "it goes with `command`",
    "memory": "it goes with `command`",
    "task_cpu": "it goes with `command`",
    "task_memory": "it goes with `command`",
    "task_role": "it goes with `command`",
    "execution_role": "it goes with `command`",
    "patch": "it goes with `command`",
    "lock": "nothing left over somewhere brings old revisions back",
    "only": "nothing left over somewhere leaves services out",
    "select": "nothing left over somewhere leaves services out",
    "from_wave": "nothing left over somewhere leaves services out",
    "var": "it is a list of texts with any letters in them",
}
"""The options that no variable gives, and why."""
EVERY = [pytest.param(name, option, id=f"{name} {option.key}") for name in COMMANDS for option in load(name).options]


@pytest.mark.parametrize(("name", "option"), EVERY)
def test_every_option_of_every_command_is_read_from_its_variable(name: str, option: Option, tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text("[env.true]")
    around = surroundings(tmp_path, {option.variable: "true"})
    given = with_settings(Given(), load(name).options, around)
    if option.key in TYPED_ALONE or (name, option.key) == ("rehearse", "report"):
        assert not given.has(option.key)
    else:
        assert (given.text(option.key), given.origin(option.key)) == ("true", f"`{option.variable}`")


def test_an_option_of_one_run_stands_in_no_file(tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text('revision = "web:7"')
    run = ran(("watch", *WEB), surroundings(tmp_path))
    assert run.code == 64
    assert "has an unknown key: `revision`." in run.stderr


def test_what_watch_looks_for_may_be_said_by_variables(api: Api) -> None:
    told = {"ECS_DEPLOY_REVISION": "web:7", "ECS_DEPLOY_SINCE": "10m", "ECS_DEPLOY_WAIT_FOR_START": "2m"}
    assert ran(("watch", *WEB), surroundings(variables=told)).code == 0
    (asked,) = api.requests
    assert isinstance(asked, WatchRequest)
    assert (asked.revision, asked.since, asked.start_seconds) == ("web:7", timedelta(minutes=10), 120)


def test_a_revision_in_a_variable_and_an_image_contradict_each_other(api: Api) -> None:
    around = surroundings(variables={"ECS_DEPLOY_REVISION": "web:7"})
    run = ran(("deploy", *WEB, "--image", IMAGE), around)
    assert (run.code, api.accesses) == (64, [])
    assert run.stderr.startswith("`ECS_DEPLOY_REVISION` deploys a revision as it is, and `--image` asks for a new one.")
    assert ran(("deploy", *WEB), around).code == 0
    assert api.deployed.revision == "web:7"
