"""Completes a command's options from variables (`ECS_DEPLOY_*`), and then from the file `ecs-deploy.toml`."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.options.option import PREFIX, Option
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean

FILE_NAME = "ecs-deploy.toml"
_SWITCH = {"1": "true", "true": "true", "yes": "true", "on": "true", "0": "", "false": "", "no": "", "off": "", "": ""}


def with_settings(typed: Given, options: Sequence[Option], environment: Environment) -> Given:
    """What was typed, completed from the variables and the file. Each value keeps where it came from."""
    if environment.simulated:
        return typed
    settable = [option for option in options if option.is_setting]
    _tell_unknown(settable, environment)
    values, origins = dict(typed.values), dict(typed.origins)
    for source in (_from_variables(settable, environment), _from_file(settable, environment)):
        for option in settable:
            if option.key not in values and option.key in source.values:
                values[option.key] = source.texts(option.key)
                origins[option.key] = source.origins[option.key]
    return Given(values, origins)


def _tell_unknown(settable: Sequence[Option], environment: Environment) -> None:
    """Warn about a variable that we do not read: its name may be misspelt."""
    names = [name for name in sorted(environment.variables) if name.startswith(PREFIX)]
    known = {key.upper() for key in _known(settable, (name.removeprefix(PREFIX).lower() for name in names))}
    for name in names:
        asked = name.removeprefix(PREFIX)
        if asked not in known:
            near = did_you_mean(asked, known).replace("`", f"`{PREFIX}", 1)
            environment.tell(f"Warning: `{name}` is not a setting, and is ignored. {near}".rstrip())


def _known(settable: Sequence[Option], keys: Iterable[str]) -> dict[str, Option]:
    """The settings of this command by key; those of all commands if it lacks one of `keys`."""
    own = {option.key: option for option in settable}
    if own.keys() >= {*keys}:
        return own
    every = (option for name in COMMANDS for option in load(name).options)
    return {option.key: option for option in every if option.is_setting} | own


def _from_variables(options: Sequence[Option], environment: Environment) -> Given:
    given = {option: environment.variables.get(option.variable, "") for option in options}
    return Given(
        {option.key: _texts(option, text, f"`{option.variable}`") for option, text in given.items() if text},
        {option.key: f"`{option.variable}`" for option, text in given.items() if text},
    )


def _texts(option: Option, text: str, origin: str) -> tuple[str, ...]:
    if option.is_switch:
        return (_switch(text, origin),)
    return tuple(text.split()) if option.many else (text,)


def _switch(text: str, origin: str) -> str:
    try:
        return _SWITCH[text.lower()]
    except KeyError:
        raise UsageError(f"{origin} must be `true` or `false`, not `{text}`.") from None


def _from_file(settable: Sequence[Option], environment: Environment) -> Given:
    path = find_file(environment.cwd)
    if path is None:
        return Given()
    parsed = {name.replace("-", "_"): (name, value) for name, value in _parsed(path).items()}
    known = {key: option for key, option in _known(settable, parsed).items() if option.is_of_every_run}
    values: dict[str, tuple[str, ...]] = {}
    origins: dict[str, str] = {}
    for key, (name, value) in parsed.items():
        option = known.get(key)
        if option is None:
            names = [key.replace("_", "-") for key in known]
            raise UsageError(f"`{path}` has an unknown key: `{name}`.", hint=did_you_mean(name, names))
        origins[option.key] = f"`{name}` in `{path}`"
        values[option.key] = _values(option, value, origins[option.key])
    return Given(values, origins)


def find_file(cwd: Path) -> Path | None:
    """The nearest `ecs-deploy.toml`, in `cwd` or in a folder above it; None without one."""
    try:
        here = cwd.resolve()
        return next((file for folder in (here, *here.parents) if (file := folder / FILE_NAME).is_file()), None)
    except OSError:
        return None


def _parsed(path: Path) -> Mapping[str, object]:
    import tomllib

    try:
        if path.stat().st_mode & stat.S_IWOTH:
            raise UsageError(f"`{path}` can be written by everybody.", hint=f"Run `chmod o-w {path}`.")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"`{path}` is not TOML: {error}.") from None


def _values(option: Option, value: object, origin: str) -> tuple[str, ...]:
    if option.is_switch:
        return (_switch(str(value), origin),)
    items = value if isinstance(value, list) and option.many else [value]
    if not all(isinstance(item, str | int) and not isinstance(item, bool) for item in items):
        types = ("text", "number", *(("list of texts",) if option.many else ()))
        raise UsageError(f"{origin} must be a {' or a '.join(types)}.")
    return tuple(str(item) for item in items)
