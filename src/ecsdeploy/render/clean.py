"""Cleans the texts of a record and hides its secrets, once and before all renderers, so that none can forget it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Protocol, TypeVar, cast

from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.difference import Shown
from ecsdeploy.model.events import Record
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.text import clean
from ecsdeploy.model.values import is_value, members_of

T = TypeVar("T")


class Renderer(Protocol):
    """Takes the records of a run, in order. The engine calls it a `Sink`, and we do not import the engine."""

    def emit(self, record: Record) -> None: ...


class Drawing(Protocol):
    """What a renderer draws on a terminal until `close`.

    `hide` gives the terminal to somebody else, and `show` takes it back. With `leaving`, the lines stay on the screen.
    """

    def hide(self, *, leaving: bool = False) -> None: ...

    def show(self) -> None: ...

    def close(self) -> None: ...


class Cleaning:
    """Hands each record, cleaned and without `secrets`, to every renderer in turn."""

    def __init__(self, *renderers: Renderer, secrets: Secrets, drawing: Drawing | None = None) -> None:
        self._renderers = renderers
        self._secrets = secrets
        self._drawing = drawing

    @property
    def is_drawn(self) -> bool:
        """Whether the run is drawn on a terminal, where somebody sees it."""
        return self._drawing is not None

    def close(self) -> None:
        """Give the terminal back, however the run ended. A second call changes nothing."""
        if self._drawing:
            self._drawing.close()

    @contextmanager
    def aside(self, *, leaving: bool = False) -> Iterator[None]:
        """Give the terminal to the caller for a while. With `leaving`, what we drew stays on the screen."""
        if self._drawing:
            self._drawing.hide(leaving=leaving)
        yield
        if self._drawing:
            self._drawing.show()

    def emit(self, record: Record) -> None:
        safe = cleaned(record, self._secrets)
        for renderer in self._renderers:
            renderer.emit(safe)


def cleaned(value: T, secrets: Secrets) -> T:
    """A copy of a record, or of another value, with every text cleaned and every secret replaced.

    One exception: a `Shown` text is cleaned only. The user asked to see these values of a plan's differences.
    """
    return cast("T", _cleaned(value, secrets.mend))


def _cleaned(value: object, mend: Callable[[str], str]) -> object:
    # A StrEnum is a str, and its text is our own.
    if isinstance(value, Enum):
        return value
    if isinstance(value, Shown):
        return clean(value)
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(each, mend) for each in value)
    if isinstance(value, EcsDeployError):
        return _cleaned_error(value, mend)
    if is_value(value):
        return type(value)(**{name: _cleaned(each, mend) for name, each in members_of(value).items()})
    return value


def _cleaned_error(error: EcsDeployError, mend: Callable[[str], str]) -> EcsDeployError:
    """A copy of the error, of the same type: the type decides the exit code."""
    texts = {name: mend(text) for name, text in vars(error).items() if isinstance(text, str)}
    twin = type(error).__new__(type(error), texts["message"])
    vars(twin).update(vars(error) | texts)
    return twin
