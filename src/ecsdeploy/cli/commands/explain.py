"""`ecs-deploy explain`: what a code means, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode, ScriptExit
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.render.codes import Explanation
    from ecsdeploy.render.labelled import Labelled
from ecsdeploy.model.nearest import did_you_mean

_LABELS = 10
_HELP = """Say what a code of a run, a plan or the JSON lines means, and what to do about it. Without a code, list them
all. It also explains exit codes. It calls nobody.

After --, it takes a command line of the bash script, and says what the script would have done with it and left unsaid,
and what this tool does.

\b
For example:
  ecs-deploy explain E-CONTAINER-EXIT
  ecs-deploy explain 21
  ecs-deploy explain -- -c prod -n web -i registry.example.com/team/web:2 --enable-rollback
"""


def _explain(given: Given, environment: Environment) -> int:
    words = given.texts("operands")
    if words and words[0].startswith("-"):
        return _explain_flags(words, environment)
    from ecsdeploy.render.codes import explanations
    from ecsdeploy.render.labelled import laid_out
    from ecsdeploy.render.stream import Style

    known, style = explanations(), Style(width=environment.width)
    if asked := [_explained(code, known) for code in given.texts("operands")]:
        environment.show("\n\n".join("\n".join(laid_out(each, style, _LABELS)) for each in asked))
    else:
        width = max(map(len, known))
        environment.show("\n".join(f"{code:<{width}}  {each.meaning}" for code, each in sorted(known.items())))
    return ExitCode.SUCCEEDED


def _explain_flags(words: Sequence[str], environment: Environment) -> int:
    from ecsdeploy.cli.script.explained import differences
    from ecsdeploy.render.labelled import Labelled, laid_out
    from ecsdeploy.render.stream import Style

    style, read = Style(width=environment.width), "docs/reference/differences.md"
    parts = [
        (
            Labelled("Script", each.script),
            Labelled("Here", each.here),
            Labelled("Read", f"{read} {each.number}".rstrip()),
        )
        for each in differences(words)
    ]
    said = "\n\n".join("\n".join(laid_out(part, style, _LABELS)) for part in parts)
    environment.show(said or f"Nothing differs for these options: {read}.")
    return ExitCode.SUCCEEDED


def _explained(code: str, known: Mapping[str, Explanation]) -> tuple[Labelled, ...]:
    if code.upper() in known:
        return tuple(known[code.upper()].labelled())
    if found := tuple(_of_exit_code(code)):
        return found
    hint = did_you_mean(code.upper(), known) or "`ecs-deploy explain` lists the codes."
    raise UsageError(f"`{code}` is not a code of `ecs-deploy`.", hint=hint)


def _of_exit_code(text: str) -> Iterator[Labelled]:
    """What the exit code `text` means for a command and in the flag form; empty if it is no exit code."""
    from ecsdeploy.render.labelled import Labelled

    found = [
        Labelled(label, code.meaning)
        for label, form in (("Command", ExitCode), ("Flag form", ScriptExit))
        for code in form
        if str(code.value) == text
    ]
    if found:
        yield from (Labelled("Exit code", text), *found, Labelled("Read", "docs/reference/exit-codes.md", whole=True))


def _codes() -> Iterable[str]:
    from ecsdeploy.render.codes import explanations

    return explanations()


COMMAND = Command(options=(VERSION,), help=_HELP, perform=_explain, operands=Operands("[CODE]...", _codes))
