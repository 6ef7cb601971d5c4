"""A Docker engine of our own: data, socket and bridge in the run's scratch folder and namespaces."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from e2e.process import Daemon, Trouble, attempt, run

START_SECONDS = 30.0
CGROUP = "ecs-deploy-e2e"
STORAGE_DRIVERS = ("overlay2", "vfs")
"""The first that works: overlays cannot be stacked on every file system."""


@contextmanager
def engine(scratch: Path) -> Iterator[Mapping[str, str]]:
    """Yield the environment that leads a Docker client to the engine."""
    failure = Trouble("No storage driver was tried.")
    for driver in STORAGE_DRIVERS:
        folder = scratch / driver
        env = {**os.environ, "DOCKER_HOST": f"unix://{folder}/docker.sock"}
        folder.mkdir()
        with Daemon(_command(folder, driver), folder / "dockerd.log") as daemon:
            try:
                daemon.wait_for(partial(_answers, env), START_SECONDS)
            except Trouble as trouble:
                failure = trouble
                continue
            yield env
            return
    raise failure


def try_out(env: Mapping[str, str], image: str) -> None:
    """Run one container; `Trouble` with what the engine says where this machine does not let it."""
    run(("docker", "run", "--rm", image, "echo"), START_SECONDS, env)


def _command(folder: Path, driver: str) -> tuple[str, ...]:
    """Containers talk to this host over the bridge alone, so no packet filter is needed.

    They inherit the engine's priority. The emulator sends requests to a task as soon as its container has started, so
    on a busy machine the container must come to listen before the emulator comes to send.
    """
    return (
        *("nice", "-n", "-10"),
        "dockerd",
        f"--host=unix://{folder}/docker.sock",
        f"--data-root={folder}/data",
        f"--exec-root={folder}/exec",
        f"--pidfile={folder}/dockerd.pid",
        f"--storage-driver={driver}",
        "--exec-opt=native.cgroupdriver=cgroupfs",
        f"--cgroup-parent=/{CGROUP}",
        "--iptables=false",
        "--ip6tables=false",
        "--ip-masq=false",
        "--userland-proxy=false",
    )


def _answers(env: Mapping[str, str]) -> bool:
    return attempt(("docker", "info"), START_SECONDS, env).returncode == 0
