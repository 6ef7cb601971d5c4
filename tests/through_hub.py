"""Has every run of a command line in a simulated world go through the hub that releases of several services go through.

`pytest -p tests.through_hub` runs a suite of single runs in this way: each must end as it does alone.
"""

from collections.abc import Sequence

import pytest

from ecsdeploy import api
from ecsdeploy.aws import shared
from ecsdeploy.aws.control_plane import AwsControlPlane
from ecsdeploy.aws.shared import SharedSession
from ecsdeploy.cli import main as command_line
from ecsdeploy.cli.environment import Environment
from ecsdeploy.engine.fleet.hub import Hub
from ecsdeploy.model.access import Access
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.values import replace

_PLAYS_ITSELF = ("demo", "sim", "rehearse", "replay", "mcp")
_alone, _connected = command_line._answer, api.connect  # noqa: SLF001 - it is what we stand in for


def _through_hub(words: Sequence[str], environment: Environment) -> int:
    if environment.transport is None or environment.clock is None or environment.tape or words[:1] in _PLAYS_ITSELF:
        return _alone(words, environment)
    hub, ended = Hub(environment.clock), list[int | BaseException]()

    def run() -> None:
        try:
            ended.append(_alone(words, replace(environment, clock=hub)))
        except BaseException as error:  # noqa: BLE001 - it is raised below
            ended.append(error)

    strand = hub.spawn(run)
    hub.on_signal = lambda signal: hub.reach(strand, signal)
    environment.signals.divert = hub.signal
    try:
        hub.run()
    finally:
        environment.signals.divert = None
    (result,) = ended
    if isinstance(result, BaseException):
        raise result
    return result


def _connect(access: Access, **given: object) -> api.Connection:
    hub = given.get("clock")
    if not isinstance(hub, Hub):
        return _connected(access, **given)  # type: ignore[arg-type]
    transport, trace, secrets = given.get("transport"), given.get("trace"), given.get("secrets")
    session = SharedSession(access, transport, trace, secrets or Secrets(), hub)  # type: ignore[arg-type]
    plain = _connected(access, **given)  # type: ignore[arg-type]
    return replace(plain, plane=AwsControlPlane(session, hub.monotonic))


@pytest.fixture(autouse=True)
def _all_through_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "_answer", _through_hub)
    monkeypatch.setattr(api, "connect", _connect)
    # Nobody else asks, so that nothing is waited for.
    monkeypatch.setattr(shared, "GATHER", 0.0)
