"""A measured figure beside its bound, and the table of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table; without a bound it is there for comparison."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        return self.at_most is None or self.value <= self.at_most

    def line(self) -> str:
        measured = f"{self.value:,.2f}" if self.value < 10 else f"{self.value:,.0f}"
        bound = "" if self.at_most is None else f"<= {self.at_most:g}"
        verdict = "" if self.at_most is None else "pass" if self.holds else "FAIL"
        return f"{self.name:<58}{measured:>9} {self.unit:<4}{bound:>8}  {verdict}".rstrip()


def table(figures: Sequence[Figure]) -> str:
    return "\n".join(figure.line() for figure in figures)
