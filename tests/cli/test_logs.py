"""What containers wrote, asked for through the command line, in virtual time."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.errors import Terminated
from ecsdeploy.sim import World
from ecsdeploy.sim.state.region import LogStream
from ecsdeploy.sim.state.service import Task
from tests.cli.worlds import NEW, OLD, WEB, Played, a_world, behaves, fault, play, service, surroundings

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "logs.schema.json").read_text("utf-8"))
READS = {
    *("DescribeServices", "ListServices", "ListTasks", "DescribeTasks", "DescribeTaskDefinition", "FilterLogEvents"),
}
PASSWORD = "xK9-aa7-Qm2-vv31"
CRASHES = behaves(NEW, run="exit", exit_code=1, after=4, logs=["starting", "KeyError: 'DATABASE_URL'"])


def awslogs(**options: str) -> Mapping[str, object]:
    named = {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "web"}
    return {"logDriver": "awslogs", "options": named | {f"awslogs-{name}": text for name, text in options.items()}}


def container(name: str, image: str = OLD, **members: object) -> Mapping[str, object]:
    return {"name": name, "image": image, "memory": 128} | members


def crashed(*parts: str) -> World:
    """A release whose tasks crash, which ECS has rolled back."""
    world = a_world(service(deployment={"circuit_breaker": "rollback"}), CRASHES, *parts)
    assert play(world, ("deploy", *WEB, "--image", NEW, "--no-preflight")).code == 21
    return world


def of_containers(*containers: Mapping[str, object], parts: Sequence[str] = ()) -> World:
    return a_world(service(launch_type="EC2", task_definition={"containerDefinitions": [*containers]}), *parts)


def running(world: World) -> list[Task]:
    return [each for each in world.region.clusters["prod"].services["web"].tasks if each.last_status == "RUNNING"]


def tasks(world: World) -> list[str]:
    return [each.id for each in running(world)]


def write(world: World, task: str, *lines: str, name: str = "app", group: str = "/ecs/web", ago: float = 0) -> None:
    """A container of the task writes these lines now."""
    stream = f"web/{name}/{task}"
    held = world.region.log_streams.setdefault((group, stream), LogStream(group, stream, world.region.now))
    held.lines += [(world.region.now - ago, line) for line in lines]


def logs(world: World, *words: str, color: bool = False) -> Played:
    before = len(world.calls)
    around = replace(surroundings(), stdout_is_terminal=color)
    played = play(world, ("logs", *WEB, *words), around)
    asked = {call.operation for call in world.calls[before:]}
    assert asked <= {
        "DescribeServices",
        "ListServices",
        "ListTasks",
        "DescribeTasks",
        "DescribeTaskDefinition",
        "FilterLogEvents",
    }
    return played


def as_objects(world: World, *words: str) -> list[Mapping[str, Any]]:
    found = [json.loads(line) for line in logs(world, "--output", "json", *words).lines]
    for each in found:
        Draft202012Validator(SCHEMA).validate(each)
    return found


def messages(played: Played) -> list[str]:
    return [line.split(" ", 2)[2] for line in played.lines]


def interrupted(world: World, after: float, signal: type[BaseException] = KeyboardInterrupt) -> None:
    def arrive() -> None:
        raise signal

    world.clock.after(after, arrive)


def test_lines_of_all_tasks_are_merged_by_time() -> None:
    world = a_world()
    first, second = tasks(world)
    write(world, first, "one", ago=30)
    write(world, second, "two", ago=20)
    write(world, first, "three", ago=10)
    played = logs(world)
    assert (played.code, played.stderr) == (0, "")
    assert played.lines == [
        f"11:59:30 app/{first[:8]} one",
        f"11:59:40 app/{second[:8]} two",
        f"11:59:50 app/{first[:8]} three",
    ]
    assert [each["task"] for each in as_objects(world)] == [first, second, first]


def test_stopped_tasks_are_included_and_may_be_all_that_is_shown() -> None:
    world = crashed()
    write(world, tasks(world)[0], "the old one is well")
    assert {*messages(logs(world))} == {"starting", "KeyError: 'DATABASE_URL'", "the old one is well"}
    assert {*messages(logs(world, "--failed"))} == {"starting", "KeyError: 'DATABASE_URL'"}


def test_a_task_that_has_failed_and_is_still_being_stopped_counts() -> None:
    world = a_world(service(), CRASHES)
    play(world, ("deploy", *WEB, "--image", NEW, "--detach", "--no-preflight"))
    while not any(each.last_status == "DEPROVISIONING" for each in world.region.clusters["prod"].tasks.values()):
        world.clock.sleep(1)
    assert {*messages(logs(world, "--failed"))} == {"starting", "KeyError: 'DATABASE_URL'"}


def test_of_a_failed_task_it_is_the_container_at_fault() -> None:
    sidecar = container("proxy", "registry.example.com/proxy:1", essential=False, logConfiguration=awslogs())
    world = a_world(
        service(
            launch_type="EC2",
            task_definition={"containerDefinitions": [container("app", logConfiguration=awslogs()), sidecar]},
            deployment={"circuit_breaker": "rollback"},
        ),
        CRASHES,
        behaves("registry.example.com/proxy:1", logs=["listening"]),
    )
    play(world, ("deploy", *WEB, "--image", f"app={NEW}", "--no-preflight"))
    assert "listening" in messages(logs(world))
    assert {each["container"] for each in as_objects(world, "--failed")} == {"app"}


def test_nothing_written_is_said() -> None:
    world = a_world()
    write(world, tasks(world)[0], "early", ago=3600)
    assert logs(world).stderr == "No event was written since 2026-01-01 11:45:00 UTC.\n"
    played = logs(world, "--since", "2h", "--grep", "late")
    assert (played.code, played.stdout) == (0, "")
    assert played.stderr == "No event with that text in it was written since 2026-01-01 10:00:00 UTC.\n"


def test_nothing_failed_is_said() -> None:
    played = logs(a_world(), "--failed")
    assert (played.code, played.stdout) == (0, "")
    assert played.stderr == "No task of `web` has failed within the last hour.\n"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ((), ["late"]),
        (("--since", "2h"), ["early", "late"]),
        (("--since", "2026-01-01T11:30:00Z"), ["late"]),
        (("--since", "2h", "--grep", "earl"), ["early"]),
        (("--grep", "EARL"), []),
    ],
)
def test_since_and_grep_narrow_what_is_shown(words: tuple[str, ...], shown: list[str]) -> None:
    world = a_world()
    write(world, tasks(world)[0], "early", ago=3600)
    write(world, tasks(world)[0], "late", ago=60)
    assert [each["message"] for each in as_objects(world, *words)] == shown


def test_tasks_are_chosen_by_id_revision_or_deployment() -> None:
    world = crashed()
    old, stopped = tasks(world), [each["task"] for each in as_objects(world, "--failed")]
    for each in old:
        write(world, each, "well")
    assert {each["task"] for each in as_objects(world, "--task", old[0][:6])} == {old[0]}
    assert {each["task"] for each in as_objects(world, "--revision", "2")} == {*stopped}
    assert {each["task"] for each in as_objects(world, "--revision", "web:1")} == {*old}
    started_by = next(each.deployment for each in running(world) if each.id == old[0])
    assert started_by is not None
    assert {each["task"] for each in as_objects(world, "--deployment", started_by.id)} <= {*old}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--task", "zzzz"), 26, "No task of `web` has the id `zzzz`"),
        (("--revision", "9"), 26, "Its tasks are `web:1`."),
        (("--deployment", "ecs-svc/1"), 26, "No task of `web` is of `ecs-svc/1`"),
        (("--container", "ap"), 64, "No container of `web` is called `ap`. Did you mean `app`?"),
        (("--since", "yesterday"), 64, "`--since` must be a time"),
        (("--failed", "--task", "1"), 64, "each choose tasks"),
        (("--failed", "-f"), 64, "Give one of them."),
    ],
)
def test_what_is_not_there_is_named_with_what_is(words: tuple[str, ...], code: int, says: str) -> None:
    played = logs(a_world(), *words)
    assert (played.code, played.stdout) == (code, "")
    assert says in played.stderr


def test_an_id_that_several_tasks_begin_with_is_answered_with_them() -> None:
    world = a_world(service(desired=40))
    ids = [each.id for each in world.region.clusters["prod"].services["web"].tasks]
    start = next(each[0] for each in ids if sum(other[0] == each[0] for other in ids) > 1)
    played = logs(world, "--task", start)
    assert played.code == 64
    assert f"Several tasks of `web` begin with `{start}`: " in played.stderr


def test_a_service_that_is_not_there_is_named_with_the_nearest() -> None:
    played = play(a_world(), ("logs", "-c", "prod", "-n", "wbe"))
    assert (played.code, played.stdout) == (26, "")
    assert "Did you mean `web`?" in played.stderr


def test_secrets_are_hidden_and_controls_are_taken_out() -> None:
    known = {"name": "DB_PASSWORD", "value": PASSWORD}
    world = of_containers(container("app", environment=[known], logConfiguration=awslogs()))
    hostile = f"connecting with {PASSWORD}\x1b[2J\n::error::pwned"
    write(world, tasks(world)[0], hostile)
    played = logs(world)
    assert PASSWORD not in played.said
    assert "\x1b" not in played.stdout
    assert "::error::" not in played.stdout
    assert [each["message"] for each in as_objects(world)] == ["connecting with ***\n: :error::pwned"]


def test_an_event_of_several_lines_stays_together() -> None:
    world = a_world()
    write(world, tasks(world)[0], "Traceback:\n  File app.py\nKeyError", ago=1)
    first, second, third = logs(world).lines
    assert first.endswith(" Traceback:")
    assert (second.strip(), third.strip()) == ("File app.py", "KeyError")
    assert second.index("  File") == first.index("Traceback")


def test_each_task_has_a_colour_on_a_terminal_alone() -> None:
    world = a_world()
    for each in tasks(world):
        write(world, each, "well", "still well", ago=1)
    painted = logs(world, color=True).stdout
    assert len({line.partition("\x1b")[2].partition("m")[0] for line in painted.splitlines()}) == 2
    assert "\x1b" not in logs(world).stdout


@pytest.mark.parametrize(
    ("configuration", "says"),
    [
        (
            {"logDriver": "splunk", "options": {"splunk-url": "https://splunk.example.com"}},
            'The log of "other" is not read: driver splunk, splunk-url https://splunk.example.com.',
        ),
        (None, 'The log of "other" is not read: it has no log driver'),
    ],
)
def test_a_log_that_goes_elsewhere_is_named_once(configuration: Mapping[str, object] | None, says: str) -> None:
    beside = {"logConfiguration": configuration} if configuration else {}
    other = container("other", "registry.example.com/other:1", essential=False, **beside)
    world = of_containers(container("app", logConfiguration=awslogs()), other)
    write(world, tasks(world)[0], "well")
    played = logs(world)
    assert messages(played) == ["well"]
    assert played.stderr.count(says) == 1


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("ResourceNotFoundException", "The log group `/ecs/web` does not exist in Region `us-east-1`"),
        ("AccessDeniedException", '"Action": "logs:FilterLogEvents"'),
    ],
)
def test_a_group_that_cannot_be_read_is_one_sentence(error: str, says: str) -> None:
    played = logs(a_world(service(), fault(operation="FilterLogEvents", error=error, times=0)))
    assert (played.code, played.stdout) == (26, "")
    assert played.stderr.count(says) == 1


def test_ctrl_c_ends_what_is_followed_with_success() -> None:
    world = a_world()
    first = tasks(world)[0]
    for at in range(10):
        world.clock.after(3.0 * at, lambda at=at: write(world, first, f"line {at}"))  # type: ignore[misc]
    interrupted(world, 40)
    played = logs(world, "-f")
    assert (played.code, played.stderr) == (0, "")
    assert messages(played) == [f"line {at}" for at in range(10)]


def test_what_comes_late_is_shown_once() -> None:
    world = a_world()
    first, second = tasks(world)
    world.clock.after(4, lambda: write(world, first, "first"))
    world.clock.after(7, lambda: write(world, second, "written before, seen after", ago=4))
    interrupted(world, 30)
    assert messages(logs(world, "-f")) == ["first", "written before, seen after"]


def test_new_tasks_are_followed_too() -> None:
    world = a_world(service(), behaves(NEW, logs=["the new one is up"]))
    play(world, ("deploy", *WEB, "--image", NEW, "--no-preflight", "--detach"))
    interrupted(world, 120)
    assert messages(logs(world, "-f")).count("the new one is up") == 2


def test_what_was_shown_is_not_shown_again_when_a_second_task_comes() -> None:
    world = a_world(service(desired=1), behaves(NEW, logs=["the new one is up"]))
    (first,) = tasks(world)
    play(world, ("deploy", *WEB, "--image", NEW, "--no-preflight", "--detach"))
    for at in range(10):
        world.clock.after(3.0 * at, lambda at=at: write(world, first, f"line {at}"))  # type: ignore[misc]
    interrupted(world, 120)
    shown = messages(logs(world, "-f"))
    assert sorted(shown) == [*(f"line {at}" for at in range(10)), "the new one is up"]


@pytest.mark.parametrize(("signal", "follow", "code"), [(Terminated, ("-f",), 143), (KeyboardInterrupt, (), 130)])
def test_another_end_is_an_interrupt(signal: type[BaseException], follow: tuple[str, ...], code: int) -> None:
    world = a_world(service(), fault(operation="ListTasks", error="ThrottlingException", times=3))
    interrupted(world, 1, signal)
    assert logs(world, *follow).code == code


def test_long_waits_cost_few_calls() -> None:
    world = a_world(service(desired=10))
    interrupted(world, 60)
    before = len(world.calls)
    logs(world, "-f")
    asked: Callable[[str], int] = lambda name: sum(call.operation == name for call in world.calls[before:])  # noqa: E731
    assert asked("FilterLogEvents") <= 31
    assert asked("ListTasks") + asked("DescribeTasks") <= 24
