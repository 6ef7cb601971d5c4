"""The published policies give what a feature needs, and no more."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.sim import World, load_scenario
from tests.cli.test_create import DEFINITION, FILES, NAMES, SERVICE, create
from tests.cli.test_exec import Plugin, around, enabled, execute
from tests.cli.test_schedules import a_timetable
from tests.docs.pages import ROOT
from tests.others.caller import Caller, Refusal
from tests.others.deploys import begin
from tests.others.subject import subject

PAGE = ROOT / "docs" / "reference" / "iam.md"
JSON_BLOCK = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
READS_SECRETS = {"secretsmanager:GetSecretValue", "ssm:GetParameters", "kms:Decrypt"}

WATCHED = (
    *("alarm-rollback", "blue-green", "breaker-stop", "canary-crash", "code-deploy", "code-deploy-rolled-back", "good"),
    *("image-missing-in-ecr", "image-missing-no-breaker", "init-error", "protected-tasks", "secret-denied"),
)
"""Between them they make every call that a watch makes in any of the shipped scenarios, but a search for a group."""


def _policies() -> list[dict[str, Any]]:
    return [json.loads(block) for block in JSON_BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


def _statements() -> Iterator[dict[str, Any]]:
    return (statement for policy in _policies() for statement in policy["Statement"])


def _actions(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return [action] if isinstance(action, str) else list(action)


def test_policies_are_published_in_the_language_of_iam() -> None:
    assert _policies()
    assert {policy["Version"] for policy in _policies()} == {"2012-10-17"}
    assert {statement["Effect"] for statement in _statements()} == {"Allow"}


def test_no_action_is_a_wildcard() -> None:
    assert [action for statement in _statements() for action in _actions(statement) if "*" in action] == []


def test_secret_values_are_never_asked_for() -> None:
    assert [a for statement in _statements() for a in _actions(statement) if a in READS_SECRETS] == []


def test_roles_are_passed_to_the_service_they_are_for() -> None:
    passing = [statement for statement in _statements() if "iam:PassRole" in _actions(statement)]
    assert passing
    assert all("iam:PassedToService" in json.dumps(statement["Condition"]) for statement in passing)


def _published(heading: str) -> set[str]:
    """The actions under this heading."""
    (section,) = re.findall(rf"(?ms)^## {heading}\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"))
    policies = [json.loads(block) for block in JSON_BLOCK.findall(section)]
    return {action for policy in policies for statement in policy["Statement"] for action in _actions(statement)}


def _made_by_watch(name: str) -> set[str]:
    """What a watch calls after another tool's write."""
    world = World(load_scenario(name))
    fill = subject(world, registers=True)
    with suppress(Refusal):
        begin(Caller(world=world, attempts=5), fill)
    before = len(world.calls)
    quiet = Environment(stdout=io.StringIO(), stderr=io.StringIO(), variables={}, cwd=Path())
    main(("watch", "-c", fill["cluster"], "-n", fill["service"], "--revision", fill["revision"]), inside(world, quiet))
    return {f"{call.service}:{call.operation}" for call in world.calls[before:]}


def test_a_watch_calls_what_its_policy_says_and_no_more() -> None:
    own, checks = _published("Watch somebody else's deploy"), _published("Check before the first write")
    made = set().union(*map(_made_by_watch, WATCHED))
    assert made - own - checks == set()
    assert own - made == set()


def test_the_policy_of_a_watch_only_reads() -> None:
    verbs = {action.partition(":")[2] for action in _published("Watch somebody else's deploy")}
    assert [verb for verb in verbs if not re.match(r"(Batch)?Get|List|Describe", verb)] == []


def _made_by(world: World, *argv: str) -> set[str]:
    """What a command calls in this world."""
    before = len(world.calls)
    quiet = Environment(stdout=io.StringIO(), stderr=io.StringIO(), variables={}, cwd=Path())
    main((*argv, "-c", "prod", "-n", "web"), inside(world, quiet))
    # The endpoint of CloudWatch has another name than its actions.
    asked = (f"{call.service}:{call.operation}" for call in world.calls[before:])
    return {each.replace("monitoring:", "cloudwatch:") for each in asked}


def _after_a_release(name: str, *words: str) -> World:
    world = World(load_scenario(name))
    _made_by(world, "deploy", "--image", "registry.example.com/team/web:2", "--no-preflight", *words)
    return world


def test_history_calls_what_its_policy_says_and_no_more() -> None:
    world, bare = _after_a_release("good"), World(load_scenario("good"))
    bare.region.clusters["prod"].services["web"].history.clear()
    made = _made_by(world, "history") | _made_by(world, "history", "--diff", "1", "2") | _made_by(bare, "history")
    assert made == _published("History")
    ours = _published("Watch somebody else's deploy") | _published("History")
    assert _made_by(_after_a_release("code-deploy"), "history") - ours == set()


def test_logs_calls_what_its_policy_says_and_no_more() -> None:
    assert _made_by(_after_a_release("crash-loop"), "logs", "--failed") == _published("Logs")


def test_prune_calls_what_its_policy_says_and_no_more() -> None:
    world = _after_a_release("good")
    _made_by(world, "deploy", "--image", "registry.example.com/team/web:3", "--no-preflight")
    made = _made_by(world, "prune", "--keep", "1", "--yes")
    # A call to the Scheduler has no operation in its head: its address says which one it is.
    made = {each for each in made if each != "scheduler:"}
    ours, looks = _published(r"Prune old revisions \(`--max-definitions`\)"), _published("History")
    assert "ecs:DeregisterTaskDefinition" in made
    assert made - ours - looks == set()


def test_create_calls_what_its_policy_says_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "service.json").write_text(json.dumps(SERVICE))
    (tmp_path / "definition.json").write_text(json.dumps(DEFINITION))
    world = World(load_scenario("good"))
    create(tmp_path, world, *NAMES, *FILES)
    made = {f"{call.service}:{call.operation}" for call in world.calls}
    assert made - _published("Deploy") - _published("Say why it failed") == _published("Create a service")


def test_schedules_calls_what_its_policy_says_and_no_more() -> None:
    made = _made_by(a_timetable(), "schedules", "--to-running", "--yes")
    # A call to the Scheduler has no operation in its head: its address says which one it is.
    scheduler = {"scheduler:ListSchedules", "scheduler:GetSchedule", "scheduler:UpdateSchedule"}
    assert made - {"scheduler:"} == _published("Schedules") - scheduler - {"iam:PassRole"}


def test_scale_calls_what_its_policy_says_and_no_more() -> None:
    worlds = [World(load_scenario(name)) for name in ("unhealthy", "good-with-load-balancer")]
    for world in worlds:
        world.region.scalable["service/prod/web"] = {"MinCapacity": 1, "MaxCapacity": 2}
    made = set().union(*(_made_by(world, "scale", "--to", "+9", "--adjust-limits") for world in worlds))
    assert made == _published("Scale")


def test_doctor_calls_what_its_policy_says_and_no_more() -> None:
    worlds = [
        _after_a_release(name, "--detach") for name in ("crash-loop", "target-unhealthy", "alarm-rollback", "good")
    ]
    for world in worlds:
        world.region.action_logs["prod"] = "/ecs/actions"
        world.clock.sleep(400)
    made = set().union(*(_made_by(world, "doctor") for world in worlds))
    assert made == _published("Doctor")
    own, checks = _published("Doctor"), _published("Check before the first write")
    assert _made_by(worlds[-1], "doctor", "--preflight") - own - checks == set()


def test_run_calls_what_its_policy_says_and_no_more() -> None:
    words = ("run", "-c", "prod", "--detach", "--subnets", "subnet-1")
    near = ("run", "-c", "prod", "--family", "wbe")
    whole = ("run", "-c", "prod", "--like-service", "web", "--", "true")
    made = (
        _called(*words, "--family", "web") | _called(*words, "--like-service", "web") | _called(*whole) | _called(*near)
    )
    assert made | {"ecs:StopTask", "iam:PassRole"} == _published("Run one-off tasks")


def test_rehearse_calls_what_its_policy_says_and_no_more() -> None:
    image = ("--image", "registry.example.com/team/web:2", "--fault", "crash-loop")
    made = _made_by(World(load_scenario("good-with-load-balancer")), "rehearse", *image)
    checks = _published("Check before the first write") | _published("Tag revisions")
    assert made - checks - _published("Rehearse") == set()
    assert _published("Rehearse") - made == set()


def test_init_calls_what_its_policy_says_and_no_more() -> None:
    assert _made_by(World(load_scenario("good")), "init", "--dry-run") == _published("Start from a live service")


def test_exec_calls_what_its_policy_says_and_no_more(tmp_path: Path) -> None:
    world = enabled()
    before = len(world.calls)
    execute(world, around(Plugin(tmp_path)))
    execute(world, around(Plugin(tmp_path)), "--forward", "80")
    made = {f"{call.service}:{call.operation}" for call in world.calls[before:]}
    assert made == _published("Run a command in a container")


def _called(*words: str) -> set[str]:
    world = World(load_scenario("good"))
    quiet = Environment(stdout=io.StringIO(), stderr=io.StringIO(), variables={}, cwd=Path())
    main(words, inside(world, quiet))
    return {f"{call.service}:{call.operation}" for call in world.calls}
