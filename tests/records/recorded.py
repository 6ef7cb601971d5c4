"""Records runs of simulated worlds, and which of them this folder has."""

from dataclasses import replace
from pathlib import Path

from ecsdeploy.cli.environment import Environment
from ecsdeploy.sim import World
from tests.cli import test_before, test_prune_command, test_run, test_schedules
from tests.cli.worlds import WEB, Played, a_world, play, shipped

_TO_WEB_2 = ("-c", "prod", "-n", "web", "--image", "registry.example.com/team/web:2")
RECORDS = {
    "good": ("deploy", *_TO_WEB_2),
    "image-missing-no-breaker": ("deploy", *_TO_WEB_2, "--on-failure", "rollback"),
    "alarm-rollback": ("deploy", *_TO_WEB_2),
    "lost-update-reply": ("deploy", *_TO_WEB_2, "--output", "json"),
    "interrupted": ("deploy", *_TO_WEB_2, "--on-failure", "rollback"),
    "denied-update": ("deploy", *_TO_WEB_2),
    "after": ("deploy", *_TO_WEB_2, "--after", "./manage.py migrate --noinput"),
    "run": test_run.MIGRATE,
    "scale": ("scale", *WEB, "--to", "4"),
    "prune": ("prune", *WEB, "--keep", "1", "--yes"),
    "schedules": ("schedules", *WEB, "--to-running", "--yes", "--output", "json"),
}
"""The name of each record, and the command line that was recorded."""
_WORLDS = {
    "after": test_before.world,
    "run": test_run.world,
    "scale": a_world,
    "prune": test_prune_command.a_family,
    "schedules": test_schedules.a_timetable,
}


def world_of(name: str) -> World:
    """The world of a record: that of the scenario of its name, where it has none of its own."""
    return _WORLDS[name]() if name in _WORLDS else shipped(name)


def record(world: World, words: tuple[str, ...], path: Path, around: Environment) -> Played:
    """Run the words in this world, with the record in `path`."""
    end = words.index("--") if "--" in words else len(words)
    return play(world, (*words[:end], "--record", path.name, *words[end:]), replace(around, cwd=path.parent))
