"""The Markdown that the project publishes."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def markdown_files() -> tuple[Path, ...]:
    return (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
