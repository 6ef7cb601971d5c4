"""How `--before` is read, in both grammars, and what does not go with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecsdeploy.model.oneoff import Gate
from tests.unit.cli.builders import FAMILY, IMAGE, WEB, Api, ran, surroundings

DEPLOY, FLAGS = ("deploy", *WEB, "--image", IMAGE), (*WEB, "-i", IMAGE)


@pytest.mark.parametrize("form", [DEPLOY, FLAGS], ids=["deploy", "flag form"])
@pytest.mark.parametrize(
    ("text", "gate"),
    [
        pytest.param("./manage.py migrate", Gate(command=("./manage.py", "migrate")), id="words"),
        pytest.param("app: ./migrate", Gate(command=("./migrate",), container="app"), id="of a container"),
        pytest.param("rake db:migrate", Gate(command=("rake", "db:migrate")), id="a colon in a word"),
        pytest.param("db:migrate now", Gate(command=("db:migrate", "now")), id="a colon in the first word"),
        pytest.param("sh -c 'a && b $X'", Gate(command=("sh", "-c", "a && b $X")), id="quotes, and no shell"),
        pytest.param("task-definition/jobs", Gate(family="jobs"), id="a family"),
        pytest.param("task-definition/jobs:7 ./up", Gate(family="jobs:7", command=("./up",)), id="a revision"),
        pytest.param("task-definition/jobs/up", Gate(command=("task-definition/jobs/up",)), id="a program in a folder"),
        pytest.param('app: ["sh", "-c", "a b"]', Gate(command=("sh", "-c", "a b"), container="app"), id="a JSON list"),
    ],
)
def test_a_command_is_split_into_words(form: tuple[str, ...], text: str, gate: Gate, api: Api) -> None:
    assert ran((*form, "--before", text)).code == 0
    assert api.deployed.before == gate


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(("--before", " "), "`--before` names no command. Write it as `[CONTAINER: ]COMMAND`", id="blank"),
        pytest.param(("--before", "app: "), "`--before` names", id="a container alone"),
        pytest.param(("--before", "task-definition/"), "a task definition", id="no family"),
        pytest.param(("--before", "task-definition/jobs:0"), "cannot be read", id="no revision"),
        pytest.param(("--before", "task-definition/jobs app: "), "`--before` names no command", id="no command"),
        pytest.param(("--before", "x 'hunter2"), "The command of `--before` cannot be split into words.", id="quote"),
        pytest.param(("--before", "[1, 2]"), "cannot be split into words", id="no texts"),
        pytest.param(("--before", "[hunter2]"), "cannot be split into words", id="no JSON"),
        pytest.param(("--before", "x", "--wait-until", "registered"), "`--wait-until registered` ends before", id="no"),
    ],
)
def test_what_cannot_be_read_is_refused(words: tuple[str, ...], message: str, api: Api) -> None:
    told = ran((*DEPLOY, *words))
    assert message in told.stderr
    assert "hunter2" not in told.stderr
    assert (told.code, api.requests) == (64, [])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("deploy", *WEB, "--force-new-deployment"), "`--before` runs a task of the new revision, and"),
        ((*WEB, "--force-new-deployment"), "`--force-new-deployment` deploys the revision in use"),
        ((*FAMILY, "-i", IMAGE), "`--before` runs before a service is changed, and `-d` changes none."),
    ],
    ids=["force", "force in the flag form", "no service"],
)
def test_it_needs_a_new_revision_and_a_service(words: tuple[str, ...], message: str, api: Api) -> None:
    told = ran((*words, "--before", "x"))
    assert message in told.stderr
    assert told.code != 0
    assert api.requests == []


def test_it_can_be_a_setting(api: Api, tmp_path: Path) -> None:
    assert ran(DEPLOY, surroundings(tmp_path, {"ECS_DEPLOY_BEFORE": "app: ./migrate --all"})).code == 0
    assert api.deployed.before == Gate(command=("./migrate", "--all"), container="app")
