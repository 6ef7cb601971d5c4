"""The options that edit variables and secrets: how they are read, what is refused, and that no value is shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ecsdeploy.model.edits import SetImage, SetSecret, SetVariable, UnsetSecret, UnsetVariable
from tests.unit.cli.builders import FAMILY, IMAGE, WEB, Api, ran, surroundings

DEPLOY = ("deploy", *WEB)
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:web/db-AbCdEf"
PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/web/db"

READ = [
    pytest.param(("--env", "A=1"), SetVariable(name="A", value="1"), id="a variable"),
    pytest.param(("--env", "A="), SetVariable(name="A", value=""), id="an empty value"),
    pytest.param(("--env", "A=b=c d"), SetVariable(name="A", value="b=c d"), id="an equals sign in the value"),
    pytest.param(("--env", "URL=http://x:1"), SetVariable(name="URL", value="http://x:1"), id="a colon in the value"),
    pytest.param(("--env", "app:A=1"), SetVariable(name="A", value="1", container="app"), id="of a container"),
    pytest.param(("--env", "*:A=1"), SetVariable(name="A", value="1", container="*"), id="of all"),
    pytest.param(
        ("--env", "app:Log:Level=1"), SetVariable(name="Log:Level", value="1", container="app"), id="a colon in a name"
    ),
    pytest.param(("--unset-env", "A"), UnsetVariable(name="A"), id="unset"),
    pytest.param(("--unset-env", "app:A B"), UnsetVariable(name="A B", container="app"), id="unset of any name"),
    pytest.param(("--unset-secret", "app:K"), UnsetSecret(name="K", container="app"), id="unset a secret"),
    pytest.param(("--secret", f"app:K={SECRET}"), SetSecret(name="K", source=SECRET, container="app"), id="a secret"),
    pytest.param(
        ("--secret", f"K={SECRET}:password::"), SetSecret(name="K", source=f"{SECRET}:password::"), id="a key of it"
    ),
    pytest.param(
        ("--secret", f"K={SECRET}:p:AWSCURRENT:1-2"),
        SetSecret(name="K", source=f"{SECRET}:p:AWSCURRENT:1-2"),
        id="a version of it",
    ),
    pytest.param(("--secret", f"K={PARAMETER}"), SetSecret(name="K", source=PARAMETER), id="a parameter's ARN"),
    pytest.param(("--secret", "K=/web/Db1Password2"), SetSecret(name="K", source="/web/Db1Password2"), id="a path"),
    pytest.param(("--secret", "K=web-db:3"), SetSecret(name="K", source="web-db:3"), id="a name and its version"),
]


@pytest.mark.parametrize("command", [DEPLOY, ("plan", *WEB), WEB], ids=["deploy", "plan", "flag form"])
@pytest.mark.parametrize(("words", "edit"), READ)
def test_an_option_is_an_edit(command: tuple[str, ...], words: tuple[str, ...], edit: object, api: Api) -> None:
    assert ran((*command, *words)).code == 0
    (request,) = (*api.requests, *api.planned)
    assert getattr(request, "edits") == (edit,)  # noqa: B009 - the union's members differ


def test_a_registration_takes_them_too(api: Api) -> None:
    assert ran((*FAMILY, "-i", IMAGE, "--env", "A=1")).code == 0
    assert api.registered.edits[1:] == (SetVariable(name="A", value="1"),)


def test_what_is_taken_away_comes_first_and_what_is_typed_last(api: Api, tmp_path: Path) -> None:
    (tmp_path / "web.env").write_text("A=file\nB=file\n")
    words = ("--env", "A=typed", "--secret", "S=/s", "--unset-secret", "A", "--env-file", "app=web.env")
    assert ran((*DEPLOY, "--image", IMAGE, *words), surroundings(tmp_path)).code == 0
    image, *others = api.deployed.edits
    assert isinstance(image, SetImage)
    assert others == [
        UnsetSecret(name="A"),
        SetVariable(name="A", value="file", container="app"),
        SetVariable(name="B", value="file", container="app"),
        SetVariable(name="A", value="typed"),
        SetSecret(name="S", source="/s"),
    ]


FORM = "letters, digits, `_`, `.`, `:` and `-`."
REFUSED = [
    pytest.param(
        ("--env", "hunter2"),
        f"One `--env` has no `=`. Write it as `[CONTAINER:]NAME=VALUE`; a name has {FORM}",
        id="no value",
    ),
    pytest.param(("--env", "=hunter2"), "One `--env` has no valid name before its `=`.", id="no name"),
    pytest.param(
        ("--env", "postgres://bob:hunter2@db?a=b"), "One `--env` has no valid name before its `=`", id="a URL"
    ),
    pytest.param(("--env", ""), "One `--env` has no `=`.", id="an empty one"),
    pytest.param(
        ("--unset-env", "A=hunter2"), "`--unset-env` takes the name of a variable, without a value.", id="unset"
    ),
    pytest.param(("--unset-secret", ""), "`--unset-secret` takes the name of a variable", id="unset nothing"),
    pytest.param(("--secret", "hunter2"), "One `--secret` has no `=`. Write it as `[CONTAINER:]NAME=REF`", id="no ref"),
    pytest.param(
        ("--secret", "DB=p@ss hunter2"),
        "What `--secret` gives for `DB` is no reference to a secret, and not shown: it may be the secret itself.",
        id="a password",
    ),
    pytest.param(("--secret", "DB=cAnary1a2b3cXYZhunter2"), "it may be the secret itself", id="a random text"),
    pytest.param(("--secret", "DB=wJalrXUtnFEMI/K7MDENG/bPxRfiCYhunter2KEY"), "the secret itself", id="a key of AWS"),
    pytest.param(("--secret", "DB=ghp_hunter2hunter2hunter2hunter2hunter2"), "the secret itself", id="a token"),
    pytest.param(("--secret", f"DB={SECRET}:hunter2"), "`:JSON-KEY:STAGE:VERSION`", id="half of a version"),
    pytest.param(("--secret", "DB=arn:aws:s3:::hunter2"), "it may be the secret itself", id="another ARN"),
    pytest.param(("--secret", "DB="), "it may be the secret itself", id="an empty reference"),
    pytest.param(("--env", "A=hunter2", "--env", "A=b"), "`--env` names `A` twice. Give one of them.", id="twice"),
    pytest.param(("--env", "A=hunter2", "--secret", "A=/b"), "`--env` and `--secret` both name `A`.", id="both"),
    pytest.param(
        ("--env", "A=hunter2", "--unset-env", "A"), "`--unset-env` and `--env` both name `A`.", id="there and away"
    ),
    pytest.param(("--env-file", ""), "`--env-file` names no file.", id="no file"),
    pytest.param(("--env-file", "no.env"), "The file of variables `no.env` does not exist.", id="a missing file"),
    pytest.param(
        ("--env-file", os.devnull), f"The file of variables `{os.devnull}` has no variable.", id="an empty file"
    ),
    pytest.param(("--env-file", "."), "The file of variables `.` cannot be read: Is a directory.", id="a folder"),
    pytest.param(
        ("--env", "A=hunter2", "--revision", "web:3"),
        "`--revision` deploys a revision as it is, and `--env` asks for a new one.",
        id="with a revision",
    ),
    pytest.param(
        ("--env", "A=hunter2", "--force-new-deployment"),
        "`--force-new-deployment` deploys the revision in use",
        id="with force",
    ),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_understood_is_refused_and_not_repeated(words: tuple[str, ...], message: str, api: Api) -> None:
    for command, codes in ((DEPLOY, {64}), (("plan", *WEB), {64}), (WEB, {1, 3})):
        told = ran((*command, *words))
        assert message in told.stderr
        assert "hunter2" not in told.stdout + told.stderr
        assert told.code in codes
    assert api.requests == api.planned == []


def test_moving_a_variable_names_it_on_both_sides(api: Api) -> None:
    assert ran((*DEPLOY, "--unset-secret", "A", "--env", "A=1", "--unset-env", "B", "--secret", "B=/b")).code == 0
    assert len(api.deployed.edits) == 4


DOTENV = """\
# a comment
A=1
export B = two words  # said beside it

C='single $A ${A}'
D="line 1
line 2\\n\\"3\\""
E=
F=#not a comment
"""


def test_a_dotenv_file_is_read_as_its_library_reads_it_without_interpolation(api: Api, tmp_path: Path) -> None:
    (tmp_path / "web.env").write_text(DOTENV)
    assert ran((*DEPLOY, "--env-file", "web.env"), surroundings(tmp_path)).code == 0
    found = {each.name: each.value for each in api.deployed.edits if isinstance(each, SetVariable)}
    assert found == {
        "A": "1",
        "B": "two words",
        "C": "single $A ${A}",
        "D": 'line 1\nline 2\n"3"',
        "E": "",
        "F": "#not a comment",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("A=1\n\n\nB='hunter2\nC=2\n", "`web.env` cannot be read in line 4. Is a quote open", id="open"),
        pytest.param("A='x' hunter2\n", "`web.env` cannot be read in line 1. Is a quote open, or text", id="behind"),
        pytest.param("A=1\nhunter2\n", "`web.env` has no `=` in line 2. Each line is `NAME=VALUE`", id="a name alone"),
        pytest.param("A=1\n\nhunter2/x=3\n", "`web.env` has no valid name of a variable in line 3.", id="no name"),
        pytest.param("A=\xff\n", "`web.env` is not UTF-8 text.", id="not UTF-8"),
        pytest.param("A=" + "x" * 65536, "`web.env` is larger than 64 KiB", id="large"),
    ],
)
def test_an_error_in_a_file_names_it_and_the_line_and_nothing_else(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "web.env").write_bytes(text.encode("latin-1"))
    told = ran((*DEPLOY, "--env-file", "web.env"), surroundings(tmp_path))
    assert message in told.stderr
    assert "hunter2" not in told.stderr
    assert told.code == 64


def test_the_files_can_be_a_setting_and_single_edits_cannot(api: Api, tmp_path: Path) -> None:
    (tmp_path / "web.env").write_text("A=1\n")
    (tmp_path / "ecs-deploy.toml").write_text('env-file = ["web.env"]\n')
    told = ran((*DEPLOY, "--image", IMAGE), surroundings(tmp_path, {"ECS_DEPLOY_SECRET": "B=2"}))
    assert "`ECS_DEPLOY_SECRET` is not a setting" in told.stderr
    assert api.deployed.edits[1:] == (SetVariable(name="A", value="1"),)


def test_the_log_shows_names_and_no_values(api: Api, tmp_path: Path) -> None:
    words = ("--env", "GREETING=good morning", "--env=app:OTHER=good evening", "--secret", "K=/good/night")
    assert ran((*DEPLOY, *words, "--debug-file", "log.txt"), surroundings(tmp_path)).code == 0
    log = (tmp_path / "log.txt").read_text()
    assert "--env GREETING=*** --env=app:OTHER=*** --secret K=***" in log
    assert "good" not in log


@pytest.mark.parametrize("command", [DEPLOY, WEB], ids=["deploy", "flag form"])
@pytest.mark.parametrize("option", ["--env", "--secret", "--before"])
def test_the_rest_of_a_value_without_quotes_is_not_repeated(command: tuple[str, ...], option: str, api: Api) -> None:
    told = ran((*command, option, "A=correct", "hunter2"))
    assert "A value with a blank needs quotes." in told.stderr
    assert "hunter2" not in told.stdout + told.stderr
    assert told.code != 0
    assert api.requests == []
