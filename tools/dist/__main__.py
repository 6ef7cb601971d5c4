"""Build every file for people into `dist/`, or exit 1 with the reason."""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from tools.dist import bundle, frozen, licences, packages, pyz, sbom, sums
from tools.dist.workshop import ROOT, Trouble, Workshop, open_workshop


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.dist", description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "dist", metavar="FOLDER", help="instead of dist/")
    os.umask(0o022)
    try:
        build(open_workshop(parser.parse_args().into.resolve()))
    except Trouble as trouble:
        print(f"Nothing was built. {trouble}", file=sys.stderr)
        return 1
    return 0


def build(workshop: Workshop) -> None:
    """Each step builds on what the steps before it have left."""
    began = time.monotonic()
    wheel = packages.build(workshop)
    site = bundle.install(workshop, wheel)
    pyz.build(workshop, site)
    site = bundle.install(workshop, wheel, strands=True)
    folder = frozen.build(workshop, site)
    sbom.write(workshop, site)
    shutil.copy(licences.write(workshop, site), folder)
    workshop.run("python", "-m", "tools.manual", folder / "share", path=Path(f"{site}:{ROOT}"))
    frozen.pack(workshop, folder)
    sums.write(workshop.dist)
    for each in sorted(workshop.dist.iterdir()):
        print(f"{each.stat().st_size / 1e6:8.1f} MB  {each.name}")
    as_of = time.strftime("%F %T", time.gmtime(workshop.epoch))
    print(f"Built in {time.monotonic() - began:.0f} s, as of {as_of} UTC.")


if __name__ == "__main__":
    sys.exit(main())
