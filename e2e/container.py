"""Our image: built from the Dockerfile on Debian's packages before the run, and in it used as others use it.

No registry of images is reachable from everywhere that tests run, so the base is made here: `mmdebstrap` puts Debian's
Python into a folder, and `buildah` builds without a daemon.
"""

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from e2e.process import Trouble, ask, attempt, await_, run

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "e2e" / "image"
PACKAGES = ("buildah", "mmdebstrap")
SUITE, IN_THE_BASE = "bookworm", "python3,python3-venv,ca-certificates"
TOOL, SIMULATOR = "localhost/ecs-deploy", "localhost/ecs-deploy-simulator"
BUILD_SECONDS, ANSWER_SECONDS = 300.0, 60.0
SIMULATOR_PORT = 4599
USER = "65532"
_RELEASE = ("-c", "prod", "-n", "web", "-i", "registry.example.com/team/web:2", "-t", "600")
_BASE = "FROM scratch\nADD base.tar /\n"
_POLICY = '{"default": [{"type": "insecureAcceptAnything"}]}'
"""Whose images are trusted: no other than those that are made here is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must be so of the image; `wrong` says how it is not, given what leads Docker to the engine."""

    name: str
    wrong: Callable[[Mapping[str, str]], str]


def build() -> None:
    """Build both stages, as archives that an engine loads; `Trouble` where that cannot be done."""
    sys.stdout.write("Building the image ...\n")
    sys.stdout.flush()
    shutil.rmtree(FOLDER / "storage", ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (base := FOLDER / "base.tar").exists():
        run(("mmdebstrap", "--quiet", "--variant=minbase", f"--include={IN_THE_BASE}", SUITE, str(base)), BUILD_SECONDS)
    (FOLDER / "Containerfile").write_text(_BASE, encoding="utf-8")
    (FOLDER / "policy.json").write_text(_POLICY, encoding="utf-8")
    _buildah("build", "--tag", "localhost/base", str(FOLDER))
    for stage, name in (("tool", TOOL), ("simulator", SIMULATOR)):
        # The host's own certificates: what stands between it and the package index may sign with another authority.
        trust = ("--volume", "/etc/ssl/certs:/etc/ssl/certs:ro", "--timestamp", _epoch())
        _buildah("build", *trust, "--build-arg", "BASE=localhost/base", "--target", stage, "--tag", name, str(ROOT))
        (FOLDER / f"{stage}.tar").unlink(missing_ok=True)
        _buildah("push", "--quiet", name, f"docker-archive:{FOLDER / stage}.tar:{name}:latest")


def load(docker: Mapping[str, str]) -> None:
    for stage in ("tool", "simulator"):
        run(("docker", "load", "--quiet", "--input", str(FOLDER / f"{stage}.tar")), BUILD_SECONDS, docker)


def _buildah(verb: str, *words: str) -> str:
    storage = ("--root", str(FOLDER / "storage"), "--runroot", str(FOLDER / "run"), "--storage-driver", "vfs")
    policy = ("--signature-policy", str(FOLDER / "policy.json"))
    isolated = ("--isolation", "chroot", "--quiet") if verb == "build" else ()
    return run(("buildah", *storage, verb, *policy, *isolated, *words), BUILD_SECONDS)


def _epoch() -> str:
    return run(("git", "-C", str(ROOT), "log", "-1", "--format=%ct"), 10.0)


def _says_its_version(docker: Mapping[str, str]) -> str:
    from ecsdeploy import __version__

    ways = ((), ("--entrypoint", "/ecs-deploy"), ("--entrypoint", "ecs-deploy"))
    said = [run(("docker", "run", "--rm", *way, TOOL, "--version"), ANSWER_SECONDS, docker) for way in ways]
    return "" if said == [__version__] * len(ways) else f"it said {said}"


def _is_no_root(docker: Mapping[str, str]) -> str:
    said = run(("docker", "run", "--rm", "--entrypoint", "id", TOOL, "-u"), ANSWER_SECONDS, docker)
    return "" if said == USER else f"it runs as user {said}"


def _releases(docker: Mapping[str, str]) -> str:
    return _release_ends(docker, "good", 0, "Service deployment successful.")


def _explains_a_failure(docker: Mapping[str, str]) -> str:
    return _release_ends(docker, "crash-loop", 1, 'Why   container "app" exits 1 about 4 s after start')


def _release_ends(docker: Mapping[str, str], scenario: str, code: int, words: str) -> str:
    """A release by one container to the simulator in another; both on the network of this run."""
    with _simulator(docker, scenario) as variables:
        options = [word for name in variables for word in ("--env", name)]
        command = ("docker", "run", "--rm", "--network", "host", *options, TOOL, *_RELEASE)
        ended = attempt(command, ANSWER_SECONDS, {**docker, **variables})
    said = ended.stdout + ended.stderr
    return "" if ended.returncode == code and words in said else f"it ended with {ended.returncode} and said:\n{said}"


@contextmanager
def _simulator(docker: Mapping[str, str], scenario: str) -> Iterator[Mapping[str, str]]:
    """The simulator's image, serving; yields what leads the AWS SDK to it."""
    from ecsdeploy.sim import environment

    started = ("docker", "run", "--detach", "--rm", "--network", "host", SIMULATOR)
    served = run((*started, "--port", str(SIMULATOR_PORT), "--speed", "30", "--scenario", scenario), 30.0, docker)
    try:
        if not await_(lambda: ask(SIMULATOR_PORT, "/")[0] != 0, ANSWER_SECONDS):
            raise Trouble("The simulator's image does not answer.")
        yield environment(f"http://127.0.0.1:{SIMULATOR_PORT}")
    finally:
        attempt(("docker", "stop", served), ANSWER_SECONDS, docker)


CHECKS = (
    Check(name="image: says its version, also as /ecs-deploy", wrong=_says_its_version),
    Check(name="image: runs without root's rights", wrong=_is_no_root),
    Check(name="image: releases to the simulator's image", wrong=_releases),
    Check(name="image: explains a failure", wrong=_explains_a_failure),
)
"""In the order in which they are made."""


def check(docker: Mapping[str, str], chosen: Sequence[Check]) -> bool:
    """Make the checks, telling each; whether all hold."""
    wrongs = [_told(each, docker) for each in chosen]
    return not any(wrongs)


def _told(each: Check, docker: Mapping[str, str]) -> str:
    began = time.monotonic()
    wrong = each.wrong(docker)
    mark = "FAILED" if wrong else "ok"
    sys.stdout.write(f"{mark:7}{each.name}: {wrong or f'in {time.monotonic() - began:.1f} s'}\n")
    sys.stdout.flush()
    return wrong
