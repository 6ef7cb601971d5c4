"""The commands that an agent can call as tools: what each takes, and what it answers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.main import main
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.session.signals import Signals
from ecsdeploy.engine.clock import InterruptibleClock, WallClock
from ecsdeploy.errors import Terminated, UsageError
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.values import replace, value

if TYPE_CHECKING:
    from threading import Event

    from ecsdeploy.cli.environment import Environment

Schema = dict[str, object]
_SERVICE = ("cluster", "service")
_EDITS = (
    *("image", "tag", "revision", "env", "unset_env", "secret", "unset_secret"),
    *("cpu", "memory", "desired_count", "skip_unchanged"),
)
_REHEARSED = tuple(key for key in _EDITS if key != "skip_unchanged")
_ENDS = ("planned", "result")
"""The types of the JSON lines of a run that its tool answers."""


@value(frozen=True, slots=True, kw_only=True)
class Tool:
    """A command with the options that an agent may give, by their keys; none of them names a file."""

    command: str
    keys: tuple[str, ...]
    required: tuple[str, ...] = _SERVICE
    writes: bool = False

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(option for option in load(self.command).options if option.key in self.keys)

    @property
    def description(self) -> str:
        return COMMANDS[self.command]

    @property
    def schema(self) -> Schema:
        """The JSON Schema of the arguments."""
        members = {option.key: _schema_of(option) for option in self.options}
        return {
            "type": "object",
            "properties": members,
            "required": list(self.required),
            "additionalProperties": False,
        }


TOOLS = (
    Tool(command="status", keys=_SERVICE, required=("cluster",)),
    Tool(command="history", keys=(*_SERVICE, "number", "failed")),
    Tool(command="doctor", keys=(*_SERVICE, "task", "since", "preflight")),
    Tool(
        command="watch",
        keys=(*_SERVICE, "deployment", "revision", "since", "wait_for_start", "timeout", "wait_until"),
    ),
    Tool(command="plan", keys=(*_SERVICE, *_EDITS)),
    Tool(command="rehearse", keys=(*_SERVICE, *_REHEARSED, "timeout", "on_failure", "fault")),
    Tool(command="deploy", keys=(*_SERVICE, *_EDITS, "timeout", "wait_until", "on_failure", "if_busy"), writes=True),
    Tool(command="rollback", keys=(*_SERVICE, "to", "timeout"), writes=True),
    Tool(command="stop", keys=(*_SERVICE, "timeout"), writes=True),
)


@value(frozen=True, slots=True)
class Answer:
    """What a tool answers: JSON, or, with `is_error`, the sentences that say why there is none."""

    text: str
    is_error: bool = False


def offered(*, writing: bool) -> tuple[Tool, ...]:
    """The tools that are offered: those that write only with `writing`."""
    return tuple(tool for tool in TOOLS if writing or not tool.writes)


def carry_out(
    tool: Tool, arguments: Mapping[str, object], environment: Environment, leaving: Event | None = None
) -> Answer:
    """Run the command in this process, as its command line with `--output json` does.

    Once `leaving` is set, it ends as after SIGTERM: a deployment then goes on, or goes back, as its options say.
    """
    try:
        words = (tool.command, *_words(tool, arguments), "--output=json", "--no-input")
    except UsageError as error:
        return Answer(f"{error.message} {error.hint}".strip(), is_error=True)
    said, wrong = io.StringIO(), io.StringIO()
    clock = environment.clock or WallClock()
    around = replace(
        environment,
        stdout=said,
        stderr=wrong,
        stdin=None,
        stdin_is_terminal=False,
        stdout_is_terminal=False,
        stderr_is_terminal=False,
        signals=Signals(),
        secrets=Secrets(),
        clock=InterruptibleClock(clock, leaving, Terminated) if leaving else environment.clock,
    )
    main(words, around)
    found = "\n".join(_answered(said.getvalue().splitlines()))
    return Answer(found) if found else Answer(wrong.getvalue().strip(), is_error=True)


def _answered(lines: Sequence[str]) -> Iterator[str]:
    """The plan and the result of a run, or the one object of a command that looks."""
    for line in lines:
        if len(lines) == 1 or json.loads(line)["type"] in _ENDS:
            yield line


def _schema_of(option: Option) -> Schema:
    if option.is_switch:
        return {"type": "boolean", "description": option.help}
    text: Schema = {"type": "string"}
    if option.words and option.words == tuple(option.metavar.split("|")):
        text["enum"] = list(option.words)
    described = f"{option.help} ({option.metavar})"
    return (
        {"type": "array", "items": text, "description": described}
        if option.many
        else {**text, "description": described}
    )


def _words(tool: Tool, arguments: Mapping[str, object]) -> Iterator[str]:
    """The arguments as words of the command line; each value is joined to its option, so that none can be an option."""
    known = {option.key: option for option in tool.options}
    for key, given in arguments.items():
        if key not in known:
            hint = did_you_mean(key, known) or f"It has {', '.join(f'`{each}`' for each in known)}."
            raise UsageError(f"The tool `{tool.command}` has no argument `{key}`.", hint=hint)
        yield from _words_of(known[key], given)
    if missing := [key for key in tool.required if not arguments.get(key)]:
        raise UsageError(f"The tool `{tool.command}` needs its argument `{missing[0]}`.")


def _words_of(option: Option, given: object) -> Iterator[str]:
    name = next(each for each in option.names if each.startswith("--"))
    if option.is_switch and isinstance(given, bool):
        yield from (name,) if given else ()
        return
    texts = given if option.many and isinstance(given, list) else [given]
    if option.is_switch or not all(isinstance(text, str) for text in texts):
        kind = "true or false" if option.is_switch else "a list of texts" if option.many else "a text"
        raise UsageError(f"The argument `{option.key}` must be {kind}.")
    yield from (f"{name}={text}" for text in texts)
