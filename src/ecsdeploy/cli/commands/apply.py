"""`ecs-deploy apply`: release several services as a manifest says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, Operands, needs_fleet
from ecsdeploy.cli.options.around import AROUND
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.table import SHARED

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given

_NOT_OF_SEVERAL = frozenset({"report", "record"})
_OF_DEPLOY = {option.key: option for option in SHARED}
CHOICE = (
    Option(
        key="var",
        group=Group.SUBJECT,
        is_setting=False,
        names=("--var",),
        metavar="NAME=VALUE",
        many=True,
        secret=True,
        help="Fill the places ${NAME} of the manifest. Nothing else fills them, and no variable of the environment.",
    ),
    Option(
        key="only",
        group=Group.SUBJECT,
        is_setting=False,
        names=("--only",),
        metavar="NAME",
        many=True,
        help="Only this service, or those of this group.",
    ),
    Option(
        key="select",
        group=Group.SUBJECT,
        is_setting=False,
        names=("--select",),
        metavar="tag:NAME=VALUE",
        many=True,
        help="Only the services that have this tag in the manifest. Several tags: all of them.",
    ),
    Option(
        key="from_wave",
        group=Group.SUBJECT,
        is_setting=False,
        names=("--from-wave",),
        metavar="N|NAME",
        help="Only the waves from this one on.",
    ),
)
"""What is released of a manifest."""
OPTIONS = (
    *CHOICE,
    Option(
        key="lock",
        group=Group.SUBJECT,
        is_setting=False,
        names=("--lock",),
        metavar="FILE",
        help="Deploy the revisions that `lock` wrote into this file, and register nothing.",
    ),
    *(_OF_DEPLOY[key] for key in ("on_interrupt", "dry_run")),
    Option(key="exit_code", names=("--exit-code",), help="With --dry-run: exit 2 for changes."),
    *(option for option in AROUND if option.names and option.key not in _NOT_OF_SEVERAL),
)
_HELP = """Release the services of a manifest, such as ecs-release.toml: wave after wave, with one verdict.

All services are planned and checked before the first write. What runs the wanted content already is left as it is, so
that the same command again goes on where a release has ended. `-` reads the manifest from standard input.

\\b
For example:
  ecs-deploy apply ecs-release.toml --var VERSION=7
  ecs-deploy apply ecs-release.toml --var VERSION=7 --dry-run --output markdown
  ecs-deploy apply ecs-release.toml --var VERSION=7 --only web
  ecs-deploy apply ecs-release.toml --var VERSION=7 --lock good.json
"""


def _apply(given: Given, environment: Environment) -> int:
    with needs_fleet():
        from ecsdeploy.cli.several.manifest import apply
    return apply(given, environment)


COMMAND = Command(options=OPTIONS, help=_HELP, perform=_apply, operands=Operands("MANIFEST", tuple, files=True))
