"""`ecs-deploy lock`: write down what the services of a manifest run now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.apply import CHOICE
from ecsdeploy.cli.commands.command import Command, Operands, needs_fleet
from ecsdeploy.cli.options.around import AROUND
from ecsdeploy.cli.options.option import Option

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given

_OF_A_VERDICT = frozenset({"junit", "report", "notify", "record", "output", "color", "quiet", "no_input"})
_OPTIONS = (
    *CHOICE,
    Option(
        key="out",
        is_setting=False,
        names=("-o", "--out"),
        metavar="FILE",
        help="Write to this file, not to stdout.",
    ),
    *(option for option in AROUND if option.names and option.key not in _OF_A_VERDICT),
)
_HELP = """Write what the services of a manifest run now, as JSON: the revision of each, its images and their digests.
Kept in git, it is what `apply --lock FILE` brings the services back to. It writes nothing to AWS.

\b
For example:
  ecs-deploy lock ecs-release.toml --var VERSION=7 -o good.json
"""


def _lock(given: Given, environment: Environment) -> int:
    with needs_fleet():
        from ecsdeploy.cli.several.lock import lock
    return lock(given, environment)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_lock, operands=Operands("MANIFEST", tuple, files=True))
