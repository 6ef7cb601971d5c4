"""The inputs of the bash script's Action as its command line, pair by pair: `*_cmd` is the option, the other its value.

A pair may go without its `*_cmd`; a switch may be `true`. The percentages and the timeout are always given, as there.
"""

from collections.abc import Iterator

from action.order import Inputs, Order
from action.vocabularies import SCRIPT_SWITCHES, SCRIPT_VALUES
from ecsdeploy.errors import UsageError

_DEFAULTS = {"min": "100", "max": "200", "timeout": "90"}
_DOCUMENTED = {"--max-definition": "--max-definitions"}
"""What its documentation calls an option, and what the script does."""
_OFF = ("", "false")


def translate(given: Inputs) -> Order:
    """The flag form of `ecs-deploy`."""
    if any(given.get(name) for name in ("tag_only_container_names", "tag_only_container_names_cmd")):
        raise UsageError(
            "The input `tag_only_container_names` is no option of the script, nor of ours.",
            hint="Name the image of each container: `image: CONTAINER=IMAGE` among our own inputs.",
        )
    return Order(commands=((*_values(_DEFAULTS | dict(given)), *_switches(given)),))


def _values(given: Inputs) -> Iterator[str]:
    for name in SCRIPT_VALUES:
        command = given.get(f"{name}_cmd", "")
        if command or name in given:
            yield _DOCUMENTED.get(command, command) or _option(name)
            yield given.get(name, "")


def _switches(given: Inputs) -> Iterator[str]:
    for name in SCRIPT_SWITCHES:
        command, text = given.get(f"{name}_cmd", ""), given.get(name, "")
        if command:
            yield command
        if text.lower() == "true":
            yield from () if command else (_option(name),)
        elif text.lower() not in _OFF:
            # Its own literal, or a stray word that the command line refuses.
            yield text


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
