"""`iam --for NAMES` prints the least policy, which the calls of every command are held to."""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.cli.policies import NEEDS
from ecsdeploy.sim import World, load_scenario
from tests.cli.test_create import DEFINITION, FILES, SERVICE
from tests.sdk import cheaply
from tests.unit.cli.builders import Ran, ran

WEB = ("-c", "prod", "-n", "web")
NEW = ("--image", "registry.example.com/team/web:2")
WORLDS = ("good", "crash-loop", "crash-loop-no-breaker", "target-unhealthy", "blue-green")
CODEDEPLOY = ("code-deploy", "code-deploy-rolled-back")
WORDS: Mapping[str, Sequence[str]] = {
    "deploy": (*NEW, "--on-failure", "rollback"),
    "plan": NEW,
    "rehearse": NEW,
    "logs": ("--failed",),
    "prune": ("--keep", "1", "--yes"),
    "scale": ("--to", "3"),
    "schedules": ("--to-running", "--yes"),
    "exec": ("--dry-run",),
    "init": ("--dry-run",),
}
"""What is typed besides. But before `deploy`, `plan`, `rehearse` and `run`, a release ends first, or is under way."""
UNDER_WAY = ("watch", "stop", "continue", "rollback", "status", "doctor")
RUN = ("run", "-c", "prod", "--like-service", "web", *NEW)
APPLY = ("apply", str(Path(__file__).parent / "release.toml"))
OF_AWS = {name for name in COMMANDS if {"cluster", "region"} <= {option.key for option in load(name).options}}


def made_by(world: World, *words: str, cwd: Path = Path()) -> set[str]:
    before = len(world.calls)
    quiet = Environment(stdout=io.StringIO(), stderr=io.StringIO(), variables={}, cwd=cwd)
    with cheaply():
        main(words, inside(world, quiet))
    # The endpoint of CloudWatch has another name than its actions, and REST has paths in place of operations.
    asked = (f"{call.service}:{call.operation}" for call in world.calls[before:])
    return {each.replace("monitoring:", "cloudwatch:") for each in asked if not each.endswith(":")}


def calls_in(command: str, names: Sequence[str]) -> set[str]:
    return set().union(*(made for name in names for made in _runs(command, name)))


def _runs(command: str, name: str) -> Iterator[set[str]]:
    words = {"run": RUN, "apply": APPLY, "lock": ("lock", APPLY[1])}.get(command) or (
        command,
        *WEB,
        *WORDS.get(command, ()),
    )
    world = World(load_scenario(name))
    if command not in {"deploy", "apply", "plan", "rehearse", "run"}:
        made_by(world, "deploy", *WEB, *NEW, "--no-preflight")
    yield made_by(world, *words)
    if command in UNDER_WAY:
        world = World(load_scenario(name))
        made_by(world, "deploy", *WEB, *NEW, "--no-preflight", "--detach")
        world.clock.sleep(120 if command == "continue" else 30)
        yield made_by(world, *words)


def _printed(*words: str) -> Ran:
    return ran(("iam", *words))


def _statements(*words: str) -> list[dict[str, Any]]:
    run = _printed(*words)
    assert run.code == 0, run.stderr
    statements: list[dict[str, Any]] = json.loads(run.stdout)["Statement"]
    return statements


def granted(*names: str) -> set[str]:
    return {action for each in _statements("--for", ",".join(names)) for action in each["Action"]}


def test_every_command_that_calls_aws_has_a_policy() -> None:
    assert OF_AWS - {"iam", "config"} - NEEDS.keys() == set()


@pytest.mark.parametrize("image", ["registry.example.com/team/web:1", "registry.example.com/team/web:2"])
@pytest.mark.parametrize("service", ["api", "web"])
def test_the_one_that_makes_a_service_calls_no_more_than_its_policy_says(
    image: str, service: str, tmp_path: Path
) -> None:
    (tmp_path / "service.json").write_text(json.dumps(SERVICE))
    (tmp_path / "definition.json").write_text(json.dumps(DEFINITION))
    words = ("create", "-c", "prod", "-n", service, *FILES, "--image", image)
    made = made_by(World(load_scenario("crash-loop")), *words, cwd=tmp_path)
    assert made
    assert made - granted("create") == set()


@pytest.mark.parametrize("command", ["deploy", "rollback", "stop", "plan", "watch", "history"])
def test_so_does_one_on_a_service_that_codedeploy_deploys(command: str) -> None:
    feature = "codedeploy" if command in {"deploy", "rollback", "stop"} else "codedeploy-read"
    assert calls_in(command, CODEDEPLOY) - granted(command, feature) == set()


@pytest.mark.parametrize("command", ["deploy", "plan", "rollback"])
def test_so_does_one_on_a_service_that_express_mode_manages(command: str) -> None:
    made = calls_in(command, ("express", "express-alarm"))
    assert "ecs:DescribeExpressGatewayService" in made
    assert made - granted(command, "express") == set()


def test_the_status_of_a_cluster_calls_what_its_policy_says_and_nothing_else() -> None:
    assert made_by(World(load_scenario("good")), "status", "-c", "prod") == granted("cluster-status")


@pytest.mark.parametrize(
    "name", ["plan", "status", "cluster-status", "history", "logs", "doctor", "watch", "init", "rehearse"]
)
def test_what_only_looks_may_only_read(name: str) -> None:
    assert [each for each in granted(name) if not re.match(r"[a-z-]+:(Batch)?(Get|List|Describe|Filter)", each)] == []


def test_each_statement_has_an_id_of_its_own_and_none_repeats_a_resource() -> None:
    statements = _statements("--for", ",".join(NEEDS))
    ids = [each["Sid"] for each in statements]
    assert len({*ids}) == len(ids)
    assert all(re.fullmatch("[A-Za-z0-9]+", each) for each in ids)
    about = [json.dumps((each["Resource"], each.get("Condition")), sort_keys=True) for each in statements]
    assert len({*about}) == len(about)


def test_a_deploy_through_codedeploy_may_not_update_the_service() -> None:
    assert "ecs:UpdateService" in granted("deploy")
    assert "ecs:UpdateService" not in granted("deploy", "codedeploy")


def test_places_are_filled_and_the_rest_is_named() -> None:
    where = ("-c", "PROD", "-n", "arn:aws-cn:ecs:cn-north-1:111122223333:service/prod/web", "--region", "cn-north-1")
    run = _printed("--for", "deploy", *where, "--expect-account", "111122223333")
    assert run.code == 0
    assert '"arn:aws-cn:ecs:cn-north-1:111122223333:service/PROD/web"' in run.stdout
    assert "arn:aws:" not in run.stdout
    assert "`FAMILY`" in run.stderr
    assert "`TASK_ROLE`" in run.stderr
    assert "PROD" not in run.stderr
    assert "`ACCOUNT`" not in run.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "`--for` names what the policy is for. It takes `deploy`, ", id="nothing"),
        pytest.param(("--for", " , "), "`--for` names what the policy is for.", id="empty names"),
        pytest.param(("--for", "deploy,rolback"), "Did you mean `rollback`?", id="a slip"),
        pytest.param(("--for", "xyzzy"), "It takes `deploy`, ", id="nothing near"),
        pytest.param(("--for", "logs", "-c", "*"), "`--cluster` cannot stand in the ARNs of a policy: `*`.", id="all"),
        pytest.param(("--for", "logs", "--expect-account", "1"), "cannot stand in the ARNs", id="account"),
    ],
)
def test_what_is_asked_wrong_is_64(words: tuple[str, ...], said: str) -> None:
    run = _printed(*words)
    assert (run.code, run.stdout) == (64, "")
    assert said in run.stderr
    assert run.stderr.count("\n") == 1
