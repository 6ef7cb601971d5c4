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
    from ecsdeploy.model.request import DeployRequest

_MARKDOWN = "markdown"
_OUTPUT = Option(
    key="output",
    names=("--output",),
    metavar="lines|json|markdown",
    help="Lines of text, one JSON object a line, the last being the result, or Markdown for a merge request.",
)
_OPTIONS = (
    *(option for option in deploy.OPTIONS if option.key not in {"dry_run", "detach", "output", "plan"}),
    _OUTPUT,
    Option(key="exit_code", names=("--exit-code",), help="Exit 2 if something would change."),
    Option(
        key="out",
        is_setting=False,
        names=("--out",),
        metavar="FILE",
        help="Write the plan to FILE, for `deploy --plan FILE`. It has fingerprints in place of values.",
    ),
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
  ecs-deploy plan -c prod -n web --tag 2026-11-22 --out web.plan
"""


def _understand(given: Given, environment: Environment) -> Invocation:
    """The invocation of `deploy`, as a dry run."""
    from ecsdeploy.model.values import replace

    asked = deploy.understand(_without_markdown(given), environment)
    if given.text("output") == _MARKDOWN:
        asked = replace(asked, showing=replace(asked.showing, output=_MARKDOWN))
    if given.has("out"):
        asked = _written(asked, given, environment)
    return replace(asked, dry_run=True, changes_exit=given.has("exit_code"))


def _written(asked: Invocation, given: Given, environment: Environment) -> Invocation:
    """The invocation that also writes the plan to a file. A new key is drawn for the fingerprints."""
    import secrets
    from typing import cast

    from ecsdeploy.cli.files.planfile import PlanFile
    from ecsdeploy.errors import UsageError
    from ecsdeploy.model.difference import Agreed
    from ecsdeploy.model.values import replace

    if given.has("show_values"):
        raise UsageError("`--out` writes no values, and `--show-values` asks for them.", hint="Give one of them.")
    key, name = secrets.token_hex(16), given.text("out")
    file = PlanFile(path=environment.cwd / name, name=name, given=given, key=key)
    request = replace(cast("DeployRequest", asked.request), agreed=Agreed(key=key))
    return replace(asked, request=request, out=file)


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
