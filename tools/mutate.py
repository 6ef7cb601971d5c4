"""Change the code that decides, one small thing at a time, and see whether the unit tests notice.

    python -m tools.mutate rollout plan --jobs 2

Each package is mutated by mutmut in a copy of its own under `build/mutate/`, and judged by that package's unit tests
alone. A second run looks at the code that has changed since the first, and again at what lived: the tests may have
changed. Mutants that live are listed, but for those that `tools/equivalent.toml` names with the reason why no test
could tell them from the original; `mutmut show NAME` in that copy shows what a mutant changes.
"""

import argparse
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
EQUIVALENT = ROOT / "tools" / "equivalent.toml"
PACKAGES: Mapping[str, tuple[str, ...]] = {
    "rollout": ("rollout/*",),
    "plan": ("plan/*",),
    "diagnose": ("diagnose/*",),
    "model": ("model/*",),
    # Of the engine, what decides something; the rest is order and time.
    "engine": tuple(
        f"engine/{name}.py"
        for name in (
            "atpause/keeper", "commands/rollback", "follow/early_judgement", "optional", "patience", "prepare/busy",
            "prepare/history", "prepare/unchanged", "settle/conclude", "settle/interrupt", "settle/prune",
            "settle/stability", "settle/undo", "settle/wayback", "upkeep/refusals", "upkeep/scale", "write/execute",
            "write/lost_reply",
        )
    ),
}  # fmt: skip
"""What is mutated of each package."""
KILLED = frozenset({"killed", "timeout", "segfault", "suspicious", "caught by type check"})
LIVED = frozenset({"survived", "no tests"})
LEAST = 0.95
_COPIED = ("src", "tests", "tools", "bench", "e2e", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "Makefile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The mutants of a package: how many were killed, and which live that no reason explains."""

    package: str
    made: int
    killed: int
    equivalent: int
    alive: tuple[str, ...]
    stale: tuple[str, ...]
    """Explanations of what lives no longer: numbers move when a function changes."""

    @property
    def share(self) -> float:
        counted = self.made - self.equivalent
        return self.killed / counted if counted else 1.0


def mutate(package: str, jobs: int) -> Judged:
    """Run mutmut over a fresh copy, with what it knew of the last one."""
    where = _copy(package)
    known = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")) if EQUIVALENT.exists() else {}
    before = _results(where) if (where / "mutants").exists() else {}
    # Which tests run which function is measured anew, too: functions and tests move.
    (where / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    _mutmut(where, "run", "--max-children", str(jobs))
    lived = [name for name in _alive(_results(where)) if before.get(name) in LIVED]
    if again := _unexplained(lived, known):
        _mutmut(where, "run", "--max-children", str(jobs), *again)
    results = _results(where)
    alive = _alive(results)
    unexplained = _unexplained(alive, known)
    modules = [f"ecsdeploy.{each.removesuffix('.py').replace('/', '.')}.*" for each in PACKAGES[package]]
    ours = [name for name in known if any(fnmatch.fnmatchcase(name, each) for each in modules)]
    return Judged(
        package=package,
        made=len(results),
        killed=len(results) - len(alive),
        equivalent=len(alive) - len(unexplained),
        alive=unexplained,
        stale=tuple(each for each in ours if not fnmatch.filter(alive, each)),
    )


def _mutmut(where: Path, *args: str, told: bool = True) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *args]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    output = None if told else subprocess.PIPE
    done = subprocess.run(command, cwd=where, env=environment, check=True, stdout=output, text=True)  # noqa: S603
    return done.stdout or ""


def _results(where: Path) -> Mapping[str, str]:
    listed = _mutmut(where, "results", "--all", "true", told=False)
    return dict(line.strip().rsplit(": ", 1) for line in listed.splitlines() if ": " in line)


def _alive(results: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name, end in results.items() if end not in KILLED)


def _unexplained(alive: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in alive if not any(fnmatch.fnmatchcase(name, pattern) for pattern in known))


def _copy(package: str) -> Path:
    """mutmut works where it stands, and mutates what its settings name."""
    where = ROOT / "build" / "mutate" / package
    where.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        source, target = ROOT / name, where / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    settings: Mapping[str, object] = {
        "source_paths": ["src"],
        "only_mutate": [f"src/ecsdeploy/{each}" for each in PACKAGES[package]],
        "also_copy": [each for each in _COPIED if each != "src"],
        # Forked from a process that has run no test: what is cached in one that has was not made by the mutant.
        "process_isolation": "forkserver",
        "pytest_add_cli_args_test_selection": [f"tests/unit/{package}"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "--hypothesis-profile=few", "--hypothesis-seed=0"],
    }
    # Lists of plain words are written alike in JSON and in TOML.
    lines = (f"{name} = {json.dumps(value)}" for name, value in settings.items())
    with (where / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(("", "[tool.mutmut]", *lines, "")))
    return where


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.mutate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("packages", nargs="*", choices=[*PACKAGES, []], default=list(PACKAGES), help="which (all)")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (%(default)s)")
    asked = parser.parse_args(argv)
    judged = [mutate(each, asked.jobs) for each in asked.packages]
    for each in judged:
        for name in each.alive:
            print(f"lives: {name}")
        for name in each.stale:
            print(f"explains nothing: {name}")
    for each in judged:
        print(
            f"{each.package}: {each.made} mutants, {each.killed} killed, {each.equivalent} equivalent,"
            f" {len(each.alive)} live: {each.share:.1%}"
        )
    return 0 if all(each.share >= LEAST for each in judged) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
