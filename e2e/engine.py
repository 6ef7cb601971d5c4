"""A Docker engine of our own: data, socket and bridge in the run's scratch folder and namespaces."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from e2e.process import Daemon, Trouble, attempt

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


def _command(folder: Path, driver: str) -> tuple[str, ...]:
    """Containers talk to this host over the bridge alone, so no packet filter is needed."""
    return (
        "dockerd",
        f"--host=unix://{folder}/docker.sock",
        f"--data-root={folder}/data",
        f"--exec-root={folder}/exec",
        f"--pidfile={folder}/dockerd.pid",
        f"--storage-driver={driver}",
        f"--cgroup-parent=/{CGROUP}",
        "--iptables=false",
        "--ip6tables=false",
        "--ip-masq=false",
        "--userland-proxy=false",
    )


def _answers(env: Mapping[str, str]) -> bool:
    return attempt(("docker", "info"), START_SECONDS, env).returncode == 0
