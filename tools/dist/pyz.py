"""`ecs-deploy.pyz`: one file for any Python that is new enough; its first start unpacks and compiles it under `~/.shiv`."""

from pathlib import Path

from tools.dist.workshop import Workshop

_PREAMBLE = Path(__file__).with_name("preamble.py")


def build(workshop: Workshop, site: Path) -> Path:
    target = workshop.dist / "ecs-deploy.pyz"
    options = ("--site-packages", site, "--entry-point", "ecsdeploy.cli.main:entry", "--preamble", _PREAMBLE)
    workshop.run("shiv", *options, "--compile-pyc", "--reproducible", "--output-file", target)
    return target
