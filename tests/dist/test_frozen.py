"""The folder and the single file: how soon they start, what they need, and that they need nothing else."""

import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from ecsdeploy import __version__
from ecsdeploy.cli.commands import COMMANDS
from tests.dist.conftest import Tell
from tests.dist.running import RELEASE, quickest, run
from tools.dist import glibc
from tools.dist.workshop import ROOT

GLIBC = (2, 34)
"""That of Amazon Linux 2023: docs/how-to/install.md promises it."""
CPU_MS, EXPLAINED_SECONDS = 150.0, 30.0
IN_THE_ROOT = "/usr/local/bin/ecs-deploy"


@pytest.fixture(scope="module")
def folder(single: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    unpacked = tmp_path_factory.mktemp("folder")
    with tarfile.open(single.with_suffix(".tar.gz")) as tar:
        tar.extractall(unpacked, filter="data")
    return unpacked / "ecs-deploy"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian without a Python, as a container of its smallest image."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip("a root of Debian's packages is made by root, on Debian")
    subprocess.run((ROOT / "scripts" / "install-mmdebstrap",), check=True)
    made = tmp_path_factory.mktemp("debian") / "root"
    subprocess.run(("mmdebstrap", "--quiet", "--variant=essential", "bookworm", made), check=True)
    assert [*made.glob("usr/bin/python*"), *made.glob("usr/lib/python*")] == []
    return made


@pytest.fixture
def alone(root: Path, single: Path) -> Iterator[Path]:
    """The same with the single file in it, and nothing else of ours."""
    copy = root / IN_THE_ROOT.lstrip("/")
    shutil.copy(single, copy)
    yield root
    copy.unlink()


def _typed_in(root: Path, *words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Our command in that root, on the network of this machine."""
    mount = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
    return run("unshare", "--mount", "sh", "-c", mount, root, IN_THE_ROOT, *words, env=env)


def test_the_folder_has_the_manual_and_what_shells_complete_by(folder: Path) -> None:
    share = folder / "share"
    assert {f"ecs-deploy-{name}.1" for name in COMMANDS} <= {page.name for page in (share / "man" / "man1").iterdir()}
    assert {page.name for page in (share / "completion").iterdir()} == {"ecs-deploy", "_ecs-deploy", "ecs-deploy.fish"}


def test_the_folder_says_its_version_at_once(folder: Path, tell: Tell) -> None:
    assert run(folder / "ecs-deploy", "--version").stdout == f"{__version__}\n"
    start = quickest((folder / "ecs-deploy", "--version"), env=os.environ)
    tell(f"folder: --version takes {start.cpu:.0f} ms of CPU, {start.wall:.0f} ms")
    assert start.cpu <= CPU_MS


def test_the_single_file_says_its_version(single: Path, tell: Tell) -> None:
    assert run(single, "--version").stdout == f"{__version__}\n"
    start = quickest((single, "--version"), env=os.environ)
    tell(f"single file: --version takes {start.cpu:.0f} ms of CPU, {start.wall:.0f} ms")


def test_all_that_is_inside_runs_on_the_promised_glibc(folder: Path) -> None:
    found = {str(each): glibc.newest(each.read_bytes()) for each in folder.rglob("*") if each.is_file()}
    assert {name: version for name, version in found.items() if version > GLIBC} == {}
    assert max(found.values()) == GLIBC


def test_what_a_user_starts_from_it_finds_the_libraries_of_the_system(folder: Path, tmp_path: Path) -> None:
    """The bootloader leads to our own, which a `credential_process` must not get."""
    told = tmp_path / "told"
    config = tmp_path / "config"
    config.write_text(f"[default]\ncredential_process = sh -c 'env > {told}; exit 1'\n", encoding="utf-8")
    env = {**os.environ, "AWS_CONFIG_FILE": str(config), "AWS_REGION": "us-east-1"}
    done = run(folder / "ecs-deploy", *RELEASE, env=env)
    assert done.returncode == 253, done.stderr
    assert "LD_LIBRARY_PATH" not in told.read_text(encoding="utf-8")


def test_the_folder_releases(folder: Path, simulator: Mapping[str, str]) -> None:
    done = run(folder / "ecs-deploy", *RELEASE, env=simulator)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Service deployment successful.\n")


def test_the_folder_releases_what_fits_a_pattern_and_writes_a_junit_file(
    folder: Path, simulator: Mapping[str, str], tmp_path: Path
) -> None:
    report = tmp_path / "junit.xml"
    words = ("deploy", "-c", "prod", "-n", "w*", "--image", RELEASE[5], "--junit", str(report))
    done = run(folder / "ecs-deploy", *words, env=simulator)
    assert done.returncode == 0, done.stderr
    assert '<testcase name="web"' in report.read_text(encoding="utf-8")


def test_the_single_file_alone_in_an_empty_root_releases(alone: Path, simulator: Mapping[str, str]) -> None:
    done = _typed_in(alone, *RELEASE, env=simulator)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Service deployment successful.\n")


def test_from_a_fresh_machine_to_a_failure_explained(root: Path, single: Path, tell: Tell) -> None:
    """One file is copied, and one command typed."""
    began = time.monotonic()
    shutil.copy(single, root / IN_THE_ROOT.lstrip("/"))
    done = _typed_in(root, "demo", "--scenario", "crash-loop")
    seconds = time.monotonic() - began
    tell(f"single file: copied to a fresh root, a failure explained after {seconds:.1f} s")
    assert done.returncode == 1
    assert 'Why   container "app" exits 1 about 4 s after start' in done.stderr
    assert seconds <= EXPLAINED_SECONDS
