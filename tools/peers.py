"""Programs of others, in an environment of their own, on the same release of the SDK as ours."""

import fcntl
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv-peers"
FABFUEL, AWS_CLI = "ecs-deploy==1.17.0", "awscli==1.46.3"
_INSTALLED = PEERS / ".installed"


def install() -> Path:
    """The folder of their commands; what is there already is kept. Processes that ask at once take turns."""
    with PEERS.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return _install()


def _install() -> Path:
    wanted = "\n".join((FABFUEL, AWS_CLI, (ROOT / "constraints.txt").read_text(encoding="utf-8")))
    if not _INSTALLED.exists() or _INSTALLED.read_text(encoding="utf-8") != wanted:
        print(f"Installing {FABFUEL} and {AWS_CLI} into {PEERS.name} ...", flush=True)
        venv.create(PEERS, with_pip=True)
        pins = ("--constraint", str(ROOT / "constraints.txt"))
        subprocess.run([PEERS / "bin" / "pip", "install", "--quiet", *pins, FABFUEL, AWS_CLI], check=True)
        _INSTALLED.write_text(wanted, encoding="utf-8")
    return PEERS / "bin"
