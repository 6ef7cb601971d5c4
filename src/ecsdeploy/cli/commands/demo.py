"""`ecs-deploy demo`: a scenario's deployment, played through the ordinary client in simulated time."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import OPTIONS
from ecsdeploy.cli.showing import showing
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import whole_number
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import replace

DEFAULT_SCENARIO = "good"
DEFAULT_PACE = 20
PASSED_ON = frozenset({"output", "color", "quiet", "verbose", "debug_file", "record"})
_OPTIONS = (
    Option(key="scenario", names=("--scenario",), metavar="FILE|NAME", help="What happens (good)."),
    Option(key="output", names=("--output",), metavar="live|lines|json", help="As in a deploy."),
    *(option for option in OPTIONS if option.key in PASSED_ON - {"output"}),
    Option(key="pace", names=("--pace",), metavar="N", help="Simulated seconds in a second on a terminal (20)."),
    Option(key="list", is_setting=False, names=("--list",), help="List the scenarios that come with the program."),
    Option(key="check", is_setting=False, names=("--check",), help="Compare each scenario with what it expects."),
    VERSION,
)
_NEXT = "Next: `ecs-deploy demo crash-loop` shows a failure explained; `ecs-deploy demo --list` lists the scenarios."
_HELP = """Run a deployment against a simulated AWS, in this process: no account, no network.

It first shows the command line that it runs. The exit code is the deployment's own.

\b
For example:
  ecs-deploy demo --scenario crash-loop
  ecs-deploy demo --check my-scenarios/
"""


def _demo(given: Given, environment: Environment) -> int:
    names = given.texts("operands") or (given.text("scenario") or DEFAULT_SCENARIO,)
    if given.has("list"):
        return _list(environment)
    if given.has("check"):
        from ecsdeploy.cli.play.checking import check_all

        return check_all(names, environment)
    if len(names) > 1:
        raise UsageError("Only one scenario can be played at a time.", hint="`--check` takes several.")
    return _play(names[0], given, environment)


def _list(environment: Environment) -> int:
    from ecsdeploy.sim import load_scenario

    names = tuple(_known())
    width = max(map(len, names), default=0)
    for name in names:
        environment.show(f"{name:<{width}}  {load_scenario(name).summary}")
    return ExitCode.SUCCEEDED


def _play(name: str, given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.main import main
    from ecsdeploy.cli.play.simulated import inside, make_world, open_scenario, played_words, titled

    shown = showing(given, environment)
    scenario = open_scenario(name, environment)
    words, world = (*played_words(scenario), *_passed_on(given)), make_world(scenario)
    paced = environment.stderr_is_terminal and shown.output in {None, "live"}
    if shown.output is None and not (shown.quiet or shown.verbose) and environment.can_redraw:
        words = (*words, "--output", "live")
    pace = whole_number(given, "pace", minimum=1) or DEFAULT_PACE
    environment.tell(titled("A simulation, nothing is sent to AWS", scenario))
    environment.tell(f"$ {shlex.join((environment.argv0, *words))}")
    code = main(words, inside(world, replace(environment, simulated=True), pace=pace if paced else 0))
    if not (given.has("scenario") or given.texts("operands") or shown.quiet):
        environment.tell(_NEXT)
    return code


def _passed_on(given: Given) -> Iterator[str]:
    """The options about how to show a run, as words for the command that we play."""
    for option in _OPTIONS:
        if option.key in PASSED_ON and given.has(option.key):
            yield option.names[-1]
            if not option.is_switch:
                yield given.text(option.key)


def _known() -> Iterable[str]:
    from ecsdeploy.sim import scenario_names, several_names

    return (*scenario_names(), *several_names())


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_demo, operands=Operands("[SCENARIO]...", _known, files=True))
