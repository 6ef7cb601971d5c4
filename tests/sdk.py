"""What lets the SDK be opened in every test at half the price: what it reads in is the same each time.

The files of the SDK are parsed once in a process, and its events are named once. What a session does with them is its
own, as ever.
"""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore import hooks
from botocore.hooks import EventAliaser
from botocore.loaders import JSONFileLoader

from ecsdeploy.aws.loading import _PlainJsonLoader

_DATA = str(Path(botocore.__file__).parent / "data")
_alias_anew = EventAliaser._alias_event_name  # noqa: SLF001 - it has no public name
_takes_names_of_any = hooks.accepts_kwargs
_aliases: dict[str, str] = {}


def _remembering(load: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    known: dict[str, Any] = {}

    def loaded(loader: Any, file_path: str) -> Any:
        if not file_path.startswith(_DATA):
            return load(loader, file_path)
        if file_path not in known:
            known[file_path] = load(loader, file_path)
        return known[file_path]

    return loaded


_LOADING = {loader: _remembering(loader.load_file) for loader in (JSONFileLoader, _PlainJsonLoader)}


def read_once(patch: pytest.MonkeyPatch) -> None:
    """While `patch` lasts, nothing of the SDK's is read in twice."""
    patch.setattr(EventAliaser, "_alias_event_name", _alias)
    patch.setattr(hooks, "accepts_kwargs", _accepts_kwargs)
    for loader, load in _LOADING.items():
        patch.setattr(loader, "load_file", load)


def _alias(events: EventAliaser, name: str) -> str:
    """The SDK's name for one of its events, which is the same in every session."""
    if name not in _aliases:
        _aliases[name] = _alias_anew(events, name)
    return _aliases[name]


def _accepts_kwargs(handler: Any) -> Any:
    """What the SDK asks `inspect` for each of a session's hundreds of handlers."""
    code = getattr(handler, "__code__", None)
    return bool(code.co_flags & inspect.CO_VARKEYWORDS) if code else _takes_names_of_any(handler)
