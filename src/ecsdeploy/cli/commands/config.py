"""`ecs-deploy config show`: the value of every setting, and where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.table import SHARED
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.options.option import Option
    from ecsdeploy.cli.words.given import Given

_SHOW, _OWN, _FIRST = "show", "config", "deploy"
_OPTIONS = tuple(option for option in SHARED if option.is_setting or option.key in {"version", "help"})
_AWS = {"region": ("AWS_REGION", "AWS_DEFAULT_REGION"), "profile": ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")}
"""The variables of AWS that count where neither the command line nor a setting gives one of these."""
_DEFAULT, _TYPED = "default", "command_line"
_HELP = """Show every setting of COMMAND, or of all commands, with its value and where that came from: the command
line, a variable, the file ecs-deploy.toml, or the default. The options of `deploy` may be given, to see what would come
of them. A setting that `deploy` does not have is shown with the commands that have it. A secret is shown as ***. It
calls nobody.

\b
For example:
  ecs-deploy config show
  ecs-deploy config show logs
  ecs-deploy config show --env-name staging --timeout 5m
  ecs-deploy config show --output json
"""


def _config(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.showing import OUTPUTS
    from ecsdeploy.cli.words.settings import completed
    from ecsdeploy.cli.words.values import word

    command = _command(given)
    found = _settings((command,) if command else tuple(each for each in COMMANDS if each != _OWN))
    if command:
        _refuse_others(given, command, {each.option.key for each in found})
    known = {option.key for option in _OPTIONS}
    others = {each.option.key: each.option for each in found if each.option.key not in known}
    given = completed(given, tuple(others.values()), environment)
    rows = [_row(each, given, environment) for each in _joined(found, given)]
    if word(given, "output", OUTPUTS) == "json":
        environment.show(_object(rows, given, environment))
    elif rows:
        environment.show("\n".join(_lines(rows)))
    else:
        environment.tell(f"`ecs-deploy {command}` has no settings.")
    return ExitCode.SUCCEEDED


def _command(given: Given) -> str:
    """The command that is named after `show`; empty without one."""
    show, *names = given.texts("operands") or ("",)
    if show != _SHOW or len(names) > 1:
        raise UsageError(
            "Write `ecs-deploy config show` and, if you like, a command.", hint="See `ecs-deploy config --help`."
        )
    for name in names:
        if name not in COMMANDS:
            hint = did_you_mean(name, COMMANDS) or "`ecs-deploy --help` lists the commands."
            raise UsageError(f"`{name}` is not a command.", hint=hint)
    return names[0] if names else ""


def _refuse_others(given: Given, command: str, keys: set[str]) -> None:
    """Refuse an option that was typed and is none of the command's: it would show nowhere. `--output` is our own."""
    for option in _OPTIONS:
        origin = given.origin(option.key)
        if option.key not in {*keys, "output"} and given.has(option.key) and _source(option, origin) == _TYPED:
            raise UsageError(f"{origin} is no option of `ecs-deploy {command}`.", hint="Leave it out.")


@value(frozen=True, slots=True)
class _Setting:
    """An option, and the commands that have it with this default."""

    option: Option
    commands: tuple[str, ...]


def _settings(commands: tuple[str, ...]) -> list[_Setting]:
    """The settings of these commands. One that has another default elsewhere is another one."""
    options: dict[tuple[str, tuple[str, ...]], tuple[Option, list[str]]] = {}
    for name in commands:
        for option in load(name).options:
            if option.is_setting:
                options.setdefault((option.key, _default(option)), (option, []))[1].append(name)
    return [_Setting(option, tuple(names)) for option, names in options.values()]


def _joined(settings: list[_Setting], given: Given) -> list[_Setting]:
    """The settings, each that has a value once: no default counts then."""
    by_key: dict[tuple[str, ...], _Setting] = {}
    for each in settings:
        key = (each.option.key,) if given.texts(each.option.key) else (each.option.key, *_default(each.option))
        before = by_key[key].commands if key in by_key else ()
        by_key[key] = _Setting(each.option, (*before, *each.commands))
    return [*by_key.values()]


def _row(setting: _Setting, given: Given, environment: Environment) -> dict[str, object]:
    """The setting as it stands in the JSON object."""
    option = setting.option
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
        "commands": [*setting.commands],
    }


def _source(option: Option, origin: str) -> str:
    bare = origin.strip("`")
    if bare in option.names:
        return _TYPED
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
    cells = [(str(row["name"]), _values(row["values"]), str(row["origin"] or row["source"])) for row in rows]
    widths = [max(len(cell[column]) for cell in cells) for column in (0, 1)]
    alone = len({str(row["commands"]) for row in rows}) == 1
    for row, (name, values, origin) in zip(rows, cells, strict=True):
        commands = [*map(str, row["commands"])] if isinstance(row["commands"], list) else []
        of = "" if alone or _FIRST in commands else f"  ({', '.join(commands)})"
        yield f"{name:<{widths[0]}}  {values:<{widths[1]}}  {origin}{of}"


def _values(values: object) -> str:
    return " ".join(map(str, values)) if isinstance(values, list) and values else "-"


def _object(rows: list[dict[str, object]], given: Given, environment: Environment) -> str:
    import json

    from ecsdeploy.cli.words.settings import find_file

    path = find_file(environment.cwd)
    head = {"v": 1, "type": "config", "environment": given.text("env_name"), "file": str(path or "")}
    return json.dumps(head | {"settings": rows}, ensure_ascii=False)


_WORDS = Operands(f"{_SHOW} [COMMAND]", lambda: (_SHOW, *COMMANDS))
COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_config, operands=_WORDS)
