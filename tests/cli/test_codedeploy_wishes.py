"""What is asked of CodeDeploy reaches it: the group, the AppSpec, how traffic is shifted, the description."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecsdeploy.cli.session.again import again
from ecsdeploy.cli.words.given import Given
from ecsdeploy.model.access import Access
from tests.cli.worlds import DEPLOY, Json, Played, a_world, play, shipped, surroundings

GROUP = ("--codedeploy-application", "AppECS-prod-web", "--codedeploy-group", "DgpECS-prod-web")
HOOK = "arn:aws:lambda:us-east-1:123456789012:function:check"
APPSPEC = {
    "version": 0.0,
    "Resources": [
        {
            "TargetService": {
                "Type": "AWS::ECS::Service",
                "Properties": {
                    "TaskDefinition": "web:1",
                    "LoadBalancerInfo": {"ContainerName": "app", "ContainerPort": 80},
                },
            }
        }
    ],
    "Hooks": [{"AfterAllowTraffic": HOOK}],
}


def _played(folder: Path, *words: str, text: str = json.dumps(APPSPEC)) -> Played:
    (folder / "appspec.json").write_text(text)
    return play(shipped("code-deploy"), (*DEPLOY, *words), surroundings(folder))


def _created(run: Played) -> Json:
    (sent,) = run.requests("CreateDeployment")
    return sent


def test_the_appspec_is_sent_with_the_new_revision(tmp_path: Path) -> None:
    run = _played(tmp_path, "--appspec", "appspec.json")
    assert run.code == 0, run.said
    sent = json.loads(_created(run)["revision"]["appSpecContent"]["content"])
    assert sent["Hooks"] == APPSPEC["Hooks"]
    assert sent["Resources"][0]["TargetService"]["Properties"]["TaskDefinition"] == run.result["to_revision"]
    planned = _played(tmp_path, "--appspec", "appspec.json", "--dry-run")
    assert HOOK in planned.said


def test_the_configuration_and_the_description_are_sent(tmp_path: Path) -> None:
    wishes = ("--codedeploy-config", "CodeDeployDefault.ECSAllAtOnce", "--codedeploy-description", "x" * 600)
    run = _played(tmp_path, *GROUP, *wishes)
    assert run.code == 0, run.said
    assert _created(run)["deploymentConfigName"] == "CodeDeployDefault.ECSAllAtOnce"
    assert _created(run)["description"] == "x" * 512


def test_a_command_to_paste_repeats_them() -> None:
    keys = ("codedeploy_application", "codedeploy_group", "appspec", "codedeploy_config")
    given = Given(dict(zip(keys, (("a",), ("g",), ("appspec.json",), ("c",)), strict=True)))
    assert again(Access(), given).plan == (
        "--codedeploy-application a --codedeploy-group g --appspec appspec.json --codedeploy-config c"
    )


def test_without_wishes_the_group_decides(tmp_path: Path) -> None:
    sent = _created(_played(tmp_path))
    assert ("deploymentConfigName" in sent, sent["description"].startswith("ecs-deploy: web:")) == (False, True)


@pytest.mark.parametrize("named", ["--codedeploy-application", "--codedeploy-group"])
def test_a_group_that_is_not_the_service_s_is_refused(named: str, tmp_path: Path) -> None:
    run = _played(tmp_path, named, "other")
    assert (run.code, run.result["status"], run.requests("RegisterTaskDefinition")) == (26, "refused", [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "names no task definition, or several", id="empty"),
        pytest.param("{}", "names no task definition, or several", id="no target"),
        pytest.param("TaskDefinition: a\nTaskDefinition: b\n", "names no task definition, or several", id="two"),
    ],
)
def test_an_appspec_that_cannot_be_used_is_refused(text: str, said: str, tmp_path: Path) -> None:
    run = _played(tmp_path, "--appspec", "appspec.json", text=text)
    assert (run.code, run.world.calls) == (64, ())
    assert said in run.stderr


def test_an_appspec_that_is_not_there_is_refused(tmp_path: Path) -> None:
    run = _played(tmp_path, "--appspec", "no.json")
    assert (run.code, run.world.calls) == (64, ())
    assert "The AppSpec `no.json` cannot be read: No such file or directory." in run.stderr


def test_a_service_that_ecs_deploys_needs_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "appspec.json").write_text(json.dumps(APPSPEC))
    run = play(a_world(), (*DEPLOY, "--appspec", "appspec.json"), surroundings(tmp_path))
    assert (run.code, run.requests("CreateDeployment")) == (0, [])
