"""One meaning is one request, whichever grammar it is written in.

The budget differs by nature: a phase's in the flag form, the whole deployment's in `deploy`; and `deploy` copies tags.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ecsdeploy.model.request import IfBusy, PhaseBudget, WholeBudget
from tests.unit.cli.builders import IMAGE, WEB, Api, ran, surroundings

BUDGET = WholeBudget(seconds=0)
PAIRS = [
    pytest.param(("-i", IMAGE), ("--image", IMAGE), id="image"),
    pytest.param(("-i", "nginx"), ("--image", "nginx"), id="no tag is latest"),
    pytest.param(("-i", "app=nginx:2"), ("--image", "app=nginx:2"), id="one container"),
    pytest.param(
        ("--image", "a=nginx:1", "--image", "b=redis:2"), ("--image", "a=nginx:1", "--image", "b=redis:2"), id="two"
    ),
    pytest.param(("-to", "7"), ("--tag", "7"), id="tag"),
    pytest.param(("--tag", "7"), ("--tag", "7"), id="tag by its new name"),
    pytest.param(("-i", IMAGE, "--use-latest-task-def"), ("--image", IMAGE, "--base", "latest"), id="latest base"),
    pytest.param(("--revision", "web:3"), ("--revision", "web:3"), id="revision"),
    pytest.param(
        ("--revision", "web:3", "--force-new-deployment"),
        ("--revision", "web:3", "--force-new-deployment"),
        id="forced revision",
    ),
    pytest.param(("-i", IMAGE, "--base", "running"), ("--image", IMAGE), id="running base"),
    pytest.param(
        ("-i", IMAGE, "--task-definition-file", "d.json"), ("--image", IMAGE, "--base", "d.json"), id="file base"
    ),
    pytest.param(
        ("-i", IMAGE, "-D", "3", "-m", "50", "-M", "150"),
        ("--image", IMAGE, "--desired-count", "3", "--min", "50", "--max", "150"),
        id="sizing",
    ),
    pytest.param(("-i", IMAGE, "--enable-rollback"), ("--image", IMAGE, "--on-failure", "rollback"), id="rollback"),
    pytest.param(
        ("-i", IMAGE, "--skip-deployments-check"), ("--image", IMAGE, "--wait-until", "healthy"), id="healthy"
    ),
    pytest.param(("-i", IMAGE, "--detach"), ("--image", IMAGE, "--wait-until", "started"), id="detach"),
    pytest.param(
        ("-i", IMAGE, "--wait-until", "registered"), ("--image", IMAGE, "--wait-until", "registered"), id="registered"
    ),
    pytest.param(("-i", IMAGE, "--max-definitions", "4"), ("--image", IMAGE, "--keep", "4"), id="keep"),
    pytest.param(("--force-new-deployment",), ("--force-new-deployment",), id="force"),
    pytest.param(
        ("-i", IMAGE, "--copy-task-definition-tags"), ("--image", IMAGE, "--copy-task-definition-tags"), id="tags"
    ),
]


@pytest.mark.parametrize(("flags", "options"), PAIRS)
def test_both_grammars_make_the_same_request(
    flags: tuple[str, ...], options: tuple[str, ...], api: Api, tmp_path: Path
) -> None:
    definition = {"family": "web", "containerDefinitions": [{"name": "app", "image": "x"}]}
    (tmp_path / "d.json").write_text(json.dumps(definition))
    assert ran((*WEB, *flags), surroundings(tmp_path)).code == 0
    flagged = api.deployed
    api.requests.clear()
    assert ran(("deploy", *WEB, *options), surroundings(tmp_path)).code == 0
    assert isinstance(flagged.budget, PhaseBudget)
    assert isinstance(api.deployed.budget, WholeBudget)
    assert (flagged.if_busy, api.deployed.if_busy) == (IfBusy.SUPERSEDE, IfBusy.FAIL)
    assert (flagged.copy_tags, api.deployed.copy_tags) == ("--copy-task-definition-tags" in flags, True)
    assert replace(api.deployed, budget=BUDGET, copy_tags=flagged.copy_tags) == replace(
        flagged, budget=BUDGET, if_busy=IfBusy.FAIL, copies_inactive=False
    )
    assert flagged.copies_inactive == bool(flagged.revision)


def test_both_grammars_mean_the_same_target(api: Api) -> None:
    words = (
        "-r",
        "eu-west-1",
        "--profile",
        "p",
        "--assume-role",
        "arn:aws:iam::123456789012:role/deployer",
        "--external-id",
        "e",
        "--endpoint-url",
        "https://u",
    )
    assert ran((*WEB, "--tag", "7", *words)).code == 0
    assert ran(("deploy", *WEB, "--tag", "7", *words)).code == 0
    first, second = api.accesses
    assert first == second
