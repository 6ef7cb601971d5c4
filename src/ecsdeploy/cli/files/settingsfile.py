"""Reads `ecs-deploy.toml`: the settings of every run, and those of one environment below `[env.NAME]`."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value

_ENVIRONMENTS = "env"


@value(frozen=True, slots=True)
class Section:
    """A part of the file: its settings as TOML has them, and the environment it is for; an empty one is every one."""

    path: Path
    environment: str
    settings: Mapping[str, object]

    @property
    def head(self) -> str:
        """The section, for messages."""
        return f"`[env.{self.environment}]` in `{self.path}`" if self.environment else f"`{self.path}`"

    def place(self, name: str) -> str:
        """Where the setting `name` stands, for messages."""
        return f"`{name}` in {self.head}"


def read_sections(path: Path) -> tuple[Section, ...]:
    """The sections: first that of every environment, and then one for each. Raises a `UsageError`."""
    parsed = dict(_parsed(path))
    environments = parsed.pop(_ENVIRONMENTS, {})
    if not isinstance(environments, dict):
        raise UsageError(
            f"`env` in `{path}` must hold environments, such as a table `[env.staging]`.",
            hint="A variable of a container is given with `--env` or `env-file`.",
        )
    return (Section(path, "", parsed), *_of_environments(path, environments))


def _of_environments(path: Path, environments: Mapping[str, object]) -> Iterator[Section]:
    for name, settings in environments.items():
        if not (name and isinstance(settings, dict)):
            raise UsageError(
                f"`env.{name}` in `{path}` must be a table of settings: `[env.{name}]`.",
                hint="A variable of a container is given with `--env` or `env-file`.",
            )
        yield Section(path, name, settings)


def _parsed(path: Path) -> Mapping[str, object]:
    try:
        if path.stat().st_mode & stat.S_IWOTH:
            raise UsageError(f"`{path}` can be written by everybody.", hint=f"Run `chmod o-w {path}`.")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"`{path}` is not TOML: {error}.") from None
