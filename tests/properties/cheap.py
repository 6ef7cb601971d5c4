"""What lets thousands of runs in one process cost no more than their calls and their worlds.

A process reads, opens and names the SDK's things once; that need not be done anew for each run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import ClassVar

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.useragent import UserAgentString

from ecsdeploy.aws import session
from ecsdeploy.aws.sdk import Sdk
from ecsdeploy.aws.wire import Transport
from ecsdeploy.model.access import Access
from ecsdeploy.model.secrets import Secrets
from tests.sdk import read_once


def _sign(auth: SigV4Auth, request: AWSRequest) -> None:
    """Who calls, and no hash: the world wants to know whose keys these are, and has nothing to check them with."""
    scope = f"{auth.credentials.access_key}/20260101/{auth._region_name}/{auth._service_name}/aws4_request"  # noqa: SLF001
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"


class _Sdk(Sdk):
    """The SDK, opened once for each access: reading it in takes as long as a short run."""

    answers: ClassVar[Transport]
    """The transport of the run that is on."""

    def __init__(self, access: Access) -> None:
        super().__init__(access, lambda *request: self.answers(*request), None, Secrets())  # noqa: PLW0108 - answers change
        self.client = cache(super().client)  # type: ignore[method-assign]


_opened = cache(_Sdk)


@contextmanager
def cheaply(transport: Transport) -> Iterator[pytest.MonkeyPatch]:
    """While this lasts, `transport` answers whatever session is opened; more may be patched until then."""
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        patch.setattr(UserAgentString, "to_string", lambda _: "ecs-deploy")
        patch.setattr(SigV4Auth, "add_auth", _sign)
        patch.setattr(session, "Sdk", lambda access, *_: _opened(access))
        patch.setattr(_Sdk, "answers", transport, raising=False)
        yield patch
