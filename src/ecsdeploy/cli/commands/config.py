"""`ecs-deploy config show`: the value of every setting, and where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.table import SHARED
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.options.option import Option
    from ecsdeploy.cli.words.given import Given

_SHOW = "show"
_OPTIONS = tuple(option for option in SHARED if option.is_setting or option.key in {"version", "help"})
_AWS = {"region": ("AWS_REGION", "AWS_DEFAULT_REGION"), "profile": ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")}
"""The variables of AWS that count where neither the command line nor a setting gives one of these."""
_DEFAULT = "default"
_HELP = """Show every setting of `deploy` with its value and where that came from: the command line, a variable, the
file ecs-deploy.toml, or the default. The options of `deploy` may be given, to see what would come of them. A secret is
shown as ***. It calls nobody.

\b
For example:
  ecs-deploy config show
  ecs-deploy config show --env-name staging --timeout 5m
  ecs-deploy config show --output json
"""


def _config(given: Given, environment: Environment) -> int:
    if given.texts("operands") != (_SHOW,):
        raise UsageError("`ecs-deploy config` takes one word: `show`.", hint="See `ecs-deploy config --help`.")
    from ecsdeploy.cli.showing import OUTPUTS
    from ecsdeploy.cli.words.values import word

    rows = [_row(option, given, environment) for option in _OPTIONS if option.is_setting]
    if word(given, "output", OUTPUTS) == "json":
        environment.show(_object(rows, given, environment))
    else:
        environment.show("\n".join(_lines(rows)))
    return ExitCode.SUCCEEDED


def _row(option: Option, given: Given, environment: Environment) -> dict[str, object]:
    """The setting as it stands in the JSON object."""
    texts, source, origin = given.texts(option.key), _DEFAULT, ""
    if texts:
        origin = given.origin(option.key)
        source = _source(option, origin)
    elif name := next((each for each in _AWS.get(option.key, ()) if environment.variables.get(each)), ""):
        texts, source, origin = (environment.variables[name],), "variable", f"`{name}`"
    else:
        texts = _default(option)
    return {
        "name": option.key.replace("_", "-"),
        "values": [_shown(option, text, environment) for text in texts if text],
        "source": source,
        "origin": origin.replace("`", ""),
    }


def _source(option: Option, origin: str) -> str:
    bare = origin.strip("`")
    if bare in option.names:
        return "command_line"
    return "variable" if bare == option.variable else "file"


def _default(option: Option) -> tuple[str, ...]:
    """What the help says in brackets before a full stop."""
    import re

    said = re.search(r"\(([^()]+)\)\.", option.help)
    if option.is_switch:
        return ("true" if said and said[1] == "the default" else "false",)
    return (said[1],) if said else ()


def _shown(option: Option, text: str, environment: Environment) -> str:
    from ecsdeploy.model.redaction import HIDDEN

    return HIDDEN if option.secret else environment.secrets.mend(text)


def _lines(rows: list[dict[str, object]]) -> Iterator[str]:
    cells = [(str(row["name"]), _joined(row["values"]), str(row["origin"] or row["source"])) for row in rows]
    widths = [max(len(cell[column]) for cell in cells) for column in (0, 1)]
    for name, values, origin in cells:
        yield f"{name:<{widths[0]}}  {values:<{widths[1]}}  {origin}"


def _joined(values: object) -> str:
    return " ".join(map(str, values)) if isinstance(values, list) and values else "-"


def _object(rows: list[dict[str, object]], given: Given, environment: Environment) -> str:
    import json

    from ecsdeploy.cli.words.settings import find_file

    path = find_file(environment.cwd)
    head = {"v": 1, "type": "config", "environment": given.text("env_name"), "file": str(path or "")}
    return json.dumps(head | {"settings": rows}, ensure_ascii=False)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_config, operands=Operands(_SHOW, lambda: (_SHOW,)))
