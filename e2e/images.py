"""Images of a few kilobytes of script and one of busybox, in a registry on loopback: a missing tag is truly missing."""

import io
import tarfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from e2e.process import Daemon, Trouble, ask, run

REGISTRY_PORT = 5999
APP, SIDECAR = "app", "sidecar"
BUSYBOX = Path("/usr/bin/busybox")
RELEASES = tuple(f"v{number}" for number in range(1, 12))
PINNED = f"127.0.0.1:{REGISTRY_PORT}/app@PINNED"
"""Stands for `v2` by its digest, which is known once it has been pushed."""
BROKEN = "broken"
"""This version exits 1 soon after it has started: long enough for the load balancer to send it requests meanwhile."""

SCRIPT = f"""#!/bin/sh
# Answers with the name of its version until it is told to stop; then lets what is under way end.
[ $# -eq 0 ] || exec "$@"
if [ "$VERSION" = {BROKEN} ]; then echo "$VERSION: no settings found, giving up" >&2; sleep 0.2; exit 1; fi
trap 'sleep 0.5; exit 0' TERM
httpd -p 80 -h /www
sleep 1000000 & wait
"""
CONFIG = """version: 0.1
log: {{level: warn}}
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


@contextmanager
def registry(scratch: Path) -> Iterator[None]:
    """Debian's `docker-registry`, keeping its images in the scratch folder."""
    config = scratch / "registry.yml"
    config.write_text(CONFIG.format(folder=scratch / "registry", port=REGISTRY_PORT))
    daemon = Daemon(("docker-registry", "serve", str(config)), scratch / "registry.log")
    with daemon:
        daemon.wait_for(lambda: ask(REGISTRY_PORT, "/v2/")[0] == 200, 10.0)
        yield


def publish(env: Mapping[str, str]) -> dict[str, str]:
    """Import and push everything; each version of the service's image pinned by its digest."""
    _publish(name("v1", SIDECAR), "v1", env)
    versions = (*RELEASES, BROKEN)
    with ThreadPoolExecutor(4) as pool:
        pinned = pool.map(lambda version: _publish(name(version), version, env), versions)
        return dict(zip(versions, pinned, strict=True))


def name(version: str, repository: str = APP) -> str:
    """An image as a task definition names it."""
    return f"127.0.0.1:{REGISTRY_PORT}/{repository}:{version}"


def _publish(image: str, version: str, env: Mapping[str, str]) -> str:
    changes = ('ENTRYPOINT ["/bin/app"]', f"ENV VERSION={version}", "ENV PATH=/bin")
    options = tuple(word for change in changes for word in ("--change", change))
    run(("docker", "import", *options, "-", image), 30.0, env, given=_files(version))
    run(("docker", "push", "--quiet", image), 30.0, env)
    pinned = run(("docker", "image", "inspect", "--format", "{{index .RepoDigests 0}}", image), 30.0, env)
    if "@sha256:" not in pinned:
        raise Trouble(f"The registry gave `{image}` no digest.")
    return pinned


def _files(version: str) -> bytes:
    """The image's whole file system as a tar."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        _add(tar, "bin/busybox", BUSYBOX.read_bytes(), executable=True)
        _add(tar, "bin/app", SCRIPT.encode(), executable=True)
        _add(tar, "www/index.html", version.encode(), executable=False)
        for applet in ("sh", "httpd", "sleep", "echo"):
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return packed.getvalue()


def _add(tar: tarfile.TarFile, path: str, content: bytes, *, executable: bool) -> None:
    entry = tarfile.TarInfo(path)
    entry.size, entry.mode = len(content), 0o755 if executable else 0o644
    tar.addfile(entry, io.BytesIO(content))
