"""Write the reference pages that are generated from code, or check that they are what the code says.

    python -m tools.generate_docs            writes them
    python -m tools.generate_docs --check    names the pages that differ, exit 1

A page is one function that returns its body; its docstring is the page's title and introduction. `PAGES` says
where it goes and which module it is read from.
"""

import importlib.util
import inspect
import json
import re
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.options.option import Option
from ecsdeploy.model.codes import anchor
from ecsdeploy.render.codes import Explanation
from tools import manifest_schema
from tools.event_schema import events, plan_file, status

ROOT = Path(__file__).parents[1]
NONE = "-"
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A generated page: where it stands, the module it is about, and what turns that module into its body."""

    name: str
    source: str
    body: Callable[[ModuleType], str]

    @property
    def path(self) -> Path:
        return ROOT / self.name

    @property
    def is_due(self) -> bool:
        """Whether its module exists: a page may be registered before the code it is about."""
        return importlib.util.find_spec(self.source) is not None

    @property
    def is_current(self) -> bool:
        return self.path.exists() and self.path.read_text(encoding="utf-8") == self.text()

    def text(self) -> str:
        title, _, introduction = (inspect.getdoc(self.body) or "").partition("\n\n")
        origin = f"<!-- Written by `make docs` from {self.source}; edit that instead. -->"
        return "\n\n".join([title, origin, introduction, self.body(importlib.import_module(self.source))])


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    escaped = [[cell.replace("|", r"\|") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in [header, ["---"] * len(header), *escaped])


def exit_codes(module: ModuleType) -> str:
    """# Exit codes

    A script may rely on these codes. The flag form (`ecs-deploy -c CLUSTER -n SERVICE -i IMAGE`) has those of the bash
    script. Every command has the others, one for each `status` of the result. Three say something else: a mistake of
    ours or a lost report (1), changes that `plan --exit-code` found (2), a mistake of the command line (64).

    If the report of `--junit` or `--report` cannot be written, a line after the verdict says so. In both forms the exit
    code is then 1 instead of 0, or instead of the 2 of `plan`; every other code stays. If outputs or a summary for
    GitHub cannot be written, a warning says so.

    For 24 and 26, `error.type` in the result of `--output json` says what stood in the way: `CredentialsError`,
    `AccessDenied`, `Unreachable`, `Throttled`, `ReplyLost`, `Refused` and [others](output.md).
    """
    return f"## Commands\n\n{_codes(module.ExitCode)}\n## The flag form\n\n{_codes(module.ScriptExit)}"


def _codes(codes: Iterable[Any]) -> str:
    rows = ((str(code.value), f"`{code.name.lower()}`", code.meaning) for code in codes)
    return table(("Code", "Name", "Meaning"), rows)


def scenarios(module: ModuleType) -> str:
    """# Scenarios

    These scenarios ship with the simulator. `ecs-deploy demo NAME` plays one, `ecs-deploy demo --list` lists them.
    """
    folder = Path(str(module.__file__)).parent / "scenarios"
    shipped = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]
    return table(
        ("Scenario", "What happens"),
        ((f"`{scenario['name']}`", scenario["summary"]) for scenario in shipped),
    )


def options(module: ModuleType) -> str:
    """# Options

    The tables list all options. The column *Flag form* is `ecs-deploy -c CLUSTER -n SERVICE -i IMAGE`, the bash
    script's form; the column *deploy* is `ecs-deploy deploy`. A dash means that the form lacks the option.

    The flag form reads the command line and AWS's own variables. Every command also reads each option in the column
    *Setting* from `ecs-deploy.toml`, searched upward from the working directory (`wait-until = "healthy"`), and from a
    variable of the same name (`ECS_DEPLOY_WAIT_UNTIL`). The command line wins over the variable, the variable over the
    file, and in the file an [environment](../how-to/keep-settings-in-a-file.md) over what stands for every run. A
    switch is `true` or `false` there. An option for one run has no setting in the file; the column names its
    variable. If a variable `ECS_DEPLOY_...` is no setting of any command, stderr names it, and the one that you
    probably meant. If you give two values to an option that takes one, a command refuses them; the flag form takes the
    last one, as the script does, and a warning names the others.
    """
    headings = (f"## {group}\n\n{_shared_options(options)}" for group, options in module.groups())
    own = {name: load(name) for name in COMMANDS if name != "deploy"}
    commands = (
        f"## Of `{name}`\n\n{_of_command(command, module.SHARED)}"
        for name, command in own.items()
        if command.options != (VERSION,)
    )
    return "\n".join((*headings, *commands))


def _of_command(command: Command, shared: Sequence[Option]) -> str:
    """A command on a service chooses from those of `deploy`."""
    is_on_service = any(option.key == "service" for option in command.options)
    return _chosen_options(command.options, shared) if is_on_service else _own_options(command.options)


def _shared_options(options: Iterable[Any]) -> str:
    rows = (
        (
            _names(option.spellings, option.metavar),
            _names(sorted(option.names, key=lambda name: name.startswith("--")), option.metavar),
            _setting(option) if option.names else NONE,
            f"{option.help} In the flag form: {option.script_help}" if option.script_help else option.help,
        )
        for option in options
    )
    return table(("Flag form", "deploy", "Setting", "Meaning"), rows)


def _chosen_options(options: Sequence[Any], shared: Sequence[Any]) -> str:
    """Those of `deploy`, by name, or the few that are left out; then its own."""
    has, lacks = ([each for each in shared if (each in options) is there] for there in (True, False))
    some, named = ("All of `deploy` but ", lacks) if len(lacks) <= _FEW else ("Of those of `deploy`: ", has)
    listed = some + ", ".join(f"`{option.names[-1]}`" for option in named)
    own = [option for option in options if option not in shared]
    return f"{textwrap.fill(listed, 118, break_on_hyphens=False)}.\n" + (f"\n{_own_options(own)}" if own else "")


def _own_options(options: Iterable[Any]) -> str:
    rows = ((_names(option.names, option.metavar), _setting(option), option.help) for option in options)
    return table(("Option", "Setting", "Meaning"), rows)


def _names(names: Iterable[str], metavar: str) -> str:
    listed = ", ".join(f"`{name}`" for name in names)
    return f"{listed} `{metavar}`" if listed and metavar else listed or NONE


def _setting(option: Option) -> str:
    name = option.key.replace("_", "-") if option.is_of_every_run else option.variable
    return f"`{name}`" if option.is_setting else NONE


def causes(module: ModuleType) -> str:
    """# Causes

    A cause says why a deployment failed: `Hint` on the screen, `cause.code` in JSON. A run fills in the words in
    capitals. A *permanent* cause stays until somebody changes something. A *transient* cause passes by itself, and the
    tool waits for that. An *unclear* cause counts only when it repeats. The tool compares a text with the rows from top
    to bottom. `ecs-deploy explain CODE` prints a row of this page.
    """
    rows = ((_code(each), each.meaning, each.todo, each.nature, f"[AWS]({each.link})") for each in module.causes())
    return table(("Code", "Meaning", "What to do", "Permanence", "Link"), rows)


def _code(each: Explanation) -> str:
    """The code, which can be linked to."""
    return f'<a id="{anchor(each.code)}"></a>`{each.code}`'


def checks(module: ModuleType) -> str:
    """# Checks

    Every release makes these checks before its first write; `plan` shows the same. An error ends the release, and
    nothing has changed. If AWS does not answer, or a permission is missing, the answer is unknown: this blocks nothing,
    and one note names it. `--no-preflight` leaves out all checks except those marked *always*, which need no read of
    their own. An ellipsis stands for names. `ecs-deploy explain CODE` prints a row of this page.
    """
    rows = ((_code(each), each.nature, each.meaning, each.todo, f"[AWS]({each.link})") for each in module.checks())
    return table(("Code", "Is", "Meaning", "What to do", "Link"), rows)


def warnings(module: ModuleType) -> str:
    """# Warnings

    A run prints a warning and goes on; JSON has it in `warnings`. An ellipsis stands for names. What the tool looks at
    before it writes is in [checks](checks.md). `ecs-deploy explain CODE` prints a row of this page.
    """
    return table(("Code", "Meaning"), ((_code(each), each.meaning) for each in module.warnings()))


def faults(module: ModuleType) -> str:
    """# Faults

    The tables say what can go wrong in a deployment, what the tool then does, and which tests prove it. The name of
    each test has the fault's id. Most tests run the ordinary client against the simulator or a scripted control plane.
    """
    tests = module.named_tests()
    return "\n".join(
        f"## {title}\n\n"
        + table(
            ("Fault", "What happens", "What the tool does", "Tests"),
            ((number, fault, answer, _listed(tests.get(number, ()))) for number, fault, answer in rows),
        )
        for title, rows in module.FAULTS.items()
    )


def _listed(tests: Iterable[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests) or NONE


def rollout(module: ModuleType) -> str:
    """# From the first look to a verdict

    The tool follows a release by looking at the service again and again. This page says what a look may show, and where
    that leads. The drawing is made from the table that the program uses. [Early
    judgement](../explanation/early-judgement.md) says when a deployment cannot succeed any more.
    """
    phases = {each: each.value for each in module.PHASES}
    arrows = (
        (phases[phase], str(getattr(way, "value", way)), trigger.value)
        for trigger, ways in module.TABLE.items()
        for phase, way in ways.items()
    )
    lines = [f"    {start} --> {end}: {trigger}" for start, end, trigger in _merged(arrows)]
    essay = (inspect.getdoc(module) or "").partition("\n\n")[2]
    return "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> starting", *lines, "```", "", essay, ""])


def _merged(arrows: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """One arrow between two states, with all that leads there."""
    found: dict[tuple[str, str], list[str]] = {}
    for start, end, trigger in arrows:
        found.setdefault((start, end), []).append(trigger)
    return [(start, end, ", ".join(triggers)) for (start, end), triggers in found.items()]


def github_action(module: ModuleType) -> str:
    """# Inputs and outputs of the GitHub Action

    The Action takes three sets of inputs; [how to use the Action](../how-to/use-the-github-action.md) says which
    workflow uses which. No input is required by itself. An empty input counts as not given.
    """
    from ruamel.yaml import YAML

    declared = YAML(typ="safe").load(ROOT / "action.yml")
    told = {name: each["description"] for name, each in declared["inputs"].items()}
    vocabularies = {
        "Ours": module.OURS,
        "AWS's own Action": module.OFFICIAL,
        "The bash script's Action": module.SCRIPT,
    }
    inputs = "\n".join(
        f"## {title}\n\n" + table(("Input", "Meaning"), _described(told, names))
        for title, names in vocabularies.items()
    )
    outputs = {name: each["description"] for name, each in declared["outputs"].items()}
    return f"{inputs}\n## Outputs\n\n" + table(("Output", "Meaning"), _described(outputs, tuple(outputs)))


def _described(told: dict[str, str], names: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"`{name}`", text) for name, text in told.items() if name.lower() in names]


def manifest(module: ModuleType) -> str:
    """# The manifest

    These are the keys of `ecs-release.toml`, which `ecs-deploy apply` reads: see [how to release several
    services](../how-to/release-several-services.md). The same may be written as JSON. A key may have `_` in place of
    each `-`. `ecs-deploy schema release` prints the JSON Schema. In every text, `${NAME}` is filled by `--var
    NAME=VALUE`, and `$${NAME}` stands for `${NAME}` itself.
    """
    return manifest_schema.release_page(module, table)


def policies(module: ModuleType) -> str:
    """The policies in the page about IAM, by the heading that they stand under."""
    sections = re.split(r"^## ", (ROOT / "docs/reference/iam.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = {section.partition("\n")[0]: re.findall(r"(?ms)^```json\n(.*?)^```", section) for section in sections}
    statements = {
        heading: [each for block in blocks for each in json.loads(block)["Statement"]]
        for heading, blocks in found.items()
        if blocks
    }
    for heading, *sids in (part for parts in module.NEEDS.values() for part in parts):
        if not {*sids} <= {each["Sid"] for each in statements.get(heading, ())} or heading not in statements:
            raise LookupError(f"{module.__name__} names `{heading}` with {sids}, and the page about IAM has not.")
    return json.dumps(statements, indent=1) + "\n"


def schemas(_module: ModuleType) -> str:
    """The published JSON Schemas, by the names of their files."""
    files = sorted((ROOT / "docs/reference").glob("*.schema.json"))
    found = {file.name.removesuffix(".schema.json"): json.loads(file.read_text(encoding="utf-8")) for file in files}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Page):
    """What the program reads and a page explains: made from the page, so that the two are one."""

    def text(self) -> str:
        return self.body(importlib.import_module(self.source))


PAGES = (
    Table(name="docs/reference/events.schema.json", source="ecsdeploy.model.events", body=events),
    Table(name="docs/reference/plan.schema.json", source="ecsdeploy.cli.files.planfile", body=plan_file),
    Table(
        name="docs/reference/release.schema.json",
        source="ecsdeploy.cli.files.manifest.keys",
        body=manifest_schema.release_schema,
    ),
    Table(name="docs/reference/status.schema.json", source="ecsdeploy.model.report", body=status),
    Table(name="src/ecsdeploy/cli/schemas.json", source="ecsdeploy.cli.commands.schema", body=schemas),
    Table(name="src/ecsdeploy/cli/policies.json", source="ecsdeploy.cli.policies", body=policies),
    Page(name="docs/reference/causes.md", source="ecsdeploy.render.codes", body=causes),
    Page(name="docs/reference/checks.md", source="ecsdeploy.render.codes", body=checks),
    Page(name="docs/reference/exit-codes.md", source="ecsdeploy.cli.exits", body=exit_codes),
    Page(name="docs/reference/faults.md", source="tools.faults", body=faults),
    Page(name="docs/reference/github-action.md", source="action.vocabularies", body=github_action),
    Page(name="docs/reference/manifest.md", source="ecsdeploy.cli.files.manifest.keys", body=manifest),
    Page(name="docs/reference/options.md", source="ecsdeploy.cli.options.table", body=options),
    Page(name="docs/reference/rollout.md", source="ecsdeploy.rollout.machine", body=rollout),
    Page(name="docs/reference/scenarios.md", source="ecsdeploy.sim", body=scenarios),
    Page(name="docs/reference/warnings.md", source="ecsdeploy.render.codes", body=warnings),
)


def main(argv: Sequence[str]) -> int:
    stale = [page for page in PAGES if page.is_due and not page.is_current]
    if "--check" in argv:
        print("".join(f"{page.name} is stale: run `make docs`\n" for page in stale), end="")
        return 1 if stale else 0
    for page in stale:
        page.path.parent.mkdir(parents=True, exist_ok=True)
        page.path.write_text(page.text(), encoding="utf-8")
        print(f"{page.name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
