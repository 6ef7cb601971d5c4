"""Which renderers a command line gets, and on which streams."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal, TextIO

from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.outcome import Status
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
    """What decides it: the grammar used, `--output` (None: by the terminal), the streams, and how text is set.

    `terminal` is what can be drawn on, if anything can.

    `color` is that of stderr.

    `quiet` leaves only results, and failures where stdout does not tell them. A `dry_run` ends with its plan.
    `width` is the terminal's, or the default where there is none. `simulated`: what is told happens in no AWS.
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
    """What is shown of none of it."""

    @property
    def is_live(self) -> bool:
        """Asked for, or, in the new grammar, what a terminal is for; never where there is none."""
        fits = self.form == "commands" and not self.quiet
        return self.terminal is not None and (self.output == "live" or (self.output is None and fits))


class NewRevision:
    """The result of a `deploy` on stdout: the ARN of the revision that serves now, and nothing else."""

    def __init__(self, stream: LineStream) -> None:
        self._stream = stream

    def emit(self, record: Record) -> None:
        match record.event:
            case Finished(outcome=outcome) if outcome.to_revision and outcome.verdict.status in _WITH_RESULT:
                self._stream.line(outcome.to_revision)


_WITH_RESULT = (Status.SUCCEEDED, Status.UNCHANGED, Status.DETACHED)


def select(options: RenderOptions) -> Cleaning:
    """The one sink of a run."""
    region = options.terminal if options.is_live and not (options.output == "json" or options.dry_run) else None
    if region:
        return _live(options, region, _style(options))
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
        # Programs read the script's lines; on the terminal itself the region says more.
        beside = () if terminal.stdout_too else (ScriptLines(out),)
    return Cleaning(screen, *beside, secrets=options.secrets, region=screen)
