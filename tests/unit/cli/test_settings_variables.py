"""Variables that begin as a setting's do, and are none."""

import pytest

from ecsdeploy.cli.commands import COMMANDS, load
from tests.unit.cli.builders import IMAGE, WEB, Api, ran, surroundings


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "ECS_DEPLOY_ON_FAILUR",
            "Warning: `ECS_DEPLOY_ON_FAILUR` is no setting, and not read. Did you mean `ECS_DEPLOY_ON_FAILURE`?\n",
        ),
        ("ECS_DEPLOY_XYZZY", "Warning: `ECS_DEPLOY_XYZZY` is no setting, and not read.\n"),
        ("ECS_DEPLOY_DEPLOYMENT", "Warning: `ECS_DEPLOY_DEPLOYMENT` is no setting, and not read."),
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
    """One file, and one set of variables, serve them all."""
    kinds: dict[str, set[tuple[bool, bool, bool]]] = {}
    for option in (option for name in COMMANDS for option in load(name).options):
        kinds.setdefault(option.key, set()).add((option.is_switch, option.many, option.is_setting))
    assert {key: found for key, found in kinds.items() if len(found) > 1} == {}
