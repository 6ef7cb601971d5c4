"""What no import graph says: who ends the process, who writes to people, who asks the root."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Module, modules, modules_outside

ENDINGS = frozenset({"sys.exit", "os._exit", "os.abort", "exit", "quit", "SystemExit"})
WRITINGS = frozenset({"print", "click.echo", "click.secho", "echo", "secho", "pprint"})
STREAMS = ("sys.stdin", "sys.stdout", "sys.stderr", "sys.__stdin__", "sys.__stdout__", "sys.__stderr__")


def _endings(module: Module) -> Iterator[str]:
    yield from (f"{module.place(call.lineno)} {called}" for called, call in module.calls() if called in ENDINGS)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Raise) and node.exc is not None and ast.unparse(node.exc) == "SystemExit":
            yield f"{module.place(node.lineno)} raise SystemExit"


def test_only_the_main_module_ends_the_process() -> None:
    others = modules_outside("ecsdeploy.cli.main")
    assert [place for module in others for place in _endings(module)] == []


def _writings(module: Module) -> Iterator[str]:
    return (f"{module.place(call.lineno)} {called}" for called, call in module.calls() if called in WRITINGS)


def test_nothing_is_printed_but_by_renderers() -> None:
    """A renderer is given its stream; whoever else has something to say emits an event."""
    others = modules_outside("ecsdeploy.render", "ecsdeploy.cli.main")
    assert [place for module in others for place in _writings(module)] == []


def test_the_process_streams_are_taken_in_one_place() -> None:
    """`cli.environment` holds them as one object that a test replaces; nobody else knows a terminal."""
    others = modules_outside("ecsdeploy.cli.environment", "ecsdeploy.cli.main")
    assert [place for module in others for place in module.mentions(*STREAMS)] == []


def _asks_the_root(module: Module) -> Iterator[str]:
    children = {other.name.split(".")[1] for other in modules() if other.name != "ecsdeploy"}
    for node in ast.walk(module.tree):
        match node:
            case ast.ImportFrom(module="ecsdeploy", names=names):
                asked = {alias.name for alias in names} - {"__version__"} - children
                yield from (f"{module.place(node.lineno)} {name}" for name in sorted(asked))
            case ast.Import(names=names) if any(alias.name == "ecsdeploy" for alias in names):
                yield module.place(node.lineno)
            case _:
                pass


def test_below_the_root_only_its_version_is_asked_for() -> None:
    """The root re-exports the public API: through it, any layer could reach any other unseen."""
    inside = [module for module in modules() if module.name != "ecsdeploy"]
    assert [place for module in inside for place in _asks_the_root(module)] == []
