"""Which renderers a command line gets, and on which streams."""

from typing import Literal, TextIO

from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.values import dataclass
from ecsdeploy.render.jsonl import ExitCode, JsonLines
from ecsdeploy.render.lines import Detail, Lines
from ecsdeploy.render.plan import PlanLines
from ecsdeploy.render.script import ScriptLines
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.wash import Renderer, Washing


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """What decides it: the grammar used, `--output` (None: lines), the streams, and how text is set.

    `quiet` leaves only results, and failures where stdout does not tell them. A `dry_run` ends with its plan.
    `width` is the terminal's, or the default where there is none. `simulated`: what is told happens in no AWS.
    """

    form: Literal["flags", "commands"]
    output: str | None
    stdout: TextIO
    stderr: TextIO
    exit_code: ExitCode
    color: bool = False
    quiet: bool = False
    dry_run: bool = False
    width: int = 120
    simulated: bool = False


class NewRevision:
    """The result of a `deploy` on stdout: the ARN of the revision that serves now, and nothing else."""

    def __init__(self, stream: LineStream) -> None:
        self._stream = stream

    def emit(self, record: Record) -> None:
        match record.event:
            case Finished(outcome=outcome) if outcome.to_revision and outcome.verdict.status in _WITH_RESULT:
                self._stream.line(outcome.to_revision)


_WITH_RESULT = (Status.SUCCEEDED, Status.UNCHANGED, Status.DETACHED)


def select(options: RenderOptions) -> Renderer:
    """The one sink of a run."""
    out, err = LineStream(options.stdout), LineStream(options.stderr)
    style = Style(
        color=options.color,
        width=options.width,
        phased=options.form == "flags",
        simulated=options.simulated,
    )
    failure = Lines(err, style, Detail.FAILURE)
    if options.output == "json":
        result = JsonLines(out, options.exit_code)
        return Washing(result) if options.quiet else Washing(result, failure)
    if options.dry_run:
        return Washing(PlanLines(out), failure)
    if options.form == "flags":
        beside = failure if options.quiet else Lines(err, style, Detail.BESIDE_SCRIPT)
        return Washing(ScriptLines(out), beside)
    return Washing(failure if options.quiet else Lines(err, style), NewRevision(out))
