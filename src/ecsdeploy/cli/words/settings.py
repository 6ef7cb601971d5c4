"""Completes a command's options from variables (`ECS_DEPLOY_*`), and then from the file `ecs-deploy.toml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.options.option import PREFIX, Option
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean

if TYPE_CHECKING:
    from ecsdeploy.cli.files.settingsfile import Section

FILE_NAME = "ecs-deploy.toml"
_ENVIRONMENT = "env_name"
_IN_NAMES = str.maketrans("", "", "-_.")
_SWITCH = {"1": "true", "true": "true", "yes": "true", "on": "true", "0": "", "false": "", "no": "", "off": "", "": ""}


def with_settings(typed: Given, options: Sequence[Option], environment: Environment) -> Given:
    """What was typed, completed from the variables and the file. Each value keeps where it came from."""
    settable = [option for option in options if option.is_setting]
    if environment.simulated or not settable:
        return typed
    _tell_unknown(settable, environment)
    return completed(typed, settable, environment)


def completed(typed: Given, settable: Sequence[Option], environment: Environment) -> Given:
    """The same with these settings, and without a word about variables that we do not read."""
    keys = {option.key for option in settable}
    given = _completed(typed, _from_variables(settable, environment), keys)
    for section in _from_file(settable, environment, given):
        given = _completed(given, section, keys)
    return given


def _completed(given: Given, source: Given, keys: Collection[str]) -> Given:
    """What was given, and what `source` gives of `keys` besides."""
    new = [key for key in source.values if key in keys and key not in given.values]
    return Given(
        {**given.values, **{key: source.texts(key) for key in new}},
        {**given.origins, **{key: source.origin(key) for key in new}},
    )


def _tell_unknown(settable: Sequence[Option], environment: Environment) -> None:
    """Warn about a variable that we do not read: its name may be misspelt."""
    asked = {name for name in environment.variables if name.startswith(PREFIX)}
    if unread := asked.difference(option.variable for option in settable):
        known = {option.variable.removeprefix(PREFIX) for option in _every(settable)}
        for name in sorted(unread.difference(PREFIX + each for each in known)):
            near = did_you_mean(name.removeprefix(PREFIX), known).replace("`", f"`{PREFIX}", 1)
            environment.tell(f"Warning: `{name}` is not a setting, and is ignored. {near}".rstrip())


def _every(settable: Sequence[Option]) -> tuple[Option, ...]:
    """The settings of all commands; last those of this one, which count."""
    every = (option for name in COMMANDS for option in load(name).options)
    return (*(option for option in every if option.is_setting), *settable)


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


def _from_file(settable: Sequence[Option], environment: Environment, chosen: Given) -> tuple[Given, ...]:
    """What the file says for the environment that is chosen, if one is, and then for all. We check all of the file."""
    path = find_file(environment.cwd)
    if path is None:
        _refuse_unknown(chosen, (), f"no `{FILE_NAME}` is here or in a folder above")
        return ()
    from ecsdeploy.cli.files.settingsfile import read_sections

    sections = read_sections(path)
    known = _known(settable, {_key(name) for section in sections for name in section.settings})
    found = {section.environment: _of_section(section, known) for section in sections}
    _refuse_unknown(chosen, [*filter(None, found)], f"`{path}` does not have it")
    return tuple(found[name] for name in dict.fromkeys((chosen.text(_ENVIRONMENT), "")))


def _known(settable: Sequence[Option], keys: Collection[str]) -> dict[str, Option]:
    """What the file may set, by key: the settings of this command, and of all commands if it lacks one of `keys`."""
    lacks = not {option.key for option in settable}.issuperset(keys)
    return {option.key: option for option in (_every(settable) if lacks else settable) if option.is_of_every_run}


def _key(name: str) -> str:
    return name.replace("-", "_")


def _refuse_unknown(chosen: Given, names: Sequence[str], why: str) -> None:
    """Raise a `UsageError` if the environment that was chosen is none of `names`."""
    name = chosen.text(_ENVIRONMENT)
    if not name or name in names:
        return
    origin = chosen.origin(_ENVIRONMENT)
    if not (name.isascii() and name.translate(_IN_NAMES).isalnum()):
        # It may be meant as a variable of a container, and hold a secret.
        raise UsageError(f"{origin} takes the name of an environment: letters, digits, `-`, `_` and `.`.")
    raise UsageError(f"{origin} names the environment `{name}`, and {why}.", hint=_nearest(name, names))


def _nearest(name: str, names: Sequence[str]) -> str:
    listed = f"It has {listing(names)}." if names else f"Write its settings below `[env.{name}]` in `{FILE_NAME}`."
    return did_you_mean(name, names) or listed


def _of_section(section: Section, known: Mapping[str, Option]) -> Given:
    values: dict[str, tuple[str, ...]] = {}
    origins: dict[str, str] = {}
    for name, value in section.settings.items():
        option = known.get(_key(name))
        if option is None:
            raise _unknown(section, name, known)
        origins[option.key] = section.place(name)
        values[option.key] = _values(option, value, origins[option.key])
    return Given(values, origins)


def _unknown(section: Section, name: str, known: Mapping[str, Option]) -> UsageError:
    secret = next((each for each in _every(()) if each.key == _key(name) and each.secret), None)
    if secret:
        return UsageError(
            f"{section.head} has `{name}`, which is a secret, and many people read this file.",
            hint=f"Give it in the variable `{secret.variable}`.",
        )
    names = [key.replace("_", "-") for key in known]
    return UsageError(f"{section.head} has an unknown key: `{name}`.", hint=did_you_mean(name, names))


def find_file(cwd: Path) -> Path | None:
    """The nearest `ecs-deploy.toml`, in `cwd` or in a folder above it; None without one."""
    try:
        here = cwd.resolve()
        return next((file for folder in (here, *here.parents) if (file := folder / FILE_NAME).is_file()), None)
    except OSError:
        return None


def _values(option: Option, value: object, origin: str) -> tuple[str, ...]:
    if option.is_switch:
        return (_switch(str(value), origin),)
    items = value if isinstance(value, list) and option.many else [value]
    if not all(isinstance(item, str | int) and not isinstance(item, bool) for item in items):
        types = ("text", "number", *(("list of texts",) if option.many else ()))
        raise UsageError(f"{origin} must be a {' or a '.join(types)}.")
    return tuple(str(item) for item in items)
