"""`ecs-deploy.cdx.json`: the bill of materials, in CycloneDX 1.6.

`cyclonedx-py` lists the Python packages; what the folder and the single file carry besides is added here.
"""

import json
import platform
from collections.abc import Iterator
from pathlib import Path

from tools.dist import system
from tools.dist.frozen import recorded
from tools.dist.workshop import ROOT, Workshop

NAME = "ecs-deploy.cdx.json"
Json = dict[str, object]
_INSIDE = {"name": "ecs-deploy:inside", "value": "the folder and the single file"}


def write(workshop: Workshop, site: Path) -> None:
    """Put it into `dist`."""
    target = workshop.dist / NAME
    described = ("--pyproject", ROOT / "pyproject.toml", "--output-reproducible", "--output-file", target)
    # -S keeps the packages that build out of the list.
    workshop.run("cyclonedx-py", "environment", "-S", *described, workshop.python, path=site)
    listed = json.loads(target.read_text(encoding="utf-8"))
    listed["components"] = [*listed["components"], *_besides(workshop)]
    target.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")
    workshop.run("python", "-c", _CHECK, target)


_CHECK = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
sys.exit(JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1], encoding="utf-8").read()))
"""


def _besides(workshop: Workshop) -> Iterator[Json]:
    asked = "import platform, PyInstaller; print(platform.python_version(), PyInstaller.__version__)"
    python, pyinstaller = workshop.run("python", "-c", asked).split()
    vendor = platform.freedesktop_os_release()["ID"]
    yield _component("CPython", python, f"pkg:generic/python@{python}")
    yield _component("PyInstaller's bootloader", pyinstaller, f"pkg:pypi/pyinstaller@{pyinstaller}")
    for each in system.packages_of(Path(library.source) for library in recorded(workshop)):
        yield _component(each.name, each.version, f"pkg:deb/{vendor}/{each.name}@{each.version.replace(':', '%3A')}")


def _component(name: str, version: str, purl: str) -> Json:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "properties": [_INSIDE]}
