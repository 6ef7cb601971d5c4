"""The table of all options, from which we make both grammars, the help and the settings."""

from __future__ import annotations

from collections.abc import Iterator

from ecsdeploy.cli.options.around import AROUND
from ecsdeploy.cli.options.definition import DEFINITION
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.release import RELEASE
from ecsdeploy.cli.options.service import CODEDEPLOY, SERVICE
from ecsdeploy.cli.options.task import ONE_OFF
from ecsdeploy.cli.options.watching import WATCHING

OPTIONS = (*RELEASE, *DEFINITION, *SERVICE, *CODEDEPLOY, *WATCHING, *ONE_OFF, *AROUND)
"""The options of the flag form, in the order of its help."""
SHARED = tuple(option for option in OPTIONS if option.names)
"""The options of `deploy`."""
_ON_A_SERVICE = frozenset({"cluster", "service", "timeout", *(option.key for option in AROUND)})

_OF_A_VERDICT = frozenset({"timeout", "quiet", "output", "junit", "report", "notify"})


def on_a_service(*keys: str) -> tuple[Option, ...]:
    """The options that every command on a service has, and those of `deploy` with these keys."""
    return tuple(option for option in SHARED if option.key in _ON_A_SERVICE.union(keys))


def without_verdict(*keys: str) -> tuple[Option, ...]:
    """The same for a command that ends with no verdict: it has no options about one, and its own `--output`."""
    return tuple(option for option in on_a_service(*keys) if option.key not in _OF_A_VERDICT.difference(keys))


def by_name() -> dict[str, Option]:
    """The options of the flag form, by each of their names."""
    return {name: option for option in OPTIONS for name in option.spellings}


def groups() -> Iterator[tuple[Group, tuple[Option, ...]]]:
    for group in Group:
        yield group, tuple(option for option in OPTIONS if option.group is group)
