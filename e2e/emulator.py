"""MiniStack, the emulator, and microburst, the fault-injecting proxy before it: started, reset, and stopped."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from e2e.process import Daemon, Trouble, ask

PROGRAMS = Path(__file__).parents[1] / ".venv-e2e" / "bin"
GATEWAY_PORT = 4566
PROXY_PORT = 4567
START_SECONDS = 20.0
RESET_SECONDS = 60.0

_JSON = {"Content-Type": "application/json"}

Rule = Mapping[str, object]
"""One of microburst's rules; the first that matches a call decides."""


@contextmanager
def emulator(scratch: Path, docker: Mapping[str, str], *, auth: bool = False) -> Iterator[None]:
    """MiniStack on loopback; with `auth` it enforces IAM policies."""
    env = {
        **docker,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(GATEWAY_PORT),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "AUTH": str(auth).lower(),
        "HOME": str(scratch),
    }
    with Daemon((program("ministack"),), scratch / "ministack.log", env) as daemon:
        daemon.wait_for(lambda: ask(GATEWAY_PORT, "/_ministack/health")[0] == 200, START_SECONDS)
        yield


def reset() -> None:
    """Forget everything, and remove the containers of the case before."""
    status, said = ask(GATEWAY_PORT, "/_ministack/reset", "", seconds=RESET_SECONDS)
    if status != 200:
        raise Trouble(f"The emulator could not be reset: {said}")


@contextmanager
def proxy(scratch: Path) -> Iterator[None]:
    """Microburst between client and emulator; without rules it passes everything on."""
    command = (program("microburst"), f"--upstream=http://127.0.0.1:{GATEWAY_PORT}", f"--port={PROXY_PORT}")
    with Daemon(command, scratch / "microburst.log", os.environ) as daemon:
        daemon.wait_for(lambda: ask(PROXY_PORT, "/_microburst/health")[0] == 200, START_SECONDS)
        _warm_up()
        yield


def inject(rules: Sequence[Rule]) -> None:
    """Replace the proxy's rules."""
    status, said = ask(PROXY_PORT, "/_microburst/rules", json.dumps(list(rules)), _JSON)
    if status != 200:
        raise Trouble(f"The proxy did not take its rules: {said}")


def injected() -> int:
    """How many faults the rules that are set have injected."""
    rules = json.loads(ask(PROXY_PORT, "/_microburst/rules")[1])
    return sum(int(each["fired_count"]) for each in rules)


def _warm_up() -> None:
    """The proxy reads its service models at the first fault, which takes seconds: none of a case's."""
    inject(({"error": {"code": "ThrottlingException"}},))
    signed = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=0"
    called = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListClusters", "Authorization": signed}
    ask(PROXY_PORT, "/", "{}", {"Content-Type": "application/x-amz-json-1.1", **called})
    inject(())


def program(name: str) -> str:
    found = PROGRAMS / name
    if not found.exists():
        raise Trouble(f"`{found}` is missing: `make e2e` installs it.")
    return str(found)
