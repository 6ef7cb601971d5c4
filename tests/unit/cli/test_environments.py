"""`[env.NAME]` in `ecs-deploy.toml`: settings of one environment, which `--env-name` or `ECS_DEPLOY_ENV` chooses."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.unit.cli.builders import IMAGE, WEB, Api, Ran, ran, surroundings

FILE = """
service = "web"
keep = 5
on-failure = "rollback"

[env.staging]
cluster = "stage"
keep = 2

[env.production]
cluster = "prod"
expect-account = "111122223333"
"""
Deploy = Callable[..., Ran]


@pytest.fixture
def deploy(tmp_path: Path, api: Api) -> Deploy:
    def carried_out(*words: str, file: str = FILE, variables: Mapping[str, str] | None = None) -> Ran:
        if file:
            (tmp_path / "ecs-deploy.toml").write_text(file)
        return ran(("deploy", "--image", IMAGE, *words), surroundings(tmp_path, variables))

    return carried_out


def _asked(api: Api) -> tuple[str, str, int | None, str]:
    request = api.deployed
    return request.service.cluster, request.service.name, request.keep, str(request.on_failure)


@pytest.mark.parametrize(
    ("words", "variables", "asked"),
    [
        pytest.param(("--env-name", "staging"), {}, ("stage", "web", 2, "rollback"), id="its section, then all"),
        pytest.param(("--env-name", "production"), {}, ("prod", "web", 5, "rollback"), id="another"),
        pytest.param((), {"ECS_DEPLOY_ENV": "staging"}, ("stage", "web", 2, "rollback"), id="by the variable"),
        pytest.param(
            ("--env-name=production",),
            {"ECS_DEPLOY_ENV": "staging"},
            ("prod", "web", 5, "rollback"),
            id="the command line wins",
        ),
        pytest.param(
            ("--env-name", "staging", "--keep", "9"),
            {"ECS_DEPLOY_KEEP": "8", "ECS_DEPLOY_CLUSTER": "other"},
            ("other", "web", 9, "rollback"),
            id="typed, then variable, then section",
        ),
        pytest.param(
            ("-c", "a", "--env-name", ""), {"ECS_DEPLOY_ENV": "staging"}, ("a", "web", 5, "rollback"), id="none again"
        ),
        pytest.param(("-c", "a"), {}, ("a", "web", 5, "rollback"), id="none"),
    ],
)
def test_the_environment_wins_over_what_is_set_for_all(
    words: tuple[str, ...], variables: dict[str, str], asked: tuple[object, ...], deploy: Deploy, api: Api
) -> None:
    assert deploy(*words, variables=variables).code == 0
    assert _asked(api) == asked


@pytest.mark.parametrize(
    ("words", "file", "variables", "said"),
    [
        pytest.param(("--env-name", "stagin"), FILE, {}, "names the environment `stagin`", id="unknown"),
        pytest.param(("--env-name", "stagin"), FILE, {}, "Did you mean `staging`?", id="the nearest"),
        pytest.param(("--env-name", "x"), FILE, {}, "It has `staging`, `production`.", id="nothing near"),
        pytest.param((), FILE, {"ECS_DEPLOY_ENV": "stagin"}, "`ECS_DEPLOY_ENV` names", id="by the variable"),
        pytest.param(("--env-name", "x"), "keep = 1", {}, "Write its settings below `[env.x]`", id="no environment"),
        pytest.param(("--env-name", "x"), "", {}, "no `ecs-deploy.toml` is here or in a folder above", id="no file"),
        pytest.param((), 'env = ["A=1"]', {}, "must hold environments, such as a table `[env.staging]`", id="a list"),
        pytest.param((), "[env]\nKEY = 'x'", {}, "`env.KEY` in", id="variables of a container"),
        pytest.param((), '[env.""]\nkeep = 1', {}, "must be a table of settings", id="no name"),
        pytest.param(
            (), "[env.staging]\nclutser = 'x'", {}, "unknown key: `clutser`. Did you mean `cluster`?", id="key"
        ),
        pytest.param((), "[env.staging]\nclutser = 'x'", {}, "`[env.staging]` in", id="where it is"),
        pytest.param((), "[env.staging]\nenv-name = 'x'", {}, "unknown key: `env-name`", id="an environment in itself"),
        pytest.param((), "[env.staging]\nkeep = true", {}, "`keep` in `[env.staging]` in", id="wrong kind"),
        pytest.param(("--env-name", "a"), "[env.a]\nkeep = 0", {}, "`keep` in `[env.a]` in", id="wrong value"),
    ],
)
def test_what_is_wrong_with_environments_is_64_and_says_where(
    words: tuple[str, ...], file: str, variables: dict[str, str], said: str, deploy: Deploy, api: Api
) -> None:
    run = deploy(*WEB, *words, file=file, variables=variables)
    assert (run.code, api.accesses) == (64, [])
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


def test_what_may_be_a_secret_is_not_repeated(deploy: Deploy) -> None:
    run = deploy(*WEB, variables={"ECS_DEPLOY_ENV": "PASSWORD=hunter2"})
    assert run.code == 64
    assert "hunter2" not in run.stderr


@pytest.mark.parametrize("words", [("explain", "E-DEADLOCK"), ("completion", "bash")])
def test_a_command_without_settings_reads_none(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text("keep = ")
    assert ran(words, surroundings(tmp_path, {"ECS_DEPLOY_ENV": "x"})).code == 0


def test_the_flag_form_reads_no_environment(api: Api) -> None:
    run = ran((*WEB, "-i", IMAGE, "--env-name", "staging"))
    assert (run.code, api.accesses) == (3, [])
    assert "this form reads none. Use `ecs-deploy deploy`." in run.stderr
    assert ran((*WEB, "-i", IMAGE), surroundings(variables={"ECS_DEPLOY_ENV": "staging"})).code == 0
