"""A run that has ended, as one value, from which annotation, outputs, summary and JUnit file are made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.outcome import Outcome
from ecsdeploy.model.values import value
from ecsdeploy.render.block import GOOD, sentences, story
from ecsdeploy.render.labelled import Labelled, laid_out
from ecsdeploy.render.stream import Style
from ecsdeploy.render.verdicts import success
from ecsdeploy.render.view import View, fold

if TYPE_CHECKING:
    from ecsdeploy.render.jsonl import ExitCode


@value(frozen=True, slots=True, kw_only=True)
class Ended:
    """What happened, how and when (`at`) it ended, its exit code, and the style of texts about it."""

    view: View
    finished: Finished
    at: datetime
    exit_code: int
    style: Style

    @property
    def outcome(self) -> Outcome:
        return self.finished.outcome

    @property
    def verdict(self) -> str:
        """The verdict, what serves production now, and how long it took."""
        return " ".join(sentences(self.view, self.finished, self.style))

    @property
    def story(self) -> tuple[Labelled, ...]:
        """What stands below the verdict: why, what to do, the proof, what was done. Empty after a success."""
        if self.outcome.verdict.status in GOOD:
            return ()
        return tuple(story(self.view, self.finished, self.at, self.style.again))

    @property
    def why(self) -> str:
        """The first cause, or what else stood in the way; empty if nothing did."""
        return next((each.text for each in self.story if each.label == "Why"), "")

    @property
    def text(self) -> str:
        """The verdict with its story, as lines of text."""
        if self.outcome.verdict.status in GOOD:
            return success(self.outcome, self.view)
        return "\n".join((self.verdict, *laid_out(self.story, self.style)))

    @property
    def title(self) -> str:
        """`ecs-deploy: web (prod)`."""
        place = self.outcome.place
        where = f"{place.service} ({place.cluster})" if place.service else place.cluster
        return f"ecs-deploy: {where}" if where else "ecs-deploy"


class AtEnd:
    """A renderer that calls each of `tellers` in turn, once, when the run has ended."""

    def __init__(self, style: Style, exit_code: ExitCode, *tellers: Callable[[Ended], None]) -> None:
        self._style = style
        self._exit_code = exit_code
        self._tellers = tellers
        self._view = View()
        self._is_told = False

    def emit(self, record: Record) -> None:
        self._view = fold(self._view, record)
        if isinstance(record.event, Finished) and not self._is_told:
            self._is_told = True
            self._tell(record.event, record.time)

    def _tell(self, finished: Finished, at: datetime) -> None:
        code = self._exit_code(finished.outcome, finished.error)
        ended = Ended(view=self._view, finished=finished, at=at, exit_code=code, style=self._style)
        for teller in self._tellers:
            teller(ended)
