"""Chooses the renderers of a run, and the streams they write to."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal, TextIO

from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.oneoff import TaskStarted
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.values import value
from ecsdeploy.render.clean import Cleaning, Renderer
from ecsdeploy.render.lines import Detail, Lines
from ecsdeploy.render.script import ScriptLines
from ecsdeploy.render.stream import Again, LineStream, Style
from ecsdeploy.render.terminal import Terminal

if TYPE_CHECKING:
    from ecsdeploy.render.jsonl import ExitCode


@value(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """What decides which renderers a run gets.

    `form` is the grammar of the command line, and `output` the value of `--output` (None: the terminal decides).
    `terminal` is what we can draw on, or None. `color` is about stderr, `stdout_color` about stdout; `width` is in
    columns. `quiet` leaves only results, and failures that stdout does not show. A `dry_run` ends with its plan.
    `simulated`: nothing happens at AWS.
    """

    form: Literal["flags", "commands"]
    output: str | None
    stdout: TextIO
    stderr: TextIO
    exit_code: ExitCode
    color: bool = False
    stdout_color: bool = False
    quiet: bool = False
    dry_run: bool = False
    width: int = 120
    simulated: bool = False
    again: Again = Again()
    terminal: Terminal | None = None
    secrets: Secrets = dataclasses.field(default_factory=Secrets)
    """What no renderer may show."""

    @property
    def is_live(self) -> bool:
        """Whether to draw live: if asked for, or by default in a command on a terminal; never without a terminal."""
        fits = self.form == "commands" and not self.quiet
        return self.terminal is not None and (self.output == "live" or (self.output is None and fits))


class NewRevision:
    """Writes the result of a command to stdout, and nothing else: the ARN of the revision that it deployed.

    Of `run`, those of its tasks.
    """

    def __init__(self, stream: LineStream) -> None:
        self._stream = stream
        self._tasks: list[str] | None = None

    def emit(self, record: Record) -> None:
        match record.event:
            case Planned(steps=(*_, "run")):
                self._tasks = []
            case TaskStarted(task=task) if self._tasks is not None:
                self._tasks.append(task)
            case Finished(outcome=outcome) if self._tasks and outcome.verdict.status.is_success:
                for each in self._tasks:
                    self._stream.line(each)
            case Finished(outcome=outcome) if outcome.to_revision and outcome.verdict.status.is_success:
                self._stream.line(outcome.to_revision)


def select(options: RenderOptions) -> Cleaning:
    """The renderers of a run, as the one sink that the engine gets."""
    terminal = options.terminal if options.is_live and not (options.output == "json" or options.dry_run) else None
    if terminal:
        return _live(options, terminal, _style(options))
    return Cleaning(*_renderers(options), secrets=options.secrets)


def _style(options: RenderOptions) -> Style:
    return Style(
        color=options.color,
        width=options.width,
        phased=options.form == "flags",
        simulated=options.simulated,
        again=options.again,
    )


def _renderers(options: RenderOptions) -> tuple[Renderer, ...]:
    out, err, style = LineStream(options.stdout), LineStream(options.stderr), _style(options)
    failure = Lines(err, style, Detail.FAILURE)
    if options.output == "json":
        from ecsdeploy.render.jsonl import JsonLines

        result = JsonLines(out, options.exit_code)
        return (result,) if options.quiet else (result, failure)
    if options.output == "markdown":
        from ecsdeploy.render.planmarkdown import PlanMarkdown

        return PlanMarkdown(out), failure
    if options.dry_run:
        from ecsdeploy.render.plan import PlanLines

        return PlanLines(out, dataclasses.replace(style, color=options.stdout_color)), failure
    if options.form == "flags":
        beside = failure if options.quiet else Lines(err, style, Detail.BESIDE_SCRIPT)
        return ScriptLines(out), beside
    return failure if options.quiet else Lines(err, style), NewRevision(out)


def _live(options: RenderOptions, terminal: Terminal, style: Style) -> Cleaning:
    from ecsdeploy.render.live.screen import Screen

    screen, out = Screen(options.stderr, style, terminal), LineStream(options.stdout)
    if options.form == "commands":
        beside: tuple[Renderer, ...] = (NewRevision(out),)
    else:
        # The script's lines are for programs. If stdout is the terminal itself, the live region says more.
        beside = () if terminal.stdout_too else (ScriptLines(out),)
    return Cleaning(screen, *beside, secrets=options.secrets, drawing=screen)
