"""Carries out a command that shows a plan first, asks whether to go on, and then does it step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ecsdeploy.cli.access import access
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import of_signal, of_status
from ecsdeploy.cli.session.look import drawn_once, style_of
from ecsdeploy.cli.session.signals import number_of
from ecsdeploy.cli.session.tracing import connected, tracing
from ecsdeploy.cli.showing import showing
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import EcsDeployError, Untold, UsageError
from ecsdeploy.model.outcome import Place, Status
from ecsdeploy.model.values import value
from ecsdeploy.render.clean import cleaned
from ecsdeploy.render.objects import object_of
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.words import count

if TYPE_CHECKING:
    from ecsdeploy.api import Connection

Planned = TypeVar("Planned")
Done = TypeVar("Done")


class Change(Protocol[Planned, Done]):
    """What one command changes: its plan, its steps, and how both are shown. What is shown has no secrets."""

    @property
    def asks(self) -> bool:
        """Whether somebody has to agree first: what is done cannot simply be undone."""

    @property
    def only_looks(self) -> bool:
        """Whether only the plan is wanted: then it is one object, and all that is shown."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the user gave: they are no secrets."""

    def plan(self, connection: Connection, /) -> Planned: ...

    def place(self, planned: Planned, /) -> Place: ...

    def question(self, planned: Planned, /) -> str:
        """What to ask before the first write; empty if there is nothing to do."""

    def steps(self, connection: Connection, planned: Planned, /) -> Iterator[Done]:
        """Write, and yield each step once it is done."""

    def ended(self, done: Done, /) -> Status | None:
        """How it ended, if this step says so; None for any other step. Without such a step it has succeeded."""

    def interrupted(self, done: int, /) -> str:
        """What to tell after a signal, and so many steps."""

    def show(self, planned: Planned, stream: LineStream, style: Style, /) -> None: ...

    def json(self, planned: Planned, /) -> str: ...

    def step(self, done: Done, planned: Planned, /) -> str: ...

    def step_json(self, done: Done, planned: Planned, at: datetime, /) -> str: ...


def agreed(at: Change[Planned, Done], given: Given, environment: Environment) -> int:
    """Plan, show, ask, do; returns the exit code. What asks needs a terminal, `--yes` or `--dry-run`."""
    asks = at.asks and not (given.has("yes") or given.has("dry_run"))
    if asks and (given.has("no_input") or not environment.can_ask):
        raise UsageError(
            "Nobody can be asked whether to go on: there is no terminal.",
            hint="Look at the plan with `--dry-run`, then give `--yes`. Nothing was changed.",
        )
    environment.secrets.spare(at.names)
    aimed, shown = access(given, environment), showing(drawn_once(given), environment)
    with tracing(shown, environment) as trace:
        connection = connected(aimed, environment, trace)
        style, planned = style_of(shown, aimed, environment), at.plan(connection)
        doing = _Doing(at, planned, connection, environment, shown.output == "json")
        doing.tell_plan(style)
        if at.only_looks:
            return 0
        question = at.question(planned)
        if given.has("dry_run") or not question:
            return doing.end(Status.UNCHANGED, "Nothing was changed." if question else "There is nothing to do.")
        if asks and not _is_agreed(question, environment):
            return doing.end(Status.REFUSED, "Nothing was changed.")
        return doing.perform()


def _is_agreed(question: str, environment: Environment) -> bool:
    """Whether the user types `y` or `yes`."""
    environment.stderr.write(f"{environment.secrets.mend(question)} [y/N] ")
    environment.stderr.flush()
    answer = environment.stdin.readline() if environment.stdin else ""
    return answer.strip().lower() in {"y", "yes"}


def _status_of(error: EcsDeployError, done: int) -> Status:
    if isinstance(error, Untold):
        return Status.UNKNOWN
    return Status.FAILED if done else Status.REFUSED


def _said(status: Status, done: int) -> str:
    """How far it came, before the error says why it ended."""
    after = f"It ended after {count(done, 'step')}."
    if status is Status.UNKNOWN:
        return f"{after} What became of the next one is not known: look at the plan again with `--dry-run`."
    return after if done else "Nothing was changed."


@value(frozen=True, slots=True)
class _Doing(Generic[Planned, Done]):
    """One plan that is carried out, and told on the way."""

    at: Change[Planned, Done]
    planned: Planned
    connection: Connection
    environment: Environment
    as_json: bool

    def tell_plan(self, style: Style) -> None:
        stream, clean = LineStream(self.environment.stdout), cleaned(self.planned, self.environment.secrets)
        if self.as_json:
            stream.line(self.at.json(clean))
        else:
            self.at.show(clean, stream, style)

    def perform(self) -> int:
        done, status = 0, Status.SUCCEEDED
        try:
            for step in self.at.steps(self.connection, self.planned):
                done += 1
                self._tell_step(step)
                status = self.at.ended(step) or status
        except KeyboardInterrupt as interrupt:
            code = of_signal(number_of(interrupt) or self.environment.signals.number)
            return self.end(Status.INTERRUPTED, self.at.interrupted(done), done, code)
        except EcsDeployError as error:
            status = _status_of(error, done)
            error.status = status.value
            self.end(status, _said(status, done), done)
            raise
        return self.end(status, "", done)

    def _tell_step(self, step: Done) -> None:
        stream, clean = LineStream(self.environment.stdout), cleaned(step, self.environment.secrets)
        if self.as_json:
            stream.line(self.at.step_json(clean, self.planned, self.connection.clock.now()))
        else:
            stream.line(self.at.step(clean, self.planned))

    def end(self, status: Status, said: str, done: int = 0, code: int | None = None) -> int:
        """Tell how it ended, and return the exit code."""
        code = of_status(status) if code is None else code
        if self.as_json:
            now, place = self.connection.clock.now(), self.at.place(self.planned)
            result = object_of("result", now, place, status=status, exit_code=code, steps=done)
            LineStream(self.environment.stdout).line(result)
        elif said:
            self.environment.tell(said)
        return code
