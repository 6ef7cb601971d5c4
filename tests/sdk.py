"""What lets thousands of runs in one process cost little more than their calls and their worlds.

`read_once` holds for every test: the files of the SDK are parsed once in a process, and its events are named once. What
a session does with them is its own, as ever. With `cheaply`, runs without a network also leave their sessions to those
that come after them, and sign nothing.
"""

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore import hooks
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.hooks import EventAliaser
from botocore.loaders import JSONFileLoader
from botocore.useragent import UserAgentString

from ecsdeploy.aws import session
from ecsdeploy.aws.loading import _PlainJsonLoader
from ecsdeploy.aws.sdk import Sdk
from ecsdeploy.aws.wire import Transport
from ecsdeploy.model.access import Access
from ecsdeploy.model.secrets import Secrets

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


class _Sdk(Sdk):
    """The SDK, opened for one run after another: reading it in takes as long as a short run."""

    answers: Transport
    """The transport of the run that is on."""

    def __init__(self, access: Access) -> None:
        super().__init__(access, lambda *request: self.answers(*request), None, Secrets())  # noqa: PLW0108 - answers change
        self.client = cache(super().client)  # type: ignore[method-assign]


_free: defaultdict[Access, list[_Sdk]] = defaultdict(list)
"""Those that no run has now, by the access that they were opened for."""


@contextmanager
def cheaply() -> Iterator[pytest.MonkeyPatch]:
    """While this lasts, what runs open without a network and a trace is kept; more may be patched until then."""
    taken: list[tuple[Access, _Sdk]] = []

    def opened(access: Access, transport: Transport | None, trace: Callable[[str], None] | None, told: Secrets) -> Sdk:
        if transport is None or trace:
            return Sdk(access, transport, trace, told)
        kept = _free[access].pop() if _free[access] else _Sdk(access)
        kept.answers = transport
        taken.append((access, kept))
        return kept

    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        patch.setattr(UserAgentString, "to_string", lambda _: "ecs-deploy")
        patch.setattr(SigV4Auth, "add_auth", _sign)
        patch.setattr(session, "Sdk", opened)
        yield patch
    for access, kept in taken:
        _free[access].append(kept)


def _sign(auth: SigV4Auth, request: AWSRequest) -> None:
    """Who calls, and no hash: the world wants to know whose keys these are, and has nothing to check them with."""
    scope = f"{auth.credentials.access_key}/20260101/{auth._region_name}/{auth._service_name}/aws4_request"  # noqa: SLF001
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
