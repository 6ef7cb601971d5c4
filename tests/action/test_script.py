"""The inputs of the bash script's Action, pair by pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.script import translate
from ecsdeploy.errors import UsageError
from tests.action.steps import step
from tests.cli.worlds import NEW, a_world, running_images, shipped

ALWAYS = ("--min", "100", "--max", "200", "--timeout", "90")
WEB = {"cluster": "prod", "service_name": "web", "image": NEW}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({}, ALWAYS, id="percentages and timeout"),
        pytest.param({"service_name_cmd": "-n", "service_name": "web"}, ("-n", "web", *ALWAYS), id="a pair"),
        pytest.param({"service_name": "web"}, ("--service-name", "web", *ALWAYS), id="without its command"),
        pytest.param({"min_cmd": "-m", "min": "50"}, ("-m", "50", *ALWAYS[2:]), id="another percentage"),
        pytest.param({"enable_rollback_cmd": "--enable-rollback"}, (*ALWAYS, "--enable-rollback"), id="a switch"),
        pytest.param({"enable_rollback": "true"}, (*ALWAYS, "--enable-rollback"), id="a switch that is true"),
        pytest.param({"enable_rollback": "false"}, ALWAYS, id="a switch that is false"),
        pytest.param({"run_task": "--run-task"}, (*ALWAYS, "--run-task"), id="a literal"),
        pytest.param(
            {"max_definitions_cmd": "--max-definition", "max_definitions": "3"},
            (*ALWAYS, "--max-definitions", "3"),
            id="what its documentation says",
        ),
        pytest.param({"image_cmd": "--image"}, ("--image", "", *ALWAYS), id="an empty image"),
    ],
)
def test_a_pair_is_an_option_and_its_value(given: dict[str, str], words: tuple[str, ...]) -> None:
    (command,) = translate(given).commands
    assert sorted(command) == sorted(words)
    assert command[-1] == words[-1] or command[-2:] == words[-2:]


def test_what_no_script_has_is_refused() -> None:
    with pytest.raises(UsageError, match="`tag_only_container_names` is no option of the script"):
        translate(WEB | {"tag_only_container_names": "app"})


def test_the_script_s_lines_and_our_outputs(tmp_path: Path) -> None:
    done = step(shipped("good"), tmp_path, WEB | {"timeout_cmd": "--timeout", "timeout": "360"})
    assert (done.code, running_images(done.played.world)) == (0, [NEW])
    assert done.played.lines[-1] == "Service deployment successful."
    configuration = done.played.updated["deploymentConfiguration"]
    assert (configuration["minimumHealthyPercent"], configuration["maximumPercent"]) == (100, 200)
    assert (done.outputs["verdict"], done.outputs["exit-code"]) == ("succeeded", "0")


def test_its_checks_and_exit_codes_are_the_script_s(tmp_path: Path) -> None:
    done = step(a_world(), tmp_path, {"image_cmd": "--image", "cluster": "prod"})
    assert (done.code, done.outputs["exit-code"], done.played.world.calls) == (5, "5", ())
