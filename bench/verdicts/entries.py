"""One program in one scenario as a line of the table, and what all its lines come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

MOST_MEDIAN_SECONDS, MOST_WORST_SECONDS, MOST_CALLS_PER_SECOND = 1.5, 8.0, 0.30


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`late` is seconds from knowable to verdict, None where nothing could be known; `note` is its last word."""

    program: str
    scenario: str
    truth: str
    verdict: str
    right: bool
    late: float | None
    calls: int
    watched: float
    note: str = ""

    def line(self) -> str:
        """For a terminal."""
        late = f"{'':10}" if self.late is None else f"{self.late:+8.1f} s"
        said = f"{self.truth:<16}{self.verdict:<16}{'right' if self.right else 'WRONG'}"
        cost = f"{self.calls:5} calls in {self.watched:6.1f} s"
        return f"{self.scenario:<28}{self.program:<16}{said} {late}{cost}  {self.note}".rstrip()

    def cell(self) -> str:
        """For a table: the verdict, how late it is, and its calls; a wrong one stands out."""
        said = self.verdict if self.right else f"**{self.verdict}, wrong**"
        late = "" if self.late is None else f", {self.late:+.1f} s"
        return f"{said}{late}, {self.calls} calls" if self.watched else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Of one program; the seconds are those of its right verdicts."""

    program: str
    right: int
    of: int
    median_late: float
    worst_late: float
    calls_per_second: float

    @property
    def holds(self) -> bool:
        """Whether this is within the bounds that are ours."""
        soon = self.median_late <= MOST_MEDIAN_SECONDS and self.worst_late <= MOST_WORST_SECONDS
        return self.right == self.of and soon and self.calls_per_second <= MOST_CALLS_PER_SECOND

    def line(self) -> str:
        return (
            f"{self.program}: {self.right} of {self.of} verdicts right; from knowable to verdict "
            f"{self.median_late:.1f} s in the median, {self.worst_late:.1f} s at worst; "
            f"{self.calls_per_second:.2f} calls a simulated second"
        )


def totals(program: str, entries: Sequence[Entry]) -> Totals:
    """Of the entries of this program."""
    own = [each for each in entries if each.program == program]
    late = [each.late for each in own if each.right and each.late is not None]
    watched = sum(each.watched for each in own)
    return Totals(
        program=program,
        right=sum(each.right for each in own),
        of=len(own),
        median_late=median(late) if late else 0.0,
        worst_late=max(late, default=0.0),
        calls_per_second=sum(each.calls for each in own) / watched if watched else 0.0,
    )
