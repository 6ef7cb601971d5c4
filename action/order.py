"""What the inputs of a step ask for: command lines of ours, the files that they read, and what is said beforehand."""

from collections.abc import Mapping
from dataclasses import field

from ecsdeploy.model.values import value

Inputs = Mapping[str, str]
"""By name, in lower case; an empty one is not given."""

REGISTERED = "--revision={registered}:1"
"""This word of a command line: the revision that the one before it has registered."""


@value(frozen=True, slots=True, kw_only=True)
class Order:
    """One step, understood. The first command line that fails is the last."""

    commands: tuple[tuple[str, ...], ...]
    files: Mapping[str, str] = field(default_factory=dict)
    """Their text, by name; they lie in the folder that the command lines name."""
    warnings: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def option(name: str, text: str) -> tuple[str, ...]:
    """`--name=text`, so that no text is taken for an option; nothing where it is empty."""
    return (f"--{name}={text}",) if text else ()
