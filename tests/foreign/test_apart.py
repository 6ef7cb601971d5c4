"""The foreign world shares no code with what it judges: a mistake of ours cannot be in both."""

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
JUDGES = [HERE.parent / "truth" / f"{name}.py" for name in ("exit_codes", "foreign", "second_command")]
"""What decides whether a run in it was told truly: it shares no code with us either."""
WORLD = ("bends", "course", "endpoint", "express", "external", "fronts", "replies", "shapes")
DOORS = {"ecsdeploy.cli.environment", "ecsdeploy.cli.main"}


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return names | {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}


@pytest.mark.parametrize("name", WORLD)
def test_the_world_imports_nothing_of_ours(name: str) -> None:
    ours = {each for each in imported(HERE / f"{name}.py") if each.startswith(("ecsdeploy", "tests", "botocore"))}
    assert {each for each in ours if not each.startswith("tests.foreign")} == set()


@pytest.mark.parametrize("path", [*sorted(HERE.glob("*.py")), *JUDGES], ids=lambda path: path.stem)
def test_runs_begin_at_the_command_line(path: Path) -> None:
    assert {each for each in imported(path) if each.startswith("ecsdeploy")} <= DOORS
