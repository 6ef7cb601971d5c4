"""A folder with the wheel and all it needs, at the pinned releases: what every file with dependencies inside is made of."""

import shutil
from collections.abc import Collection
from pathlib import Path

from tools.dist.workshop import ROOT, Workshop

_OF_THE_INSTALLER = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""They name this machine's paths, and nothing reads them where nothing can be uninstalled."""


def install(workshop: Workshop, wheel: Path, *, strands: bool = False) -> Path:
    """The folder, without what no start of ours reads.

    With `strands` it has the library of the extra `fleet`, whose compiled part fits one Python alone.
    """
    folder, what = workshop.build / ("site-frozen" if strands else "site"), f"{wheel}[fleet]" if strands else wheel
    pins = ROOT / "constraints.txt"
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")
    workshop.run("python", *pip, "--constraint", pins, "--target", folder, what)
    for unread in ("tests", "platform"):
        shutil.rmtree(folder / "greenlet" / unread, ignore_errors=True)
    asked = "from ecsdeploy.aws.loading import SERVICES; print(*SERVICES)"
    prune(folder, workshop.run("python", "-B", "-c", asked, path=folder).split())
    return folder


def prune(folder: Path, services: Collection[str]) -> None:
    """Leave the SDK the models of these services, and none of `endpoints.json`: our loader reads no other.

    MarkupSafe does without its compiled part, which fits one Python alone.
    """
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for each in (folder / "botocore" / "data").iterdir():
        if each.is_dir() and each.name not in services:
            shutil.rmtree(each)
    for unread in (*folder.glob("botocore/data/endpoints.json*"), *folder.glob("botocore/data/*/*/examples-1.json*")):
        unread.unlink()
    for compiled in folder.glob("markupsafe/_speedups.*"):
        compiled.unlink()
    for name in _OF_THE_INSTALLER:
        for each in folder.glob(f"*.dist-info/{name}"):
            each.unlink()
