"""The world of its own that a run lives in: Debian's packages, and namespaces that end with it.

Everything is started in fresh network, mount and process namespaces. So no port, address, mount or firewall rule of
the machine is used or changed, a Docker engine that runs here is neither asked nor disturbed, and nothing outlives
the run: when its first process ends, the kernel ends the others.
"""

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from e2e import container
from e2e.engine import CGROUP
from e2e.process import POLITE_SECONDS, Trouble, attempt, await_, run

PACKAGES = ("docker.io", "docker-registry", "busybox-static", "util-linux", *container.PACKAGES)
CLIENT = "docker-cli"
"""Newer releases of Debian pack the client by itself."""
NAMESPACES = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
INSTALL_SECONDS = 300.0
WHOLE_RUN_SECONDS = 900.0
"""However a run may hang, it ends."""


def prepare() -> None:
    """Install what is missing of `PACKAGES`; `Trouble` where that cannot be done."""
    if platform.system() != "Linux" or os.geteuid() != 0:
        raise Trouble("A Docker engine of our own needs Linux, and root.")
    if missing := [name for name in PACKAGES if not _is_installed(name)]:
        _install(missing)
    if shutil.which("docker") is None:
        _install([CLIENT])
    if refused := attempt((*NAMESPACES, "true"), 10.0).stderr.strip():
        raise Trouble(f"This machine does not let us make namespaces, which a Docker engine needs: {refused}")


def _install(packages: Sequence[str]) -> None:
    sys.stdout.write(f"Installing {', '.join(packages)} ...\n")
    sys.stdout.flush()
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(("apt-get", "update", "--quiet"), INSTALL_SECONDS, env)
    run(("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages), INSTALL_SECONDS, env)


def _is_installed(package: str) -> bool:
    query = ("dpkg-query", "--show", "--showformat=${db:Status-Status}", package)
    return attempt(query, 10.0).stdout == "installed"


def enter(arguments: Sequence[str]) -> int:
    """Run `python -m e2e` with these arguments in namespaces of its own; its exit code."""
    signal.signal(signal.SIGTERM, _leave)
    with tempfile.TemporaryDirectory(prefix="ecs-deploy-e2e-", ignore_cleanup_errors=True) as scratch:
        again = (sys.executable, "-m", "e2e", *arguments, "--scratch", scratch)
        process = subprocess.Popen((*NAMESPACES, *again))  # noqa: S603 - this package itself
        try:
            return process.wait(WHOLE_RUN_SECONDS)
        except subprocess.TimeoutExpired:
            raise Trouble(f"The run did not end within {WHOLE_RUN_SECONDS:.0f} seconds, and was ended.") from None
        except KeyboardInterrupt:
            # Ctrl-C has reached the run too: it stops what it started.
            return process.wait(POLITE_SECONDS)
        finally:
            process.kill()
            process.wait()
            _forget_cgroups()


def settle() -> None:
    """Inside the namespaces: bring loopback up."""
    run(("busybox", "ip", "link", "set", "lo", "up"), 10.0)


def _forget_cgroups() -> None:
    """What the engine's containers ran in: the one thing that no namespace takes with it."""
    await_(_are_cgroups_gone, 2.0)


def _are_cgroups_gone() -> bool:
    """Remove what is empty: of each container first, then the engine's own."""
    hierarchies = Path("/sys/fs/cgroup")
    ours = (*hierarchies.glob(CGROUP), *hierarchies.glob(f"*/{CGROUP}"))
    for folder in sorted((folder for each in ours for folder in each.glob("**/")), reverse=True):
        with suppress(OSError):
            folder.rmdir()
    return not any(each.exists() for each in ours)


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
