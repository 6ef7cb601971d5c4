"""Task definitions that nobody here has written: what ECS would take is taken, and only the image asked for changes.

The folder is no part of the repository; `ECS_DEPLOY_DEFINITIONS` names another place for it.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ecsdeploy.model.taskdef import OUTPUT_ONLY
from tests.cli.worlds import Played, a_world, play, surroundings
from tests.unit.sim.builders import Refused, call

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("ECS_DEPLOY_DEFINITIONS") or ROOT.parent / "shared" / "findings" / "definitions")
FILES = sorted(FOLDER.glob("*.json")) if FOLDER.is_dir() else []
IMAGE = "registry.example.com/team/web:99"


def _plain(value: object) -> Any:
    """Without nulls, which RegisterTaskDefinition takes for absent."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_plain(each) for each in value if each is not None]
    return value


def _content(file: Path) -> dict[str, Any]:
    whole = json.loads(file.read_text(encoding="utf-8-sig"))
    inner = _plain(whole.get("taskDefinition", whole))
    return {key: value for key, value in inner.items() if key not in OUTPUT_ONLY and key != "tags" and value != ""}


def _play(file: Path, family: str, container: str) -> Played:
    world = a_world()
    first = {"name": "x", "image": "x", "memory": 9}
    try:
        call(world, "RegisterTaskDefinition", family=family, containerDefinitions=[first])
    except Refused:
        family = "web"
    words = ("-d", family, "-i", f"{container}={IMAGE}", "--task-definition-file", str(file))
    return play(world, words, surroundings())


def _is_refused(content: Mapping[str, Any]) -> bool:
    """By a world of its own, which knows nothing of the tool's checks."""
    try:
        call(a_world(), "RegisterTaskDefinition", **content)
    except Refused:
        return True
    return False


def _hold(file: Path) -> bool:
    """Whether the file was taken; what was sent is what is in it, and what was refused would be refused by ECS too."""
    content = _content(file)
    first = content["containerDefinitions"][0]
    run = _play(file, str(content.get("family") or "none"), first["name"])
    first["image"] = IMAGE
    sent = [each for each in run.requests("RegisterTaskDefinition") if each["containerDefinitions"][0]["name"] != "x"]
    refused = _is_refused(content)
    if sent:
        assert [{key: value for key, value in sent[0].items() if key != "tags"}] == [content]
        assert run.code == (254 if refused else 0), run.stderr
    else:
        assert (run.code, refused) == (1, True), run.stderr
    return run.code == 0


@pytest.mark.skipif(not FILES, reason=f"there are no public definitions in {FOLDER}")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_p01_a_public_definition_is_sent_as_it_is_or_would_be_refused(file: Path) -> None:
    _hold(file)


APP = {"name": "app", "image": "acme/app:1", "memory": 64}
FARGATE = {
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": ".25 vcpu",
    "memory": "0.5 GB",
    "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
}
ROUTER = {
    "name": "router",
    "image": "amazon/aws-for-fluent-bit:stable",
    "essential": False,
    "memory": 64,
    "firelensConfiguration": {"type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"}},
}
ROUTED = {
    **APP,
    "logConfiguration": {
        "logDriver": "awsfirelens",
        "options": {"Name": "cloudwatch_logs", "log_stream_name": "$(ecs_task_id)-${ECS_CLUSTER}"},
    },
}
OURS: dict[str, tuple[dict[str, Any], bool]] = {
    "bare": ({"family": "own", "containerDefinitions": [APP]}, True),
    "wrapped, with what ECS gives back": (
        {
            "taskDefinition": {
                "taskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/own:3",
                "revision": 3,
                "status": "ACTIVE",
                "family": "own",
                "containerDefinitions": [APP],
            },
            "tags": [{"key": "team", "value": "web"}],
        },
        True,
    ),
    "a skeleton": (
        {"family": "own", "taskRoleArn": "", "volumes": None, "containerDefinitions": [{**APP, "command": None}]},
        True,
    ),
    "for Fargate, in words": ({"family": "own", "containerDefinitions": [APP], **FARGATE}, True),
    "with a log router": ({"family": "own", "containerDefinitions": [ROUTED, ROUTER]}, True),
    "a place in a role": ({"family": "own", "containerDefinitions": [APP], "taskRoleArn": "<ROLE>"}, False),
    "a place in another image": (
        {"family": "own", "containerDefinitions": [APP, {**APP, "name": "side", "image": "${SIDE}"}]},
        False,
    ),
    "numbers as texts": ({"family": "own", "containerDefinitions": [{**APP, "memory": "64"}]}, False),
    "no family": ({"containerDefinitions": [APP]}, False),
}


@pytest.mark.parametrize("name", OURS)
def test_p01_a_definition_is_sent_as_it_is_or_would_be_refused(name: str, tmp_path: Path) -> None:
    written, taken = OURS[name]
    file = tmp_path / "d.json"
    file.write_text(json.dumps(written))
    assert _hold(file) is taken
