"""The keys of a manifest: those of a service are the words of `deploy`'s options, and few of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum

from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.table import SHARED
from ecsdeploy.model.fleet import OnMemberFailure
from ecsdeploy.model.values import value

_GROUPS = (Group.IMAGE, Group.VARIABLES, Group.PARTS, Group.SERVICE, Group.CODEDEPLOY, Group.WATCHING)
_OF_THE_SERVICE = ("cluster", "service", "region", "profile", "assume_role", "expect_account")
_NOT_HERE = frozenset(
    {
        *("smoke", "smoke_timeout", "approve", "add_pause", "on_failure", "on_interrupt", "dry_run"),
        *("var", "detach", "no_fail_fast", "no_copy_task_definition_tags"),
    }
)
"""Options of `deploy` that are about the whole release, about one service alone, or the opposite of another one."""
OPTIONS: Mapping[str, Option] = {
    each.key.replace("_", "-"): each
    for each in SHARED
    if each.key in _OF_THE_SERVICE or (each.group in _GROUPS and each.key not in _NOT_HERE)
}
"""The options that a service of a manifest may have, by the key there."""
ONCE = ("before", "after", "service")
"""What belongs to one service, so that neither `[defaults]` nor a group has it."""


class Kind(StrEnum):
    """What the value of a key is, in words for messages."""

    TEXT = "a text"
    NUMBER = "a whole number"
    NAMES = "a list of texts"
    TEXTS = "a table of texts"
    TABLE = "a table"
    TABLES = "a list of tables"


@value(frozen=True, slots=True)
class Key:
    """A key that is no option: what its value is, and what it means."""

    kind: Kind
    meaning: str
    words: tuple[str, ...] = ()
    least: int = 1
    most: int = 0
    """Of a number; without a limit if it is 0."""


MANIFEST: Mapping[str, Key] = {
    "$schema": Key(Kind.TEXT, "The address of this schema, for an editor. It is not read."),
    "on-failure": Key(
        Kind.TEXT,
        "What happens if a service or a wave fails: `rollback` takes all back that this release has touched,"
        " `rollback-failed` only what failed, `stop` stops the deployment that failed, `leave` (the default) does"
        " nothing. No other service begins in any case.",
        tuple(OnMemberFailure),
    ),
    "max-parallel": Key(Kind.NUMBER, "How many services are under way at once (all of a wave)."),
    "defaults": Key(Kind.TABLE, "What holds for every service that does not say otherwise."),
    "groups": Key(Kind.TABLE, "Groups of services, by name. What stands in a group holds for all its services."),
    "services": Key(Kind.TABLE, "The services, by a name of your choice."),
    "waves": Key(Kind.TABLES, "The waves, in order. Without any, all services are released at once."),
}
GROUP: Mapping[str, Key] = {"services": Key(Kind.NAMES, "The names of the services in the group.")}
SERVICE: Mapping[str, Key] = {
    "depends-on": Key(Kind.NAMES, "The services that must have succeeded before this one begins."),
    "tags": Key(Kind.TEXTS, "Words of your own about the service, for `--select tag:NAME=VALUE`."),
}
WAVE: Mapping[str, Key] = {
    "name": Key(Kind.TEXT, "Its name, for messages and `--from-wave`; without one, its number."),
    "services": Key(Kind.NAMES, "Its services, by name, or by the names of groups."),
    "count": Key(Kind.NUMBER, "So many of the services that no wave names, in their order."),
    "percent": Key(
        Kind.NUMBER, "So many of a hundred of them. Percentages add up before they are rounded up.", (), 1, 100
    ),
    "soak": Key(Kind.TEXT, "How long to wait after the wave before the next one begins: `90s`, `10m`, `1h30m`."),
    "alarms": Key(
        Kind.NAMES,
        "The CloudWatch alarms that are watched in that time, also after the last wave: if one is in ALARM, or cannot"
        " be read at its end, the wave has failed.",
    ),
    "gate": Key(Kind.TEXT, "`approval`: somebody at the terminal must approve before the wave begins.", ("approval",)),
}


def takes_names(option: Option) -> bool:
    """Whether a table gives its values: each of a container, or of a variable."""
    return option.many and "=" in option.metavar


def takes_words(option: Option) -> bool:
    """Whether a list is one value: the words of a command."""
    return option.key in {"command", "entrypoint"}


def texts_of(option: Option, held: object) -> tuple[str, ...] | None:
    """The texts that the option would have on a command line; None if the value is of a wrong kind."""
    if option.is_switch:
        return (("true" if held else ""),) if isinstance(held, bool) else None
    if isinstance(held, dict):
        return _of_table(option, held) if takes_names(option) else None
    if isinstance(held, list):
        return _of_list(option, held)
    text = _scalar(held)
    return None if text is None else (text,)


def wanted(option: Option) -> str:
    """What its value must be, for messages."""
    if option.is_switch:
        return "`true` or `false`"
    kinds = ["a text", "a whole number"]
    kinds += ["a list of words"] if takes_words(option) else ["a list of texts"] if option.many else []
    kinds += ["a table of them by name"] if takes_names(option) else []
    return f"{', '.join(kinds[:-1])} or {kinds[-1]}"


def _of_table(option: Option, held: Mapping[str, object]) -> tuple[str, ...] | None:
    texts = {name: _words(each) if takes_words(option) else _scalar(each) for name, each in held.items()}
    if any(text is None for text in texts.values()):
        return None
    return tuple(f"{name}={text}" for name, text in texts.items())


def _of_list(option: Option, held: Sequence[object]) -> tuple[str, ...] | None:
    if takes_words(option):
        words = _words(held)
        return None if words is None else (words,)
    if option.key == "patch" and all(isinstance(each, dict) for each in held):
        return (json.dumps(held),)
    texts = [_scalar(each) for each in held]
    return tuple(text for text in texts if text is not None) if option.many and None not in texts else None


def _words(held: object) -> str | None:
    if isinstance(held, list):
        return json.dumps(held) if all(isinstance(each, str) for each in held) else None
    return _scalar(held)


def _scalar(held: object) -> str | None:
    return str(held) if isinstance(held, str | int) and not isinstance(held, bool) else None
