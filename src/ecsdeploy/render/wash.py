"""Cleans every text of a record once, at the door, so that no renderer can forget to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Protocol, TypeVar, cast

from ecsdeploy.model.events import (
    Concluded,
    Delayed,
    Doomed,
    Finished,
    LostContact,
    Reconsidered,
    Record,
    RollingBack,
    Said,
)
from ecsdeploy.model.text import clean, redact

T = TypeVar("T")

_WORDS_OF_OTHERS = (Said, Delayed, Doomed, Reconsidered, LostContact, RollingBack, Concluded, Finished)
"""Events in which a secret may stand that somebody has logged; what a plan shows of values is for the plan to say."""


class Renderer(Protocol):
    """What takes the records of a run, in order: the engine's `Sink`, seen from here."""

    def emit(self, record: Record) -> None: ...


class Region(Protocol):
    """What a renderer holds of a terminal until it is closed; `hide` and `show` lend it to somebody else."""

    def hide(self) -> None: ...

    def show(self) -> None: ...

    def close(self) -> None: ...


class Washing:
    """Hands each record, cleaned, to every renderer in turn.

    The error of `Finished` passes as it is: its type decides the exit code. Who shows its text cleans that.
    """

    def __init__(self, *renderers: Renderer, region: Region | None = None) -> None:
        self._renderers = renderers
        self._region = region

    @property
    def is_drawn(self) -> bool:
        """Somebody sees it happen on a terminal."""
        return self._region is not None

    def close(self) -> None:
        """Give back what is held of the terminal, however the run ended; a second time changes nothing."""
        if self._region:
            self._region.close()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Meanwhile somebody else has the terminal."""
        if self._region:
            self._region.hide()
        yield
        if self._region:
            self._region.show()

    def emit(self, record: Record) -> None:
        clean_record = washed(record)
        for renderer in self._renderers:
            renderer.emit(clean_record)


def washed(value: T) -> T:
    """The same record, or other value, with every text in it cleaned."""
    foreign = isinstance(value, Record) and isinstance(value.event, _WORDS_OF_OTHERS)
    return cast("T", _wash(value, _without_secrets if foreign else clean))


def _without_secrets(text: str) -> str:
    return redact(clean(text))


def _wash(value: object, mend: Callable[[str], str]) -> object:
    # A StrEnum is a text too, and one of ours.
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, tuple):
        return tuple(_wash(each, mend) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _wash(getattr(value, each.name), mend) for each in fields(value)})
    return value
