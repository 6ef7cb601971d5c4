"""The sdist, and the wheel that is built from it: so the sdist can be built from."""

from pathlib import Path

from tools.dist.workshop import ROOT, Workshop


def build(workshop: Workshop) -> Path:
    """Put both into `dist`; the wheel's path."""
    workshop.run("python", "-m", "build", "--no-isolation", "--outdir", workshop.dist, ROOT)
    (wheel,) = workshop.dist.glob("*.whl")
    return wheel
