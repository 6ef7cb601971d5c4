"""What the source cannot do to the people who run it: evaluate their input, or call somebody else."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Module, modules, modules_outside

EVALUATIONS = frozenset(
    {"eval", "exec", "compile", "os.system", "os.popen", "pickle.load", "pickle.loads", "marshal.loads"}
)
PROGRAMS = frozenset({"subprocess", "pty", "multiprocessing"})
# Not `urllib.parse`, which only reads addresses.
NETWORK = frozenset({"socket", "ssl", "http", "urllib.request", "urllib3", "requests", "httpx", "smtplib"})


def _evaluations(module: Module) -> Iterator[str]:
    for called, call in module.calls():
        if called in EVALUATIONS or any(keyword.arg == "shell" for keyword in call.keywords):
            yield f"{module.place(call.lineno)} {called}"


def _imports(module: Module, libraries: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                imported = [alias.name for alias in names]
            case ast.ImportFrom(module=str(origin), names=names):
                imported = [f"{origin}.{alias.name}" for alias in names]
            case _:
                continue
        for name in imported:
            if any(f"{name}.".startswith(f"{library}.") for library in libraries):
                yield f"{module.place(node.lineno)} {name}"


def test_nothing_is_evaluated_and_no_shell_is_asked_for() -> None:
    """`--eval-image` starts `/bin/sh -c` as a plain argument list, where a reader of the code sees it."""
    assert [place for module in modules() for place in _evaluations(module)] == []


def test_programs_are_started_by_the_command_substitution_by_exec_and_as_a_smoke_test_alone() -> None:
    others = modules_outside(
        "ecsdeploy.cli.words.substitution", "ecsdeploy.cli.programs", "ecsdeploy.engine.atpause.program"
    )
    assert [place for module in others for place in _imports(module, PROGRAMS)] == []


def test_the_network_is_reached_through_the_sdk_and_where_the_user_says() -> None:
    """No telemetry, no check for updates: there is no code that could."""
    # The command `sim` asks on loopback whether a simulator listens already.
    # `--notify` names whom to tell how a run ended.
    # `exec --forward` binds a port of loopback to see whether it is free, and connects to nothing.
    own = ("ecsdeploy.cli.commands.sim", "ecsdeploy.cli.telling.sending", "ecsdeploy.cli.programs.ports")
    ours = ("ecsdeploy.aws", "ecsdeploy.sim", *own)
    others = modules_outside(*ours)
    assert [place for module in others for place in _imports(module, NETWORK)] == []
