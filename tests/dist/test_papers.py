"""What goes with the files: checksums, what is inside, and under which licence."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from tools.dist import licences, sbom


@pytest.fixture(scope="module")
def packed(pyz: Path) -> dict[str, str]:
    """The Python packages in the zipapp, by what their own metadata says."""
    with zipfile.ZipFile(pyz) as opened:
        folders = {Path(name).parts[1] for name in opened.namelist() if ".dist-info/" in name}
    pairs = (name.removesuffix(".dist-info").rsplit("-", 1) for name in folders)
    return {name.lower().replace("_", "-"): version for name, version in pairs}


def test_every_file_is_in_the_checksums(dist: Path) -> None:
    command = ("sha256sum", "--check", "--strict", "SHA256SUMS")
    done = subprocess.run(command, cwd=dist, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": OK\n") == len(list(dist.iterdir())) - 1 == 7


def test_the_bill_of_materials_has_every_package_that_is_packed(dist: Path, packed: dict[str, str]) -> None:
    listed = json.loads((dist / sbom.NAME).read_text(encoding="utf-8"))
    assert listed["metadata"]["component"]["name"] == "ecsdeploy"
    components = {each["name"].lower().replace("_", "-"): each["version"] for each in listed["components"]}
    assert {name: components.get(name) for name in packed if name != "ecsdeploy"} == {
        name: version for name, version in packed.items() if name != "ecsdeploy"
    }
    assert {"CPython", "PyInstaller's bootloader", "libssl3"} <= {each["name"] for each in listed["components"]}


def test_the_licence_of_every_part_is_there_whole(dist: Path, packed: dict[str, str]) -> None:
    text = (dist / licences.NAME).read_text(encoding="utf-8")
    titles = {line.partition(" ")[0].lower().replace("_", "-") for line in text.splitlines()}
    assert {name for name in packed if name != "ecsdeploy"} <= titles
    for words in ("Apache License", "PYTHON SOFTWARE FOUNDATION LICENSE", "PyInstaller", "OpenSSL"):
        assert words in text
