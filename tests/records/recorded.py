"""Records runs of simulated worlds, and which of them this folder has."""

from dataclasses import replace
from pathlib import Path

from ecsdeploy.cli.environment import Environment
from ecsdeploy.sim import World
from tests.cli.worlds import Played, play

_TO_WEB_2 = ("-c", "prod", "-n", "web", "--image", "registry.example.com/team/web:2")
RECORDS = {
    "good": ("deploy", *_TO_WEB_2),
    "image-missing-no-breaker": ("deploy", *_TO_WEB_2, "--on-failure", "rollback"),
    "alarm-rollback": ("deploy", *_TO_WEB_2),
    "lost-update-reply": ("deploy", *_TO_WEB_2, "--output", "json"),
    "interrupted": ("deploy", *_TO_WEB_2, "--on-failure", "rollback"),
    "denied-update": ("deploy", *_TO_WEB_2),
}
"""The scenario of each record, and the command line that was recorded in it."""


def record(world: World, words: tuple[str, ...], path: Path, around: Environment) -> Played:
    """Run the words in this world, with the record in `path`."""
    return play(world, (*words, "--record", path.name), replace(around, cwd=path.parent))
