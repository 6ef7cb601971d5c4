"""The new grammar's `deploy`: its usage errors, its settings, its result."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecsdeploy import __version__
from ecsdeploy.cli.options.table import OPTIONS
from ecsdeploy.model.access import Access
from ecsdeploy.model.request import WholeBudget
from tests.unit.cli.builders import IMAGE, WEB, Api, ran, surroundings

GO = ("deploy", *WEB, "--image", IMAGE)

USAGE = [
    pytest.param(("deploy",), "No service", id="nothing"),
    pytest.param(("deploy", "-n", "web"), "No cluster", id="no cluster"),
    pytest.param(("deploy", *WEB), "Nothing to deploy", id="nothing to deploy"),
    pytest.param(("deploy", *WEB, "-D", "3"), "Nothing to deploy", id="only a count"),
    pytest.param((*GO, "--tag", "3"), "`--image` and `--tag`", id="image and tag"),
    pytest.param((*GO, "--force-new-deployment"), "`--image`", id="image and force"),
    pytest.param(
        ("deploy", *WEB, "--force-new-deployment", "--wait-until", "registered"),
        "`--force-new-deployment` registers nothing",
        id="force until registered",
    ),
    pytest.param(
        (*GO, "--min-stable", "30s", "--wait-until", "healthy"), "counts from completion", id="stable and healthy"
    ),
    pytest.param(("deploy", *WEB, "--image", ""), "The image is empty.", id="empty image"),
    pytest.param(("deploy", *WEB, "--image", "app="), "The image is empty.", id="empty image of a container"),
    pytest.param(("deploy", *WEB, "--image", "", "--tag", "3"), "`--image` and `--tag`", id="empty image and tag"),
    pytest.param((*GO, "--min", "101"), "`--min` must be a percentage, not `101`. The largest", id="min"),
    pytest.param((*GO, "--max", "99"), "`--max` must be a percentage, not `99`. The smallest", id="max"),
    pytest.param((*GO, "--assume-role", "deployer"), "`--assume-role`", id="role"),
    pytest.param((*GO, "--timeout", "soon"), "`--timeout`", id="no duration"),
    pytest.param((*GO, "--timeout", "0s"), "`--timeout`", id="no time at all"),
    pytest.param((*GO, "--output", "live"), "`--output live`", id="live without a terminal"),
    pytest.param((*GO, "--image", "A/B"), "`A/B`", id="illegal image"),
    pytest.param((*GO, "--image", "x:$(date)"), "`x:$(date)`", id="nothing is evaluated"),
    pytest.param(("deploy", *WEB, "--tag", "a b"), "`a b`", id="illegal tag"),
    pytest.param(("deploy", *WEB, "--base", "no.json"), "`no.json`", id="missing file"),
    pytest.param((*GO, "--keep", "none"), "`--keep`", id="keep"),
    pytest.param(("deploy", *WEB, "--revision", "web"), "`--revision` must be one revision, not `web`.", id="a family"),
    pytest.param(("deploy", *WEB, "--revision", "web:x"), "`--revision` must be one revision", id="no number"),
    pytest.param((*GO, "--revision", "web:3"), "`--revision` deploys a revision as it is, and `--image`", id="both"),
    pytest.param(
        ("deploy", *WEB, "--revision", "web:3", "--wait-until", "registered"),
        "`--revision` deploys a revision as it is, and `--wait-until`",
        id="revision until registered",
    ),
    pytest.param(
        ("deploy", *WEB, "--revision", "web:3", "--force-new-deployment", "-D", "3"),
        "changes nothing but the revision",
        id="forced revision and count",
    ),
    pytest.param(
        ("deploy", *WEB, "--revision", "arn:aws:ecs:eu-west-1:1:task-definition/web:3", "--region", "us-east-1"),
        "The Regions do not agree",
        id="revision elsewhere",
    ),
]


@pytest.mark.parametrize(("argv", "named"), USAGE)
def test_what_cannot_be_used_is_64_in_one_line(argv: tuple[str, ...], named: str, api: Api) -> None:
    run = ran(argv)
    assert (run.code, run.stdout) == (64, "")
    assert named in run.stderr
    assert run.stderr.count("\n") == 1
    assert api.accesses == []


SEE = " See `ecs-deploy deploy --help`.\n"
MISREAD = [
    pytest.param(
        "--imgae", "`--imgae` is not an option of `ecs-deploy deploy`. Did you mean `--image`?", id="misspelt"
    ),
    pytest.param(
        "--imgae=x", "`--imgae` is not an option of `ecs-deploy deploy`. Did you mean `--image`?", id="attached"
    ),
    pytest.param("--wat", "`--wat` is not an option of `ecs-deploy deploy`.", id="nothing near"),
    pytest.param("-x", "`-x` is not an option of `ecs-deploy deploy`.", id="a letter"),
    pytest.param("--keep", "`--keep` needs a value: N. After a success, deregister", id="missing value"),
    pytest.param("-t", "`-t` needs a value: TIME.", id="missing value of a letter"),
    pytest.param("--detach=1", "`--detach` is a switch and takes no value. Write `--detach` alone.", id="a switch"),
    pytest.param("extra", "`extra` is one word too many: `ecs-deploy deploy` takes only options.", id="a bare word"),
]


@pytest.mark.parametrize(("word", "said"), MISREAD)
def test_what_cannot_be_read_is_64_in_our_own_words(word: str, said: str, api: Api) -> None:
    run = ran((*GO, word))
    assert (run.code, run.stdout, api.accesses) == (64, "", [])
    assert run.stderr.startswith(said)
    assert run.stderr.endswith(SEE)
    assert ".." not in run.stderr


OURS_ALONE = [(name, option.instead) for option in OPTIONS for name in option.script]


@pytest.mark.parametrize(("name", "instead"), OURS_ALONE)
def test_an_option_of_the_flag_form_alone_names_what_to_use(name: str, instead: str, api: Api) -> None:
    run = ran(("deploy", "--image", IMAGE, name, "7"))
    assert (run.code, api.accesses) == (64, [])
    assert run.stderr == f"`{name}` is an option of the flag form, not of `ecs-deploy deploy`. {instead}\n"
    assert instead.endswith(".")


def test_a_value_that_looks_like_an_option_of_the_flag_form_is_a_value(api: Api) -> None:
    assert ran(("deploy", "-c", "-d", "--service=-e", "--image", IMAGE, "--region", "-k")).code == 0
    assert (api.deployed.service.cluster, api.deployed.service.name) == ("-d", "-e")


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("15m", 900), ("1h30m", 5400), ("1h1s", 3601), ("2h", 7200)]
)
def test_durations_have_units(text: str, seconds: float, api: Api) -> None:
    assert ran((*GO, "--timeout", text)).code == 0
    assert api.deployed.budget == WholeBudget(seconds=seconds)


def test_quarter_of_an_hour_is_the_default(api: Api) -> None:
    assert ran(GO).code == 0
    assert api.deployed.budget == WholeBudget(seconds=900)


def test_help_and_version_are_on_stdout() -> None:
    assert "--wait-until" in ran(("deploy", "--help")).stdout
    for command in ("deploy", "demo", "sim"):
        assert ran((command, "--version")).stdout == f"{__version__}\n"


def test_aws_region_comes_first_here(api: Api) -> None:
    assert ran(GO, surroundings(variables={"AWS_DEFAULT_REGION": "a", "AWS_REGION": "b"})).code == 0
    assert api.access == Access(region="b")


PRECEDENCE = [
    pytest.param(("--keep", "1"), {"ECS_DEPLOY_KEEP": "2"}, "keep = 3", 1, id="typed"),
    pytest.param((), {"ECS_DEPLOY_KEEP": "2"}, "keep = 3", 2, id="variable"),
    pytest.param((), {"ECS_DEPLOY_KEEP": ""}, "keep = 3", 3, id="file"),
    pytest.param((), {}, "", None, id="default"),
]


@pytest.mark.parametrize(("typed", "variables", "file", "keep"), PRECEDENCE)
def test_typed_then_variable_then_file(
    typed: tuple[str, ...], variables: dict[str, str], file: str, keep: int | None, api: Api, tmp_path: Path
) -> None:
    (tmp_path / "ecs-deploy.toml").write_text(file)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert ran((*GO, *typed), surroundings(below, variables)).code == 0
    assert api.deployed.keep == keep


def test_the_file_may_say_everything(api: Api, tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text(
        'cluster = "prod"\nservice = "web"\nimage = ["a=nginx:1", "b=redis:2"]\ntimeout = "5m"\n'
        'wait-until = "healthy"\ncopy_task_definition_tags = true\npace = 5\n'
    )
    assert ran(("deploy",), surroundings(tmp_path)).code == 0
    assert len(api.deployed.edits) == 2
    assert (api.deployed.wait_until, api.deployed.copy_tags) == ("healthy", True)


def test_a_switch_can_be_switched_off_again(api: Api, tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text("detach = true\n")
    assert ran(GO, surroundings(tmp_path, {"ECS_DEPLOY_DETACH": "no"})).code == 0
    assert api.deployed.wait_until == "complete"


BAD_SETTINGS = [
    pytest.param("time-out = 5", {}, "`time-out`. Did you mean `timeout`?", id="unknown key"),
    pytest.param("[deploy]\nkeep = 1", {}, "`deploy`", id="a table"),
    pytest.param("version = true", {}, "`version`", id="no setting"),
    pytest.param("keep = ", {}, "is not TOML", id="not TOML"),
    pytest.param("keep = true", {}, "`keep` in", id="wrong kind"),
    pytest.param("keep = [1]", {}, "`keep` in", id="a list"),
    pytest.param("keep = 0", {}, "`keep` in", id="wrong value"),
    pytest.param("detach = 3", {}, "`detach` in", id="not a switch"),
    pytest.param("", {"ECS_DEPLOY_KEEP": "all"}, "`ECS_DEPLOY_KEEP`", id="variable's value"),
    pytest.param("", {"ECS_DEPLOY_DETACH": "maybe"}, "`ECS_DEPLOY_DETACH`", id="variable's switch"),
]


@pytest.mark.parametrize(("file", "variables", "named"), BAD_SETTINGS)
def test_a_bad_setting_is_64_and_says_where(
    file: str, variables: dict[str, str], named: str, api: Api, tmp_path: Path
) -> None:
    (tmp_path / "ecs-deploy.toml").write_text(file)
    run = ran(GO, surroundings(tmp_path, variables))
    assert (run.code, api.accesses) == (64, [])
    assert named in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_file_that_everybody_can_write_is_refused(api: Api, tmp_path: Path) -> None:
    file = tmp_path / "ecs-deploy.toml"
    file.write_text("keep = 3")
    file.chmod(0o666)
    run = ran(GO, surroundings(tmp_path))
    assert (run.code, api.accesses) == (64, [])
    assert "chmod o-w" in run.stderr
