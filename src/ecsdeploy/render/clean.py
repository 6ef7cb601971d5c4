"""Cleans every text of a record once, at the door, and hides the secrets in it, so that no renderer can forget to."""

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
    """What takes the records of a run, in order: the engine's `Sink`, seen from here."""

    def emit(self, record: Record) -> None: ...


class Region(Protocol):
    """What a renderer holds of a terminal until it is closed; `hide` and `show` lend it to somebody else.

    `leaving`: what it shows stays above.
    """

    def hide(self, *, leaving: bool = False) -> None: ...

    def show(self) -> None: ...

    def close(self) -> None: ...


class Cleaning:
    """Hands each record, cleaned and without `secrets`, to every renderer in turn."""

    def __init__(self, *renderers: Renderer, secrets: Secrets, region: Region | None = None) -> None:
        self._renderers = renderers
        self._secrets = secrets
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
    def aside(self, *, leaving: bool = False) -> Iterator[None]:
        """Meanwhile somebody else has the terminal, with or without what stood there."""
        if self._region:
            self._region.hide(leaving=leaving)
        yield
        if self._region:
            self._region.show()

    def emit(self, record: Record) -> None:
        safe = cleaned(record, self._secrets)
        for renderer in self._renderers:
            renderer.emit(safe)


def cleaned(value: T, secrets: Secrets) -> T:
    """The same record, or other value, with every text in it cleaned and without secrets.

    The one exception are the values of a plan's differences that the user asked to see.
    """
    return cast("T", _cleaned(value, secrets.mend))


def _cleaned(value: object, mend: Callable[[str], str]) -> object:
    # A StrEnum is a text too, and one of ours.
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
    """An error of the same type, which decides the exit code."""
    texts = {name: mend(text) for name, text in vars(error).items() if isinstance(text, str)}
    twin = type(error).__new__(type(error), texts["message"])
    vars(twin).update(vars(error) | texts)
    return twin
