"""`ecs-deploy plan`: what a deploy would change, with its checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands import deploy
from ecsdeploy.cli.commands.command import Command, released
from ecsdeploy.cli.options.option import Option

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given

_MARKDOWN = "markdown"
_OUTPUT = Option(
    key="output",
    names=("--output",),
    metavar="lines|json|markdown",
    help="Lines of text, one JSON object a line, the last being the result, or Markdown for a merge request.",
)
_OPTIONS = (
    *(option for option in deploy.OPTIONS if option.key not in {"dry_run", "detach", "output"}),
    _OUTPUT,
    Option(key="exit_code", names=("--exit-code",), help="Exit 2 if something would change."),
    Option(
        key="show_values",
        is_setting=False,
        names=("--show-values",),
        help="Show values of variables, commands and the like, not their fingerprints.",
    ),
)
_HELP = """Show exactly what `deploy` with the same options would change, and what its checks find. It writes nothing.

\b
For example:
  ecs-deploy plan -c prod -n web --image registry.example.com/team/web:2
  ecs-deploy plan -c prod -n web --tag 2026-11-22 --exit-code
  ecs-deploy plan -c prod -n web --env LEVEL=debug --output markdown > plan.md
"""


def _understand(given: Given, environment: Environment) -> Invocation:
    """The invocation of `deploy`, as a dry run."""
    from ecsdeploy.model.values import replace

    asked = deploy.understand(_without_markdown(given), environment)
    if given.text("output") == _MARKDOWN:
        asked = replace(asked, showing=replace(asked.showing, output=_MARKDOWN))
    return replace(asked, dry_run=True, changes_exit=given.has("exit_code"))


def _without_markdown(given: Given) -> Given:
    """A deploy has no such output."""
    from ecsdeploy.cli.showing import OUTPUTS
    from ecsdeploy.cli.words.values import word
    from ecsdeploy.model.values import replace

    word(given, "output", (*OUTPUTS, _MARKDOWN))
    if given.text("output") != _MARKDOWN:
        return given
    return replace(given, values={**given.values, "output": ()})


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=released(_understand))
