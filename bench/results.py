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
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        within = self.at_most is None or self.value <= self.at_most
        return within and (self.at_least is None or self.value >= self.at_least)

    @property
    def bound(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return "" if self.at_most is None else f"<= {self.at_most:g}"

    def line(self) -> str:
        measured = f"{self.value:,.2f}" if self.value < 10 else f"{self.value:,.0f}"
        verdict = "pass" if self.holds else "FAIL"
        return f"{self.name:<58}{measured:>9} {self.unit:<4}{self.bound:>8}  {verdict if self.bound else ''}".rstrip()


def table(figures: Sequence[Figure]) -> str:
    return "\n".join(figure.line() for figure in figures)
