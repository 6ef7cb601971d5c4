"""A step of a workflow, played by the Action's entry in a simulated world."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from action.entry import WHOLE, perform
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.sim import World
from tests.cli.worlds import Played, surroundings


@dataclass(frozen=True)
class Step:
    """What one step said, wrote and did."""

    played: Played
    outputs: Mapping[str, str]

    @property
    def code(self) -> int:
        return self.played.code

    @property
    def said(self) -> str:
        return self.played.said


def step(world: World, folder: Path, inputs: Mapping[str, str], *, whole: bool = False) -> Step:
    """The step with these inputs, as `INPUT_*` or as the one object; all of its files are in `folder`."""
    given = {WHOLE: json.dumps(inputs)} if whole else {f"INPUT_{name.upper()}": text for name, text in inputs.items()}
    files = {"GITHUB_OUTPUT": str(folder / "output"), "GITHUB_WORKSPACE": str(folder), "RUNNER_TEMP": str(folder)}
    around = inside(world, surroundings(folder, {"GITHUB_ACTIONS": "true", **files, **given}))
    code = perform(replace(around, record=None))
    written = folder / "output"
    outputs = written_outputs(written.read_text(encoding="utf-8")) if written.exists() else {}
    stdout, stderr = around.stdout.getvalue(), around.stderr.getvalue()  # type: ignore[attr-defined]
    return Step(Played(code, stdout, stderr, (), world), {name: text for name, text in outputs.items() if text})


def written_outputs(text: str) -> Mapping[str, str]:
    """Each is `name=value`, or `name<<mark`, lines, `mark`.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter
    """
    lines, found = iter(text.splitlines()), dict[str, str]()
    for line in lines:
        name, _, mark = line.partition("<<")
        if mark:
            found[name] = "\n".join(iter(lambda: next(lines), mark))
        else:
            name, _, found_text = line.partition("=")
            found[name] = found_text
    return found
