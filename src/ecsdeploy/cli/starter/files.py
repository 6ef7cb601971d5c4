"""The texts of the files with which a project starts, and how they are written: never over a file that is there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path

from ecsdeploy.cli.words.settings import FILE_NAME
from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import UsageError
from ecsdeploy.model.starter import Starter
from ecsdeploy.model.values import value
from ecsdeploy.render.words import duration

CI = {"github": ".github/workflows/release.yml", "gitlab": ".gitlab-ci.yml"}
"""The file of each CI system that we know."""


@value(frozen=True, slots=True, kw_only=True)
class StarterFile:
    """A file, by its path in the working directory."""

    path: str
    text: str


def paths(ci: str) -> tuple[str, ...]:
    """What `files` makes."""
    return (FILE_NAME, *((CI[ci],) if ci else ()))


def files(starter: Starter, ci: str) -> tuple[StarterFile, ...]:
    """The settings, and the job of the CI system `ci`, if that is not empty."""
    texts = ("\n".join((*_settings(starter), "")), *((_job(starter, ci),) if ci else ()))
    return tuple(StarterFile(path=path, text=text) for path, text in zip(paths(ci), texts, strict=True))


def refuse_existing(names: Iterable[str], cwd: Path) -> None:
    """Raise a `UsageError` if one of the files is there."""
    there = [name for name in names if os.path.lexists(cwd / name)]
    if there:
        named = " and ".join(f"`{name}`" for name in there)
        raise UsageError(
            f"{named} {'is' if len(there) == 1 else 'are'} there already.",
            hint="`--dry-run` prints what would be written, `--overwrite` replaces it. Nothing was written.",
        )


def write(made: Sequence[StarterFile], cwd: Path, *, overwrite: bool) -> None:
    """Write each. Without `overwrite`, one that has appeared meanwhile is a `UsageError`."""
    mode, written = os.O_TRUNC if overwrite else os.O_EXCL, list[str]()

    def opener(name: str, flags: int) -> int:
        # Settings that everybody can write would be refused when they are read.
        return os.open(name, (flags & ~os.O_TRUNC) | os.O_CREAT | mode, 0o644)

    for each in sorted(made, key=lambda each: "/" not in each.path):
        path = cwd / each.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="\n", opener=opener) as file:
                file.write(each.text)
        except OSError as error:
            before = f"{listing(written)} was written." if written else "Nothing was written."
            raise UsageError(f"`{each.path}` cannot be written: {error.strerror}.", hint=before) from None
        written.append(each.path)


def _settings(starter: Starter) -> Iterator[str]:
    place, took = starter.place, starter.took
    yield f"# Settings of ecs-deploy for `{place.service}`. Variables `ECS_DEPLOY_...` and the command line come first."
    for name, text in (
        ("cluster", place.cluster),
        ("service", place.service),
        ("region", place.region),
        ("expect-account", place.account),
    ):
        yield f"{name} = {json.dumps(text)}"
    if took:
        many = f"the longest of the last {len(took)} releases" if len(took) > 1 else "the last release"
        yield f"# {many[0].upper()}{many[1:]} took {duration(max(took))}."
    yield f'timeout = "{starter.timeout.total_seconds() // 60:.0f}m"'
    yield "# What to do if a release fails: rollback, stop or leave."
    yield 'on-failure = "rollback"'


def _job(starter: Starter, ci: str) -> str:
    text = resources.files("ecsdeploy.cli.starter").joinpath(f"{ci}.yml").read_text(encoding="utf-8")
    for name, said in (
        ("service", starter.place.service),
        ("cluster", starter.place.cluster),
        ("region", starter.place.region),
        ("role", starter.role),
        ("repository", starter.repository),
        ("minutes", f"{starter.job_timeout.total_seconds() // 60:.0f}"),
    ):
        text = text.replace(f"<<{name}>>", said)
    return text
