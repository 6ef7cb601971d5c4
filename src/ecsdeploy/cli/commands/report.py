"""`ecs-deploy report`: a page about a run, of its JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.options.option import Option
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given

_OPTIONS = (
    Option(
        key="out",
        is_setting=False,
        names=("-o", "--out"),
        metavar="FILE",
        help="Write the page to this file, not to stdout.",
    ),
    VERSION,
)
_HELP = """Make a page for browsers of the JSON lines that a run wrote: verdict, causes, time line, events, plan, logs.
It is the page of --report. If the lines were cut off, it says that the end is unknown. It calls nobody.

\b
For example:
  ecs-deploy deploy -c prod -n web --image team/web:2 --output json > run.jsonl
  ecs-deploy report run.jsonl -o run.html
"""


def _report(given: Given, environment: Environment) -> int:
    names = given.texts("operands")
    if len(names) != 1:
        hint = "`ecs-deploy report RUN.jsonl -o FILE.html`; `--output json` writes such lines."
        raise UsageError("Name one file with the JSON lines of a run." if names else "No run is named.", hint=hint)
    made = _page(names[0], environment)
    if not given.text("out"):
        environment.show(made.removesuffix("\n"))
        return 0
    _save(given.text("out"), made, environment)
    return 0


def _page(name: str, environment: Environment) -> str:
    from ecsdeploy.render.report.page import NoRun, page

    try:
        with (environment.cwd / name).open(encoding="utf-8", errors="replace") as lines:
            return page(lines)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"The file `{name}` cannot be read: {why}.") from None
    except NoRun:
        raise UsageError(
            f"The file `{name}` has no JSON lines of a run.",
            hint="`deploy`, `rollback`, `watch` and `run` write them with `--output json`.",
        ) from None


def _save(name: str, made: str, environment: Environment) -> None:
    from ecsdeploy.cli.session.afterwards import replace_file

    try:
        replace_file(environment.cwd / name, made.encode())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"The page `{name}` cannot be written: {why}.") from None


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_report, operands=Operands("RUN.jsonl", tuple, files=True))
